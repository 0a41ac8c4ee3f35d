"""Reads about second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.accounts.second_factor.tables import FactorResetRow, RecoveryCodeRow, SecondFactorRow
from portal.store import db

# For who asks at every click: joined by account, and nothing of the factor itself.
MADE = select(SecondFactorRow.account, SecondFactorRow.made_at).subquery("second_factor_made")


@dataclass(frozen=True, slots=True)
class Reset:
    """Somebody's wish to take a second factor away; it needs the consent of another."""

    number: int
    account: str
    reason: str
    asked_by: str
    asked_at: datetime


def made_at(account: str) -> datetime | None:
    """Since when the account has a second factor."""
    row = db.session.get(SecondFactorRow, account)
    return None if row is None else row.made_at


def recovery_codes_left(account: str) -> int:
    left = select(func.count()).where(RecoveryCodeRow.account == account, RecoveryCodeRow.used_at.is_(None))
    return db.session.scalar(left) or 0


def open_resets() -> list[Reset]:
    rows = db.session.scalars(
        select(FactorResetRow).where(FactorResetRow.answered_at.is_(None)).order_by(FactorResetRow.number)
    )
    return [Reset(row.number, row.account, row.reason, row.asked_by, row.asked_at) for row in rows]
