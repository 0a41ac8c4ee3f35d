"""Which browsers are kiosks of a hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from portal.hall.tables import KioskRow
from portal.store import db


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
    here = (KioskRow.hall == hall) & (KioskRow.digest == digest_of(token)) & KioskRow.ended_at.is_(None)
    row = db.session.scalar(select(KioskRow).where(here))
    return None if row is None else _kiosk(row)


def kiosks(hall: str) -> list[Kiosk]:
    here = (KioskRow.hall == hall) & KioskRow.ended_at.is_(None)
    return [_kiosk(row) for row in db.session.scalars(select(KioskRow).where(here).order_by(KioskRow.number))]


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _kiosk(row: KioskRow) -> Kiosk:
    return Kiosk(row.number, row.hall, row.name, row.enrolled_at)
