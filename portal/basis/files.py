"""Files that may change while the portal runs: a folder is looked at again once its last look is some seconds old."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic
from typing import NamedTuple

LOOK_AGAIN = 2.0  # seconds after which a change of a file is seen at the latest; a parameter of ours


class State(NamedTuple):
    """A file as it was at the last look: what is read from it may be kept by this."""

    path: Path
    changed_at: int  # nanoseconds
    size: int


Listing = Mapping[str, State]
_Seen = tuple[str, int, int]  # name, changed_at, size
_looks: dict[tuple[Path, str], tuple[float, Listing, list[_Seen]]] = {}


def listing(folder: Path, pattern: str = "*.toml") -> Listing:
    """The files of a folder in the order of their names; the same object until one of them changed."""
    now = monotonic()
    held = _looks.get((folder, pattern))
    if held is not None and now - held[0] < LOOK_AGAIN:
        return held[1]
    seen = _seen(folder, pattern)
    if held is not None and held[2] == seen:
        found = held[1]
    else:
        found = {name: State(folder / name, changed_at, size) for name, changed_at, size in seen}
    _looks[folder, pattern] = (now, found, seen)
    return found


def look_again() -> None:
    """Forget every look: the next question sees the files as they are."""
    _looks.clear()


def _seen(folder: Path, pattern: str) -> list[_Seen]:
    """What lies there now; nothing where there is no folder that may be read."""
    found = list[_Seen]()
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError), os.scandir(folder) as entries:
        for entry in entries:
            if fnmatchcase(entry.name, pattern):
                with suppress(FileNotFoundError):  # taken away while we look
                    if entry.is_file():
                        told = entry.stat()
                        found.append((entry.name, told.st_mtime_ns, told.st_size))
    return sorted(found)
