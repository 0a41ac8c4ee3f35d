"""Writes about second factors: set up, show a code, take away by two people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from portal.accounts.model import AccountKind
from portal.accounts.passkeys import operations as passkeys
from portal.accounts.sealing import seal, unseal
from portal.accounts.second_factor import codes
from portal.accounts.second_factor.tables import FactorResetRow, RecoveryCodeRow, SecondFactorRow
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins.model import Ended
from portal.accounts.tables import AccountRow
from portal.accounts.throttle import operations as throttle
from portal.basis import N_, By, Refusal
from portal.store import db


class CodeWrong(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("This code is wrong, has run out or was used before; enter the one that the app shows now."),
            field="code",
        )


class ResetNotPossible(Refusal):
    """The reset is not to be had by these people, or not now."""


def set_up(account: str, secret: str, code: str, *, key: str, at: datetime) -> list[str]:
    """Take the secret once its first code was shown; returns the recovery codes, which are never shown again.

    :raises CodeWrong: the app and the portal do not agree.
    """
    step = codes.step_of(secret, code, after=0, at=at)
    if step is None:
        raise CodeWrong
    row = db.session.get(SecondFactorRow, account) or SecondFactorRow(account=account)
    row.secret, row.made_at, row.last_step = seal(key, _purpose(account), secret.encode()), at, step
    db.session.add(row)
    return renew_recovery_codes(account, at=at)


def renew_recovery_codes(account: str, *, at: datetime) -> list[str]:
    """Ten new ones; the old ones open nothing any more."""
    db.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account == account))
    new = codes.new_recovery_codes()
    db.session.add_all(RecoveryCodeRow(digest=codes.recovery_digest(code), account=account, made_at=at) for code in new)
    db.session.flush()
    return new


def take_code(account: str, code: str, *, key: str, at: datetime) -> None:
    """Accept a code of the app or a recovery code, each once.

    :raises CodeWrong: it is neither, or was taken before.
    """
    row = db.session.get(SecondFactorRow, account)
    if row is None:
        raise CodeWrong
    secret = unseal(key, _purpose(account), row.secret).decode()
    step = codes.step_of(secret, code, after=row.last_step, at=at)
    if step is not None:
        row.last_step = step
    elif not _take_recovery_code(account, code, at):
        raise CodeWrong
    db.session.flush()


def _take_recovery_code(account: str, code: str, at: datetime) -> bool:
    row = db.session.get(RecoveryCodeRow, codes.recovery_digest(code))
    if row is None or row.account != account or row.used_at is not None:
        return False
    row.used_at = at
    return True


def ask_reset(name: str, reason: str, *, by: By, at: datetime) -> int:
    """Wish that the second factor of a staff account be taken away, because its owner lost it.

    :raises ResetNotPossible: there is no such second factor, it is one's own, or it was asked for already.
    """
    account = db.session.scalar(select(AccountRow).where(AccountRow.name == name, AccountRow.closed_at.is_(None)))
    if account is None or account.kind != AccountKind.STAFF or db.session.get(SecondFactorRow, account.id) is None:
        raise ResetNotPossible(N_("No staff account of this name has a second factor; check the name."), field="name")
    if account.id == by.actor:
        raise ResetNotPossible(N_("Nobody takes away the own second factor; ask another administrator."), field="name")
    asked = select(FactorResetRow).where(FactorResetRow.account == account.id, FactorResetRow.answered_at.is_(None))
    if db.session.scalars(asked).first() is not None:
        raise ResetNotPossible(N_("This has been asked for already; a second person must consent."), field="name")
    row = FactorResetRow(account=account.id, reason=reason, asked_by=by.actor, asked_at=at)
    db.session.add(row)
    db.session.flush()
    return row.number


def answer_reset(number: int, *, is_granted: bool, by: By, at: datetime) -> None:
    """Consent, or refuse, as a second person.

    :raises ResetNotPossible: one's own wish or one's own second factor, or answered already.
    """
    row = db.session.get(FactorResetRow, number)
    if row is None or row.answered_at is not None:
        raise ResetNotPossible(N_("This has been answered already; load the list again."))
    if by.actor in (row.asked_by, row.account):
        raise ResetNotPossible(N_("Who asked, and whose second factor it is, cannot consent; another person must."))
    row.answered_by, row.answered_at, row.is_granted = by.actor, at, is_granted
    if is_granted:
        take_away(row.account, at=at)
    db.session.flush()


def take_away(account: str, *, at: datetime) -> None:
    """Without consent only by whoever has the machine itself: the owner sets up a new one at the next sign-in."""
    for rows in (SecondFactorRow, RecoveryCodeRow):
        db.session.execute(delete(rows).where(rows.account == account))
    passkeys.remove_all(account)  # it may lie with what was lost
    throttle.forget_browsers(account)
    sign_ins.end_all(account, why=Ended.SECOND_FACTOR_RESET, at=at)


def _purpose(account: str) -> str:
    return f"{account}/totp"
