"""How a case ended, what was decided and what the applicant says of it are told apart; no change of state is silent."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from portal.basis import By
from portal.cases import operations, queries
from portal.cases.model import Case, CaseState, Step
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.cases.city import Maker, Staff, applicant, at, employ

LATER = at("Monday 2026-03-02 12:00")
WALKED = [
    CaseState.CORRECTING,
    CaseState.ACCEPTED,
    CaseState.REVIEWING,
    CaseState.PAUSED,
    CaseState.HANDED_OVER,
    CaseState.DECIDED,
    CaseState.PRODUCED,
    CaseState.DELIVERED,
    CaseState.REFUSED,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
]


@pytest.fixture
def staff(sqlite_database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


def record(number: str, step: Step, by: By, when: datetime, **facts: Any) -> None:
    with transaction():
        operations.record(number, step, by=by, at=when, **facts)


def case_of(number: str) -> Case:
    with reading():
        return queries.case_page(number, at=LATER).case


def test_outcome_delivery_and_the_applicants_verdict_are_three_facts(make_case: Maker) -> None:
    number = make_case(to=CaseState.DECIDED, person="citizen-1")
    assert (case_of(number).conclusion, case_of(number).delivered_at, case_of(number).score) == ("grant", None, None)
    number = make_case(to=CaseState.DELIVERED, person="citizen-1")
    delivered_at = case_of(number).delivered_at
    assert delivered_at is not None
    record(number, Step.RATE, applicant(), LATER, score=1)
    rated = case_of(number)
    assert (rated.conclusion, rated.delivered_at, rated.score) == ("grant", delivered_at, 1)


def test_a_case_that_ended_without_a_decision_has_no_outcome(make_case: Maker) -> None:
    for state in (CaseState.WITHDRAWN, CaseState.TERMINATED, CaseState.REFUSED):
        case = case_of(make_case(to=state))
        assert (case.state, case.conclusion, case.score) == (state, None, None)
        assert case.closed_at is not None


def test_reopening_erases_neither_the_decision_nor_why_it_was_opened_again(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.DELIVERED)
    before = case_of(number)
    record(number, Step.REOPEN, staff.by("supervisor"), LATER, reason="wrong address")
    after = case_of(number)
    assert (after.submitted_at, after.counted_from) == (before.submitted_at, before.counted_from)
    with reading():
        events = ledger.events(f"case/{number}")
    assert [event.kind for event in events][-3:] == ["decided", "delivered", "reopened"]
    assert events[-1].payload["reason"] == "wrong address"


@pytest.mark.parametrize("state", WALKED, ids=str)
def test_every_change_of_state_leaves_an_entry_that_the_applicant_sees(make_case: Maker, state: CaseState) -> None:
    number = make_case(to=state)
    with reading():
        page, events = queries.case_page(number, at=LATER), ledger.events(f"case/{number}")
    assert page.timeline[-1].state is page.case.state is state
    assert [entry.event.seq for entry in page.timeline] == [event.seq for event in events]
    changed = [after for before, after in pairwise(page.timeline) if after.state is not before.state]
    assert len(changed) >= 2
    assert [entry for entry in changed if not (entry.title and entry.is_visible_to_applicant)] == []
