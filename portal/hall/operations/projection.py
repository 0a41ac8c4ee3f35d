"""Rows of the hall follow from its events; ``rebuild_halls`` makes them again from the ledger alone."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import BindParameter, Table, bindparam, delete, insert, select, update

from portal.hall.model.appointments import Appointment, appointment_then
from portal.hall.model.capacity import Handling
from portal.hall.model.tickets import Ticket, TicketState, ticket_then
from portal.hall.model.windows import Stand, stand_then
from portal.hall.standing import STANDARD_MINUTES
from portal.hall.tables import (
    AppointmentRow,
    ClosureRow,
    HallDayRow,
    HandlingRow,
    MergeRow,
    ShiftRow,
    TicketRow,
    TurnedAwayRow,
    WindowRow,
)
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import Prepared, db, run

_TICKETS = cast("Table", TicketRow.__table__)
_INSERT = insert(_TICKETS)
_PUT = Prepared(_INSERT)
_HANDLING = Prepared(
    select(HandlingRow.mean, HandlingRow.deviation, HandlingRow.visits).where(
        HandlingRow.hall == bindparam("hall"), HandlingRow.item == bindparam("item")
    )
)
_LEARN = Prepared(
    update(cast("Table", HandlingRow.__table__))
    .where(HandlingRow.hall == bindparam("_hall"), HandlingRow.item == bindparam("_item"))
    .values(mean=bindparam("mean"), deviation=bindparam("deviation"), visits=bindparam("visits"))
)
_PROJECTIONS: Final = (
    TicketRow, WindowRow, ShiftRow, MergeRow, ClosureRow, HandlingRow, HallDayRow, TurnedAwayRow, AppointmentRow,
)  # fmt: skip
_NAMES: Final = tuple(Ticket.__dataclass_fields__)
_LEARNT_FROM: Final = (TicketState.SERVED, TicketState.ABSENT)
_LONGEST: Final = 4 * 3600  # seconds; parameter of ours: a visit that lasts longer was not finished when it ended
SHIFT_KINDS: Final = ("shift-set",)
CLOSURE_KINDS: Final = ("closure-declared", "closure-withdrawn")
WINDOW_KINDS: Final = ("window-opened", "window-paused", "window-closed", "window-passed", "windows-merged")
DAY_KINDS: Final = ("issuing-stopped", "issuing-resumed", "hall-closed")
HALL_KINDS: Final = (*SHIFT_KINDS, *CLOSURE_KINDS, *WINDOW_KINDS, *DAY_KINDS, "ticket-refused")


def put_ticket(ticket: Ticket) -> None:
    run(_PUT, row_of(ticket))


def write_ticket(before: Ticket, after: Ticket) -> None:
    known = row_of(before)
    changed = {name: value for name, value in row_of(after).items() if value != known[name]}
    run(_update(tuple(changed)), {"_id": after.id, **changed})
    learn(before, after)


@cache
def _update(names: tuple[str, ...]) -> Prepared:
    """Of what a step changes: a handful of combinations, each built once."""
    changed: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in names}
    return Prepared(update(_TICKETS).where(_TICKETS.c.id == bindparam("_id")).values(changed))


def row_of(ticket: Ticket) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in _NAMES}


def learn(before: Ticket, after: Ticket) -> None:
    """What a finished visit teaches about the next ones; who did not come took time as well."""
    if after.state not in _LEARNT_FROM or before.state is after.state:
        return
    seconds = after.served_seconds
    if after.state is TicketState.ABSENT and before.called_at and after.ended_at:
        seconds = int((after.ended_at - before.called_at).total_seconds())
    if not 0 < seconds <= _LONGEST * after.matters:
        return
    row = run(_HANDLING, {"hall": after.hall, "item": after.item}).one_or_none()
    known = Handling.standard(STANDARD_MINUTES) if row is None else Handling(row.mean, row.deviation, row.visits)
    learnt = known.learnt(seconds / 60 / after.matters)
    facts = {"mean": learnt.mean, "deviation": learnt.deviation, "visits": learnt.count}
    if row is None:
        db.session.execute(insert(HandlingRow).values(hall=after.hall, item=after.item, **facts))
    else:
        run(_LEARN, {"_hall": after.hall, "_item": after.item, **facts})


def write_stand(stand: Stand) -> None:
    facts = asdict(stand)
    here = (WindowRow.hall == stand.hall) & (WindowRow.window == stand.window)
    if not _changed(db.session.execute(update(WindowRow).where(here).values(facts))):
        db.session.execute(insert(WindowRow).values(facts))


def write_appointment(appointment: Appointment) -> None:
    facts = asdict(appointment)
    here = AppointmentRow.number == appointment.number
    if not _changed(db.session.execute(update(AppointmentRow).where(here).values(facts))):
        db.session.execute(insert(AppointmentRow).values(facts))


def write_hall_event(event: Event) -> None:
    """One event of a hall, windows apart, as its row."""
    match event.kind:
        case "shift-set":
            _write_shift(event)
        case "windows-merged":
            _write_merge(event)
        case "closure-declared":
            _write_closure(event)
        case "closure-withdrawn":
            gone = ClosureRow.number == event.text("closure")
            db.session.execute(update(ClosureRow).where(gone).values(is_withdrawn=True))
        case "ticket-refused":
            _write_refusal(event)


def set_day(hall: str, day: object, **facts: Any) -> None:
    here = (HallDayRow.hall == hall) & (HallDayRow.day == day)
    if not _changed(db.session.execute(update(HallDayRow).where(here).values(**facts))):
        empty = {"stopped_at": None, "stopped_because": None, "closed_at": None}
        db.session.execute(insert(HallDayRow).values(hall=hall, day=day, **(empty | facts)))


def _write_merge(event: Event) -> None:
    """The one keeps the hours that have passed, the other works its own and those that were still to come."""
    hall, day, window, into = event.number, event.date("day"), event.text("at_window"), event.text("into_window")
    db.session.execute(insert(MergeRow).values(seq=event.seq, hall=hall, day=day, window=window, into=into))
    for one, spans in ((window, "left_spans"), (into, "spans")):
        here = (ShiftRow.hall == hall) & (ShiftRow.day == day) & (ShiftRow.window == one)
        facts = {"spans": " ".join(event.texts(spans))}
        if not _changed(db.session.execute(update(ShiftRow).where(here).values(**facts))):
            db.session.execute(insert(ShiftRow).values(hall=hall, day=day, window=one, who=None, **facts))


def _write_shift(event: Event) -> None:
    day, window = event.date("day"), event.text("at_window")
    here = (ShiftRow.hall == event.number) & (ShiftRow.day == day) & (ShiftRow.window == window)
    facts = {"spans": " ".join(event.texts("spans")), "who": event.text("who")}
    if not _changed(db.session.execute(update(ShiftRow).where(here).values(**facts))):
        db.session.execute(insert(ShiftRow).values(hall=event.number, day=day, window=window, **facts))


def _write_closure(event: Event) -> None:
    db.session.execute(
        insert(ClosureRow).values(
            number=event.text("closure"),
            hall=event.number,
            cause=event.text("cause"),
            from_at=event.instant("from_at"),
            until_at=event.instant("until_at"),
            windows=" ".join(event.texts("windows")),
            reason=event.text("reason") or "",
            declared_at=event.occurred_at,
            is_withdrawn=False,
        )
    )


def _write_refusal(event: Event) -> None:
    db.session.execute(
        insert(TurnedAwayRow).values(
            seq=event.seq,
            hall=event.number,
            day=event.date("day"),
            item=event.text("item"),
            reason=event.text("reason"),
            ahead=event.integer("ahead") or 0,
            needed_minutes=event.integer("needed_minutes") or 0,
            left_minutes=event.integer("left_minutes") or 0,
            refused_at=event.occurred_at,
        )
    )


def rebuild_halls() -> int:
    """Make every projection of the hall again from the events; returns how many tickets there are.

    The number series are no projection: they stay, so that no number is ever given twice.
    """
    for table in _PROJECTIONS:
        db.session.execute(delete(table))
    tickets: dict[str, Ticket] = {}
    stands: dict[tuple[str, str], Stand] = {}
    appointments: dict[str, Appointment] = {}
    for batch in ledger.stream():
        for event in batch:
            _replay(event, tickets, stands, appointments)
    for start in range(0, len(tickets), 1000):
        db.session.execute(_INSERT, [row_of(ticket) for ticket in list(tickets.values())[start : start + 1000]])
    for stand in stands.values():
        write_stand(stand)
    for appointment in appointments.values():
        write_appointment(appointment)
    return len(tickets)


def _replay(
    event: Event,
    tickets: dict[str, Ticket],
    stands: dict[tuple[str, str], Stand],
    appointments: dict[str, Appointment],
) -> None:
    match event.sort.value:
        case "ticket":
            before = tickets.get(event.number, Ticket(""))
            tickets[event.number] = ticket_then(before, event)
            learn(before, tickets[event.number])
        case "appointment":
            known = appointments.get(event.number, Appointment(event.number))
            appointments[event.number] = appointment_then(known, event)
        case "hall" if event.kind in WINDOW_KINDS:
            key = (event.number, event.text("at_window") or "")
            stands[key] = stand_then(stands.get(key, Stand(*key)), event)
            write_hall_event(event)
        case "hall" if event.kind in DAY_KINDS:
            write_day_event(event)
        case "hall":
            write_hall_event(event)


def write_day_event(event: Event) -> None:
    day = event.date("day")
    match event.kind:
        case "issuing-stopped":
            set_day(event.number, day, stopped_at=event.occurred_at, stopped_because=event.text("reason"))
        case "issuing-resumed":
            set_day(event.number, day, stopped_at=None, stopped_because=None)
        case "hall-closed":
            set_day(event.number, day, closed_at=event.occurred_at)


def _changed(result: object) -> int:
    return int(cast("Any", result).rowcount)
