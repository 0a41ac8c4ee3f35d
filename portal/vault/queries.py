"""Opening what was sealed, and looking somebody up by a value without storing the value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from portal.store import db, instance_folder
from portal.vault import masters, sealing
from portal.vault.model import Holder, KeyDestroyed, KeyLocked, SealBroken, Unreadable
from portal.vault.tables import BlindIndexRow, KeyRow

_MANY = 500  # names in one IN list


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept of a person under one key: since when, and whether it can still be read."""

    subject: str
    made_at: datetime
    locked_at: datetime | None
    destroyed_at: datetime | None


def keyring() -> masters.Keyring:
    """:raises Refusal: the master keys are missing, exposed or unreadable."""
    return masters.keyring(instance_folder(), is_unused=_is_unused)


def _is_unused() -> bool:
    return db.session.scalar(select(KeyRow.id).limit(1)) is None


def opened(content: bytes, purpose: str) -> bytes:
    """Open what was sealed for this purpose.

    :raises Unreadable: its key has been destroyed or is locked.
    :raises SealBroken: it is not what the vault sealed for this purpose.
    """
    key_id = sealing.key_id_of(content)
    row = db.session.execute(
        select(KeyRow.wrapped, KeyRow.master, KeyRow.locked_at, KeyRow.destroyed_at).where(KeyRow.id == key_id)
    ).one_or_none()
    if row is None:
        raise SealBroken(f"no key {key_id}")
    if row.destroyed_at is not None or row.wrapped is None:
        raise KeyDestroyed
    if row.locked_at is not None:
        raise KeyLocked
    return sealing.opened(sealing.unwrapped(key_id, row.wrapped, keyring().master(row.master)), purpose, content)


def readable(content: bytes | None, purpose: str) -> bytes | None:
    """The same for pages: nothing where there is nothing, and where nobody may read it any more."""
    if content is None:
        return None
    try:
        return opened(content, purpose)
    except Unreadable:
        return None


def words(content: bytes | None, purpose: str) -> Mapping[str, Any]:
    """What was sealed as JSON; empty where there is nothing to read."""
    found = readable(content, purpose)
    parsed: Mapping[str, Any] = json.loads(found) if found else {}
    return parsed


def _batched(subjects: Iterable[str], size: int) -> Iterator[list[str]]:
    waiting = iter(subjects)
    while portion := list(islice(waiting, size)):
        yield portion


def live_key(holder: Holder) -> tuple[str, bytes] | None:
    """Id and key with which the holder's bytes are sealed now: the first one made."""
    row = db.session.execute(
        select(KeyRow.id, KeyRow.wrapped, KeyRow.master)
        .where(KeyRow.person == holder.person, KeyRow.subject == holder.subject, KeyRow.destroyed_at.is_(None))
        .order_by(KeyRow.made_at, KeyRow.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return row.id, sealing.unwrapped(row.id, row.wrapped, keyring().master(row.master))


def seal_with(holder: Holder, purpose: str, content: bytes) -> bytes:
    """Seal with the key that the holder has already; writes nothing, so that files are sealed outside of transactions.

    :raises KeyDestroyed: there is none (any more).
    """
    found = live_key(holder)
    if found is None:
        raise KeyDestroyed
    return sealing.sealed(*found, purpose, content)


def state_of(subject: str) -> str:
    """``open``, ``locked``, ``erased``, or ``none`` where nothing was ever sealed."""
    rows = db.session.execute(select(KeyRow.locked_at, KeyRow.destroyed_at).where(KeyRow.subject == subject)).all()
    if not rows:
        return "none"
    if all(row.destroyed_at for row in rows):
        return "erased"
    return "locked" if all(row.locked_at or row.destroyed_at for row in rows) else "open"


def still_sealed(subjects: Iterable[str], *, limit: int) -> list[str]:
    """Those of the subjects whose data can still be read or are locked, in their order, at most ``limit``."""
    kept: list[str] = []
    for portion in _batched(subjects, _MANY):
        if len(kept) >= limit:
            break
        here = select(KeyRow.subject).where(KeyRow.subject.in_(portion), KeyRow.destroyed_at.is_(None))
        alive = set(db.session.scalars(here))
        kept += [subject for subject in portion if subject in alive]
    return kept[:limit]


def holdings_of(person: str) -> list[Holding]:
    """What is kept of somebody, the oldest first."""
    statement = select(KeyRow).where(KeyRow.person == person).order_by(KeyRow.made_at, KeyRow.id)
    return [Holding(r.subject, r.made_at, r.locked_at, r.destroyed_at) for r in db.session.scalars(statement)]


def counts() -> dict[str, int]:
    """How many keys each master key wraps, and how many are locked and destroyed."""
    alive = select(KeyRow.master, func.count()).where(KeyRow.destroyed_at.is_(None)).group_by(KeyRow.master)
    found = {row.master: row[1] for row in db.session.execute(alive.order_by(KeyRow.master))}
    for name, column in (("locked", KeyRow.locked_at), ("destroyed", KeyRow.destroyed_at)):
        found[name] = db.session.scalar(select(func.count()).select_from(KeyRow).where(column.is_not(None))) or 0
    return found


def blind(purpose: str, value: str) -> bytes:
    return sealing.blind_index(keyring().index, purpose, value)


def found(purpose: str, value: str) -> list[str]:
    """Subjects noted under exactly this value."""
    statement = select(BlindIndexRow.subject).where(BlindIndexRow.digest == blind(purpose, value))
    return list(db.session.scalars(statement.order_by(BlindIndexRow.subject)))
