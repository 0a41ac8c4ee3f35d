"""`portal hall check` finds what must never be, and nothing in a hall that was worked in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from portal.hall import operations
from portal.hall.queries.faults import faults
from portal.hall.tables import TicketRow, TicketSeriesRow
from portal.ledger.operations import append
from portal.store import db, transaction
from tests.hall.hall_city import TEN, clerk, issued, minutes, seat, serve

pytestmark = pytest.mark.usefixtures("database")


def worked_in() -> str:
    """A morning with a visit, somebody passed on and called again, and somebody who waits; the id of the last."""
    by = seat()
    issued(), issued()
    serve(by, TEN + minutes(1))
    with transaction():
        called = operations.call_next("city-hall", "social-insurance-1", by=by, at=TEN + minutes(10))
        assert called is not None
        operations.transfer(called.id, by=by, at=TEN + minutes(11), to_window="social-insurance-1")
        operations.call_next("city-hall", "social-insurance-1", by=by, at=TEN + minutes(12))
    return issued(TEN + minutes(13)).ticket.id


def test_a_hall_that_was_worked_in_has_no_faults() -> None:
    worked_in()
    assert faults() == []


FAULTS: dict[str, Callable[[str], object]] = {
    "the row is not what the ledger says": lambda ticket: db.session.execute(
        update(TicketRow).where(TicketRow.id == ticket).values(matters=5)
    ),
    "the counter is not at the last number": lambda _: db.session.execute(
        update(TicketSeriesRow).values(last=TicketSeriesRow.last + 1)
    ),
}


@pytest.mark.parametrize("words", FAULTS)
def test_what_was_written_around_the_operations_is_told(words: str) -> None:
    ticket = worked_in()
    with transaction():
        FAULTS[words](ticket)
    assert any(words in fault for fault in faults())


def test_somebody_called_twice_is_told() -> None:
    ticket, by = worked_in(), seat(2)
    with transaction():
        for _ in range(2):
            append(f"ticket/{ticket}", "ticket-called", {"nth": 1}, by=by, at=TEN + minutes(20))
    assert f"{ticket} was called twice" in faults()


def test_a_number_given_twice_and_one_that_is_missing_are_told() -> None:
    worked_in()
    facts = {"hall": "city-hall", "day": "2026-03-03", "series": "A", "item": "unemployment-subsidy"}
    with transaction():
        for own, number in (("twice", 1), ("gap", 9)):
            append(f"ticket/{own}", "ticket-issued", {**facts, "number": number}, by=clerk(), at=TEN)
    told = "\n".join(faults())
    assert "1 was given twice" in told
    assert "the numbers have gaps" in told
