"""The tree's hashes in files outside the database, as monitors and witnesses fetch them (C2SP tlog-tiles, height 8).

A tile holds up to 256 hashes of one level; ``tile/0/x001/005`` is the 1,006th of the leaves, ``….p/17`` one that has
17 hashes so far. A tile is written aside, synced and renamed; what lies beyond the signed size binds nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from portal.basis import N_, Refusal
from portal.ledger.merkle import HASH_SIZE, range_root, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT


class TileMissing(Refusal):
    def __init__(self, path: str) -> None:
        super().__init__(
            N_("The file %(path)s of the ledger's tree is missing or damaged; restore it from the backup."),
            values={"path": path},
        )


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """``tile/<level>/<index>[.p/<width>]``, the index in groups of three digits."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(groups)}{partial}"


class Tiles:
    """The tiles below a folder. One object serves one piece of work: what it has read it does not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[int, int, int], bytes] = {}

    def leaves(self, size: int, index: int) -> bytes:
        """The leaf hashes of one tile of a tree of that size, joined."""
        return self._tile(0, index, min(size - index * WIDTH, WIDTH))

    def leaf(self, size: int, index: int) -> bytes:
        place = index % WIDTH * HASH_SIZE
        return self.leaves(size, index // WIDTH)[place : place + HASH_SIZE]

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` leaves.

        :raises TileMissing: a tile that it needs is not there.
        """
        return range_root(0, size, self.of_size(size))

    def of_size(self, size: int) -> Whole:
        """What proofs are built from, in a tree of that size."""
        return Whole(self, size)

    def whole(self, size: int, start: int, height: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        index, offset = divmod(start >> (HEIGHT * level), WIDTH)
        tile = self._tile(level, index, min((size >> (HEIGHT * level)) - index * WIDTH, WIDTH))
        first, last = offset * HASH_SIZE, (offset + (1 << rest)) * HASH_SIZE
        return root_of(_cut(tile[first:last]))

    def extend(self, size: int, leaves: Sequence[bytes]) -> None:
        """Write the tiles of the tree that has these leaves after its first ``size``, and sync them."""
        folders: set[Path] = set()
        level, rising = 0, list(leaves)
        while rising:
            index, width = divmod(size >> (HEIGHT * level), WIDTH)
            row = (_cut(self._tile(level, index, width)) if width else []) + rising
            rising = []
            for at in range(0, len(row), WIDTH):
                tile = row[at : at + WIDTH]
                folders.add(self._write(level, index + at // WIDTH, tile))
                if len(tile) == WIDTH:
                    rising.append(root_of(tile))
            level += 1
        for folder in folders:
            sync_folder(folder)
        self._read.clear()

    def _tile(self, level: int, index: int, width: int) -> bytes:
        if (level, index, width) not in self._read:
            self._read[level, index, width] = self._fetch(level, index, width)
        return self._read[level, index, width]

    def _fetch(self, level: int, index: int, width: int) -> bytes:
        """A wider tile begins as the one asked for does, which is deleted once the full one is there."""
        for found in self._widths(level, index, width):
            try:
                tile = (self._folder / tile_path(level, index, found)).read_bytes()
            except FileNotFoundError:
                continue
            if len(tile) == found * HASH_SIZE:
                return tile[: width * HASH_SIZE]
        raise TileMissing(tile_path(level, index, width))

    def _widths(self, level: int, index: int, width: int) -> Iterator[int]:
        yield width
        yield WIDTH
        full = self._folder / tile_path(level, index)
        for file in full.with_name(f"{full.name}.p").glob("[1-9]*"):
            if int(file.name) > width:
                yield int(file.name)

    def _write(self, level: int, index: int, tile: Sequence[bytes]) -> Path:
        file = self._folder / tile_path(level, index, len(tile))
        file.parent.mkdir(parents=True, exist_ok=True)
        write_synced(file, b"".join(tile))
        if len(tile) == WIDTH:
            partial = file.with_name(f"{file.name}.p")
            if partial.is_dir():
                for old in partial.iterdir():
                    old.unlink()
                partial.rmdir()
        return file.parent


class Whole:
    """The hash of whole subtrees in a tree of one size, as proofs ask for it."""

    def __init__(self, tiles: Tiles, size: int) -> None:
        self._tiles, self._size = tiles, size

    def __call__(self, start: int, height: int) -> bytes:
        return self._tiles.whole(self._size, start, height)


def write_synced(file: Path, content: bytes) -> None:
    """All of it or nothing, whatever happens; the folder is synced by the caller."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(file)


def sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _cut(joined: bytes) -> list[bytes]:
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]
