"""The day from which a clock counts, as far as it can be believed."""

from __future__ import annotations

import polars as pl

from portal.compliance.calendars import CalendarTables

# A receipt after closing counts from the next opening: the next working day, or the one after where an office keeps
# days of its own. Our own number; what an event says beyond it would be days given to the office by its own word.
NEXT = 2


def bounded(
    frames: dict[str, pl.DataFrame], subjects: pl.DataFrame, table: CalendarTables, last: int
) -> dict[str, pl.DataFrame]:
    """The frames with no ``counted_from`` later than the second working day after the event; ``last``: today."""
    return {
        kind: _bounded(frame, subjects, table, last) if "counted_from" in frame.columns else frame
        for kind, frame in frames.items()
    }


def _bounded(frame: pl.DataFrame, subjects: pl.DataFrame, table: CalendarTables, last: int) -> pl.DataFrame:
    ahead = frame.filter(pl.col("counted_from") > pl.col("day")).select("nth", "subject", "day")
    if not ahead.height:
        return frame
    bases = subjects.select("subject", "base")
    placed = ahead.join(bases, on="subject")
    # by the calendar known then, or by the one known now if a festival was prolonged meanwhile
    known = pl.concat([placed.with_columns(known_on=pl.min_horizontal("day", pl.lit(last))),
                       placed.with_columns(known_on=pl.lit(last, dtype=pl.Int64))], how="vertical_relaxed")  # fmt: skip
    known = known.join(table.editions.rename({"day": "known_on"}), on=["base", "known_on"])
    known = known.join(table.calendar.select("calendar", "day", "ordinal"), on=["calendar", "day"])
    limits = known.with_columns(ordinal=pl.col("ordinal") + NEXT).join(
        table.workdays.rename({"day": "_latest"}), on=["calendar", "ordinal"]
    )
    limits = limits.group_by("nth").agg(pl.col("_latest").max())
    found = frame.join(limits, on="nth", how="left", maintain_order="left")
    believed = pl.when(pl.col("counted_from") > pl.col("day")).then(pl.min_horizontal("counted_from", "_latest"))
    return found.with_columns(counted_from=believed.otherwise("counted_from")).drop("_latest")
