"""A finding as far as people have taken it: the fold of its events. Pure.

The office is heard before anybody confirms, may appeal once, and puts right what was ordered; somebody else looks
whether it did. What was put right stays found: a cure never erases a finding. A finding that the rules no longer make
before it was confirmed is at an end; should it be made again, or against another office, everything begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from portal.compliance.procedure.model.stages import (
    HELD,
    JUDGEMENTS,
    OF_THE_ORDER,
    STEP_OF,
    TRANSITIONS,
    UNCONFIRMED,
    Due,
    Ground,
    ProcedureStepNotPossible,
    Stage,
    Step,
)
from portal.compliance.rule import Severity
from portal.ledger.model import Event


@dataclass(frozen=True, slots=True)
class Procedure:
    """``due_on`` of each clock is its last day. Office, post, accused and grade are those of the newest judgement,
    and from the confirmation on those that were confirmed."""

    number: str
    stage: Stage = Stage.SUSPECTED
    rule: str = ""
    office: str | None = None
    post: str | None = None
    accused: str | None = None
    severity: Severity = Severity.NOTICE
    began_on: date | None = None
    is_standing: bool = True
    is_open: bool = False
    notified_by: str | None = None
    reply_due_on: date | None = None
    explained_by: str | None = None
    judge_due_on: date | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    repeats: str | None = None
    appeal_due_on: date | None = None
    order_by_on: date | None = None
    is_waived: bool = False
    appealed_by: str | None = None
    appeal_decision_due_on: date | None = None
    appeal_decided_by: str | None = None
    proposed_by: str | None = None  # of a dismissal that waits for the second person
    ground: Ground | None = None
    dismissal_due_on: date | None = None
    dismissed_at: datetime | None = None
    ordered_by: str | None = None
    order_due_on: date | None = None
    reported_by: str | None = None  # and nobody has looked yet
    recheck_due_on: date | None = None
    cured_at: datetime | None = None
    is_published: bool = False
    last_at: datetime | None = None
    last_seq: int = 0

    @property
    def has_begun(self) -> bool:
        """Whether anybody has done anything about the finding that still counts."""
        return self.stage is not Stage.SUSPECTED or self.proposed_by is not None

    @property
    def has_open_appeal(self) -> bool:
        return self.appealed_by is not None and self.appeal_decided_by is None

    def is_final(self, on: date) -> bool:
        """Confirmed, and nobody can appeal any more."""
        if self.confirmed_by is None or self.stage is Stage.DISMISSED or self.has_open_appeal:
            return False
        is_over = self.appeal_due_on is not None and on > self.appeal_due_on
        return self.is_waived or self.appeal_decided_by is not None or is_over

    @property
    def due(self) -> tuple[Due, date] | None:
        """What somebody must do next, and its last day."""
        if self.dismissal_due_on is not None:
            return Due.DISMISSAL, self.dismissal_due_on
        what: dict[Stage, tuple[Due, date | None]] = {
            Stage.NOTIFIED: (Due.REPLY, self.reply_due_on),
            Stage.EXPLAINED: (Due.JUDGEMENT, self.judge_due_on),
            Stage.RECTIFYING: (Due.RECTIFICATION, self.order_due_on),
            **dict.fromkeys(HELD, (Due.ORDER, self.order_by_on)),
        }
        if self.reported_by is not None:
            what[Stage.RECTIFYING] = Due.RECHECK, self.recheck_due_on
        if self.has_open_appeal:
            what |= dict.fromkeys(HELD, (Due.APPEAL_DECISION, self.appeal_decision_due_on))
        named, last_on = what.get(self.stage, (Due.REPLY, None))
        return (named, last_on) if last_on is not None else None


def fold(number: str, events: Iterable[Event]) -> Procedure:
    """``events`` of ``finding/…`` and ``order/…``, in the order of their numbers."""
    procedure = Procedure(number)
    for event in events:
        procedure = then(procedure, event)
    return procedure


def then(procedure: Procedure, event: Event) -> Procedure:
    """:raises ProcedureStepNotPossible: the ledger was written around the operations."""
    if event.kind in JUDGEMENTS:
        return _judged(procedure, event)
    step = STEP_OF[event.kind]
    possible = TRANSITIONS[procedure.stage].get(step, frozenset())
    changes = _changes(procedure, step, event)
    stage = changes.get("stage", procedure.stage)
    if stage not in possible:
        raise ProcedureStepNotPossible(step, procedure.stage)
    return replace(procedure, **(changes | {"last_at": event.occurred_at, "last_seq": event.seq}))


def _judged(procedure: Procedure, event: Event) -> Procedure:
    """A judgement before the confirmation that clears the finding or accuses another office ends the procedure."""
    is_standing, is_open = event.kind != "finding-cleared", event.has("is_open")
    office = event.text("responsible_office")
    if procedure.stage not in UNCONFIRMED:
        return replace(procedure, is_standing=is_standing, is_open=is_open)
    ends = procedure.has_begun and (not is_standing or office != procedure.office)
    kept = Procedure(procedure.number) if ends else procedure
    return replace(
        kept,
        rule=event.text("rule") or "",
        office=office,
        post=event.text("responsible_post"),
        accused=event.text("accused"),
        severity=Severity(event.text("severity") or Severity.NOTICE),
        began_on=event.date("began_on"),
        is_standing=is_standing,
        is_open=is_open,
        last_at=event.occurred_at,
        last_seq=event.seq,
    )


_NOT_PROPOSED: Final[Mapping[str, Any]] = {"proposed_by": None, "ground": None, "dismissal_due_on": None}


def _changes(procedure: Procedure, step: Step, event: Event) -> dict[str, Any]:
    due_on, actor = event.date("due_on"), event.actor
    match step:
        case Step.NOTIFY:
            told = {"office": event.text("to_office"), "notified_by": actor, "reply_due_on": due_on}
            return {"stage": Stage.NOTIFIED, **told}
        case Step.EXPLAIN:
            return {"stage": Stage.EXPLAINED, "explained_by": actor, "judge_due_on": due_on}
        case Step.CONFIRM:
            return _confirmed(event)
        case Step.APPEAL:
            return {"appealed_by": actor, "appeal_decision_due_on": due_on}
        case Step.WAIVE_APPEAL:
            return {"is_waived": True, "order_by_on": due_on}
        case Step.DECIDE_APPEAL:
            return _appeal_decided(procedure, event)
        case Step.PUBLISH:
            return {"is_published": True}
        case _:
            return _ordered(step, event) if step in OF_THE_ORDER else _about_dismissal(step, event)


def _ordered(step: Step, event: Event) -> dict[str, Any]:
    match step:
        case Step.ORDER:
            return {"stage": Stage.RECTIFYING, "ordered_by": event.actor, "order_due_on": event.date("due_on")}
        case Step.EXTEND:
            return {"order_due_on": event.date("until_on")}
        case Step.REPORT:
            return {"reported_by": event.actor, "recheck_due_on": event.date("due_on")}
        case Step.RECHECK:
            looked = {"reported_by": None, "recheck_due_on": None}
            is_cured = event.text("conclusion") == "passed"
            return looked | ({"stage": Stage.CURED, "cured_at": event.occurred_at} if is_cured else {})
        case _:
            return {"order_due_on": None}  # taken back


def _about_dismissal(step: Step, event: Event) -> dict[str, Any]:
    match step:
        case Step.PROPOSE_DISMISSAL:
            ground = Ground(event.text("ground") or "")
            return {"proposed_by": event.actor, "ground": ground, "dismissal_due_on": event.date("due_on")}
        case Step.DISMISS:
            return _dismissed(event) | {"ground": Ground(event.text("ground") or "")}
        case _:
            return dict(_NOT_PROPOSED)  # refused


def _confirmed(event: Event) -> dict[str, Any]:
    repeats = event.text("repeats")
    return {
        "stage": Stage.REPEATED if repeats else Stage.CONFIRMED,
        "confirmed_by": event.actor,
        "confirmed_at": event.occurred_at,
        "repeats": repeats,
        "appeal_due_on": event.date("due_on"),
        "order_by_on": event.date("order_by_on"),
    }


def _appeal_decided(procedure: Procedure, event: Event) -> dict[str, Any]:
    decided = {"appeal_decided_by": event.actor}
    if event.text("conclusion") == "overturned":
        return decided | _dismissed(event) | {"ground": Ground.UNFOUNDED}
    return decided | {"order_by_on": event.date("due_on") or procedure.order_by_on}


def _dismissed(event: Event) -> dict[str, Any]:
    return {**_NOT_PROPOSED, "stage": Stage.DISMISSED, "dismissed_at": event.occurred_at}
