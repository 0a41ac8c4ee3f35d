"""Reads about sign-ins: by the token of a browser, and all of one account."""

from __future__ import annotations

import hashlib
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from portal.accounts import passwords
from portal.accounts.model import Account
from portal.accounts.queries import account_of
from portal.accounts.second_factor.queries import MADE
from portal.accounts.sign_ins.model import Ended, SignIn, Way
from portal.accounts.sign_ins.tables import SignInRow
from portal.accounts.tables import AccountRow
from portal.store import Prepared, db, run

_SIGN_INS = [column for column in cast("Table", SignInRow.__table__).c if column.name != "digest"]
_UNASKED = ("password_hash", "created_by", "closed_by")
_ACCOUNTS = [column for column in cast("Table", AccountRow.__table__).c if column.name not in _UNASKED]
_SignInPart = namedtuple("_SignInPart", [column.name for column in _SIGN_INS])  # type: ignore[misc]
_AccountPart = namedtuple("_AccountPart", [column.name for column in _ACCOUNTS])  # type: ignore[misc]
# Asked at every click of whoever is signed in: one statement, built once.
_ASKING = Prepared(
    select(
        *(column.label(f"sign_in_{column.name}") for column in _SIGN_INS),
        *(column.label(f"account_{column.name}") for column in _ACCOUNTS),
        MADE.c.made_at.label("factor_made_at"),
    )
    .join(AccountRow, AccountRow.id == SignInRow.account)
    .outerjoin(MADE, MADE.c.account == SignInRow.account)
    .where(SignInRow.digest == bindparam("digest"), SignInRow.ended_at.is_(None), AccountRow.closed_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose browser it is that asks, and what must be known before any door opens to it."""

    sign_in: SignIn
    account: Account
    has_factor: bool
    password_set_at: datetime | None
    password_until: datetime | None

    def has_worn_password(self, at: datetime) -> bool:
        """Whether the password is older than its profile lets it be, or was chosen by somebody else."""
        return self.password_until is not None or passwords.is_worn(self.password_set_at, self.account.kind, at)


def asking(token: str) -> Asking | None:
    """The sign-in that nobody has ended, of an account that is open; whether its time is over is asked of the model."""
    row = run(_ASKING, {"digest": digest_of(token)}).first()
    if row is None:
        return None
    *facts, factor_made_at = row
    sign_in = _SignInPart(*facts[: len(_SIGN_INS)])
    account: Any = _AccountPart(*facts[len(_SIGN_INS) :])  # named after the table's columns
    return Asking(
        sign_in_of(sign_in),
        account_of(account),
        factor_made_at is not None,
        account.password_set_at,
        account.password_until,
    )


def of_account(account: str, *, limit: int = 50) -> list[SignIn]:
    """The newest first, ended ones too."""
    newest = select(SignInRow).where(SignInRow.account == account).order_by(SignInRow.created_at.desc()).limit(limit)
    return [sign_in_of(row) for row in db.session.scalars(newest)]


def digest_of(token: str) -> str:
    """The token has 256 random bits: a plain digest cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_of(row: Any) -> SignIn:
    """From a row of the table, or its columns."""
    return SignIn(
        handle=row.handle,
        account=row.account,
        post=row.post,
        way=Way(row.way),
        is_whole=row.is_whole,
        created_at=row.created_at,
        seen_at=row.seen_at,
        address=row.address,
        browser=row.browser,
        ended_at=row.ended_at,
        why_ended=None if row.why_ended is None else Ended(row.why_ended),
    )
