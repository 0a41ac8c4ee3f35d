"""V35: what a policy promises reaches the firms that the data show to be entitled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v35_benefit_not_paid import RULE
from tests.compliance.record import event, found, on, record

Row = dict[str, Any]
OFFICE: Row = {"actor": "wang", "role": "clerk", "office": "policy-office"}
PAYER: Row = {"actor": "cashier", "role": "clerk", "office": "policy-office"}
FIRM: Row = {"actor": "firm", "role": "applicant", "office": None}
TREASURY: Row = {"actor": "chen", "role": "clerk", "office": "treasury"}


def note(kind: str, when: str, **facts: Any) -> Row:
    return event(kind, when, **{"subject": "entitlement/p1:f1", "item_version": None, **OFFICE} | facts)


def eligible(when: str = "Tuesday 2020-09-29 10:00", **facts: Any) -> Row:
    known = {"policy_office": "policy-office", "amount_fen": 100_000, "is_instant": True, "actor": "portal",
             "role": "system"}  # fmt: skip
    return note("eligibility-found", when, **known | facts)


def paid(when: str, fen: int = 100_000, **facts: Any) -> Row:
    return note("benefit-paid", when, amount_fen=fen, **PAYER | facts)


def reached(when: str = "Tuesday 2020-09-29 11:00", **facts: Any) -> Row:
    return note("beneficiary-contacted", when, **{"is_reached": True} | facts)


def judged(*rows: Row, as_of: str) -> list[Finding]:
    return found(record(sorted(rows, key=lambda row: row["occurred_at"]), as_of=as_of), RULE)


def said(*rows: Row, as_of: str) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows, as_of=as_of)]


NOT_PAID = [("yellow", "not-paid")]


@pytest.mark.parametrize(
    ("found_at", "facts", "due"),
    [
        ("Tuesday 2020-09-29 10:00", {}, "Wednesday 2020-09-30"),
        ("Wednesday 2020-09-30 10:00", {}, "Friday 2020-10-09"),  # 1 to 8 October are off
        ("Friday 2020-10-09 10:00", {}, "Saturday 2020-10-10"),  # a make-up working day
        ("Friday 2020-09-18 10:00", {}, "Monday 2020-09-21"),
        ("Wednesday 2020-09-30 10:00", {"within_days": 5}, "Wednesday 2020-10-14"),  # 9, 10, 12, 13, 14
        ("Wednesday 2020-09-30 10:00", {"within_days": 3, "is_instant": False}, "Monday 2020-10-12"),
    ],
)
def test_it_is_paid_by_the_end_of_the_last_working_day(found_at: str, facts: Row, due: str) -> None:
    rows = [eligible(found_at, **facts), reached(found_at)]
    assert judged(*rows, as_of=f"{due} 23:59") == []
    (finding,) = judged(*rows, as_of="Friday 2020-10-16 12:00")
    assert (finding.variant, finding.numbers["due_on"], finding.is_open) == ("not-paid", on(due), True)
    assert (finding.office, finding.post, finding.actor) == ("policy-office", None, None)
    assert judged(*rows, paid(f"{due} 23:59"), as_of="Friday 2020-10-16 12:00") == []


def test_a_policy_that_promises_no_day_has_no_clock_of_payment() -> None:
    assert judged(eligible(is_instant=False), reached(), as_of="Friday 2020-12-25 12:00") == []


@pytest.mark.parametrize(
    ("payments", "unpaid", "is_open"),
    [
        ([("Wednesday 2020-09-30 16:00", 60_000)], 40_000, True),
        ([("Wednesday 2020-09-30 16:00", 60_000), ("Friday 2020-10-09 16:00", 40_000)], 40_000, False),
        ([("Friday 2020-10-09 16:00", 99_999)], 100_000, True),
        ([("Friday 2020-10-09 16:00", 100_000)], 100_000, False),
    ],
)
def test_what_comes_late_closes_it_and_does_not_erase_it(
    payments: list[tuple[str, int]], unpaid: int, *, is_open: bool
) -> None:
    rows = [eligible(), reached(), *(paid(when, fen) for when, fen in payments)]
    (finding,) = judged(*rows, as_of="Friday 2020-10-16 12:00")
    assert (finding.numbers["unpaid_fen"], finding.is_open) == (unpaid, is_open)
    assert finding.numbers["cured_on"] == (None if is_open else on("Friday 2020-10-09"))
    assert finding.last_seq == 2 + len(payments)


def test_who_found_the_firm_eligible_does_not_say_himself_that_it_was_paid() -> None:
    rows = [eligible(actor="wang", role="clerk"), reached(), paid("Tuesday 2020-09-29 12:00", **OFFICE)]
    assert said(*rows, as_of="Friday 2020-10-16 12:00") == NOT_PAID


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([], "Thursday 2020-10-29 23:59", []),
        ([], "Friday 2020-10-30 00:00", [("yellow", "not-told")]),
        ([reached("Thursday 2020-10-29 23:59")], "Friday 2020-10-30 00:00", []),
        ([reached("Thursday 2020-10-29 10:00", is_reached=False)], "Friday 2020-10-30 00:00", [("yellow", "not-told")]),
        ([reached("Friday 2020-10-30 00:00")], "Friday 2020-10-30 12:00", [("yellow", "not-told")]),
        ([paid("Thursday 2020-10-29 10:00")], "Friday 2020-10-30 00:00", []),  # told by being paid
    ],
)
def test_who_is_on_the_list_is_told_within_a_month(
    rows: list[Row], as_of: str, expected: list[tuple[str, str]]
) -> None:
    assert said(eligible(is_instant=False), *rows, as_of=as_of) == expected


def test_the_conduct_begins_on_the_day_after_the_last_one() -> None:
    (untold,) = judged(eligible(is_instant=False), as_of="Monday 2020-11-02 12:00")
    (unpaid,) = judged(eligible(), reached(), as_of="Monday 2020-11-02 12:00")
    assert (untold.on, unpaid.on) == (date(2020, 10, 30), date(2020, 10, 1))


def test_neither_paid_nor_told_is_one_finding() -> None:
    assert said(eligible(), as_of="Monday 2020-11-02 12:00") == [("yellow", "neither")]


@pytest.mark.parametrize(
    ("when", "by", "expected"),
    [
        ("Wednesday 2020-09-30 16:00", FIRM, []),
        ("Thursday 2020-10-01 00:00", FIRM, NOT_PAID),  # when it was late already
        ("Wednesday 2020-09-30 16:00", OFFICE, NOT_PAID),
        ("Wednesday 2020-09-30 16:00", TREASURY, NOT_PAID),  # it is the firm's to decline
        ("Wednesday 2020-09-30 16:00", FIRM | {"actor": "wang"}, NOT_PAID),  # the clerk in the firm's name
    ],
)
def test_a_firm_may_decline(when: str, by: Row, expected: list[tuple[str, str]]) -> None:
    rows = [eligible(), reached(), note("entitlement-declined", when, **by)]
    assert said(*rows, as_of="Friday 2020-10-16 12:00") == expected


@pytest.mark.parametrize(
    ("when", "announced", "by", "expected"),
    [
        ("Wednesday 2020-09-30 16:00", "2020-09-30", TREASURY, []),
        ("Friday 2020-10-09 16:00", "2020-09-30", TREASURY, NOT_PAID),  # written down afterwards
        ("Wednesday 2020-09-30 16:00", "2020-10-01", TREASURY, NOT_PAID),
        ("Wednesday 2020-09-30 16:00", "2020-09-30", OFFICE, NOT_PAID),
        ("Wednesday 2020-09-30 16:00", None, TREASURY, NOT_PAID),  # never announced
    ],
)
def test_a_budget_that_is_used_up_excuses_if_it_was_announced_before(
    when: str, announced: str | None, by: Row, expected: list[tuple[str, str]]
) -> None:
    facts = {"announced_on": announced} if announced else {}
    rows = [eligible(), reached(), note("budget-exhausted", when, **facts, **by)]
    assert said(*rows, as_of="Friday 2020-10-16 12:00") == expected


def test_finding_the_firm_again_begins_no_new_clock() -> None:
    (finding,) = judged(eligible(), eligible("Friday 2020-10-09 10:00"), reached(), as_of="Friday 2020-10-09 12:00")
    assert (finding.first_seq, finding.numbers["due_on"]) == (1, on("Wednesday 2020-09-30"))


@pytest.mark.parametrize(
    ("found_at", "lowered"), [("Friday 2019-12-27 10:00", "source"), ("Tuesday 2019-12-31 10:00", None)]
)
def test_the_regulation_of_2020_is_the_ground(found_at: str, lowered: str | None) -> None:
    (finding,) = judged(eligible(found_at), reached(found_at), as_of="Wednesday 2020-01-08 12:00")
    assert (finding.severity.value, finding.lowered) == ("notice" if lowered else "yellow", lowered)


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        eligible(), paid("Friday 2020-10-09 16:00", 40_000), reached(),
        eligible(subject="entitlement/p1:f2"), note("entitlement-declined", "Friday 2020-10-09 16:00", **FIRM),
        note("budget-exhausted", "Friday 2020-10-09 17:00", announced_on="2020-10-09",
             subject="entitlement/p1:f2", **TREASURY),
    ]  # fmt: skip
    return record(sorted(rows, key=lambda row: row["occurred_at"]), as_of="Monday 2020-11-02 12:00")


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
