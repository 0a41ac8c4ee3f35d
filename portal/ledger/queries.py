"""Reads of the ledger: of one subject, of what came after a number, and of everything in batches."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from portal.basis import Role
from portal.ledger.model import Channel, Event
from portal.ledger.seals import SEALS, Seal
from portal.ledger.tables import EventRow, SealRow
from portal.store import db

_EVENTS = select(*EventRow.__table__.columns).order_by(EventRow.seq)
_MANY = 500  # names in one IN list, well under the limits of both databases


def events(
    subject: str, *, after_seq: int = 0, until_seq: int | None = None, since: datetime | None = None
) -> list[Event]:
    """Everything that happened to the subject (from ``since`` on), in the order of recording."""
    statement = _EVENTS.where(EventRow.subject == subject, EventRow.seq > after_seq)
    if since is not None:
        statement = statement.where(EventRow.occurred_at >= since)
    if until_seq is not None:
        statement = statement.where(EventRow.seq <= until_seq)
    return [_event(row) for row in db.session.execute(statement)]


def events_of(subjects: Collection[str]) -> dict[str, list[Event]]:
    """The same for many subjects at once; a subject without events has an empty list."""
    found: dict[str, list[Event]] = {subject: [] for subject in subjects}
    names = list(found)
    for first in range(0, len(names), _MANY):
        for row in db.session.execute(_EVENTS.where(EventRow.subject.in_(names[first : first + _MANY]))):
            found[row.subject].append(_event(row))
    return found


def events_within(
    subject: str, spans: Sequence[tuple[datetime, datetime]], *, always: Collection[str] = ()
) -> list[Event]:
    """What happened to the subject within these spans (the end of each is left out), and always what is of a kind."""
    within = [and_(EventRow.occurred_at >= first, EventRow.occurred_at < last) for first, last in spans]
    statement = _EVENTS.where(EventRow.subject == subject, or_(EventRow.kind.in_(sorted(always)), *within))
    return [_event(row) for row in db.session.execute(statement)]


def event(seq: int) -> Event | None:
    row = db.session.execute(_EVENTS.where(EventRow.seq == seq)).one_or_none()
    return None if row is None else _event(row)


def events_after(seq: int, limit: int = 1000) -> list[Event]:
    return [_event(row) for row in db.session.execute(_EVENTS.where(EventRow.seq > seq).limit(limit))]


def last_events(limit: int) -> list[Event]:
    """The newest events, oldest of them first."""
    return events_after(max(last_seq() - limit, 0), limit)


def subjects_changed_after(seq: int, *, until_seq: int | None = None) -> list[str]:
    """The subjects with a newer event than that number, in the order of their first newer event."""
    statement = select(EventRow.subject).where(EventRow.seq > seq)
    if until_seq is not None:
        statement = statement.where(EventRow.seq <= until_seq)
    statement = statement.group_by(EventRow.subject).order_by(func.min(EventRow.seq))
    return list(db.session.scalars(statement))


def subjects_known(subjects: Collection[str]) -> set[str]:
    """Those of which there is any event."""
    found: set[str] = set()
    names = sorted(subjects)
    for first in range(0, len(names), _MANY):
        held = select(EventRow.subject).where(EventRow.subject.in_(names[first : first + _MANY]))
        found.update(db.session.scalars(held.distinct()))
    return found


def last_seq() -> int:
    """The number of the newest event, which is also how many there are; 0 in an empty ledger."""
    return db.session.scalar(select(func.coalesce(func.max(EventRow.seq), 0))) or 0


def stream(
    kinds: Collection[str] | None = None,
    *,
    after_seq: int = 0,
    until_seq: int | None = None,
    batch: int = 10_000,
) -> Iterator[list[Event]]:
    """Every event in order, in lists of at most ``batch``; what is appended while it runs is not seen."""
    until = last_seq() if until_seq is None else until_seq
    statement = _EVENTS.where(EventRow.seq <= until).limit(batch)
    if kinds is not None:
        statement = statement.where(EventRow.kind.in_(sorted(kinds)))
    while rows := _fetched(statement.where(EventRow.seq > after_seq)):
        after_seq = rows[-1].seq
        yield [_event(row) for row in rows]


def leaf_hashes(after_seq: int, limit: int) -> list[tuple[int, bytes]]:
    """Number and leaf hash of what comes after the number."""
    statement = select(EventRow.seq, EventRow.leaf_hash).where(EventRow.seq > after_seq).order_by(EventRow.seq)
    return [(row.seq, row.leaf_hash) for row in db.session.execute(statement.limit(limit))]


def seal() -> Seal | None:
    """The newest checkpoint; None where nothing was ever sealed."""
    row = db.session.execute(select(SealRow.size, SealRow.root, SealRow.sealed_at)).one_or_none()
    return None if row is None else Seal(row.size, row.root, row.sealed_at)


def emergency_until() -> datetime | None:
    """The moment until which two people let new matters in although nothing is sealed."""
    declared = [event.instant("until_at") for event in events(SEALS) if event.kind == "emergency-declared"]
    return max((until for until in declared if until is not None), default=None)


def _fetched(statement: Any) -> Sequence[Row[Any]]:
    return db.session.execute(statement).all()


def _event(row: Row[Any]) -> Event:
    return Event(
        seq=row.seq,
        subject=row.subject,
        kind=row.kind,
        actor=row.actor,
        role=Role(row.role),
        office=row.office,
        window=row.window,
        channel=Channel(row.channel),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        item_version=row.item_version,
        payload=json.loads(row.payload),
        sealed=row.sealed,
        leaf_hash=row.leaf_hash,
    )
