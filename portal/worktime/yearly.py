"""What every published year has had in common: a new year that departs from it is read again before it is trusted.

The shape is that of 2008 to 2026, the years under the present rules; what it asks is a question, never a verdict.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

from portal.worktime.days import WorkCalendar

WORKING_DAYS = range(248, 252)
MAKE_UP_DAYS = range(5, 13)
LONGEST_REST, LONGEST_WORK = 10, 9


def doubts_about(year: int, calendar: WorkCalendar) -> list[str]:
    """Sentences for the person who loads the notice of ``year``; none if the year looks like those before it."""
    if calendar.certain_until < date(year, 12, 28):
        file = f"portal/worktime/nation/{year}.toml"
        return [f"the notice of {year} is not loaded: add {file} whose notice settles {year}"]
    days = [date(year, 1, 1) + timedelta(number) for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    works = {day: calendar.is_workday(day, provisional=True) for day in days}
    make_up = [day for day in days if works[day] and day.weekday() > 4]
    given_off = [day for day in days if not works[day] and day.weekday() < 5]
    found = []
    if sum(works.values()) not in WORKING_DAYS:
        found.append(f"{sum(works.values())} working days; other years had {_span(WORKING_DAYS)}")
    if len(make_up) not in MAKE_UP_DAYS:
        found.append(f"{len(make_up)} make-up days on weekends; other years had {_span(MAKE_UP_DAYS)}")
    # December's last days may belong to the next year's holiday, hence one more or less
    if abs(len(given_off) - len(make_up) - statutory_days(year)) > 1:
        net = len(given_off) - len(make_up)
        found.append(f"{net} weekdays off beyond those made up for; the law gives {statutory_days(year)}")
    for is_worked, run in groupby(days, key=works.__getitem__):
        length, most = len(list(run)), LONGEST_WORK if is_worked else LONGEST_REST
        if length > most:
            found.append(f"{length} {'working' if is_worked else 'rest'} days in a row; no other year had over {most}")
    return found


def statutory_days(year: int) -> int:
    """Days off for everybody by 全国年节及纪念日放假办法: 11 since 2008, 13 since 2025."""
    return 13 if year >= 2025 else 11


def _span(numbers: range) -> str:
    return f"{numbers.start} to {numbers.stop - 1}"
