"""Files that may change while the portal runs: a folder is looked at again once its last look is some seconds old."""

from __future__ import annotations

from collections.abc import Mapping
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
_looks: dict[tuple[Path, str], tuple[float, Listing]] = {}


def listing(folder: Path, pattern: str = "*.toml") -> Listing:
    """The files of a folder in the order of their names; the same object until one of them changed."""
    now = monotonic()
    held = _looks.get((folder, pattern))
    if held is not None and now - held[0] < LOOK_AGAIN:
        return held[1]
    found: Listing = {path.name: _state(path) for path in sorted(folder.glob(pattern)) if path.is_file()}
    if held is not None and held[1] == found:
        found = held[1]
    _looks[folder, pattern] = (now, found)
    return found


def look_again() -> None:
    """Forget every look: the next question sees the files as they are."""
    _looks.clear()


def _state(path: Path) -> State:
    told = path.stat()
    return State(path, told.st_mtime_ns, told.st_size)
