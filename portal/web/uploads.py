"""Files that people send: which kinds, how large, how many; a file is what its bytes say, not what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from werkzeug.datastructures import FileStorage

from portal.basis import N_, Refusal

KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
LARGEST = 5 * 1024 * 1024  # bytes of one file
MOST = 5  # files of one material
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


class FileUnfit(Refusal):
    """A file that cannot be taken, and why."""


@dataclass(frozen=True, slots=True)
class Checked:
    name: str
    content: bytes


def checked(files: Sequence[FileStorage], *, field: str, already: int = 0) -> list[Checked]:
    """Read the files that were chosen.

    :raises FileUnfit: one is too large, empty, of another kind, or they are too many; none of them is taken then.
    """
    chosen = [file for file in files if file.filename]
    if len(chosen) + already > MOST:
        raise FileUnfit(
            N_("At most %(most)s files for one material; put several pages into one PDF"),
            field=field,
            values={"most": MOST},
        )
    return [_checked(file, field) for file in chosen]


def _checked(file: FileStorage, field: str) -> Checked:
    name = file.filename or ""
    content = file.stream.read(LARGEST + 1)
    if not content:
        raise _unfit(N_("“%(name)s” is empty; choose another file"), field, name)
    if len(content) > LARGEST:
        raise _unfit(N_("“%(name)s” is larger than 5 MB; make it smaller, or scan it in grey"), field, name)
    kind = filetype.guess(content)
    if kind is None or KINDS.get(PurePath(name).suffix.lower().removeprefix(".")) != kind.mime:
        raise _unfit(N_("“%(name)s” is no PDF, JPG or PNG file; save it as one of these"), field, name)
    return Checked(name, content)


def _unfit(message: str, field: str, name: str) -> FileUnfit:
    return FileUnfit(message, field=field, values={"name": name})
