"""A ticket (号): its states, its steps, and the fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from portal.basis import N_, Refusal
from portal.ledger.kinds import KINDS, Sort
from portal.ledger.model import Event

RECALL_AFTER: Final = timedelta(minutes=3)  # parameter of ours: between two calls of one number
CALLS_TO_BE_ABSENT: Final = 3  # parameter of ours


class TicketState(StrEnum):
    NEW = "new"  # nothing is in the ledger yet
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    ABSENT = "absent"  # may come back until the hall closes
    SERVED = "served"
    RELEASED = "released"
    CARRIED_OVER = "carried-over"
    VOID = "void"
    CLOSED_UNSERVED = "closed-unserved"


class TicketStep(StrEnum):
    """The ``step`` of each kind in ``ledger/kinds/tickets.py``."""

    ISSUE = "issue_ticket"
    CALL = "call_ticket"
    START = "start_ticket"
    PARK = "park_ticket"
    RESUME = "resume_ticket"
    TRANSFER = "transfer_ticket"
    MARK_ABSENT = "mark_absent"
    RETURN = "return_ticket"
    SERVE = "serve_ticket"
    RELEASE = "release_ticket"
    CARRY_OVER = "carry_over_ticket"
    VOID = "void_ticket"
    CLOSE_UNSERVED = "close_unserved"


class Source(StrEnum):
    WALK_IN = "walk-in"
    REMOTE = "remote"
    APPOINTMENT = "appointment"
    PAPER = "paper"  # from the numbered block, while the network was away
    CARRIED_OVER = "carried-over"


class Outcome(StrEnum):
    """With what a visit ended (V52): nobody is sent away without a trace."""

    CASE = "case"
    INQUIRY = "inquiry"
    WRITTEN_REFUSAL = "written-refusal"
    INFORMATION = "information"


STATE_TITLES: Final[Mapping[TicketState, str]] = {
    TicketState.NEW: N_("New"),
    TicketState.WAITING: N_("Waiting"),
    TicketState.CALLED: N_("Called"),
    TicketState.SERVING: N_("Being served"),
    TicketState.PARKED: N_("Parked"),
    TicketState.ABSENT: N_("Did not come when called"),
    TicketState.SERVED: N_("Served"),
    TicketState.RELEASED: N_("Given up"),
    TicketState.CARRIED_OVER: N_("Carried over"),
    TicketState.VOID: N_("Void"),
    TicketState.CLOSED_UNSERVED: N_("Not served when the hall closed"),
}
OUTCOME_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.CASE: N_("A request was handed in or went on"),
    Outcome.INQUIRY: N_("An inquiry was recorded"),
    Outcome.WRITTEN_REFUSAL: N_("Refused in writing"),
    Outcome.INFORMATION: N_("Information only, as the visitor says"),
}
STEP_OF: Final = {kind.name: TicketStep(kind.step) for kind in KINDS.values() if kind.sort is Sort.TICKET}
KIND_OF: Final = {step: kind for kind, step in STEP_OF.items()}

_S, _T = TicketStep, TicketState
_LEAVING: Mapping[TicketStep, TicketState] = {
    _S.RELEASE: _T.RELEASED,
    _S.CARRY_OVER: _T.CARRIED_OVER,
    _S.VOID: _T.VOID,
    _S.CLOSE_UNSERVED: _T.CLOSED_UNSERVED,
}
TRANSITIONS: Final[Mapping[TicketState, Mapping[TicketStep, TicketState]]] = {
    _T.NEW: {_S.ISSUE: _T.WAITING},
    _T.WAITING: {_S.CALL: _T.CALLED, _S.TRANSFER: _T.WAITING, **_LEAVING},
    _T.CALLED: {
        _S.CALL: _T.CALLED,
        _S.START: _T.SERVING,
        _S.MARK_ABSENT: _T.ABSENT,
        _S.PARK: _T.PARKED,
        _S.TRANSFER: _T.WAITING,
        **_LEAVING,
    },
    # never void: who has been at a window does not leave it without a trace (V52)
    _T.SERVING: {_S.SERVE: _T.SERVED, _S.PARK: _T.PARKED, _S.TRANSFER: _T.WAITING},
    _T.PARKED: {_S.RESUME: _T.SERVING, _S.TRANSFER: _T.WAITING, **_LEAVING},
    _T.ABSENT: {_S.RETURN: _T.WAITING, _S.CARRY_OVER: _T.CARRIED_OVER},
    # who was not served when the hall closed comes first another day, if that is what he wants
    _T.CLOSED_UNSERVED: {_S.CARRY_OVER: _T.CARRIED_OVER},
}
IN_THE_HALL: Final = (_T.WAITING, _T.CALLED, _T.SERVING, _T.PARKED)
AT_A_WINDOW: Final = (_T.CALLED, _T.SERVING)


class TicketNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("There is no such number here today; compare it with the slip, or take a new one."), field="ticket"
        )


class NumberOfAnotherOffice(Refusal):
    """It waits for another office, and no window of one's own called it."""

    def __init__(self) -> None:
        super().__init__(
            N_("This number is for a service of another office, and no window of yours called it. Ask that office, the "
               "window that called it, or the hall manager.")
        )  # fmt: skip


class NumberOfAnotherDay(Refusal):
    """Its day is over: it can be finished, and it cannot be made to wait again."""

    def __init__(self) -> None:
        super().__init__(
            N_("This number is of an earlier day and cannot wait any more. A visit that has begun is finished; whoever "
               "comes again takes a new number.")
        )  # fmt: skip


NOT_POSSIBLE_WHILE: Final[Mapping[TicketState, str]] = {
    TicketState.NEW: N_("There is no such number here today; compare it with the slip, or take a new one."),
    TicketState.WAITING: N_("That is not possible: this number waits and has not been called yet."),
    TicketState.CALLED: N_("That is not possible: this number has been called, and its visit has not begun."),
    TicketState.SERVING: N_("That is not possible: with this number somebody is being served at a window."),
    TicketState.PARKED: N_("That is not possible: this number is parked; the window takes it up again first."),
    TicketState.ABSENT: N_("That is not possible: nobody came when this number was called. Tell a window first."),
    TicketState.SERVED: N_("That is not possible: this number has been served. Take a new one."),
    TicketState.RELEASED: N_("That is not possible: this number was given up. Take a new one."),
    TicketState.CARRIED_OVER: N_("That is not possible: this number was carried over; use the new one."),
    TicketState.VOID: N_("That is not possible: this number is void. If you hold it, ask any window."),
    TicketState.CLOSED_UNSERVED: N_("That is not possible: the hall closed before this number was called."),
}


class TicketStepNotPossible(Refusal):
    """The ticket is not where this step begins."""

    def __init__(self, step: TicketStep, state: TicketState) -> None:
        self.step, self.state = step, state
        super().__init__(NOT_POSSIBLE_WHILE[state])


class CalledTooSoon(Refusal):
    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(
            N_("The number may be called again %(minutes)s minutes after the last call; give its holder the time."),
            values={"minutes": int(RECALL_AFTER.total_seconds() // 60)},
        )


class NotAbsentYet(Refusal):
    def __init__(self, calls: int) -> None:
        super().__init__(
            N_("Somebody is absent only after %(least)s calls; %(calls)s so far. Call again."),
            values={"least": CALLS_TO_BE_ABSENT, "calls": calls},
        )


class TicketFactUnfit(Refusal):
    """A step came without something that it cannot be taken without, or with something that cannot be."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """``turn_at`` orders the queue and is kept by every step but issuing; ``window`` is where it was last called to.

    ``low_at`` and ``high_at`` are the band that was told, ``closes_at`` is until when it was promised to be called.
    """

    id: str
    state: TicketState = TicketState.NEW
    hall: str = ""
    day: date = date.min
    series: str = ""
    number: int = 0
    office: str | None = None
    source: Source = Source.WALK_IN
    item: str = ""
    item_version: str | None = None  # in force for its day when it was issued, or passed on to this service
    situation: str | None = None
    matters: int = 1
    is_for_others: bool = False
    rank: str = "normal"
    ground: str | None = None
    holder: str | None = None
    turn_at: datetime | None = None
    issued_at: datetime | None = None
    ahead: int = 0
    low_at: datetime | None = None
    high_at: datetime | None = None
    closes_at: datetime | None = None
    is_guaranteed: bool = False
    override: str | None = None
    from_ticket: str | None = None
    to_ticket: str | None = None
    appointment: str | None = None
    to_window: str | None = None
    window: str | None = None
    clerk: str | None = None
    calls: int = 0
    waited: int | None = None
    called_at: datetime | None = None
    last_called_at: datetime | None = None
    started_at: datetime | None = None
    parked_at: datetime | None = None
    served_seconds: int = 0
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    reference: str | None = None
    reason: str | None = None
    last_seq: int = 0

    @property
    def printed(self) -> str:
        """What the slip and the display say: A012."""
        return printed(self.series, self.number)

    @property
    def is_in_the_hall(self) -> bool:
        return self.state in IN_THE_HALL

    def may_be_called_again_at(self) -> datetime | None:
        return None if self.last_called_at is None else self.last_called_at + RECALL_AFTER


def printed(series: str, number: int) -> str:
    return f"{series}{number:03d}"


def possible_ticket_steps(ticket: Ticket) -> Sequence[TicketStep]:
    return tuple(TRANSITIONS.get(ticket.state, {}))


def fold_ticket(events: Iterable[Event]) -> Ticket:
    ticket = Ticket("")
    for event in events:
        ticket = ticket_then(ticket, event)
    return ticket


def ticket_then(ticket: Ticket, event: Event) -> Ticket:
    """:raises TicketStepNotPossible: the ledger was written around the operations."""
    step = STEP_OF[event.kind]
    goal = TRANSITIONS.get(ticket.state, {}).get(step)
    if goal is None:
        raise TicketStepNotPossible(step, ticket.state)
    return replace(ticket, id=event.number, state=goal, last_seq=event.seq, **_changes(ticket, step, event))


def _changes(ticket: Ticket, step: TicketStep, event: Event) -> dict[str, Any]:
    at = event.occurred_at
    match step:
        case TicketStep.ISSUE:
            return _issued(event)
        case TicketStep.CALL:
            first = {"called_at": at, "waited": event.integer("waited")} if ticket.called_at is None else {}
            calls = event.integer("nth") or 1
            return {**first, "calls": calls, "last_called_at": at, "window": event.window, "clerk": event.actor}
        case TicketStep.START | TicketStep.RESUME:
            return {"started_at": at, "parked_at": None, "window": event.window, "clerk": event.actor}
        case TicketStep.PARK:
            return {"parked_at": at, "reason": event.text("reason"), **_worked(ticket, at)}
        case TicketStep.TRANSFER:
            kept = {"office": event.office or ticket.office, "calls": 0, "last_called_at": None, "parked_at": None}
            goal = {"to_window": event.text("to_window"), **_other_service(ticket, event)}
            return {**goal, **kept, "reason": event.text("reason"), **_worked(ticket, at)}
        case TicketStep.RETURN:
            return {"calls": 0, "last_called_at": None, "ended_at": None}
        case TicketStep.SERVE:
            outcome = Outcome(event.text("outcome") or Outcome.INFORMATION)
            return {"ended_at": at, "outcome": outcome, "reference": event.text("reference"), **_worked(ticket, at)}
        case TicketStep.CARRY_OVER:
            return {"ended_at": at, "to_ticket": event.text("to_ticket")}
        case TicketStep.CLOSE_UNSERVED:
            return {"ended_at": at, "reason": event.text("cause")}
        case TicketStep.VOID:
            return {"ended_at": at, "reason": event.text("reason")}
        case TicketStep.RELEASE | TicketStep.MARK_ABSENT:
            return {"ended_at": at}


def _other_service(ticket: Ticket, event: Event) -> dict[str, Any]:
    """Version and situation are those of the service; the other one has its own."""
    item = event.text("to_item") or ticket.item
    return {} if item == ticket.item else {"item": item, "item_version": event.item_version, "situation": None}


def _worked(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Time at windows adds up over parking and passing on."""
    if ticket.state is not TicketState.SERVING or ticket.started_at is None:
        return {}
    worked = int((at - ticket.started_at).total_seconds())
    return {"served_seconds": ticket.served_seconds + worked, "started_at": None}


def _issued(event: Event) -> dict[str, Any]:
    return {
        "hall": event.text("hall") or "",
        "day": event.date("day") or event.occurred_at.date(),
        "series": event.text("series") or "",
        "number": event.integer("number") or 0,
        "office": event.office,
        "source": Source(event.text("source") or Source.WALK_IN),
        "item": event.text("item") or "",
        "item_version": event.item_version,
        "situation": event.text("situation"),
        "matters": event.integer("matters") or 1,
        "is_for_others": event.has("is_for_others"),
        "rank": event.text("rank") or "normal",
        "ground": event.text("ground"),
        "holder": event.text("holder"),
        "turn_at": event.instant("turn_at") or event.occurred_at,
        "issued_at": event.occurred_at,
        "ahead": event.integer("ahead") or 0,
        "low_at": event.instant("low_at"),
        "high_at": event.instant("high_at"),
        "closes_at": event.instant("closes_at"),
        "is_guaranteed": event.has("is_guaranteed"),
        "override": event.text("override"),
        "from_ticket": event.text("from_ticket"),
        "appointment": event.text("appointment"),
    }
