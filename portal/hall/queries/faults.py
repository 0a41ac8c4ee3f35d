"""What must hold of the hall in a database, whatever was killed and however many pressed at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import select

from portal.hall.model.tickets import STEP_OF, Ticket, fold_ticket
from portal.hall.queries.tickets import TICKETS, all_of
from portal.hall.tables import TicketSeriesRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

Histories = dict[str, list[Event]]
_Series = tuple[str, date, str]  # hall, day, series


def histories() -> Histories:
    """The events of every ticket, by its id."""
    found: Histories = defaultdict(list)
    for batch in ledger.stream(sorted(STEP_OF)):
        for event in batch:
            found[event.number].append(event)
    return dict(found)


def faults(known: Histories | None = None) -> list[str]:
    """Shared or missing numbers, double calls, rows unlike the ledger; none is what is wanted. Reads every ticket."""
    known = histories() if known is None else known
    tickets = {number: fold_ticket(events) for number, events in known.items()}
    found = _unlike(tickets, {ticket.id: ticket for ticket in all_of(TICKETS)})
    found += _numbers(tickets.values())
    return found + [f"{number} was called twice" for number, events in known.items() if _first_calls(events) > 1]


def _unlike(tickets: dict[str, Ticket], rows: dict[str, Ticket]) -> list[str]:
    return [
        f"{number}: the row is not what the ledger says"
        for number in sorted(tickets.keys() | rows.keys())
        if number not in tickets or number not in rows or asdict(tickets[number]) != asdict(rows[number])
    ]


def _numbers(tickets: Iterable[Ticket]) -> list[str]:
    given: dict[_Series, list[int]] = defaultdict(list)
    for ticket in tickets:
        given[ticket.hall, ticket.day, ticket.series].append(ticket.number)
    counters = {(row.hall, row.day, row.series): row.last for row in db.session.execute(select(*_COUNTERS))}
    return [fault for series in sorted(given) for fault in _in_series(series, given[series], counters.get(series))]


_COUNTERS = (TicketSeriesRow.hall, TicketSeriesRow.day, TicketSeriesRow.series, TicketSeriesRow.last)


def _in_series(series: _Series, numbers: Sequence[int], counter: int | None) -> list[str]:
    named = " ".join(str(part) for part in series)
    found = [f"{named}: {number} was given twice" for number, times in Counter(numbers).items() if times > 1]
    if set(numbers) != set(range(1, max(numbers) + 1)):
        found.append(f"{named}: the numbers have gaps")
    if counter != max(numbers):
        found.append(f"{named}: the counter is not at the last number")
    return found


def _first_calls(events: Sequence[Event]) -> int:
    """First calls between two returns to the queue: who is passed on, or comes back, is called anew."""
    most = calls = 0
    for event in events:
        if event.kind == "ticket-called" and event.integer("nth") == 1:
            calls += 1
        elif event.kind in _BACK_IN_THE_QUEUE:
            calls = 0
        most = max(most, calls)
    return most


_BACK_IN_THE_QUEUE = ("ticket-transferred", "ticket-returned")
