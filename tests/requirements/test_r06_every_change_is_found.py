"""R06: every single change of an exported log is found and named by its event; any two checkpoints are one history."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from portal.ledger.canonical import canonical
from portal.ledger.checking import Check, Found
from portal.ledger.export import check_file, written
from portal.ledger.notes import Checkpoint, NoteMisshapen, NotSigned, Signed, Signer, sign
from portal.ledger.tiles import Tiles
from portal.ledger.tree import Tree

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)


class Exported:
    """A log of invented events as a file, its lines, and its tree on the disk."""

    def __init__(self, folder: Path, count: int) -> None:
        self.tree = Tree(folder)
        contents = [canonical({"actor": f"a{n % 9}", "kind": "commented", "n": n}) for n in range(count)]
        leaves = [sha256(b"\0" + content).digest() for content in contents]
        self.signed = self.tree.grow(leaves, at=AT)
        rows = [(n + 1, content, leaf, leaf) for n, (content, leaf) in enumerate(zip(contents, leaves, strict=True))]
        self.lines = b"".join(written([rows], self.signed)).splitlines(keepends=True)
        assert self.tree.verifier is not None
        self.key = self.tree.verifier

    def fault(self, changed: list[bytes], *, with_tiles: bool) -> int | None:
        """The number that is named; -1 if nothing was found, None for the checkpoint itself."""
        tiles = Tiles(self.tree.folder) if with_tiles else None
        try:
            check_file(io.BytesIO(b"".join(changed)), Check(tiles=tiles, sealed=self.signed.size), self.key)
        except Found as found:
            return found.fault.seq
        except (NotSigned, NoteMisshapen):
            return None
        return -1


def mutation(log: Exported, chance: random.Random) -> tuple[str, list[bytes], set[int | None]]:
    """One change of the file, and the numbers that rightly name it."""
    changed, last = [*log.lines], len(log.lines) - 1
    at, kind = chance.randrange(last), chance.choice(("bit", "drop", "swap", "insert", "truncate", "forge", "sign"))
    right: set[int | None] = {at + 1}
    if kind == "bit":
        line = bytearray(changed[at])
        line[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
        changed[at] = bytes(line)
    elif kind == "drop":
        del changed[at]
    elif kind == "swap":
        other = chance.choice([place for place in {0, last - 1, (at * 7 + 3) % last} if place != at])
        changed[at], changed[other] = changed[other], changed[at]
        right = {min(at, other) + 1}
    elif kind == "insert":
        changed.insert(at, changed[at])
    elif kind == "truncate":
        del changed[at:]
    elif kind == "forge":  # an event is replaced together with its hash: only the tiles know where
        content = canonical({"actor": "forged", "kind": "commented", "n": at})
        leaf = sha256(b"\0" + content).digest()
        changed[at] = next(written([[(at + 1, content, leaf, leaf)]], log.signed))
    else:
        checkpoint = Checkpoint(log.key.name, log.signed.size, log.signed.root)
        note = sign(checkpoint, Signer(log.key.name, bytes(32)), AT).note
        changed[last] = canonical({"checkpoint": note}) + b"\n"
        right = {None}
    return kind, changed, right


def all_found(log: Exported, count: int) -> None:
    chance = random.Random(20200914)
    for _ in range(count):
        kind, changed, right = mutation(log, chance)
        assert log.fault(changed, with_tiles=True) in right, kind
        if kind == "forge":
            right = {None}  # found, but not where
        assert log.fault(changed, with_tiles=False) in right, kind


def test_an_untouched_export_is_whole(tmp_path: Path) -> None:
    log = Exported(tmp_path, 700)
    assert log.fault(log.lines, with_tiles=True) == log.fault(log.lines, with_tiles=False) == -1


def test_every_single_change_of_an_exported_file_is_found_and_located(tmp_path: Path) -> None:
    all_found(Exported(tmp_path, 700), 300)


@pytest.mark.soak
def test_a_thousand_changes_of_a_hundred_thousand_events_are_all_found_and_located(tmp_path: Path) -> None:
    all_found(Exported(tmp_path, 100_000), 1000)


def test_a_line_after_the_checkpoint_is_an_insertion(tmp_path: Path) -> None:
    log = Exported(tmp_path, 20)
    assert log.fault([*log.lines, log.lines[0]], with_tiles=True) == 21


def test_a_history_that_forks_from_a_kept_checkpoint_is_told(tmp_path: Path) -> None:
    first = Exported(tmp_path / "one", 300)
    check = Check(roots_at=[200])
    check_file(io.BytesIO(b"".join(first.lines)), check, first.key)
    kept = Checkpoint(first.key.name, 200, Tiles(first.tree.folder).root(200))
    check.compare(Signed(kept, ""))
    with pytest.raises(Found):
        check.compare(Signed(Checkpoint(first.key.name, 200, bytes(32)), ""))


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, as it is written there; ``leaves`` are leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def is_one_history(old: int, new: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162 section 2.1.4.2, step by step."""
    steps = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    here, there = old - 1, new - 1
    while here & 1:
        here, there = here >> 1, there >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if there == 0:
            return False
        if here & 1 or here == there:
            before, after = node(step, before), node(step, after)
            while here and not here & 1:
                here, there = here >> 1, there >> 1
        else:
            after = node(after, step)
        here, there = here >> 1, there >> 1
    return (before, after, there) == (old_root, new_root, 0)


def test_any_two_checkpoints_are_proven_to_be_one_history_and_no_other(tmp_path: Path) -> None:
    chance = random.Random(9162)
    leaves = [sha256(b"%d" % number).digest() for number in range(700)]
    tree, sizes = Tree(tmp_path), [0]
    while sizes[-1] < len(leaves):
        sizes.append(min(len(leaves), sizes[-1] + chance.randrange(1, 40)))
        signed = tree.grow(leaves[sizes[-2] : sizes[-1]], at=AT)
        assert (signed.size, signed.root) == (sizes[-1], root_of(leaves[: sizes[-1]]))
    for _ in range(300):
        old, new = sorted(chance.sample(range(1, len(leaves) + 1), 2))
        proof = [*tree.consistency(old, new)]
        roots = root_of(leaves[:old]), root_of(leaves[:new])
        assert is_one_history(old, new, proof, *roots)
        forged = leaves[: chance.randrange(old)]
        other = root_of([*forged, sha256(b"forged").digest(), *leaves[len(forged) + 1 : old]])
        assert not is_one_history(old, new, proof, other, roots[1])
