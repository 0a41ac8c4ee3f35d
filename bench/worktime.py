"""Working time beside its peers, in one run: single calls, columns of a million, and the cost of building the tables.

Every peer gets the full list of rest days, make-up days taken out, so that all answer the same question.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import holidays
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import workclock

from bench.figures import Figure, once, per_call
from portal.basis import WorkingDays
from portal.worktime import OfficeHours, WorkCalendar, due, national, read_office
from portal.worktime.batch import BatchCalendar, BatchHours
from portal.worktime.rules import read_rules
from portal.worktime.timetable import OFFICES

FIRST, DAYS, MINUTES_A_DAY = date(2010, 1, 1), 5_800, 1_440
SINGLE, COLUMN = 5_000, 1_000_000
NANO, MICRO, MILLI = 1e9, 1e6, 1e3
WHOLE_WEEK = "1111111"
Call = Callable[[Any, Any], Any]


def figures() -> Iterator[Figure]:
    calendar = national()
    hours = OfficeHours(calendar, read_office("default"))
    yield from _single_days(calendar)
    yield from _single_minutes(hours)
    yield from _columns(calendar, hours)
    yield from _building(calendar)


def _rest_days(calendar: WorkCalendar) -> list[date]:
    works, _, _ = calendar.tables()
    return [calendar.first + timedelta(number) for number, is_worked in enumerate(works) if not is_worked]


def _single_days(calendar: WorkCalendar) -> Iterator[Figure]:
    chance = random.Random(1)  # noqa: S311 -- the same rows on every run
    adds = [(FIRST + timedelta(chance.randrange(DAYS)), chance.randint(1, 60)) for _ in range(SINGLE)]
    spans = [(start, start + timedelta(chance.randrange(90))) for start, _ in adds]
    rest = _rest_days(calendar)
    week = np.busdaycalendar(weekmask=WHOLE_WEEK, holidays=np.array(rest, "M8[D]"))
    china = holidays.country_holidays("CN", years=range(2004, 2027))
    pandas_day = pd.offsets.CustomBusinessDay
    mask = (True,) * 7

    def polars_add(start: date, n: int) -> Any:
        column = pl.Series([start])
        return column.dt.add_business_days(n, week_mask=mask, holidays=rest, roll="backward")[0]

    def polars_count(start: date, end: date) -> Any:
        one = timedelta(1)
        query = pl.select(pl.business_day_count(start + one, end + one, week_mask=mask, holidays=rest))
        return query.item()

    add_peers: list[tuple[str, Call, int, float | None]] = [
        ("numpy.busday_offset", lambda a, n: np.busday_offset(a, n, roll="backward", busdaycal=week), SINGLE, 10),
        ("holidays get_nth_working_day", china.get_nth_working_day, 300, 300),
        ("chinesecalendar find_workday", lambda a, n: chinese_calendar.find_workday(n, a), 20, None),
        ("pandas CustomBusinessDay", lambda a, n: a + pandas_day(n, calendar=week), 300, None),
        ("polars add_business_days", polars_add, 100, None),
    ]
    count_peers: list[tuple[str, Call, int, float | None]] = [
        ("numpy.busday_count", lambda a, b: np.busday_count(a, b, busdaycal=week), SINGLE, 10),
        ("holidays get_working_days_count", china.get_working_days_count, 300, 300),
        ("chinesecalendar get_workdays", chinese_calendar.get_workdays, 20, None),
        ("polars business_day_count", polars_count, 100, None),
    ]
    yield from _beside("add_workdays, one call", calendar.add_workdays, adds, 1.0, add_peers)
    yield from _beside("workdays_between, one call", calendar.workdays_between, spans, 1.0, count_peers)


def _single_minutes(hours: OfficeHours) -> Iterator[Figure]:
    chance = random.Random(2)  # noqa: S311 -- as above
    begin = datetime.combine(FIRST, time(), UTC)
    starts = [begin + timedelta(minutes=chance.randrange(DAYS * MINUTES_A_DAY)) for _ in range(SINGLE)]
    local = [start.astimezone(hours.zone) for start in starts]
    adds = [(start, chance.randint(1, 9_750)) for start in local]
    spans = [(start, start + timedelta(minutes=chance.randrange(60 * MINUTES_A_DAY))) for start in local]
    peer = _workclock(hours)
    assert all(peer.add(a, minutes=n) == hours.add_minutes(a, n) for a, n in adds[:200])
    assert all(peer.between(a, b) == timedelta(minutes=hours.minutes_between(a, b)) for a, b in spans[:200])
    add_peers: list[tuple[str, Call, int, float | None]] = [
        ("workclock add", lambda a, n: peer.add(a, minutes=n), 500, None)
    ]
    between_peers: list[tuple[str, Call, int, float | None]] = [("workclock between", peer.between, 500, None)]
    yield from _beside("add_minutes, one call", hours.add_minutes, adds, 3.0, add_peers)
    yield from _beside("minutes_between, one call", hours.minutes_between, spans, 3.0, between_peers)
    limits = [(start, WorkingDays(n % 60 + 1)) for start, n in adds]
    cost = per_call(lambda a, limit: due(a, limit, hours), limits, repeat=15)
    yield Figure("due, one call", "a working-day limit, without trace", cost * MICRO, "µs", at_most=2.0)


def _beside(
    group: str,
    ours: Call,
    rows: list[tuple[Any, Any]],
    promise: float,
    peers: list[tuple[str, Call, int, float | None]],
) -> Iterator[Figure]:
    cost = per_call(ours, rows, repeat=15)
    yield Figure(group, "ours", cost * MICRO, "µs", at_most=promise)
    for name, call, size, factor in peers:
        peer = per_call(call, rows[:size], repeat=3)
        yield Figure(group, f"{name}: {peer * MICRO:,.2f} µs, times ours", peer / cost, "×", at_least=factor)


def _columns(calendar: WorkCalendar, hours: OfficeHours) -> Iterator[Figure]:
    chance = np.random.default_rng(3)
    start = np.datetime64(FIRST) + chance.integers(0, DAYS, COLUMN).astype("m8[D]")
    n = chance.integers(1, 61, COLUMN)
    end = start + chance.integers(0, 90, COLUMN).astype("m8[D]")
    moment = np.datetime64(FIRST, "m") + chance.integers(0, DAYS * MINUTES_A_DAY, COLUMN).astype("m8[m]")
    minutes = chance.integers(1, 9_751, COLUMN)
    later = moment + chance.integers(0, 60 * MINUTES_A_DAY, COLUMN).astype("m8[m]")
    days, clock, out = BatchCalendar(calendar), BatchHours(hours), np.empty(COLUMN, np.int64)
    rest = np.array(_rest_days(calendar), "M8[D]")
    week = np.busdaycalendar(weekmask=WHOLE_WEEK, holidays=rest)
    one, mask = np.timedelta64(1, "D"), (True,) * 7
    assert (np.busday_offset(start, n, roll="backward", busdaycal=week) == days.add_workdays(start, n)).all()
    assert (np.busday_count(start + one, end + one, busdaycal=week) == days.workdays_between(start, end)).all()
    frame = pl.DataFrame({"start": start, "n": n, "from": start + one, "to": end + one})
    added = pl.col("start").dt.add_business_days("n", week_mask=mask, holidays=rest.tolist(), roll="backward")
    counted = pl.business_day_count("from", "to", week_mask=mask, holidays=rest.tolist())
    peer, part = _workclock(hours), 20_000
    amounts = minutes[:part].astype("m8[m]")

    group = f"columns of {COLUMN:,}, per element"
    offset = _each(lambda: np.busday_offset(start, n, roll="backward", busdaycal=week), repeat=3)
    count = _each(lambda: np.busday_count(start, end, busdaycal=week), repeat=3)
    ours = _each(lambda: days.add_workdays(start, n, out=out))
    yield Figure(group, "add_workdays", ours, "ns", at_most=15)
    yield Figure(group, f"numpy.busday_offset: {offset:,.0f} ns, times ours", offset / ours, "×", at_least=1)
    yield Figure(group, "polars add_business_days, times ours", _each(lambda: frame.select(added), 3) / ours, "×")
    ours = _each(lambda: days.workdays_between(start, end, out=out))
    yield Figure(group, "workdays_between", ours, "ns", at_most=15)
    yield Figure(group, f"numpy.busday_count: {count:,.0f} ns, times ours", count / ours, "×", at_least=1)
    yield Figure(group, "polars business_day_count, times ours", _each(lambda: frame.select(counted), 3) / ours, "×")
    ours = _each(lambda: clock.add_minutes(moment, minutes, out=out))
    yield Figure(group, "add_minutes", ours, "ns", at_most=40)
    yield Figure(group, f"numpy.busday_offset (days!): {offset:,.0f} ns, times ours", offset / ours, "×", at_least=1)
    cost = once(lambda: peer.add_many(moment[:part], amounts), repeat=3) / part * NANO
    yield Figure(group, f"workclock add_many: {cost:,.0f} ns, times ours", cost / ours, "×")
    ours = _each(lambda: clock.minutes_between(moment, later, out=out))
    yield Figure(group, "minutes_between", ours, "ns", at_most=40)
    cost = once(lambda: peer.between_many(moment[:part], later[:part]), repeat=3) / part * NANO
    yield Figure(group, f"workclock between_many: {cost:,.0f} ns, times ours", cost / ours, "×")
    dates, numbers, add = start.tolist(), n.tolist(), calendar.add_workdays
    seconds = once(lambda: [add(day, k) for day, k in zip(dates, numbers, strict=True)], repeat=3)
    yield Figure(group, "add_workdays without numpy, a million in", seconds, "s", at_most=0.3)


def _building(calendar: WorkCalendar) -> Iterator[Figure]:
    files = sorted((OFFICES.parent / "nation").glob("*.toml"))
    hours = OfficeHours(calendar, read_office("default"))
    first, last, until = calendar.first, calendar.last, calendar.certain_until
    parts = {
        "reading 23 years of notices": once(lambda: [read_rules(path) for path in files]),
        "the calendar": once(lambda: WorkCalendar(calendar.rules, first=first, last=last, certain_until=until)),
        "office hours": once(lambda: OfficeHours(calendar, hours.timetable)),
        "tables for columns": once(lambda: (BatchCalendar(calendar), BatchHours(hours))),
    }
    group = f"building, {calendar.first:%Y} to {calendar.last:%Y}"
    for name, seconds in parts.items():
        yield Figure(group, name, seconds * MILLI, "ms")
    yield Figure(group, "all of it", sum(parts.values()) * MILLI, "ms", at_most=100)


def _workclock(hours: OfficeHours) -> workclock.Schedule:
    """The same office: every day of the week worked but the rest days, with a break at noon."""
    week = list(range(7))
    rules: list[workclock.WorkDay | workclock.Break | workclock.Holidays] = [
        workclock.WorkDay(time(9), time(17), days=week),
        workclock.Break(time(12), time(13, 30), days=week),
        workclock.Holidays(_rest_days(hours.calendar)),
    ]
    return workclock.Schedule(rules, time_zone=hours.zone)


def _each(work: Callable[[], Any], repeat: int = 7) -> float:
    return once(work, repeat=repeat) / COLUMN * NANO
