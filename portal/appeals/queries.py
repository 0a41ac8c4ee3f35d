"""Reads of inquiries, shaped for who asks."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from portal import vault
from portal.appeals.model import (
    INQUIRY_STATE_TITLES,
    OUTCOME_TITLES,
    AnswerOutcome,
    Inquiry,
    InquiryNotFound,
    InquiryState,
    InquiryStep,
)
from portal.appeals.operations import inquiry_now, possible_inquiry_steps
from portal.appeals.tables import InquiryAccessRow, InquiryRow
from portal.basis import By
from portal.cases.almanac import hours_of
from portal.cases.model.handin import code_digest
from portal.ledger.kinds import KINDS
from portal.ledger.model import Event
from portal.store import db


@dataclass(frozen=True, slots=True)
class InquiryEntry:
    """One line of the timeline; ``title`` is a msgid, ``words`` were sealed with the event."""

    event: Event
    title: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InquiryPage:
    inquiry: Inquiry
    timeline: tuple[InquiryEntry, ...]
    silent_at: datetime | None  # when the time to answer or to lead on is over; none once somebody has

    @property
    def number(self) -> str:
        return self.inquiry.number

    @property
    def title(self) -> str:
        """Msgid of where it stands."""
        outcome = self.inquiry.outcome
        if self.inquiry.state is InquiryState.ANSWERED and outcome is not None:
            return OUTCOME_TITLES[outcome]
        return INQUIRY_STATE_TITLES[self.inquiry.state]

    def possible_steps(self, by: By) -> tuple[InquiryStep, ...]:
        return possible_inquiry_steps(self.inquiry, by)


@dataclass(frozen=True, slots=True)
class InquiryItem:
    """One line of a list. ``is_silent``: a working day has passed and nobody has acted."""

    number: str
    matter: str
    state: InquiryState
    outcome: AnswerOutcome | None
    is_self_reported: bool
    office: str | None
    holder: str | None
    first_office: str | None
    first_post: str | None
    first_actor: str | None
    passing_to: str | None
    chases: int
    asked_at: datetime
    last_at: datetime
    is_silent: bool


def inquiry_page(number: str) -> InquiryPage:
    """:raises InquiryNotFound: there is no such inquiry."""
    inquiry, events = inquiry_now(number)
    timeline = tuple(InquiryEntry(event, KINDS[event.kind].title, _words(event)) for event in events)
    silent_at = db.session.scalar(select(InquiryRow.silent_at).where(InquiryRow.number == inquiry.number))
    return InquiryPage(inquiry, timeline, silent_at)


def follow_inquiry(number: str, code: str) -> InquiryPage:
    """:raises InquiryNotFound: number or code is wrong; which one is not said."""
    number = number.strip().upper()
    kept = db.session.scalar(select(InquiryAccessRow.code_hash).where(InquiryAccessRow.number == number))
    given = code_digest(number, code)
    if not hmac.compare_digest(given, kept or bytes(len(given))) or kept is None:
        raise InquiryNotFound
    return inquiry_page(number)


def inquiries(
    *,
    at: datetime,
    offices: Collection[str] | None = None,
    is_open: bool | None = True,
    applicant: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[InquiryItem]:
    """Inquiries that lie with these offices or wait for them to take over, the longest waiting first."""
    statement = select(InquiryRow).where(*_filters(offices, is_open, applicant))
    statement = statement.order_by(InquiryRow.asked_at, InquiryRow.number).limit(limit).offset(offset)
    return [_item(row, at) for row in db.session.scalars(statement)]


def count_inquiries(
    *,
    offices: Collection[str] | None = None,
    is_open: bool | None = True,
    applicant: str | None = None,
    silent_at: datetime | None = None,
) -> int:
    """How many the list with the same filters holds; ``silent_at`` counts those that nobody had acted on by then."""
    filters = _filters(offices, is_open, applicant)
    if silent_at is not None:
        filters.append(InquiryRow.silent_at <= silent_at)
    return db.session.scalar(select(func.count()).select_from(InquiryRow).where(*filters)) or 0


def _filters(offices: Collection[str] | None, is_open: bool | None, applicant: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if offices is not None:
        named = sorted(offices)
        found.append(or_(InquiryRow.office.in_(named), InquiryRow.passing_to.in_(named)))
    if is_open is not None:
        found.append(InquiryRow.is_open.is_(is_open))
    if applicant is not None:
        found.append(InquiryRow.applicant == applicant)
    return found


def inquiries_to_acknowledge(office: str, *, at: datetime, limit: int = 50) -> list[InquiryItem]:
    """Hand-overs to this office that nobody has acknowledged, the longest waiting first."""
    statement = select(InquiryRow).where(InquiryRow.passing_to == office).order_by(InquiryRow.last_at)
    return [_item(row, at) for row in db.session.scalars(statement.limit(limit))]


def count_inquiries_to_acknowledge(office: str) -> int:
    counted = select(func.count()).select_from(InquiryRow).where(InquiryRow.passing_to == office)
    return db.session.scalar(counted) or 0


def inquiry_subjects_to_judge(after: datetime, until: datetime) -> list[str]:
    """Inquiries that fell silent in (after, until]: time alone changed what a rule says about them."""
    statement = select(InquiryRow.number).where(InquiryRow.silent_at > after, InquiryRow.silent_at <= until)
    return [f"inquiry/{number}" for number in db.session.scalars(statement.order_by(InquiryRow.number))]


def inquiry_subjects_of_the_day(at: datetime) -> list[str]:
    """What a run after midnight examines: open inquiries, and answered ones that may still be passed on in time."""
    recently = at - timedelta(days=20)  # longer than any run of rest days
    lively = or_(InquiryRow.is_open, InquiryRow.last_at > recently)
    statement = select(InquiryRow.number).where(lively).order_by(InquiryRow.number)
    return [f"inquiry/{number}" for number in db.session.scalars(statement)]


def inquiries_ended_before(day: date, *, limit: int) -> list[str]:
    """Subjects of inquiries that were last touched before the local day and can still be read, the oldest first."""
    midnight = datetime.combine(day, time(), hours_of(None)(day).zone)
    statement = (
        select(InquiryRow.number)
        .where(InquiryRow.is_open.is_(False), InquiryRow.last_at < midnight)
        .order_by(InquiryRow.last_at, InquiryRow.number)
    )
    return vault.still_sealed((f"inquiry/{number}" for number in db.session.scalars(statement)), limit=limit)


def _item(row: InquiryRow, at: datetime) -> InquiryItem:
    return InquiryItem(
        number=row.number,
        matter=row.matter,
        state=InquiryState(row.state),
        outcome=AnswerOutcome(row.outcome) if row.outcome else None,
        is_self_reported=row.is_self_reported,
        office=row.office,
        holder=row.holder,
        first_office=row.first_office,
        first_post=row.first_post,
        first_actor=row.first_actor,
        passing_to=row.passing_to,
        chases=row.chases,
        asked_at=row.asked_at,
        last_at=row.last_at,
        is_silent=row.silent_at is not None and row.silent_at <= at,
    )


def _words(event: Event) -> Mapping[str, str]:
    unsealed = vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))
    found: Mapping[str, str] = unsealed.get("personal", {})
    return found
