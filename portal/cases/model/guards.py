"""Guards: what cannot be is refused here. What should not have been is recorded all the same, and becomes a finding.

These guards look at the case alone, so that a page can leave out a step that would be refused; those in ``demands``
look at what was given with the step. A guard raises; one that returns has nothing against the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from portal.basis import N_, Bilingual, By, Refusal, Role
from portal.cases.model.case import Acceptance, Case
from portal.cases.model.facts import Facts
from portal.cases.model.fold import goal_of
from portal.cases.model.refusals import DutiesNotSeparated, NotReady
from portal.cases.model.states import CaseState, Step
from portal.catalogue.model.items import ItemVersion

BAD_SCORE = 2  # 不满意 and 非常不满意 are bad ratings (差评)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step about to be taken. ``on`` is the local date, ``expiry`` the day each open clock first runs out,
    ``approver_roles`` the posts that the person named in ``approved_by`` holds that day."""

    case: Case
    step: Step
    by: By
    at: datetime
    on: date
    version: ItemVersion
    facts: Facts = field(default_factory=dict)
    expiry: Mapping[str, date] = field(default_factory=dict)
    approver_roles: frozenset[Role] = frozenset()


Guard = Callable[[Attempt], None]


def standing_refusal(attempt: Attempt) -> Refusal | None:
    """Why this person cannot take the step, whatever facts come with it; None if nothing stands against it."""
    try:
        for guard in STANDING.get(attempt.step, ()):
            guard(attempt)
    except Refusal as refusal:
        return refusal
    return None


def is_possible(attempt: Attempt) -> bool:
    is_in_table = goal_of(attempt.case, attempt.step, {"is_complete": True}) is not None
    return is_in_table and standing_refusal(attempt) is None


# --- standing -----------------------------------------------------------------------------------------------------
def _only_the_paper_is_missing(attempt: Attempt) -> None:
    case = attempt.case
    if case.is_accepted and (case.acceptance is not Acceptance.DEEMED or case.has_acceptance_paper):
        raise NotReady(N_("The case is accepted already; go on with its review."))


def _has_promise_way(attempt: Attempt) -> None:
    if not attempt.version.has_promise_way:
        raise NotReady(N_("This item is not granted on a promise (告知承诺); accept it in the ordinary way."))


def _has_deferrable_material(attempt: Attempt) -> None:
    if not deferrable(attempt.case, attempt.version):
        raise NotReady(N_("No material of this item may follow later; ask for what is missing in one notice."))


def _allows_pauses(attempt: Attempt) -> None:
    if not allowed_pauses(attempt.case, attempt.version):
        raise NotReady(N_("This item allows no special procedure; the limit runs on."))


def _allows_an_extension(attempt: Attempt) -> None:
    if not extendable(attempt.case, attempt.version) & set(attempt.expiry):
        raise NotReady(N_("No clock that is running may be extended: the item allows it once at most."))


def _something_is_owed(attempt: Attempt) -> None:
    if not attempt.case.deferred:
        raise NotReady(N_("No deferred material is owed in this case."))


def _nothing_is_owed(attempt: Attempt) -> None:
    if attempt.case.deferred:
        raise NotReady(
            N_("The result is held until the deferred material is handed in: %(codes)s."),
            values={"codes": names_of(attempt.case.deferred, attempt.version)},
        )


def _was_promised(attempt: Attempt) -> None:
    if attempt.case.acceptance is not Acceptance.PROMISE:
        raise NotReady(N_("Only a case accepted on a promise is checked afterwards."))


def _was_objected(attempt: Attempt) -> None:
    if attempt.case.passing is None and attempt.case.returns <= attempt.case.objections_upheld:
        raise NotReady(N_("Nobody has objected to a hand-over of this case."))


def _is_granted(attempt: Attempt) -> None:
    if attempt.case.conclusion != "grant" and attempt.case.state is not CaseState.DEEMED_RENEWED:
        raise NotReady(N_("A licence is produced only when the case was granted."))


def _reviewer_is_not_acceptor(attempt: Attempt) -> None:
    if attempt.version.is_graded and attempt.by.actor == attempt.case.acceptor:
        raise DutiesNotSeparated(N_("Who accepted a graded case cannot review it; assign another reviewer."))


def _decider_is_another(attempt: Attempt) -> None:
    case = attempt.case
    if not attempt.version.is_graded or case.acceptance is Acceptance.INSTANT:
        return
    if attempt.by.actor == case.acceptor or attempt.by.actor in case.reviewers:
        raise DutiesNotSeparated(N_("Who accepted or reviewed a graded case cannot decide it."))
    if not case.opinions and case.acceptance is not Acceptance.PROMISE:
        raise NotReady(N_("A graded case is decided on a review; record the reviewer's opinion first."))


def _is_not_rated(attempt: Attempt) -> None:
    if attempt.case.score is not None:
        raise NotReady(N_("This case has been rated; a case is rated once."))


def _is_badly_rated(attempt: Attempt) -> None:
    if attempt.case.score is None or attempt.case.score > BAD_SCORE:
        raise NotReady(N_("Only a bad rating is followed up."))


STANDING: Final[Mapping[Step, tuple[Guard, ...]]] = {
    Step.ACCEPT: (_only_the_paper_is_missing,),
    Step.ACCEPT_PROMISE: (_has_promise_way,),
    Step.ACCEPT_TOLERANTLY: (_has_deferrable_material,),
    Step.SUPPLY: (_something_is_owed,),
    Step.POST_CHECK: (_was_promised,),
    Step.UPHOLD_OBJECTION: (_was_objected,),
    Step.PAUSE: (_allows_pauses,),
    Step.EXTEND: (_allows_an_extension,),
    Step.REVIEW: (_reviewer_is_not_acceptor,),
    Step.DECIDE: (_decider_is_another,),
    Step.PRODUCE_LICENCE: (_is_granted,),
    Step.DELIVER: (_nothing_is_owed,),
    Step.RATE: (_is_not_rated,),
    Step.CONTACT_RATER: (_is_badly_rated,),
    Step.FIX_RATING: (_is_badly_rated,),
}


def allowed_pauses(case: Case, version: ItemVersion) -> frozenset[str]:
    return frozenset(kind.value for limit in version.limits_for(case.situation) for kind in limit.pauses)


def extendable(case: Case, version: ItemVersion) -> set[str]:
    """Names of the clocks that the item lets extend and that have not been extended yet."""
    limits = version.limits_for(case.situation)
    return {limit.clock for limit in limits if limit.extension is not None} - case.extensions


def names_of(codes: Iterable[str], version: ItemVersion) -> tuple[Bilingual | str, ...]:
    """The names of materials, by which people know them; what the item does not know has its code alone."""
    found = {code: version.material(code) for code in sorted(codes)}
    return tuple(material.name if material else code for code, material in found.items())


def deferrable(case: Case, version: ItemVersion) -> frozenset[str]:
    return frozenset(material.code for material in version.materials_for(case.situation) if material.may_follow_later)
