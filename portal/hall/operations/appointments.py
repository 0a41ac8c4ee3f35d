"""Appointments: booked once, moved, cancelled, kept; whoever comes becomes a number in the one queue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from portal.accounts.policy import Act, Target, may, require
from portal.basis import N_, SYSTEM, By
from portal.catalogue.queries import version_on
from portal.hall.model.appointments import (
    AHEAD,
    EARLY,
    LATE,
    MOST_A_DAY,
    MOST_MATTERS,
    Appointment,
    AppointmentState,
    AppointmentStepNotPossible,
    NoRoomThatDay,
    NotYet,
    SlotTaken,
    SlotUnfit,
    TooLate,
    TooManyAppointments,
    appointment_then,
)
from portal.hall.model.ranks import Ground, Rank, appointment_turn
from portal.hall.model.tickets import Source, TicketFactUnfit
from portal.hall.operations.consent import WrongCode
from portal.hall.operations.issuing import Slip, checked_situation, issue, kept_situation
from portal.hall.operations.numbers import holders_code, is_holders_code
from portal.hall.operations.projection import write_appointment
from portal.hall.places import APPOINTMENT_SERIES, Place, local_day, place
from portal.hall.queries.appointments import COLUMNS, first_free_slots, length_of, shut_then, slots_on
from portal.hall.queries.appointments import appointment as load
from portal.hall.tables import TicketSeriesRow
from portal.ledger.canonical import canonical
from portal.ledger.model import Channel, Event
from portal.ledger.operations import append
from portal.store import Wish, db, keep, once

OFFERED: Final = 3  # how many other slots are named
REMIND_BEFORE: Final = timedelta(hours=24)  # parameter of ours


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What whoever booked takes along."""

    appointment: Appointment
    code: str
    is_repeat: bool = False


def book(
    hall: str,
    item: str,
    slot_at: datetime,
    *,
    by: By,
    at: datetime,
    holder: str | None = None,
    matters: int = 1,
    situation: str | None = None,
    idempotency_key: str | None = None,
) -> Confirmation:
    """Book one slot; no window's time is given twice, and no day promises more than its windows have minutes for.

    ``situation``: of the item, as whoever books says; the number has it once he checks in.

    :raises SlotTaken, NoRoomThatDay: with the next slots that are free instead.
    :raises SlotUnfit: there is no such slot.
    :raises TicketFactUnfit: too many matters, or a situation that the item does not have.
    :raises TooManyAppointments: the holder has enough on that day.
    """
    where = place(hall)
    where.windows_for(item)
    own = by.actor if by.office is None else None
    require(by, Act.BOOK_APPOINTMENT, Target(owner=own, office=by.office if by.office in where.hall.offices else None))
    wish = _wish(hall, item, slot_at, situation, by, idempotency_key)
    if wish is not None and (earlier := once(wish)) is not None:
        return Confirmation(load(earlier), holders_code(f"appointment/{earlier}"), is_repeat=True)
    if not 1 <= matters <= MOST_MATTERS:
        raise TicketFactUnfit(
            N_("One number stands for at most %(most)s matters; take another number for the rest."),
            field="matters",
            values={"most": MOST_MATTERS},
        )
    day = local_day(where.hall, slot_at)
    version = version_on(item, day)
    situation = checked_situation(version, situation)
    if holder is not None:
        _refuse_hoarding(holder, day)
    window = _free_window(where, item, slot_at, at, matters)
    number = _next_number(where, day)
    event = append(
        f"appointment/{number}",
        "appointment-booked",
        {
            "hall": hall,
            "day": day,
            "item": item,
            "situation": situation,
            "slot_at": slot_at,
            "until_at": slot_at + length_of(where, item) * matters,
            "at_window": window,
            "holder": holder,
            "matters": matters,
        },
        by=replace(by, office=where.offices[item]),
        at=at,
        item_version=None if version is None else version.version,
        channel=Channel.WINDOW if by.office else Channel.WEB,
    )
    booked = _written(Appointment(number), event)
    if wish is not None:
        keep(wish, number, at=at)
    return Confirmation(booked, holders_code(event.subject))


def move(number: str, slot_at: datetime, *, by: By, at: datetime, code: str = "", reason: str = "") -> Appointment:
    """To another slot; the old one is free again, and is not in the way of the new one.

    :raises SlotTaken, SlotUnfit, NoRoomThatDay, WrongCode: the slot cannot be had, or it is not the holder who asks.
    """
    found = load(number)
    where = place(found.hall)
    _check_may(found, where, Act.MOVE_APPOINTMENT, by, code)
    _require_booked(found)
    window = _free_window(where, found.item, slot_at, at, found.matters, moving=found)
    day = local_day(where.hall, slot_at)
    facts = {
        "day": day, "slot_at": slot_at, "until_at": slot_at + length_of(where, found.item) * found.matters,
        "at_window": window,
        "reason": reason.strip() or None,
    }  # fmt: skip
    return _step(found, "appointment-moved", by=by, at=at, **facts)


def cancel(
    number: str, *, by: By, at: datetime, code: str = "", reason: str = "", closure: str | None = None
) -> Appointment:
    """:raises TicketFactUnfit: an office cancels without a reason.

    :raises WrongCode: it is not the holder who asks.
    """
    found = load(number)
    where = place(found.hall)
    _check_may(found, where, Act.CANCEL_APPOINTMENT, by, code)
    _require_booked(found)
    if by.office is not None and not reason.strip():
        raise TicketFactUnfit(N_("Say why the appointment is cancelled; its holder reads it."), field="reason")
    return _step(found, "appointment-cancelled", by=by, at=at, reason=reason.strip() or None, closure=closure)


def check_in(number: str, *, by: By, at: datetime, code: str = "") -> Slip:
    """Become a number in the one queue, called at the slot and not before.

    :raises NotYet, TooLate: half an hour before, a quarter of an hour after.
    """
    found = load(number)
    where = place(found.hall)
    _check_may(found, where, Act.CHECK_IN_APPOINTMENT, by, code)
    _require_booked(found)
    assert found.slot_at is not None
    if at < found.slot_at - EARLY:
        raise NotYet
    if at > found.slot_at + LATE:
        raise TooLate
    slip = issue(
        found.hall,
        found.item,
        by=by,
        at=at,
        source=Source.APPOINTMENT,
        rank=Rank.APPOINTMENT,
        ground=Ground.APPOINTMENT,
        matters=found.matters,
        situation=kept_situation(version_on(found.item, local_day(where.hall, at)), found.situation),
        holder=found.holder,
        is_promised=True,
        turn_at=appointment_turn(found.slot_at, at),
        appointment=number,
    )
    assert isinstance(slip, Slip), "what was promised is issued"
    _step(found, "appointment-checked-in", by=by, at=at, ticket=slip.ticket.id)
    return slip


def renumber(number: str, ticket: str, *, by: By, at: datetime) -> Appointment:
    """Whoever checked in holds another number now, in the place of one that was not printed."""
    found = load(number)
    if found.state is not AppointmentState.CHECKED_IN:
        raise AppointmentStepNotPossible(found.state)
    return _step(found, "appointment-renumbered", by=by, at=at, ticket=ticket)


def remind_and_miss(at: datetime) -> int:
    """Note whose day has come, and who did not come; returns how many events. Done again it adds nothing.

    Who did not come because a closure held the hall has the appointment cancelled by it: the hall's doing (V50).
    """
    due = select(COLUMNS.number).where(COLUMNS.state == AppointmentState.BOOKED.value)
    missed = db.session.scalars(due.where(COLUMNS.slot_at < at - LATE).order_by(COLUMNS.slot_at)).all()
    for number in missed:
        found = load(number)
        shut = shut_then(found)
        if shut is None:
            _step(found, "appointment-missed", by=SYSTEM, at=at)
        else:
            _step(found, "appointment-cancelled", by=SYSTEM, at=at, reason=shut.reason, closure=shut.number)
    soon = due.where(COLUMNS.reminded_at.is_(None), COLUMNS.slot_at <= at + REMIND_BEFORE, COLUMNS.slot_at > at)
    reminded = db.session.scalars(soon.order_by(COLUMNS.slot_at)).all()
    for number in reminded:
        _step(load(number), "appointment-reminded", by=SYSTEM, at=at)
    return len(missed) + len(reminded)


def _step(found: Appointment, kind: str, *, by: By, at: datetime, **facts: Any) -> Appointment:
    event = append(
        f"appointment/{found.number}",
        kind,
        facts,
        by=replace(by, office=by.office or found.office),
        at=at,
        channel=None if by.office or by is SYSTEM else Channel.WEB,
    )
    return _written(found, event)


def _written(before: Appointment, event: Event) -> Appointment:
    after = appointment_then(before, event)
    write_appointment(after)
    return after


def _free_window(
    where: Place, item: str, slot_at: datetime, at: datetime, matters: int, *, moving: Appointment | None = None
) -> str:
    """:raises SlotTaken, SlotUnfit: as the names say."""
    day = local_day(where.hall, slot_at)
    if slot_at <= at or day > local_day(where.hall, at) + AHEAD:
        raise SlotUnfit
    slots = slots_on(where, item, day, at, matters, moving=moving)
    if slot_at in slots.free:
        return slots.free[slot_at][0]
    if slot_at not in slots.all:
        raise SlotUnfit
    nearest = sorted(sorted(slots.free, key=lambda begin: abs(begin - slot_at))[:OFFERED])
    instead = nearest or first_free_slots(where.code, item, at, OFFERED, matters=matters, moving=moving)
    alone = slots if matters == 1 else slots_on(where, item, day, at, moving=moving)
    if not alone.fits:
        raise NoRoomThatDay(day, tuple(instead))
    raise SlotTaken(tuple(instead), matters if slot_at in alone.free else 1)


def _refuse_hoarding(holder: str, day: date) -> None:
    mine = select(func.count()).where(COLUMNS.holder == holder, COLUMNS.day == day, COLUMNS.state == "booked")
    if (db.session.scalar(mine) or 0) >= MOST_A_DAY:
        raise TooManyAppointments


def _check_may(found: Appointment, where: Place, act: Act, by: By, code: str) -> None:
    """The holder by account or code; staff of the hall by their post."""
    if by.office is not None:
        require(by, act, Target(office=by.office if by.office in {*where.hall.offices, where.hall.run_by} else None))
        return
    is_own = found.holder is not None and may(by, act, Target(owner=found.holder))
    if not is_own and not is_holders_code(f"appointment/{found.number}", code):
        raise WrongCode


def _require_booked(found: Appointment) -> None:
    if found.state is not AppointmentState.BOOKED:
        raise AppointmentStepNotPossible(found.state)


def _next_number(where: Place, day: date) -> str:
    """Numbers of appointments run in a series of their own for each hall and year."""
    first = date(day.year, 1, 1)
    here = (TicketSeriesRow.hall == where.code) & (TicketSeriesRow.day == first) & (TicketSeriesRow.series == "AP")
    raised = update(TicketSeriesRow).where(here).values(last=TicketSeriesRow.last + 1)
    last = db.session.scalar(raised.returning(TicketSeriesRow.last))
    if last is None:
        last = 1
        db.session.execute(insert(TicketSeriesRow).values(hall=where.code, day=first, series="AP", last=last))
    return f"{where.code}-{day.year}-{APPOINTMENT_SERIES}{last:06d}"


def _wish(hall: str, item: str, slot_at: datetime, situation: str | None, by: By, key: str | None) -> Wish | None:
    if key is None:
        return None
    wanted = {"hall": hall, "item": item, "slot": slot_at.isoformat(), "situation": situation}
    content = canonical({name: value for name, value in wanted.items() if value is not None})
    return Wish("book-appointment", key, f"{by.actor} {hall}", content)
