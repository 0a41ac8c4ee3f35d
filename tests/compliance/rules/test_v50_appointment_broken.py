"""V50: the office does not cancel an appointment within a day of its time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.queueing import Entry, at, closed, said, when
from tests.compliance.record import event

SLOT = "Friday 2020-06-05 10:00"
LATER = "Monday 2020-06-08 09:00"


def appointment(kind: str, clock: str, **facts: Any) -> Entry:
    known = {"subject": "appointment/1", "actor": "manager", "role": "hall-manager", "office": "centre"}
    return event(f"appointment-{kind}", when(clock), **(known | facts))


def booked(slot: str = SLOT) -> Entry:
    facts = {"hall": "H", "item": "tax-card", "slot_at": at(slot)}
    return appointment("booked", "Monday 2020-06-01 09:00", role="applicant", actor="li", **facts)


def severities(*entries: Entry) -> list[str]:
    return [found.severity.value for found in said("V50", *entries, as_of=LATER)]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("Thursday 2020-06-04 09:59", []),
        ("Thursday 2020-06-04 10:00", []),  # a day before, to the minute
        ("Thursday 2020-06-04 10:01", ["notice"]),
        ("Friday 2020-06-05 10:30", ["notice"]),  # when it had begun
    ],
)
def test_a_day_before_is_in_time(clock: str, expected: list[str]) -> None:
    assert severities(booked(), appointment("cancelled", clock)) == expected


def test_rest_days_are_days_too() -> None:
    assert severities(booked("Monday 2020-06-08 09:00"), appointment("cancelled", "Sunday 2020-06-07 08:00")) == []


@pytest.mark.parametrize("role", ["applicant", "agent"])
def test_a_citizen_is_never_accused(role: str) -> None:
    assert severities(booked(), appointment("cancelled", "Friday 2020-06-05 09:59", role=role, actor="li")) == []
    assert severities(booked(), appointment("missed", "Friday 2020-06-05 10:30", role="system")) == []


def test_it_is_the_office_that_is_named() -> None:
    (found,) = said("V50", booked(), appointment("cancelled", "Friday 2020-06-05 08:00"), as_of=LATER)
    assert (found.office, found.actor, found.post) == ("centre", None, None)
    assert found.numbers["slot_at"] == at(SLOT).timestamp() * 1_000_000


@pytest.mark.parametrize(
    ("moved", "expected"), [("Friday 2020-06-05 16:00", []), ("Thursday 2020-06-04 16:00", ["notice"])]
)
def test_the_time_it_was_moved_to_counts(moved: str, expected: list[str]) -> None:
    move = appointment("moved", "Tuesday 2020-06-02 09:00", slot_at=at(moved))
    assert severities(booked(), move, appointment("cancelled", "Thursday 2020-06-04 12:00")) == expected


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("Thursday 2020-06-04 10:00", SLOT, LATER, "announced"), []),
        (closed("Thursday 2020-06-04 10:01", SLOT, LATER, "announced"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", SLOT, LATER, "emergency"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", "Friday 2020-06-05 10:01", LATER, "announced"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", "Thursday 2020-06-04 08:00", SLOT, "announced"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", SLOT, LATER, "announced", closure="c2"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", SLOT, LATER, "announced", subject="hall/other"), ["notice"]),
        (closed("Wednesday 2020-06-03 10:00", SLOT, LATER, "announced", role="clerk"), ["notice"]),
    ],
)
def test_only_a_closure_announced_a_day_before_that_holds_the_time_excuses(closure: Entry, expected: list[str]) -> None:
    assert severities(booked(), closure, appointment("cancelled", "Friday 2020-06-05 09:00", closure="c1")) == expected
