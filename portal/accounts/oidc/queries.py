"""Reads about bindings."""

from __future__ import annotations

from portal.accounts.model import Account
from portal.accounts.oidc.tables import OidcBindingRow
from portal.accounts.queries import load
from portal.store import db


def account_of(issuer: str, subject: str) -> Account | None:
    """The open account that this identity opens."""
    row = db.session.get(OidcBindingRow, (issuer, subject))
    return None if row is None else load(row.account)
