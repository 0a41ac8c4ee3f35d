"""Numbers without gaps, query codes that are never stored, and a hand-in that counts once."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from sqlalchemy import insert, select, update

from portal.cases.model.handin import code_digest, query_code
from portal.cases.tables import AccessRow, SeriesRow
from portal.store import db


def next_number(area: str, year: int) -> str:
    """``<area>-<year>-<series>``; the unit is the only writer, so the series has no gaps and no doubles."""
    here = (SeriesRow.area == area) & (SeriesRow.year == year)
    last = db.session.scalar(update(SeriesRow).where(here).values(last=SeriesRow.last + 1).returning(SeriesRow.last))
    if last is None:
        last = 1
        db.session.execute(insert(SeriesRow).values(area=area, year=year, last=last))
    return f"{area}-{year}-{last:06d}"


def key_digest(applicant: str, key: str) -> str:
    return sha256(f"{applicant}\0{key}".encode()).hexdigest()


def number_of_key(digest: str) -> str | None:
    return db.session.scalar(select(AccessRow.number).where(AccessRow.key_hash == digest))


def grant_access(number: str, applicant: str, key: str | None) -> str:
    """Return the query code of a new case; only its digest is kept."""
    key = key or secrets.token_urlsafe(24)
    code = query_code(key, number)
    db.session.execute(
        insert(AccessRow).values(
            number=number, code_hash=code_digest(number, code), key_hash=key_digest(applicant, key)
        )
    )
    return code


def is_code_of(number: str, code: str) -> bool:
    """Equal time for a wrong code and for a number that does not exist."""
    kept = db.session.scalar(select(AccessRow.code_hash).where(AccessRow.number == number))
    given = code_digest(number, code)
    return hmac.compare_digest(given, kept or bytes(len(given))) and kept is not None
