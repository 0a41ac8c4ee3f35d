"""V44: an appeal is dealt with and replied to within five working days of its dispatch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v44_appeal_overdue import RULE
from portal.worktime import national
from tests.compliance.appealing import Entry, appeal, by_office, sent
from tests.compliance.record import found, on, record

LATER = "Friday 2020-07-31 17:00"


def replied(when: str, office: str = "roads", **facts: Any) -> Entry:
    return by_office("replied", when, office, **({"is_done": True} | facts))


def log_of(*entries: Entry, as_of: str = LATER, **facts: Any) -> Log:
    return record(sorted(entries, key=lambda entry: entry["occurred_at"]), as_of=as_of, **facts)


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def told(*entries: Entry, **facts: Any) -> list[tuple[str | None, str | None]]:
    return [(one.office, one.variant) for one in said(*entries, **facts)]


LATE = [("roads", "late")]


@pytest.mark.parametrize(
    ("when", "reply", "expected"),
    [
        ("Monday 2020-06-01 10:00", "Monday 2020-06-08 23:59", []),
        ("Monday 2020-06-01 10:00", "Tuesday 2020-06-09 00:00", LATE),
        ("Friday 2020-06-05 10:00", "Friday 2020-06-12 17:00", []),
        ("Friday 2020-06-05 10:00", "Saturday 2020-06-13 09:00", LATE),  # dates, not counts
        ("Thursday 2020-09-24 10:00", "Wednesday 2020-09-30 17:00", []),  # with a make-up Sunday
        ("Thursday 2020-09-24 10:00", "Friday 2020-10-09 09:00", LATE),
        ("Wednesday 2020-09-30 10:00", "Wednesday 2020-10-14 17:00", []),  # over the golden week
        ("Wednesday 2020-09-30 10:00", "Thursday 2020-10-15 09:00", LATE),
    ],
)
def test_five_working_days(when: str, reply: str, expected: list[tuple[str, str]]) -> None:
    assert told(sent(when), replied(reply), as_of="2020-10-30 10:00") == expected


def test_it_is_open_while_nobody_replied() -> None:
    assert said(sent(), as_of="Monday 2020-06-08 23:59") == []
    (one,) = said(sent(), as_of="Tuesday 2020-06-09 00:00")
    assert (one.is_open, one.severity, one.office, one.post, one.actor) == (True, "yellow", "roads", None, None)
    assert {name: one.numbers[name] for name in ("due_on", "taken", "allowed", "overdue")} == {
        "due_on": on("Monday 2020-06-08"), "taken": 6, "allowed": 5, "overdue": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        replied("2020-06-02 10:00", is_done=False),  # nothing was done yet
        replied("2020-06-02 10:00", "water"),  # not the office's
        replied("2020-06-02 10:00", actor="system", role="system"),
        replied("2020-06-02 10:00", subject="appeal/2"),
        by_office("interim-answered", "2020-06-02 10:00"),
    ],
)
def test_what_is_no_reply(reply: Entry) -> None:
    assert told(sent(), reply) == LATE


def test_each_office_answers_for_its_own_stay() -> None:
    again = sent("Friday 2020-06-05 10:00", to="water")
    assert told(sent(), again, replied("Friday 2020-06-12 10:00", "water")) == []
    assert told(sent(), again, replied("Monday 2020-06-15 10:00", "water")) == [("water", "late")]
    late = sent("Wednesday 2020-06-10 10:00", to="water")
    assert told(sent(), late, replied("Friday 2020-06-12 10:00", "water")) == LATE


def test_being_sent_to_the_same_office_again_begins_nothing_anew() -> None:
    assert told(sent(), sent("Friday 2020-06-05 10:00"), replied("Wednesday 2020-06-10 10:00")) == LATE


def test_an_appeal_that_comes_back_after_a_reply_has_days_of_its_own() -> None:
    rows = [sent(), replied("Wednesday 2020-06-03 10:00"), sent("Monday 2020-06-15 10:00")]
    assert told(*rows, replied("Monday 2020-06-22 10:00")) == []
    (one,) = said(*rows, replied("Tuesday 2020-06-23 10:00"))
    assert (one.first_seq, one.last_seq, one.numbers["taken"]) == (3, 4, 6)
    # and what had been late stays late
    late = [sent(), replied("Wednesday 2020-06-10 10:00"), sent("Monday 2020-06-15 10:00")]
    assert told(*late, replied("Tuesday 2020-06-16 10:00")) == LATE


def test_the_caller_may_withdraw_and_nobody_for_him() -> None:
    assert told(sent(), appeal("withdrawn", "2020-06-03 10:00", actor="li", role="applicant", office=None)) == []
    assert told(sent(), by_office("withdrawn", "2020-06-03 10:00")) == LATE


# --- more time -------------------------------------------------------------------------------------------------------


def centre(kind: str, when: str = "Friday 2020-06-05 10:00", **facts: Any) -> Entry:
    return appeal(kind, when, **facts)


@pytest.mark.parametrize(
    ("act", "reply", "expected"),
    [
        (centre("extended", days=5), "Monday 2020-06-15 23:59", []),
        (centre("extended", days=5), "Tuesday 2020-06-16 00:00", LATE),
        (centre("extended", days=6), "Monday 2020-06-15 10:00", LATE),  # more than the rule knows
        (centre("extended", "Monday 2020-06-08 17:00", days=5), "Monday 2020-06-15 10:00", []),
        (centre("extended", "Tuesday 2020-06-09 09:00", days=5), "Monday 2020-06-15 10:00", LATE),  # when it was over
        (centre("extended", days=5, office="roads", actor="rosa"), "Monday 2020-06-15 10:00", LATE),
        (centre("limit-cited", days=10, basis="x"), "Monday 2020-06-15 10:00", []),
        (centre("limit-cited", days=10, basis=" "), "Monday 2020-06-15 10:00", LATE),
        (centre("limit-cited", days=10, basis="x", office="roads"), "Monday 2020-06-15 10:00", LATE),
    ],
)
def test_more_time_comes_from_another_office_before_it_is_over(
    act: Entry, reply: str, expected: list[tuple[str, str]]
) -> None:
    assert told(sent(), act, replied(reply)) == expected


def test_time_is_extended_once() -> None:
    twice = [centre("extended", days=5), centre("extended", "Friday 2020-06-05 11:00", days=5)]
    assert told(sent(), *twice, replied("Tuesday 2020-06-16 10:00")) == LATE


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Monday 2020-06-08 23:59", []),
        ("Tuesday 2020-06-09 00:00", [("roads", "no-interim")]),
        (None, [("roads", "no-interim")]),
    ],
)
def test_of_what_is_hard_the_caller_is_told_how_it_stands(answer: str | None, expected: list[tuple[str, str]]) -> None:
    rows = [by_office("interim-answered", answer)] if answer else []
    assert told(sent(), centre("declared-hard"), *rows) == expected


def test_an_office_does_not_call_its_own_appeal_hard() -> None:
    own = by_office("declared-hard", "2020-06-03 10:00")
    assert told(sent(), own, by_office("interim-answered", "2020-06-04 10:00")) == LATE


# --- law, a slow count, figures, engines ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2015-11-26", "330100", "notice"), ("2020-06-01", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(sent(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_every_due_day_of_half_a_year_by_counting_one_day_after_another() -> None:
    calendar = national()
    days = [date(2020, 3, 2) + timedelta(days=n) for n in range(0, 200, 3)]
    rows = [{**sent(f"{day} 10:00"), "subject": f"appeal/{n}"} for n, day in enumerate(days)]
    due = {one.subject: one.numbers["due_on"] for one in found(record(rows, as_of="2020-12-31 17:00"), RULE)}
    assert len(due) == len(days)
    for n, day in enumerate(days):
        left, last = 5, day
        while left:
            last += timedelta(days=1)
            left -= calendar.is_workday(last)
        assert due[f"appeal/{n}"] == on(f"{last:%A %Y-%m-%d}"), day


def test_stays_are_counted() -> None:
    log = log_of(sent(), replied("2020-06-02 10:00"), sent(subject="appeal/2"))
    counts = judge(log, [RULE]).populations["V44"]
    assert (counts.closed, counts.closed_late, counts.open, counts.open_late) == (1, 0, 1, 1)


def test_duckdb_says_the_same() -> None:
    rows = [sent(), sent("2020-06-10 10:00", to="water"), centre("extended", "2020-06-12 10:00", days=5),
            replied("2020-06-30 10:00", "water"), sent(subject="appeal/2"), centre("declared-hard", subject="appeal/2"),
            by_office("interim-answered", "2020-06-20 10:00", subject="appeal/2")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 3
