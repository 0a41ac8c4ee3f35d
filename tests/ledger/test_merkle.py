"""The tree against the published vectors, a naive reading of the RFC, and every single change of a proof."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ledger.merkle import (
    EMPTY_ROOT,
    Growing,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root_of,
)

# The eight inputs, roots and proofs with which Certificate Transparency implementations are tested.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in INPUTS]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = (
    (0, 8, ("96a296d2", "5f083f0a", "6b47aaf2")),
    (5, 8, ("bc1a0643", "ca854ea1", "d37ee418")),
    (2, 3, ("fac54203",)),
    (1, 5, ("6e340b9c", "5f083f0a", "bc1a0643")),
)
CONSISTENCY = (
    (1, 8, ("96a296d2", "5f083f0a", "6b47aaf2")),
    (6, 8, ("0ebc5d34", "ca854ea1", "d37ee418")),
    (2, 5, ("5f083f0a", "bc1a0643")),
)


def naive(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 writes it down."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def whole(start: int, height: int) -> bytes:
    return naive(MANY[start : start + 2**height])


MANY = [sha256(b"%d" % number).digest() for number in range(300)]


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_the_published_roots_come_out(size: int, root: str) -> None:
    assert root_of(LEAVES[:size]).hex() == root == naive(LEAVES[:size]).hex()


def test_the_empty_tree_has_the_root_of_the_rfc() -> None:
    assert root_of([]) == EMPTY_ROOT == naive([])


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_published_inclusion_proofs_come_out(index: int, size: int, path: tuple[str, ...]) -> None:
    proof = inclusion_proof(index, size, lambda start, height: naive(LEAVES[start : start + 2**height]))
    assert tuple(step.hex()[:8] for step in proof) == path
    assert is_included(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_the_published_consistency_proofs_come_out(old: int, new: int, path: tuple[str, ...]) -> None:
    proof = consistency_proof(old, new, lambda start, height: naive(LEAVES[start : start + 2**height]))
    assert tuple(step.hex()[:8] for step in proof) == path
    assert is_consistent(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


@settings(deadline=None)
@given(st.data())
def test_every_leaf_of_every_tree_is_proven_and_no_changed_proof_is_taken(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    root, proof = naive(MANY[:size]), inclusion_proof(index, size, whole)
    assert is_included(MANY[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index or size == 1))
    assert other == index or not is_included(MANY[index], other, size, proof, root)
    assert not is_included(MANY[index], index, size, [*proof, root], root)
    if proof:
        assert not is_included(MANY[index], index, size, proof[:-1], root)
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof]
        changed[place] = bytes([changed[place][0] ^ 1]) + changed[place][1:]
        assert not is_included(MANY[index], index, size, changed, root)


@settings(deadline=None)
@given(st.data())
def test_any_two_sizes_are_proven_consistent_and_a_rewritten_beginning_is_not(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 300))
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, whole)
    assert is_consistent(old, new, naive(MANY[:old]), naive(MANY[:new]), proof)
    if old:
        forged = [sha256(b"another past").digest(), *MANY[1:old]]
        assert not is_consistent(old, new, naive(forged), naive(MANY[:new]), proof)
    if 0 < old < new:
        assert not is_consistent(old, new, naive(MANY[:old]), naive(MANY[:new]), [*proof, MANY[0]])
        assert not is_consistent(old, new, naive(MANY[:old]), naive(MANY[:new]), proof[:-1])


@settings(deadline=None)
@given(st.lists(st.integers(0, 256), max_size=6))
def test_a_tree_that_grows_in_portions_has_the_root_of_all_its_leaves(portions: list[int]) -> None:
    growing, taken = Growing(), 0
    for portion in portions:
        room = min(portion, 256 - taken % 256, len(MANY) - taken)
        growing.add(MANY[taken : taken + room])
        taken += room
        assert (growing.size, growing.root()) == (taken, naive(MANY[:taken]))
