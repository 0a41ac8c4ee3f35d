"""V25: nobody waits for more than an hour, nine of ten not for more than half an hour."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import judge
from portal.compliance.registry import all_rules
from tests.compliance.queueing import Entry, called, hall, issued, log_of, said

END = hall("hall-closed", "17:10", day="2020-06-02", actor="system", role="system")


def waited(n: int, minutes: int, **facts: Any) -> list[Entry]:
    return [issued("09:00", n), called("12:00", n, waited=minutes, **facts)]


def day_of(*waits: int) -> list[Entry]:
    return [entry for n, minutes in enumerate(waits, 1) for entry in waited(n, minutes)]


@pytest.mark.parametrize(("minutes", "expected"), [(59, []), (60, []), (61, ["yellow"]), (300, ["yellow"])])
def test_an_hour_is_allowed(minutes: int, expected: list[str]) -> None:
    assert [found.severity.value for found in said("V25", *waited(1, minutes))] == expected


def test_the_office_answers_and_not_the_clerk_who_called() -> None:
    (found,) = said("V25", *waited(1, 75))
    assert (found.subject, found.office, found.actor, found.variant) == ("ticket/1", "tax", None, "person")
    assert (found.first_seq, found.last_seq, found.numbers["waited"]) == (1, 2, 75)


def test_recalls_and_later_calls_say_nothing_of_the_wait() -> None:
    assert said("V25", *waited(1, 20), called("12:05", nth=2, waited=90)) == []
    assert said("V25", *waited(1, 20), called("15:05", nth=1, waited=200)) == []


@pytest.mark.parametrize(
    ("surge", "expected"),
    [
        (hall("surge-declared", "09:30", day="2020-06-02"), 0),
        (hall("surge-declared", "Monday 2020-06-01 16:00", day="2020-06-02"), 0),
        (hall("surge-declared", "09:30", day="2020-06-03"), 1),
        (hall("surge-declared", "Wednesday 2020-06-03 08:00", day="2020-06-02"), 1),  # remembered the day after
        (hall("surge-declared", "09:30", day="2020-06-02", subject="hall/other"), 1),
        (hall("surge-declared", "09:30", day="2020-06-02", role="clerk"), 1),
    ],
)
def test_a_day_declared_to_be_beyond_any_plan_is_left_out(surge: Entry, expected: int) -> None:
    assert len(said("V25", *waited(1, 90), surge, as_of="Thursday 2020-06-04 09:00")) == expected


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ([5] * 8 + [30, 40], []),  # the ninth waited for half an hour
        ([5] * 8 + [31, 40], [("notice", 31)]),
        ([5] * 8 + [60, 60], [("notice", 60)]),
        ([5] * 8 + [61, 61], [("yellow", 61)]),
        ([5] * 7 + [31, 32], []),  # nine numbers are too few to tell
        ([5] * 17 + [31] * 3, [("notice", 31)]),
        ([5] * 18 + [31] * 2, []),
    ],
)
def test_nine_of_ten_wait_for_half_an_hour_at_most(waits: list[int], expected: list[tuple[str, int]]) -> None:
    found = [one for one in said("V25", *day_of(*waits), END) if one.variant == "hall"]
    assert [(one.severity.value, one.numbers["waited"]) for one in found] == expected
    assert {(one.subject, one.office) for one in found} <= {("hall/H", "centre")}


def test_a_halls_day_is_judged_when_it_has_ended_and_once() -> None:
    waits = day_of(*[40] * 10)
    assert said("V25", *waits) == []
    assert len(said("V25", *waits, END, hall("hall-closed", "17:20", day="2020-06-02"))) == 1


def test_the_population_counts_who_was_called() -> None:
    log = log_of(*day_of(5, 60, 61), as_of="17:30")
    (rule,) = (rule for rule in all_rules() if rule.code == "V25")
    told = judge(log, [rule]).populations["V25"]
    assert (told.closed, told.closed_late, told.open) == (3, 1, 0)
