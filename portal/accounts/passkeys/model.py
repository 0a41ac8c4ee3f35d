"""A passkey and what it is asked for: frozen and pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CHALLENGE_HOLDS = timedelta(minutes=5)  # parameter of ours: the time to find the key and lay the finger on it
MOST = 10  # passkeys of one account: parameter of ours


class Purpose(StrEnum):
    """A challenge that was made for one is worth nothing for the other."""

    REGISTER = "register"
    ENTER = "enter"


@dataclass(frozen=True, slots=True)
class Site:
    """``id`` is the domain that passkeys are bound to, ``origin`` the address in front of it."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """``handle`` names it on pages; ``credential`` is the name that its device knows."""

    handle: str
    credential: bytes
    name: str
    made_at: datetime
    used_at: datetime | None
