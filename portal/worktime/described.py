"""Calendars described in a query: the nation's, or a week with days off and days worked, on a base or without one.

The base says which days are worked; without one the weekdays that have hours are. The calendar's own days off and
days worked come last. Hours only say when the door is open: a Saturday window makes no working day.

A described calendar is laid out only over the days a query needs, and further when an answer lies further.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from portal.basis import N_
from portal.worktime.days import WorkCalendar
from portal.worktime.hours import OfficeHours
from portal.worktime.national import national
from portal.worktime.refusals import BadTimetable, CalendarNotPublished, NoWorkingTime
from portal.worktime.rules import DayRule, Notice
from portal.worktime.timetable import Timetable, parse_date, read_office

Answer = TypeVar("Answer")

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
OWN = Notice(published=date.min, source="calendar of the query")


class Ground:
    """A calendar with its hours over one span of days; the hours are laid out when first asked for."""

    def __init__(self, calendar: WorkCalendar, timetable: Timetable) -> None:
        self.calendar, self.timetable = calendar, timetable

    @cached_property
    def hours(self) -> OfficeHours:
        return OfficeHours(self.calendar, self.timetable)


class Described:
    """What a query says of its calendar, read once; what has been laid out of it is kept for the next query."""

    def __init__(
        self,
        timetable: Timetable,
        rules: Mapping[date, DayRule],
        *,
        week: frozenset[int],
        first: date,
        last: date,
        certain_until: date,
    ) -> None:
        self.timetable, self.rules, self.week = timetable, rules, week
        self.first, self.last, self.certain_until = first, last, certain_until
        self._known: Ground | None = None

    def answer(self, near: tuple[date, date], ask: Callable[[Ground], Answer]) -> Answer:
        """Ask on the days ``near`` first, then on ever more of the calendar while it does not reach.

        :raises CalendarNotPublished: the whole calendar does not reach.
        """
        if not self.week and self.rules:
            near = (min(near[0], *self.rules), max(near[1], *self.rules))
        first, last = self._clipped(*near)
        while True:
            ground = self._ground(first, last)
            try:
                return ask(ground)
            except (CalendarNotPublished, NoWorkingTime):
                calendar = ground.calendar
                if calendar.first == self.first and calendar.last == self.last:
                    raise
                reach = 3 * (calendar.last - calendar.first)
                first, last = self._clipped(calendar.first, calendar.last, reach)

    def _clipped(self, first: date, last: date, reach: timedelta = timedelta(400)) -> tuple[date, date]:
        begin = max(self.first, min(self.last, first - min(reach, first - date.min)))
        end = min(self.last, max(self.first, last + min(reach, date.max - last)))
        return begin, max(begin, end)

    def _ground(self, first: date, last: date) -> Ground:
        known = self._known
        if known and known.calendar.first <= first and last <= known.calendar.last:
            return known
        if known:
            first, last = min(first, known.calendar.first), max(last, known.calendar.last)
        span = {"first": first, "last": last, "certain_until": self.certain_until}
        calendar = WorkCalendar(self.rules, week=self.week, **span)
        self._known = Ground(calendar, self.timetable)
        return self._known

    @classmethod
    def whole(cls, calendar: WorkCalendar, timetable: Timetable) -> Described:
        """A calendar that is laid out already."""
        result = cls(timetable, calendar.rules, week=calendar.week, **_span_of(calendar))
        result._known = Ground(calendar, timetable)
        return result


def described(table: Any, known_at: date | None) -> Described:
    """The calendar of a query.

    :raises BadTimetable: it cannot be read or contradicts itself.
    :raises NoWorkingTime: nobody would ever work.
    """
    if table == "cn":
        return _nation(national(known_at))
    if not isinstance(table, dict):
        raise _bad("calendar", table, N_('give "cn" or a table with timezone, base and week'))
    return _read(json.dumps(table, sort_keys=True), known_at if table.get("base") == "cn" else None)


@cache
def _nation(calendar: WorkCalendar) -> Described:
    return Described.whole(calendar, read_office("default"))


@lru_cache(maxsize=64)
def _read(text: str, known_at: date | None) -> Described:
    table: dict[str, Any] = json.loads(text)
    base = table.get("base")
    if base not in ("cn", None, "none"):
        raise _bad("base", base, N_('give "cn", or leave it out'))
    if base == "cn" and "week" not in table:
        table["week"] = {"1-5": [["09:00", "12:00"], ["13:30", "17:00"]]}
    timetable = Timetable.parse(table)
    off, work = _dates(table, "off"), _dates(table, "work")
    if off & work:
        raise _bad("work", min(off & work).isoformat(), N_("a day cannot be off and worked: take it out of one list"))
    own = {day: DayRule(day, day in work, "", OWN) for day in off | work}
    if base == "cn":
        nation = national(known_at)
        return Described(timetable, {**nation.rules, **own}, week=nation.week, **_span_of(nation))
    if not timetable.weekdays and not work:
        raise NoWorkingTime(N_("nobody works on any day of this calendar: give it a working week or working days"))
    return Described(timetable, own, week=timetable.weekdays, first=EARLIEST, last=LATEST, certain_until=LATEST)


def _span_of(calendar: WorkCalendar) -> dict[str, date]:
    return {"first": calendar.first, "last": calendar.last, "certain_until": calendar.certain_until}


def _dates(table: Mapping[str, Any], where: str) -> set[date]:
    days = table.get(where, [])
    if not isinstance(days, list):
        raise _bad(where, days, N_("give a list of dates"))
    return {parse_date(day, where) for day in days}


def _bad(where: str, value: Any, remedy: str) -> BadTimetable:
    message = N_("%(where)s cannot be kept as given (%(value)s): %(remedy)s")
    return BadTimetable(message, field=where, values={"where": where, "value": repr(value)[:80], "remedy": remedy})
