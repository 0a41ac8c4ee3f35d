"""Reads about passkeys."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.passkeys.model import Passkey
from portal.accounts.passkeys.tables import PasskeyRow
from portal.store import db


def of_account(account: str) -> list[Passkey]:
    rows = db.session.scalars(select(PasskeyRow).where(PasskeyRow.account == account).order_by(PasskeyRow.made_at))
    return [Passkey(row.handle, row.credential, row.name, row.made_at, row.used_at) for row in rows]
