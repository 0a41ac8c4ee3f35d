"""Reads about sign-ins: by the token of a browser, and all of one account."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from portal.accounts.sign_ins.model import Ended, SignIn, Way
from portal.accounts.sign_ins.tables import SignInRow
from portal.store import db


def open_by_token(token: str) -> SignIn | None:
    """The sign-in that nobody has ended; whether its time is over is asked of the model."""
    row = db.session.scalar(select(SignInRow).where(SignInRow.digest == digest_of(token), SignInRow.ended_at.is_(None)))
    return None if row is None else sign_in_of(row)


def of_account(account: str, *, limit: int = 50) -> list[SignIn]:
    """The newest first, ended ones too."""
    newest = select(SignInRow).where(SignInRow.account == account).order_by(SignInRow.created_at.desc()).limit(limit)
    return [sign_in_of(row) for row in db.session.scalars(newest)]


def digest_of(token: str) -> str:
    """The token has 256 random bits: a plain digest cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_of(row: SignInRow) -> SignIn:
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
