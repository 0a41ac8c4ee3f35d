"""Reads of procedures, shaped for who asks: one finding's, what is due and when, the lists by stage and office."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from portal import vault
from portal.basis import By
from portal.compliance.procedure.hours import hours_on
from portal.compliance.procedure.model import JUDGEMENTS, Due, Procedure, Stage, Step
from portal.compliance.procedure.people import is_partial, possible_steps
from portal.compliance.procedure.seeing import Seen, seen_at
from portal.compliance.procedure.tables import ProcedureRow
from portal.ledger.kinds import KINDS
from portal.ledger.model import Event
from portal.store import db


@dataclass(frozen=True, slots=True)
class Entry:
    """One step as the timeline shows it; ``title`` is a msgid, ``words`` were sealed with the event."""

    event: Event
    title: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    seen: Seen
    timeline: tuple[Entry, ...]
    left: int | None  # working days until the last day of what is due; negative once it is over

    @property
    def procedure(self) -> Procedure:
        return self.seen.procedure

    @property
    def may_still_appeal(self) -> bool:
        last_on = self.procedure.appeal_due_on
        is_over = last_on is None or self.seen.on > last_on
        return not (is_over or self.procedure.is_waived or self.procedure.appealed_by)

    def possible_steps(self, by: By) -> tuple[Step, ...]:
        return possible_steps(self.seen, by)

    def is_partial(self, by: By) -> bool:
        return is_partial(self.seen, by)


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line of the list of what is due; ``left`` in working days of the office, negative once it is over."""

    number: str
    stage: Stage
    rule: str
    office: str | None
    what: Due
    due_on: date
    left: int


@dataclass(frozen=True, slots=True)
class Publication:
    number: str
    rule: str
    office: str | None
    stage: Stage
    published_on: date
    words: str


def procedure_page(number: str, *, at: datetime) -> ProcedurePage:
    """:raises FindingUnknown: there is none of that number."""
    seen = seen_at(number, at)
    steps = (event for event in seen.events if event.kind not in JUDGEMENTS)
    timeline = tuple(Entry(event, KINDS[event.kind].title, _words(event)) for event in steps)
    due = seen.procedure.due
    return ProcedurePage(seen, timeline, _left(seen.procedure.office, due[1], at) if due else None)


def stages(numbers: Collection[str]) -> dict[str, Stage]:
    """Of these findings; one about which nobody has done anything is suspected."""
    held = select(ProcedureRow.number, ProcedureRow.stage).where(ProcedureRow.number.in_(sorted(numbers)))
    known = {row.number: Stage(row.stage) for row in db.session.execute(held)}
    return {number: known.get(number, Stage.SUSPECTED) for number in numbers}


def numbers_at(stage: Stage) -> Select[Any]:
    """The findings whose procedure stands there, for another query to look among; of suspected ones only those of
    which a dismissal is proposed have a row, see ``numbers_begun``."""
    return select(ProcedureRow.number).where(ProcedureRow.stage == stage.value)


def numbers_begun() -> Select[Any]:
    """Every finding that is not suspected any more."""
    return select(ProcedureRow.number).where(ProcedureRow.stage != Stage.SUSPECTED.value)


def due_items(
    *, at: datetime, offices: Collection[str] | None = None, whats: Collection[Due] = tuple(Due)
) -> list[DueItem]:
    """What somebody must do, by the working days left: what is longest over first."""
    named = sorted(what.value for what in whats)
    rows = db.session.scalars(select(ProcedureRow).where(ProcedureRow.due_what.in_(named), *_of(offices)))
    return sorted((_item(row, at) for row in rows), key=lambda item: (item.left, item.due_on, item.number))


def numbers_against(office: str) -> list[str]:
    """Findings that the office was asked to answer, those that wait longest for something first, the ended last."""
    statement = (
        select(ProcedureRow.number)
        .where(ProcedureRow.office == office, ProcedureRow.stage != Stage.SUSPECTED.value)
        .order_by(ProcedureRow.due_on.is_(None), ProcedureRow.due_on, ProcedureRow.number.desc())
    )
    return list(db.session.scalars(statement))


def published_numbers(*, limit: int = 50, offset: int = 0) -> list[str]:
    """What everybody may read, the newest finding first; what was dismissed since is not shown."""
    statement = select(ProcedureRow.number).where(*_public()).order_by(ProcedureRow.number.desc())
    return list(db.session.scalars(statement.limit(limit).offset(offset)))


def count_published() -> int:
    return db.session.scalar(select(func.count()).select_from(ProcedureRow).where(*_public())) or 0


def publications(numbers: Collection[str], *, at: datetime) -> list[Publication]:
    """Of these published findings, in their order: no name, no sealed word."""
    found: list[Publication] = []
    for number in numbers:
        seen = seen_at(number, at)
        event = next(one for one in seen.events if one.kind == "finding-published")
        procedure = seen.procedure
        on = seen.hours.date_of(event.occurred_at)
        told = Publication(
            number, procedure.rule, procedure.office, procedure.stage, on, event.text("words") or ""
        )  # fmt: skip
        found.append(told)
    return found


def _public() -> tuple[ColumnElement[bool], ...]:
    return (ProcedureRow.is_published.is_(True), ProcedureRow.stage != Stage.DISMISSED.value)


def _of(offices: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    return () if offices is None else (ProcedureRow.office.in_(sorted(offices)),)


def _item(row: ProcedureRow, at: datetime) -> DueItem:
    assert row.due_on is not None and row.due_what is not None, "only what is due was asked for"  # noqa: PT018
    left = _left(row.office, row.due_on, at)
    return DueItem(row.number, Stage(row.stage), row.rule, row.office, Due(row.due_what), row.due_on, left)


def _left(office: str | None, due_on: date, at: datetime) -> int:
    """0 on the last working day itself; on a day of rest after it, it is over all the same."""
    hours = hours_on(office, at.date())
    today = hours.date_of(at)
    if today > due_on:
        return min(-1, -hours.calendar.workdays_between(due_on, today, provisional=True))
    return hours.calendar.workdays_between(today, due_on, provisional=True)


def _words(event: Event) -> Mapping[str, str]:
    unsealed = vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))
    found: Mapping[str, str] = unsealed.get("personal", {})
    return found
