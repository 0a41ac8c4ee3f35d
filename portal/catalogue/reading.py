"""Reading one TOML table field by field: every mistake is collected with its place, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from portal.basis import Bilingual, Limit, Unit
from portal.catalogue.defects import Defect, Origin, fault

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")

NOWHERE = Bilingual("", "")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_KINDS = {str: "text", int: "a whole number", bool: "true or false", date: "a date", list: "a list", dict: "a table"}


class Table:
    """A TOML table being read. What was never asked for is reported by ``close``."""

    def __init__(self, raw: Mapping[str, Any], origin: Origin, defects: list[Defect]) -> None:
        self.raw = raw
        self.origin = origin
        self.defects = defects
        self._asked: set[str] = set()

    def fault(self, rule: str, path: str, **values: object) -> None:
        self.defects.append(self.origin.defect(fault(rule, path, **values)))

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.raw

    def close(self) -> None:
        for key in self.raw:
            if key not in self._asked:
                self.fault("field-unknown", key, field=key, known=", ".join(sorted(self._asked)))

    def take(self, key: str, kind: type[Value], otherwise: Value | None = None) -> Value:
        """The value of that kind; a required one that is missing or of another kind becomes an empty one, reported."""
        self._asked.add(key)
        if key not in self.raw:
            if otherwise is not None:
                return otherwise
            self.fault("field-missing", key, field=key)
            return _empty(kind)
        value = self.raw[key]
        is_disguised = (kind is int and isinstance(value, bool)) or (kind is date and isinstance(value, datetime))
        if isinstance(value, kind) and not is_disguised:
            return value
        self.fault("wrong-type", key, field=key, kind=_KINDS.get(kind, kind.__name__), value=repr(value)[:40])
        return _empty(kind)

    def text(self, key: str, otherwise: str | None = None) -> str:
        return self.take(key, str, otherwise)

    def maybe_text(self, key: str) -> str | None:
        return self.take(key, str) if self.has(key) else None

    def code(self, key: str = "code") -> str:
        code = self.text(key)
        if code and not _CODE.fullmatch(code):
            self.fault("code-malformed", key, code=code)
        return code

    def maybe_code(self, key: str) -> str | None:
        return self.code(key) if self.has(key) else None

    def number(self, key: str, otherwise: int | None = None) -> int:
        return self.take(key, int, otherwise)

    def maybe_number(self, key: str) -> int | None:
        return self.take(key, int) if self.has(key) else None

    def flag(self, key: str, otherwise: bool = False) -> bool:
        return self.take(key, bool, otherwise)

    def maybe_flag(self, key: str) -> bool | None:
        return self.take(key, bool) if self.has(key) else None

    def day(self, key: str) -> date:
        return self.take(key, date)

    def maybe_day(self, key: str) -> date | None:
        return self.take(key, date) if self.has(key) else None

    def word(self, key: str, words: type[Word], otherwise: Word | None = None) -> Word:
        if key not in self.raw and otherwise is not None:
            self._asked.add(key)
            return otherwise
        return self._word(self.text(key), words, key)

    def maybe_word(self, key: str, words: type[Word]) -> Word | None:
        return self.word(key, words) if self.has(key) else None

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        return tuple(self._word(text, words, f"{key}[{n}]") for n, text in enumerate(self.texts(key), start=1))

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        found = []
        for n, value in enumerate(self.take(key, list, None if required else []), start=1):
            if isinstance(value, str):
                found.append(value)
            else:
                self.fault("wrong-type", f"{key}[{n}]", field=key, kind="text", value=repr(value)[:40])
        return tuple(found)

    def table(self, key: str) -> Table:
        return Table(self.take(key, dict), self.origin.at(key), self.defects)

    def maybe(self, key: str, read: Callable[[Table], Value]) -> Value | None:
        return closed(self.table(key), read) if self.has(key) else None

    def tables(self, key: str, *, required: bool = False) -> Iterator[Table]:
        for n, value in enumerate(self.take(key, list, None if required else []), start=1):
            if isinstance(value, dict):
                yield Table(value, self.origin.at(f"{key}[{n}]"), self.defects)
            else:
                self.fault("wrong-type", f"{key}[{n}]", field=key, kind="a table", value=repr(value)[:40])

    def each(self, key: str, read: Callable[[Table], Value], *, required: bool = False) -> tuple[Value, ...]:
        return tuple(closed(table, read) for table in self.tables(key, required=required))

    def both(self, key: str) -> Bilingual:
        """A text in both languages: Chinese characters in the first, none in the second."""
        if self.has(key):
            return closed(self.table(key), bilingual)
        self.fault("field-missing", key, field=key)
        return NOWHERE

    def maybe_both(self, key: str) -> Bilingual | None:
        return self.both(key) if self.has(key) else None

    def many_both(self, key: str, *, required: bool = False) -> tuple[Bilingual, ...]:
        return self.each(key, bilingual, required=required)

    def _word(self, text: str, words: type[Word], path: str) -> Word:
        try:
            return words(text)
        except ValueError:
            if text:
                self.fault("word-unknown", path, value=text, known=", ".join(words))
            return next(iter(words))


def closed(table: Table, read: Callable[[Table], Value]) -> Value:
    value = read(table)
    table.close()
    return value


def bilingual(table: Table) -> Bilingual:
    zh, en = table.text("zh"), table.text("en")
    if ("zh" in table.raw and not zh.strip()) or ("en" in table.raw and not en.strip()):
        table.fault("language-missing", "")
    elif _HAN.search(en):
        table.fault("language-mixed", "en", text=en[:40])
    return Bilingual(zh, en)


def limit(table: Table) -> Limit:
    """``{ n = 5, unit = "working-day" }``"""
    n, unit = table.number("n"), table.word("unit", Unit)
    if n < 0:
        table.fault("wrong-type", "n", field="n", kind="a number from 0 up", value=n)
    return Limit(max(n, 0), unit)


def limit_with_text(table: Table) -> tuple[Limit, Bilingual]:
    """``{ n = 5, unit = "working-day", zh = "5个工作日", en = "5 working days" }``: the words are compared."""
    return limit(table), bilingual(table)


def report_twice(codes: list[tuple[str, Table]]) -> None:
    """Report each code that a list holds a second time."""
    seen: set[str] = set()
    for code, table in codes:
        if code in seen:
            table.fault("code-twice", "code", code=code)
        seen.add(code)


def _empty(kind: type[Value]) -> Value:
    return date.min if kind is date else kind()  # type: ignore[return-value]  # date() needs arguments
