"""A hall for tests: clerks at its windows, a hall manager, citizens, and a clock written with weekdays."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.basis import SYSTEM, Bilingual, By, Role
from portal.hall import operations
from portal.hall.model.tickets import Outcome, Ticket
from portal.hall.operations import Denied, Slip
from portal.store import transaction
from tests.cases.city import at

HALL = "city-hall"
SOCIAL, ITEM = "social-insurance", "unemployment-subsidy"
WINDOWS = ("social-insurance-1", "social-insurance-2")
MANAGER = By("manager", Role.HALL_MANAGER, office="government-services", post="government-services.manager")
TEN = at("Tuesday 2026-03-03 10:00")
OPENS = at("Tuesday 2026-03-03 09:00")
CLOSES = at("Tuesday 2026-03-03 17:00")
_people = count(1)


def clerk(number: int = 1, office: str = SOCIAL) -> By:
    return By(f"clerk-{office}-{number}", Role.CLERK, office=office, post=f"{office}.clerk-{number}")


def hired(by: By) -> By:
    """The same clerk with an account and a post of the office, as handing a window over asks for."""
    assert by.office is not None
    assert by.post is not None
    long_ago = OPENS - timedelta(days=365)
    with transaction():
        accounts.create_account(by.actor, by.actor, AccountKind.STAFF, by=SYSTEM, at=long_ago, account=by.actor)
        accounts.create_post(by.post, by.office, by.role, Bilingual(by.post, by.post), by=SYSTEM, at=long_ago)
        accounts.appoint(by.actor, by.post, long_ago.date(), by=SYSTEM, at=long_ago)
    return by


def citizen(number: int | None = None) -> By:
    return By(f"citizen-{number or next(_people)}", Role.APPLICANT)


def minutes(many: float) -> timedelta:
    return timedelta(minutes=many)


def issued(moment: datetime = TEN, item: str = ITEM, hall: str = HALL, **facts: Any) -> Slip:
    """One number, which must have been issued."""
    slip = tried(moment, item, hall, **facts)
    assert isinstance(slip, Slip), slip
    return slip


def tried(moment: datetime = TEN, item: str = ITEM, hall: str = HALL, **facts: Any) -> Slip | Denied:
    by = facts.pop("by", None) or citizen()
    with transaction():
        return operations.issue(hall, item, by=by, at=moment, **facts)


def seat(number: int = 1, moment: datetime = OPENS, *, window: str | None = None, office: str = SOCIAL) -> By:
    """A clerk sits down at the window of that number."""
    by = clerk(number, office)
    with transaction():
        operations.open_window(HALL, window or WINDOWS[number - 1], by=by, at=moment)
    return by


def called(by: By, moment: datetime, window: str = WINDOWS[0]) -> Ticket | None:
    with transaction():
        return operations.call_next(HALL, window, by=by, at=moment)


def serve(by: By, moment: datetime, *, lasting: float = 5, window: str = WINDOWS[0]) -> Ticket:
    """Call the next, begin at once, and finish after some minutes."""
    ticket = called(by, moment, window)
    assert ticket is not None, "nobody waits"
    with transaction():
        operations.start(ticket.id, by=by, at=moment)
        return operations.serve(ticket.id, Outcome.INFORMATION, by=by, at=moment + minutes(lasting), is_confirmed=True)


def at_the_window(moment: datetime = TEN, *, issued_at: datetime | None = None) -> tuple[By, Slip]:
    """The clerk of the first window and whoever is being served there since that moment."""
    by, slip = seat(1), issued(issued_at or moment)
    called(by, moment)
    with transaction():
        operations.start(slip.ticket.id, by=by, at=moment)
    return by, slip
