"""The golden scenarios as the demo city lived them through the real operations: the rules say what they must."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.cases.queries import declared_outages
from portal.catalogue import queries as catalogue
from portal.compliance.engine import Finding, judge
from portal.compliance.load import from_events
from portal.compliance.registry import all_rules
from portal.ledger import queries as ledger
from portal.store import reading
from tests.demo.conftest import LoadedCity

EPOCH = date(1970, 1, 1)


def said(city: LoadedCity, as_of: str, *ways: str) -> list[Finding]:
    """Everything that the rules say about these lives at a moment in Shanghai."""
    moment = datetime.fromisoformat(as_of).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    with reading():
        events = [event for batch in ledger.stream() for event in batch]
        limits = catalogue.limits_table(catalogue.catalogue())
    own = [event for event in events if city.way_of(event.subject) in ways]
    return judge(from_events([own], limits=limits, as_of=moment).log, all_rules()).findings


def test_z1_is_sent_from_office_to_office(city: LoadedCity) -> None:
    found = said(city, "2020-09-22 17:00", "z1")
    assert {(f.rule, f.severity, f.office, f.actor) for f in found if f.rule != "V02"} == {
        ("V01", "yellow", "centre-a", "demo-a-clerk-1"),
        ("V01", "red", "centre-b", "demo-b-clerk-1"),
        ("V01", "red", "centre-a", "demo-a-clerk-2"),
        ("V03", "notice", "centre-c", "demo-c-clerk-1"),
    }
    (round_about,) = [f for f in found if f.rule == "V02"]
    assert (round_about.severity, round_about.office) == ("red", "centre-a")
    assert round_about.numbers["chain"] == "centre-a > centre-b > centre-c > centre-a"
    assert len(found) == 5


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "overdue", "is_open"),
    [
        ("2020-09-22 12:00", "yellow", 6, 1, True),  # Tuesday
        ("2020-09-28 12:00", "red", 11, 6, True),  # Monday, after a make-up Sunday
        ("2020-10-13 17:00", "red", 17, 12, False),  # Tuesday, delivered an hour before
    ],
)
def test_z2_waits_seventeen_days(
    city: LoadedCity, as_of: str, severity: str, taken: int, overdue: int, *, is_open: bool
) -> None:
    (found,) = said(city, as_of, "z2")
    assert (found.rule, found.severity, found.is_open) == ("V08", severity, is_open)
    assert (found.numbers["taken"], found.numbers["overdue"]) == (taken, overdue)
    assert found.numbers["due_on"] == (date(2020, 9, 21) - EPOCH).days
    assert found.office == "social-insurance"


def test_z2_is_in_time_until_the_end_of_monday_the_21st(city: LoadedCity) -> None:
    assert said(city, "2020-09-21 23:59", "z2") == []


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "chases"),
    [
        ("2020-07-07 17:00", "yellow", 4, 0),  # Tuesday
        ("2020-07-08 17:00", "red", 5, 1),  # Wednesday
        ("2020-07-20 17:00", "red", 13, 2),  # Monday
    ],
)
def test_z4_is_left_lying(city: LoadedCity, as_of: str, severity: str, taken: int, chases: int) -> None:
    (found,) = said(city, as_of, "z4")
    assert (found.rule, found.severity, found.office) == ("V12", severity, "social-insurance")
    assert (found.numbers["taken"], found.numbers["chases"]) == (taken, chases)


def test_z4_says_nothing_on_the_third_working_day(city: LoadedCity) -> None:
    assert said(city, "2020-07-06 17:00", "z4") == []  # Monday


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-08-02 17:00", []),  # Sunday
        ("2020-08-03 08:59", [("V21", "red", None)]),  # Monday
        ("2020-08-03 10:01", [("V18", "yellow", 29), ("V20", "yellow", None), ("V21", "red", None)]),
        (
            "2020-08-03 10:02",
            [("V18", "yellow", 30), ("V19", "red", 30), ("V20", "yellow", None), ("V21", "red", None)],
        ),
        (
            "2020-08-03 17:00",
            [("V18", "red", 136), ("V19", "red", 136), ("V20", "yellow", None), ("V20", "yellow", None),
             ("V21", "red", None)],
        ),
        (
            "2020-08-05 17:00",  # Wednesday
            [("V18", "red", 136), ("V18", "yellow", 18), ("V18", "yellow", 60), ("V19", "red", 136),
             ("V20", "yellow", None), ("V20", "yellow", None), ("V21", "red", None), ("V21", "red", None)],
        ),
    ],
)  # fmt: skip
def test_z3_is_had_nowhere_for_a_morning(
    city: LoadedCity, as_of: str, expected: list[tuple[str, str, int | None]]
) -> None:
    found = said(city, as_of, "z3")
    assert sorted(((f.rule, f.severity.value, f.numbers.get("minutes")) for f in found), key=str) == expected
    assert {f.office for f in found} <= {"government-services", "social-insurance"}
    assert {f.subject for f in found if f.rule in ("V19", "V20")} <= {"channel/contribution-base:window"}


@pytest.mark.usefixtures("city")
def test_z3_declares_the_lost_day_once_and_the_short_failures_not() -> None:
    with reading():
        (outage,) = declared_outages()
    assert (str(outage.from_on), str(outage.until_on), outage.declared_by) == ("2020-08-03", "2020-08-03", "system")
    assert outage.channels == ("app", "web")
    assert "social-insurance" in outage.offices
