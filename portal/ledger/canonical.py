"""One spelling for every event: JSON by RFC 8785 for the values we use, and the hash of a leaf by RFC 6962.

The values are text, whole numbers, truth values, null, lists and objects. A float is refused: its canonical
spelling is the one hard part of the standard, and no fact of ours needs one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.basis import N_, Refusal

LEAF = b"\x00"
_SAFE = 2**53 - 1  # beyond it a JavaScript reader would see another number


class NotCanonical(Refusal):
    """The value has no canonical JSON here."""


def canonical(value: object) -> bytes:
    """Return the one JSON spelling of the value.

    :raises NotCanonical: it holds a float, a number beyond 2^53, half a character or a type that JSON does not know.
    """
    text = json.dumps(_ordered(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical(N_("The text holds half of a character pair; enter it again.")) from None


def leaf_hash(envelope: Mapping[str, object]) -> bytes:
    """SHA-256(0x00 ‖ canonical JSON of the event without its number)."""
    return hashlib.sha256(LEAF + canonical(envelope)).digest()


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with six decimals always, so that texts sort as the instants do."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _ordered(value: object) -> Any:
    """The same value with the members of each object in the standard's order: by UTF-16 code units."""
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int() if -_SAFE <= value <= _SAFE:
            return value
        case Mapping() if all(isinstance(key, str) for key in value):
            is_plain = all(map(str.isascii, value))  # both orders are the same then
            return {str(key): _ordered(value[key]) for key in sorted(value, key=None if is_plain else _utf16)}
        case list() | tuple():
            return [_ordered(member) for member in value]
    raise NotCanonical(
        N_("%(value)s cannot be written to the ledger; use text, a whole number or yes/no."),
        values={"value": repr(value)},
    )


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
