"""Norms and citations: no rule and no limit stands without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Norm:
    """A legal text as it was in force in one span of time; ``until`` is the first day on which it no longer holds."""

    code: str
    name: str
    number: str | None
    area: str
    in_force_from: date
    until: date | None = None

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class LegalSource:
    """One article of a norm, and where, when and to what it applies.

    ``area`` is a division code prefix or ``"CN"`` for the nation; an empty ``item_types`` means every type.
    """

    norm: str
    article: str
    area: str = "CN"
    item_types: tuple[str, ...] = ()
    in_force_from: date = date.min
    until: date | None = None

    def applies(self, *, on: date, area: str, item_type: str | None = None) -> bool:
        in_time = self.in_force_from <= on and (self.until is None or on < self.until)
        in_place = self.area == "CN" or area.startswith(self.area)
        return in_time and in_place and (not self.item_types or item_type in self.item_types)

    def __str__(self) -> str:
        return f"《{self.norm}》{self.article}"
