"""The whole database against the seal: every event is hashed again, and the root must be the one that was signed."""

from __future__ import annotations

from collections.abc import Sequence

from portal.ledger.checking import Check, Fault, Found
from portal.ledger.lines import Line, lines
from portal.ledger.notes import Signed
from portal.ledger.queries import last_seq
from portal.ledger.tiles import Tiles
from portal.ledger.tree import Tree


def verify(tree: Tree, signed: Signed, *, earlier: Sequence[Signed] = ()) -> tuple[Fault | None, int]:
    """Return the first fault, if there is one, and how many events are newer than the seal.

    ``earlier`` are checkpoints that somebody kept: each must be the root of the beginning.
    """
    sizes = [one.size for one in (signed, *earlier)]
    check = Check(tiles=Tiles(tree.folder), sealed=signed.size, roots_at=sizes)
    try:
        for portion in lines(last_seq()):
            _add(check, portion)
        for one in (signed, *earlier):
            check.compare(one)
    except Found as found:
        return found.fault, 0
    return None, check.count - signed.size


def _add(check: Check, portion: list[Line]) -> None:
    leaves: list[bytes] = []
    expected = check.count
    for seq, _, leaf, stored in portion:
        expected += 1
        if seq != expected or leaf != stored:
            check.add(leaves)
            check.fail(expected, "missing" if seq != expected else "altered: it does not give its hash")
        leaves.append(leaf)
    check.add(leaves)
