"""Golden scenario Z5: a hall closes with seven people waiting, each holding a number."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.registry import all_rules
from tests.years import golden
from tests.years.judging import log_at


def said(as_of: str) -> list[Finding]:
    return judge(log_at(golden.z5(), datetime.fromisoformat(as_of), []), all_rules()).findings


@pytest.mark.parametrize("as_of", ["2020-09-25 16:50", "2020-09-25 17:00"])
def test_z5_is_silent_while_the_hall_is_open(as_of: str) -> None:
    assert said(as_of) == []


def test_z5_tells_seven_broken_promises_each_of_them_red() -> None:
    found = said("2020-09-25 17:30")
    assert [(f.rule, f.severity, f.office, f.variant) for f in found] == [
        ("V23", "red", "social-insurance", "unserved")
    ] * 7
    assert [f.subject for f in found] == [f"ticket/wulin-20200925-A{n:03}" for n in range(6, 13)]
    assert {f.numbers["unserved"] for f in found} == {7}
    assert {(f.numbers["cause"], f.numbers["fault_window"]) for f in found} == {("window-withdrawn", "w2")}
    assert all(f.actor is None and not f.is_open for f in found)


def test_z5_shows_the_number_and_the_closing_as_its_evidence() -> None:
    rows = golden.z5()
    issued = {row["subject"]: row["seq"] for row in rows if row["kind"] == "ticket-issued"}
    ended = {row["subject"]: row["seq"] for row in rows if row["kind"] == "ticket-closed-unserved"}
    assert {(f.subject, f.first_seq, f.last_seq) for f in said("2020-09-25 17:30")} == {
        (subject, issued[subject], ended[subject]) for subject in ended
    }


@pytest.mark.parametrize("as_of", ["2020-09-26 09:00", "2020-10-09 12:00"])
def test_z5_stays_what_it_was_when_they_are_served_the_next_day(as_of: str) -> None:
    assert [f.key for f in said(as_of)] == [f.key for f in said("2020-09-25 17:30")]


def test_z5_would_be_told_although_the_hall_kept_silent() -> None:
    rows = [row for row in golden.z5() if row["kind"] not in ("ticket-closed-unserved", "hall-closed")]
    found = judge(log_at(rows, datetime(2020, 9, 25, 17, 1), []), all_rules()).findings
    assert [(f.rule, f.severity, f.variant) for f in found] == [("V23", "red", "silent")] * 7
