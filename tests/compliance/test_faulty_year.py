"""Every seeded fault is found, named and measured, and nothing else is said."""

from __future__ import annotations

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.log import Log
from portal.compliance.registry import all_rules
from tests.years.faulty import KINDS, FaultySet, faulty_set
from tests.years.judging import log_at, missed, unasked_for

CODES = sorted(KINDS)


@pytest.fixture(scope="module")
def faulty() -> FaultySet:
    return faulty_set()


@pytest.fixture(scope="module")
def log(faulty: FaultySet) -> Log:
    return log_at(faulty.rows, faulty.as_of)


@pytest.fixture(scope="module")
def findings(log: Log) -> list[Finding]:
    return judge(log, all_rules(), counting=False).findings


def test_the_set_covers_the_kinds_about_cases_and_those_about_halls() -> None:
    assert [f"V{n:02}" for n in (*range(1, 17), 23, 24, 25, 50, 51, 52)] == CODES
    assert set(CODES) <= {rule.code for rule in all_rules()}


@pytest.mark.parametrize("code", CODES)
def test_there_are_at_least_twenty_variants_of_each_kind(code: str, faulty: FaultySet) -> None:
    assert len([fault for fault in faulty.faults if fault.code == code]) >= 20


@pytest.mark.parametrize("code", CODES)
def test_every_fault_is_found_with_its_numbers(code: str, faulty: FaultySet, findings: list[Finding]) -> None:
    assert missed(faulty, findings, code) == []


def test_no_false_alarm_is_raised_beside_them(faulty: FaultySet, findings: list[Finding]) -> None:
    assert unasked_for(faulty, findings) == []


def test_each_finding_names_an_office_a_rule_version_and_events(faulty: FaultySet, findings: list[Finding]) -> None:
    seqs = {row["seq"] for row in faulty.rows}
    # a case that no office ever received names none: the office is the item's
    unreceived = {fault.subject for fault in faulty.faults if fault.office is None}
    assert [f for f in findings if not f.office and f.subject not in unreceived] == []
    assert [f for f in findings if f.version < 1 or not f.calendar or not {f.first_seq, f.last_seq} <= seqs] == []


def test_the_accused_is_never_a_citizen(findings: list[Finding]) -> None:
    assert [f for f in findings if (f.actor or "").startswith(("applicant", "system"))] == []
