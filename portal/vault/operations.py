"""Writes of the vault: sealing makes keys, erasure destroys them. Nothing commits, nothing reads the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from portal.basis import N_, Refusal
from portal.store import db, instance_folder
from portal.vault import masters, sealing
from portal.vault.model import Holder
from portal.vault.queries import blind, keyring, live_key
from portal.vault.tables import BlindIndexRow, KeyRow

AT_ONCE = 500  # keys wrapped anew in one transaction, so that nobody waits long for his turn


def seal(holder: Holder, purpose: str, content: bytes, *, at: datetime) -> bytes:
    """Seal personal bytes for one purpose, such as ``event:case/…:submitted``; the holder's first get a key."""
    key_id, key = live_key(holder) or _made(holder, at=at)
    return sealing.sealed(key_id, key, purpose, content)


def _made(holder: Holder, *, at: datetime) -> tuple[str, bytes]:
    ring = keyring()
    key_id, key = sealing.new_key()
    db.session.execute(
        insert(KeyRow).values(
            id=key_id,
            person=holder.person,
            subject=holder.subject,
            wrapped=sealing.wrapped(key_id, key, ring.masters[ring.current]),
            master=ring.current,
            made_at=at,
        )
    )
    return key_id, key


def prepare(holder: Holder, *, at: datetime) -> None:
    """Give the holder a key, so that ``seal_with`` can seal outside of a transaction."""
    if live_key(holder) is None:
        _made(holder, at=at)


def adopt(holder: Holder, by: Holder) -> int:
    """What was sealed for ``holder`` belongs to ``by`` from now on (a draft becomes a case); nothing is sealed anew."""
    mine = (KeyRow.person == holder.person) & (KeyRow.subject == holder.subject)
    moved = update(KeyRow).where(mine).values(person=by.person, subject=by.subject)
    return len(db.session.scalars(moved.returning(KeyRow.id)).all())


def destroy(subject: str, *, why: str, by: str, at: datetime) -> int:
    """Erase everything sealed about the subject by destroying its keys; returns how many there were."""
    kept = (KeyRow.subject == subject) & KeyRow.destroyed_at.is_(None)
    gone = update(KeyRow).where(kept).values(wrapped=None, destroyed_at=at, changed_by=by, why=why)
    forget(subject)
    return len(db.session.scalars(gone.returning(KeyRow.id)).all())


def drop(subject: str) -> None:
    """Erase without a trace: for what was never handed in."""
    db.session.execute(delete(KeyRow).where(KeyRow.subject == subject))
    forget(subject)


def lock(subject: str, *, why: str, by: str, at: datetime) -> int:
    """Stop all use but storage (个人信息保护法 第四十七条第二款); the subject is no longer found by name or number."""
    kept = (KeyRow.subject == subject) & KeyRow.destroyed_at.is_(None) & KeyRow.locked_at.is_(None)
    locked = update(KeyRow).where(kept).values(locked_at=at, changed_by=by, why=why)
    forget(subject)
    return len(db.session.scalars(locked.returning(KeyRow.id)).all())


def unlock(subject: str, *, why: str, by: str) -> int:
    """For a court or the person: the archive's copy is opened again."""
    locked = (KeyRow.subject == subject) & KeyRow.destroyed_at.is_(None) & KeyRow.locked_at.is_not(None)
    opened = update(KeyRow).where(locked).values(locked_at=None, changed_by=by, why=why)
    return len(db.session.scalars(opened.returning(KeyRow.id)).all())


def note(subject: str, values: Iterable[tuple[str, str]]) -> None:
    """Make the subject findable by exact (purpose, value) pairs; the values themselves are not kept."""
    digests = {blind(sort, value) for sort, value in values if value}
    if rows := [{"digest": digest, "subject": subject} for digest in sorted(digests)]:
        db.session.execute(insert(BlindIndexRow), rows)


def forget(subject: str) -> None:
    """The subject is found by no value any more."""
    db.session.execute(delete(BlindIndexRow).where(BlindIndexRow.subject == subject))


def rotate() -> str:
    """Add a master key; what is sealed from now on is wrapped by it. Returns its name."""
    keyring()
    return masters.add_master(instance_folder())


def rewrap(*, at_once: int = AT_ONCE) -> int:
    """Wrap some keys that are not under the current master key anew; 0 when all are. What they seal is not touched."""
    ring = keyring()
    statement = select(KeyRow.id, KeyRow.wrapped, KeyRow.master).where(
        KeyRow.master != ring.current, KeyRow.wrapped.is_not(None)
    )
    rows = db.session.execute(statement.order_by(KeyRow.id).limit(at_once)).all()
    for row in rows:
        key = sealing.unwrapped(row.id, row.wrapped, ring.master(row.master))
        anew = {"wrapped": sealing.wrapped(row.id, key, ring.masters[ring.current]), "master": ring.current}
        db.session.execute(update(KeyRow).where(KeyRow.id == row.id).values(**anew))
    return len(rows)


def retire_masters() -> list[str]:
    """Forget the master keys that wrap nothing any more, and return their names.

    :raises Refusal: some keys are still wrapped by an older one.
    """
    ring = keyring()
    old = db.session.scalar(
        select(func.count()).select_from(KeyRow).where(KeyRow.master != ring.current, KeyRow.wrapped.is_not(None))
    )
    if old:
        raise Refusal(N_("%(n)s keys are still wrapped by an older master key; rotate first."), values={"n": old})
    names = [name for name in ring.masters if name != ring.current]
    masters.remove_masters(instance_folder(), frozenset(names))
    return names
