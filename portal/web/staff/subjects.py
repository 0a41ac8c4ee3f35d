"""What an event or a finding is about, in words and with the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, url_for
from flask_babel import gettext

from portal.catalogue.queries import catalogue
from portal.hall.model.tickets import TicketNotFound
from portal.hall.queries.tickets import ticket
from portal.ledger.kinds import Sort
from portal.web.wording import said, short_day

_VIEWS = {Sort.CASE.value: "clerk.cases.case", Sort.INQUIRY.value: "clerk.inquiries.inquiry"}


@dataclass(frozen=True, slots=True)
class Subject:
    """``address``: none where no page shows it."""

    text: str
    address: str | None = None


def subject_named(subject: str) -> Subject:
    sort, _, number = subject.partition("/")
    if sort in _VIEWS:
        return Subject(number, url_for(_VIEWS[sort], number=number))
    known: dict[str, Subject] = g.setdefault("subjects_named", {})
    if subject not in known:
        known[subject] = _named(sort, number)
    return known[subject]


def _named(sort: str, number: str) -> Subject:
    match sort:
        case Sort.TICKET:
            return _ticket(number)
        case Sort.HALL:
            hall = catalogue().hall_of.get(number)
            return Subject(said(hall.name) if hall else number, url_for("clerk.hall.steering", code=number))
        case Sort.CHANNEL:
            return Subject(number, url_for("supervisor.channel", number=number))
        case Sort.LEDGER:
            return Subject(gettext("The ledger"))
    return Subject(number)


def _ticket(number: str) -> Subject:
    """The printed number, with its hall and day: the id says nothing to anybody."""
    try:
        found = ticket(number)
    except TicketNotFound:
        return Subject(number)
    hall = catalogue().hall_of.get(found.hall)
    parts = (found.printed, said(hall.name) if hall else found.hall, short_day(found.day))
    return Subject(str(gettext(", ").join(parts)), url_for("clerk.hall.number", code=found.hall, ticket=number))
