"""Office hours on a calendar: minutes of service between two instants, and instants so many minutes away.

Everything runs on seconds since 1970, so a night shift over a change of summer time has the length it really had.
Working-day counts are the calendar's alone; hours only move minutes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from portal.basis import N_
from portal.worktime.days import WorkCalendar
from portal.worktime.periods import EPOCH, InstantRange, Span, paused_seconds, seconds
from portal.worktime.refusals import CalendarNotPublished, NoWorkingTime
from portal.worktime.timetable import DAY, Sessions, Timetable
from portal.worktime.zones import EPOCH_ORDINAL, stretches

_instant = datetime.fromtimestamp


class OfficeHours:
    """A timetable laid on a calendar. Openings are half-open; every instant given is aware, every answer is in UTC."""

    __slots__ = (
        "_before", "_begin", "_certain", "_closes", "_closings", "_eve", "_first_of_day", "_opens", "_upto",
        "calendar", "end", "timetable", "version", "zone",
    )  # fmt: skip

    def __init__(self, calendar: WorkCalendar, timetable: Timetable) -> None:
        self.calendar, self.timetable, self.zone = calendar, timetable, timetable.zone
        self.version = f"{calendar.version}-{timetable.version}"
        self._eve = calendar.first.toordinal() - 1
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._closings = [0] * ((calendar.last - calendar.first).days + 2)
        self._lay_out()
        if not self._opens:
            raise NoWorkingTime(N_("no day of this calendar has opening hours: give its working days hours"))
        # open seconds before the i-th opening, and up to its end
        self._before, self._upto, total = [], [], 0
        for opens, closes in zip(self._opens, self._closes, strict=True):
            self._before.append(total)
            total += closes - opens
            self._upto.append(total)
        self._begin = self._midnight(calendar.first)
        self.end = self._midnight(calendar.last + timedelta(1))
        # how many openings lie at or before the beginning of each 24 hours of the calendar
        marks = range(self._begin, self.end + 2 * DAY, DAY)
        self._first_of_day = [bisect_right(self._opens, mark) for mark in marks]
        self._certain = min(self.end, self._midnight(calendar.certain_until + timedelta(1)))

    def date_of(self, at: datetime) -> date:
        """The office's date at an instant: in Shanghai it is tomorrow from 16:00 UTC.

        :raises ValueError: the instant has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone: give an aware instant")
        return at.astimezone(self.zone).date()

    def is_open(self, at: datetime, *, provisional: bool = False) -> bool:
        moment = self._checked(seconds(at) + 1, provisional) - 1  # the second from ``at`` on must be settled
        place = bisect_right(self._opens, moment) - 1
        return place >= 0 and moment < self._closes[place]

    def sessions(self, day: date, *, provisional: bool = False) -> Sessions:
        works = self.calendar.is_workday(day, provisional=provisional)
        return self.timetable.sessions(day, works=works, is_moved=day in self.calendar.rules)

    def closes_at(self, day: date) -> datetime:
        """The instant at which the office stops work that day, where limits of that day end.

        A working day whose hours an exception took away ends when it usually would; a rest day at midnight.
        """
        offset = day.toordinal() - self._eve
        if 0 < offset < len(self._closings):
            return _instant(self._closings[offset], UTC)
        raise self._unpublished(day)

    def next_opening(self, at: datetime, *, provisional: bool = False) -> datetime:
        """``at`` itself if the office is open then."""
        return self.add_seconds(at, 0, provisional=provisional)

    def last_closing(self, at: datetime, *, provisional: bool = False) -> datetime:
        """``at`` itself if the office is open then, else when it last closed."""
        return self.subtract_seconds(at, 0, provisional=provisional)

    def add_minutes(
        self, start: datetime, n: int, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> datetime:
        """The first instant by which ``n`` minutes of service have passed: time that runs out at closing ends there.

        0 gives ``start`` if the office is open, else the next opening; a negative n goes back.
        """
        return self._add(start, n * 60, pauses, provisional)

    def subtract_minutes(
        self, start: datetime, n: int, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> datetime:
        """The last instant from which ``n`` minutes of service lead to ``start``; 0 gives the last closing if shut."""
        return self._subtract(start, n * 60, pauses, provisional)

    def minutes_between(
        self, start: datetime, end: datetime, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> int:
        """Whole minutes of service in [start, end); negative when reversed."""
        net = self._between(start, end, pauses, provisional)
        return net // 60 if net >= 0 else -(-net // 60)

    def add_seconds(
        self, start: datetime, n: int, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> datetime:
        return self._add(start, n, pauses, provisional)

    def subtract_seconds(
        self, start: datetime, n: int, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> datetime:
        return self._subtract(start, n, pauses, provisional)

    def seconds_between(
        self, start: datetime, end: datetime, *, pauses: Sequence[InstantRange] = (), provisional: bool = False
    ) -> int:
        return self._between(start, end, pauses, provisional)

    def tables(self) -> tuple[list[int], list[int], int, int]:
        """Openings and closings in seconds since 1970; then the first instant of the calendar and its certain end."""
        return self._opens, self._closes, self._begin, self._certain

    def _add(self, start: datetime, n: int, pauses: Sequence[InstantRange], provisional: bool) -> datetime:
        since = start - EPOCH
        moment = since.days * DAY + since.seconds
        if n > 0 and not pauses and self._begin <= moment <= self._certain:  # the quick way, as far as it goes
            found = self._forward(moment, n, ())
            if found <= self._certain:
                return _instant(found, UTC)
        if n < 0:
            return self._subtract(start, -n, pauses, provisional)
        self._checked(moment, provisional)
        spans = paused_seconds(pauses)
        if n:
            return self._answer(self._forward(moment, n, spans), provisional)
        found = self._next_open(moment, spans)
        self._checked(found + 1, provisional)
        return _instant(found, UTC)

    def _subtract(self, start: datetime, n: int, pauses: Sequence[InstantRange], provisional: bool) -> datetime:
        if n < 0:
            return self._add(start, -n, pauses, provisional)
        moment = self._checked(seconds(start), provisional)
        spans = paused_seconds(pauses)
        found = self._backward(moment, n, spans) if n else self._last_open(moment, spans)
        return self._answer(found, provisional)

    def _between(self, start: datetime, end: datetime, pauses: Sequence[InstantRange], provisional: bool) -> int:
        a, b = seconds(start), seconds(end)
        limit = self.end if provisional else self._certain
        if not (self._begin <= a <= limit and self._begin <= b <= limit):
            self._checked(a, provisional)
            self._checked(b, provisional)
        net = self._served(b) - self._served(a)
        if pauses:
            low, high, sign = (a, b, 1) if a <= b else (b, a, -1)
            clipped = ((max(c, low), min(d, high)) for c, d in paused_seconds(pauses))
            net -= sign * sum(self._served(d) - self._served(c) for c, d in clipped if c < d)
        return net

    def _served(self, moment: int) -> int:
        """Open seconds from the start of the calendar to ``moment``, which the calendar must hold."""
        day = (moment - self._begin) // DAY
        place = bisect_right(self._opens, moment, self._first_of_day[day], self._first_of_day[day + 1]) - 1
        if place < 0:
            return 0
        if moment >= self._closes[place]:
            return self._upto[place]
        return self._before[place] + moment - self._opens[place]

    def _served_by(self, moment: int) -> int:
        """The same for a moment of a pause, which may lie outside the calendar."""
        return self._served(min(max(moment, self._begin), self.end))

    def _forward(self, moment: int, n: int, spans: Sequence[Span]) -> int:
        target = self._served(moment) + n
        for paused_from, end in spans:
            begin = max(paused_from, moment)
            if begin < end:
                served = self._served_by(begin)
                if served >= target:
                    break
                target += self._served_by(end) - served
        place = bisect_left(self._upto, target)
        if place == len(self._upto):
            raise self._unpublished(self.calendar.last + timedelta(1))
        return self._opens[place] + target - self._before[place]

    def _backward(self, moment: int, n: int, spans: list[Span]) -> int:
        target = self._served(moment) - n
        for begin, paused_until in reversed(spans):
            end = min(paused_until, moment)
            if begin < end:
                served = self._served_by(end)
                if served <= target:
                    break
                target -= served - self._served_by(begin)
        if target < 0:
            raise self._unpublished(self.calendar.first - timedelta(1))
        place = bisect_right(self._before, target) - 1
        return self._opens[place] + target - self._before[place]

    def _next_open(self, moment: int, spans: list[Span]) -> int:
        """The first open instant from ``moment`` on, outside the pauses (which are sorted)."""
        for begin, end in [*spans, (self.end, self.end)]:
            place = bisect_right(self._closes, moment)
            if place == len(self._closes):
                break
            moment = max(moment, self._opens[place])
            if moment < begin:
                return moment
            moment = max(moment, end)
        raise self._unpublished(self.calendar.last + timedelta(1))

    def _last_open(self, moment: int, spans: list[Span]) -> int:
        """``moment`` if open and not paused, else the end of the last open stretch before it."""
        place = bisect_right(self._opens, moment) - 1
        is_paused = any(begin <= moment < end for begin, end in spans)
        if place >= 0 and moment < self._closes[place] and not is_paused:
            return moment
        for begin, end in [*reversed(spans), (self._begin, self._begin)]:
            place = bisect_left(self._opens, moment) - 1
            if place < 0:
                break
            moment = min(moment, self._closes[place])
            if moment > end:
                return moment
            moment = min(moment, begin)
        raise self._unpublished(self.calendar.first - timedelta(1))

    def _checked(self, moment: int, provisional: bool) -> int:
        if self._begin <= moment <= (self.end if provisional else self._certain):
            return moment
        raise self._unpublished(_instant(moment, self.zone).date())

    def _answer(self, moment: int, provisional: bool) -> datetime:
        return _instant(self._checked(moment, provisional), UTC)

    def _unpublished(self, day: date) -> CalendarNotPublished:
        return self.calendar.unpublished(day)

    def _midnight(self, day: date) -> int:
        return seconds(datetime.combine(day, time(), self.zone))

    def _lay_out(self) -> None:
        """List the openings in order, and when each day closes, stretch by stretch of equal offset from UTC."""
        first, works = self.calendar.first, self.calendar.tables()[0]
        for begin, end, offset in stretches(self.zone, self.calendar.first, self.calendar.last):
            earliest = (begin + offset) // DAY + EPOCH_ORDINAL - self._eve
            latest = (end - 1 + offset) // DAY + EPOCH_ORDINAL - self._eve
            for number in range(max(earliest, 1), min(latest, len(works)) + 1):
                day = first + timedelta(number - 1)
                midnight = (self._eve + number - EPOCH_ORDINAL) * DAY - offset
                is_worked = bool(works[number - 1])
                is_moved = day in self.calendar.rules
                sessions = self.timetable.sessions(day, works=is_worked, is_moved=is_moved)
                usual = sessions or (self.timetable.usual(day) if is_worked else ())
                self._closings[number] = midnight + (usual[-1].closes if usual else DAY)
                for session in sessions:
                    opens, closes = max(midnight + session.opens, begin), min(midnight + session.closes, end)
                    if opens < closes:
                        self._opens.append(opens)
                        self._closes.append(closes)
