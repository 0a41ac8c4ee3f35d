"""A limit is a number with its unit; the unit is a type, because 日 is not one unit in law."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    WORKING_DAY = "working-day"
    CALENDAR_DAY = "calendar-day"
    MONTH = "month"
    WORKING_MINUTE = "working-minute"
    HOUR = "hour"

    @property
    def compares_dates(self) -> bool:
        """Day limits are judged by date, hour and minute limits by instant."""
        return self in (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH)


@dataclass(frozen=True, slots=True)
class Limit:
    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"a limit cannot be negative: {self.n} {self.unit}; give 0 for 'on the spot'")

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"


def WorkingDays(n: int) -> Limit:  # noqa: N802 -- reads as the type of the number
    return Limit(n, Unit.WORKING_DAY)


def CalendarDays(n: int) -> Limit:  # noqa: N802 -- as above
    return Limit(n, Unit.CALENDAR_DAY)


def Months(n: int) -> Limit:  # noqa: N802 -- as above
    return Limit(n, Unit.MONTH)


def WorkingMinutes(n: int) -> Limit:  # noqa: N802 -- as above
    return Limit(n, Unit.WORKING_MINUTE)


def Hours(n: int) -> Limit:  # noqa: N802 -- as above
    return Limit(n, Unit.HOUR)
