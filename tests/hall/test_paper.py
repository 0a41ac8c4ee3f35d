"""Without the network: numbers on paper, entered afterwards as what they were, and no back-dating in them (V16)."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.basis import NotAllowed
from portal.hall import operations
from portal.hall.model.tickets import Outcome, TicketFactUnfit, TicketState
from portal.hall.model.windows import WindowBusy
from portal.hall.operations import PaperLine
from portal.hall.operations.paper import NumberEnteredAlready
from portal.hall.queries.queue import waiting
from portal.hall.queries.tickets import ticket
from portal.hall.standing import handlings_of
from portal.ledger import queries as ledger
from portal.store import transaction
from tests.cases.city import at
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    ITEM,
    MANAGER,
    TEN,
    WINDOWS,
    called,
    citizen,
    clerk,
    issued,
    minutes,
    seat,
)

pytestmark = pytest.mark.usefixtures("database")
BACK = TEN + minutes(90)


def declared(moment: datetime = BACK) -> None:
    with transaction():
        operations.declare_block(HALL, "7", TEN, TEN + minutes(80), "the line was down", by=MANAGER, at=moment)


def line(number: int, issued_after: float, called_after: float | None = None, **facts: object) -> PaperLine:
    at_called = None if called_after is None else TEN + minutes(called_after)
    return PaperLine(number, ITEM, TEN + minutes(issued_after), at_called, **facts)  # type: ignore[arg-type]


def test_paper_numbers_are_entered_with_the_times_written_on_them() -> None:
    declared()
    served = line(1, 5, 15, served_at=TEN + minutes(25), window=WINDOWS[0], outcome=Outcome.INFORMATION)
    with transaction():
        done, open_one = operations.enter(HALL, "7", [served, line(2, 30)], by=clerk(), at=BACK)
    assert (done.ticket.printed, done.ticket.state, done.ticket.waited) == ("Z001", TicketState.SERVED, 10)
    assert (open_one.ticket.printed, open_one.ticket.state) == ("Z002", TicketState.WAITING)
    events = ledger.events(f"ticket/{done.ticket.id}")
    assert [event.kind for event in events] == ["ticket-issued", "ticket-called", "ticket-started", "ticket-served"]
    assert {event.text("sync_batch") for event in events} == {f"{HALL}:7"}
    assert all(event.recorded_at == BACK and event.occurred_at < BACK for event in events)


def test_who_holds_paper_waits_in_the_turn_the_paper_gave() -> None:
    seat(1)
    later = issued(TEN + minutes(85))
    declared()
    with transaction():
        (slip,) = operations.enter(HALL, "7", [line(1, 70)], by=clerk(), at=BACK)
    assert [one.id for one in waiting(HALL, slip.ticket.day)] == [slip.ticket.id, later.ticket.id]


def test_a_number_is_entered_once_and_a_wrong_line_keeps_nothing_of_the_entry() -> None:
    declared()
    with transaction():
        operations.enter(HALL, "7", [line(1, 5)], by=clerk(), at=BACK)
    with pytest.raises(NumberEnteredAlready, match="Z001"), transaction():
        operations.enter(HALL, "7", [line(2, 6), line(1, 5)], by=clerk(), at=BACK)
    assert len(waiting(HALL, TEN.date())) == 1


def test_times_out_of_order_are_refused() -> None:
    declared()
    with transaction(), pytest.raises(TicketFactUnfit, match="order"):
        operations.enter(HALL, "7", [line(1, 20, 10)], by=clerk(), at=BACK)


def test_only_the_hall_manager_declares_a_block_and_gives_the_cause() -> None:
    with transaction(), pytest.raises(NotAllowed):
        operations.declare_block(HALL, "7", TEN, TEN + minutes(80), "down", by=clerk(), at=BACK)
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.declare_block(HALL, "7", TEN, TEN + minutes(80), " ", by=MANAGER, at=BACK)
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.declare_block(HALL, "7", TEN, BACK + minutes(1), "down", by=MANAGER, at=BACK)
    with transaction(), pytest.raises(NotAllowed):
        operations.enter(HALL, "7", [line(1, 5)], by=citizen(), at=BACK)


def test_paper_of_an_earlier_day_that_was_never_called_is_entered_as_not_served() -> None:
    seat(1)
    next_day = at("Wednesday 2026-03-04 09:30")
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES + minutes(1))
    declared()
    with transaction():
        (slip,) = operations.enter(HALL, "7", [line(7, 5)], by=clerk(), at=next_day)
    with transaction():
        operations.close_days(next_day)
    assert ticket(slip.ticket.id).state is TicketState.CLOSED_UNSERVED


def test_paper_is_entered_while_its_window_serves_somebody() -> None:
    by = seat(1)
    issued(TEN + minutes(85))
    now = called(by, TEN + minutes(86))
    assert now is not None
    declared()
    served = line(1, 5, 15, served_at=TEN + minutes(25), window=WINDOWS[0], outcome=Outcome.INFORMATION)
    with transaction():
        (done,) = operations.enter(HALL, "7", [served], by=clerk(), at=BACK)
    assert (ticket(done.ticket.id).state, ticket(now.id).state) == (TicketState.SERVED, TicketState.CALLED)
    assert handlings_of(HALL)[ITEM].count == 1
    with transaction(), pytest.raises(WindowBusy):  # two people cannot be at one window
        operations.enter(HALL, "7", [line(2, 6, 70, window=WINDOWS[0])], by=clerk(), at=BACK)
