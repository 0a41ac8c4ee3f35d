"""Office hours as tables, for limits in open minutes: when each office is open, on every calendar of a log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from portal.compliance.calendars import CalendarTables
from portal.compliance.log.minutes import DAY, SECOND, SLOT
from portal.compliance.segments import epoch_day
from portal.worktime import OfficeHours, read_office

GENERAL = "default"  # the hours of an office without hours of its own
SPANS = ("hours", "calendar", "utc_day", "opens", "closes", "before")
SLOTS = ("hours", "calendar", "slot", "opens", "before", "upto", "is_certain")
DAYS = ("hours", "calendar", "day", "served")


def openings(
    offices: Iterable[str | None], table: CalendarTables, folder: Path
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The three frames of :class:`portal.compliance.log.minutes.Openings`; ``folder``: a deployment's own hours."""
    parts = [
        _tables(OfficeHours(calendar, read_office(office or GENERAL, folder)), office or GENERAL, number, table)
        for office in sorted(set(offices), key=str)
        for number, calendar in enumerate(table.known)
    ]
    if not parts:
        return _none(SPANS), _none(SLOTS), _none(DAYS)
    spans, slots, days = zip(*parts, strict=True)
    return pl.concat(spans), pl.concat(slots), pl.concat(days)


def _tables(
    hours: OfficeHours, office: str, calendar: int, table: CalendarTables
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    day = pl.int_range(epoch_day(table.first), epoch_day(table.last) + 2, dtype=pl.Int64, eager=True).alias("day")
    midnight = _midnights(day, hours.zone.key)
    opens, closes, _, certain = (np.array(part, dtype=np.int64) * SECOND for part in hours.tables())
    is_near = (closes > midnight[0]) & (opens < midnight[-1])
    opens, closes = opens[is_near], closes[is_near]
    upto = np.cumsum(closes - opens)
    names = {"hours": pl.lit(office), "calendar": pl.lit(calendar, dtype=pl.Int64)}
    every = pl.DataFrame({"opens": opens, "closes": closes, "before": upto - (closes - opens), "upto": upto})
    every = every.with_columns(is_certain=(pl.col("closes") <= int(certain)).cast(pl.Int64))

    def served(at: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        place = np.searchsorted(opens, at, side="right") - 1
        inside = np.minimum(at, closes[place]) - opens[place] + (upto - (closes - opens))[place]
        result: np.ndarray[tuple[int], np.dtype[np.int64]] = np.where(place >= 0, inside, 0)
        return result

    starts = np.arange(midnight[0] // DAY, midnight[-1] // DAY + 1, dtype=np.int64) * DAY
    whole = pl.DataFrame({"opens": starts, "closes": starts, "before": served(starts), "utc_day": starts // DAY})
    parts = every.with_columns(utc_day=pl.int_ranges(pl.col("opens") // DAY, (pl.col("closes") - 1) // DAY + 1))
    spans = pl.concat([whole, parts.explode("utc_day").select(whole.columns)])
    slots = every.with_columns(slot=pl.int_ranges(pl.col("before") // SLOT, (pl.col("upto") - 1) // SLOT + 1))
    days = pl.DataFrame({"day": day, "served": served(midnight)})
    return (
        spans.with_columns(**names).select(SPANS),
        slots.explode("slot").with_columns(**names).select(SLOTS),
        days.with_columns(**names).select(DAYS),
    )


def _none(columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.Int64) | {"hours": pl.String})


def _midnights(day: pl.Series, zone: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    local = day.cast(pl.Int32).cast(pl.Date).cast(pl.Datetime("us"))
    placed = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="raise")
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = placed.cast(pl.Int64).to_numpy()
    return found
