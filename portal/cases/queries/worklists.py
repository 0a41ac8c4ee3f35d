"""Lists of cases by time left. A light is worked out from the dates when somebody looks, never stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from portal.basis import N_, By, Role
from portal.cases.almanac import hours_of
from portal.cases.model import CaseState
from portal.cases.tables import CaseRow, ClockRow, ProposalRow
from portal.store import db


class Light(StrEnum):
    """How a case stands against its next due date, the most urgent first."""

    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    SOON = "soon"
    IN_TIME = "in-time"
    PAUSED = "paused"
    PROVISIONAL = "provisional"  # the calendar of the due date is not published yet
    NO_LIMIT = "no-limit"  # no clock of the office is running


LIGHT_TITLES = {
    Light.OVERDUE: N_("Overdue"),
    Light.DUE_TODAY: N_("Due today"),
    Light.SOON: N_("Due soon"),
    Light.IN_TIME: N_("In time"),
    Light.PAUSED: N_("Paused"),
    Light.PROVISIONAL: N_("Date provisional"),
    Light.NO_LIMIT: N_("No clock running"),
}


@dataclass(frozen=True, slots=True)
class WorkItem:
    number: str
    item: str
    state: CaseState
    light: Light
    office: str | None
    post: str | None
    holder: str | None
    first_actor: str | None
    passing_to: str | None
    due_clock: str | None
    due_on: date | None
    due_at: datetime | None
    submitted_at: datetime | None
    last_at: datetime
    days_left: int | None


def worklist(
    *,
    at: datetime,
    offices: Collection[str] | None = None,
    by: By | None = None,
    lights: Collection[Light] = (),
    states: Collection[CaseState] = (),
    item: str | None = None,
    is_open: bool | None = True,
    limit: int = 50,
    offset: int = 0,
) -> list[WorkItem]:
    """Cases by time left, those without a due date last. ``by`` narrows to what lies with that person's office."""
    hours = hours_of(None)(at.date())
    today = at.astimezone(hours.zone).date()
    light = _light(at, today)
    statement = _filtered(select(CaseRow, light.label("light")), light, offices, by, lights, states, item, is_open)
    statement = statement.order_by(CaseRow.due_at.is_(None), CaseRow.due_at, CaseRow.number).limit(limit).offset(offset)
    return [
        _work_item(row, Light(found), _days_left(row.due_on, today)) for row, found in db.session.execute(statement)
    ]


def count_work(
    *,
    at: datetime,
    offices: Collection[str] | None = None,
    by: By | None = None,
    lights: Collection[Light] = (),
    states: Collection[CaseState] = (),
    item: str | None = None,
    is_open: bool | None = True,
) -> int:
    """How many the worklist with the same filters holds."""
    today = at.astimezone(hours_of(None)(at.date()).zone).date()
    light = _light(at, today)
    counted = select(func.count()).select_from(CaseRow)
    return db.session.scalar(_filtered(counted, light, offices, by, lights, states, item, is_open)) or 0


def counts(*, at: datetime, offices: Collection[str] | None = None) -> dict[str, dict[Light, int]]:
    """Open cases by office and light; each number opens the worklist that it counts."""
    today = at.astimezone(hours_of(None)(at.date()).zone).date()
    light = _light(at, today)
    statement = _filtered(select(CaseRow.office, light, func.count()), light, offices, None, (), (), None, True)
    found: dict[str, dict[Light, int]] = {}
    for office, name, number in db.session.execute(statement.group_by(CaseRow.office, light)):
        found.setdefault(office or "", dict.fromkeys(Light, 0))[Light(name)] = number
    return found


def to_acknowledge(office: str, *, at: datetime, limit: int = 50) -> list[WorkItem]:
    """Hand-overs to this office that nobody has acknowledged, the longest waiting first."""
    today = at.astimezone(hours_of(None)(at.date()).zone).date()
    light = _light(at, today)
    statement = select(CaseRow, light).where(CaseRow.passing_to == office).order_by(CaseRow.last_at)
    return [_work_item(row, Light(found), None) for row, found in db.session.execute(statement.limit(limit))]


def count_to_acknowledge(office: str) -> int:
    return db.session.scalar(select(func.count()).select_from(CaseRow).where(CaseRow.passing_to == office)) or 0


def subjects_to_judge(after: datetime, until: datetime) -> list[str]:
    """Cases whose warning, breach, doubled limit, stuck moment or outcome lies in (after, until]."""

    def passed(column: Any) -> ColumnElement[bool]:
        return and_(column > after, column <= until)

    clocks = select(ClockRow.number).where(
        ClockRow.is_open, or_(passed(ClockRow.warn_at), passed(ClockRow.breach_at), passed(ClockRow.double_at))
    )
    stuck = select(CaseRow.number).where(
        or_(passed(CaseRow.stuck_at), passed(CaseRow.stuck_red_at), passed(CaseRow.outcome_at))
    )
    return [f"case/{number}" for number in db.session.scalars(clocks.union(stuck).order_by("number"))]


def open_subjects() -> list[str]:
    """Every open case: what a run after midnight examines, because rules that compare days change their mind then."""
    statement = select(CaseRow.number).where(CaseRow.is_open).order_by(CaseRow.number)
    return [f"case/{number}" for number in db.session.scalars(statement)]


def most_handed_in(since: datetime, limit: int = 6) -> list[tuple[str, int]]:
    """Item codes by how often they were handed in, for the list of popular services."""
    count = func.count()
    statement = select(CaseRow.item, count).where(CaseRow.submitted_at >= since, ~CaseRow.is_test)
    rows = db.session.execute(statement.group_by(CaseRow.item).order_by(count.desc(), CaseRow.item).limit(limit))
    return [(item, number) for item, number in rows]


@dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    number: str
    kind: str
    role: Role
    facts: str
    proposed_by: str
    office: str | None
    proposed_at: datetime


def proposals(
    role: Role | None = None, *, office: str | None = None, number: str | None = None, limit: int = 200
) -> list[Proposal]:
    """Steps that wait for consent, the oldest first; ``office`` is where they were proposed."""
    statement = select(ProposalRow).where(ProposalRow.state == "open").order_by(ProposalRow.id).limit(limit)
    if office is not None:
        statement = statement.where(ProposalRow.office == office)
    if role is not None:
        statement = statement.where(ProposalRow.role == role.value)
    if number is not None:
        statement = statement.where(ProposalRow.number == number)
    return [
        Proposal(r.id, r.number, r.kind, Role(r.role), r.facts, r.actor, r.office, r.proposed_at)
        for r in db.session.scalars(statement)
    ]


def _light(at: datetime, today: date) -> ColumnElement[str]:
    return case(
        (CaseRow.state == CaseState.PAUSED.value, literal(Light.PAUSED.value)),
        (CaseRow.due_on.is_(None), literal(Light.NO_LIMIT.value)),
        (~CaseRow.is_certain, literal(Light.PROVISIONAL.value)),
        (CaseRow.breach_at <= at, literal(Light.OVERDUE.value)),
        (CaseRow.due_on == today, literal(Light.DUE_TODAY.value)),
        (CaseRow.warn_on <= today, literal(Light.SOON.value)),
        else_=literal(Light.IN_TIME.value),
    )


def _filtered(
    statement: Any,
    light: ColumnElement[str],
    offices: Collection[str] | None,
    by: By | None,
    lights: Collection[Light],
    states: Collection[CaseState],
    item: str | None,
    is_open: bool | None,
) -> Any:
    if is_open is not None:
        statement = statement.where(CaseRow.is_open.is_(is_open))
    if by is not None:
        statement = statement.where(or_(CaseRow.office == by.office, CaseRow.passing_to == by.office))
    if offices is not None:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    if lights:
        statement = statement.where(light.in_([one.value for one in lights]))
    if states:
        statement = statement.where(CaseRow.state.in_([one.value for one in states]))
    if item is not None:
        statement = statement.where(CaseRow.item == item)
    return statement


def _days_left(due_on: date | None, today: date) -> int | None:
    if due_on is None:
        return None
    return hours_of(None)(today).calendar.workdays_between(today, due_on, provisional=True)


def _work_item(row: CaseRow, light: Light, days_left: int | None) -> WorkItem:
    return WorkItem(
        number=row.number,
        item=row.item,
        state=CaseState(row.state),
        light=light,
        office=row.office,
        post=row.post,
        holder=row.holder,
        first_actor=row.first_actor,
        passing_to=row.passing_to,
        due_clock=row.due_clock,
        due_on=row.due_on,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        last_at=row.last_at,
        days_left=days_left,
    )
