"""At the window: call the next, recall, start, park, pass on, finish; nobody is called twice and nobody is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam

from portal.accounts.policy import Act, Target, may, require
from portal.basis import N_, By, Role
from portal.hall.model.days import HallDay
from portal.hall.model.ranks import Ground
from portal.hall.model.tickets import (
    CALLS_TO_BE_ABSENT,
    KIND_OF,
    TRANSITIONS,
    CalledTooSoon,
    NotAbsentYet,
    NumberOfAnotherDay,
    NumberOfAnotherOffice,
    Outcome,
    Ticket,
    TicketFactUnfit,
    TicketNotFound,
    TicketState,
    TicketStep,
    TicketStepNotPossible,
    ticket_then,
)
from portal.hall.model.windows import ItemNotServedHere, WindowBusy, WindowNotYours, WindowState
from portal.hall.operations.projection import write_ticket
from portal.hall.places import Place, local_day, place, version_on
from portal.hall.queries.tickets import AT_A_WINDOW, COLUMNS, IN_TURN, TICKETS, first
from portal.hall.queries.tickets import ticket as load
from portal.hall.standing import day_of, laid_out, serving_on, stand_of
from portal.ledger.operations import append
from portal.store import Prepared

LONGEST_REASON: Final = 300
_HALL: BindParameter[str] = bindparam("hall")
_WINDOW: BindParameter[str] = bindparam("window")
_BUSY = Prepared(AT_A_WINDOW.where(COLUMNS.window == _WINDOW).limit(1))
_NEXT = Prepared(
    TICKETS.where(
        COLUMNS.hall == _HALL,
        COLUMNS.day == bindparam("day"),
        COLUMNS.state == TicketState.WAITING.value,
        COLUMNS.item.in_(bindparam("items", expanding=True)),
        COLUMNS.to_window.is_(None) | (COLUMNS.to_window == _WINDOW),
    )
    .order_by(*IN_TURN)
    .limit(1)
)


def call_next(hall: str, window: str, *, by: By, at: datetime) -> Ticket | None:
    """Call whose turn it is among those this window serves; None when nobody waits.

    :raises WindowNotYours, WindowBusy: who calls does not sit there, or somebody is still at the window.
    """
    where = _at_window(hall, window, by)
    _require_free(hall, window)
    day = local_day(where.hall, at)
    serving, plan = laid_out(where, day)
    named = {"hall": hall, "day": day, "window": window, "items": sorted(serving.items[window])}
    found = first(_NEXT, named)
    return None if found is None else _called(where, found, window, by=by, at=at, plan=plan)


def call(ticket: str, window: str, ground: Ground, *, by: By, at: datetime) -> Ticket:
    """Call somebody before his turn; the ground is recorded, and without one it would be queue-jumping (V51)."""
    found = load(ticket)
    where = _at_window(found.hall, window, by)
    _require_free(found.hall, window)
    _require_today(where, found, at)
    serving, plan = laid_out(where, found.day)
    if found.item not in serving.items[window]:
        raise ItemNotServedHere
    _check(found, TicketStep.CALL, TicketState.WAITING)  # another window may have called it meanwhile
    return _called(where, found, window, by=by, at=at, ground=ground, plan=plan)


def recall(ticket: str | Ticket, *, by: By, at: datetime) -> Ticket:
    """Call the same number again, three minutes after the last call at the earliest.

    :raises CalledTooSoon: with the moment from which it may be called.
    """
    found = _read(ticket)
    where = _at_window(found.hall, found.window or "", by)
    again_at = found.may_be_called_again_at()
    if found.state is TicketState.CALLED and again_at is not None and at < again_at:
        raise CalledTooSoon(again_at)
    _check(found, TicketStep.CALL, TicketState.CALLED)
    return _called(where, found, found.window or "", by=by, at=at)


def start(ticket: str | Ticket, *, by: By, at: datetime) -> Ticket:
    return _at_desk(ticket, TicketStep.START, by=by, at=at)


def park(ticket: str | Ticket, reason: str, *, by: By, at: datetime) -> Ticket:
    """Let somebody fill in a form or fetch a paper; the place is kept and the window is free for the next.

    :raises NumberOfAnotherDay: no later call would end it.
    """
    found = _read(ticket)
    _require_its_day(found, at)
    return _at_desk(found, TicketStep.PARK, by=by, at=at, reason=_said(reason))


def resume(ticket: str, window: str, *, by: By, at: datetime) -> Ticket:
    """Take up a parked number again, at once and at any window that serves it."""
    found = load(ticket)
    where = _at_window(found.hall, window, by)
    _require_free(found.hall, window)
    _require_today(where, found, at)
    if found.item not in serving_on(where, found.day).items[window]:
        raise ItemNotServedHere
    return take(found, TicketStep.RESUME, by=_seated(by, window), at=at)


def transfer(
    ticket: str | Ticket,
    *,
    by: By,
    at: datetime,
    to_item: str | None = None,
    to_window: str | None = None,
    reason: str = "",
) -> Ticket:
    """Pass a person on to another service or window; the place is kept, so that nobody queues twice.

    :raises NumberOfAnotherOffice: it waits for another office, and no window of this one called it.
    :raises TicketFactUnfit: neither is named, or the window does not take the service.
    :raises NumberOfAnotherDay: no later call would end it.
    """
    found = _read(ticket)
    where = serving_on(place(found.hall), found.day)
    _require_concerned(where, found, Act.TRANSFER_TICKET, by)
    _require_its_day(found, at)
    item = to_item or found.item
    if not to_item and not to_window:
        raise TicketFactUnfit(N_("Choose the service or the window to which this person goes."), field="to_item")
    serving = where.windows_for(item)
    if to_window and where.window(to_window).code not in serving:
        raise ItemNotServedHere
    facts = {"to_item": to_item, "to_window": to_window, "reason": _said(reason)}
    version = None if item == found.item else version_on(item, found.day)
    return take(found, TicketStep.TRANSFER, by=by, at=at, office=where.offices[item], item_version=version, **facts)


def mark_absent(ticket: str | Ticket, *, by: By, at: datetime) -> Ticket:
    """:raises NotAbsentYet, CalledTooSoon: fewer than three calls, or the last one a moment ago."""
    found = _read(ticket)
    if found.state is TicketState.CALLED:
        if found.calls < CALLS_TO_BE_ABSENT:
            raise NotAbsentYet(found.calls)
        again_at = found.may_be_called_again_at()
        if again_at is not None and at < again_at:
            raise CalledTooSoon(again_at)
    return _at_desk(found, TicketStep.MARK_ABSENT, by=by, at=at)


def bring_back(ticket: str, *, by: By, at: datetime) -> Ticket:
    """Who was absent and came back the same day waits in the old place."""
    found = load(ticket)
    where = place(found.hall)
    _require_here(where, found, Act.RETURN_TICKET, by)
    _require_today(where, found, at)
    return take(found, TicketStep.RETURN, by=by, at=at)


def serve(
    ticket: str | Ticket,
    outcome: Outcome,
    *,
    by: By,
    at: datetime,
    reference: str | None = None,
    is_confirmed: bool = False,
) -> Ticket:
    """Finish a visit; nobody is sent away without a trace (V52).

    :raises TicketFactUnfit: the number of the case, the inquiry or the refusal is missing, or the visitor's own word
        that information was all he came for.
    """
    reference = (reference or "").strip().upper() or None
    if outcome is Outcome.INFORMATION and not is_confirmed:
        raise TicketFactUnfit(
            N_("Ask the visitor whether information was all, and tick it; else record an inquiry."),
            field="is_confirmed",
        )
    if outcome is not Outcome.INFORMATION and reference is None:
        raise TicketFactUnfit(
            N_("Give the number of the request, the inquiry or the written refusal."), field="reference"
        )
    facts = {"outcome": outcome.value, "reference": reference, "is_confirmed": is_confirmed or None}
    return _at_desk(ticket, TicketStep.SERVE, by=by, at=at, **facts)


def void(ticket: str, reason: str, *, by: By, at: datetime) -> Ticket:
    """A number nobody holds (the printer failed): it is never given again, and its place is shown with the reason.

    :raises NumberOfAnotherOffice: it waits for another office, and no window of this one called it.
    """
    found = load(ticket)
    _require_concerned(place(found.hall), found, Act.VOID_TICKET, by)
    if not reason.strip():
        raise TicketFactUnfit(N_("Say why the number is void."), field="reason")
    return take(found, TicketStep.VOID, by=by, at=at, reason=_said(reason))


def take(
    ticket: Ticket,
    step: TicketStep,
    *,
    by: By,
    at: datetime,
    office: str | None = None,
    item_version: str | None = None,
    **facts: Any,
) -> Ticket:
    """Append the step's event and write the row that follows from it.

    :raises TicketStepNotPossible: the ticket is not where this step begins.
    """
    _check(ticket, step)
    event = append(
        f"ticket/{ticket.id}",
        KIND_OF[step],
        {name: value for name, value in facts.items() if value is not None},
        by=replace(by, office=office or by.office or ticket.office),
        at=at,
        item_version=item_version,
        channel=None if by.office else "web",
    )
    after = ticket_then(ticket, event)
    write_ticket(ticket, after)
    return after


def _check(ticket: Ticket, step: TicketStep, state: TicketState | None = None) -> None:
    if step not in TRANSITIONS.get(ticket.state, {}) or (state is not None and ticket.state is not state):
        raise TicketStepNotPossible(step, ticket.state)


def _called(
    where: Place,
    ticket: Ticket,
    window: str,
    *,
    by: By,
    at: datetime,
    ground: Ground | None = None,
    plan: HallDay | None = None,
) -> Ticket:
    """``plan``: the ticket's day, where it was read already."""
    nth = ticket.calls + 1
    waited = None
    if ticket.called_at is None and ticket.issued_at is not None:
        waited = (plan or day_of(where, ticket.day)).open_minutes(ticket.issued_at, at)
    facts: dict[str, Any] = {"nth": nth, "waited": waited, "ground": ground.value if ground else None}
    return take(ticket, TicketStep.CALL, by=_seated(by, window), at=at, **facts)


def _read(ticket: str | Ticket) -> Ticket:
    """Itself if it was read in this unit, as who is at a window; nobody has changed it since."""
    return ticket if isinstance(ticket, Ticket) else load(ticket)


def _at_desk(ticket: str | Ticket, step: TicketStep, *, by: By, at: datetime, **facts: Any) -> Ticket:
    """A step that only who sits at the ticket's window takes."""
    found = _read(ticket)
    _check(found, step)
    _at_window(found.hall, found.window or "", by)
    return take(found, step, by=_seated(by, found.window or ""), at=at, **facts)


def _at_window(hall: str, window: str, by: By) -> Place:
    """:raises WindowNotYours: somebody else sits there, or it is shut."""
    where = place(hall)
    require(by, Act.CALL_TICKET, Target(office=where.window(window).office))
    stand = stand_of(hall, window)
    if stand is None or stand.actor != by.actor or stand.state is not WindowState.OPEN:
        raise WindowNotYours
    return where


def _require_free(hall: str, window: str) -> None:
    """:raises WindowBusy: somebody is called to it or served at it."""
    busy = first(_BUSY, {"hall": hall, "window": window})
    if busy is not None:
        raise WindowBusy(busy.printed)


def concerned_office(where: Place, ticket: Ticket, by: By) -> str | None:
    """The office in whose name somebody may end or send away a number: that of its service, that of the window which
    called it, and for the hall manager the one that runs the hall. None: in nobody's that is his.
    """
    offices = {ticket.office}
    if ticket.window is not None and ticket.state is not TicketState.WAITING:
        offices.add(where.windows[ticket.window].office if ticket.window in where.windows else None)
    if by.role is Role.HALL_MANAGER:
        offices.add(where.hall.run_by)
    return by.office if by.office in offices else None


def _require_concerned(where: Place, ticket: Ticket, act: Act, by: By) -> None:
    """:raises NumberOfAnotherOffice: the role may do so, and this number is none of its office."""
    _require_here(where, ticket, act, by)
    if not may(by, act, Target(office=concerned_office(where, ticket, by))):
        raise NumberOfAnotherOffice


def _require_here(where: Place, ticket: Ticket, act: Act, by: By) -> None:
    """Whoever staffs a window of the hall, or manages the hall."""
    offices = {window.office for window in where.windows.values()} | {where.hall.run_by}
    require(by, act, Target(office=by.office if by.office in offices else ticket.office))


def _require_today(where: Place, ticket: Ticket, at: datetime) -> None:
    """:raises TicketNotFound: it is a number of another day."""
    if ticket.day != local_day(where.hall, at):
        raise TicketNotFound


def _require_its_day(ticket: Ticket, at: datetime) -> None:
    """:raises NumberOfAnotherDay: its day is over; what waits then is never called."""
    if ticket.day < local_day(place(ticket.hall).hall, at):
        raise NumberOfAnotherDay


def _seated(by: By, window: str) -> By:
    return replace(by, window=window)


def _said(reason: str) -> str | None:
    return reason.strip()[:LONGEST_REASON] or None
