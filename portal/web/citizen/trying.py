"""Number and query code are tried slowly, on whichever page they are typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g

from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import lanes_of_request
from portal.appeals.model import InquiryNotFound
from portal.cases.model import CaseNotFound
from portal.hall.model.appointments import AppointmentNotFound
from portal.hall.operations.consent import WrongCode
from portal.store import transaction
from portal.web.forms import Form
from portal.web.sign_in.asking import address
from portal.web.sign_in.ways import tell_to_wait

Found = TypeVar("Found")


def tried(form: Form, number: str, opening: Callable[[], Found]) -> tuple[Found | None, dict[str, str]]:
    """What number and code open, else None with the reason at the form; and the headers of an answer that says wait.

    ``opening`` looks them up, and may write what follows from their being right.
    """
    lanes = lanes_of_request(number, address())
    with transaction():
        wait = throttle.take_turn(lanes, at=g.now)
    if wait:
        return None, tell_to_wait(form, wait)
    try:
        with transaction():
            found = opening()
            throttle.succeed(lanes, at=g.now)
    except (CaseNotFound, InquiryNotFound, AppointmentNotFound, WrongCode) as refusal:
        form.refuse(refusal)
        return None, {}
    return found, {}
