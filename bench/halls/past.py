"""Visits of days gone by, as the operations would have written them: events, rows and counters that fit one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bench.halls.city import HALL, ITEM, City
from portal.basis import By, Role
from portal.compliance.findings.tables import MarkRow
from portal.hall import operations
from portal.hall.model.tickets import Ticket, fold_ticket
from portal.hall.operations import Slip
from portal.hall.places import local_day, place
from portal.hall.tables import TicketRow, TicketSeriesRow
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.model import Channel, Event
from portal.ledger.tables import EventRow
from portal.store import db, transaction

A_DAY = 400  # visits
AT_ONCE = 2000  # visits written in one statement
_STEPS = ("ticket-issued", "ticket-called", "ticket-started", "ticket-served")


def add_past(city: City, visits: int) -> None:
    app = city.app()
    with app.app_context():
        with transaction():
            seq = ledger.last_seq()
            for first in range(0, visits, AT_ONCE):
                events = [event for n in range(first, min(first + AT_ONCE, visits)) for event in _visit(n, seq + 4 * n)]
                tickets = [fold_ticket(events[place : place + 4]) for place in range(0, len(events), 4)]
                db.session.execute(insert(EventRow), [_event_row(event) for event in events])
                db.session.execute(insert(TicketRow), [asdict(ticket) for ticket in tickets])
                counters = {(one.hall, one.day, one.series): one.number for one in tickets}
                for counted, last in counters.items():
                    db.session.merge(TicketSeriesRow(**dict(zip(_COUNTED, counted, strict=True)), last=last))
            # Days gone by have been judged; the audit of today is what runs beside the visits that are measured.
            db.session.merge(MarkRow(id=1, seq=seq + 4 * visits, at=datetime.now(UTC)))
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        db.session.remove()
        db.engine.dispose()


_COLUMNS = [column.name for column in EventRow.__table__.columns]
_COUNTED = ("hall", "day", "series")


def _visit(nth: int, seq: int) -> Iterator[Event]:
    """Issued, called, begun and finished by one clerk, a minute apart; every day from number 1 on."""
    where = place(HALL)
    back, number = divmod(nth, A_DAY)
    at = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=back + 1)
    at += timedelta(minutes=number / 2)
    facts: list[dict[str, Any]] = [
        {
            "hall": HALL, "day": local_day(where.hall, at).isoformat(), "series": where.series[ITEM],
            "number": number + 1, "source": "walk-in", "item": ITEM, "matters": 1, "rank": "normal",
            "turn_at": at.isoformat(), "is_guaranteed": True,
        },
        {"nth": 1, "waited": 0},
        {},
        {"outcome": "information", "is_confirmed": True},
    ]  # fmt: skip
    for place_of, (kind, own) in enumerate(zip(_STEPS, facts, strict=True)):
        is_issue = place_of == 0
        event = Event(
            seq=seq + place_of + 1,
            subject=f"ticket/past{nth:08d}",
            kind=kind,
            actor="visitor" if is_issue else "past-clerk",
            role=Role.APPLICANT if is_issue else Role.CLERK,
            office=where.offices[ITEM],
            window=None if is_issue else "social-insurance-1",
            channel=Channel.KIOSK if is_issue else Channel.WINDOW,
            occurred_at=at,
            recorded_at=at,
            item_version=None,
            payload=own,
            sealed=None,
            leaf_hash=b"",
        )
        yield replace(event, leaf_hash=event.leaf())


def _event_row(event: Event) -> dict[str, object]:
    facts = {name: getattr(event, name) for name in _COLUMNS}
    return facts | {
        "role": event.role.value,
        "channel": event.channel.value,
        "payload": canonical(event.payload).decode(),
    }


def waiting(city: City, many: int) -> list[Ticket]:
    """So many who wait for the first window, whatever could be guaranteed."""
    seat, found = city.seats[0], []
    app = city.app()
    with app.app_context():
        for _ in range(many):
            with transaction():
                slip = operations.issue(
                    seat.hall, seat.item, by=By("visitor", Role.APPLICANT), at=datetime.now(UTC), is_promised=True
                )
            assert isinstance(slip, Slip)
            found.append(slip.ticket)
        db.session.remove()
        db.engine.dispose()
    return found
