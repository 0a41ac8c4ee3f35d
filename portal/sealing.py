"""The sequencer: what was appended goes into the tree, is signed, and is shown to the witness."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from portal.basis import Refusal
from portal.ledger import queries as ledger
from portal.ledger import sealing, whole
from portal.ledger.checking import Fault
from portal.ledger.doubts import doubt_ledger
from portal.ledger.notes import Verifier
from portal.ledger.operations import note_seal
from portal.ledger.seals import Freshness, Seal, freshness
from portal.ledger.tree import Tree
from portal.ledger.witness import have_witnessed
from portal.store import reading, transaction

log = logging.getLogger(__name__)


def seal(at: datetime, instance: Path) -> int:
    """Put what is new into the tree and sign it, or, when a minute passed, sign it as it is; returns how many events.

    :raises Refusal: what was signed before is no longer there as it was; nothing is signed then.
    """
    tree, count = Tree(instance), 0
    with tree.growing() as is_ours:
        while is_ours:
            before = tree.checkpoint()
            with reading():
                leaves = sealing.unsealed(tree, before)
            if not leaves and not sealing.is_due(before, at):
                break
            signed = tree.grow(leaves, at=at)
            with transaction():
                note_seal(Seal(signed.size, signed.root, at))
            count += len(leaves)
            if len(leaves) < sealing.AT_ONCE // 2:
                break
    return count


def check(at: datetime, instance: Path) -> Fault | None:
    """Hash the whole ledger again against its newest seal; a fault is told in the log and recorded, once.

    Everything is read, some 100,000 events a second: a job for the night.
    """
    tree = Tree(instance)
    signed = tree.checkpoint()
    if signed is None:
        return None
    with reading():
        fault, _ = whole.verify(tree, signed)
    if fault is not None:
        log.critical("the ledger is not as it was sealed: %s", fault)
        with transaction():
            doubt_ledger(fault, at=at)
    return fault


def ask_witness(instance: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a witness is named and has signed the newest checkpoint; its silence is only told."""
    url, key = environment.get("YINUO_WITNESS_URL"), environment.get("YINUO_WITNESS_KEY")
    if not url or not key:
        return False
    try:
        have_witnessed(Tree(instance), url, Verifier.parse(key))
    except Refusal as refusal:
        log.error("%s", refusal)
        return False
    return True


def look_at_seal(at: datetime) -> str | None:
    """Raise the alarm when the newest checkpoint is old; returns what it said."""
    with reading():
        found = ledger.seal()
    if freshness(found, at) in (Freshness.FRESH, Freshness.NEVER):
        return None
    words = f"the ledger was last sealed at {found and found.sealed_at}: see why the sealing stands still"
    log.error(words)
    return words
