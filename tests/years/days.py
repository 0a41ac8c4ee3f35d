"""The second method: working days by walking, one day after another. No frames, no tables, no closed forms.

It asks the calendar one question only (is this day worked?), so it shares no arithmetic with what it checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from portal.worktime.national import national

Pause = tuple[date, date]
ONE = timedelta(1)
CLOSING = time(17)


@cache
def is_worked(day: date) -> bool:
    return national().is_workday(day)


def _is_counted(day: date, pauses: Iterable[Pause]) -> bool:
    return is_worked(day) and not any(first <= day <= last for first, last in pauses)


def after(start: date, n: int, pauses: Iterable[Pause] = ()) -> date:
    """The n-th counted day strictly after ``start``."""
    day, pauses = start, tuple(pauses)
    while n:
        day += ONE
        n -= _is_counted(day, pauses)
    return day


def between(start: date, end: date, pauses: Iterable[Pause] = ()) -> int:
    """Counted days after ``start`` up to and with ``end``; 0 when ``end`` is not later."""
    pauses = tuple(pauses)
    return sum(_is_counted(start + ONE * k, pauses) for k in range(1, (end - start).days + 1))


def before(day: date) -> date:
    """The working day before."""
    day -= ONE
    while not is_worked(day):
        day -= ONE
    return day


def working_on(day: date) -> date:
    """``day`` if it is worked, else the next day that is."""
    while not is_worked(day):
        day += ONE
    return day


def counted_from(moment: datetime) -> date:
    """The day of receipt: a rest day, or an hour after closing, is the next working day's."""
    late = not is_worked(moment.date()) or moment.time() >= CLOSING
    return after(moment.date(), 1) if late else moment.date()


def days_of(first: date, last: date) -> Iterator[date]:
    for k in range((last - first).days + 1):
        yield first + ONE * k


def back(day: date, n: int) -> date:
    """The working day ``n`` working days before: a limit of ``n`` that starts there ends on ``day``."""
    for _ in range(n):
        day = before(day)
    return day
