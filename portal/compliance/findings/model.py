"""A finding as it stands in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.compliance.engine import Number
from portal.compliance.rule import Severity


@dataclass(frozen=True, slots=True)
class Standing:
    number: str
    rule: str
    rule_version: int
    about: str
    first_seq: int
    last_seq: int
    severity: Severity
    began_on: date
    office: str | None
    post: str | None
    accused: str | None
    variant: str | None
    calendar: str
    is_open: bool
    is_standing: bool
    raised_at: datetime
    changed_at: datetime
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to this event and instant everything was judged."""

    seq: int
    at: datetime
