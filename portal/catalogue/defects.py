"""What is wrong with a file of the catalogue: where it stands, which rule it breaks, what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.catalogue.lines import lines_of, nearest_line
from portal.catalogue.rulebook import RULES


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, with the path of the field inside its table."""

    rule: str
    field: str
    values: Mapping[str, object]


def fault(rule: str, path: str, **values: object) -> Fault:
    return Fault(rule, path, values)


@dataclass(frozen=True, slots=True)
class Defect:
    """``message`` and ``remedy`` are msgids; translate each and fill it with ``values``."""

    file: str
    line: int
    field: str
    rule: str
    values: Mapping[str, object]

    @property
    def message(self) -> str:
        return RULES[self.rule].message

    @property
    def remedy(self) -> str:
        return RULES[self.rule].remedy

    def __str__(self) -> str:
        what, then = self.message % self.values, self.remedy % self.values
        return f"{self.file}:{self.line}: {self.field}: {what}; {then} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file and the table in it that something was read from."""

    file: str
    path: str
    lines: dict[str, int]

    @classmethod
    def of_text(cls, file: str, text: str) -> Origin:
        return cls(file, "", lines_of(text))

    def at(self, step: str) -> Origin:
        return Origin(self.file, f"{self.path}.{step}" if self.path else step, self.lines)

    def defect(self, found: Fault) -> Defect:
        path = f"{self.path}.{found.field}" if self.path and found.field else self.path or found.field
        line = int(str(found.values["line"])) if "line" in found.values else nearest_line(self.lines, path)
        return Defect(self.file, line, path or "file", found.rule, found.values)
