"""State is a fold of events, and nothing else ever changes a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from portal.cases.model.case import Case
from portal.cases.model.changes import CHANGES, NO_STAFF
from portal.cases.model.facts import Facts, facts_of
from portal.cases.model.states import ASIDE, CLOSED, STEP_OF, TRANSITIONS, CaseState, Move, Step
from portal.ledger.model import Event

_HANDLING: Final = frozenset({
    Step.RECEIVE, Step.NOTICE_CORRECTION, Step.ACCEPT, Step.ACCEPT_TOLERANTLY, Step.ACCEPT_PROMISE, Step.REFUSE,
    Step.HAND_OVER, Step.ACKNOWLEDGE, Step.RETURN_HANDOVER, Step.ASSIGN, Step.OPEN, Step.REVIEW, Step.CHECK_SITE,
    Step.DECIDE, Step.PRODUCE_LICENCE, Step.DELIVER,
})  # fmt: skip
SUBSTANTIVE: Final = _HANDLING - {Step.ASSIGN} | frozenset({
    Step.SUBMIT, Step.SUBMIT_CORRECTION, Step.SUPPLY, Step.GIVE_JOINT_OPINION, Step.DEEM_ACCEPTED, Step.PAUSE,
    Step.RESUME, Step.REOPEN,
})  # fmt: skip
"""What moves a case on (V12); an assignment counts once a case, a view, a comment or a reminder never."""


class BrokenHistory(RuntimeError):
    """The ledger holds a step that its predecessors do not allow: it was not written by this portal's operations."""


def fold(events: Iterable[Event], *, number: str = "") -> Case:
    """Return the case that these events (of one subject, in order of ``seq``) have made."""
    case = Case(number)
    for event in events:
        case = then(case, event)
    return case


def then(case: Case, event: Event) -> Case:
    """:raises BrokenHistory: the step cannot follow; the ledger was written around the operations."""
    step, facts = STEP_OF[event.kind], facts_of(event)
    goal = goal_of(case, step, facts)
    if goal is None:
        raise BrokenHistory(f"{event.subject}: {event.kind} (seq {event.seq}) cannot follow the state {case.state}")
    changes: dict[str, Any] = {
        "number": case.number or event.subject.partition("/")[2],
        "state": goal,
        "last_at": event.occurred_at,
        "last_seq": event.seq,
    }
    if goal in ASIDE and case.state not in ASIDE:
        changes["before"] = case.state
    if goal in CLOSED and case.state not in CLOSED:
        changes["closed_at"] = event.occurred_at
    if step in _HANDLING and event.role not in NO_STAFF:
        changes["handlers"] = case.handlers | {event.actor}
    if step in SUBSTANTIVE or (step is Step.ASSIGN and not case.has_assignment):
        changes["last_substantive_at"] = event.occurred_at
    if change := CHANGES.get(step):
        changes |= change(case, event, facts)
    return replace(case, **changes)


def goal_of(case: Case, step: Step, facts: Facts) -> CaseState | None:
    """Return the state that the step would lead to, or None when it is not possible now."""
    goal = TRANSITIONS[case.state].get(step)
    if goal is Move.STAY or (step is Step.SUBMIT_CORRECTION and goal is not None and not facts.get("is_complete")):
        return case.state
    if goal is not Move.BACK:
        return goal
    if case.state in ASIDE:
        return case.before
    if case.is_accepted:
        return CaseState.REVIEWING
    return CaseState.RECEIVED if case.received_at else CaseState.SUBMITTED
