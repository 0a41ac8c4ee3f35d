"""A sign-in and its limits: frozen and pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.accounts.model import AccountKind
from portal.basis import N_


class Way(StrEnum):
    PASSWORD = "password"  # noqa: S105 -- a way, no password
    PASSKEY = "passkey"
    OIDC = "oidc"


class Ended(StrEnum):
    SIGNED_OUT = "signed-out"
    REVOKED = "revoked"
    IDLE = "idle"
    TOO_LONG = "too-long"
    UNFINISHED = "unfinished"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 -- a reason, no password
    SECOND_FACTOR_RESET = "second-factor-reset"
    ACCOUNT_CLOSED = "account-closed"


ENDED_TITLES = {
    Ended.SIGNED_OUT: N_("Signed out"),
    Ended.REVOKED: N_("Ended from the list of sign-ins"),
    Ended.IDLE: N_("Not used for too long"),
    Ended.TOO_LONG: N_("Open for longer than a working day"),
    Ended.UNFINISHED: N_("The code was never entered"),
    Ended.PASSWORD_CHANGED: N_("The password was changed"),
    Ended.SECOND_FACTOR_RESET: N_("The second factor was taken away"),
    Ended.ACCOUNT_CLOSED: N_("The account was closed"),
}
WAY_TITLES = {
    Way.PASSWORD: N_("Password"),
    Way.PASSKEY: N_("Passkey"),
    Way.OIDC: N_("Account elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts: parameters of ours (R12; ASVS 5.0, 7.3.1 and 7.3.2)."""

    idle_staff: timedelta = timedelta(minutes=15)
    idle_citizen: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=8)
    unfinished: timedelta = timedelta(minutes=5)  # between the password and the code

    def idle(self, kind: AccountKind) -> timedelta:
        return self.idle_staff if kind is AccountKind.STAFF else self.idle_citizen


SEEN_EVERY = timedelta(minutes=1)  # parameter of ours: a sign-in in use is written down no more often


@dataclass(frozen=True, slots=True)
class SignIn:
    """``is_whole`` once everything was shown that the account asks for; before, only the code can be entered."""

    handle: str
    account: str
    post: str | None
    way: Way
    is_whole: bool
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str
    ended_at: datetime | None = None
    why_ended: Ended | None = None

    def runs_out(self, kind: AccountKind, limits: Limits, at: datetime) -> Ended | None:
        """Why it is over at that moment, though nobody ended it."""
        if not self.is_whole and at - self.created_at > limits.unfinished:
            return Ended.UNFINISHED
        if at - self.created_at > limits.longest:
            return Ended.TOO_LONG
        return Ended.IDLE if at - self.seen_at > limits.idle(kind) else None


_BROWSERS = (
    (r"MicroMessenger", "WeChat"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """``Firefox, Windows``; empty where the browser does not say what it is."""
    found = (
        next((name for pattern, name in names if re.search(pattern, user_agent)), None)
        for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
