"""Outages are made up for: every case with a clock running then gets the days, once, with its number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.basis import By
from portal.cases.almanac import hours_of
from portal.cases.model import HoursKnownOn, Step, midnight
from portal.cases.operations.recording import case_now, record
from portal.cases.tables import CaseRow, ClockRow
from portal.ledger.model import Event
from portal.store import db


def link_outage(
    outage: str,
    *,
    from_on: date,
    until_on: date,
    by: By,
    at: datetime,
    offices: Collection[str] = (),
    channels: Collection[str] = (),
    known_on: HoursKnownOn | None = None,
) -> list[Event]:
    """Link a declared outage to every case that had a clock running then; no ``offices`` or ``channels`` means all."""
    hours = (known_on or hours_of(None))(at.date())
    ended = midnight(until_on + timedelta(1), hours)
    statement = (
        select(CaseRow.number)
        .join(ClockRow, ClockRow.number == CaseRow.number)
        .where(CaseRow.is_open, ClockRow.is_open, ClockRow.opened_at < ended)
        .distinct()
        .order_by(CaseRow.number)
    )
    if offices:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    if channels:
        statement = statement.where(CaseRow.channel.in_(sorted(channels)))
    written: list[Event] = []
    for number in list(db.session.scalars(statement)):
        if outage in case_now(number)[0].outages:
            continue
        event = record(
            number,
            Step.LINK_OUTAGE,
            by=by,
            at=at,
            known_on=known_on,
            outage=outage,
            from_on=from_on,
            until_on=until_on,
        )
        written.append(event)
    return written
