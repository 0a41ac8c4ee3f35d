"""Which situation of a service somebody is in: asked only where it has several; whoever does not know may say so."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from flask_babel import gettext

from portal.catalogue.model import ItemVersion, Situation
from portal.hall.model.appointments import Appointment
from portal.hall.model.tickets import Ticket
from portal.web.wording import said

UNKNOWN: Final = "unknown"
ASKED: Final = "asked"  # a hidden field: of which service the page has asked for the situation


def offer_situations(form: Any, version: ItemVersion | None, unknown: str = "") -> None:
    """Let the form's ``situation`` be chosen among those of the service; nobody is asked where there is only one."""
    if version is None or len(version.situations) < 2:
        del form.situation
        return
    known = [(one.code, said(one.name)) for one in version.situations]
    form.situation.offer([*known, (UNKNOWN, unknown or gettext("I do not know"))])


def is_unasked(form: Any, version: ItemVersion | None) -> bool:
    """Whether it was sent by a page that has not asked for the situation of this service; then it is asked now.

    A page that offers a time at once, or services of several kinds, cannot ask before one is chosen.
    """
    if not form.is_submitted() or form.situation is None or version is None:
        return False
    asked = request.form.get(ASKED)
    is_missing = form.situation.name not in request.form if asked is None else asked != version.code
    if is_missing:
        form.situation.data = form.situation.default
    return is_missing


def situation_chosen(form: Any) -> str | None:
    """None: there is nothing to choose, or he does not know."""
    field = form.situation
    return None if field is None or field.data == UNKNOWN else str(field.data)


def situation_shown(found: Ticket | Appointment, version: ItemVersion | None) -> Situation | None:
    """As it was told and stands on what one takes along; nothing where every holder's is the same."""
    if version is None or len(version.situations) < 2:
        return None
    return version.situation(found.situation or "")
