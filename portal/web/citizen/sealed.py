"""The hand-in as an entry of the sealed ledger: its fingerprint, the way to its proof, and the proof itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import segno
from flask import current_app, url_for

from portal.basis import Refusal
from portal.ledger.model import Event
from portal.ledger.proofs import receipt
from portal.ledger.queries import events
from portal.ledger.tree import NotSealedYet, Tree


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    leaf: str
    address: str
    qr: str
    is_sealed: bool


def entry_of(number: str) -> Entry:
    """The first event of the case, which is the hand-in."""
    event = _hand_in(number)
    address = url_for("open_data.verify.entry", seq=event.seq, leaf=event.leaf_hash.hex(), _external=True)
    qr = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4)
    return Entry(event.seq, event.leaf_hash.hex(), address, qr, _is_sealed(event))


def receipt_of(number: str) -> str:
    """The file receipt.json.

    :raises NotSealedYet: the hand-in is not sealed yet.
    """
    tree, event = _tree(), _hand_in(number)
    if tree.verifier is None:
        raise NotSealedYet
    return receipt(event.envelope, tree.inclusion(event.seq - 1), tree.verifier)


def _hand_in(number: str) -> Event:
    return events(f"case/{number}")[0]


def _is_sealed(event: Event) -> bool:
    try:
        return _tree().leaf(event.seq - 1) == event.leaf_hash
    except Refusal:
        return False


def _tree() -> Tree:
    return Tree(Path(current_app.instance_path))
