"""What the sequencer puts into the tree next: the leaf hashes of the events that no checkpoint covers yet."""

from __future__ import annotations

from datetime import datetime

from portal.basis import N_, Refusal
from portal.ledger.notes import Signed
from portal.ledger.queries import leaf_hashes
from portal.ledger.seals import SEAL_AGAIN
from portal.ledger.tree import Tree

AT_ONCE = 65_536  # events sealed at one go


class LedgerRewritten(Refusal):
    """The database no longer holds what was signed. Signing on would cover it up."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            N_(
                "Event %(seq)s is missing from the database or is not the one that was sealed, so nothing new is "
                "sealed; keep everything as it is and run `portal ledger verify`."
            ),
            values={"seq": seq},
        )


def unsealed(tree: Tree, before: Signed | None) -> list[bytes]:
    """At most ``AT_ONCE`` leaf hashes; the last sealed event must still stand before them.

    :raises LedgerRewritten: it does not, or a number is missing.
    """
    size = before.size if before else 0
    rows = leaf_hashes(max(size - 1, 0), AT_ONCE)
    if size and (not rows or rows[0] != (size, tree.leaf(size - 1))):
        raise LedgerRewritten(size)
    fresh = rows[1:] if size else rows
    for expected, (seq, _) in enumerate(fresh, start=size + 1):
        if seq != expected:
            raise LedgerRewritten(expected)
    return [leaf for _, leaf in fresh]


def is_due(before: Signed | None, at: datetime) -> bool:
    """Whether it is time to say again that nothing happened; the clock may have been set back."""
    return before is None or before.signed_at is None or abs(at - before.signed_at) >= SEAL_AGAIN
