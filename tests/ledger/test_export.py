"""The exported file: every single change of it is found, and named by the number of its event."""

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
