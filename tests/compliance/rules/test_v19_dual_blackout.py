"""V19: away online and at the counter at once, for how long of the service hours, and by whatever cause."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v19_dual_blackout import RULE
from tests.compliance.record import found, record
from tests.compliance.ways import PLATFORM, SYSTEM, WEB, WINDOW, Row, changed, closure, failing, in_order, listed

LATER = "Friday 2020-07-31 18:00"
STOPPED = changed("Friday 2020-07-03 17:00", WINDOW, "stopped", basis="")


def judged(*rows: Row, as_of: str = LATER, listing: list[Row] | None = None) -> list[Finding]:
    return found(record(in_order(*(listing or listed()), *rows), as_of=as_of), RULE)


def minutes(*rows: Row, **more: Any) -> list[Any]:
    return [one.numbers["minutes"] for one in judged(*rows, **more)]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:29", []),
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:30", [30]),
        ("Monday 2020-07-06 07:00", "Monday 2020-07-06 09:29", []),  # before opening nobody promised a counter
        ("Monday 2020-07-06 07:00", "Monday 2020-07-06 09:30", [30]),
        ("Monday 2020-07-06 16:31", "Tuesday 2020-07-07 09:29", []),  # twice 29 minutes are not thirty together
        ("Monday 2020-07-06 16:30", "Tuesday 2020-07-07 09:30", [60]),
        ("Saturday 2020-07-11 09:00", "Sunday 2020-07-12 17:00", []),  # rest days
        ("Monday 2020-07-06 17:00", "Tuesday 2020-07-07 09:00", []),  # a night
    ],
)
def test_half_an_hour_of_service_hours_in_which_it_could_be_had_nowhere_is_red(
    since: str, until: str, expected: list[int]
) -> None:
    findings = judged(STOPPED, *failing(since, until))
    assert [f.numbers["minutes"] for f in findings] == expected
    assert {f.severity.value for f in findings} <= {"red"}


def test_while_the_counter_is_open_an_outage_is_no_blackout() -> None:
    assert judged(*failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 16:00")) == []


def test_while_the_portal_works_a_stopped_counter_is_no_blackout() -> None:
    assert judged(STOPPED) == []


@pytest.mark.parametrize(
    "online",
    [
        [changed("Monday 2020-07-06 10:00", WEB, "down"), changed("Monday 2020-07-06 11:00", WEB, "live")],
        [changed("Monday 2020-07-06 10:00", WEB, "stopped"), changed("Monday 2020-07-06 11:00", WEB, "live")],
        [changed("Monday 2020-07-06 10:00", PLATFORM, "down"), changed("Monday 2020-07-06 11:00", PLATFORM, "live")],
        [changed("Wednesday 2020-07-01 12:00", WEB, "maintenance",
                 from_at="Monday 2020-07-06 10:00", until_at="Monday 2020-07-06 11:00")],
        failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:00", subject=WEB),
    ],
)  # fmt: skip
def test_whatever_takes_the_online_way_away_counts(online: list[Row]) -> None:
    assert minutes(STOPPED, *online) == [60]


def test_a_maintenance_that_was_withdrawn_takes_nothing_away() -> None:
    plan = changed(
        "Wednesday 2020-07-01 12:00", WEB, "maintenance",
        from_at="Monday 2020-07-06 10:00", until_at="Monday 2020-07-06 11:00",
    )  # fmt: skip
    assert minutes(STOPPED, plan, changed("Thursday 2020-07-02 12:00", WEB, "live")) == []


@pytest.mark.parametrize(
    ("halls", "more", "expected"),
    [
        (["h1"], {}, [120]),
        (["h1", "h2"], {}, []),  # the other hall was open
        (["h1"], {"windows": ["1"]}, []),  # one window only
    ],
)
def test_a_counter_is_away_when_all_its_halls_are_shut(
    halls: list[str], more: dict[str, Any], expected: list[int]
) -> None:
    shut = closure("Friday 2020-07-03 09:00", "h1", "Monday 2020-07-06 10:00", "Monday 2020-07-06 12:00", **more)
    down = failing("Monday 2020-07-06 09:00", "Monday 2020-07-06 16:00")
    assert minutes(shut, *down, listing=listed(halls=halls)) == expected


def test_two_halls_shut_at_different_hours_leave_only_the_hours_in_common() -> None:
    one = closure("Friday 2020-07-03 09:00", "h1", "Monday 2020-07-06 10:00", "Monday 2020-07-06 13:00")
    other = closure("Friday 2020-07-03 09:00", "h2", "Monday 2020-07-06 12:00", "Monday 2020-07-06 16:00")
    down = failing("Monday 2020-07-06 09:00", "Monday 2020-07-06 16:00")
    assert minutes(one, other, *down, listing=listed(halls=["h1", "h2"])) == [60]


def test_an_item_that_was_never_offered_in_both_ways_has_no_blackout() -> None:
    only = [changed("Wednesday 2020-07-01 08:00", subject, "live", **SYSTEM) for subject in (PLATFORM, WINDOW)]
    assert minutes(STOPPED, *failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 16:00"), listing=only) == []


def test_two_blackouts_in_one_stop_are_two_findings_and_one_that_goes_on_is_open() -> None:
    first = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:00")
    second = failing("Tuesday 2020-07-07 10:00", None)
    findings = judged(STOPPED, *first, *second, as_of="Tuesday 2020-07-07 12:00")
    assert [(f.numbers["minutes"], f.is_open) for f in findings] == [(60, False), (120, True)]
    assert {f.subject for f in findings} == {WINDOW}
    assert len({f.key for f in findings}) == 2


def test_duckdb_says_the_same() -> None:
    shut = closure("Friday 2020-07-03 09:00", "h1", "Wednesday 2020-07-08 10:00", "Wednesday 2020-07-08 12:00")
    rows = in_order(
        *listed(halls=["h1"]), shut, *failing("Wednesday 2020-07-08 09:00", "Wednesday 2020-07-08 16:00"),
        changed("Thursday 2020-07-09 08:00", WINDOW, "stopped"),
        *failing("Thursday 2020-07-09 16:00", "Friday 2020-07-10 16:00"),
    )  # fmt: skip
    log = record(rows, as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
