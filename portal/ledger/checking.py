"""The whole ledger against its signed root: which event is the first that was altered, taken away, moved or put in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from portal.basis import Refusal
from portal.ledger.merkle import EMPTY_ROOT, HASH_SIZE, Growing
from portal.ledger.notes import Signed
from portal.ledger.tiles import WIDTH, Tiles


@dataclass(frozen=True, slots=True)
class Fault:
    """``seq`` is the number of the first event at fault; None where no single event can be named."""

    seq: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.seq is None else f"event {self.seq}: {self.what}"


class Found(Exception):
    """Checking ends at the first fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Check:
    """Takes the leaf hashes in order. ``tiles`` are the hashes of the ``sealed`` first events, where they are at hand.

    Leaf hashes that fit their events but not the tiles are a rewriting by somebody who knew how: only the tiles can
    tell where it begins, and only the signed root can tell that it was not the tiles that were changed.
    """

    def __init__(self, *, tiles: Tiles | None = None, sealed: int = 0, roots_at: Iterable[int] = ()) -> None:
        self._growing = Growing()
        self._tiles, self._sealed = tiles, sealed
        self._waiting: list[bytes] = []
        self._roots_at = sorted(set(roots_at))
        self._roots = {0: EMPTY_ROOT}
        self._differs_at: int | None = None  # the first event whose hash is not the tile's

    @property
    def count(self) -> int:
        return self._growing.size + len(self._waiting)

    def add(self, leaves: Sequence[bytes]) -> None:
        self._waiting += leaves
        while len(self._waiting) >= WIDTH:
            self._take(self._waiting[:WIDTH])
            self._waiting = self._waiting[WIDTH:]

    def fail(self, seq: int | None, what: str) -> None:
        """:raises Found: always, with this fault or with an earlier one that the tiles show."""
        self._compare(self._waiting)
        if self._differs_at is not None and (seq is None or self._differs_at < seq):
            raise Found(Fault(self._differs_at, "rewritten together with its hash"))
        raise Found(Fault(seq, what))

    def compare(self, signed: Signed) -> None:
        """The events are all here, so the root must be the signed one.

        :raises Found: there are fewer, or others.
        """
        if self._waiting:
            self._take(self._waiting)
            self._waiting = []
        if self.count < signed.size:
            self.fail(self.count + 1, f"missing, as is everything up to {signed.size}")
        found = self._roots.get(signed.size) if signed.size in self._roots else self._growing.root()
        if found == signed.root:
            if self._differs_at is not None and self._differs_at <= signed.size:
                raise Found(
                    Fault(None, f"the events are whole, but their tile files differ at event {self._differs_at}")
                )
            return
        if self._tiles is None or self._differs_at is None:
            hint = "" if self._tiles else "; give --tiles to learn where"
            self.fail(None, f"the root of the first {signed.size} events is not the one that was signed{hint}")
        self.fail(None, "")

    def _take(self, leaves: list[bytes]) -> None:
        self._compare(leaves)
        for size in self._roots_at:
            if self._growing.size < size <= self._growing.size + len(leaves):
                until = deepcopy(self._growing)
                until.add(leaves[: size - self._growing.size])
                self._roots[size] = until.root()
        self._growing.add(leaves)

    def _compare(self, leaves: list[bytes]) -> None:
        first = self._growing.size
        if self._tiles is None or self._differs_at is not None or first >= self._sealed or not leaves:
            return
        try:
            kept = self._tiles.leaves(self._sealed, first // WIDTH)
        except Refusal as refusal:
            raise Found(Fault(None, str(refusal))) from None
        given = b"".join(leaves)[: len(kept)]
        if not kept.startswith(given):
            places = range(0, len(given), HASH_SIZE)
            wrong = next(at for at in places if given[at : at + HASH_SIZE] != kept[at : at + HASH_SIZE])
            self._differs_at = first + wrong // HASH_SIZE + 1
