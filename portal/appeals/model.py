"""An inquiry (somebody asked; no case is needed): states, steps, and the fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from portal.basis import N_, Refusal, Role, Word
from portal.ledger.kinds import KINDS, Sort
from portal.ledger.model import Event

COVERS: Final = ("item", "conditions", "materials", "limit", "place")  # what a whole answer says (V03)


class InquiryState(StrEnum):
    NEW = "new"  # nothing is in the ledger yet
    ASKED = "asked"
    HANDED_OVER = "handed-over"  # nobody of the other office has taken it over yet
    TAKEN_OVER = "taken-over"
    ANSWERED = "answered"


class InquiryStep(StrEnum):
    """The ``step`` of each inquiry kind in ``ledger/kinds.py``."""

    INQUIRE = "inquire"
    ANSWER = "answer"
    MARK_UNCLEAR = "mark_unclear"
    HAND_OVER = "hand_over_inquiry"
    ACKNOWLEDGE = "acknowledge_inquiry"
    TELL = "tell_inquirer"
    CHASE = "chase_inquiry"


class AnswerOutcome(StrEnum):
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    TOLD_ELSEWHERE = "told-elsewhere"
    REFUSED = "refused"
    NO_REPLY = "no-reply"


INQUIRY_STATE_TITLES: Final[Mapping[InquiryState, str]] = {
    InquiryState.NEW: N_("New"),
    InquiryState.ASKED: N_("Waiting for an answer"),
    InquiryState.HANDED_OVER: N_("Handed over, not taken over yet"),
    InquiryState.TAKEN_OVER: N_("Taken over, waiting for an answer"),
    InquiryState.ANSWERED: N_("Answered"),
}
OUTCOME_TITLES: Final[Mapping[AnswerOutcome, str]] = {
    AnswerOutcome.ANSWERED: N_("Answered"),
    AnswerOutcome.ACCEPTED: N_("Accepted as a case"),
    AnswerOutcome.TOLD_ELSEWHERE: N_("Sent elsewhere"),
    AnswerOutcome.REFUSED: N_("Turned away"),
    AnswerOutcome.NO_REPLY: N_("No reply"),
}
INQUIRY_KIND_OF: Final = {InquiryStep(kind.step): kind.name for kind in KINDS.values() if kind.sort is Sort.INQUIRY}
INQUIRY_STEP_OF: Final = {kind: step for step, kind in INQUIRY_KIND_OF.items()}

_S, _I = InquiryStep, InquiryState
_WAITING: Mapping[InquiryStep, InquiryState | None] = {
    _S.ANSWER: _I.ANSWERED,
    _S.HAND_OVER: _I.HANDED_OVER,
    _S.CHASE: None,  # None: the state stays
}
INQUIRY_TRANSITIONS: Final[Mapping[InquiryState, Mapping[InquiryStep, InquiryState | None]]] = {
    _I.NEW: {_S.INQUIRE: _I.ASKED},
    _I.ASKED: _WAITING,
    _I.HANDED_OVER: {_S.ACKNOWLEDGE: _I.TAKEN_OVER, _S.TELL: None, _S.CHASE: None},
    _I.TAKEN_OVER: {**_WAITING, _S.TELL: None},
    # who was sent away or found the answer unclear may still be led on: an answer is not the end of it
    _I.ANSWERED: {_S.MARK_UNCLEAR: _I.ASKED, _S.HAND_OVER: _I.HANDED_OVER, _S.TELL: None, _S.CHASE: None},
}


def inquiry_title_of(step: InquiryStep) -> Word:
    """As the timeline of an inquiry names it."""
    return Word(KINDS[INQUIRY_KIND_OF[step]].title)


class InquiryStepNotPossible(Refusal):
    """The inquiry is not where this step begins; ``possible`` are the steps that this person may take now."""

    def __init__(self, step: InquiryStep, state: InquiryState, possible: Sequence[InquiryStep] = ()) -> None:
        self.step, self.state, self.possible = step, state, tuple(possible)
        super().__init__(
            N_("“%(step)s” cannot be recorded while the inquiry stands at “%(state)s”. Possible now: %(possible)s."),
            values={
                "step": inquiry_title_of(step),
                "state": Word(INQUIRY_STATE_TITLES[state]),
                "possible": tuple(inquiry_title_of(one) for one in self.possible),
            },
        )


class InquiryNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is no inquiry with this number; compare it with your slip."), field="number")


class InquiryFactMissing(Refusal):
    """A step came without something that it cannot be taken without, or with something that cannot be."""


@dataclass(frozen=True, slots=True)
class Responder:
    office: str | None
    post: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One hand-over: from whom, to which office, and who took it over when."""

    sender: Responder
    to_office: str
    at: datetime
    reason: str | None
    summary: str | None
    receiver: Responder | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """``first_responder`` (首问责任人) answers for it until a receiver acknowledges; then the receiver does."""

    number: str
    state: InquiryState = InquiryState.NEW
    applicant: str = ""
    matter: str = ""
    channel: str = ""
    is_self_reported: bool = False
    asked_at: datetime | None = None
    first_responder: Responder = Responder(None)
    holder: Responder = Responder(None)
    legs: tuple[Leg, ...] = ()
    outcome: AnswerOutcome | None = None
    right_authority: str | None = None
    answered_at: datetime | None = None
    answers: int = 0
    unclear: int = 0
    chases: int = 0
    told_at: datetime | None = None
    handlers: frozenset[str] = frozenset()
    last_at: datetime | None = None
    last_seq: int = 0

    @property
    def pending(self) -> Leg | None:
        """The hand-over that nobody has taken over yet."""
        return self.legs[-1] if self.legs and self.legs[-1].receiver is None else None

    @property
    def is_open(self) -> bool:
        return self.state is not InquiryState.ANSWERED


def fold_inquiry(events: Iterable[Event]) -> Inquiry:
    inquiry = Inquiry("")
    for event in events:
        inquiry = inquiry_then(inquiry, event)
    return inquiry


def inquiry_then(inquiry: Inquiry, event: Event) -> Inquiry:
    """:raises InquiryStepNotPossible: the ledger was written around the operations."""
    step = INQUIRY_STEP_OF[event.kind]
    if step not in INQUIRY_TRANSITIONS[inquiry.state]:
        raise InquiryStepNotPossible(step, inquiry.state)
    changes: dict[str, Any] = {
        "number": event.number,
        "state": INQUIRY_TRANSITIONS[inquiry.state][step] or inquiry.state,
        "last_at": event.occurred_at,
        "last_seq": event.seq,
    }
    if _is_staff(event):
        changes["handlers"] = inquiry.handlers | {event.actor}
    return replace(inquiry, **(changes | _changes(inquiry, step, event)))


def _changes(inquiry: Inquiry, step: InquiryStep, event: Event) -> dict[str, Any]:
    match step:
        case InquiryStep.INQUIRE:
            return _asked(event)
        case InquiryStep.ANSWER:
            return {
                "outcome": AnswerOutcome(event.text("outcome") or AnswerOutcome.ANSWERED),
                "right_authority": event.text("right_authority"),
                "answered_at": event.occurred_at,
                "answers": inquiry.answers + 1,
                **_named(inquiry, event),
            }
        case InquiryStep.MARK_UNCLEAR:
            return {"unclear": inquiry.unclear + 1}
        case InquiryStep.HAND_OVER:
            return _handed_over(inquiry, event)
        case InquiryStep.ACKNOWLEDGE:
            receiver = _responder(event)
            taken = replace(inquiry.legs[-1], receiver=receiver, acknowledged_at=event.occurred_at)
            return {"legs": (*inquiry.legs[:-1], taken), "holder": receiver, "first_responder": receiver}
        case InquiryStep.TELL:
            return {"told_at": event.occurred_at}
        case InquiryStep.CHASE:
            return {"chases": inquiry.chases + 1}


def _asked(event: Event) -> dict[str, Any]:
    return {
        "applicant": event.text("applicant") or "",
        "matter": event.text("matter") or "",
        "channel": event.channel,
        "is_self_reported": event.has("is_self_reported"),
        "asked_at": event.occurred_at,
        "first_responder": _responder(event),
        "holder": _responder(event),
    }


def _handed_over(inquiry: Inquiry, event: Event) -> dict[str, Any]:
    leg = Leg(
        sender=_responder(event),
        to_office=event.text("to_office") or "",
        at=event.occurred_at,
        reason=event.text("reason"),
        summary=event.text("summary"),
    )
    return {"legs": (*inquiry.legs, leg), "told_at": None, **_named(inquiry, event)}


def _named(inquiry: Inquiry, event: Event) -> dict[str, Any]:
    """Who first acts on what was asked online is its first responder."""
    if not _is_staff(event):
        return {}
    found: dict[str, Any] = {"holder": _responder(event)}
    if inquiry.first_responder.actor is None:
        found["first_responder"] = _responder(event)
    return found


def _responder(event: Event) -> Responder:
    return Responder(event.office, event.post, event.actor) if _is_staff(event) else Responder(event.office)


def _is_staff(event: Event) -> bool:
    return event.role not in (Role.APPLICANT, Role.AGENT, Role.SYSTEM)
