"""The golden scenarios, exactly: what the engine says at each moment is everything it may say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.registry import all_rules
from tests.years import golden
from tests.years.journal import Row, day_number
from tests.years.judging import log_at

LIMITS = [
    *golden.LIMITS,
    *({**golden.LIMITS[0], "item_version": item.version, "item": item.code, "item_type": item.item_type, "clock": None}
      for item in golden.ITEMS),
]  # fmt: skip


def said(rows: Sequence[Row], as_of: str) -> list[Finding]:
    return judge(log_at(rows, datetime.fromisoformat(as_of), LIMITS), all_rules()).findings


def test_z1_names_who_sent_her_away_and_the_office_where_it_began() -> None:
    found = said(golden.z1(), "2020-09-22 17:00")
    assert {(f.rule, f.severity, f.office, f.actor) for f in found if f.rule != "V02"} == {
        ("V01", "yellow", "centre-a", "a1"),
        ("V01", "red", "centre-b", "b1"),
        ("V01", "red", "centre-a", "a2"),
        ("V03", "notice", "centre-c", "c1"),
    }
    (round_about,) = [f for f in found if f.rule == "V02"]
    assert (round_about.severity, round_about.office) == ("red", "centre-a")
    assert round_about.numbers["chain"] == "centre-a > centre-b > centre-c > centre-a"
    assert len(found) == 5
    assert all(f.office != "centre-d" for f in found)


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "overdue", "is_open"),
    [
        ("2020-09-22 12:00", "yellow", 6, 1, True),  # Tuesday
        ("2020-09-28 12:00", "red", 11, 6, True),  # Monday, after a make-up Sunday
        ("2020-10-13 17:00", "red", 17, 12, False),  # Tuesday, delivered an hour before
    ],
)
def test_z2_counts_the_days_of_the_unemployment_subsidy(
    as_of: str, severity: str, taken: int, overdue: int, *, is_open: bool
) -> None:
    (found,) = said(golden.z2(), as_of)
    assert (found.rule, found.severity, found.is_open) == ("V08", severity, is_open)
    assert (found.numbers["taken"], found.numbers["overdue"]) == (taken, overdue)
    assert found.numbers["due_on"] == day_number(date(2020, 9, 21))  # Monday
    assert found.office == "social-insurance"
    holders = [found.numbers[name] for name in ("front_desk", "back_office", "other_office", "applicant")]
    assert sum(days for days in holders if isinstance(days, int)) == taken


def test_z2_is_silent_while_it_is_in_time() -> None:
    assert said(golden.z2(), "2020-09-21 23:59") == []


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "chases"),
    [
        ("2020-07-07 17:00", "yellow", 4, 0),  # Tuesday
        ("2020-07-08 17:00", "red", 5, 1),  # Wednesday
        ("2020-07-20 17:00", "red", 13, 2),  # Monday; the view of 10 July counts for nothing
    ],
)
def test_z4_hears_the_silence(as_of: str, severity: str, taken: int, chases: int) -> None:
    (found,) = said(golden.z4(), as_of)
    assert (found.rule, found.severity, found.office) == ("V12", severity, "social-insurance")
    assert (found.numbers["taken"], found.numbers["chases"]) == (taken, chases)


def test_z4_says_nothing_on_the_third_working_day() -> None:
    assert said(golden.z4(), "2020-07-06 17:00") == []  # Monday


def test_z4_holds_both_chases_as_evidence() -> None:
    rows = golden.z4()
    (found,) = said(rows, "2020-07-20 17:00")
    chases = [row["seq"] for row in rows if row["kind"] == "chased"]
    assert found.first_seq < min(chases) < max(chases) == found.last_seq


def of_z3(as_of: str) -> list[tuple[str, str, str, str, int | str | None, bool]]:
    """Rule, severity, channel, variant, minutes, and whether it goes on."""
    return [
        (f.rule, f.severity, f.subject.removeprefix("channel/"), f.variant or "", f.numbers.get("minutes"), f.is_open)
        for f in said(golden.z3(), as_of)
    ]


UNSIGNED = ("V21", "red", "platform:web", "unsigned", None, False)
TOO_EARLY = ("V21", "red", "contribution-base:window", "stopped-early", None, False)
NO_LAW = ("V20", "yellow", "contribution-base:window", "stopped", None)
SENT_ON = ("V20", "yellow", "contribution-base:window", "only-online", None, False)
NOWHERE = ("V19", "red", "contribution-base:window", "")
DOWN = "platform:web", "outage"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-08-02 17:00", []),  # Sunday
        ("2020-08-03 08:59", [UNSIGNED]),  # Monday
        ("2020-08-03 09:40", [(*NO_LAW, True), UNSIGNED]),  # eight minutes of failures are none yet
        ("2020-08-03 09:47", [("V18", "yellow", *DOWN, 15, True), (*NO_LAW, True), UNSIGNED]),
        ("2020-08-03 10:01", [("V18", "yellow", *DOWN, 29, True), (*NO_LAW, True), UNSIGNED]),
        (
            "2020-08-03 10:02",
            [("V18", "yellow", *DOWN, 30, True), (*NOWHERE, 30, True), (*NO_LAW, True), UNSIGNED],
        ),
        (
            "2020-08-03 17:00",
            [("V18", "red", *DOWN, 136, False), (*NOWHERE, 136, False), (*NO_LAW, True), SENT_ON, UNSIGNED],
        ),
        (
            "2020-08-05 17:00",  # Wednesday
            [
                ("V18", "red", *DOWN, 136, False),
                ("V18", "yellow", *DOWN, 18, False),
                ("V18", "yellow", *DOWN, 60, False),
                (*NOWHERE, 136, False),
                (*NO_LAW, False),
                SENT_ON,
                TOO_EARLY,
                UNSIGNED,
            ],
        ),
    ],
)
def test_z3_finds_a_platform_that_went_live_too_early_and_a_counter_that_stopped(
    as_of: str, expected: list[tuple[object, ...]]
) -> None:
    found = of_z3(as_of)
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_z3_names_the_office_and_never_who_noted_it() -> None:
    found = said(golden.z3(), "2020-08-05 17:00")
    assert {f.office for f in found} == {"social-insurance"}
    assert {(f.rule, f.variant, f.actor) for f in found if f.actor} == {
        ("V20", "stopped", "p1"),
        ("V21", "unsigned", "p1"),
        ("V21", "stopped-early", "p1"),
    }


def test_z3_is_the_same_on_duckdb() -> None:
    log = log_at(golden.z3(), datetime.fromisoformat("2020-08-05 17:00"), LIMITS)
    with on_engine(log, "duckdb") as other:
        assert judge(other, all_rules()).findings == judge(log, all_rules()).findings
