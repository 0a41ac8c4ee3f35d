"""Writes about bindings: one identity opens one account; an account may have several."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.engine import CursorResult

from portal.accounts.oidc.tables import OidcBindingRow
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins.model import Ended
from portal.basis import N_, Refusal
from portal.store import db


class SubjectBound(Refusal):
    def __init__(self, subject: str) -> None:
        super().__init__(
            N_("%(subject)s opens an account already; take that binding away first."),
            field="subject",
            values={"subject": subject},
        )


def bind(account: str, issuer: str, subject: str, *, at: datetime) -> None:
    """:raises SubjectBound: it opens an account already."""
    if db.session.get(OidcBindingRow, (issuer, subject)) is not None:
        raise SubjectBound(subject)
    db.session.add(OidcBindingRow(issuer=issuer, subject=subject, account=account, bound_at=at))
    db.session.flush()


def unbind(account: str, *, at: datetime) -> int:
    """Take every binding of the account away and end its sign-ins; returns how many bindings there were."""
    gone = db.session.execute(delete(OidcBindingRow).where(OidcBindingRow.account == account))
    assert isinstance(gone, CursorResult)
    sign_ins.end_all(account, why=Ended.REVOKED, at=at)
    return gone.rowcount
