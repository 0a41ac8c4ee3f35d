"""What simpler calendars get wrong, over every day of receipt from 2010 to 2025: why this package exists at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from portal.worktime import WorkCalendar

FIRST, LAST = date(2010, 1, 1), date(2025, 12, 31)
RECEIVED = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
DAYS = [FIRST + timedelta(number) for number in range((date(2026, 12, 28) - FIRST).days + 1)]


def due_days(is_worked: Callable[[date], bool], n: int) -> list[date]:
    """The n-th worked day after each day of receipt, by a list of the days that count."""
    worked = [day for day in DAYS if is_worked(day)]
    passed, found = 0, []
    for day in RECEIVED:
        while passed < len(worked) and worked[passed] <= day:
            passed += 1
        found.append(worked[passed + n - 1])
    return found


def is_weekday(day: date) -> bool:
    return day.isoweekday() <= 5


@pytest.mark.parametrize(
    ("n", "weekdays_only", "without_make_up_days"), [(5, 19.1, 13.1), (20, 52.4, 36.7), (60, 93.3, 80.0)]
)
def test_knowing_no_make_up_days_gets_every_third_limit_of_twenty_days_wrong(
    calendar: WorkCalendar, n: int, weekdays_only: float, without_make_up_days: float
) -> None:
    """The shares, in per cent, were measured with other libraries before this package was written."""
    right = [calendar.add_workdays(day, n) for day in RECEIVED]
    assert right == due_days(calendar.is_workday, n)

    def wrong(is_worked: Callable[[date], bool]) -> float:
        return round(100 * sum(a != b for a, b in zip(due_days(is_worked, n), right, strict=True)) / len(right), 1)

    assert wrong(is_weekday) == weekdays_only
    assert wrong(lambda day: is_weekday(day) and calendar.is_workday(day)) == without_make_up_days


def test_counting_from_the_first_working_day_is_a_day_late_whenever_somebody_hands_in_on_a_rest_day(
    calendar: WorkCalendar,
) -> None:
    """The `roll="forward"` of other libraries makes the first working day the day of receipt."""
    rolled = [calendar.add_workdays(calendar.roll_forward(day), 5) for day in RECEIVED]
    right = [calendar.add_workdays(day, 5) for day in RECEIVED]
    late = [day for day, a, b in zip(RECEIVED, rolled, right, strict=True) if a != b]
    assert late == [day for day in RECEIVED if not calendar.is_workday(day)]
    assert round(100 * len(late) / len(RECEIVED), 1) == 31.7
