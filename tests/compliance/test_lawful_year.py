"""A year in which everybody keeps the law gives no card: the price of every rule is that it never cries wolf."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.compliance.engine import Finding
from portal.compliance.rule import Severity
from tests.years.journal import Row
from tests.years.judging import findings_of, log_at
from tests.years.lawful import ASKINGS, CASES, Year, lawful_year

# The kinds without which a guard of the catalogue would not have been put to use.
GUARDS = {
    "paused", "resumed", "extended", "outage-linked", "wait-requested", "withdrawn", "terminated", "reopened",
    "marked-duplicate", "marked-test", "collection-noticed", "correction-submitted", "deemed-withdrawn",
    "tolerantly-accepted", "supplied", "promise-accepted", "handover-acknowledged", "handover-returned",
    "objection-upheld", "designated", "chased", "inquiry-acknowledged", "inquiry-told", "inquiry-marked-unclear",
    "refused", "calendar-amended",
}  # fmt: skip


@pytest.fixture(scope="module")
def year() -> Year:
    return lawful_year()


@pytest.fixture(scope="module")
def findings(year: Year) -> list[Finding]:
    return findings_of(log_at(year.rows, year.as_of))


def test_ten_thousand_lawful_cases_give_no_yellow_and_no_red(findings: list[Finding]) -> None:
    cards = [finding for finding in findings if finding.severity is not Severity.NOTICE]
    assert cards == [], Counter(finding.rule for finding in cards)


def test_nor_do_they_give_a_single_hint(findings: list[Finding]) -> None:
    assert findings == []


def test_every_guard_was_put_to_use(year: Year) -> None:
    assert year.cases == 10_000
    assert set(_kinds(year.rows)) >= GUARDS
    assert len([row for row in year.rows if row["payload"].get("sync_batch")]) > 100
    assert len(CASES) + len(ASKINGS) > 40


def test_the_same_seed_gives_the_same_year() -> None:
    one, other = lawful_year(7, 200), lawful_year(7, 200)
    assert one.rows == other.rows
    assert one.rows != lawful_year(8, 200).rows


@pytest.mark.parametrize("seed", [1, 22, 333])
def test_other_years_are_as_quiet(seed: int) -> None:
    year = lawful_year(seed, 1_500)
    assert findings_of(log_at(year.rows, year.as_of)) == []


def _kinds(rows: list[Row]) -> Counter[str]:
    return Counter(row["kind"] for row in rows)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2001, 2011))
def test_ten_whole_years_are_as_quiet(seed: int) -> None:
    year = lawful_year(seed, 10_000)
    assert findings_of(log_at(year.rows, year.as_of)) == []
