"""What a citizen takes home: the event as it was hashed, where it stands in the tree, and the signed root.

The proof is the text of C2SP tlog-proof; it and the key are all that a stranger needs. No database, no portal.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.basis import N_, Refusal
from portal.ledger.canonical import LEAF, NotCanonical, canonical
from portal.ledger.merkle import is_included
from portal.ledger.notes import KeyMisshapen, NoteMisshapen, Signed, Verifier, decoded, opened
from portal.ledger.tree import Inclusion

_FIRST = "c2sp.org/tlog-proof@v1"


class ReceiptMisshapen(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("This is no receipt of this kind; choose the file receipt.json as it was downloaded."), field="receipt"
        )


class NotProven(Refusal):
    """The event that the receipt tells is not the one that was sealed."""

    def __init__(self, index: int) -> None:
        super().__init__(
            N_(
                "The receipt does not fit the sealed ledger at number %(seq)s: one of the two was altered. "
                "Keep the file and show it to the supervisor."
            ),
            field="receipt",
            values={"seq": index + 1},
        )


@dataclass(frozen=True, slots=True)
class Proven:
    seq: int
    leaf: bytes
    event: Mapping[str, Any]
    signed: Signed
    key: Verifier


def proof_text(proof: Inclusion) -> str:
    lines = [_FIRST, f"index {proof.index}", *(b64encode(step).decode() for step in proof.path), "", ""]
    return "\n".join(lines) + proof.signed.note


def receipt(envelope: Mapping[str, object], proof: Inclusion, key: Verifier) -> str:
    """The file receipt.json; its ``event`` holds nothing personal."""
    content = {"event": envelope, "key": key.line(), "proof": proof_text(proof)}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def checked(text: str | bytes, key: Verifier | None = None, witnesses: Iterable[Verifier] = ()) -> Proven:
    """What the receipt proves, with the key that the reader trusts; without one, with the key that it names itself.

    :raises ReceiptMisshapen: it is none.
    :raises NotProven: the event, the path or the root was altered.
    :raises NotSigned: the root was signed by somebody else, or by nobody.
    """
    try:
        content = json.loads(text)
        event, named, proof = content["event"], Verifier.parse(content["key"]), content["proof"]
        index, path, note = _parts(proof)
        leaf = sha256(LEAF + canonical(event)).digest()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotCanonical, KeyMisshapen):
        raise ReceiptMisshapen from None
    trusted = key or named
    try:
        signed = opened(note, trusted, witnesses)
    except NoteMisshapen:
        raise ReceiptMisshapen from None
    if not is_included(leaf, index, signed.size, path, signed.root):
        raise NotProven(index)
    return Proven(index + 1, leaf, event, signed, trusted)


def _parts(proof: str) -> tuple[int, list[bytes], str]:
    head, _, note = proof.partition("\n\n")
    first, place, *path = head.split("\n")
    if first != _FIRST or not place.startswith("index ") or not note:
        raise ValueError("not a tlog-proof")
    index = int(place.removeprefix("index "))
    if place != f"index {index}":
        raise ValueError("the place is not written as a plain number")
    return index, [decoded(step) for step in path], note
