"""Offices, how one follows another, what power moved where, and the halls with their windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.basis import Bilingual
from portal.catalogue.model.parts import Citation
from portal.catalogue.model.words import Level, OfficeKind, PowerSource, SuccessionCause, WindowKind


@dataclass(frozen=True, slots=True)
class Succession:
    """From the day ``on`` the office no longer acts; ``to`` does, unless it was abolished without an heir."""

    on: date
    cause: SuccessionCause
    to: str | None
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """``code`` is what the ledger writes; ``credit_code`` the 18 characters of GB 32100."""

    code: str
    credit_code: str
    kind: OfficeKind
    level: Level
    area: str
    name: Bilingual
    short_name: Bilingual
    consult_phone: str
    complaint_phone: str
    address: Bilingual
    review_body: Bilingual | None
    court: Bilingual | None
    in_force_from: date
    parent: str | None = None
    successions: tuple[Succession, ...] = ()

    @property
    def until(self) -> date | None:
        return min((succession.on for succession in self.successions), default=None)

    def is_standing(self, on: date) -> bool:
        return self.in_force_from <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A power of one office exercised by another; after a transfer the old office may not act (许可法 第二十五条)."""

    holder: str
    exercised_by: str
    items: tuple[str, ...]
    how: PowerSource
    in_force_from: date
    until: date | None
    basis: Citation | None

    def covers(self, item: str, on: date) -> bool:
        in_time = self.in_force_from <= on and (self.until is None or on < self.until)
        return in_time and item in self.items


@dataclass(frozen=True, slots=True)
class Window:
    """``office`` staffs it; empty ``items`` means every item of that office, or of the hall if it is comprehensive."""

    code: str
    name: Bilingual
    kind: WindowKind
    office: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hall:
    """``hours`` names an office-hours file of working time; ``run_by`` the office whose hall manager steers it."""

    code: str
    name: Bilingual
    area: str
    address: Bilingual
    traffic: Bilingual
    hours: str
    phone: str
    offices: tuple[str, ...]
    is_step_free: bool
    windows: tuple[Window, ...]
    run_by: str
