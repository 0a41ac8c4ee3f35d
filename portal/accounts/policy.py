"""What each role may do, and to what: one pure function, and whatever it does not name is denied.

Two things must hold. The role is granted the act in a relation to its target (one's own matter, one's own office, a
hand-over to one's office …), and no bar stands against it. Bars keep duties apart: nobody reviews, decides, rates or
clears what he did himself, and no official acts on a matter of his own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.accounts.grants import GRANTS, Act, Relation
from portal.basis import N_, By, NotAllowed, Role

__all__ = ["NOTHING", "Act", "Target", "may", "require"]


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is about, as far as the policy asks. People are account ids, offices are codes.

    ``handlers`` are all who worked on it; ``offered_to`` is the office that has not acknowledged a hand-over yet;
    ``proposed_by`` is who made what is now to be approved, published or judged; ``accused`` whom a finding names.
    ``is_graded`` marks items whose steps need different people, ``is_instant`` a case decided in one visit (即办).
    """

    owner: str | None = None
    agents: frozenset[str] = frozenset()
    office: str | None = None
    offered_to: str | None = None
    handlers: frozenset[str] = frozenset()
    acceptor: str | None = None
    reviewers: frozenset[str] = frozenset()
    decider: str | None = None
    handed_over_by: str | None = None
    accused: str | None = None
    proposed_by: str | None = None
    is_graded: bool = False
    is_instant: bool = False


NOTHING: Final = Target()


def may(by: By, act: Act | str, target: Target = NOTHING) -> bool:
    try:
        named = Act(act)
    except ValueError:
        return False  # what nobody has listed, nobody may do
    relation = GRANTS.get(named, {}).get(by.role)
    if relation is None or not _STANDS[relation](by, target):
        return False
    return not any(is_barred(by, target) for is_barred in (_is_own_matter, *_BARS.get(named, ())))


def require(by: By, act: Act | str, target: Target = NOTHING) -> None:
    """:raises NotAllowed: this role may not do that here; the message tells nothing about the target."""
    if not may(by, act, target):
        raise NotAllowed(N_("You may not do that here. If it is part of your work, ask whoever appoints to posts."))


_Question = Callable[[By, Target], bool]


def _is_own_office(by: By, target: Target) -> bool:
    return by.office is not None and by.office == target.office


def _is_receiver(by: By, target: Target) -> bool:
    return by.office is not None and by.office == target.offered_to


_STANDS: Final[Mapping[Relation, _Question]] = {
    Relation.ANY: lambda _by, _target: True,
    Relation.OWNER: lambda by, target: by.actor == target.owner,
    Relation.AGENT: lambda by, target: by.actor in target.agents,
    Relation.OWN_OFFICE: _is_own_office,
    Relation.RECEIVER: _is_receiver,
    Relation.CONCERNED: lambda by, target: _is_own_office(by, target) or _is_receiver(by, target),
    Relation.OTHER_OFFICE: lambda by, target: by.office is not None and target.office not in (None, by.office),
}


def _is_own_matter(by: By, target: Target) -> bool:
    """An official whose own application it is goes to the citizen's door like everybody else."""
    is_official = by.role not in (Role.APPLICANT, Role.AGENT, Role.SYSTEM)
    return is_official and (by.actor == target.owner or by.actor in target.agents)


def _accepted_it(by: By, target: Target) -> bool:
    return by.actor == target.acceptor


def _decided_it(by: By, target: Target) -> bool:
    return by.actor == target.decider


def _worked_on_it(by: By, target: Target) -> bool:
    return (
        by.actor in target.handlers
        or by.actor in target.reviewers
        or _accepted_it(by, target)
        or _decided_it(by, target)
    )


def _reviews_own_acceptance(by: By, target: Target) -> bool:
    """Graded items (分级): 社保经办条例 第三十七条."""
    return target.is_graded and _accepted_it(by, target)


def _reviews_own_decision(by: By, target: Target) -> bool:
    """After a re-opening, on graded items."""
    return target.is_graded and _decided_it(by, target)


def _decides_own_work(by: By, target: Target) -> bool:
    """An instant case of low risk is accepted and decided in one visit; it is the only exception."""
    did_before = _accepted_it(by, target) or by.actor in target.reviewers
    return target.is_graded and not target.is_instant and did_before


def _decides_without_the_power(by: By, target: Target) -> bool:
    """A clerk decides at the window only what is instant."""
    return by.role is Role.CLERK and not target.is_instant


def _extends_own_work(by: By, target: Target) -> bool:
    """A reviewer writes an extension down with the head's consent; a head who worked on the case cannot consent."""
    return by.role is Role.HEAD and _worked_on_it(by, target)


def _pauses_own_work(by: By, target: Target) -> bool:
    """The same for a supervisor and a special procedure."""
    return by.role is Role.SUPERVISOR and _worked_on_it(by, target)


def _proposed_it(by: By, target: Target) -> bool:
    return by.actor == target.proposed_by


def _handed_it_over(by: By, target: Target) -> bool:
    return by.actor == target.handed_over_by


def _is_accused(by: By, target: Target) -> bool:
    return by.actor == target.accused


def _is_of_the_accused_office(by: By, target: Target) -> bool:
    """Without an office named, nobody is of it."""
    return by.office is not None and by.office == target.office


# Nobody judges a finding against himself, his office or his post, nor a step of the procedure that was his own.
_IMPARTIAL: Final = (_is_accused, _is_of_the_accused_office, _worked_on_it, _proposed_it)

_BARS: Final[Mapping[Act, tuple[_Question, ...]]] = {
    Act.REVIEW: (_reviews_own_acceptance, _reviews_own_decision),
    Act.DECIDE: (_decides_own_work, _decides_without_the_power),
    Act.POST_CHECK: (_accepted_it, _decided_it),
    Act.EXTEND: (_extends_own_work,),
    Act.PAUSE: (_pauses_own_work,),
    Act.RATE: (_worked_on_it,),
    Act.WITHDRAW: (_worked_on_it,),  # who would be rid of the case does not write down that it was given up
    Act.UPHOLD_OBJECTION: (_handed_it_over,),
    Act.LINK_OUTAGE: (_worked_on_it,),
    Act.MARK_DUPLICATE: (_worked_on_it,),
    Act.MARK_TEST: (_worked_on_it,),
    Act.APPROVE_SECOND_NOTICE: (_worked_on_it, _proposed_it),
    Act.APPROVE_PAUSE: (_worked_on_it, _proposed_it),
    Act.APPROVE_EXTENSION: (_worked_on_it, _proposed_it),
    Act.APPROVE_TERMINATION: (_worked_on_it, _proposed_it),
    Act.RAISE_FINDING: (_is_accused,),
    Act.CHANGE_FINDING: (_is_accused,),
    Act.CLEAR_FINDING: (_is_accused,),
    Act.CONFIRM_FINDING: _IMPARTIAL,
    Act.DECIDE_APPEAL: _IMPARTIAL,
    Act.ORDER_RECTIFICATION: _IMPARTIAL,
    Act.EXTEND_RECTIFICATION: _IMPARTIAL,
    Act.RECHECK_RECTIFICATION: _IMPARTIAL,
    Act.WITHDRAW_RECTIFICATION: _IMPARTIAL,
    Act.PROPOSE_DISMISSAL: _IMPARTIAL,
    Act.DISMISS_FINDING: _IMPARTIAL,
    Act.REFUSE_DISMISSAL: _IMPARTIAL,
    Act.PUBLISH_FINDING: _IMPARTIAL,
    Act.PUBLISH_CATALOGUE: (_proposed_it,),
    Act.SIGN_GOLIVE: (_proposed_it,),
}
