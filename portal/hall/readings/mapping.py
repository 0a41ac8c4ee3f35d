"""A mapping says how somebody else's queue readings read as ours: columns, units, numbers, and known faults.

The format is described in docs/mappings.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.basis import Bilingual
from portal.compliance.mapping_tables import MappingReader, tables_of

NEEDED = ("office", "date", "time", "windows", "waiting")
OPTIONAL = ("title", "status", "service", "called")
MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
_ALLOWED: Mapping[str, frozenset[str]] = {
    "readings": frozenset({"name", "encoding", "delimiter", "timezone", "missing"}),
    "columns": frozenset({*NEEDED, *OPTIONAL, "queue"}),
    "times": frozenset({"date", "time"}),
    "units": frozenset({"service"}),
    "status": frozenset({"open", "closed"}),
    "number": frozenset({"pattern"}),
    "correction": frozenset({"dated_from", "dated_to", "years", "because"}),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """Readings dated within these days (both included) belong that many years later (negative: earlier)."""

    dated_from: date
    dated_to: date
    years: int
    because: Bilingual


@dataclass(frozen=True, slots=True)
class ReadingsMap:
    """``queue``: the columns that together tell a queue apart within its office. ``columns``: ours → theirs."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    timezone: str
    missing: frozenset[str]
    columns: Mapping[str, str]
    queue: tuple[str, ...]
    date_format: str
    time_format: str
    service_minutes: float
    open_texts: frozenset[str]
    closed_texts: frozenset[str]
    number_pattern: str
    corrections: tuple[Correction, ...]

    @property
    def places(self) -> dict[str, str]:
        """Every column that is read, with the place in the mapping that names it first."""
        named: dict[str, str] = {}
        for ours, theirs in self.columns.items():
            named.setdefault(theirs, f"columns.{ours}")
        for theirs in self.queue:
            named.setdefault(theirs, "columns.queue")
        return named


def read_mapping(path: Path) -> ReadingsMap:
    """:raises MappingUnusable: naming the place and what to write there."""
    return _Reader(path, tables_of(path)).mapping()


class _Reader(MappingReader):
    """Reads the tables of a mapping of readings, and refuses what it does not know by name."""

    head = "readings"

    def __init__(self, path: Path, tables: Mapping[str, Any]) -> None:
        super().__init__(path, tables)
        self._only(tables, frozenset(_ALLOWED), "file")
        for name, allowed in _ALLOWED.items():
            for table in self._corrections() if name == "correction" else [self._table(name)]:
                self._only(table, allowed, name)

    def mapping(self) -> ReadingsMap:
        needed = {key: self._text("columns", key, None) for key in NEEDED}
        optional = {key: self._text("columns", key, None) for key in OPTIONAL if key in self._table("columns")}
        return ReadingsMap(
            path=self.path,
            name=self._text("readings", "name", self.path.stem),
            encoding=self._encoding(),
            delimiter=self._delimiter(),
            timezone=self._zone(),
            missing=self._texts("readings", "missing") | {""},
            columns=needed | optional,
            queue=self._queue(),
            date_format=self._text("times", "date", "%Y-%m-%d"),
            time_format=self._text("times", "time", "%H:%M"),
            service_minutes=self._service(),
            open_texts=self._texts("status", "open"),
            closed_texts=self._texts("status", "closed"),
            number_pattern=self._pattern(),
            corrections=tuple(self._correction(table) for table in self._corrections()),
        )

    def _queue(self) -> tuple[str, ...]:
        named = self._table("columns").get("queue")
        columns = [named] if isinstance(named, str) else named
        if not isinstance(columns, list) or not columns or not all(isinstance(one, str) and one for one in columns):
            raise self._bad("columns.queue", "name the column, or the columns, that tell a queue apart in its office")
        return tuple(columns)

    def _service(self) -> float:
        unit = self._text("units", "service", "minute")
        if unit not in MINUTES:
            raise self._bad("units.service", f"{unit} is not known; write one of {', '.join(MINUTES)}")
        return MINUTES[unit]

    def _pattern(self) -> str:
        pattern = self._text("number", "pattern", r"(\d+)$")
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise self._bad("number.pattern", f"is no regular expression ({error})") from None
        if groups != 1:
            raise self._bad("number.pattern", r"put the figures of the number in one pair of brackets, such as (\d+)")
        return pattern

    def _correction(self, table: Mapping[str, Any]) -> Correction:
        first, last, years = (table.get(key) for key in ("dated_from", "dated_to", "years"))
        if type(first) is not date or type(last) is not date or last < first:
            raise self._bad("correction", "needs dated_from and dated_to, two dates such as 2020-12-01, in this order")
        if type(years) is not int or years == 0:
            raise self._bad("correction: years", "write a whole number, such as -1")
        because = table.get("because")
        if not isinstance(because, Mapping) or set(because) != {"zh", "en"} or not all(because.values()):
            raise self._bad("correction: because", 'say how it is known to be wrong: { zh = "…", en = "…" }')
        return Correction(first, last, years, Bilingual(str(because["zh"]), str(because["en"])))

    # --- single values ------------------------------------------------------------------------------------------

    def _texts(self, table: str, key: str) -> frozenset[str]:
        values = self._table(table).get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._bad(f"{table}.{key}", 'write a list of texts, such as ["1"]')
        return frozenset(values)

    def _corrections(self) -> list[Mapping[str, Any]]:
        tables = self.tables.get("correction", [])
        if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
            raise self._bad("correction", "write it as tables: [[correction]]")
        return tables
