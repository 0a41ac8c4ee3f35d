"""One case as a page shows it: state, holder, clocks with their traces, papers, and what may be done next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import vault
from portal.basis import By, mask_file_name
from portal.cases.almanac import hours_of
from portal.cases.duties import steps_open_to
from portal.cases.model import (
    Case,
    CaseNotFound,
    Clock,
    HoursKnownOn,
    LimitKind,
    Step,
    clocks_of,
    fold,
)
from portal.cases.model.clocks import trace_of
from portal.cases.model.fold import then
from portal.cases.model.states import CaseState
from portal.cases.operations.materials import FILE_NAME
from portal.cases.operations.numbering import is_code_of
from portal.cases.tables import CaseRow, MaterialRow
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.kinds import KINDS
from portal.ledger.model import Event
from portal.store import db
from portal.worktime import DayNote, OfficeHours


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. ``title`` is a msgid; ``state`` is where the case stood afterwards."""

    event: Event
    title: str
    state: CaseState
    day: date

    @property
    def is_visible_to_applicant(self) -> bool:
        return self.event.kind not in ("viewed", "commented", "reminded", "assigned")


@dataclass(frozen=True, slots=True)
class Paper:
    """A material handed in; ``stored_as`` is set when there is a file to read."""

    code: str
    file_name: str | None
    size: int | None
    stored_as: str | None
    added_at: datetime
    added_by: str

    @property
    def masked_name(self) -> str | None:
        return mask_file_name(self.file_name) if self.file_name else None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case at one moment; ``personal`` is unsealed and is shown only to who may see it."""

    case: Case
    version: ItemVersion
    clocks: tuple[Clock, ...]
    timeline: tuple[Entry, ...]
    papers: tuple[Paper, ...]
    personal: Mapping[str, str]
    answers: Mapping[str, str]
    hours: OfficeHours
    at: datetime
    on: date

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def holder(self) -> vault.Holder:
        """Under whose keys the personal part lies."""
        return vault.Holder(self.case.applicant, f"case/{self.number}")

    @property
    def running(self) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks if clock.is_open)

    @property
    def promised(self) -> Clock | None:
        """The office's clock that decides when the applicant hears something: the last of those that are promised."""
        own = [
            clock for clock in self.running if not clock.is_applicants and clock.limit_kind is not LimitKind.STATUTORY
        ]
        return max(own, key=lambda clock: (clock.name == "feedback", clock.due_at), default=None)

    def trace(self, clock: Clock) -> tuple[DayNote, ...]:
        return trace_of(clock, self.version, self.hours)

    def days_left(self, clock: Clock) -> int:
        """Working days from today to the due day; negative when it has passed."""
        return self.hours.calendar.workdays_between(self.on, clock.due_on, provisional=True)

    def possible_steps(self, by: By) -> tuple[Step, ...]:
        """What this person may do now, in the order of the life cycle."""
        expiry: dict[str, date] = {}
        for clock in self.running:
            expiry[clock.name] = min(expiry.get(clock.name, clock.due_on), clock.due_on)
        return steps_open_to(by, self.case, self.version, at=self.at, on=self.on, expiry=expiry)


def case_page(number: str, *, at: datetime, known_on: HoursKnownOn | None = None) -> CasePage:
    """:raises CaseNotFound: there is no such case."""
    events = ledger.events(f"case/{number}") if number else []
    if not events:
        raise CaseNotFound
    case = fold(events)
    version = catalogue().version(case.item_version)
    hours_known_on = known_on or hours_of(version.office)
    hours = hours_known_on(at.date())
    on = at.astimezone(hours.zone).date()
    hours = hours_known_on(on)
    unsealed = _unsealed(events)
    return CasePage(
        case=case,
        version=version,
        clocks=clocks_of(events, version, hours_known_on, on),
        timeline=_timeline(events, hours),
        papers=_papers(number),
        personal={**unsealed.get("personal", {}), **_corrected(number)},
        answers=unsealed.get("answers", {}),
        hours=hours,
        at=at,
        on=on,
    )


def follow(number: str, query_code: str, *, at: datetime) -> CasePage:
    """The applicant's own view by number and code.

    :raises CaseNotFound: one of the two is wrong; which one is not said.
    """
    number = number.strip().upper()
    if not is_code_of(number, query_code):
        raise CaseNotFound
    return case_page(number, at=at)


def timeline(number: str, *, at: datetime) -> tuple[Entry, ...]:
    return case_page(number, at=at).timeline


def cases_of(applicant: str) -> list[str]:
    """Numbers of an applicant's cases, the newest first."""
    statement = select(CaseRow.number).where(CaseRow.applicant == applicant)
    return list(db.session.scalars(statement.order_by(CaseRow.submitted_at.desc(), CaseRow.number.desc())))


def item_versions(numbers: Collection[str]) -> dict[str, str]:
    """Of each of these cases, the version of the item that it was handed in for."""
    wanted = select(CaseRow.number, CaseRow.item_version).where(CaseRow.number.in_(numbers))
    found: dict[str, str] = dict(db.session.execute(wanted).all())
    return found


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An open case that waits for its applicant: ``missing`` are the codes of what is still to come."""

    number: str
    state: CaseState
    missing: tuple[str, ...]


def unfinished_of(applicant: str, item: str) -> list[Unfinished]:
    """Open cases of this applicant and item that lack something; what a window should ask for."""
    statement = select(CaseRow.number).where(CaseRow.applicant == applicant, CaseRow.item == item, CaseRow.is_open)
    found = []
    for number in db.session.scalars(statement.order_by(CaseRow.number)):
        case = fold(ledger.events(f"case/{number}"))
        if missing := case.demanded | case.deferred:
            found.append(Unfinished(number, case.state, tuple(sorted(missing))))
    return found


def _timeline(events: Sequence[Event], hours: OfficeHours) -> tuple[Entry, ...]:
    case, entries = Case(""), []
    for event in events:
        case = then(case, event)
        day = event.occurred_at.astimezone(hours.zone).date()
        entries.append(Entry(event, KINDS[event.kind].title, case.state, day))
    return tuple(entries)


def _papers(number: str) -> tuple[Paper, ...]:
    rows = db.session.scalars(select(MaterialRow).where(MaterialRow.number == number).order_by(MaterialRow.id))
    return tuple(Paper(r.code, _name(r.file_name), r.size, r.stored_as, r.added_at, r.added_by) for r in rows)


def _name(sealed: bytes | None) -> str | None:
    name = vault.readable(sealed, FILE_NAME)
    return name.decode() if name else None


def _corrected(number: str) -> Mapping[str, str]:
    """Fields that were put right at the applicant's wish; what was first handed in stays in the ledger as it was."""
    found: dict[str, str] = {}
    for event in ledger.events(f"data/case:{number}"):
        if event.kind == "data-corrected":
            found |= vault.words(event.sealed, vault.purpose_of(event.subject, event.kind)).get("corrected", {})
    return found


def _unsealed(events: Sequence[Event]) -> Mapping[str, Any]:
    first = next((event for event in events if event.kind == "submitted" and event.sealed), None)
    return vault.words(first.sealed, vault.purpose_of(first.subject, first.kind)) if first else {}
