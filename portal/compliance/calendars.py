"""Calendars as tables: every day of the log's span, in every edition that was known in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from portal import config
from portal.basis import N_, Refusal
from portal.compliance.segments import epoch_day
from portal.worktime import WorkCalendar, editions, plain, regional

# How far behind the last moment due dates are computed; our own number, beyond it a due date stays unknown.
AHEAD = timedelta(days=800)
BEFORE = timedelta(days=40)
EVERY_DAY = frozenset(range(1, 8))
NATION = "cn"


class CalendarUnknown(Refusal):
    """The mapping or the catalogue names a calendar that nobody has."""


@dataclass(frozen=True, slots=True)
class CalendarTables:
    """Columns as in :class:`portal.compliance.log.Log`; ``names`` gives each calendar's version, ``known`` itself."""

    calendar: pl.DataFrame
    workdays: pl.DataFrame
    months: pl.DataFrame
    editions: pl.DataFrame
    names: dict[int, str]
    known: list[WorkCalendar]
    first: date
    last: date


def base_of(area: str | None) -> str:
    """The calendar of an area: the nation's, or ``cn`` and the areas that have a layer of their own."""
    if not area or not area.isdigit():
        return NATION
    return base_under(dict.fromkeys((area[:2] + "0000", area[:4] + "00", area)))


def base_under(layers: Iterable[str]) -> str:
    """The nation's calendar under those layers that change anything, the widest first."""
    nation = regional([]).version
    return "+".join([NATION, *(layer for layer in layers if regional([layer], folder=_folder()).version != nation)])


def _folder() -> Path:
    """Where a deployment keeps the calendars of its areas and offices."""
    return config.instance_folder() / "areas"


def tables(bases: Iterable[str], first: date, last: date) -> CalendarTables:
    """Tables from ``first`` to ``last``, some days more on both sides.

    :raises CalendarUnknown: a base is not ``cn`` (with areas), ``weekdays`` or ``none``.
    """
    begin, end = first - BEFORE, last + AHEAD
    known: dict[str, int] = {}
    calendars: list[WorkCalendar] = []
    edition_rows: list[pl.DataFrame] = []
    for base in sorted(set(bases)):
        changes = _editions(base, begin, last, end)
        for (known_from, calendar), until in zip(changes, [*(day for day, _ in changes[1:]), None], strict=True):
            number = known.setdefault(calendar.version, len(known))
            if number == len(calendars):
                calendars.append(calendar)
            edition_rows.append(_known_days(base, number, known_from, until or last + timedelta(1)))
    parts = [_days(number, calendar, begin, end) for number, calendar in enumerate(calendars)]
    days = pl.concat(parts)
    return CalendarTables(
        calendar=days,
        workdays=days.filter(pl.col("works") == 1).select("calendar", "ordinal", "day"),
        months=_months(begin, end),
        editions=pl.concat(edition_rows),
        names={number: version for version, number in known.items()},
        known=calendars,
        first=begin,
        last=end,
    )


def _editions(base: str, begin: date, last: date, end: date) -> list[tuple[date, WorkCalendar]]:
    if base == "weekdays":
        return [(begin, plain(begin, end))]
    if base == "none":
        return [(begin, plain(begin, end, week=EVERY_DAY))]
    nation, *areas = base.split("+")
    if nation != NATION:
        raise CalendarUnknown(
            N_("There is no calendar %(name)s; write cn, weekdays or none."), values={"name": base}, field="calendar"
        )
    return editions(begin, last, areas, folder=_folder())


def _known_days(base: str, number: int, known_from: date, until: date) -> pl.DataFrame:
    days = pl.int_range(epoch_day(known_from), epoch_day(until), dtype=pl.Int64, eager=True).alias("day")
    return days.to_frame().with_columns(base=pl.lit(base), calendar=pl.lit(number, dtype=pl.Int64))


def _days(number: int, calendar: WorkCalendar, begin: date, end: date) -> pl.DataFrame:
    """The days that this calendar has at all; before and behind them nothing is known."""
    works, counted, _ = calendar.tables()
    first, last = max(begin, calendar.first), min(end, calendar.last)
    if first > last:
        return pl.DataFrame(schema=dict.fromkeys(_DAY_COLUMNS, pl.Int64))
    skip, length = (first - calendar.first).days, (last - first).days + 1
    day = pl.int_range(epoch_day(first), epoch_day(last) + 1, dtype=pl.Int64, eager=True)
    local = day.cast(pl.Int32).cast(pl.Date)
    return pl.DataFrame(
        {
            "calendar": pl.repeat(number, length, dtype=pl.Int64, eager=True),
            "day": day,
            "works": pl.Series(list(works[skip : skip + length]), dtype=pl.Int64),
            "ordinal": pl.Series(counted[skip + 1 : skip + 1 + length], dtype=pl.Int64),
            "is_certain": (day <= epoch_day(calendar.certain_until)).cast(pl.Int64),
            "month": local.dt.year().cast(pl.Int64) * 12 + local.dt.month().cast(pl.Int64),
            "dom": local.dt.day().cast(pl.Int64),
        }
    )


_DAY_COLUMNS = ("calendar", "day", "works", "ordinal", "is_certain", "month", "dom")


def _months(begin: date, end: date) -> pl.DataFrame:
    """month (year · 12 + month), the day it begins on, its length."""
    starts = pl.date_range(begin.replace(day=1), end, interval="1mo", eager=True)
    return pl.DataFrame(
        {
            "month": starts.dt.year().cast(pl.Int64) * 12 + starts.dt.month().cast(pl.Int64),
            "first_on": starts.cast(pl.Int32).cast(pl.Int64),
            "length": starts.dt.month_end().dt.day().cast(pl.Int64),
        }
    )
