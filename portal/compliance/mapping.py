"""A mapping says how somebody else's log reads as ours: which columns are cases, times and people, what they make.

The format is described in docs/mappings.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from portal.basis import LegalSource, Refusal


class MappingUnusable(Refusal):
    """The mapping file contradicts itself, or does not fit the log."""


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value comes from: a column of the log, or the same constant for every row."""

    column: str | None
    constant: str | int | None = None


@dataclass(frozen=True, slots=True)
class EventMap:
    """One event of each row, or of each case; made only when its time is there (``is_required``: else refused)."""

    kind: str
    at: str
    values: Mapping[str, Value]
    is_required: bool
    per: Literal["row", "case"]
    when_column: str | None = None
    when_is: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepMap:
    """Who took the step of a row; the group may be missing."""

    at: str
    resource: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class LogMap:
    """``opens``: whether what is still open is judged, or only listed beside (the log is an extract)."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    timezone: str
    calendar: str
    area: str | None
    item_type: str | None
    row: Literal["case", "event"]
    opens: Literal["judge", "beside"]
    case_id: str
    missing: frozenset[str]
    formats: tuple[str, ...]
    events: tuple[EventMap, ...]
    steps: StepMap | None
    limits: tuple[Mapping[str, Any], ...] = field(default=())
    sources: Mapping[str, tuple[LegalSource, ...]] = field(default_factory=dict)

    @property
    def item_version(self) -> str:
        return f"{self.path.stem}@1"

    @property
    def columns(self) -> dict[str, str]:
        """Every column of the log that is read, with the place in the mapping that names it first."""
        named = {self.case_id: "case.id"}
        for event in self.events:
            named.setdefault(event.at, f"event {event.kind}: at")
            if event.when_column:
                named.setdefault(event.when_column, f"event {event.kind}: when")
            for key, value in event.values.items():
                if value.column:
                    named.setdefault(value.column, f"event {event.kind}: {key}")
        for key in ("at", "resource", "group") if self.steps else ():
            column = getattr(self.steps, key)
            if column:
                named.setdefault(column, f"steps: {key}")
        return named

    @property
    def kinds(self) -> frozenset[str]:
        """What a log read by this mapping can record at all."""
        return frozenset(event.kind for event in self.events)
