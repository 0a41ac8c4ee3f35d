"""What is known of each subject of a log: whose, of what matter and item, whether it falls in the period and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from portal.compliance import calendars
from portal.compliance.log.pauses import HANDS
from portal.compliance.segments import epoch_day
from portal.ledger.kinds import KINDS

_OPENERS = ("submitted", "received", "inquired", "inquiry-answered")
_FACTS: Mapping[str, tuple[str, ...]] = {
    "applicant": ("submitted", "inquired"),
    "matter": ("submitted", "inquired"),
    "situation": ("submitted",),
    "item_version": (*_OPENERS, *(kind for kind in KINDS if kind not in _OPENERS)),
}


def subjects_of(
    numbers: pl.DataFrame, frames: Mapping[str, pl.DataFrame], items: pl.DataFrame, **default: str | None
) -> pl.DataFrame:
    """What is known of each subject: whose, of what matter, of which pinned item version, where."""
    found = numbers.with_columns(sort=pl.col("name").str.split("/").list.first())
    for column, kinds in _FACTS.items():
        found = found.join(_first_known(frames, column, kinds, numbers.height), on="subject", how="left")
    found = found.join(items, on="item_version", how="left")
    found = found.with_columns(
        item=pl.coalesce("item", pl.col("item_version").str.split("@").list.first()),
        item_type=pl.coalesce("item_type", pl.lit(default["item_type"], dtype=pl.String)),
        area=pl.coalesce("area", pl.lit(default["area"], dtype=pl.String)),
        left_out=pl.lit(0, dtype=pl.Int64),
    )
    own = pl.lit(default["base"], dtype=pl.String)
    bases = {area: calendars.base_of(area) for area in found["area"].unique().to_list()}
    by_area = pl.col("area").replace_strict(bases, default=calendars.NATION, return_dtype=pl.String)
    return found.with_columns(base=pl.coalesce("base", own, by_area.fill_null(calendars.NATION)))


def _first_known(frames: Mapping[str, pl.DataFrame], column: str, kinds: Iterable[str], wanted: int) -> pl.DataFrame:
    """Per subject the first value of a column, looked for kind by kind until every subject has one."""
    known = pl.DataFrame(schema={"subject": pl.Int64, column: pl.String})
    for kind in kinds:
        if known.height == wanted:
            break
        if kind in frames and column in frames[kind].columns:
            rows = frames[kind].filter(pl.col(column).is_not_null()).select("subject", "nth", column)
            if known.height:
                rows = rows.join(known, on="subject", how="anti")
            firsts = rows.group_by("subject").agg(pl.col("nth").min()).drop("subject")
            known = pl.concat([known, rows.join(firsts, on="nth", how="semi").drop("nth")])
    return known


def kept_subjects(frames: Mapping[str, pl.DataFrame], opened: tuple[date | None, date | None]) -> pl.DataFrame | None:
    """Subjects whose first event falls on a local day of the period; None when there is no period."""
    first, last = opened
    if first is None and last is None:
        return None
    days = pl.concat([frame.select("subject", "day") for frame in frames.values()])
    begun = days.group_by("subject").agg(pl.col("day").min())
    if first is not None:
        begun = begun.filter(pl.col("day") >= epoch_day(first))
    if last is not None:
        begun = begun.filter(pl.col("day") <= epoch_day(last))
    return begun.select("subject")


def with_places(keep: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """What an office or a hall declared counts in every period: it excuses acts. Neither ever began, or ends."""
    return pl.concat([keep, subjects.filter(pl.col("sort").is_in(["office", "hall"])).select("subject")]).unique()


def left_out(frames: Mapping[str, pl.DataFrame], names: pl.DataFrame) -> pl.DataFrame | None:
    """Subjects marked as a test or a duplicate by somebody who did not handle them; None when there is no mark."""
    marks = [frames["marked-test"].select("subject", "actor")] if "marked-test" in frames else []
    if "marked-duplicate" in frames:
        marks.append(_duplicates(frames["marked-duplicate"], names))
    if not marks:
        return None
    marked = pl.concat(marks)
    handled = pl.concat(
        [frames[kind].select("subject", "actor") for kind in HANDS if kind in frames] or [marked.clear()]
    )
    handled = handled.join(marked, on=["subject", "actor"], how="semi").unique()
    return marked.join(handled, on=["subject", "actor"], how="anti").select("subject").unique()


def _duplicates(marks: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Marks by which something remains: none is its own duplicate, nor are two each other's."""
    numbers = names.with_columns(name=pl.col("name").str.split("/").list.last())
    known = pl.concat([names, numbers.select(names.columns)]).unique().rename({"name": "of", "subject": "original"})
    pairs = marks.select("subject", "actor", "of").join(known, on="of", how="left")
    back = pairs.select(subject="original", original="subject").unique()
    return pairs.join(back, on=["subject", "original"], how="anti").select("subject", "actor")
