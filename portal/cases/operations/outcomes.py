"""What the clocks bring about: written as of the moment it was due, however late the job. Again adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import and_, or_, select

from portal.basis import SYSTEM, By
from portal.cases.almanac import hours_of
from portal.cases.model import KIND_OF, Case, Clock, HoursKnownOn, Step, clocks_of, fold, next_outcome
from portal.cases.operations.projection import project, subject_of
from portal.cases.tables import CaseRow, ClockRow
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db

SOON: Final = "soon"
OVERDUE: Final = "overdue"


def run_due(at: datetime, *, known_on: HoursKnownOn | None = None) -> list[Event]:
    """Write every deemed outcome, automatic resumption, archiving and reminder that is due by ``at``."""
    due = select(CaseRow.number).where(CaseRow.outcome_at <= at).order_by(CaseRow.outcome_at, CaseRow.number)
    written = [event for number in list(db.session.scalars(due)) for event in settle(number, at=at, known_on=known_on)]
    return written + remind(at, known_on=known_on)


def settle(number: str, *, at: datetime, known_on: HoursKnownOn | None = None) -> list[Event]:
    """Bring one case up to ``at``: each outcome may start the clock of the next."""
    is_due = select(CaseRow.number).where(CaseRow.number == number, CaseRow.outcome_at <= at)
    if db.session.scalar(is_due) is None:
        return []
    events = ledger.events(subject_of(number))
    version = catalogue().version(fold(events).item_version)
    hours_known_on = known_on or hours_of(version.office)
    written: list[Event] = []
    while event := _brought_about(events, version, hours_known_on, at):
        events.append(event)
        written.append(event)
    project(events, at=at, known_on=known_on)
    return written


def _brought_about(events: list[Event], version: ItemVersion, known_on: HoursKnownOn, at: datetime) -> Event | None:
    case = fold(events)
    hours = known_on(local_day(at, known_on))
    clocks = clocks_of(events, version, known_on, local_day(at, known_on))
    outcome = next_outcome(case, clocks, version, hours)
    if outcome is None or outcome.at > at:
        return None
    facts = dict(outcome.facts)
    if outcome.step is Step.ARCHIVE:
        facts["bundle_hash"] = sha256(b"".join(event.leaf_hash for event in events)).hexdigest()
    # Nothing is written as having happened before what is already on record.
    moment = max(outcome.at, case.last_at or outcome.at)
    return append_as_system(case, outcome.step, facts, at=moment, recorded_at=at)


def append_as_system(case: Case, step: Step, facts: dict[str, Any], *, at: datetime, recorded_at: datetime) -> Event:
    by: By = replace(SYSTEM, office=case.holder.office)
    return append(
        subject_of(case.number),
        KIND_OF[step],
        facts,
        by=by,
        at=at,
        recorded_at=max(at, recorded_at),
        channel="system",
        item_version=case.item_version,
    )


def remind(at: datetime, *, known_on: HoursKnownOn | None = None) -> list[Event]:
    """Tell once per clock and level that it runs out soon or has run out; a missed run tells only the later one."""
    is_late = and_(ClockRow.breach_at <= at, ~ClockRow.reminded.contains(OVERDUE))
    is_soon = and_(ClockRow.warn_at <= at, ClockRow.breach_at > at, ~ClockRow.reminded.contains(SOON))
    rows = db.session.scalars(
        select(ClockRow.number)
        .join(CaseRow, CaseRow.number == ClockRow.number)
        .where(CaseRow.is_open, ClockRow.is_open, ClockRow.is_certain, or_(is_late, is_soon))
        .distinct()
        .order_by(ClockRow.number)
    )
    return [event for number in list(rows) for event in _reminders(number, at, known_on)]


def _reminders(number: str, at: datetime, known_on: HoursKnownOn | None) -> list[Event]:
    events = ledger.events(subject_of(number))
    case = fold(events)
    version = catalogue().version(case.item_version)
    hours_known_on = known_on or hours_of(version.office)
    clocks = clocks_of(events, version, hours_known_on, local_day(at, hours_known_on))
    written = [
        append_as_system(case, Step.REMIND, {"clock": clock.key, "level": level}, at=at, recorded_at=at)
        for clock, level in _owed(clocks, at)
    ]
    project([*events, *written], at=at, known_on=known_on)
    return written


def _owed(clocks: Sequence[Clock], at: datetime) -> list[tuple[Clock, str]]:
    owed: list[tuple[Clock, str]] = []
    for clock in clocks:
        if not clock.is_open or not clock.is_certain:
            continue
        level = OVERDUE if clock.is_breached(at) else SOON if clock.warn_at and clock.warn_at <= at else None
        if level and level not in clock.reminded:
            owed.append((clock, level))
    return owed


def local_day(at: datetime, known_on: HoursKnownOn) -> date:
    return at.astimezone(known_on(at.date()).zone).date()
