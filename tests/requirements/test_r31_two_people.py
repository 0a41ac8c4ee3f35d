"""R31: what needs two people is not done by one, whichever posts this one holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.accounts.policy import Act, Target, may
from portal.basis import By, NotAllowed, Role
from portal.cases import operations, queries
from portal.cases.model import ApprovalMissing, CaseState, Step
from portal.store import reading, transaction
from tests.cases.city import MONDAY, Staff, at, case_maker, employ

NOW = at("Monday 2026-03-02 15:00")
PROPOSALS: list[tuple[Step, CaseState, str, Role, dict[str, Any]]] = [
    (Step.NOTICE_CORRECTION, CaseState.CORRECTING, "clerk", Role.SUPERVISOR, {"demands": ("process",)}),
    (Step.PAUSE, CaseState.REVIEWING, "reviewer", Role.SUPERVISOR, {"pause_type": "test", "days": 3}),
    (Step.EXTEND, CaseState.REVIEWING, "reviewer", Role.HEAD, {"clock": "decide", "days": 5, "reason": "laboratory"}),
    (Step.TERMINATE, CaseState.REVIEWING, "decider", Role.SUPERVISOR, {"reason": "the firm is gone"}),
]
IDS = [step.value for step, *_ in PROPOSALS]


@pytest.fixture
def staff(sqlite_database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


def kinds_of(number: str) -> list[str]:
    with reading():
        return [entry.event.kind for entry in queries.case_page(number, at=NOW).timeline]


@pytest.mark.parametrize(("step", "state", "role", "consents", "facts"), PROPOSALS, ids=IDS)
def test_whoever_proposes_does_not_consent_not_even_in_another_post(
    step: Step, state: CaseState, role: str, consents: Role, facts: dict[str, Any], staff: Staff
) -> None:
    number, by = case_maker(staff)(to=state, person="citizen-1"), staff.by(role)
    with transaction():
        proposal = operations.propose(number, step, by=by, at=NOW, **facts)
    before = kinds_of(number)
    for alone in (by, replace(by, role=consents, post=f"market-supervision.{consents.value}.1")):
        with pytest.raises(NotAllowed), transaction():
            operations.approve(proposal, by=alone, at=NOW)
    assert kinds_of(number) == before
    with transaction():
        operations.approve(proposal, by=staff.by(consents.value, which=2), at=NOW)
    assert len(kinds_of(number)) == len(before) + 1


@pytest.mark.parametrize(("step", "state", "role", "consents", "facts"), PROPOSALS, ids=IDS)
def test_nobody_writes_the_step_with_a_name_instead_of_a_consent(
    step: Step, state: CaseState, role: str, consents: Role, facts: dict[str, Any], staff: Staff
) -> None:
    number, by = case_maker(staff)(to=state, person="citizen-1"), staff.by(role)
    named = staff.by(consents.value, which=2).actor
    approvers: list[dict[str, Any]] = [{}, {"approved_by": named}, {"approved_by": by.actor}]
    for approver in approvers:
        with pytest.raises(ApprovalMissing), transaction():
            operations.record(number, step, by=by, at=NOW, **(facts | approver))


def test_a_consent_to_one_case_is_not_spent_on_another(staff: Staff) -> None:
    make, by = case_maker(staff), staff.by("reviewer")
    first, second = (make(to=CaseState.REVIEWING, person=f"citizen-{n}", moment=MONDAY) for n in (1, 2))
    with transaction():
        proposal = operations.propose(first, Step.PAUSE, by=by, at=NOW, pause_type="test", days=3)
        operations.approve(proposal, by=staff.by("supervisor"), at=NOW)
    with pytest.raises(ApprovalMissing), transaction():
        operations.record(second, Step.PAUSE, by=by, at=NOW, pause_type="test", days=3, consent=proposal)


@pytest.mark.parametrize(
    ("act", "role", "target"),
    [
        (Act.CLEAR_FINDING, Role.AUDITOR, Target(accused="u-1")),
        (Act.CHANGE_FINDING, Role.AUDITOR, Target(accused="u-1")),
        (Act.PUBLISH_CATALOGUE, Role.CATALOGUE_PUBLISHER, Target(proposed_by="u-1")),
    ],
)
def test_nobody_clears_a_finding_against_himself_or_publishes_his_own_draft(
    act: Act, role: Role, target: Target
) -> None:
    assert not may(By("u-1", role), act, target)
    assert may(By("u-2", role), act, target)
