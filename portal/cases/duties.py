"""Who may take a step of a case: the case as a target of the one policy."""

from __future__ import annotations

from portal.accounts.policy import Target, may, require
from portal.basis import By
from portal.cases.model import Acceptance, Case, Step, Submission
from portal.catalogue.model import ItemVersion


def target_of(case: Case, version: ItemVersion, *, proposed_by: str | None = None) -> Target:
    return Target(
        owner=case.applicant,
        agents=frozenset({case.authorisation} if case.authorisation else ()),
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


def may_take(by: By, step: Step, case: Case, version: ItemVersion) -> bool:
    return may(by, step.value, target_of(case, version))


def require_step(by: By, step: Step, case: Case, version: ItemVersion) -> None:
    """:raises NotAllowed: this role may not take the step, or not in this case."""
    require(by, step.value, target_of(case, version))


def require_new(by: By, submission: Submission, office: str) -> None:
    agents = frozenset({submission.authorisation} if submission.authorisation else ())
    require(by, Step.SUBMIT.value, Target(owner=submission.applicant, agents=agents, office=office))
