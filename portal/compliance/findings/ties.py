"""What ties subjects together, so that a rule which spans several is always given all of them.

A matter ties what one applicant asked or handed in about it; a person's day ties what one official acted on; an offline
batch ties its acts to its declaration; equal materials tie decisions that should be equal. All channels are tied, since
an item's ways stand on one platform, and each counter to its halls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.basis import Role
from portal.compliance.findings.tables import TieRow
from portal.compliance.load import HOME_ZONE
from portal.compliance.rule import Scope
from portal.ledger.model import Event
from portal.store import db

_ZONE = ZoneInfo(HOME_ZONE)
_NO_OFFICIAL = (Role.APPLICANT, Role.AGENT, Role.SYSTEM)
_AT_ONCE = 400  # names in one IN (…)
T = TypeVar("T")


def tie(events_of: Mapping[str, Sequence[Event]]) -> None:
    """Note the ties of these subjects that are not known yet."""
    for subjects in chunks(sorted(events_of)):
        statement = select(TieRow.tie, TieRow.subject).where(TieRow.subject.in_(subjects))
        known = {(name, subject) for name, subject in db.session.execute(statement)}
        for subject in subjects:
            found = {name for event in events_of[subject] for name in _ties(event)}
            db.session.add_all(
                TieRow(tie=name, subject=subject) for name in sorted(found) if (name, subject) not in known
            )
    db.session.flush()


def spanned(subjects: Collection[str], scope: Scope) -> list[str]:
    """These subjects and all that a rule of this scope sees together with them."""
    found = set(subjects)
    if scope is not Scope.CASE:
        for named in chunks(sorted(subjects)):
            theirs = select(TieRow.tie).where(TieRow.subject.in_(named), TieRow.tie.startswith(f"{scope}:"))
            found.update(db.session.scalars(select(TieRow.subject).where(TieRow.tie.in_(theirs))))
    return sorted(found)


def chunks(names: Sequence[T]) -> Iterator[Sequence[T]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))


def _ties(event: Event) -> Iterable[str]:
    applicant, matter = event.text("applicant"), event.text("matter")
    if event.kind in ("submitted", "inquired") and applicant and matter:
        yield _tie(Scope.MATTER, applicant, matter.split(":")[0])  # asked with a situation, or without
    batch = event.text("batch" if event.kind == "sync-batch-declared" else "sync_batch")
    if batch:
        yield _tie(Scope.PERSON, "sync-batch", batch)
    if event.role not in _NO_OFFICIAL:
        yield _tie(Scope.PERSON, event.actor, event.occurred_at.astimezone(_ZONE).date().isoformat())
    if event.kind == "channel-changed":
        yield _tie(Scope.OFFICE, "channels")
    if event.kind in ("channel-changed", "closure-declared"):  # a counter is shut with its halls
        halls = event.texts("halls") if event.kind == "channel-changed" else (event.number,)
        yield from (_tie(Scope.OFFICE, "hall", hall) for hall in halls)
    if event.kind == "decided" and event.text("materials_hash"):
        yield _tie(Scope.OFFICE, event.office, event.text("materials_hash"))


def _tie(scope: Scope, *parts: str | None) -> str:
    return f"{scope}:{sha256('|'.join(part or '' for part in parts).encode()).hexdigest()[:40]}"
