"""Writes about guessing: a try is counted before it is judged, so that many at once gain nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from portal.accounts.model import normal_name
from portal.accounts.tables import AccountRow
from portal.accounts.throttle.model import FORGOTTEN, PACES, Kind, Lane, lanes
from portal.accounts.throttle.tables import KnownBrowserRow, TriesRow
from portal.store import db

OVERTAKING = timedelta(minutes=1)  # so long one request may have been on its way while a later one is answered
KNOWN_FOR = timedelta(days=365)  # parameter of ours


def lanes_for(name: str, *, address: str, browser: str | None) -> tuple[Lane, ...]:
    """The lanes of this try; the browser's token counts only where it has opened that very account before."""
    normal = normal_name(name)
    is_known = browser is not None and db.session.scalar(
        select(
            exists().where(
                KnownBrowserRow.digest == _digest(browser),
                KnownBrowserRow.account == AccountRow.id,
                AccountRow.name == normal,
            )
        )
    )
    return lanes(normal, address, browser if is_known else None)


def take_turn(tried: Iterable[Lane], *, at: datetime) -> timedelta:
    """Count a failure ahead in each lane and return zero; or count nothing and return how long to wait."""
    db.session.execute(delete(TriesRow).where(TriesRow.last_at < at - FORGOTTEN, TriesRow.open_at < at))
    wanted = list(tried)
    known = {lane: db.session.get(TriesRow, lane.key) for lane in wanted}
    wait = max((row.open_at - at for row in known.values() if row is not None), default=timedelta(0))
    if wait > timedelta(0):
        return wait
    for lane in wanted:
        row = known[lane] or TriesRow(lane=lane.key, failures=0)
        db.session.add(row)
        row.failures += 1
        pause = PACES[lane.kind].wait(row.failures)
        row.last_at, row.open_at = at, at + pause if pause else at - OVERTAKING
    db.session.flush()
    return timedelta(0)


def succeed(tried: Iterable[Lane], *, at: datetime) -> None:
    """Take back what was counted ahead. An address stays suspect for the other names that were tried from it."""
    for lane in tried:
        row = db.session.get(TriesRow, lane.key)
        if row is None:
            continue
        if lane.kind in (Kind.ADDRESS, Kind.REQUESTS, Kind.DOCUMENTS, Kind.FILES) and row.failures > 1:
            row.failures -= 1
            row.open_at = at - OVERTAKING
        else:
            db.session.delete(row)
    db.session.flush()


def know_browser(account: str, browser: str | None, *, at: datetime) -> str:
    """Remember the browser as the account's; returns its token, a new one where it had none that we gave."""
    token = browser if browser is not None and _is_ours(browser) else secrets.token_urlsafe(32)
    row = db.session.get(KnownBrowserRow, (_digest(token), account))
    if row is None:
        db.session.add(KnownBrowserRow(digest=_digest(token), account=account, seen_at=at))
    else:
        row.seen_at = at
    db.session.execute(delete(KnownBrowserRow).where(KnownBrowserRow.seen_at < at - KNOWN_FOR))
    db.session.flush()
    return token


def forget_browsers(account: str) -> None:
    db.session.execute(delete(KnownBrowserRow).where(KnownBrowserRow.account == account))


def _is_ours(token: str) -> bool:
    return bool(db.session.scalar(select(exists().where(KnownBrowserRow.digest == _digest(token)))))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
