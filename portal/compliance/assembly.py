"""Makes a log of segments: surrogate numbers, local days, one order in time, and the tables rules look things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from portal import config
from portal.basis import Unit
from portal.compliance import calendars
from portal.compliance.hall_hours import hall_hours, named_halls
from portal.compliance.limits import item_rows, limit_rows, pause_types
from portal.compliance.log import Frame, Log, Moment
from portal.compliance.log.minutes import Openings
from portal.compliance.log.pauses import HANDLING
from portal.compliance.openings import openings
from portal.compliance.receipt import bounded
from portal.compliance.segments import Segments, epoch_day, schema_of
from portal.compliance.subjects import kept_subjects, left_out, subjects_of, with_places
from portal.ledger.kinds import KINDS, Sort

STEP_ROLES = ("applicant", "agent", "system")  # they take no steps in handling a case
# Polars has two ways of computing a plan. The one in memory has a fourth of the fixed cost and is the quicker one of
# both at any size tried, but at ten million events it takes half as much memory again. A parameter of ours.
IN_MEMORY_UP_TO = 2_000_000


@dataclass(frozen=True, slots=True)
class Assembled:
    """A log, its cases (with those left out), and its events: the rows of an event log, else the events made."""

    log: Log
    cases: int
    events: int


def assemble(
    segments: Segments,
    *,
    zone: str,
    limits: Sequence[Mapping[str, Any]] = (),
    halls: Sequence[Mapping[str, Any]] = (),
    as_of: int | None = None,
    opened: tuple[date | None, date | None] = (None, None),
    kinds: Iterable[str] | None = None,
    area: str | None = None,
    item_type: str | None = None,
    base: str | None = None,
    steps: pl.DataFrame | None = None,
) -> Assembled:
    """The log at ``as_of`` (microseconds; its last instant when not given), of subjects opened within ``opened``.

    The segments are used up.

    ``limits`` are the rows of the catalogue (columns of portal.compliance.limits, missing ones empty) and
    ``halls`` its halls (hall, hours, layers); ``area``, ``item_type`` and ``base`` stand for subjects whose item
    version they do not name. ``kinds``: what the source can record at all. ``steps``: subject (name), seq, at,
    resource, group, when they are not the handling events.
    """
    end = _last_instant(segments, steps) if as_of is None else as_of
    if as_of is not None:
        for kind in list(segments):
            segments[kind] = segments[kind].filter(pl.col("at") <= end)
        steps = None if steps is None else steps.filter(pl.col("at") <= end)
    names, frames = _numbered(segments, steps)
    frames = {kind: _local(frame, zone) for kind, frame in frames.items()}
    items = item_rows(limits, base)
    subjects = subjects_of(names, frames, items, area=area, item_type=item_type, base=base)
    keep = kept_subjects(frames, opened)
    outside = subjects.clear().select("name")
    if keep is not None:
        keep = with_places(keep, subjects)
        outside = subjects.join(keep, on="subject", how="anti").select("name")
        frames = {kind: frame.join(keep, on="subject", how="semi") for kind, frame in frames.items()}
        frames = {kind: _of_halls_within(kind, frame, opened) for kind, frame in frames.items()}
        subjects = subjects.join(keep, on="subject", how="semi")
    counted = frames.get(STEPS)
    events = sum(frame.height for frame in frames.values()) if counted is None else counted.height
    out = left_out(frames, names)
    if out is not None:
        frames = {kind: frame.join(out, on="subject", how="anti") for kind, frame in frames.items()}
        marked = out.with_columns(left_out=pl.lit(1, dtype=pl.Int64))
        subjects = (
            subjects.drop("left_out")
            .join(marked, on="subject", how="left")
            .with_columns(pl.col("left_out").fill_null(0))
        )
    log = _log(frames, subjects, limits, outside, halls=halls, zone=zone, end=end, kinds=kinds)
    return Assembled(log, cases=subjects.filter(pl.col("sort") == "case").height, events=events)


def _log(
    frames: dict[str, pl.DataFrame],
    subjects: pl.DataFrame,
    limits: Sequence[Mapping[str, Any]],
    outside: pl.DataFrame,
    *,
    halls: Sequence[Mapping[str, Any]],
    zone: str,
    end: int,
    kinds: Iterable[str] | None,
) -> Log:
    last = _local_days(pl.Series([end]), zone)[0][0]
    held = {kind: frame for kind, frame in frames.items() if frame.height and kind != STEPS}
    first = min([_earliest(frame) for frame in held.values()], default=last)
    counters = named_halls(held, halls)
    bases = subjects["base"].unique().to_list() or [calendars.NATION]
    day = date(1970, 1, 1)
    table = calendars.tables([*bases, *(one.base for one in counters)], day + timedelta(first), day + timedelta(last))
    held = bounded(held, subjects, table, last)
    promised = limit_rows(limits)
    own_steps = frames.get(STEPS)
    return Log(
        frames={kind: _lazy(held[kind]) if kind in held else _nothing(kind) for kind in KINDS},
        subjects=_lazy(subjects),
        outside=_lazy(outside),
        limits=_lazy(promised),
        calendar=_lazy(table.calendar),
        workdays=_lazy(table.workdays),
        months=_lazy(table.months),
        editions=_lazy(table.editions),
        pause_types=_lazy(pause_types(subjects, promised)),
        steps=nw.from_native(_handling_steps(held)) if own_steps is None else _lazy(own_steps),
        openings=_openings(promised, table),
        hall_hours=_lazy(hall_hours(counters, table, last, config.instance_folder() / "offices")),
        as_of=Moment(end, last),
        kinds=frozenset(KINDS if kinds is None else kinds),
        present=frozenset(held),
        clocks=frozenset(promised["clock"].to_list()) | _own_targets(held),
        units=frozenset(promised["unit"].drop_nulls().to_list() + promised["statutory_unit"].drop_nulls().to_list()),
        restarts=frozenset("|".join(promised["restarts_on"].drop_nulls()).split("|")) - {""},
        calendars=table.names,
        settle=_settled_in_memory if sum(frame.height for frame in held.values()) <= IN_MEMORY_UP_TO else _settled,
    )


STEPS = "steps"  # the foreign log's own steps travel among the frames until they are numbered


def _lazy(frame: pl.DataFrame) -> Frame:
    return nw.from_native(frame.lazy())


def _openings(limits: pl.DataFrame, table: calendars.CalendarTables) -> Openings:
    """Of the offices that promise in open minutes, on every calendar of the log."""
    units = pl.col("unit").eq(Unit.WORKING_MINUTE.value) | pl.col("statutory_unit").eq(Unit.WORKING_MINUTE.value)
    offices = limits.filter(units)["office"].unique().to_list()
    spans, slots, days = openings(offices, table, config.instance_folder() / "offices")
    return Openings(spans=_lazy(spans), slots=_lazy(slots), days=_lazy(days))


def _settled(frame: Frame) -> Frame:
    collected: pl.DataFrame = frame.to_native().collect(engine="streaming")
    return _lazy(collected)


def _settled_in_memory(frame: Frame) -> Frame:
    collected: pl.DataFrame = frame.to_native().collect(engine="in-memory")
    return _lazy(collected)


def _last_instant(segments: Segments, steps: pl.DataFrame | None) -> int:
    ends = [frame["at"].max() for frame in [*segments.values(), *([] if steps is None else [steps])] if frame.height]
    return max((int(end) for end in ends if isinstance(end, int)), default=0)


def _earliest(frame: pl.DataFrame) -> int:
    days = [frame["day"].min(), *(frame[name].min() for name in ("counted_from",) if name in frame.columns)]
    return min(day for day in days if isinstance(day, int))


def _numbered(segments: Segments, steps: pl.DataFrame | None) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Number the subjects, and all events in the order of (at, seq); uses the segments up, so that one copy is kept."""
    if steps is not None:
        segments[STEPS] = steps
    parts = {kind: segments.pop(kind) for kind in list(segments)}
    parts = {kind: frame for kind, frame in parts.items() if frame.height}
    if not parts:
        return pl.DataFrame(schema={"name": pl.String, "subject": pl.Int64}), {}
    at = np.concatenate([_order_of(frame).to_numpy() for frame in parts.values()])
    seq = np.concatenate([frame["seq"].to_numpy() for frame in parts.values()])
    order = np.lexsort((seq, at))
    nth = np.empty(len(order), dtype=np.int64)
    nth[order] = np.arange(1, len(order) + 1, dtype=np.int64)
    del at, seq, order
    dictionary = pl.Categorical(pl.Categories.random())  # of this log alone: freed with it
    names, frames, offset = [], {}, 0
    for kind in list(parts):
        frame = parts.pop(kind)
        coded = frame["subject"].cast(dictionary)
        names.append(coded.unique())
        frames[kind] = frame.drop("order_at", strict=False).with_columns(
            subject=coded.to_physical().cast(pl.Int64), nth=pl.Series(nth[offset : offset + frame.height])
        )
        offset += frame.height
    known = pl.concat(names).unique()
    return pl.DataFrame({"subject": known.to_physical().cast(pl.Int64), "name": known.cast(pl.String)}), frames


def _order_of(frame: pl.DataFrame) -> pl.Series:
    """The instant that places an event among others: its own, unless the source knows better."""
    return frame["order_at"] if "order_at" in frame.columns else frame["at"]


def _local_days(at: pl.Series, zone: str) -> tuple[pl.Series, pl.Series]:
    """Local day since the epoch, and local minute of the day, of instants in microseconds."""
    local = at.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    minute = local.dt.hour().cast(pl.Int64) * 60 + local.dt.minute().cast(pl.Int64)
    return local.dt.date().cast(pl.Int32).cast(pl.Int64), minute


def _local(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    day, minute = _local_days(frame["at"], zone)
    return frame.with_columns(day=day, minute=minute)


_DECLARED = ("closure-declared", "closure-withdrawn", "surge-declared")


def _of_halls_within(kind: str, frame: pl.DataFrame, opened: tuple[date | None, date | None]) -> pl.DataFrame:
    """What a hall did counts where it was done in the period; what it declared, always."""
    if kind == STEPS or KINDS[kind].sort is not Sort.HALL or kind in _DECLARED:
        return frame
    first, last = opened
    if first is not None:
        frame = frame.filter(pl.col("day") >= epoch_day(first))
    return frame if last is None else frame.filter(pl.col("day") <= epoch_day(last))


def _own_targets(frames: Mapping[str, pl.DataFrame]) -> frozenset[str]:
    """The clock "target", where at least one case has a promise of its own."""
    received = frames.get("received")
    return frozenset({"target"}) if received is not None and received["target_at"].count() else frozenset()


def _handling_steps(frames: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """Who of which office took each step; the applicant and the system take none, nor does who has no role."""
    parts = [
        frames[kind]
        .lazy()
        .filter(~pl.col("role").is_in(STEP_ROLES))
        .select("subject", "nth", "seq", resource=pl.col("actor"), group=pl.col("office"))
        for kind in HANDLING
        if kind in frames
    ]
    schema = {"subject": pl.Int64, "nth": pl.Int64, "seq": pl.Int64, "resource": pl.String, "group": pl.String}
    return pl.concat(parts) if parts else pl.LazyFrame(schema=schema)


@cache
def _nothing(kind: str) -> Frame:
    """Of most kinds a small log has no event; a frame never changes, so that one empty frame serves every log."""
    schema = schema_of(kind) | {"subject": pl.Int64(), "nth": pl.Int64(), "day": pl.Int64(), "minute": pl.Int64()}
    return _lazy(pl.DataFrame(schema=schema))
