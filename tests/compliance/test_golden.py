"""The golden scenarios, exactly: what the engine says at each moment is everything it may say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from portal.compliance.engine import Finding, judge
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
