"""Outages are declared once, and made up for: every case with a clock running then gets the days, with the number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from portal.accounts.policy import Act, require
from portal.basis import N_, By
from portal.cases.almanac import hours_of
from portal.cases.duties import may_take
from portal.cases.model import FactMissing, FactUnfit, HoursKnownOn, Step, midnight
from portal.cases.model.outages import Outage, outages_of
from portal.cases.operations.outcomes import local_day, settle
from portal.cases.operations.recording import case_now, record
from portal.cases.tables import CaseRow, ClockRow
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db
from portal.worktime import OfficeHours

DECLARED: Final = "outage-declared"
OLDEST: Final = timedelta(days=365)  # parameter of ours: what is declared later than that excuses nobody


def declared_outages() -> list[Outage]:
    """The newest first."""
    return outages_of(event for events in ledger.stream({DECLARED}) for event in events)


def declare_outage(
    *,
    offices: Sequence[str],
    channels: Sequence[str] = (),
    from_on: date,
    until_on: date,
    cause: str,
    evidence: str,
    by: By,
    at: datetime,
) -> tuple[Outage, list[Event]]:
    """Declare an outage that is over, or the days of it that are, and make up for it in every open case it hit.

    :raises Refusal: no office or reason is named, the days cannot be so, or somebody may not declare it.
    """
    require(by, Act.DECLARE_OUTAGE)
    _check_named(offices, cause, evidence)
    _check_days(from_on, until_on, today=local_day(at, hours_of(None)))
    number = _next_number(at)
    facts = {"outage": number, "from_on": from_on, "until_on": until_on, "cause": cause, "evidence": evidence}
    codes = sorted({catalogue().office_as_of(code, from_on).code for code in offices})
    written = [
        append(f"office/{code}", DECLARED, {**facts, "channels": tuple(sorted(channels))}, by=by, at=at)
        for code in codes
    ]
    (outage,) = outages_of(written)
    linked = link_outage(
        number, from_on=from_on, until_on=until_on, cause=cause, offices=codes, channels=channels, by=by, at=at
    )
    return outage, linked


def _check_named(offices: Sequence[str], cause: str, evidence: str) -> None:
    for field, value in (("offices", offices), ("cause", cause.strip()), ("evidence", evidence.strip())):
        if not value:
            raise FactMissing(N_("%(name)s is missing; fill it in."), field=field, values={"name": field})


def _check_days(from_on: date, until_on: date, *, today: date) -> None:
    if until_on < from_on:
        raise FactUnfit(N_("The last day lies before the first; swap the two."), field="until_on")
    if until_on > today:
        raise FactUnfit(
            N_("An outage is declared when it is over. If it goes on, declare the days until today, the rest later."),
            field="until_on",
        )
    if from_on < today - OLDEST:
        raise FactUnfit(N_("That is more than a year ago; an outage so old excuses nothing any more."), field="from_on")


def _next_number(at: datetime) -> str:
    year = local_day(at, hours_of(None)).year
    return f"O{year}-{sum(outage.number.startswith(f'O{year}-') for outage in declared_outages()) + 1:04d}"


def link_outage(
    outage: str,
    *,
    from_on: date,
    until_on: date,
    by: By,
    at: datetime,
    cause: str | None = None,
    offices: Collection[str] = (),
    channels: Collection[str] = (),
    known_on: HoursKnownOn | None = None,
) -> list[Event]:
    """Link a declared outage to every case that had a clock running then; no ``offices`` or ``channels`` means all.

    Left out is a case on which who declares has worked: somebody else links that one.
    """
    written: list[Event] = []
    for number in _hit(until_on, offices, channels, (known_on or hours_of(None))(at.date())):
        settle(number, at=at, known_on=known_on)
        case, _, version = case_now(number)
        if not case.is_open or outage in case.outages or not may_take(by, Step.LINK_OUTAGE, case, version, at.date()):
            continue
        facts: dict[str, Any] = {"outage": outage, "from_on": from_on, "until_on": until_on, "cause": cause}
        written.append(record(number, Step.LINK_OUTAGE, by=by, at=at, known_on=known_on, **facts))
    return written


def _hit(until_on: date, offices: Collection[str], channels: Collection[str], hours: OfficeHours) -> list[str]:
    """Open cases with a clock that had been opened before the outage ended."""
    statement = (
        select(CaseRow.number)
        .join(ClockRow, ClockRow.number == CaseRow.number)
        .where(CaseRow.is_open, ClockRow.is_open, ClockRow.opened_at < midnight(until_on + timedelta(1), hours))
        .distinct()
        .order_by(CaseRow.number)
    )
    if offices:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    if channels:
        statement = statement.where(CaseRow.channel.in_(sorted(channels)))
    return list(db.session.scalars(statement))
