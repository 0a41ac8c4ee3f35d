"""Passwords: argon2id above the strength that ASVS 5.0 asks for, and the same time for every wrong answer."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.model import AccountKind
from portal.basis import N_, Refusal

# ASVS 5.0, appendix C, asks for one pass over 46 MiB at least; this makes two.
HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1, type=Type.ID)
_AT_ONCE = BoundedSemaphore(4)  # parameter of ours: so many sign-ins may take their memory at the same time

# Parameters of ours: citizens by ASVS 6.2, staff by 等保 level 3 (complexity beyond length comes with the next issue).
LEAST = {AccountKind.PERSON: 8, AccountKind.FIRM: 8, AccountKind.STAFF: 12}
MOST = 128


class PasswordUnfit(Refusal):
    """The password is too short, too long, or says the name."""


def check(password: str, *, name: str, kind: AccountKind) -> None:
    """:raises PasswordUnfit: the password cannot protect this account."""
    length = len(_normal(password))
    if length < LEAST[kind]:
        message, values = N_("Choose a password of at least %(least)s characters."), {"least": LEAST[kind]}
    elif length > MOST:
        message, values = N_("Choose a password of at most %(most)s characters."), {"most": MOST}
    elif name.casefold() in password.casefold():
        message, values = N_("Choose a password that does not hold your sign-in name."), {}
    else:
        return
    raise PasswordUnfit(message, field="password", values=values)


def hashed(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(_normal(password))


def is_right(password: str, known: str | None) -> bool:
    """Whether the password has that hash; without a hash it is wrong, after the same time."""
    with _AT_ONCE:
        try:
            is_match = HASHER.verify(known or _nobodys(), _normal(password[: 4 * MOST]))
        except (VerificationError, InvalidHashError):
            return False
    return is_match and known is not None


def is_old(known: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(known)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """Two keyboards may compose one letter differently."""
    return unicodedata.normalize("NFC", password)
