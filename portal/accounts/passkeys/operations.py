"""Writes about passkeys: ask, take the challenge back, register, enter, remove.

The challenge is taken in a transaction of its own, before the answer is judged: a wrong answer uses it up as well.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select
from webauthn.helpers import base64url_to_bytes

from portal.accounts.passkeys import ceremony
from portal.accounts.passkeys.ceremony import PasskeyWrong
from portal.accounts.passkeys.model import CHALLENGE_HOLDS, MOST, Purpose, Site
from portal.accounts.passkeys.tables import PasskeyChallengeRow, PasskeyRow
from portal.accounts.tables import AccountRow
from portal.basis import N_, Refusal
from portal.store import db


class TooManyPasskeys(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("You have %(most)s passkeys already; remove one that you no longer use."), values={"most": MOST}
        )


class PasskeyNotThere(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You have no such passkey any more; load the list again."))


def ask(purpose: Purpose, *, account: str | None, at: datetime) -> bytes:
    """A new challenge: 256 random bits that can be answered once, and soon."""
    db.session.execute(delete(PasskeyChallengeRow).where(PasskeyChallengeRow.made_at < at - CHALLENGE_HOLDS))
    challenge = secrets.token_bytes(32)
    db.session.add(PasskeyChallengeRow(digest=_digest(challenge), purpose=purpose.value, account=account, made_at=at))
    db.session.flush()
    return challenge


def take(challenge: bytes, purpose: Purpose, *, account: str | None, at: datetime) -> bool:
    """Whether the challenge was still open for that purpose and account; afterwards it is not."""
    gone = delete(PasskeyChallengeRow).where(PasskeyChallengeRow.digest == _digest(challenge))
    row = db.session.execute(
        gone.returning(PasskeyChallengeRow.purpose, PasskeyChallengeRow.account, PasskeyChallengeRow.made_at)
    ).one_or_none()
    return row is not None and (row[0], row[1]) == (purpose.value, account) and at - row[2] <= CHALLENGE_HOLDS


def register(account: str, name: str, answer: str, *, challenge: bytes, site: Site, at: datetime) -> None:
    """:raises Refusal: the answer is wrong, the credential is known already, or there are too many."""
    if (db.session.scalar(select(func.count()).where(PasskeyRow.account == account)) or 0) >= MOST:
        raise TooManyPasskeys
    credential, public_key, uses = ceremony.registered(answer, challenge, site)
    if _by_credential(credential) is not None:
        raise PasskeyWrong
    db.session.add(
        PasskeyRow(
            handle=secrets.token_hex(8),
            account=account,
            credential=credential,
            public_key=public_key,
            uses=uses,
            name=name,
            made_at=at,
        )
    )
    db.session.flush()


def enter(answer: str, *, challenge: bytes, site: Site, at: datetime, account: str | None = None) -> str:
    """The open account that the passkey opens; where ``account`` is given, it must be that one.

    :raises PasskeyWrong: it opens none, or another one.
    """
    credential, told = _named_in(answer)
    row = _by_credential(credential)
    if row is None or account not in (None, row.account) or told not in (None, row.account):
        raise PasskeyWrong
    owner = db.session.get(AccountRow, row.account)
    if owner is None or owner.closed_at is not None:
        raise PasskeyWrong
    row.uses = ceremony.uses_after(answer, challenge, site, public_key=row.public_key, uses=row.uses)
    row.used_at = at
    db.session.flush()
    return row.account


def remove(handle: str, *, account: str) -> None:
    """:raises PasskeyNotThere: the account has none of that handle."""
    row = db.session.get(PasskeyRow, handle)
    if row is None or row.account != account:
        raise PasskeyNotThere
    db.session.delete(row)
    db.session.flush()


def remove_all(account: str) -> None:
    db.session.execute(delete(PasskeyRow).where(PasskeyRow.account == account))


def _by_credential(credential: bytes) -> PasskeyRow | None:
    return db.session.scalar(select(PasskeyRow).where(PasskeyRow.credential == credential).with_for_update())


def _named_in(answer: str) -> tuple[bytes, str | None]:
    """The credential and the account that the device says it answers for.

    :raises PasskeyWrong: it is no answer.
    """
    try:
        said = json.loads(answer)
        told = said["response"].get("userHandle")
        return base64url_to_bytes(said["rawId"]), base64url_to_bytes(told).decode() if told else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PasskeyWrong from None


def _digest(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
