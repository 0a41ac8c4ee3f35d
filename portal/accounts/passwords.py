"""Passwords: argon2id above the strength that ASVS 5.0 asks for, and the same time for every wrong answer."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from portal import config
from portal.accounts.model import AccountKind
from portal.basis import N_, Refusal

# ASVS 5.0, appendix C, asks for one pass over 46 MiB at least; this makes two.
HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1, type=Type.ID)
_AT_ONCE = BoundedSemaphore(4)  # parameter of ours: so many sign-ins may take their memory at the same time
MOST = 128
FIRST_LASTS = timedelta(days=7)  # of a password that somebody else has chosen; parameter of ours
# What whoever guesses would try here first, besides the words of the deployment (YINUO_PASSWORD_WORDS).
WORDS_OF_THE_PLACE = ("yinuo", "一诺", "portal", "zhengwu", "政务")


@dataclass(frozen=True, slots=True)
class Profile:
    """``classes`` of small and capital letters, digits, and other characters; ``lasts`` until it must be changed."""

    least: int
    classes: int = 1
    lasts: timedelta | None = None


# Parameters of ours. The two norms contradict each other: ASVS 5.0 (6.2.5, 6.2.10) forbids composition rules and
# forced changes, 等保 level 3 (GB/T 22239-2019, 8.1.4.1) demands both of those who administer and handle.
ASVS = Profile(least=8)
MLPS3 = Profile(least=12, classes=3, lasts=timedelta(days=90))
PROFILES = {AccountKind.PERSON: ASVS, AccountKind.FIRM: ASVS, AccountKind.STAFF: MLPS3}


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password that was checked and hashed already: what an edge gives to an operation.

    A hash takes a tenth of a second, or several while others wait for their turn: nobody may keep the one writer of
    the database waiting for it.
    """

    text: str = field(repr=False)


class PasswordUnfit(Refusal):
    """The password is too short, too long, too common, too plain, or says the name."""


def check(password: str, *, name: str, kind: AccountKind) -> None:
    """:raises PasswordUnfit: the password cannot protect this account."""
    length, profile, values = len(_normal(password)), PROFILES[kind], {}
    if length < profile.least:
        message, values = N_("Choose a password of at least %(least)s characters."), {"least": profile.least}
    elif length > MOST:
        message, values = N_("Choose a password of at most %(most)s characters."), {"most": MOST}
    elif name.casefold() in password.casefold():
        message = N_("Choose a password that does not hold your sign-in name.")
    elif any(word in _normal(password).casefold() for word in (*WORDS_OF_THE_PLACE, *config.password_words())):
        message = N_("Choose a password without the name of this portal or of the place.")
    elif is_common(password):
        message = N_("This password is among those that everybody tries first; choose another.")
    elif len(_classes(password)) < profile.classes:
        message, values = (
            N_("Mix at least %(classes)s of these: small letters, capitals, digits, other characters."),
            {"classes": profile.classes},
        )
    else:
        return
    raise PasswordUnfit(message, field="password", values=values)


def prepared(password: str, *, name: str, kind: AccountKind) -> Hashed:
    """Check and hash; call it outside of a transaction.

    :raises PasswordUnfit: the password cannot protect this account.
    """
    check(password, name=name, kind=kind)
    return Hashed(hashed(password))


def is_common(password: str) -> bool:
    """Among the thirty thousand that breaches brought to light most often (ASVS 5.0, 6.2.4 and 6.2.12)."""
    return _normal(password).casefold() in _common()


def is_worn(set_at: datetime | None, kind: AccountKind, at: datetime) -> bool:
    lasts = PROFILES[kind].lasts
    return lasts is not None and set_at is not None and at - set_at > lasts


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


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # its list alone: half a megabyte, read when first asked

    return frozenset(FREQUENCY_LISTS["passwords"])


def _classes(password: str) -> set[str]:
    return {
        "digit" if sign.isdigit() else "small" if sign.islower() else "capital" if sign.isupper() else "other"
        for sign in password
    }


def _normal(password: str) -> str:
    """Two keyboards may compose one letter differently."""
    return unicodedata.normalize("NFC", password)
