"""What ties subjects together, so that a rule which spans several is always given all of them.

A matter ties what one applicant asked or handed in about it; a person's day ties what one official acted on; an offline
batch ties its acts to its declaration; equal materials tie decisions that should be equal; a day of a hall ties the
numbers of that day; a reference ties a served number to its case or inquiry, a closure those whose appointment it hit.
All channels are tied, since an item's ways stand on one platform, and each counter to its halls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import delete, select

from portal.basis import Role
from portal.compliance.findings.reading import ENDLESS, ZONE
from portal.compliance.findings.tables import WAITING, TieRow
from portal.compliance.rule import Scope
from portal.ledger import queries as ledger
from portal.ledger.kinds import Sort
from portal.ledger.model import Event
from portal.store import db

_NO_OFFICIAL = (Role.APPLICANT, Role.AGENT, Role.SYSTEM)
_AT_ONCE = 400  # names in one IN (…)
T = TypeVar("T")


def tie(events_of: Mapping[str, Sequence[Event]]) -> None:
    """Note the ties of these subjects that are not known yet."""
    found = {pair for events in events_of.values() for event in events for pair in _ties(event)}
    for pairs in chunks(sorted(found)):
        names, subjects = ({pair[part] for pair in pairs} for part in (0, 1))
        statement = select(TieRow.tie, TieRow.subject).where(TieRow.tie.in_(names), TieRow.subject.in_(subjects))
        known = {(name, subject) for name, subject in db.session.execute(statement)}
        db.session.add_all(TieRow(tie=name, subject=subject) for name, subject in pairs if (name, subject) not in known)
    _wait(events_of)
    db.session.flush()


def _wait(events_of: Mapping[str, Sequence[Event]]) -> None:
    """Note which served numbers name a case or an inquiry that is not in the record."""
    served = (event for events in events_of.values() for event in events if event.kind == "ticket-served")
    named = {event.subject: about for event in served if (about := referred(event))}
    known = ledger.subjects_known(set(named.values()))
    missing = {ticket for ticket, about in named.items() if about not in known}
    for tickets in chunks(sorted(named)):
        held = set(db.session.scalars(select(TieRow.subject).where(TieRow.tie == WAITING, TieRow.subject.in_(tickets))))
        db.session.add_all(TieRow(tie=WAITING, subject=ticket) for ticket in tickets if ticket in missing - held)
        gone = held - missing
        db.session.execute(delete(TieRow).where(TieRow.tie == WAITING, TieRow.subject.in_(gone)))


def concerned(subjects: Collection[str], scope: Scope) -> set[str]:
    """Those of which a rule of this scope may say something, alone or because of what is tied to them."""
    if scope is Scope.HALL:
        return {subject for subject in subjects if subject.startswith(("ticket/", "hall/"))}
    if scope in (Scope.MATTER, Scope.OFFICE):  # no matter and no equal materials in a hall
        return {subject for subject in subjects if not subject.startswith(("ticket/", "hall/", "appointment/"))}
    if scope is not Scope.REFERENCE:
        return set(subjects)
    alone = {subject for subject in subjects if subject.startswith(("ticket/", "appointment/", "hall/"))}
    for named in chunks(sorted(set(subjects) - alone)):
        of_theirs = select(TieRow.subject).where(TieRow.subject.in_(named), TieRow.tie.startswith(f"{scope}:"))
        alone.update(db.session.scalars(of_theirs))
    return alone


def spanned(events_of: Mapping[str, Sequence[Event]], scope: Scope) -> list[str]:
    """These subjects and all that a rule of this scope sees together with them; of a hall, by what was read of it."""
    found = set(events_of)
    if scope is Scope.CASE:
        return sorted(found)
    halls = {subject for subject in found if subject.startswith(ENDLESS)}
    for named in chunks(sorted(found - halls)):
        theirs = select(TieRow.tie).where(TieRow.subject.in_(named), TieRow.tie.startswith(f"{scope}:"))
        found.update(db.session.scalars(select(TieRow.subject).where(TieRow.tie.in_(theirs))))
    names = {name for hall in halls for event in events_of[hall] for name, _ in _ties(event)}
    for theirs_of_halls in chunks(sorted(name for name in names if name.startswith(f"{scope}:"))):
        found.update(db.session.scalars(select(TieRow.subject).where(TieRow.tie.in_(theirs_of_halls))))
    return sorted(found)


def chunks(names: Sequence[T]) -> Iterator[Sequence[T]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))


def _ties(event: Event) -> Iterator[tuple[str, str]]:
    """The ties that an event shows, each with the subject that it ties; mostly its own."""
    for name in _own(event):
        yield name, event.subject
    if event.kind == "ticket-issued":
        name = _tie(Scope.HALL, event.text("hall"), event.text("day") or _day(event))
        yield from ((name, subject) for subject in (event.subject, f"hall/{event.text('hall')}"))
    if event.kind == "ticket-served" and (named := referred(event)):
        yield from ((_tie(Scope.REFERENCE, named), subject) for subject in (event.subject, named))


def _own(event: Event) -> Iterator[str]:
    applicant, matter = event.text("applicant"), event.text("matter")
    if event.kind in ("submitted", "inquired") and applicant and matter:
        yield _tie(Scope.MATTER, applicant, matter.split(":")[0])  # asked with a situation, or without
    batch = event.text("batch" if event.kind == "sync-batch-declared" else "sync_batch")
    if batch:
        yield _tie(Scope.PERSON, "sync-batch", batch)
    if event.role not in _NO_OFFICIAL:
        yield _tie(Scope.PERSON, event.actor, _day(event))
    if event.kind == "channel-changed":
        yield _tie(Scope.OFFICE, "channels")
    if event.kind in ("channel-changed", "closure-declared"):  # a counter is shut with its halls
        halls = event.texts("halls") if event.kind == "channel-changed" else (event.number,)
        yield from (_tie(Scope.OFFICE, "hall", hall) for hall in halls)
    if event.kind == "decided" and event.text("materials_hash"):
        yield _tie(Scope.OFFICE, event.office, event.text("materials_hash"))
    if event.sort is Sort.HALL:
        yield from (_tie(Scope.HALL, event.number, day) for day in {_day(event), event.text("day") or _day(event)})
    if event.kind in ("closure-declared", "appointment-cancelled") and event.text("closure"):
        yield _tie(Scope.REFERENCE, "closure", event.text("closure"))


def referred(event: Event) -> str | None:
    """The case or inquiry that a served number names."""
    outcome, reference = event.text("outcome"), (event.text("reference") or "").strip()
    if outcome not in (Sort.CASE, Sort.INQUIRY) or not reference:
        return None
    return reference if reference.startswith(("case/", "inquiry/")) else f"{outcome}/{reference}"


def _day(event: Event) -> str:
    return event.occurred_at.astimezone(ZONE).date().isoformat()


def _tie(scope: Scope, *parts: str | None) -> str:
    return f"{scope}:{sha256('|'.join(part or '' for part in parts).encode()).hexdigest()[:40]}"
