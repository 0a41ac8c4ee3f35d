"""Reads of tickets, one by one; rows are read as columns, so that nothing stale is kept between two steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select

from portal.hall.model.tickets import Outcome, Source, Ticket, TicketNotFound, TicketState
from portal.hall.tables import IS_AT_A_WINDOW, TicketRow
from portal.store import Prepared, run

COLUMNS = cast("Table", TicketRow.__table__).c
TICKETS = select(*COLUMNS)
AT_A_WINDOW = TICKETS.where(COLUMNS.hall == bindparam("hall"), IS_AT_A_WINDOW)  # of whatever day
IN_TURN = (COLUMNS.turn_at, COLUMNS.issued_at, COLUMNS.number, COLUMNS.id)


_ONE = Prepared(TICKETS.where(COLUMNS.id == bindparam("id")))


def ticket(number: str) -> Ticket:
    """:raises TicketNotFound: there is no such ticket."""
    row = run(_ONE, {"id": number}).first()
    if row is None:
        raise TicketNotFound
    return as_ticket(row)


def tickets_of(holder: str, from_on: date) -> list[Ticket]:
    """Those of an account, the newest first."""
    mine = TICKETS.where(COLUMNS.holder == holder, COLUMNS.day >= from_on)
    return all_of(mine.order_by(COLUMNS.issued_at.desc(), COLUMNS.id))


def tickets_named(numbers: Collection[str]) -> list[Ticket]:
    """Those of these ids that exist, the newest first."""
    if not numbers:
        return []
    return all_of(TICKETS.where(COLUMNS.id.in_(list(numbers))).order_by(COLUMNS.issued_at.desc(), COLUMNS.id))


def paper_between(hall: str, day: date, begin: datetime, end: datetime) -> list[Ticket]:
    """Numbers that were given on paper between two moments of a day."""
    here = TICKETS.where(COLUMNS.hall == hall, COLUMNS.day == day, COLUMNS.source == Source.PAPER.value)
    return all_of(here.where(COLUMNS.issued_at >= begin, COLUMNS.issued_at <= end).order_by(COLUMNS.number))


def first(statement: Any, parameters: Mapping[str, Any] | None = None) -> Ticket | None:
    row = run(statement, parameters).first()
    return None if row is None else as_ticket(row)


def all_of(statement: Any, parameters: Mapping[str, Any] | None = None) -> list[Ticket]:
    return [as_ticket(row) for row in run(statement, parameters)]


def as_ticket(row: Row[Any]) -> Ticket:
    facts = row._asdict()
    outcome = facts.pop("outcome")
    state, source = TicketState(facts.pop("state")), Source(facts.pop("source"))
    return Ticket(state=state, source=source, outcome=Outcome(outcome) if outcome else None, **facts)
