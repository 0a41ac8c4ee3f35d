"""What every mapping has in common: its tables and single values, how the mapped file is written and has its columns.

A refusal names the place in the mapping and what to write there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.basis import N_
from portal.compliance.mapping import MappingUnusable


def tables_of(path: Path) -> Mapping[str, Any]:
    """:raises MappingUnusable: the file is not there, or is not written in TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(path, "", error.strerror or type(error).__name__) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(path, "", str(error)) from None


def _unusable(path: Path, place: str, why: str) -> MappingUnusable:
    return MappingUnusable(
        N_("Mapping %(file)s, %(place)s: %(why)s"),
        values={"file": path.name, "place": place or "file", "why": why},
        field=place or None,
    )


def columns_found(header: Sequence[str], named: Mapping[str, str], file: Path, mapping: Path) -> dict[str, int]:
    """Where each column that a mapping names stands in the file; ``named``: columns → their place in the mapping.

    :raises MappingUnusable: the file lacks one of them.
    """
    for column, place in named.items():
        if column not in header:
            raise MappingUnusable(
                N_(
                    "%(file)s has no column %(column)s, which %(mapping)s names at %(place)s; "
                    "its columns are: %(header)s"
                ),
                field=column,
                values={
                    "file": file.name,
                    "column": column,
                    "mapping": mapping.name,
                    "place": place,
                    "header": ", ".join(header) or "(none)",
                },
            )
    return {column: header.index(column) for column in named}


class MappingReader:
    """Reads the tables of one mapping, and refuses what cannot be followed.

    ``head``: the table that says how the mapped file is written, by ``encoding``, ``delimiter`` and ``timezone``.
    """

    head: str

    def __init__(self, path: Path, tables: Mapping[str, Any]) -> None:
        self.path, self.tables = path, tables

    def _zone(self) -> str:
        name = self._text(self.head, "timezone", None)
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise self._bad(
                f"{self.head}.timezone", f"{name} is no time zone; write a name such as Asia/Shanghai"
            ) from None
        return name

    def _encoding(self) -> str:
        name = self._text(self.head, "encoding", "utf-8")
        try:
            "".encode(name)
        except LookupError:
            raise self._bad(f"{self.head}.encoding", f"{name} is no encoding; write utf-8 or gb18030") from None
        return name

    def _delimiter(self) -> str:
        """One letter of ASCII: what is read in columns is parted at a single byte."""
        mark = self._text(self.head, "delimiter", ",")
        if len(mark) != 1 or not mark.isascii() or mark in '"\r\n':
            raise self._bad(f"{self.head}.delimiter", 'write one letter, such as ",", ";" or "\\t"')
        return mark

    def _text(self, table: str, key: str, default: str | None) -> str:
        value = self._table(table).get(key, default)
        if not isinstance(value, str) or not value:
            raise self._bad(f"{table}.{key}", "write a text")
        return value

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.tables.get(name, {})
        if not isinstance(table, Mapping):
            raise self._bad(name, f"write it as one table: [{name}]")
        return table

    def _only(self, table: Mapping[str, Any], allowed: frozenset[str], place: str) -> None:
        unknown = sorted(set(table) - allowed)
        if unknown:
            raise self._bad(place, f"{', '.join(unknown)} is not known here; write one of {', '.join(sorted(allowed))}")

    def _bad(self, place: str, why: str) -> MappingUnusable:
        return _unusable(self.path, place, why)
