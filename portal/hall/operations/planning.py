"""Shifts, closures, an early stop of the issuing: each says first whom it hits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, SYSTEM, By
from portal.hall.model.appointments import Appointment
from portal.hall.model.days import Closure, meeting, spans_of, without
from portal.hall.model.tickets import Ticket, TicketFactUnfit
from portal.hall.operations.projection import write_day_event, write_hall_event
from portal.hall.operations.windows import PromisesWouldBreak, newly_broken
from portal.hall.places import Place, hours_of_hall, local_day, place, places, sessions
from portal.hall.queries.appointments import booked_between
from portal.hall.queries.queue import days_with_numbers, has_numbers, waiting
from portal.hall.standing import EMPTY_AFTER, Standing, closure_of, closures_of, standing
from portal.hall.tables import ClosureRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db

NOTICE: Final = timedelta(hours=24)  # parameter of ours: an announced closure is announced so long before
LONGEST: Final = timedelta(days=62)  # parameter of ours: a closure longer than two months is a change of the hours


class Cause(StrEnum):
    ANNOUNCED = "announced"
    EMERGENCY = "emergency"
    DRILL = "drill"


CAUSE_TITLES: Final = {
    Cause.ANNOUNCED: N_("Announced at least 24 hours before"),
    Cause.EMERGENCY: N_("Emergency"),
    Cause.DRILL: N_("Fire drill or the like"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Whom a closure hits: appointments in its time, and numbers that could not be called before closing any more."""

    appointments: tuple[Appointment, ...]
    tickets: tuple[Ticket, ...]

    def __len__(self) -> int:
        return len(self.appointments) + len(self.tickets)


def set_shift(
    hall: str,
    window: str,
    day: date,
    spans: Sequence[str],
    *,
    by: By,
    at: datetime,
    who: str | None = None,
    reason: str = "",
) -> Event:
    """Say when a window is staffed on a day; no span: not at all.

    :raises SpanUnfit: a span cannot be read.
    :raises PromisesWouldBreak: numbers of the day would not be called in time any more, and no reason was given.
    :raises TicketFactUnfit: the day is over, or two spans overlap, whose minutes would be promised twice.
    """
    where = place(hall)
    require(by, Act.SET_SHIFT, Target(office=where.hall.run_by))
    where.window(window)
    if day < local_day(where.hall, at):
        raise TicketFactUnfit(N_("That day is over; a shift is planned for today or later."), field="day")
    check_spans(spans, day, hours_of_hall(where.hall, day).zone)
    lost = _lost_by_shift(where, window, day, spans, at) if has_numbers(hall, day) else []
    if lost and not reason.strip():
        raise PromisesWouldBreak(lost)
    facts = {
        "at_window": window,
        "day": day,
        "spans": tuple(sorted(one.strip() for one in spans)),
        "who": who,
        "reason": reason.strip() or None if lost else None,
        "broken": len(lost) or None,
    }
    event = append(f"hall/{hall}", "shift-set", facts, by=by, at=at)
    write_hall_event(event)
    return event


def _lost_by_shift(where: Place, window: str, day: date, spans: Sequence[str], at: datetime) -> list[Ticket]:
    """Whose promise rests on minutes that the window would have no more."""
    now = standing(where, day, at)
    planned = meeting(spans_of(spans, day, hours_of_hall(where.hall, day).zone), now.day.spans)
    if not now.day.spans:
        return []  # the hall is shut: that has been told by what shut it
    begin, end = now.day.spans[0][0], now.day.spans[-1][1]
    closed = [one for one in closures_of(where.code, begin, end) if window in one.windows]
    staffed = without(planned, [(one.from_at, one.until_at) for one in closed])
    then = replace(now, day=replace(now.day, rostered={**now.day.rostered, window: staffed}))
    return newly_broken(now, waiting(where.code, day), now.minutes_left(), then.minutes_left(), then=then)


def check_spans(spans: Sequence[str], day: date, zone: ZoneInfo) -> None:
    """:raises SpanUnfit, TicketFactUnfit: one cannot be read, two overlap."""
    found = spans_of(spans, day, zone)
    for (_, ends), (begins, _) in pairwise(found):
        if begins < ends:
            raise TicketFactUnfit(
                N_("Two spans of this shift overlap; let one end where the next begins."), field="spans"
            )


def whom_it_hits(hall: str, from_at: datetime, until_at: datetime, windows: Collection[str], at: datetime) -> Hit:
    """What a closure would mean, before it is saved."""
    where = place(hall)
    appointments = [
        one for one in booked_between(hall, from_at, until_at) if not windows or one.window in windows
        or (where.serving.get(one.item) or {one.window}) <= set(windows)  # a service that left the hall has its window
    ]  # fmt: skip
    closure = Closure("", hall, "", from_at, until_at, frozenset(windows))
    today, last = local_day(where.hall, at), local_day(where.hall, until_at)
    tickets = [
        one for day in days_with_numbers(hall, today, last) for one in _tickets_hit(standing(where, day, at), closure)
    ]
    return Hit(tuple(appointments), tuple(tickets))


def _tickets_hit(now: Standing, closure: Closure) -> list[Ticket]:
    before = now.minutes_left()
    day = now.day
    lost = {
        window: sum(
            max((min(b, closure.until_at) - max(a, closure.from_at, now.at)).total_seconds(), 0.0) / 60
            for a, b in day.rostered.get(window, ())
        )
        for window in before
        if not closure.windows or window in closure.windows
    }
    after = {window: max(minutes - lost.get(window, 0.0), 0.0) for window, minutes in before.items()}
    leaving = lost.keys() if closure.from_at <= now.at < closure.until_at else ()
    return newly_broken(now, waiting(now.place.code, day.day), before, after, leaving)


def declare_closure(
    hall: str,
    cause: Cause,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    *,
    by: By,
    at: datetime,
    windows: Collection[str] = (),
) -> tuple[Closure, Hit]:
    """Close the hall, or some windows, for a time; whom it hits is told by the caller and offered other slots.

    :raises TicketFactUnfit: the times cannot be so, no reason is given, or what is announced comes too late for that.
    """
    where = place(hall)
    require(by, Act.DECLARE_CLOSURE, Target(office=where.hall.run_by))
    for window in windows:
        where.window(window)
    check_closure(cause, from_at, until_at, reason, at)
    hit = whom_it_hits(hall, from_at, until_at, windows, at)
    many = db.session.scalar(select(func.count()).select_from(ClosureRow).where(ClosureRow.hall == hall)) or 0
    facts = {
        "closure": f"{hall}-C{many + 1:04d}",
        "cause": cause.value,
        "from_at": from_at,
        "until_at": until_at,
        "windows": tuple(sorted(windows)),
        "reason": reason.strip(),
        "hit": len(hit),
    }
    event = append(f"hall/{hall}", "closure-declared", facts, by=by, at=at)
    write_hall_event(event)
    row = db.session.get(ClosureRow, facts["closure"])
    assert row is not None
    return closure_of(row), hit


def check_closure(cause: Cause, from_at: datetime, until_at: datetime, reason: str, at: datetime) -> None:
    """:raises TicketFactUnfit: the times cannot be so, no reason is given, or what is announced comes too late."""
    if until_at <= from_at:
        raise TicketFactUnfit(N_("The closure ends before it begins; swap the two."), field="until_at")
    if until_at <= at:
        raise TicketFactUnfit(N_("That is over; a closure is declared for a time to come."), field="until_at")
    if until_at - from_at > LONGEST:
        raise TicketFactUnfit(N_("That is longer than two months; change the hall's hours instead."), field="until_at")
    if not reason.strip():
        raise TicketFactUnfit(N_("Say why the hall is shut; everybody reads it."), field="reason")
    if cause is Cause.ANNOUNCED and from_at - at < NOTICE:
        raise TicketFactUnfit(
            N_("What is announced is announced 24 hours before. Choose a later time, or call it an emergency."),
            field="cause",
        )


def withdraw_closure(hall: str, closure: str, *, by: By, at: datetime) -> Event:
    where = place(hall)
    require(by, Act.WITHDRAW_CLOSURE, Target(office=where.hall.run_by))
    row = db.session.get(ClosureRow, closure)
    if row is None or row.hall != hall or row.is_withdrawn or row.until_at <= at:
        raise TicketFactUnfit(N_("There is no such closure to come."), field="closure")
    event = append(f"hall/{hall}", "closure-withdrawn", {"closure": closure}, by=by, at=at)
    write_hall_event(event)
    return event


def stop_issuing(hall: str, reason: str, *, by: By, at: datetime) -> Event:
    """No more numbers today; how much work waits is recorded beside it (V24).

    :raises TicketFactUnfit: no reason, or the hall is shut today.
    """
    where = place(hall)
    require(by, Act.STOP_ISSUING, Target(office=where.hall.run_by))
    if not reason.strip():
        raise TicketFactUnfit(N_("Say why no more numbers are issued."), field="reason")
    day = local_day(where.hall, at)
    now = standing(where, day, at)
    windows = [window for window, minutes in now.minutes_left().items() if minutes > 0]
    backlog = sum(load.mean for load in now.loads().values()) / max(len(windows), 1)
    facts = {"day": day, "closes_at": now.day.closes_at, "backlog_minutes": round(backlog), "reason": reason.strip()}
    event = append(f"hall/{hall}", "issuing-stopped", facts, by=by, at=at)
    write_day_event(event)
    return event


def resume_issuing(hall: str, *, by: By, at: datetime) -> Event:
    where = place(hall)
    require(by, Act.RESUME_ISSUING, Target(office=where.hall.run_by))
    event = append(f"hall/{hall}", "issuing-resumed", {"day": local_day(where.hall, at)}, by=by, at=at)
    write_day_event(event)
    return event


def declare_surge(hall: str, reason: str, *, by: By, at: datetime) -> Event:
    """More people came than any plan could have known (V25)."""
    where = place(hall)
    require(by, Act.DECLARE_SURGE, Target(office=where.hall.run_by))
    if not reason.strip():
        raise TicketFactUnfit(N_("Say what brought so many people."), field="reason")
    facts = {"day": local_day(where.hall, at), "reason": reason.strip()}
    return append(f"hall/{hall}", "surge-declared", facts, by=by, at=at)


def note_empty_windows(at: datetime) -> int:
    """Record each rostered window at which nobody sits, and when somebody came; returns how many events."""
    return sum(_note_empty(hall.code, at) for hall in places() if _is_open_by_hours(hall.code, at))


def _is_open_by_hours(hall: str, at: datetime) -> bool:
    where = place(hall)
    return any(begin <= at for begin, _ in sessions(where.hall, local_day(where.hall, at)))


def _note_empty(hall: str, at: datetime) -> int:
    """One event when it has been empty too long, one with its end; halls that use no windows here are left alone."""
    where = place(hall)
    day = local_day(where.hall, at)
    now = standing(where, day, at)
    if not now.stands:
        return 0
    written = 0
    told = _told_today(hall, day, at)
    empty = {window: since for window in now.day.rostered if (since := now.vacant_since(window)) is not None}
    for window, since in empty.items():
        if window in now.stands and at - since > EMPTY_AFTER and told.get(window) is None:
            written += _noted(hall, window, since, None, at)
    for window, since in told.items():
        if since is not None and window not in empty:
            written += _noted(hall, window, since, at, at)
    return written


def _noted(hall: str, window: str, since: datetime, until: datetime | None, at: datetime) -> int:
    office = place(hall).window(window).office
    facts = {"at_window": window, "from_at": since, "until_at": until}
    append(f"hall/{hall}", "window-left-empty", facts, by=replace(SYSTEM, office=office), at=at)
    return 1


def _told_today(hall: str, day: date, at: datetime) -> dict[str, datetime | None]:
    """For each window since when it is known to be empty; None once somebody came."""
    found: dict[str, datetime | None] = {}
    where = place(hall)
    begin = sessions(where.hall, day)
    since = begin[0][0] if begin else at
    for event in ledger.events(f"hall/{hall}", since=since):
        if event.kind == "window-left-empty":
            is_over = event.instant("until_at") is not None
            found[event.text("at_window") or ""] = None if is_over else event.instant("from_at")
    return {window: moment for window, moment in found.items() if moment is not None}
