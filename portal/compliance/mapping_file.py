"""Reads the mapping of a log, and refuses what cannot be followed: the place in the file, and what to write there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from portal.basis import LegalSource, Unit
from portal.catalogue.model import CLOCKS, STAGE_PREFIX, ItemType
from portal.compliance.mapping import EventMap, LogMap, StepMap, Value
from portal.compliance.mapping_tables import MappingReader, tables_of
from portal.compliance.registry import all_rules
from portal.compliance.segments import ENVELOPE, schema_of
from portal.ledger.kinds import KINDS

_TOP = {"log", "case", "times", "event", "steps", "limit", "source"}
_ALLOWED: Mapping[str, frozenset[str]] = {
    "log": frozenset(
        "name format encoding delimiter timezone calendar area item_type row opens missing".split()  # noqa: SIM905
    ),
    "case": frozenset({"id"}),
    "times": frozenset({"formats"}),
    "steps": frozenset({"at", "resource", "group"}),
    "source": frozenset({"rule", "norm", "article", "in_force_from", "until"}),
    "limit": frozenset({"clock", "n", "unit", "statutory_n", "statutory_unit", "extension_n", "roll"}),
}
_EVENT_OWN = frozenset({"kind", "at", "required", "per", "when"})
_SETTABLE = frozenset({"actor", "role", "office", "post", "channel"})
DEFAULT_FORMATS = ("%Y-%m-%d %H:%M:%S",)


def read_mapping(path: Path, rules: Iterable[str] | None = None) -> LogMap:
    """``rules``: the codes that a source may name; those shipped when not given.

    :raises MappingUnusable: naming the place and what to write there.
    """
    known = {rule.code for rule in all_rules()} if rules is None else set(rules)
    return _Reader(path, tables_of(path), known).mapping()


class _Reader(MappingReader):
    """Reads the tables of a mapping of a log, and refuses what it does not know by name."""

    head = "log"

    def __init__(self, path: Path, tables: Mapping[str, Any], rules: Collection[str]) -> None:
        super().__init__(path, tables)
        self.rules = rules
        self._only(tables, frozenset(_TOP), "file")
        for name, allowed in _ALLOWED.items():
            for table in self._tables(name):
                self._only(table, allowed, name)

    def mapping(self) -> LogMap:
        log, row = self._table("log"), self._choice("log", "row", ("case", "event"), "case")
        events = tuple(self._event(table, row) for table in self._tables("event"))
        steps = self._steps()
        if not events and steps is None:
            raise self._bad("event", "makes no event; add at least one [[event]] or a [steps] table")
        if (log_format := log.get("format", "csv")) != "csv":
            raise self._bad("log.format", f"{log_format} is not read; write csv (plain or .gz)")
        return LogMap(
            path=self.path,
            name=self._text("log", "name", self.path.stem),
            encoding=self._encoding(),
            delimiter=self._delimiter(),
            timezone=self._zone(),
            calendar=self._choice("log", "calendar", ("cn", "weekdays", "none"), "cn"),
            area=self._text_or_none("log", "area"),
            item_type=self._item_type(),
            row=row,
            opens=self._choice("log", "opens", ("judge", "beside"), "judge"),
            case_id=self._text("case", "id", None),
            missing=frozenset(str(token) for token in log.get("missing", [])) | {""},
            formats=self._formats(),
            events=events,
            steps=steps,
            limits=tuple(self._limit(table) for table in self._tables("limit")),
            sources=self._sources(),
        )

    # --- tables -------------------------------------------------------------------------------------------------

    def _event(self, table: Mapping[str, Any], row: str) -> EventMap:
        kind = str(table.get("kind", ""))
        if kind not in KINDS:
            raise self._bad("event", f"there is no kind {kind or '(none)'}; take one of portal/ledger/kinds.py")
        place = f"event {kind}"
        settable = _SETTABLE | (set(schema_of(kind)) - set(ENVELOPE))
        self._only(table, _EVENT_OWN | settable, place)
        if not isinstance(table.get("at"), str):
            raise self._bad(f"{place}: at", "name the column that holds the time of this event")
        condition = self._condition(table.get("when", {}), f"{place}: when")
        per = table.get("per", "row")
        if per not in ("row", "case") or (per == "case" and row == "case"):
            raise self._bad(f"{place}: per", 'write "row"; "case" only where a row of the log is an event')
        return EventMap(
            kind=kind,
            at=table["at"],
            values={key: self._value(kind, key, table[key]) for key in sorted(settable & set(table))},
            is_required=bool(table.get("required", False)),
            per=per,
            when_column=condition.get("column"),
            when_is=tuple(condition.get("is", ())),
        )

    def _condition(self, table: Any, place: str) -> Mapping[str, Any]:
        if table == {}:
            return {}
        if isinstance(table, Mapping):
            self._only(table, frozenset({"column", "is"}), place)
            texts = table.get("is")
            if isinstance(table.get("column"), str) and isinstance(texts, list) and texts:
                return {"column": table["column"], "is": [str(text) for text in texts]}
        raise self._bad(place, 'write { column = "…", is = ["…"] }')

    def _value(self, kind: str, key: str, value: Any) -> Value:
        place = f"event {kind}: {key}"
        if isinstance(value, str):
            return Value(column=value)
        if not isinstance(value, Mapping) or set(value) != {"constant"}:
            raise self._bad(place, 'write the name of a column, or { constant = "…" }')
        constant = value["constant"]
        if schema_of(kind)[key] == pl.String() and not isinstance(constant, str):
            raise self._bad(place, 'this constant is a text; write { constant = "…" }')
        if schema_of(kind)[key] != pl.String() and not isinstance(constant, int):
            raise self._bad(place, "this constant is a whole number; write it without quotation marks")
        return Value(column=None, constant=constant if isinstance(constant, str) else int(constant))

    def _steps(self) -> StepMap | None:
        table = self._table("steps")
        if not table:
            return None
        is_named = all(isinstance(name, str) and name for name in table.values())
        if not is_named or "at" not in table or not {"resource", "group"} & set(table):
            raise self._bad("steps", "needs at, and resource or group (names of columns)")
        return StepMap(at=table["at"], resource=table.get("resource"), group=table.get("group"))

    def _limit(self, table: Mapping[str, Any]) -> Mapping[str, Any]:
        for key in ("unit", "statutory_unit"):
            if key in table and table[key] not in {unit.value for unit in Unit} - {Unit.WORKING_MINUTE.value}:
                raise self._bad(f"limit: {key}", "write working-day, calendar-day, month or hour")
        if not isinstance(table.get("clock"), str) or not isinstance(table.get("n"), int) or "unit" not in table:
            raise self._bad("limit", "needs clock, n and unit")
        if table["clock"] not in CLOCKS and not table["clock"].startswith(STAGE_PREFIX):
            known = ", ".join(sorted(CLOCKS))
            raise self._bad(
                "limit: clock", f"there is no clock {table['clock']}; write one of {known}, or {STAGE_PREFIX}<name>"
            )
        if ("statutory_n" in table) != ("statutory_unit" in table):
            raise self._bad("limit: statutory_n", "write statutory_n and statutory_unit together, or neither")
        if not isinstance(table.get("roll", True), bool):
            raise self._bad("limit: roll", "write true or false")
        for key in ("n", "statutory_n", "extension_n"):
            if key in table and (type(table[key]) is not int or table[key] < 1):
                raise self._bad(f"limit: {key}", "write a whole number from 1")
        return {**table, "roll": int(table.get("roll", True)), "has_source": 0}

    def _sources(self) -> Mapping[str, tuple[LegalSource, ...]]:
        """The law of the log's own place, by the rule that it grounds."""
        found: dict[str, tuple[LegalSource, ...]] = {}
        for table in self._tables("source"):
            texts = [table.get(key) for key in ("rule", "norm", "article")]
            dates = [table.get("in_force_from", date.min), table.get("until", date.max)]
            if not all(isinstance(text, str) for text in texts) or not all(type(day) is date for day in dates):
                raise self._bad("source", "needs rule, norm and article as texts; in_force_from and until are dates")
            rule, norm, article = map(str, texts)
            if rule not in self.rules:
                raise self._bad(
                    "source: rule", f"there is no rule {rule}; write one of {', '.join(sorted(self.rules))}"
                )
            area = str(self._table("log").get("area", "CN"))
            source = LegalSource(norm, article, area=area, in_force_from=dates[0], until=table.get("until"))
            found[rule] = (*found.get(rule, ()), source)
        return found

    # --- single values ------------------------------------------------------------------------------------------

    def _formats(self) -> tuple[str, ...]:
        formats = tuple(str(text) for text in self._table("times").get("formats", DEFAULT_FORMATS))
        if not formats:
            raise self._bad("times.formats", 'name at least one, such as "%Y-%m-%d %H:%M:%S"')
        return formats

    def _text_or_none(self, table: str, key: str) -> str | None:
        return self._text(table, key, None) if key in self._table(table) else None

    def _item_type(self) -> str | None:
        name = self._text_or_none("log", "item_type")
        known = sorted(item_type.value for item_type in ItemType)
        if name is not None and name not in known:
            raise self._bad("log.item_type", f"{name} is not known; write one of {', '.join(known)}")
        return name

    def _choice(self, table: str, key: str, options: tuple[str, ...], default: str) -> Any:
        value = self._table(table).get(key, default)
        if value not in options:
            raise self._bad(f"{table}.{key}", f"{value} is not known; write one of {', '.join(options)}")
        return value

    def _tables(self, name: str) -> list[Mapping[str, Any]]:
        tables = self.tables.get(name, [])
        tables = [tables] if isinstance(tables, Mapping) else tables
        if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
            raise self._bad(name, f"write it as tables: [[{name}]]")
        return tables
