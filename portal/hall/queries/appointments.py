"""Reads of appointments: one, those of a day, the slots that are free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, select

from portal.hall.model.appointments import (
    AHEAD,
    Appointment,
    AppointmentNotFound,
    AppointmentState,
    length_for,
    slots_of,
)
from portal.hall.model.capacity import Handling
from portal.hall.model.days import Closure
from portal.hall.places import Place, local_day, place, sessions
from portal.hall.standing import STANDARD_MINUTES, Standing, closures_of, handlings_of, standing
from portal.hall.tables import AppointmentRow
from portal.store import db

COLUMNS = cast("Table", AppointmentRow.__table__).c
APPOINTMENTS = select(*COLUMNS)


def appointment(number: str) -> Appointment:
    """:raises AppointmentNotFound: there is none of that number."""
    row = db.session.execute(APPOINTMENTS.where(COLUMNS.number == number)).first()
    if row is None:
        raise AppointmentNotFound
    return as_appointment(row)


def appointments_of_day(hall: str, day: date) -> list[Appointment]:
    return _all(APPOINTMENTS.where(COLUMNS.hall == hall, COLUMNS.day == day).order_by(COLUMNS.slot_at, COLUMNS.window))


def appointments_of(holder: str, from_on: date) -> list[Appointment]:
    mine = APPOINTMENTS.where(COLUMNS.holder == holder, COLUMNS.day >= from_on)
    return _all(mine.order_by(COLUMNS.slot_at))


def booked_between(hall: str, begin: datetime, end: datetime) -> list[Appointment]:
    touched = APPOINTMENTS.where(
        COLUMNS.hall == hall, COLUMNS.state == "booked", COLUMNS.slot_at < end, COLUMNS.until_at > begin
    )
    return _all(touched.order_by(COLUMNS.slot_at))


def appointments_named(numbers: Collection[str]) -> list[Appointment]:
    """Those of these numbers that exist, the next first."""
    if not numbers:
        return []
    return _all(APPOINTMENTS.where(COLUMNS.number.in_(list(numbers))).order_by(COLUMNS.slot_at))


def shut_then(found: Appointment) -> Closure | None:
    """The closure of the whole hall in which a slot lies: whoever stands before a shut door misses nothing."""
    begin, end = found.slot_at, found.until_at
    if begin is None or end is None:
        return None
    return next((one for one in closures_of(found.hall, begin, end) if not one.windows and one.from_at <= begin), None)


def length_of(where: Place, item: str) -> timedelta:
    return _length(handlings_of(where.code), item)


def _length(handlings: Mapping[str, Handling], item: str) -> timedelta:
    known = handlings.get(item)
    return length_for(known.mean if known and known.count >= 20 else STANDARD_MINUTES)


@dataclass(frozen=True, slots=True)
class Slots:
    """The appointments of one day for a service: ``free`` has for each beginning the windows, the least able first.

    ``all`` are the beginnings at which there are appointments at all; ``fits``: the formula has room for one more.
    """

    free: Mapping[datetime, list[str]]
    all: frozenset[datetime] = frozenset()
    fits: bool = True


def slots_on(
    where: Place, item: str, day: date, at: datetime, matters: int = 1, *, moving: Appointment | None = None
) -> Slots:
    """What can be booked on a day, or had by an appointment that is ``moving``, which then is not in its own way.

    Several matters take their time together, one slot after the other at the same window. The formula is asked for
    every day, as for a number: what waits, was carried over or booked has its minutes, and so has its margin.
    """
    windows = where.windows_for(item)
    if not sessions(where.hall, day):
        return Slots({})
    now = _without(standing(where, day, at), moving)
    plan, length = now.day, _length(now.handlings, item)
    if not plan.spans:
        return Slots({})
    own = None if moving is None else moving.number
    taken = [
        (one.window, one.slot_at, one.until_at)
        for one in booked_between(where.code, *_ends(plan.spans))
        if one.number != own
    ]
    fits = now.verdict(item, matters, is_for_later=True).fits
    found: dict[datetime, list[str]] = {}
    beginnings = set()
    for window in sorted(windows, key=lambda code: (len(where.items[code]), code)):
        for begin, _ in slots_of(plan, window, length):
            beginnings.add(begin)
            end = begin + length * matters
            is_taken = any(w == window and a < end and begin < b for w, a, b in taken if a and b)
            is_staffed = any(a <= begin and end <= b for a, b in plan.rostered[window])
            is_own = moving is not None and (moving.window, moving.slot_at) == (window, begin)
            if fits and begin > at and is_staffed and not is_taken and not is_own:
                found.setdefault(begin, []).append(window)
    return Slots(dict(sorted(found.items())), frozenset(beginnings), fits)


def _without(now: Standing, moving: Appointment | None) -> Standing:
    """The day without the appointment that leaves its place on it."""
    is_due = moving is not None and moving.until_at is not None and moving.until_at > now.at
    if moving is None or not is_due or moving.day != now.day.day:
        return now
    left = ((item, many - moving.matters if item == moving.item else many) for item, many in now.due)
    return replace(now, due=tuple((item, many) for item, many in left if many > 0))


def free_slots(
    hall: str, item: str, day: date, at: datetime, matters: int = 1, *, moving: Appointment | None = None
) -> Mapping[datetime, list[str]]:
    """For each beginning that can be booked on a day, the windows that are free then, the least able first."""
    return slots_on(place(hall), item, day, at, matters, moving=moving).free


def first_free_slots(
    hall: str,
    item: str,
    at: datetime,
    many: int = 3,
    *,
    after_on: date | None = None,
    matters: int = 1,
    moving: Appointment | None = None,
) -> list[datetime]:
    """The next beginnings that can be booked, from tomorrow on unless a day is given; none if no window takes it."""
    where = place(hall)
    if not where.serving.get(item):
        return []
    day = after_on or local_day(where.hall, at) + timedelta(1)
    last = local_day(where.hall, at) + AHEAD
    found: list[datetime] = []
    while day <= last and len(found) < many:
        found += free_slots(hall, item, day, at, matters, moving=moving)
        day += timedelta(1)
    return found[:many]


def as_appointment(row: Row[Any]) -> Appointment:
    facts = row._asdict()
    return Appointment(state=AppointmentState(facts.pop("state")), **facts)


def _all(statement: Any) -> list[Appointment]:
    return [as_appointment(row) for row in db.session.execute(statement)]


def _ends(spans: tuple[tuple[datetime, datetime], ...]) -> tuple[datetime, datetime]:
    return spans[0][0], spans[-1][1]
