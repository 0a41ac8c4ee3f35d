"""Thousands of random queries to `portal worktime`, each answered a second time by walking days or minutes."""

from __future__ import annotations

import calendar as months
import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.worktime.lines import answers
from tests.worktime.oracle import DAY, OpenMinutes, Oracle

NATION = {
    "timezone": "Asia/Shanghai",
    "base": "cn",
    "week": {"1-5": [["09:00", "12:00"], ["13:30", "17:00"]]},
}
Case = tuple[dict[str, Any], Any]


def asked(queries: list[dict[str, Any]]) -> list[Any]:
    lines = [json.dumps(query).encode() for query in queries]
    replies = [json.loads(line) for line in answers(lines)]
    assert [reply["id"] for reply in replies] == [query["id"] for query in queries]
    return [reply.get("result", reply) for reply in replies]


def check(cases: list[Case]) -> None:
    queries = [{"id": number, **query} for number, (query, _) in enumerate(cases)]
    wrong = [
        (query, found, expected)
        for query, found, (_, expected) in zip(queries, asked(queries), cases, strict=True)
        if found != expected
    ]
    assert wrong == []


def random_sessions(chance: random.Random) -> list[list[str]]:
    if chance.random() < 0.15:
        return [["00:00", "24:00"]]
    edges = sorted(chance.sample(range(1441), 2 * chance.randint(1, 3)))
    texts = [f"{edge // 60:02}:{edge % 60:02}" for edge in edges]
    return [list(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]


def random_day(chance: random.Random, first: date, days: int) -> date:
    return first + chance.randrange(days) * DAY


def random_calendar(chance: random.Random, zone: str, first: date, days: int) -> dict[str, Any]:
    week = {chance.choice(["1-5", "1-6", "1,2,4-5", "1-4"]): random_sessions(chance)}
    if chance.random() < 0.3:
        week["7"] = random_sessions(chance)
    table: dict[str, Any] = {"timezone": zone, "week": week}
    if 2004 < first.year < 2026 and chance.random() < 0.5:
        table["base"] = "cn"
    marked = [random_day(chance, first, days).isoformat() for _ in range(chance.randrange(12))]
    table["off"], table["work"] = marked[::2], [day for day in marked[1::2] if day not in marked[::2]]
    table["hours_overrides"] = {
        random_day(chance, first, days).isoformat(): random_sessions(chance) if chance.random() < 0.8 else []
        for _ in range(chance.randrange(6))
    }
    if chance.random() < 0.5:
        begin, end = (random_day(chance, first, days).strftime("%m-%d") for _ in range(2))
        table["seasons"] = [{"from": begin, "to": end, "hours": random_sessions(chance)}]
    return table


def random_pauses(chance: random.Random, start: date) -> list[list[str]]:
    pauses = []
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        begin = start + chance.randint(-10, 30) * DAY
        pauses.append([begin.isoformat(), (begin + chance.randrange(12) * DAY).isoformat()])
    return pauses


def day_cases(chance: random.Random, table: Any, oracle: Oracle, start: date) -> list[Case]:
    n, end = chance.randint(0, 40), start + chance.randint(-60, 60) * DAY
    pauses = random_pauses(chance, start)
    base = {"calendar": table, "start": start.isoformat()}
    due = oracle.add_workdays(start, n, [])
    months_on = n % 13
    month = start.year * 12 + start.month - 1 + months_on
    month_day = min(start.day, months.monthrange(month // 12, month % 12 + 1)[1])
    shifted = date(month // 12, month % 12 + 1, month_day)
    return [
        (base | {"op": "add_workdays", "n": n, "pauses": pauses}, str(oracle.add_workdays(start, n, pauses))),
        (base | {"op": "add_workdays", "n": -n, "pauses": pauses}, str(oracle.add_workdays(start, -n, pauses))),
        (base | {"op": "workdays_between", "end": end.isoformat()}, oracle.workdays_between(start, end)),
        (
            base | {"op": "check_limit", "n": n, "answered": end.isoformat()},
            {
                "elapsed": oracle.workdays_between(start, end),
                "due": str(due),
                "overdue_by": max(oracle.workdays_between(due, end), 0),
                "violation": end > due,
            },
        ),
        (base | {"op": "add_calendar_days", "n": n}, str(start + n * DAY)),
        (base | {"op": "add_calendar_days", "n": n, "roll": True}, str(oracle.add_workdays(start + n * DAY, 0, []))),
        (base | {"op": "add_months", "n": months_on}, str(shifted)),
        (base | {"op": "add_months", "n": months_on, "roll": True}, str(oracle.add_workdays(shifted, 0, []))),
    ]


def receipt_case(chance: random.Random, table: Any, oracle: Oracle, start: date) -> Case:
    clock = f"{chance.randrange(24):02}:{chance.randrange(60):02}"
    n, rule = chance.randint(1, 30), chance.choice(["as_is", "next_open"])
    sessions = oracle.sessions(start)
    received = start
    if rule == "next_open" and (not oracle.works(start) or not sessions or clock >= max(end for _, end in sessions)):
        received = oracle.add_workdays(start, 1, [])
    due = oracle.add_workdays(received, n, [])
    closing = (
        "17:00" if table == "cn" else max(end for _, end in oracle.sessions(due)) if oracle.sessions(due) else None
    )
    query = {
        "calendar": table,
        "op": "receive_and_add_workdays",
        "start": f"{start}T{clock}",
        "n": n,
        "receipt_rule": rule,
    }
    expected = {"received": str(received), "due": str(due), "due_at": f"{due}T{closing}"}
    if closing == "24:00":
        expected["due_at"] = f"{due + DAY}T00:00"
    return query, expected if closing else None


def test_day_queries_on_the_national_calendar_equal_a_day_by_day_walk() -> None:
    chance, oracle = random.Random(20261123), Oracle(NATION)
    cases: list[Case] = []
    for _ in range(800):
        start = random_day(chance, date(2005, 1, 1), 7600)
        cases += [*day_cases(chance, "cn", oracle, start), receipt_case(chance, "cn", oracle, start)]
    check(cases)
    assert len(cases) == 7200


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Shanghai", date(2020, 1, 1)),
        ("Asia/Shanghai", date(1986, 4, 1)),
        ("Asia/Shanghai", date(1991, 8, 15)),
        ("Europe/Berlin", date(2024, 3, 10)),
        ("Europe/Berlin", date(2011, 10, 10)),
        ("America/New_York", date(2026, 2, 20)),
        ("America/New_York", date(2019, 10, 20)),
        ("Asia/Kolkata", date(2015, 12, 1)),
        ("Australia/Lord_Howe", date(2021, 3, 20)),
        ("UTC", date(1972, 2, 1)),
    ],
)
def test_queries_on_described_calendars_equal_a_walk(zone: str, first: date) -> None:
    chance = random.Random(f"{zone} {first}")
    for _ in range(4):
        table = random_calendar(chance, zone, first, 45)
        oracle = Oracle(table)
        cases: list[Case] = []
        for _ in range(8):
            start = random_day(chance, first, 45)
            cases += day_cases(chance, table, oracle, start)
            receipt = receipt_case(chance, table, oracle, start)
            cases += [receipt] if receipt[1] else []
        minutes = OpenMinutes(oracle, first - 10 * DAY, 75)
        for _ in range(40):
            cases += minute_cases(chance, table, minutes, first)
        check(cases)
        assert len(cases) > 200


def minute_cases(chance: random.Random, table: Any, minutes: OpenMinutes, first: date) -> list[Case]:
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    start, end = (noon + timedelta(minutes=chance.randrange(40 * 1440)) for _ in range(2))
    pauses = []
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        begin = start + timedelta(minutes=chance.randint(-3000, 5000))
        pauses.append(
            (begin, begin + timedelta(minutes=chance.choice([0, chance.randrange(400), chance.randrange(3000)])))
        )
    left = minutes.without([(minutes.index(begin), minutes.index(end)) for begin, end in pauses])
    at, n = minutes.index(start), chance.choice([0, chance.randrange(700), chance.randrange(3000)])
    in_utc = chance.random() < 0.5
    base: dict[str, Any] = {
        "calendar": table,
        "start": written(start, minutes, in_utc),
        "pauses": [[written(begin, minutes, True), written(end, minutes, True)] for begin, end in pauses],
    }
    if not in_utc and at != minutes.index(read(base["start"], minutes)):
        return []  # the second pass of an hour that comes twice cannot be written as wall clock
    cases: list[Case] = [
        (
            base | {"op": "minutes_between", "end": written(end, minutes, True)},
            minutes.between(left, at, minutes.index(end)),
        ),
        (
            base | {"op": "minutes_between", "end": written(end, minutes, True), "unit": "second"},
            60 * minutes.between(left, at, minutes.index(end)),
        ),
    ]
    for op, walk in (("add_minutes", minutes.add), ("subtract_minutes", minutes.subtract)):
        try:
            found = minutes.instant(walk(left, at, n))
        except IndexError:
            continue  # the walk left the window
        if minutes.begin < found:
            cases.append((base | {"op": op, "n": n}, written(found, minutes, in_utc)))
            opposite = "subtract_minutes" if op == "add_minutes" else "add_minutes"
            if n:
                cases.append((base | {"op": opposite, "n": -n}, written(found, minutes, in_utc)))
                seconds = written(found, minutes, in_utc).removesuffix("Z") + ":00" + "Z" * in_utc
                cases.append((base | {"op": op, "n": 60 * n, "unit": "second"}, seconds))
    return cases


def written(at: datetime, minutes: OpenMinutes, in_utc: bool) -> str:
    shown = at if in_utc else at.astimezone(minutes.zone)
    return shown.strftime("%Y-%m-%dT%H:%M") + ("Z" if in_utc else "")


def read(text: str, minutes: OpenMinutes) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=minutes.zone).astimezone(UTC)
