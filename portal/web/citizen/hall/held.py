"""Which numbers and appointments this browser may act on: those it was given, and those opened with their code.

Only their ids stand in the session, which is signed; the code follows from the id and a key that the browser does not
have, so it need not be kept anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Response, g, request, session

from portal.basis import Bilingual
from portal.hall.model.appointments import Appointment
from portal.hall.model.tickets import Ticket
from portal.hall.operations import holders_code
from portal.hall.places import place
from portal.hall.queries.appointments import appointments_named, appointments_of
from portal.hall.queries.tickets import tickets_named, tickets_of
from portal.store import reading
from portal.web.citizen import acting

TICKETS, APPOINTMENTS = "tickets", "appointments"  # keys of the session
MOST: Final = 10  # of each, the newest: parameter of ours, so that the cookie stays small
BRINGING: Final = frozenset(f"citizen.hall.{view}" for view in ("number", "carry_over", "book", "check_in"))
_TICKET: Final = re.compile(r"/t/([0-9a-z]+)/slip$")
_APPOINTMENT: Final = re.compile(r"/appointments/([^/?]+)$")
SHOWN_FOR: Final = timedelta(days=1)  # after its day a number is listed no longer


def remember(answer: Response) -> Response:
    """What a form of this browser has brought, also when it was sent twice and the first answer was lost."""
    if request.method == "POST" and answer.status_code == 303 and request.endpoint in BRINGING:
        if (brought := _TICKET.search(answer.location or "")) is not None:
            grant_ticket(brought[1])
        if (brought := _APPOINTMENT.search(answer.location or "")) is not None:
            grant_appointment(brought[1])
    return answer


def grant_ticket(number: str) -> None:
    session[TICKETS] = [*(one for one in session.get(TICKETS, []) if one != number), number][-MOST:]


def grant_appointment(number: str) -> None:
    session[APPOINTMENTS] = [*(one for one in session.get(APPOINTMENTS, []) if one != number), number][-MOST:]


def has_ticket(ticket: Ticket) -> bool:
    account = acting.citizen()
    is_own = account is not None and ticket.holder == account.id
    return is_own or ticket.id in session.get(TICKETS, [])


def has_appointment(found: Appointment) -> bool:
    account = acting.citizen()
    is_own = account is not None and found.holder == account.id
    return is_own or found.number in session.get(APPOINTMENTS, [])


def code_of_ticket(ticket: Ticket) -> str:
    """The code of a number that this browser holds; none otherwise."""
    return holders_code(f"ticket/{ticket.id}") if has_ticket(ticket) else ""


def code_of_appointment(found: Appointment) -> str:
    return holders_code(f"appointment/{found.number}") if has_appointment(found) else ""


def forget() -> None:
    session.pop(TICKETS, None)
    session.pop(APPOINTMENTS, None)


@dataclass(frozen=True, slots=True)
class Held:
    tickets: list[Ticket]
    appointments: list[Appointment]

    def __bool__(self) -> bool:
        return bool(self.tickets or self.appointments)

    @staticmethod
    def hall_name(code: str) -> Bilingual:
        return place(code).hall.name


def held() -> Held:
    """What this browser and this account hold, from yesterday on."""
    account, since = acting.citizen(), g.today - SHOWN_FOR
    with reading():
        tickets = {one.id: one for one in tickets_named(session.get(TICKETS, []))}
        booked = {one.number: one for one in appointments_named(session.get(APPOINTMENTS, []))}
        if account is not None:
            tickets |= {one.id: one for one in tickets_of(account.id, since)}
            booked |= {one.number: one for one in appointments_of(account.id, since)}
    return Held(
        [one for one in tickets.values() if one.day >= since], [one for one in booked.values() if one.day >= since]
    )


def open_ticket_for(hall: str, item: str) -> Ticket | None:
    """The number that this browser or account holds for a service here today, so that nobody takes two by mistake."""
    mine = held().tickets
    same = [one for one in mine if (one.hall, one.item) == (hall, item) and one.day == g.today and one.is_in_the_hall]
    return next(iter(same), None)
