"""Which browsers are kiosks of a hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from portal.hall.tables import KioskRow
from portal.store import Prepared, db, run

_KIOSK = Prepared(
    select(*cast("Table", KioskRow.__table__).c).where(
        KioskRow.hall == bindparam("hall"), KioskRow.digest == bindparam("digest"), KioskRow.ended_at.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Kiosk:
    number: int
    hall: str
    name: str
    enrolled_at: datetime


def kiosk_of(hall: str, token: str) -> Kiosk | None:
    """The kiosk that carries this token, as long as nobody has withdrawn it."""
    if not token:
        return None
    row = run(_KIOSK, {"hall": hall, "digest": digest_of(token)}).first()
    return None if row is None else _kiosk(row)


def kiosks(hall: str) -> list[Kiosk]:
    here = (KioskRow.hall == hall) & KioskRow.ended_at.is_(None)
    return [_kiosk(row) for row in db.session.scalars(select(KioskRow).where(here).order_by(KioskRow.number))]


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _kiosk(row: Any) -> Kiosk:
    return Kiosk(row.number, row.hall, row.name, row.enrolled_at)
