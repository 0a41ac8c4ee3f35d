"""The cells of a CSV file of readings, as texts: every whole row is kept, also of a file that breaks off."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from portal.basis import N_
from portal.compliance.foreign import NOT_TEXT, ROW, WRONG_WIDTH, Refused
from portal.compliance.mapping_tables import columns_found
from portal.compliance.segments import damaged

BROKEN_OFF = N_("the file breaks off here (%(why)s); get it again from where it came")
OPEN_QUOTE = N_("a quotation mark in this row is out of place or never ends")
_CHUNK = 1 << 14
_QUOTE, _LINE = ord('"'), ord("\n")
_NO_TEXT = re.compile("[\udc80-\udcff]")  # what stands for a byte that is no text

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """``frame``: the columns asked for and ROW (the header is row 1); ``broken``: why the file ended too early."""

    frame: pl.DataFrame
    rows: int
    refused: tuple[Refused, ...]
    broken: str | None


def read_cells(path: Path, places: Mapping[str, str], *, encoding: str, delimiter: str, mapping: Path) -> Cells:
    """A row is one line: a quotation mark that does not end on its line takes that row and no other.

    :raises MappingUnusable: a column is missing that the mapping names. :raises LogDamaged: not even a header.
    """
    packed, broken = _unpacked(path)
    text = _decoded(packed, encoding, path)
    if broken is not None:  # what follows the last line end is half a row
        text = text[: text.rfind("\n") + 1]
    header, _, body = text.partition("\n")
    named = next(csv.reader([header], delimiter=delimiter), [])
    if not named:
        raise damaged(path, broken or "no header")
    chosen = columns_found(named, places, path, mapping)
    lines = _Lines(body, len(named), delimiter)
    frame = lines.frame(chosen)
    refused = list(lines.refused)
    if broken is not None:
        refused.append(Refused(lines.count + 2, "", BROKEN_OFF))
    return Cells(frame, lines.count, tuple(refused), broken)


def _unpacked(path: Path) -> tuple[bytes, str | None]:
    """All bytes that can be had, and why there are no more."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise damaged(path, error.strerror or type(error).__name__) from None
    if path.suffix != ".gz":
        return raw, None
    parts: list[bytes] = []
    unpacking = zlib.decompressobj(wbits=31)
    while raw:
        for start in range(0, len(raw), _CHUNK):
            chunk, before = raw[start : start + _CHUNK], unpacking.copy()
            try:
                parts.append(unpacking.decompress(chunk))
            except zlib.error as error:
                return b"".join([*parts, *_to_the_fault(chunk, before)]), str(error)
            if unpacking.eof:
                raw = (unpacking.unused_data + raw[start + _CHUNK :]).lstrip(b"\0")  # more parts, or padding
                unpacking = zlib.decompressobj(wbits=31)
                break
        else:
            return b"".join(parts), "the packed data end too early"
    return b"".join(parts), None


def _to_the_fault(chunk: bytes, unpacking: Any) -> Iterator[bytes]:
    """Byte by byte, so that nothing before the fault is lost."""
    with suppress(zlib.error):
        for place in range(len(chunk)):
            yield unpacking.decompress(chunk[place : place + 1])


def _decoded(raw: bytes, encoding: str, path: Path) -> str:
    try:
        text = raw.decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise damaged(path, error) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


class _Lines:
    """The lines below the header. The plainly written are read together, the others one by one; tests compare both."""

    def __init__(self, body: str, width: int, delimiter: str) -> None:
        self.body = body if not body or body.endswith("\n") else body + "\n"
        self.width, self.delimiter = width, delimiter
        self.count = self.body.count("\n")
        self.refused: list[Refused] = []

    def frame(self, chosen: Mapping[str, int]) -> pl.DataFrame:
        raw = self.body.encode("utf-8", "surrogateescape")
        marks = np.frombuffer(raw, dtype=np.uint8)
        ends = np.flatnonzero(marks == _LINE)
        plain = self._plain(marks, ends) & self._text()
        if not plain.all():
            marks = marks[np.repeat(plain, np.diff(ends, prepend=-1))]
        quick = self._together(marks.tobytes(), np.flatnonzero(plain) + 2, chosen)
        if quick is None:
            return self.one_by_one(chosen, range(2, self.count + 2))
        if plain.all():
            return quick
        return pl.concat([quick, self.one_by_one(chosen, np.flatnonzero(~plain) + 2)]).sort(ROW)

    def _together(self, raw: bytes, numbers: Ints, chosen: Mapping[str, int]) -> pl.DataFrame | None:
        """None when polars finds another number of rows (empty lines of a file with one column)."""
        if not raw:
            return self._empty(chosen)
        names = [f"c{place}" for place in range(self.width)]
        read = pl.read_csv(
            io.BytesIO(raw), has_header=False, new_columns=names, infer_schema=False, separator=self.delimiter
        )
        if read.height != len(numbers):
            return None
        cells = (pl.col(names[place]).alias(column) for column, place in chosen.items())
        return read.select(pl.Series(ROW, numbers), *cells)

    def one_by_one(self, chosen: Mapping[str, int], numbers: Iterable[int]) -> pl.DataFrame:
        lines = self.body.split("\n")
        kept = [
            (int(number), *(cells[place] for place in chosen.values()))
            for number in numbers
            if (cells := self._cells(int(number), lines[number - 2])) is not None
        ]
        return pl.DataFrame(kept, schema=self._empty(chosen).schema, orient="row")

    def _cells(self, number: int, line: str) -> list[str] | None:
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            self.refused.append(Refused(number, "", OPEN_QUOTE))
            return None
        if _NO_TEXT.search(line):
            self.refused.append(Refused(number, "", NOT_TEXT))
            return None
        if len(cells) != self.width:
            self.refused.append(Refused(number, "", WRONG_WIDTH))
            return None
        return cells

    def _text(self) -> Flags:
        """Which lines are written in the encoding."""
        if not _NO_TEXT.search(self.body):
            return np.ones(self.count, dtype=np.bool_)
        return np.array([not _NO_TEXT.search(line) for line in self.body.split("\n")[:-1]], dtype=np.bool_)

    def _plain(self, marks: npt.NDArray[np.uint8], ends: Ints) -> Flags:
        """Which lines have as many cells as the header, and quotation marks only around cells or doubled inside."""
        quotes, cuts = np.flatnonzero(marks == _QUOTE), np.flatnonzero(marks == ord(self.delimiter))
        widths = np.diff(np.searchsorted(cuts, ends), prepend=0) + 1
        if not len(quotes):
            right: Flags = widths == self.width
            return right
        line = np.searchsorted(ends, quotes)
        opens = (np.arange(len(quotes)) - np.searchsorted(quotes, ends)[line - 1] * (line > 0)) % 2 == 0
        beside = np.where(opens, np.where(quotes == 0, _LINE, marks[quotes - 1]), marks[quotes + 1])
        is_odd = ~np.isin(beside, (_LINE, ord(self.delimiter), _QUOTE))
        plain = (np.bincount(line, minlength=len(ends)) % 2 == 0) & (np.bincount(line, is_odd, len(ends)) == 0)
        opening, closing = (quotes[side & plain[line]] for side in (opens, ~opens))
        inside = np.searchsorted(cuts, closing) - np.searchsorted(cuts, opening)
        np.subtract.at(widths, np.searchsorted(ends, opening), inside)
        fits: Flags = plain & (widths == self.width)
        return fits

    def _empty(self, chosen: Mapping[str, int]) -> pl.DataFrame:
        return pl.DataFrame(schema={ROW: pl.Int64} | dict.fromkeys(chosen, pl.String))
