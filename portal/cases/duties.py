"""Who may take a step of a case: the case as a target of the one policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from portal.accounts.agents.queries import agents_of, is_authorised, require_authorised
from portal.accounts.policy import Target, may, require
from portal.basis import By, Role
from portal.cases.model import TRANSITIONS, Acceptance, Attempt, Case, Step, Submission, is_possible
from portal.catalogue.model import ItemVersion


def target_of(
    case: Case, version: ItemVersion, *, proposed_by: str | None = None, agents: frozenset[str] | None = None
) -> Target:
    return Target(
        owner=case.applicant,
        agents=agents_of(case.authorisation) if agents is None else agents,
        office=case.holder.office,
        offered_to=case.passing.to_office if case.passing else None,
        handlers=case.handlers,
        acceptor=case.acceptor,
        reviewers=case.reviewers,
        decider=case.decider,
        handed_over_by=case.passing.by if case.passing else None,
        proposed_by=proposed_by,
        is_graded=version.is_graded,
        is_instant=case.acceptance is Acceptance.INSTANT,
    )


def target_for(by: By, case: Case, version: ItemVersion, on: date) -> Target:
    """As this person meets it: an agent is one only under an authorisation that holds on that day."""
    agents = None
    if by.role is Role.AGENT:
        is_agent = is_authorised(by, case.applicant, version.code, on)
        agents = frozenset({by.actor} if is_agent else ())
    return target_of(case, version, agents=agents)


def may_take(by: By, step: Step, case: Case, version: ItemVersion, on: date) -> bool:
    return may(by, step.value, target_for(by, case, version, on))


def steps_open_to(
    by: By, case: Case, version: ItemVersion, *, at: datetime, on: date, expiry: Mapping[str, date]
) -> tuple[Step, ...]:
    """What this person may do now, in the order of the life cycle; ``expiry`` is the next due day of each clock."""
    target, listed = target_for(by, case, version, on), TRANSITIONS[case.state]
    return tuple(
        step
        for step in Step
        if step in listed
        and may(by, step.value, target)
        and is_possible(Attempt(case, step, by, at, on, version, expiry=expiry))
    )


def require_step(by: By, step: Step, case: Case, version: ItemVersion, on: date) -> None:
    """:raises NotAllowed: this role may not take the step, or not in this case.
    :raises Refusal: an agent's authorisation does not hold; the message says why.
    """
    agents = _agents(by, case.applicant, version.code, on) if by.role is Role.AGENT else None
    require(by, step.value, target_of(case, version, agents=agents))


def require_new(by: By, submission: Submission, office: str, on: date) -> None:
    agents = agents_of(submission.authorisation)
    if by.role is Role.AGENT:
        agents = _agents(by, submission.applicant, submission.item, on)
    require(by, Step.SUBMIT.value, Target(owner=submission.applicant, agents=agents, office=office))


def _agents(by: By, principal: str, item: str, on: date) -> frozenset[str]:
    """Who acts as an agent must name an authorisation that holds."""
    require_authorised(by, principal, item, on)
    return frozenset({by.actor})
