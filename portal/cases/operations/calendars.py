"""When the calendar changes: the change is an event, and clocks still running are reckoned again with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.basis import SYSTEM
from portal.cases.almanac import hours_of, known_calendars
from portal.cases.model import HoursKnownOn, Step, clocks_of, fold
from portal.cases.operations.outcomes import append_as_system, local_day
from portal.cases.operations.projection import project, subject_of
from portal.cases.tables import CaseRow, ClockRow
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db
from portal.worktime import WorkCalendar


def recompute(at: datetime, *, known_on: HoursKnownOn | None = None, cause: str = "calendar") -> list[Event]:
    """Reckon the clocks still running with the calendar known now; what moves is recorded: old day, new day, cause.

    Clocks that have stopped keep the calendar of their day. Returned are the moves, not the change of the calendar.
    """
    statement = (
        select(CaseRow.number, CaseRow.item_version)
        .join(ClockRow, ClockRow.number == CaseRow.number)
        .where(ClockRow.is_open)
        .distinct()
        .order_by(CaseRow.number)
    )
    moved: list[Event] = []
    for number, item_version in db.session.execute(statement).all():
        office = catalogue().version(item_version).office
        hours_known_on = known_on or hours_of(office)
        calendar = hours_known_on(local_day(at, hours_known_on)).calendar
        moved += _moved(number, at, hours_known_on, calendar, cause)
    return moved


def keep_calendars(at: datetime, *, known_on: HoursKnownOn | None = None) -> list[Event]:
    """Record each calendar that has changed, of the nation, an area or an office, and move the clocks still running."""
    changed = amended(at)
    if not changed:
        return []
    return [_amended(scope, calendar, at) for scope, calendar in changed.items()] + recompute(at, known_on=known_on)


def amended(at: datetime) -> dict[str, WorkCalendar]:
    """Calendars that are not those last recorded, by what they are for; a layer counts from the day it is there."""
    known = known_calendars(local_day(at, hours_of(None)))
    recorded = ledger.events_of([f"calendar/{scope}" for scope in known])
    found: dict[str, WorkCalendar] = {}
    for scope, (calendar, wider) in known.items():
        events = recorded.get(f"calendar/{scope}")
        is_news = events[-1].text("calendar") != calendar.version if events else calendar.version != wider
        if is_news:
            found[scope] = calendar
    return found


def _amended(scope: str, calendar: WorkCalendar, at: datetime) -> Event:
    """The notice named is the newest that the calendar rests on."""
    newest = max(calendar.rules.values(), key=lambda rule: rule.published, default=None)
    facts = {"calendar": calendar.version, "notice": str(newest.notice) if newest else None}
    return append(f"calendar/{scope}", "calendar-amended", facts, by=SYSTEM, at=at)


def _moved(number: str, at: datetime, known_on: HoursKnownOn, calendar: WorkCalendar, cause: str) -> list[Event]:
    rows = db.session.scalars(select(ClockRow).where(ClockRow.number == number, ClockRow.is_open))
    before = {f"{row.name}.{row.leg}.{row.limit_kind}": (row.due_on, row.calendar) for row in rows}
    if all(version == calendar.version for _, version in before.values()):
        return []
    events = ledger.events(subject_of(number))
    case = fold(events)
    item = catalogue().version(case.item_version)
    written: list[Event] = []
    for clock in clocks_of(events, item, known_on, local_day(at, known_on)):
        old_on = before.get(clock.key, (clock.due_on, ""))[0]
        if clock.is_open and clock.due_on != old_on:
            facts = {
                "clock": clock.key,
                "old_on": old_on,
                "new_on": clock.due_on,
                "calendar": clock.calendar,
                "cause": cause,
            }
            written.append(append_as_system(case, Step.MOVE_DUE, facts, at=at, recorded_at=at))
    project([*events, *written], at=at, known_on=known_on)
    return written
