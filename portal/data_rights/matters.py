"""The cases and inquiries behind personal data: whose they are, where they lie, and when they ended."""

from __future__ import annotations

from datetime import date, datetime

from portal.appeals.operations import inquiry_now
from portal.appeals.queries import inquiries_ended_before
from portal.cases.almanac import hours_of
from portal.cases.model import CaseState
from portal.cases.model.states import CLOSED
from portal.cases.operations.recording import case_now
from portal.cases.queries import cases_ended_before
from portal.data_rights.model import Matter

_UNHANDLED = frozenset({CaseState.WITHDRAWN, CaseState.DEEMED_WITHDRAWN})


def matter_of(about: str) -> Matter:
    """:raises Refusal: there is no such case or inquiry."""
    sort, _, number = about.partition("/")
    if sort == "inquiry":
        inquiry, _ = inquiry_now(number)
        ended = inquiry.last_at if not inquiry.is_open else None
        return Matter(about, inquiry.applicant, inquiry.holder.office, "inquiry", _local(ended, inquiry.holder.office))
    case, _, _ = case_now(number)
    ended = case.closed_at if case.state in CLOSED else None
    kept_as = "unhandled" if case.state in _UNHANDLED else "case"
    return Matter(about, case.applicant, case.holder.office, kept_as, _local(ended, case.holder.office))


def ended_before(sort: str, day: date, *, limit: int) -> list[str]:
    """Matters of this class that ended before the day and whose data can still be read, the oldest first."""
    if sort == "inquiry":
        return inquiries_ended_before(day, limit=limit)
    states = _UNHANDLED if sort == "unhandled" else CLOSED - _UNHANDLED
    return cases_ended_before(day, states, limit=limit)


def _local(moment: datetime | None, office: str | None) -> date | None:
    return moment.astimezone(hours_of(office)(moment.date()).zone).date() if moment else None
