"""V18: how long, from how many places, how often in a row; what an announced maintenance excuses and what not."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v18_outage import RULE
from tests.compliance.record import at, found, on, record
from tests.compliance.ways import PLATFORM, SYSTEM, Row, changed, counted, failing, in_order, listed

LATER = "Friday 2020-07-31 18:00"


def judged(*rows: Row, as_of: str = LATER, **facts: Any) -> list[Finding]:
    return found(record(in_order(*listed(), *rows), as_of=as_of, **facts), RULE)


def told(findings: list[Finding]) -> list[tuple[str, Any]]:
    return [(one.severity.value, one.numbers["minutes"]) for one in findings]


@pytest.mark.parametrize(
    ("since", "until", "verdicts"),
    [
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:14", []),
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:15", [("yellow", 15)]),
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:59", [("yellow", 119)]),
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 12:00", [("red", 120)]),
        ("Saturday 2020-07-11 23:50", "Sunday 2020-07-12 00:10", [("yellow", 20)]),  # a night counts like a day
    ],
)
def test_an_outage_is_yellow_from_fifteen_minutes_and_red_from_two_hours(
    since: str, until: str, verdicts: list[tuple[str, int]]
) -> None:
    assert told(judged(*failing(since, until))) == verdicts


def test_one_place_alone_may_have_lost_its_own_line() -> None:
    assert judged(*failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 16:00", vantages="a")) == []


def test_only_the_time_that_both_saw_counts() -> None:
    one = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:30", vantages="a")
    other = failing("Monday 2020-07-06 10:20", "Monday 2020-07-06 11:00", vantages="b")
    assert judged(*one, *other) == []
    longer = failing("Monday 2020-07-06 10:10", "Monday 2020-07-06 11:00", vantages="b")
    assert told(judged(*one, *longer)) == [("yellow", 20)]


def test_two_places_that_miss_different_functions_see_no_outage_together() -> None:
    one = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 12:30", vantages="a", function="submit")
    other = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 12:30", vantages="b", function="query")
    assert judged(*one, *other) == []


def test_functions_that_fail_one_after_the_other_are_one_outage() -> None:
    first = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:10", function="submit")
    second = failing("Monday 2020-07-06 10:05", "Monday 2020-07-06 10:20", function="query")
    assert told(judged(*first, *second)) == [("yellow", 20)]


def test_a_single_failure_is_no_row() -> None:
    assert judged(*failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:00", failures=1)) == []


def test_an_outage_that_goes_on_is_open_and_grows() -> None:
    rows = failing("Monday 2020-07-06 10:00", None)
    (short,) = judged(*rows, as_of="Monday 2020-07-06 10:20")
    (long,) = judged(*rows, as_of="Monday 2020-07-06 12:30")
    assert (short.is_open, short.severity.value, long.severity.value) == (True, "yellow", "red")
    assert short.key == long.key
    assert short.on.isoformat() == "2020-07-06"


@pytest.mark.parametrize(
    ("announced", "since", "until", "verdicts"),
    [
        # 02:00 to 06:00 of Thursday
        ("Wednesday 2020-07-08 02:00", "02:10", "05:00", []),  # 24 hours before
        ("Wednesday 2020-07-08 02:01", "02:10", "05:00", [("red", 170)]),  # a minute too late
        ("Tuesday 2020-07-07 09:00", "05:50", "06:20", [("yellow", 20)]),  # it lasted longer than announced
        ("Tuesday 2020-07-07 09:00", "01:50", "02:30", []),  # ten minutes before it began
    ],
)
def test_a_maintenance_announced_a_day_before_excuses_its_own_hours(
    announced: str, since: str, until: str, verdicts: list[tuple[str, int]]
) -> None:
    plan = changed(
        announced, PLATFORM, "maintenance", from_at="Thursday 2020-07-09 02:00", until_at="Thursday 2020-07-09 06:00"
    )
    rows = failing(f"Thursday 2020-07-09 {since}", f"Thursday 2020-07-09 {until}")
    assert told(judged(plan, *rows)) == verdicts


@pytest.mark.parametrize(
    ("day", "verdicts"),
    [
        ("Thursday 2020-07-09", [("yellow", 60)]),  # 07:00 to 09:00 is busy from 08:00
        ("Saturday 2020-07-11", []),  # a rest day has no peak
        ("Sunday 2020-06-28", [("yellow", 60)]),  # a make-up working day
        ("Thursday 2020-06-25", []),  # the Dragon Boat Festival
    ],
)
def test_a_maintenance_in_busy_hours_excuses_nothing(day: str, verdicts: list[tuple[str, int]]) -> None:
    plan = changed("Monday 2020-06-22 09:00", PLATFORM, "maintenance", from_at=f"{day} 07:00", until_at=f"{day} 09:00")
    rows = in_order(*listed("Monday 2020-06-01 08:00"), plan, *failing(f"{day} 07:00", f"{day} 09:00"))
    assert told(found(record(rows, as_of=LATER), RULE)) == verdicts


def test_a_maintenance_that_was_ended_early_excuses_nothing_after_it() -> None:
    plan = changed(
        "Tuesday 2020-07-07 09:00", PLATFORM, "maintenance",
        from_at="Thursday 2020-07-09 00:00", until_at="Thursday 2020-07-09 06:00",
    )  # fmt: skip
    ended = changed("Thursday 2020-07-09 02:00", PLATFORM, "live")
    assert told(judged(plan, ended, *failing("Thursday 2020-07-09 01:00", "Thursday 2020-07-09 03:00"))) == [
        ("yellow", 60)
    ]


@pytest.mark.parametrize(
    ("probes", "failures", "said"),
    [(200, 1, False), (200, 2, True), (1000, 5, False), (1000, 6, True), (199, 199, False)],
)
def test_a_day_must_succeed_but_for_five_in_a_thousand_of_at_least_two_hundred_probes(
    probes: int, failures: int, *, said: bool
) -> None:
    findings = judged(counted("Monday 2020-07-06", probes, failures))
    assert [(f.variant, f.severity.value, f.on) for f in findings] == (
        [("rate", "yellow", at("Monday 2020-07-06 00:00").date())] if said else []
    )


def test_the_functions_of_a_day_are_counted_together() -> None:
    rows = [counted("Monday 2020-07-06", 100, 1, function=name) for name in ("query", "submit")]
    (finding,) = judged(*rows)
    assert (finding.numbers["probes"], finding.numbers["failures"]) == (200, 2)


def test_a_day_that_holds_an_outage_is_not_accused_twice() -> None:
    down = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:30")
    findings = judged(*down, counted("Monday 2020-07-06", 960, 20), counted("Tuesday 2020-07-07", 960, 20))
    assert [(f.variant, on(f"{f.on:%A} {f.on}")) for f in findings] == [
        ("outage", on("Monday 2020-07-06")),
        ("rate", on("Tuesday 2020-07-07")),
    ]


def test_the_operator_answers_and_no_person() -> None:
    (finding,) = judged(*failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:30"))
    assert (finding.office, finding.actor) == ("office", None)


def test_duckdb_says_the_same() -> None:
    plan = changed(
        "Tuesday 2020-07-07 09:00", PLATFORM, "maintenance", **SYSTEM,
        from_at="Thursday 2020-07-09 02:00", until_at="Thursday 2020-07-09 09:00",
    )  # fmt: skip
    rows = in_order(
        *listed(), plan, *failing("Thursday 2020-07-09 02:30", "Thursday 2020-07-09 09:30"),
        *failing("Monday 2020-07-13 10:00", "Monday 2020-07-13 10:40", function="query"),
        counted("Wednesday 2020-07-15", 960, 40),
    )  # fmt: skip
    log = record(rows, as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
