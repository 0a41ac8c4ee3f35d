"""How a day ends: whoever still waits was not served, a breach that is recorded with its cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import case, func, select

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, SYSTEM, By
from portal.hall.model.days import Closure, HallDay
from portal.hall.model.tickets import (
    IN_THE_HALL,
    Ticket,
    TicketFactUnfit,
    TicketState,
    TicketStep,
)
from portal.hall.model.windows import Stand, WindowState, stand_then
from portal.hall.operations.calling import take
from portal.hall.operations.projection import write_day_event, write_stand
from portal.hall.operations.refusals import refused_in_all
from portal.hall.places import Place, local_day, place, places, sessions
from portal.hall.queries.tickets import COLUMNS, TICKETS, all_of
from portal.hall.standing import closures_of, day_of, serving_on, stands_of
from portal.hall.tables import HallDayRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db

SERVED_ON: Final = timedelta(minutes=60)  # parameter of ours: so long may staff still call those who wait after closing
_LEAVING: Final = ("window-closed", "window-paused", "windows-merged")
LATEST_PAPER: Final = timedelta(days=7)  # parameter of ours: longer than paper may wait to be entered
_WAITS: Final = [state.value for state in IN_THE_HALL if state is not TicketState.SERVING]


def close_days(at: datetime) -> int:
    """End the day of every hall that has closed: who still waits was not served, which is recorded with its cause.

    Staff may serve on for an hour; the day ends at once when no window is open any more. Returns how many events.
    """
    return sum(close_days_of(where, at) for where in places())


def close_hall(hall: str, *, by: By, at: datetime) -> int:
    """The hall manager ends the day after closing time."""
    where = place(hall)
    require(by, Act.CLOSE_HALL, Target(office=where.hall.run_by))
    day = local_day(where.hall, at)
    ends = day_of(where, day).closes_at
    if ends is not None and at < ends:
        raise TicketFactUnfit(N_("The hall is open still; declare a closure if it has to shut before its time."))
    return _end_day(where, day, by, at)


def unserved(hall: str, at: datetime) -> list[tuple[Ticket, str, str | None, str | None]]:
    """Whom ending the day now would leave unserved, in order of turn, with cause, office and window at fault."""
    where = place(hall)
    day = local_day(where.hall, at)
    plan, left = day_of(where, day), [one for one in _left(where, day) if one.state is not TicketState.SERVING]
    past = _past(where, plan, left, at)
    return [(one, *_why(where, plan, past, one, at)) for one in left]


def _left(where: Place, day: date) -> list[Ticket]:
    """Who is still in the hall, in order of turn."""
    here = TICKETS.where(COLUMNS.hall == where.code, COLUMNS.day == day,
                         COLUMNS.state.in_([state.value for state in IN_THE_HALL]))  # fmt: skip
    return all_of(here.order_by(COLUMNS.turn_at))


def close_days_of(where: Place, at: datetime) -> int:
    """End each day that is over; what came to wait after a day was ended, and who never left a window, follow."""
    written = 0
    today = local_day(where.hall, at)
    for day, is_ended in _open_days(where.code, today):
        if _is_over(where, day, today, at):
            written += (_close_unserved if is_ended else _end_day)(where, day, SYSTEM, at)
    for stand in stands_of(where.code).values():
        day = local_day(where.hall, stand.since or at)
        is_left = day < today or (stand.state is WindowState.OPEN and _is_long_over(where, stand, day, at))
        if stand.state is not WindowState.SHUT and is_left:
            written += _shut(where, stand, SYSTEM, at)
    return written


def _is_over(where: Place, day: date, today: date, at: datetime) -> bool:
    """Whether nobody serves a day on any more; one that has no hours at all is over at midnight."""
    closes_at = day_of(where, day).closes_at or sessions_end(where, day)
    if closes_at is None or at < closes_at:
        return day < today
    serving_on = day == today and any(stand.state is WindowState.OPEN for stand in stands_of(where.code).values())
    return not serving_on or at >= closes_at + SERVED_ON


def _is_long_over(where: Place, stand: Stand, day: date, at: datetime) -> bool:
    """Whether somebody sits at a window an hour after the hall closed, and sat down before."""
    closes_at = day_of(where, day).closes_at
    return closes_at is not None and (stand.since or at) < closes_at + SERVED_ON <= at


def sessions_end(where: Place, day: date) -> datetime | None:
    """A day that a closure took away whole ends when it usually would."""
    spans = sessions(where.hall, day)
    return spans[-1][1] if spans else None


def _open_days(hall: str, today: date) -> list[tuple[date, bool]]:
    """Days with numbers that have not been ended, and ended ones (True) on which somebody waits all the same.

    Those are paper entered later, and whoever was parked or passed on after the end. Read every few seconds, so it
    looks back no further than it must, however long the hall has run: to the last end, and to the oldest paper.
    """
    is_ended = (HallDayRow.hall == hall) & HallDayRow.closed_at.is_not(None)
    last = db.session.scalar(select(func.max(HallDayRow.day)).where(is_ended))
    since = date.min if last is None else min(last, today - LATEST_PAPER)
    ended = set(db.session.scalars(select(HallDayRow.day).where(is_ended, HallDayRow.day >= since)))
    waits = func.max(case((COLUMNS.state.in_(_WAITS), 1), else_=0))
    here = (COLUMNS.hall == hall) & (COLUMNS.day >= since) & (COLUMNS.day <= today)
    days = db.session.execute(select(COLUMNS.day, waits).where(here).group_by(COLUMNS.day).order_by(COLUMNS.day))
    return [(day, day in ended) for day, has_waiting in days if day not in ended or has_waiting]


def _close_unserved(where: Place, day: date, by: By, at: datetime) -> int:
    """Whoever is being served is served to the end; all others were not served, each with its cause."""
    plan, left = day_of(where, day), [one for one in _left(where, day) if one.state is not TicketState.SERVING]
    past = _past(where, plan, left, at)
    for ticket in left:
        cause, office, window = _why(where, plan, past, ticket, at)
        facts = {"cause": cause, "fault_office": office, "fault_window": window}
        take(ticket, TicketStep.CLOSE_UNSERVED, by=by, at=at, office=ticket.office, **facts)
    return len(left)


def _end_day(where: Place, day: date, by: By, at: datetime) -> int:
    written = _close_unserved(where, day, by, at)
    for stand in stands_of(where.code).values():
        if stand.state is not WindowState.SHUT and local_day(where.hall, stand.since or at) <= day:
            written += _shut(where, stand, by, at)
    counted: dict[str, int] = dict(
        db.session.execute(
            select(COLUMNS.state, func.count()).where(COLUMNS.hall == where.code, COLUMNS.day == day).group_by("state")
        ).all()
    )
    event = append(
        f"hall/{where.code}",
        "hall-closed",
        {
            "day": day,
            "issued": sum(counted.values()),
            "served": counted.get(TicketState.SERVED.value, 0),
            "refused": refused_in_all(where, day),
            "unserved": counted.get(TicketState.CLOSED_UNSERVED.value, 0),
        },
        by=_for_office(by, where.hall.run_by),
        at=at,
        channel="system",
    )
    write_day_event(event)
    return written + 1


def _shut(where: Place, stand: Stand, by: By, at: datetime) -> int:
    """A day that has ended leaves nobody at a window."""
    busy = TICKETS.where(COLUMNS.hall == where.code, COLUMNS.window == stand.window, COLUMNS.state == "serving")
    if all_of(busy.limit(1)):
        return 0
    facts = {"at_window": stand.window}
    event = append(f"hall/{where.code}", "window-closed", facts,
                   by=_for_office(by, where.window(stand.window).office), at=at)  # fmt: skip
    write_stand(stand_then(stand, event))
    return 1


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to the hall since the first of some numbers was issued, read once for all of them."""

    serving: Place
    closures: Sequence[Closure]
    events: Sequence[Event]


def _past(where: Place, plan: HallDay, tickets: Sequence[Ticket], at: datetime) -> Past:
    since = min((one.issued_at or at for one in tickets), default=at)
    whole = [one for one in closures_of(where.code, since, sessions_end(where, plan.day) or at) if not one.windows]
    return Past(serving_on(where, plan.day), whole, ledger.events(f"hall/{where.code}", since=since))


def _why(where: Place, plan: HallDay, past: Past, ticket: Ticket, at: datetime) -> tuple[str, str | None, str | None]:
    """Cause, office and window at fault: who withdrew a rostered window, else who issued beyond capacity.

    Serving that lasted longer than any forecast is nobody's withdrawal; the office of the item answers for it.
    """
    if not ticket.is_guaranteed:
        return "over-capacity", where.hall.run_by, None
    serving = past.serving.serving.get(ticket.item, frozenset())
    issued = ticket.issued_at or at
    usual = sessions_end(where, plan.day) or at
    whole = [one for one in past.closures if one.until_at > issued and one.from_at < usual]
    if any(one.declared_at and one.declared_at > issued for one in whole):
        return "closure", where.hall.run_by, None
    events = [event for event in past.events if event.occurred_at >= issued]
    if (gone := _withdrawn(serving, events, plan.closes_at or usual)) is not None:
        window, kind = gone
        office = where.hall.run_by if kind == "windows-merged" else where.window(window).office  # who withdrew it
        return "window-withdrawn", office, window
    return "longer-service", where.offices.get(ticket.item, ticket.office), None


def _withdrawn(serving: frozenset[str], events: Sequence[Event], closes_at: datetime) -> tuple[str, str] | None:
    """Of these windows the one that left last, between issue and closing, and did not come back; and by what event."""
    known: set[str] = set()
    for event in reversed(events):
        window = event.text("at_window") or ""
        if window not in serving or window in known or event.kind == "shift-set":
            continue
        known.add(window)
        is_empty = event.kind == "window-left-empty" and event.instant("until_at") is None
        if (is_empty or event.kind in _LEAVING) and event.occurred_at < closes_at:
            return window, event.kind
    return None


def _for_office(by: By, office: str | None) -> By:
    return replace(by, office=by.office or office)
