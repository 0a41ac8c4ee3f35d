"""Reads of tickets, one by one; rows are read as columns, so that nothing stale is kept between two steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, select

from portal.hall.model.tickets import Outcome, Source, Ticket, TicketNotFound, TicketState
from portal.hall.tables import TicketRow
from portal.store import db

COLUMNS = cast("Table", TicketRow.__table__).c
TICKETS = select(*COLUMNS)
IN_TURN = (COLUMNS.turn_at, COLUMNS.issued_at, COLUMNS.number, COLUMNS.id)


def ticket(number: str) -> Ticket:
    """:raises TicketNotFound: there is no such ticket."""
    found = first(TICKETS.where(COLUMNS.id == number))
    if found is None:
        raise TicketNotFound
    return found


def paper_between(hall: str, day: date, begin: datetime, end: datetime) -> list[Ticket]:
    """Numbers that were given on paper between two moments of a day."""
    here = TICKETS.where(COLUMNS.hall == hall, COLUMNS.day == day, COLUMNS.source == Source.PAPER.value)
    return all_of(here.where(COLUMNS.issued_at >= begin, COLUMNS.issued_at <= end).order_by(COLUMNS.number))


def first(statement: Any) -> Ticket | None:
    row = db.session.execute(statement.limit(1)).first()
    return None if row is None else as_ticket(row)


def all_of(statement: Any) -> list[Ticket]:
    return [as_ticket(row) for row in db.session.execute(statement)]


def as_ticket(row: Row[Any]) -> Ticket:
    facts = row._asdict()
    outcome = facts.pop("outcome")
    state, source = TicketState(facts.pop("state")), Source(facts.pop("source"))
    return Ticket(state=state, source=source, outcome=Outcome(outcome) if outcome else None, **facts)
