"""Writes about sign-ins: begin, renew, end. Rows stay, as the list of who was signed in when."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.accounts.sign_ins.model import SEEN_EVERY, Ended, Way
from portal.accounts.sign_ins.queries import digest_of
from portal.accounts.sign_ins.tables import SignInRow
from portal.basis import N_, Refusal
from portal.store import db

KEPT = timedelta(days=183)  # 网络安全法 第二十一条: network logs are kept for six months at least


class SignInNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("That sign-in has ended already; load the list again."))


def begin(account: str, *, way: Way, is_whole: bool, address: str, browser: str, at: datetime) -> str:
    """Return the token for the browser: 256 random bits, kept nowhere else."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInRow(
            handle=secrets.token_hex(8),
            digest=digest_of(token),
            account=account,
            way=way.value,
            is_whole=is_whole,
            created_at=at,
            seen_at=at,
            address=address,
            browser=browser,
        )
    )
    db.session.flush()
    return token


def renew(handle: str, *, at: datetime, post: str | None = None, is_whole: bool | None = None) -> str:
    """Give the sign-in a new token, because its rights change; the old one opens nothing any more.

    :raises SignInNotOpen: it was ended meanwhile.
    """
    row = db.session.get(SignInRow, handle)
    if row is None or row.ended_at is not None:
        raise SignInNotOpen
    token = secrets.token_urlsafe(32)
    row.digest, row.seen_at = digest_of(token), at
    row.post = post or row.post
    row.is_whole = row.is_whole if is_whole is None else is_whole
    db.session.flush()
    return token


def note_use(handle: str, *, at: datetime) -> None:
    row = db.session.get(SignInRow, handle)
    if row is not None and row.ended_at is None and at - row.seen_at >= SEEN_EVERY:
        row.seen_at = at
        db.session.flush()


def end(handle: str, *, account: str, why: Ended, at: datetime) -> None:
    """:raises SignInNotOpen: the account has no such open sign-in."""
    row = db.session.get(SignInRow, handle)
    if row is None or row.account != account or row.ended_at is not None:
        raise SignInNotOpen
    row.ended_at, row.why_ended = at, why.value
    db.session.flush()


def end_all(account: str, *, why: Ended, at: datetime, but: str | None = None) -> int:
    """End every open sign-in of the account, ``but`` the one of that handle; returns how many."""
    others = SignInRow.handle != (but or "")
    running = select(SignInRow).where(SignInRow.account == account, SignInRow.ended_at.is_(None), others)
    rows = db.session.scalars(running).all()
    for row in rows:
        row.ended_at, row.why_ended = at, why.value
    db.session.flush()
    return len(rows)


def forget_old(*, at: datetime) -> int:
    """Delete what ended longer ago than sign-ins are kept; returns how many."""
    before = at - KEPT
    old = delete(SignInRow).where(SignInRow.seen_at < before, SignInRow.created_at < before)
    return len(db.session.scalars(old.returning(SignInRow.handle)).all())
