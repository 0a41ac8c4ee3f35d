"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs that an event is in, proofs that nothing was rewritten.

Nothing here knows where hashes are kept: whoever builds a proof passes ``whole(start, height)``, the hash of the
2**height leaves from ``start`` on. Proofs run from the leaf upwards, as the RFCs list them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Whole = Callable[[int, int], bytes]

NODE = b"\x01"
EMPTY_ROOT = sha256(b"").digest()
HASH_SIZE = 32


def node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []  # the last of an odd number moves up as it is
        level = [
            sha256(NODE + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ] + odd
    return level[0]


def range_root(start: int, end: int, whole: Whole) -> bytes:
    """The hash over the leaves from ``start`` up to, not including, ``end``: a part that the tree's shape knows."""
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        return whole(start, size.bit_length() - 1)
    middle = start + _split(size)
    return node(range_root(start, middle, whole), range_root(middle, end, whole))


def inclusion_proof(index: int, size: int, whole: Whole) -> list[bytes]:
    """The audit path of the leaf at ``index`` in the tree of ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size} leaves; wait until it has been sealed")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, whole))
            end = middle
        else:
            path.append(range_root(start, middle, whole))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, whole: Whole) -> list[bytes]:
    """Proof that the tree of ``old`` leaves is the beginning of the tree of ``new`` (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves cannot be the beginning of one of {new}; swap the two")
    if old == 0:
        return []
    start, end, path = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, whole))
            end = middle
        else:
            path.append(range_root(start, middle, whole))
            start = middle
    if start > 0:  # else it is the old root itself, which the reader has
        path.append(range_root(start, end, whole))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2; the empty tree is the beginning of every tree."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node(step, found_old), node(step, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node(found_new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


class Growing:
    """The root of a tree that only grows, from the few hashes of its whole parts; whole tiles go in fastest."""

    TILE = 256  # leaves

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[tuple[int, bytes]] = []  # (height, hash), the highest first

    def add(self, leaves: Sequence[bytes]) -> None:
        """Add at most one tile's worth of leaves, none of them beyond the end of the tile that is open."""
        if len(leaves) == self.TILE and self.size % self.TILE == 0:
            self._push(8, root_of(leaves))
        else:
            for leaf in leaves:
                self._push(0, leaf)
        self.size += len(leaves)

    def root(self) -> bytes:
        parts = [part for _, part in self._parts]
        if not parts:
            return EMPTY_ROOT
        found = parts.pop()
        while parts:
            found = node(parts.pop(), found)
        return found

    def _push(self, height: int, part: bytes) -> None:
        while self._parts and self._parts[-1][0] == height:
            part, height = node(self._parts.pop()[1], part), height + 1
        self._parts.append((height, part))


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return int(1 << ((size - 1).bit_length() - 1))
