"""Whether a promise was kept: day limits by date, hour limits and explicit targets by instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.basis import Unit
from portal.worktime.due import Due
from portal.worktime.hours import OfficeHours
from portal.worktime.rules import DayStatus


class Outcome(StrEnum):
    IN_TIME = "in-time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"
    UNDECIDED = "undecided"


class Verdict(NamedTuple):
    """``overdue_by`` counts working days after the due day and may be 0 for one answered on the weekend after it."""

    outcome: Outcome
    overdue_by: int
    overdue: timedelta


def judge(
    promised: Due, unit: Unit | None, hours: OfficeHours, *, as_of: datetime, ended: datetime | None = None
) -> Verdict:
    """Whether a promise was kept by ``ended``, or how it stands at ``as_of``; ``unit`` is None for explicit targets.

    A due moment that is not certain condemns nobody: what would be late is undecided.
    """
    seen = as_of if ended is None else ended
    seen_on = hours.date_of(seen)
    is_past = seen_on > promised.on if unit is not None and unit.compares_dates else seen > promised.at
    if not is_past:
        return Verdict(Outcome.RUNNING if ended is None else Outcome.IN_TIME, 0, timedelta())
    outcome = Outcome.OVERDUE if ended is None else Outcome.LATE
    if promised.status is not DayStatus.CERTAIN:
        outcome = Outcome.UNDECIDED
    days = hours.calendar.workdays_between(promised.on, seen_on, provisional=True)
    return Verdict(outcome, days, max(seen - promised.at, timedelta()))
