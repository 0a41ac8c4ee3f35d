"""The columns of a thousand random cases against one case after the other in plain Python, day by day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from portal.compliance.log import holders, spans
from portal.worktime import WorkCalendar, national
from tests.compliance.record import EPOCH, event, limit, record, rows

CASES = 1_000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Drawn:
    """One random case: all that decides its clock."""

    start: date
    n: int
    end: date | None
    waits: tuple[tuple[date, date], ...]
    extension: tuple[date, int] | None


def drawn(chance: random.Random) -> Drawn:
    start = date(2019, 1, 2) + timedelta(days=chance.randrange(700))
    waits = []
    for _ in range(chance.choice((0, 0, 1, 2, 4))):
        first = start + timedelta(days=chance.randrange(-3, 40))
        waits.append((first, first + timedelta(days=chance.randrange(12))))
    end = start + timedelta(days=chance.randrange(90)) if chance.random() < 0.8 else None
    extension = (
        (start + timedelta(days=chance.randrange(30)), chance.randrange(1, 12)) if chance.random() < 0.3 else None
    )
    return Drawn(start, chance.choice((0, 1, 3, 5, 10, 20)), end, tuple(waits), extension)


def events_of(number: int, case: Drawn) -> list[dict[str, Any]]:
    own = {"subject": f"case/{number}", "item_version": f"item@{case.n}"}
    told = [event("received", f"{case.start} 10:00", **own)]
    for first, last in case.waits:
        wait: dict[str, Any] = {"actor": "li", "role": "applicant", "from_on": first, "until_on": last}
        told.append(event("wait-requested", f"{case.start} 11:00", **wait, **own))
    if case.extension:
        on, days = case.extension
        lawful: dict[str, Any] = {
            "clock": "feedback",
            "days": days,
            "approved_by": "head",
            "reason": "R",
            "notice_no": "N",
        }
        told.append(event("extended", f"{on} 12:00", **lawful, **own))
    if case.end:
        told.append(event("delivered", f"{case.end} 16:00", **own))
    return told


def is_paused(case: Drawn, day: date) -> bool:
    return any(first <= day <= last for first, last in case.waits)


def begins_in_time(case: Drawn, day: date, known: date) -> bool:
    """Whether the unbroken stretch of paused days around ``day`` begins by then."""
    while is_paused(case, day - DAY):
        day -= DAY
    return day <= known


def due(calendar: WorkCalendar, case: Drawn, n: int, known: date) -> date:
    """Count day by day; a stretch that begins after the end was not known and moves nothing."""
    day, left = case.start, n
    while left:
        day += DAY
        paused = is_paused(case, day) and begins_in_time(case, day, known)
        left -= calendar.is_workday(day, provisional=True) and not paused
    return day


def expected(case: Drawn, as_of: date) -> dict[str, Any]:
    end = case.end or as_of
    calendar = national(known_at=end)
    base = due(calendar, case, case.n, end)
    extra = 0
    if case.extension and case.extension[0] <= min(base, end) and case.extension[1] <= 10:
        extra = case.extension[1]
    due_on = due(calendar, case, case.n + extra, end)
    days = [case.start + timedelta(days=i) for i in range(1, (end - case.start).days + 1)]
    taken = sum(calendar.is_workday(day, provisional=True) and not is_paused(case, day) for day in days)
    return {
        "due_on": (due_on - EPOCH).days,
        "base_due_on": (base - EPOCH).days,
        "taken": taken,
        "overdue": max(taken - case.n - extra, 0),
        "is_late": int(end > due_on),
        "is_open": int(case.end is None),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_random_clocks_agree_with_counting_day_by_day(seed: int) -> None:
    chance = random.Random(seed)
    cases = [drawn(chance) for _ in range(CASES)]
    as_of = date(2021, 6, 30)
    events = [entry for number, case in enumerate(cases) for entry in events_of(number, case)]
    limits = [limit("feedback", n, item_version=f"item@{n}", extension_n=10) for n in {case.n for case in cases}]
    log = record(events, *limits, as_of=f"{as_of} 17:00")
    judged = spans(log, start="received", stop="delivered", limit="feedback")
    names = {row["subject"]: int(row["name"].removeprefix("case/")) for row in rows(log.subjects)}
    found = {names[row["subject"]]: row for row in rows(holders(log, judged))}
    assert len(found) == CASES
    differing = []
    for number, case in enumerate(cases):
        wanted = expected(case, as_of)
        got = {name: found[number][name] for name in wanted}
        if got != wanted:
            differing.append((number, case, got, wanted))
    assert differing == []
    assert all(row["front_desk"] + row["applicant"] == row["taken"] for row in found.values())
