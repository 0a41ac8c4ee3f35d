"""What must hold of the hall in a database, whatever was killed and however many pressed at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from portal.hall.model.tickets import Ticket, fold_ticket
from portal.hall.queries.tickets import TICKETS, all_of
from portal.hall.tables import TicketSeriesRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db


def faults(told: Sequence[dict[str, str]]) -> list[str]:
    """Shared or missing numbers, double calls, lost tickets, rows unlike the ledger; none is what is wanted."""
    histories: dict[str, list[Event]] = defaultdict(list)
    for batch in ledger.stream():
        for event in batch:
            if event.subject.startswith("ticket/"):
                histories[event.number].append(event)
    tickets = {number: fold_ticket(events) for number, events in histories.items()}
    rows = {ticket.id: ticket for ticket in all_of(TICKETS)}
    found = [f"{number}: the row is not what the ledger says" for number in _unlike(tickets, rows)]
    found += _numbers(list(tickets.values()))
    found += [f"{number} was called twice" for number, events in histories.items() if _is_called_twice(events)]
    found += _lost(told, histories)
    return found


def _unlike(tickets: dict[str, Ticket], rows: dict[str, Ticket]) -> list[str]:
    return [
        number
        for number in tickets.keys() | rows.keys()
        if number not in tickets or number not in rows or asdict(tickets[number]) != asdict(rows[number])
    ]


def _numbers(tickets: Sequence[Ticket]) -> list[str]:
    found = []
    series: dict[tuple[str, object, str], list[int]] = defaultdict(list)
    for ticket in tickets:
        series[ticket.hall, ticket.day, ticket.series].append(ticket.number)
    for key, numbers in series.items():
        doubled = [number for number, times in Counter(numbers).items() if times > 1]
        found += [f"{key}: {number} was given twice" for number in doubled]
        if sorted(set(numbers)) != list(range(1, max(numbers) + 1)):
            found.append(f"{key}: the numbers have gaps")
        here = (TicketSeriesRow.hall == key[0]) & (TicketSeriesRow.day == key[1]) & (TicketSeriesRow.series == key[2])
        if db.session.scalar(TicketSeriesRow.__table__.select().where(here).with_only_columns(TicketSeriesRow.last)) != max(numbers):  # fmt: skip  # noqa: E501
            found.append(f"{key}: the counter is not at the last number")
    return found


def _is_called_twice(events: Sequence[Event]) -> bool:
    """A first call for the second time, although nothing had put the number back among those who wait."""
    waits = True
    for event in events:
        if event.kind in ("ticket-transferred", "ticket-returned"):
            waits = True
        elif event.kind == "ticket-called" and event.integer("nth") == 1:
            if not waits:
                return True
            waits = False
    return False


def _lost(told: Sequence[dict[str, str]], histories: dict[str, list[Event]]) -> list[str]:
    kinds = {"issued": "ticket-issued", "called": "ticket-called", "served": "ticket-served"}
    return [
        f"{line['what']} {line['ticket']} was acknowledged and is not there"
        for line in told
        if line["what"] in kinds
        and kinds[line["what"]] not in [event.kind for event in histories.get(line["ticket"], ())]
    ]
