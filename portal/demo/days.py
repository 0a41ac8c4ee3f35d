"""The days of the demo city: working days counted back from its present, and moments on the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.cases.almanac import hours_of

ZONE = ZoneInfo("Asia/Shanghai")


def local(on: date, clock: str) -> datetime:
    """``local(day, "14:30")`` as an instant."""
    return datetime.combine(on, time.fromisoformat(clock), ZONE).astimezone(UTC)


def day_of(at: datetime) -> date:
    return at.astimezone(ZONE).date()


class Days:
    """Working days of the city as they are known at its present."""

    def __init__(self, at: datetime) -> None:
        self.present = at
        self.today = day_of(at)
        self._calendar = hours_of(None)(self.today).calendar

    def back(self, n: int) -> date:
        """The n-th working day before today."""
        return self._calendar.add_workdays(self.today, -n, provisional=True)

    def after(self, day: date, n: int) -> date:
        """The n-th working day after a day; 0 is that day, or the next working day if it is a rest day."""
        return self._calendar.add_workdays(day, n, provisional=True)

    def between(self, first: date, last: date) -> list[date]:
        """The working days from the first to the last day, both included."""
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        return [day for day in days if self._calendar.is_workday(day, provisional=True)]
