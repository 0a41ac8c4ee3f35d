"""A cookie can be read by whoever has the browser's files: what is secret in it is sealed (ASVS 5.0, 14.3.3)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from portal.accounts.sealing import SealBroken, seal, unseal
from portal.web.sign_in.asking import account_key


def hidden(code: str, number: str) -> str:
    """The query code of that number, for a cookie; empty stays empty."""
    return urlsafe_b64encode(seal(account_key(), _purpose(number), code.encode())).decode() if code else ""


def shown(text: str, number: str) -> str:
    """The code again; none where it was sealed for another number or with a key that is no longer there."""
    try:
        return unseal(account_key(), _purpose(number), urlsafe_b64decode(text)).decode() if text else ""
    except (SealBroken, ValueError):
        return ""


def _purpose(number: str) -> str:
    return f"query-code/{number}"
