"""Writes of inquiries. None commits, none reads the clock: an edge opens the transaction and says ``at`` and ``by``."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, update

from portal import vault
from portal.accounts.policy import Target, may, require
from portal.appeals.model import (
    COVERS,
    INQUIRY_KIND_OF,
    INQUIRY_TRANSITIONS,
    OUTCOME_TITLES,
    AnswerOutcome,
    Inquiry,
    InquiryFactMissing,
    InquiryNotFound,
    InquiryState,
    InquiryStep,
    InquiryStepNotPossible,
    fold_inquiry,
)
from portal.appeals.tables import InquiryAccessRow, InquiryRow, InquirySeriesRow
from portal.basis import N_, By, Role, Word
from portal.cases.almanac import hours_of
from portal.cases.model import AskedToday, midnight
from portal.cases.model.handin import code_digest, query_code
from portal.catalogue.model import ItemNotInForce, ItemUnknown, ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.gate import require_sealed
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import Wish, db, keep, once

OLDEST_REPORT: Final = timedelta(days=365)  # our own: how long ago somebody may say that he was sent away
SILENT_AFTER: Final = 1  # working days (V01); our own number


@dataclass(frozen=True, slots=True)
class InquirySlip:
    """What the inquirer takes along; the code is shown this once."""

    number: str
    query_code: str


def inquire(
    applicant: str,
    matter: str,
    *,
    office: str,
    by: By,
    at: datetime,
    channel: str | None = None,
    question: str = "",
    personal: Mapping[str, str] | None = None,
    is_self_reported: bool = False,
    happened_at: datetime | None = None,
    said: str = "",
    idempotency_key: str | None = None,
) -> InquirySlip:
    """Record that somebody asked at ``office``. ``matter`` is ``item:situation``, or ``item`` where that is all known.

    With ``is_self_reported`` a citizen tells what happened at ``happened_at`` and what was ``said`` to him; no member
    of staff stands behind it, so that the office is named and nobody in it. The same ``idempotency_key`` of the same
    person gives the same slip.
    """
    require(by, InquiryStep.INQUIRE.value, Target(owner=applicant, office=office))
    key = idempotency_key or secrets.token_urlsafe(24)
    words = {"question": question, "said": said, **(personal or {})}
    wish = Wish("inquire", key, f"{by.actor} {applicant}", canonical({"to": office, "about": matter, "words": words}))
    if (earlier := once(wish)) is not None:
        return InquirySlip(earlier, query_code(key, earlier))
    require_sealed(at)
    moment = happened_at if is_self_reported and happened_at else at
    if not at - OLDEST_REPORT <= moment <= at:
        raise InquiryFactMissing(N_("Tell of a day within the past year, not one to come."), field="happened_at")
    found = catalogue().office_as_of(office, moment.date())
    hours = hours_of(found.code)(moment.date())
    number = _next_number(found.area, at.astimezone(hours.zone).year)
    code = query_code(key, number)
    db.session.execute(insert(InquiryAccessRow).values(number=number, code_hash=code_digest(number, code)))
    event = append(
        f"inquiry/{number}",
        INQUIRY_KIND_OF[InquiryStep.INQUIRE],
        {"applicant": applicant, "matter": matter, "is_self_reported": is_self_reported or None},
        by=replace(by, office=by.office or found.code),
        at=moment,
        recorded_at=at,
        channel=channel or ("web" if by.office is None else "window"),
        item_version=_version(matter, found.code, moment),
        sealed=_sealed(
            number, applicant, INQUIRY_KIND_OF[InquiryStep.INQUIRE], {n: w for n, w in words.items() if w}, at=at
        ),
    )
    _project([event])
    if idempotency_key is not None:
        keep(wish, number, at=at)
    return InquirySlip(number, code)


def answer(
    number: str,
    outcome: AnswerOutcome | str,
    *,
    by: By,
    at: datetime,
    text: str = "",
    covers: Sequence[str] = (),
    cited_version: str | None = None,
    right_authority: str | None = None,
    is_written: bool = False,
    is_chat: bool = False,
) -> Event:
    """Answer. Whether it was a whole answer, and whether sending away was lawful, the rules judge; it is recorded."""
    if unknown := set(covers) - set(COVERS):
        raise InquiryFactMissing(
            N_("An answer covers some of %(known)s; %(unknown)s is none of them."),
            field="covers",
            values={"known": ", ".join(COVERS), "unknown": ", ".join(sorted(unknown))},
        )
    if cited_version is not None:
        catalogue().version(cited_version)
    facts = {
        "outcome": _outcome_named(outcome).value,
        "right_authority": right_authority,
        "is_written": is_written,
        "covers": tuple(covers),
        "cited_version": cited_version,
        "is_chat": is_chat,
    }
    return _recorded(number, InquiryStep.ANSWER, facts, by=by, at=at, text=text)


def hand_over_inquiry(number: str, to_office: str, *, reason: str, summary: str, by: By, at: datetime) -> Event:
    """Lead the inquirer on: the first responder stays named until the other office has taken over."""
    for field, value in (("to_office", to_office), ("reason", reason), ("summary", summary)):
        if not value.strip():
            raise InquiryFactMissing(N_("%(name)s is missing; fill it in."), field=field, values={"name": field})
    if catalogue().office_as_of(to_office, at.date()).code == by.office:
        raise InquiryFactMissing(
            N_("The inquiry lies with this office already; choose another one."), field="to_office"
        )
    facts = {"to_office": to_office, "reason": reason, "summary": summary}
    return _recorded(number, InquiryStep.HAND_OVER, facts, by=by, at=at)


def acknowledge_inquiry(number: str, *, by: By, at: datetime) -> Event:
    return _recorded(number, InquiryStep.ACKNOWLEDGE, {}, by=by, at=at)


def tell_inquirer(number: str, *, by: By, at: datetime, text: str = "") -> Event:
    """The applicant was told who answers now."""
    return _recorded(number, InquiryStep.TELL, {}, by=by, at=at, text=text)


def mark_unclear(number: str, *, by: By, at: datetime, text: str = "") -> Event:
    """The applicant found the answer unclear: the inquiry waits for another one."""
    return _recorded(number, InquiryStep.MARK_UNCLEAR, {}, by=by, at=at, text=text)


def chase_inquiry(number: str, *, by: By, at: datetime, text: str = "") -> Event:
    """:raises AskedToday: the inquirer asks a second time on one day."""
    if by.role is Role.APPLICANT:
        _check_once_a_day(number, by, at)
    return _recorded(number, InquiryStep.CHASE, {}, by=by, at=at, text=text)


def _check_once_a_day(number: str, by: By, at: datetime) -> None:
    inquiry, events = inquiry_now(number)
    zone = hours_of(inquiry.holder.office)(at.date()).zone
    asked = [e.occurred_at for e in events if e.kind == "inquiry-chased" and e.role is by.role]
    if any(moment.astimezone(zone).date() == at.astimezone(zone).date() for moment in asked):
        raise AskedToday


def rebuild_inquiries() -> int:
    """Make the projection again from the ledger alone, and return how many inquiries there are."""
    db.session.execute(delete(InquiryRow))
    subjects = [subject for subject in ledger.subjects_changed_after(0) if subject.startswith("inquiry/")]
    for first in range(0, len(subjects), 200):
        for events in ledger.events_of(subjects[first : first + 200]).values():
            _project(events)
    return len(subjects)


def guide_in_force(matter: str, office: str | None, at: datetime) -> ItemVersion | None:
    """The version of the item asked about that is in force where the office stands; None where no item is named."""
    on = at.astimezone(hours_of(office)(at.date()).zone).date()
    area = catalogue().office(office).area if office else None
    try:
        return catalogue().in_force(matter.partition(":")[0], on, area)
    except (ItemUnknown, ItemNotInForce):
        return None


def _version(matter: str, office: str | None, at: datetime) -> str | None:
    """Pinned at asking and at answering, so that a rule can see whether the guide given was the one in force (V03)."""
    version = guide_in_force(matter, office, at)
    return version.version if version else None


def inquiry_now(number: str) -> tuple[Inquiry, list[Event]]:
    """:raises InquiryNotFound: there is no such inquiry."""
    events = ledger.events(f"inquiry/{number}") if number else []
    if not events:
        raise InquiryNotFound
    return fold_inquiry(events), events


def inquiry_target(inquiry: Inquiry) -> Target:
    return Target(
        owner=inquiry.applicant,
        office=inquiry.holder.office,
        offered_to=inquiry.pending.to_office if inquiry.pending else None,
        handlers=inquiry.handlers,
    )


def possible_inquiry_steps(inquiry: Inquiry, by: By) -> tuple[InquiryStep, ...]:
    target = inquiry_target(inquiry)
    return tuple(step for step in INQUIRY_TRANSITIONS[inquiry.state] if may(by, step.value, target))


def _outcome_named(name: str) -> AnswerOutcome:
    try:
        return AnswerOutcome(name)
    except ValueError:
        raise InquiryFactMissing(
            N_("An answer ends as one of %(known)s; choose one."),
            field="outcome",
            values={"known": tuple(Word(title) for title in OUTCOME_TITLES.values())},
        ) from None


def _recorded(
    number: str, step: InquiryStep, facts: Mapping[str, Any], *, by: By, at: datetime, text: str = ""
) -> Event:
    inquiry, events = inquiry_now(number)
    require(by, step.value, inquiry_target(inquiry))
    if step not in INQUIRY_TRANSITIONS[inquiry.state]:
        raise InquiryStepNotPossible(step, inquiry.state, possible_inquiry_steps(inquiry, by))
    event = append(
        f"inquiry/{number}",
        INQUIRY_KIND_OF[step],
        facts,
        by=replace(by, office=by.office or inquiry.holder.office),
        at=at,
        channel=None if by.office else "web",
        item_version=_version(inquiry.matter, inquiry.holder.office, at) if step is InquiryStep.ANSWER else None,
        sealed=_sealed(number, inquiry.applicant, INQUIRY_KIND_OF[step], {"text": text}, at=at) if text else None,
    )
    _project([*events, event])
    return event


def _sealed(number: str, applicant: str, kind: str, words: Mapping[str, str], *, at: datetime) -> bytes:
    subject = f"inquiry/{number}"
    holder, purpose = vault.Holder(applicant, subject), vault.purpose_of(subject, kind)
    return vault.seal(holder, purpose, canonical({"personal": dict(words)}), at=at)


def _next_number(area: str, year: int) -> str:
    here = (InquirySeriesRow.area == area) & (InquirySeriesRow.year == year)
    raised = update(InquirySeriesRow).where(here).values(last=InquirySeriesRow.last + 1)
    last = db.session.scalar(raised.returning(InquirySeriesRow.last))
    if last is None:
        last = 1
        db.session.execute(insert(InquirySeriesRow).values(area=area, year=year, last=last))
    return f"{area}-{year}-Q{last:06d}"


def _project(events: Sequence[Event]) -> None:
    inquiry = fold_inquiry(events)
    first, holder, pending = inquiry.first_responder, inquiry.holder, inquiry.pending
    db.session.execute(delete(InquiryRow).where(InquiryRow.number == inquiry.number))
    db.session.execute(
        insert(InquiryRow).values(
            number=inquiry.number,
            applicant=inquiry.applicant,
            matter=inquiry.matter,
            channel=inquiry.channel,
            state=inquiry.state.value,
            outcome=inquiry.outcome.value if inquiry.outcome else None,
            is_self_reported=inquiry.is_self_reported,
            is_open=inquiry.is_open,
            office=holder.office,
            post=holder.post,
            holder=holder.actor,
            first_office=first.office,
            first_post=first.post,
            first_actor=first.actor,
            passing_to=pending.to_office if pending else None,
            hand_overs=len(inquiry.legs),
            chases=inquiry.chases,
            asked_at=inquiry.asked_at,
            told_at=inquiry.told_at,
            silent_at=_silent_at(inquiry),
            last_at=inquiry.last_at,
            last_seq=inquiry.last_seq,
        )
    )


def _silent_at(inquiry: Inquiry) -> datetime | None:
    """The midnight at which one working day has passed since it was asked or handed over, and nobody has acted."""
    since = inquiry.pending.at if inquiry.pending else inquiry.asked_at
    if inquiry.state not in (InquiryState.ASKED, InquiryState.HANDED_OVER) or since is None:
        return None
    hours = hours_of(inquiry.holder.office)(since.date())
    last_on = hours.calendar.add_workdays(since.astimezone(hours.zone).date(), SILENT_AFTER, provisional=True)
    return midnight(last_on + timedelta(1), hours)
