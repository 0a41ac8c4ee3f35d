"""Helpers for the pages of a hall: clerks at windows, and the forms of whoever comes."""

from __future__ import annotations

from datetime import datetime

from portal.hall import operations
from portal.hall.model.tickets import Ticket
from portal.hall.queries.tickets import ticket as load
from portal.store import reading, transaction
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, WINDOWS, clerk
from tests.web.citizen.visits import Visitor

TEN = at("Tuesday 2026-03-03 10:00")
OPENS = at("Tuesday 2026-03-03 09:00")
PATH = f"/halls/{HALL}"
ONCE = iter(f"a key of its own, number {many:06d}" for many in range(10**6))


def number_fields(**more: str) -> dict[str, str]:
    return {"matters": "1", "whose": "myself", "ground": "none", "situation": "unknown", "once_key": next(ONCE), **more}


def take(visitor: Visitor, item: str = ITEM, hall: str = HALL, **more: str) -> str:
    """Take a number and return where the answer leads."""
    answer = visitor.post(f"/halls/{hall}/number/{item}", **number_fields(**more))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def id_of(address: str) -> str:
    return address.split("/t/")[1].split("/", maxsplit=1)[0]


def ticket_of(visitor: Visitor, address: str) -> Ticket:
    number = address.rsplit("/", maxsplit=1)[-1] if "/kiosk/" in address else id_of(address)
    with visitor.app.app_context(), reading():
        return load(number)


def code_of(visitor: Visitor, subject: str) -> str:
    with visitor.app.app_context():
        return operations.holders_code(subject)


def sit(visitor: Visitor, many: int = 1, moment: datetime = OPENS) -> None:
    for number in range(1, many + 1):
        with visitor.app.app_context(), transaction():
            operations.open_window(HALL, WINDOWS[number - 1], by=clerk(number), at=moment)


def call(visitor: Visitor, number: int = 1) -> Ticket:
    with visitor.app.app_context(), transaction():
        found = operations.call_next(HALL, WINDOWS[number - 1], by=clerk(number), at=visitor.watch.now)
    assert found is not None, "nobody waits"
    return found
