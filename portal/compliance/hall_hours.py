"""The published hours of halls as a table, on the calendar of each hall's area as it was known on the day itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from portal.compliance import calendars
from portal.compliance.segments import micros
from portal.worktime import Timetable, WorkCalendar, read_office

COLUMNS: Mapping[str, Any] = {"hall": pl.String, "opens": pl.Int64, "closes": pl.Int64}


@dataclass(frozen=True, slots=True)
class Counter:
    """A hall that a channel of the log names: ``base`` its calendar, ``since`` from when hours are asked."""

    hall: str
    hours: str
    base: str
    since: int


def named_halls(frames: Mapping[str, pl.DataFrame], halls: Sequence[Mapping[str, Any]]) -> list[Counter]:
    """Of the catalogue's halls those at which the log's channels can be had: of no other are the hours asked."""
    told = frames.get("channel-changed")
    if told is None or not halls:
        return []
    named = told.filter(pl.col("halls").fill_null("") != "").select("day", pl.col("halls").str.split("|"))
    since = dict(named.explode("halls").group_by("halls").agg(pl.col("day").min()).iter_rows())
    return [
        Counter(
            row["hall"],
            row["hours"],
            calendars.base_under(row["layers"].split("|")),
            since[row["hall"]] - calendars.BEFORE.days,  # what is told to be down may have been so before
        )
        for row in halls
        if row["hall"] in since
    ]


def hall_hours(counters: Sequence[Counter], table: calendars.CalendarTables, last: int, folder: Path) -> pl.DataFrame:
    """hall, opens, closes (µs UTC) of every opening up to the day ``last``; ``folder``: a deployment's own hours."""
    rows: list[tuple[str, int, int]] = []
    for counter in counters:
        timetable = read_office(counter.hours, folder)
        known = pl.col("day").is_between(counter.since, last) & (pl.col("base") == counter.base)
        for day, number in table.editions.filter(known).select("day", "calendar").sort("day").iter_rows():
            spans = _openings(date(1970, 1, 1) + timedelta(day), table.known[number], timetable)
            rows += [(counter.hall, opens, closes) for opens, closes in spans]
    return pl.DataFrame(rows, schema=dict(COLUMNS), orient="row")


def _openings(day: date, calendar: WorkCalendar, timetable: Timetable) -> Iterator[tuple[int, int]]:
    """As the halls reckon them: a working Saturday has Monday's hours, a plain one those the week gives it."""
    if not calendar.first <= day <= calendar.last:
        return
    works = calendar.is_workday(day, provisional=True)
    midnight = datetime.combine(day, time(), timetable.zone)
    for one in timetable.sessions(day, works=works, is_moved=day in calendar.rules):
        yield micros(midnight + timedelta(seconds=one.opens)), micros(midnight + timedelta(seconds=one.closes))
