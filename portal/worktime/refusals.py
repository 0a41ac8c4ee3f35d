"""What working time refuses: dates nobody has settled, timetables nobody could keep, periods that run backwards."""

from __future__ import annotations

from portal.basis import Refusal


class CalendarNotPublished(Refusal):
    """The answer depends on days whose holiday notice is not in the calendar."""


class NoWorkingTime(Refusal):
    """A calendar in which nobody ever works cannot carry a limit."""


class BadTimetable(Refusal):
    """Opening hours that contradict themselves or cannot be read."""


class BadPeriod(Refusal):
    """A pause that ends before it begins."""
