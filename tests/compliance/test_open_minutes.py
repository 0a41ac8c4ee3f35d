"""A limit in open minutes runs only while the office's door is open: the same moment that its clock shows."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from portal.compliance.engine import judge, rows_of
from portal.compliance.engines import on_engine
from portal.compliance.log import Log, spans
from portal.compliance.registry import all_rules
from portal.worktime import OfficeHours, WorkCalendar, national, read_office
from tests.compliance.record import at, event, limit, record

HALL = (
    'timezone = "Asia/Shanghai"\n[week]\n"1-5" = [["08:30", "12:00"], ["13:30", "17:30"]]\n"6" = [["09:00", "12:00"]]\n'
)
V08 = [rule for rule in all_rules() if rule.code == "V08"]


@pytest.fixture(autouse=True)
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hours of its own for the office "hall": a lunch break, and a Saturday morning."""
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    (tmp_path / "offices").mkdir()
    (tmp_path / "offices" / "hall.toml").write_text(HALL)
    return tmp_path


def promise(n: int, office: str = "hall") -> dict[str, Any]:
    return limit("feedback", n, "working-minute", office=office, has_source=1)


def spanned(log: Log, engine: str = "polars") -> list[dict[str, Any]]:
    with on_engine(log, engine) as there:
        rows = rows_of(spans(there, start="received", stop="delivered", limit="feedback"))
    return sorted(rows, key=lambda row: row["subject"])


@pytest.mark.parametrize(
    ("received", "delivered", "n", "due", "taken"),
    [
        ("Monday 2020-09-14 10:00", "Monday 2020-09-14 11:30", 60, "Monday 2020-09-14 11:00", 90),
        ("Monday 2020-09-14 11:30", "Monday 2020-09-14 14:10", 60, "Monday 2020-09-14 14:00", 70),
        ("Monday 2020-09-14 16:30", "Tuesday 2020-09-15 08:30", 60, "Monday 2020-09-14 17:30", 60),  # at closing
        ("Friday 2020-09-18 17:00", "Monday 2020-09-21 09:00", 60, "Saturday 2020-09-19 09:30", 240),
        ("Wednesday 2020-09-30 17:00", "Friday 2020-10-09 09:00", 60, "Friday 2020-10-09 09:00", 60),  # a holiday
    ],
)
def test_only_the_time_in_which_the_door_is_open_counts(
    received: str, delivered: str, n: int, due: str, taken: int
) -> None:
    (row,) = spanned(record([event("received", received), event("delivered", delivered)], promise(n)))
    assert datetime.fromtimestamp(row["due_at"] / 1_000_000, UTC) == at(due)
    assert (row["taken"], row["allowed"], row["is_certain"]) == (taken, n, 1)
    assert row["is_late"] == int(at(delivered) > at(due))


def test_the_rule_for_results_judges_such_a_promise() -> None:
    told = [event("received", "Monday 2020-09-14 10:00"), event("delivered", "Monday 2020-09-14 11:30")]
    (finding,) = judge(record(told, promise(60)), V08).findings
    assert (finding.numbers["taken"], finding.numbers["allowed"], finding.numbers["overdue"]) == (90, 60, 30)
    assert not judge(record(told, promise(90)), V08).findings


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_due_moments_and_minutes_equal_those_of_the_clock_of_the_case(deployment: Path, engine: str) -> None:
    """Five hundred cases drawn at random, half of them paused, two offices; seconds and holidays among them."""
    chance = random.Random(7)
    events, expected = [], []
    for number in range(500):
        office, n = chance.choice(("hall", "elsewhere")), chance.choice((1, 30, 240, 600, 4000))
        start = at("2020-01-02 00:00") + timedelta(seconds=chance.randrange(300 * 86_400))
        end = start + timedelta(seconds=chance.randrange(20 * 86_400))
        paused = (
            sorted(start.date() + timedelta(chance.randrange(9)) for _ in range(2)) if chance.random() < 0.5 else []
        )
        expected.append(_by_the_clock(deployment, office, n, start, end, paused))
        version = f"{office}-{n}@1"
        named = {"subject": f"case/{number:04}", "item_version": version}
        told = [event("received", "2020-01-02 00:00", **named), event("delivered", "2020-01-02 00:00", **named)]
        told[0]["occurred_at"], told[1]["occurred_at"] = start, end
        if paused:
            wait = {"from_on": paused[0].isoformat(), "until_on": paused[1].isoformat()}
            told.insert(1, event("wait-requested", "2020-01-02 00:00", actor="a", role="applicant", **named, **wait))
            told[1]["occurred_at"] = start
        events += told
    limits = [
        {**promise(n, office), "item_version": f"{office}-{n}@1"}
        for office in ("hall", "elsewhere")
        for n in (1, 30, 240, 600, 4000)
    ]
    log = record(events, *limits, as_of="2020-12-31 00:00")
    names = {row["subject"]: row["name"] for row in rows_of(log.subjects)}
    found = sorted((names[row["subject"]], row["due_at"], row["taken"], row["is_late"]) for row in spanned(log, engine))
    assert [entry[1:] for entry in found] == expected


def _by_the_clock(
    folder: Path, office: str, n: int, start: datetime, end: datetime, paused: list[date]
) -> tuple[int, int, int]:
    hours = _hours(national(end.date()), office, folder / "offices")
    pauses = []
    if paused and paused[0] <= end.date():  # what begins behind the end stopped nothing
        first, after = (datetime.combine(day, time(), start.tzinfo) for day in (paused[0], paused[1] + timedelta(1)))
        pauses = [(max(first, start), after)] if after > start else []
    due = hours.add_minutes(start, n, pauses=pauses, provisional=True)
    taken = hours.minutes_between(start, end, pauses=pauses, provisional=True)
    return int(due.timestamp() * 1_000_000), taken, int(end > due)


@cache
def _hours(calendar: WorkCalendar, office: str, folder: Path) -> OfficeHours:
    return OfficeHours(calendar, read_office(office, folder))
