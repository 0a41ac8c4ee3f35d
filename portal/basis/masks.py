"""What is left of personal data on a page: enough to recognise one's own, not enough to learn another's (R16)."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """张女士 → 张**; a name of one character is hidden whole."""
    return "*" if len(name) < 2 else name[0] + "*" * min(len(name) - 1, 2)


def mask_identity_number(number: str) -> str:
    """Keep the first three and the last four characters of an identity number or credit code."""
    return "*" * len(number) if len(number) < 10 else number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_phone(phone: str) -> str:
    """138****5678; anything shorter than eight digits is hidden but for its last two."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
