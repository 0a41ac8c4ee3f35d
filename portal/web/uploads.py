"""Files that people send: which kinds, how large, how many; a file is what its bytes say, not what its name says."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from werkzeug.datastructures import FileStorage

from portal.basis import N_, Refusal
from portal.web.papers import CLEANERS, PaperUnfit, office

KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": office.DOCX,
    "xlsx": office.XLSX,
}
LARGEST = 5 * 1024 * 1024  # bytes of one file
MOST = 5  # files of one material
MOST_IN_A_CASE = 60  # parameter of ours: files of one draft or case
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
LONGEST_NAME = 120


class FileUnfit(Refusal):
    """A file that cannot be taken, and why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """``content`` was written anew: what is kept is never the very bytes that a stranger sent, but for signed PDF."""

    name: str
    content: bytes


def checked(files: Sequence[FileStorage], *, field: str, already: int = 0, in_case: int = 0) -> list[Checked]:
    """Read and clean the files that were chosen; ``already`` are there for this material, ``in_case`` altogether.

    :raises FileUnfit: one is too large, empty, of another kind, or they are too many; none of them is taken then.
    """
    chosen = [file for file in files if file.filename]
    if len(chosen) + already > MOST:
        raise FileUnfit(
            N_("At most %(most)s files for one material; put several pages into one PDF"),
            field=field,
            values={"most": MOST},
        )
    if chosen and len(chosen) + in_case > MOST_IN_A_CASE:
        raise FileUnfit(
            N_("At most %(most)s files for one request; put several pages into one PDF"),
            field=field,
            values={"most": MOST_IN_A_CASE},
        )
    return [_checked(file, field) for file in chosen]


def plain_name(file_name: str) -> str:
    """The bare name: no folders, no control or direction marks, cut from the front so that its ending stays."""
    bare = unicodedata.normalize("NFC", file_name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in bare if letter.isprintable()).strip(" .") or "file"
    return printable[-LONGEST_NAME:]


def _checked(file: FileStorage, field: str) -> Checked:
    name = plain_name(file.filename or "")
    content = file.stream.read(LARGEST + 1)
    if not content:
        raise _unfit(N_("“%(name)s” is empty; choose another file"), field, name)
    if len(content) > LARGEST:
        raise _unfit(N_("“%(name)s” is larger than 5 MB; make it smaller, or scan it in grey"), field, name)
    expected = KINDS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if expected is None or expected != _kind_of(content):
        raise _unfit(
            N_("“%(name)s” is no PDF, JPG, PNG, DOCX or XLSX file; save it as one of these"),
            field,
            name,
        )
    try:
        return Checked(name, CLEANERS[expected](content))
    except PaperUnfit as verdict:
        raise _unfit(verdict.message, field, name, **verdict.values) from None


def _kind_of(content: bytes) -> str | None:
    if content.startswith(b"PK\x03\x04"):
        return office.kind_of(content)
    kind = filetype.guess(content)
    return None if kind is None else str(kind.mime)


def _unfit(message: str, field: str, name: str, **values: object) -> FileUnfit:
    return FileUnfit(message, field=field, values={"name": name, **values})
