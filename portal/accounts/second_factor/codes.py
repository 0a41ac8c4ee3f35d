"""Codes of the second factor: what is asked of an app, and what is printed to be kept in a drawer. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds
RECOVERY_CODES = 10  # parameter of ours
_RECOVERY_BYTES = 15  # 120 bits: ASVS 5.0, 6.5.2 then asks for no slow hash


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, *, name: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, *, after: int, at: datetime) -> int | None:
    """The step of ``at``, if the code is its own and ``after``, the last one taken, was earlier.

    A code lives its 30 seconds and no longer (R11; ASVS 5.0, 6.5.5): the telephone's clock must be right.
    """
    step, typed = int(at.timestamp()) // STEP, re.sub(r"\s", "", code)
    is_same = hmac.compare_digest(pyotp.TOTP(secret, interval=STEP).generate_otp(step).encode(), typed.encode())
    return step if is_same and step > after else None


def new_recovery_codes() -> list[str]:
    return [_in_groups(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> str:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()


def _in_groups(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))
