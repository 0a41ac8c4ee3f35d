"""The cells of a CSV file of readings, as texts: every whole row is kept, also of a file that breaks off."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from portal.basis import N_
from portal.compliance.foreign import NOT_TEXT, ROW, WRONG_WIDTH, Refused
from portal.compliance.mapping import MappingUnusable
from portal.compliance.segments import damaged

BROKEN_OFF = N_("the file breaks off here (%(why)s); get it again from where it came")
OPEN_QUOTE = N_("a quotation mark in this row is out of place or never ends")
_CHUNK = 1 << 14
_QUOTE, _LINE = ord('"'), ord("\n")


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
    chosen = {column: _place(named, column, place, path, mapping) for column, place in places.items()}
    lines = _Lines(body, len(named), delimiter)
    frame = lines.quick(chosen)
    if frame is None:
        frame = lines.one_by_one(chosen)
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


def _place(header: list[str], column: str, place: str, path: Path, mapping: Path) -> int:
    if column in header:
        return header.index(column)
    raise MappingUnusable(
        N_("%(file)s has no column %(column)s, which %(mapping)s names at %(place)s; its columns are: %(header)s"),
        field=column,
        values={
            "file": path.name,
            "column": column,
            "mapping": mapping.name,
            "place": place,
            "header": ", ".join(header) or "(none)",
        },
    )


class _Lines:
    """The lines below the header. The quick way and the exact way give the same rows; tests compare them."""

    def __init__(self, body: str, width: int, delimiter: str) -> None:
        self.body = body if not body or body.endswith("\n") else body + "\n"
        self.width, self.delimiter = width, delimiter
        self.count = self.body.count("\n")
        self.refused: list[Refused] = []

    def quick(self, chosen: Mapping[str, int]) -> pl.DataFrame | None:
        """Polars reads it; None when a line is not plainly written, so that it has to be looked at by itself."""
        try:
            raw = self.body.encode()
        except UnicodeEncodeError:  # a byte that is no text
            return None
        marks = np.frombuffer(raw, dtype=np.uint8)
        ends = np.flatnonzero(marks == _LINE)
        if not len(ends) or not _quotes_are_plain(marks, ends, ord(self.delimiter)):
            return None
        if (self._widths(marks, ends) != self.width).any():
            return None
        names = [f"c{place}" for place in range(self.width)]
        read = pl.read_csv(
            io.BytesIO(raw),
            has_header=False,
            new_columns=names,
            infer_schema=False,
            separator=self.delimiter,
        )
        if read.height != self.count:  # such as empty lines of a file with one column
            return None
        numbers = pl.Series(ROW, np.arange(2, self.count + 2, dtype=np.int64))
        return read.select(numbers, *(pl.col(names[place]).alias(column) for column, place in chosen.items()))

    def _widths(self, marks: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many cells each line has: delimiters outside quotation marks, and one."""
        cuts = np.flatnonzero(marks == ord(self.delimiter))
        widths = np.diff(np.searchsorted(cuts, ends), prepend=0) + 1
        quotes = np.flatnonzero(marks == _QUOTE)
        inside = np.searchsorted(cuts, quotes[1::2]) - np.searchsorted(cuts, quotes[::2])
        np.subtract.at(widths, np.searchsorted(ends, quotes[::2]), inside)
        return widths

    def one_by_one(self, chosen: Mapping[str, int]) -> pl.DataFrame:
        schema = {ROW: pl.Int64} | dict.fromkeys(chosen, pl.String)
        kept = [(number, *(cells[place] for place in chosen.values())) for number, cells in self._whole()]
        columns = list(zip(*kept, strict=True)) or [()] * len(schema)
        return pl.DataFrame(
            [pl.Series(name, list(column), dtype=schema[name]) for name, column in zip(schema, columns, strict=True)]
        )

    def _whole(self) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(self.body.split("\n")[:-1], 2):
            try:
                cells = next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
            except csv.Error:
                self.refused.append(Refused(number, "", OPEN_QUOTE))
                continue
            if not line.isascii() and any("\udc80" <= letter <= "\udcff" for letter in line):
                self.refused.append(Refused(number, "", NOT_TEXT))
            elif len(cells) != self.width:
                self.refused.append(Refused(number, "", WRONG_WIDTH))
            else:
                yield number, cells


def _quotes_are_plain(marks: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], delimiter: int) -> bool:
    """Every quotation mark opens a cell at its beginning, closes it at its end, or is doubled inside."""
    quotes = np.flatnonzero(marks == _QUOTE)
    if not len(quotes):
        return True
    if len(quotes) % 2 or (np.searchsorted(quotes, ends) % 2).any():  # one that stays open at a line's end
        return False
    before = np.where(quotes[::2] == 0, _LINE, marks[quotes[::2] - 1])
    after = marks[quotes[1::2] + 1]  # the text ends with a line end, so there is a next one
    return bool(np.isin(before, (_LINE, delimiter, _QUOTE)).all() and np.isin(after, (_LINE, delimiter, _QUOTE)).all())
