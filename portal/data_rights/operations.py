"""Writes about personal data. None commits, none reads the clock: an edge opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, update

from portal import vault
from portal.accounts.policy import Target, require
from portal.basis import N_, SYSTEM, By
from portal.cases.almanac import hours_of
from portal.data_rights.matters import ended_before, matter_of
from portal.data_rights.model import (
    ANSWER_WITHIN,
    COPIES_A_DAY,
    KEEPINGS,
    CopiesTaken,
    Matter,
    Outcome,
    RequestNotPossible,
    Wish,
    data_subject,
)
from portal.data_rights.queries import fold_asked
from portal.data_rights.tables import DataRequestRow, RetentionRunRow
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db
from portal.worktime.months import add_months

LONGEST = 1000  # characters of a wish and of its answer


def ask(
    about: str, wish: Wish, text: str, *, by: By, at: datetime, corrected: Mapping[str, str] | None = None
) -> Event:
    """Ask for correction or erasure; the clock runs from now. ``corrected`` are form fields as they should read.

    :raises RequestNotPossible: the same wish waits already, or nothing is left to be read.
    """
    matter = matter_of(about)
    require(by, "request_data", _target(matter))
    if vault.state_of(about) != "open":
        raise RequestNotPossible(N_("These data are locked or erased already; there is nothing left to ask for."))
    if any(asked.is_open and asked.wish is wish for asked in fold_asked(ledger.events(data_subject(about)))):
        raise RequestNotPossible(N_("You have asked for this already; it waits for an answer."))
    hours = hours_of(matter.office)(at.date())
    today = at.astimezone(hours.zone).date()
    due_on = hours.calendar.add_workdays(today, ANSWER_WITHIN.n, provisional=True)
    facts = {"applicant": matter.applicant, "wish": wish.value, "due_on": due_on}
    event = _appended(matter, "data-requested", facts, by=by, at=at, text=text[:LONGEST], corrected=corrected)
    _project(event, matter)
    return event


def answer(about: str, request: int, outcome: Outcome, text: str, *, by: By, at: datetime) -> Event:
    """Answer, and do what is answered.

    :raises RequestNotPossible: it is answered already, this cannot be the answer, or a refusal gives no reason.
    """
    matter = matter_of(about)
    require(by, "answer_data_request", _target(matter))
    asked = next((one for one in fold_asked(ledger.events(data_subject(about))) if one.seq == request), None)
    if asked is None or not asked.is_open:
        raise RequestNotPossible(N_("This has been answered; look at the list again."))
    hours = hours_of(matter.office)(at.date())
    if outcome not in matter.outcomes(asked.wish, at.astimezone(hours.zone).date()):
        raise RequestNotPossible(N_("That cannot be the answer here; choose one that is offered."), field="outcome")
    if outcome is Outcome.REFUSED and not text.strip():
        raise RequestNotPossible(N_("Say why it is not granted; the applicant has a right to know."), field="text")
    if outcome is Outcome.CORRECTED:
        _correct(matter, asked.event, by=by, at=at)
    facts = {"request": request, "outcome": outcome.value}
    event = _appended(matter, "data-request-answered", facts, by=by, at=at, text=text[:LONGEST])
    db.session.execute(update(DataRequestRow).where(DataRequestRow.seq == request).values(is_open=False))
    if outcome is Outcome.LOCKED:
        lock(matter, by=by, at=at)
    elif outcome is Outcome.ERASED:
        erase(matter, why="asked", by=by, at=at)
    return event


def note_copy(about: str, form: str, *, by: By, at: datetime) -> Event:
    """That the person took a copy (第四十五条), as a page or as a file: it stands in the list of who looked.

    Each one stands there with its moment: who sees one that was not his own knows that somebody has his code. So none
    is given out beside the list, and the list is kept from growing without end.

    :raises CopiesTaken: as many as a day allows were taken.
    """
    matter = matter_of(about)
    require(by, "copy_data", _target(matter))
    zone = hours_of(matter.office)(at.date()).zone
    taken = [event for event in ledger.events(data_subject(about)) if event.kind == "data-copied"]
    today = at.astimezone(zone).date()
    if sum(event.occurred_at.astimezone(zone).date() == today for event in taken) >= COPIES_A_DAY:
        raise CopiesTaken
    return _appended(matter, "data-copied", {"form": form}, by=by, at=at)


def lock(matter: Matter, *, by: By, at: datetime) -> None:
    require(by, "lock_data", _target(matter))
    _appended(matter, "data-locked", {"why": "asked"}, by=by, at=at)
    vault.lock(matter.about, why="asked", by=by.actor, at=at)


def erase(matter: Matter, *, why: str, by: By, at: datetime) -> None:
    """Destroy the keys of one matter. Its events stay, and their hashes still verify: they are over ciphertext."""
    require(by, "erase_data", _target(matter))
    _appended(matter, "data-erased", {"why": why}, by=by, at=at)
    vault.destroy(matter.about, why=why, by=by.actor, at=at)


def sweep(at: datetime, on: date, *, at_once: int = 200) -> int:
    """Erase what has been kept long enough, some at a time, and report each class; returns how many were erased."""
    total = 0
    for keeping in KEEPINGS:
        before = add_months(on, -keeping.limit.n)
        over = ended_before(keeping.sort, before, limit=at_once)
        for about in over:
            erase(matter_of(about), why="kept-long-enough", by=SYSTEM, at=at)
        report = {"ran_at": at, "sort": keeping.sort, "ended_before": before, "erased": len(over)}
        db.session.execute(insert(RetentionRunRow).values(**report))
        total += len(over)
    return total


def rebuild_data_requests() -> int:
    """Make the projection again from the ledger alone, and return how many wishes there are."""
    db.session.execute(delete(DataRequestRow))
    made = 0
    for events in ledger.stream(kinds=("data-requested", "data-request-answered")):
        for event in events:
            if event.kind == "data-requested":
                _project(event, matter_of(about_of(event)))
                made += 1
            else:
                answered = DataRequestRow.seq == event.integer("request")
                db.session.execute(update(DataRequestRow).where(answered).values(is_open=False))
    return made


def about_of(event: Event) -> str:
    return event.number.replace(":", "/", 1)


def _correct(matter: Matter, asked: Event, *, by: By, at: datetime) -> None:
    """The fields as the applicant says they should read stand above those first handed in, which stay as they were."""
    words: dict[str, Any] = dict(vault.words(asked.sealed, vault.purpose_of(asked.subject, asked.kind)))
    corrected = words.get("corrected") or {}
    if corrected:
        facts = {"fields": sorted(corrected)}
        _appended(matter, "data-corrected", facts, by=by, at=at, corrected=corrected)


def _appended(
    matter: Matter,
    kind: str,
    facts: Mapping[str, object],
    *,
    by: By,
    at: datetime,
    text: str = "",
    corrected: Mapping[str, str] | None = None,
) -> Event:
    subject = data_subject(matter.about)
    words = {name: value for name, value in (("text", text), ("corrected", dict(corrected or {}))) if value}
    holder = vault.Holder(matter.applicant, matter.about)
    return append(
        subject,
        kind,
        facts,
        by=by if by.office else replace(by, office=matter.office),
        at=at,
        channel="system" if by.actor == SYSTEM.actor else "web",
        sealed=vault.seal(holder, vault.purpose_of(subject, kind), canonical(words), at=at) if words else None,
    )


def _project(event: Event, matter: Matter) -> None:
    row = {
        "seq": event.seq,
        "about": matter.about,
        "office": matter.office,
        "wish": event.text("wish"),
        "asked_at": event.occurred_at,
        "due_on": event.date("due_on"),
        "is_open": True,
    }
    db.session.execute(insert(DataRequestRow).values(**row))


def _target(matter: Matter) -> Target:
    return Target(owner=matter.applicant, office=matter.office)
