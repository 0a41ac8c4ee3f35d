"""V24: rostered windows are staffed, and issuing stops no earlier than the work that waits asks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.queueing import Entry, at, closed, hall, said, verdicts, when

SYSTEM: dict[str, Any] = {"actor": "system", "role": "system"}


def empty(told: str = "10:20", from_: str = "10:00", until: str | None = None, window: str = "w1") -> Entry:
    end = None if until is None else at(when(until))
    facts = {**SYSTEM, "office": "tax", "at_window": window, "from_at": at(when(from_)), "until_at": end}
    return hall("window-left-empty", told, **facts)


def stopped(clock: str, backlog: int = 0, **facts: Any) -> Entry:
    return hall("issuing-stopped", clock, **{"closes_at": at(when("17:00")), "backlog_minutes": backlog} | facts)


def refused(clock: str, *windows: str, **facts: Any) -> Entry:
    return hall("ticket-refused", clock, **{**SYSTEM, "office": "tax", "empty_windows": list(windows)} | facts)


@pytest.mark.parametrize(
    ("until", "expected"),
    [("10:14", []), ("10:15", []), ("10:16", [("yellow", "empty")]), ("11:00", [("yellow", "empty")])],
)
def test_a_quarter_of_an_hour_is_allowed(until: str, expected: list[Any]) -> None:
    assert verdicts("V24", empty(until=until, told="11:01")) == expected


@pytest.mark.parametrize(("as_of", "expected"), [("10:15", []), ("10:16", [("yellow", "empty")])])
def test_while_it_goes_on_it_is_measured_to_now(as_of: str, expected: list[Any]) -> None:
    assert verdicts("V24", empty(told="10:05"), as_of=as_of) == expected


def test_it_names_the_office_that_staffs_the_window_and_nobody_in_it() -> None:
    (found,) = said("V24", empty(), as_of="10:40")
    assert (found.subject, found.office, found.actor, found.is_open) == ("hall/H", "tax", None, True)
    assert (found.numbers["at_window"], found.numbers["minutes"], found.numbers["allowed"]) == ("w1", 40, 15)


@pytest.mark.parametrize(
    "ends",
    [
        [empty(told="10:31", until="10:30")],
        [hall("window-opened", "10:30", at_window="w1")],
        [hall("hall-closed", "10:30", day="2020-06-02")],
    ],
)
def test_told_twice_it_is_one_stretch_and_ends_when_somebody_comes_back(ends: list[Entry]) -> None:
    (found,) = said("V24", empty(), *ends)
    assert (found.numbers["minutes"], found.is_open) == (30, False)


def test_another_window_opened_fills_this_one_not() -> None:
    (found,) = said("V24", empty(), hall("window-opened", "10:10", at_window="w2"), as_of="10:40")
    assert found.numbers["minutes"] == 40


def test_it_does_not_outlast_the_day() -> None:
    (found,) = said("V24", empty(), as_of="Wednesday 2020-06-03 09:00")
    assert (found.numbers["minutes"], found.is_open) == (14 * 60, False)


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("10:02", "10:02", "10:12", "drill"), []),  # ten minutes less
        (closed("10:02", "10:02", "10:06", "drill"), ["yellow"]),  # sixteen are left
        (closed("10:02", "10:02", "10:07", "drill"), []),  # fifteen are left
        (closed("10:02", "10:02", "10:12", windows=["w1", "w9"]), []),
        (closed("10:02", "10:02", "10:12", windows=["w2"]), ["yellow"]),
        (closed("10:02", "10:02", "10:12", role="clerk"), ["yellow"]),
        (closed("09:00", "10:02", "10:12", "announced"), []),
        (closed("10:05", "10:02", "10:12", "announced"), ["yellow"]),  # announced when it had begun
        (closed("Wednesday 2020-06-03 09:00", "10:02", "10:12"), ["yellow"]),
    ],
)
def test_a_closure_takes_its_minutes_out(closure: Entry, expected: list[str]) -> None:
    found = said("V24", empty(until="10:20", told="10:21"), closure, as_of="Thursday 2020-06-04 09:00")
    assert [one.severity.value for one in found] == expected


def test_two_closures_at_once_take_their_minutes_out_once() -> None:
    two = [closed("10:02", "10:02", "10:06"), closed("10:02", "10:02", "10:06", "drill", closure="c2")]
    assert len(said("V24", empty(until="10:20", told="10:21"), *two)) == 1


def test_a_withdrawn_closure_ends_when_it_is_withdrawn() -> None:
    early = [closed("09:00", "10:02", "12:00"), hall("closure-withdrawn", "10:05", closure="c1")]
    (found,) = said("V24", empty(until="10:30", told="10:31"), *early)
    assert found.numbers["minutes"] == 27


@pytest.mark.parametrize(
    ("clock", "backlog", "expected"),
    [
        ("16:29", 0, [("yellow", "stopped-early")]),
        ("16:30", 0, []),
        ("16:31", 0, []),
        ("16:00", 60, []),
        ("16:00", 59, [("yellow", "stopped-early")]),
        ("09:05", 60, [("yellow", "stopped-early")]),
    ],
)
def test_issuing_stops_half_an_hour_before_or_when_the_work_fills_the_time(
    clock: str, backlog: int, expected: list[Any]
) -> None:
    assert verdicts("V24", stopped(clock, backlog)) == expected


@pytest.mark.parametrize(("by", "expected"), [(SYSTEM, 0), ({}, 1)])
def test_only_the_portal_itself_can_say_that_the_guarantee_stopped_it(by: dict[str, Any], expected: int) -> None:
    assert len(said("V24", stopped("15:00", is_computed=True, **by))) == expected


def test_who_stopped_it_is_named() -> None:
    (found,) = said("V24", stopped("15:00", backlog=20))
    assert (found.office, found.actor) == ("centre", "manager")
    assert (found.numbers["minutes"], found.numbers["allowed"], found.numbers["backlog"]) == (120, 30, 20)


@pytest.mark.parametrize(("resumed", "expected"), [("15:30", 0), ("15:31", 1)])
def test_a_stop_taken_back_within_half_an_hour_is_none(resumed: str, expected: int) -> None:
    assert len(said("V24", stopped("15:00"), hall("issuing-resumed", resumed))) == expected


def test_a_stop_during_a_drill_of_the_whole_hall_is_none() -> None:
    assert verdicts("V24", stopped("15:00"), closed("14:59", "14:59", "15:20", "drill")) == []


def test_refusals_while_a_window_stood_empty_are_one_finding_a_day() -> None:
    (found,) = said("V24", refused("10:00", "w1"), refused("10:10", "w1"), refused("10:20"))
    assert (found.variant, found.office, found.numbers["refused"]) == ("refused", "tax", 2)
    assert (found.first_seq, found.last_seq, found.numbers["at_window"]) == (1, 2, "w1")


@pytest.mark.parametrize(("windows", "expected"), [(["w1"], []), (["w1", "w2"], ["w1|w2"]), ([], ["w1|w2"])], ids=str)
def test_a_window_that_a_drill_held_could_not_serve(windows: list[str], expected: list[str]) -> None:
    drill = closed("09:59", "09:59", "10:30", "drill", windows=["w1"])
    told = refused("10:00", *(windows or ["w1", "w2"]))
    assert [found.numbers["at_window"] for found in said("V24", told, drill)] == expected
