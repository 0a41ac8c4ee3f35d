"""Dated facts about single days: who said it, when, and which way the day was set."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any


class DayStatus(StrEnum):
    CERTAIN = "certain"
    PROVISIONAL = "provisional"
    UNKNOWN = "unknown"


class DayReason(StrEnum):
    """Why a day of a limit was counted or not."""

    START = "start-day"
    WORKING_DAY = "working-day"
    MAKE_UP_DAY = "make-up-day"
    CALENDAR_DAY = "calendar-day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    ROLLED = "rolled"


@dataclass(frozen=True, slots=True)
class Notice:
    """An act that moves days. ``settles`` is the year it settles as a whole; an amendment settles none.

    ``number`` is null where no number was seen; ``secondary`` marks days taken from compilations or copies.
    """

    published: date
    source: str
    number: str | None = None
    settles: int | None = None
    published_seen: bool = True
    secondary: bool = False

    def __str__(self) -> str:
        return self.number or self.source


@dataclass(frozen=True, slots=True)
class DayRule:
    day: date
    works: bool
    name: str
    notice: Notice

    @property
    def published(self) -> date:
        return self.notice.published


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day of a trace. ``number`` is the place of a counted day in the limit, 0 for a day that was not counted."""

    day: date
    counted: bool
    number: int
    reason: DayReason
    name: str = ""
    notice: Notice | None = None
    status: DayStatus = DayStatus.CERTAIN


def read_rules(path: Path) -> tuple[DayRule, ...]:
    """Read the notices of one TOML file, in the order written; ``off`` holds inclusive spans, ``work`` single days."""
    with path.open("rb") as file:
        tables = tomllib.load(file)
    return tuple(rule for table in tables["notice"] for rule in _rules_of(table))


def known_rules(layer: Iterable[DayRule], known_at: date | None) -> dict[date, DayRule]:
    """The last word of a layer on each day, as it stood on ``known_at``."""
    rules = sorted(layer, key=lambda rule: rule.published)
    return {rule.day: rule for rule in rules if known_at is None or rule.published <= known_at}


def _rules_of(table: dict[str, Any]) -> Iterator[DayRule]:
    holidays = table.pop("holiday")
    notice = Notice(**table)
    for holiday in holidays:
        for first, last in holiday.get("off", ()):
            for offset in range((last - first).days + 1):
                yield DayRule(first + timedelta(offset), False, holiday["name"], notice)
        for day in holiday.get("work", ()):
            yield DayRule(day, True, holiday["name"], notice)
