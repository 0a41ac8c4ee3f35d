"""An appointment: a promise of a slot, kept as a ticket once its holder has come. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_, Refusal
from portal.hall.model.days import HallDay, Spans
from portal.ledger.model import Event

SLOT: Final = timedelta(minutes=15)  # parameter of ours; a visit takes as many slots as its usual time needs
EVERY: Final = 2  # parameter of ours: every other slot of a window is for appointments, the rest for who walks in
AHEAD: Final = timedelta(days=14)  # parameter of ours: how far ahead one may book
EARLY: Final = timedelta(minutes=30)  # parameter of ours: how long before its slot one may check in
LATE: Final = timedelta(minutes=15)  # parameter of ours: after that it counts as missed, and a number is taken like any
MOST_A_DAY: Final = 3  # parameter of ours (V50): of one holder
MOST_MATTERS: Final = 5  # parameter of ours: of one number


class AppointmentState(StrEnum):
    NEW = "new"
    BOOKED = "booked"
    CHECKED_IN = "checked-in"
    CANCELLED = "cancelled"
    MISSED = "missed"


APPOINTMENT_TITLES: Final[Mapping[AppointmentState, str]] = {
    AppointmentState.NEW: N_("New"),
    AppointmentState.BOOKED: N_("Booked"),
    AppointmentState.CHECKED_IN: N_("Checked in"),
    AppointmentState.CANCELLED: N_("Cancelled"),
    AppointmentState.MISSED: N_("Missed"),
}


class AppointmentNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("There is no appointment with this number and code; compare both with your confirmation."),
            field="number",
        )


class SlotTaken(Refusal):
    """``free`` are the next slots that could be had instead."""

    def __init__(self, free: tuple[datetime, ...] = (), matters: int = 1) -> None:
        self.free = free
        message = N_("This time has been taken meanwhile. Choose another one below.")
        if matters > 1:
            message = N_(
                "No window has time for %(matters)s matters at once then. Choose another time, or fewer matters."
            )
        super().__init__(message, field="slot", values={"matters": matters} if matters > 1 else None)


class NoRoomThatDay(SlotTaken):
    """The formula has no room for one more on that day, though some window is free at that time."""

    def __init__(self, day: date, free: tuple[datetime, ...] = ()) -> None:
        self.free = free
        Refusal.__init__(
            self,
            N_("%(day)s is promised away: one more appointment could not be sure to be kept. Choose another day."),
            field="slot",
            values={"day": day},
        )


class SlotUnfit(Refusal):
    """No such slot: the hall is closed then, or it lies in the past or too far ahead."""

    def __init__(self) -> None:
        super().__init__(N_("There is no appointment at that time. Choose one of those offered."), field="slot")


class TooManyAppointments(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("You have %(most)s appointments on that day already; cancel one first, or choose another day."),
            values={"most": MOST_A_DAY},
        )


NOT_POSSIBLE_WHILE: Final[Mapping[AppointmentState, str]] = {
    AppointmentState.NEW: N_("There is no appointment with this number and code; compare both with your confirmation."),
    AppointmentState.BOOKED: N_("That is not possible: this appointment is booked and to come."),
    AppointmentState.CHECKED_IN: N_("You have checked in for this appointment already; your number counts now."),
    AppointmentState.CANCELLED: N_("This appointment was cancelled; nothing can be changed about it. Book a new one."),
    AppointmentState.MISSED: N_("This appointment was missed; nothing can be changed about it. Book a new one."),
}


class AppointmentStepNotPossible(Refusal):
    def __init__(self, state: AppointmentState) -> None:
        self.state = state
        super().__init__(NOT_POSSIBLE_WHILE[state])


class NotYet(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("You may check in from %(minutes)s minutes before your appointment; your place is kept."),
            values={"minutes": int(EARLY.total_seconds() // 60)},
        )


class TooLate(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The appointment was more than %(minutes)s minutes ago. Take a number, and say that you had one."),
            values={"minutes": int(LATE.total_seconds() // 60)},
        )


@dataclass(frozen=True, slots=True)
class Appointment:
    """``window`` is whose time it takes; any window that takes the item may call it."""

    number: str
    state: AppointmentState = AppointmentState.NEW
    hall: str = ""
    day: date = date.min
    item: str = ""
    item_version: str | None = None  # in force when it was booked
    situation: str | None = None  # of the item, as whoever booked said
    office: str | None = None
    window: str = ""
    slot_at: datetime | None = None
    until_at: datetime | None = None
    holder: str | None = None
    matters: int = 1
    booked_at: datetime | None = None
    reminded_at: datetime | None = None
    ticket: str | None = None
    reason: str | None = None
    last_seq: int = 0


def appointment_then(known: Appointment, event: Event) -> Appointment:
    at, states = event.occurred_at, AppointmentState
    known = replace(known, last_seq=event.seq)
    match event.kind:
        case "appointment-booked":
            slot_at = event.instant("slot_at") or at
            return replace(
                known, state=states.BOOKED, hall=event.text("hall") or "", day=event.date("day") or slot_at.date(),
                item=event.text("item") or "", item_version=event.item_version,
                situation=event.text("situation"),
                office=event.office, window=event.text("at_window") or "",
                slot_at=slot_at, until_at=event.instant("until_at"), holder=event.text("holder"),
                matters=event.integer("matters") or 1, booked_at=at,
            )  # fmt: skip
        case "appointment-moved":
            return replace(
                known, state=states.BOOKED, day=event.date("day") or known.day, slot_at=event.instant("slot_at"),
                until_at=event.instant("until_at"), window=event.text("at_window") or "", reason=event.text("reason"),
                reminded_at=None,
            )  # fmt: skip
        case "appointment-cancelled":
            return replace(known, state=states.CANCELLED, reason=event.text("reason"))
        case "appointment-reminded":
            return replace(known, reminded_at=at)
        case "appointment-checked-in" | "appointment-renumbered":
            return replace(known, state=states.CHECKED_IN, ticket=event.text("ticket"))
        case "appointment-missed":
            return replace(known, state=states.MISSED)
    return known


def slots_of(day: HallDay, window: str, length: timedelta) -> Spans:
    """The slots of a window that are for appointments: every other one, within its rostered time."""
    found = []
    for begin, end in day.rostered.get(window, ()):
        start, nth = begin, 0
        while start + length <= end:
            if nth % EVERY == 0:
                found.append((start, start + length))
            start, nth = start + length, nth + 1
    return tuple(found)


def length_for(minutes: float) -> timedelta:
    """As many whole slots as a visit usually takes."""
    slots = max(1, -(-int(minutes * 60) // int(SLOT.total_seconds())))
    return SLOT * slots
