"""Secrets of accounts at rest: sealed by a key that is not in the database. The one place that knows how."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.basis import N_, Refusal

_NONCE = 12  # bytes


class SealBroken(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("What was kept for you cannot be read; load the page again, or ask the administrators."))


def seal(key: str, purpose: str, plain: bytes) -> bytes:
    """``purpose`` names the account and the use, so that a sealed secret opens nothing at another's place."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(key)).encrypt(nonce, plain, purpose.encode())


def unseal(key: str, purpose: str, sealed: bytes) -> bytes:
    """:raises SealBroken: another key, another purpose, or altered bytes."""
    try:
        return AESGCM(_key(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"yinuo account secrets\0" + secret.encode()).digest()
