"""Materials in the database: which document each one is, and where its file lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select

from portal import vault
from portal.cases.model.handin import HandedIn, materials_hash
from portal.cases.tables import MaterialRow
from portal.store import db

FILE_NAME: Final = "file-name"  # what a sealed name is sealed for


def hash_with(number: str, added: Sequence[HandedIn] = ()) -> str:
    """The digest of what the case rests on, once ``added`` has replaced what was handed in under the same codes."""
    found = _identities(number)
    fresh: dict[str, set[str]] = {}
    for handed_in in added:
        fresh.setdefault(handed_in.code, set()).add(handed_in.identity)
    return materials_hash({**found, **fresh})


def keep(number: str, applicant: str, seq: int, added: Sequence[HandedIn], *, by: str, at: datetime) -> None:
    holder = vault.Holder(applicant, f"case/{number}")
    rows = [
        {
            "number": number,
            "seq": seq,
            "code": handed_in.code,
            "identity": handed_in.identity,
            "added_at": at,
            "added_by": by,
            "file_name": _sealed_name(holder, handed_in.file.name, at) if handed_in.file else None,
            "size": handed_in.file.size if handed_in.file else None,
            "sha256": handed_in.file.sha256 if handed_in.file else None,
            "stored_as": handed_in.file.stored_as if handed_in.file else None,
        }
        for handed_in in added
    ]
    if rows:
        db.session.execute(insert(MaterialRow), rows)


def _sealed_name(holder: vault.Holder, name: str, at: datetime) -> bytes:
    """File names tell as much as files: 张三身份证.jpg."""
    return vault.seal(holder, FILE_NAME, name.encode(), at=at)


def _identities(number: str) -> Mapping[str, set[str]]:
    """For each material the documents of the last time it was handed in."""
    last: dict[str, tuple[int, set[str]]] = {}
    statement = select(MaterialRow.code, MaterialRow.seq, MaterialRow.identity).where(MaterialRow.number == number)
    for code, seq, identity in db.session.execute(statement.order_by(MaterialRow.seq)):
        newest, found = last.get(code, (seq, set()))
        last[code] = (seq, {identity} if seq > newest else found | {identity})
    return {code: found for code, (_, found) in last.items()}
