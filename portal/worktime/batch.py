"""The same arithmetic on whole columns: table look-ups in blocks that stay in the processor's cache.

Days are ``datetime64[D]`` or whole days since 1970; instants are ``datetime64[m]`` in UTC or whole minutes since 1970.
What goes in as one kind comes out as that kind. Nothing is clipped: a single value past the calendar refuses the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.worktime.days import WorkCalendar
from portal.worktime.hours import OfficeHours
from portal.worktime.zones import EPOCH_ORDINAL

Int64s = NDArray[np.int64]
Column = NDArray[Any]
Number = int | Int64s

BLOCK = 16_384
DAY = 1440


class CalendarTable(NamedTuple):
    """One row a day: days since 1970, 0 or 1 for worked, working days since the calendar began, 0 or 1 for certain."""

    day: Int64s
    works: NDArray[np.int8]
    ordinal: Int64s
    is_certain: NDArray[np.int8]


def table(calendar: WorkCalendar, first: date, last: date) -> CalendarTable:
    """The days from ``first`` to ``last`` as columns to join on: (a, b] holds ordinal(b) - ordinal(a) working days.

    :raises CalendarNotPublished: one of the two lies outside the calendar's tables.
    """
    for day in (first, last):
        if not calendar.first <= day <= calendar.last:
            raise calendar.unpublished(day)
    works, counted, _ = calendar.tables()
    begin, end = ((day - calendar.first).days for day in (first, last))
    days = np.arange(begin, end + 1) + (calendar.first.toordinal() - EPOCH_ORDINAL)
    return CalendarTable(
        days,
        np.frombuffer(works, np.int8)[begin : end + 1].copy(),
        np.array(counted[begin + 1 : end + 2], np.int64),
        (days <= calendar.certain_until.toordinal() - EPOCH_ORDINAL).astype(np.int8),
    )


class BatchCalendar:
    """A working calendar's two tables as arrays."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        _, counted, days = calendar.tables()
        self._eve = calendar.first.toordinal() - 1 - EPOCH_ORDINAL
        self._counted = np.array(counted, np.int64)
        self._days = np.array([0, *(day.toordinal() - EPOCH_ORDINAL for day in days)], np.int64)
        self._certain = calendar.certain_until.toordinal() - EPOCH_ORDINAL

    def add_workdays(self, start: Column, n: Number, *, out: Int64s | None = None, provisional: bool = False) -> Column:
        """The n-th working day after each start; 0 and negative n as the calendar has them."""
        begin = _integers(start, "D")
        result = _result(begin, out)
        offset, place = _buffers(begin.size)
        for rows, size in _blocks(begin.size):
            number = n if isinstance(n, int) else n.ravel()[rows]
            at, to = offset[:size], place[:size]
            self._offsets(begin[rows], at, provisional)
            if np.min(number) > 0:
                self._counted.take(at, out=to, mode="clip")
                np.add(to, number, out=to)
            else:
                forward = np.greater(number, 0)
                np.subtract(at, np.logical_not(forward), out=at)
                self._counted.take(at, out=to, mode="clip")
                np.add(to, np.where(forward, number, np.add(number, 1)), out=to)
            low, high = int(to.min()), int(to.max())
            if low < 1 or high >= self._days.size:
                raise self.calendar.unpublished(self.calendar.first if low < 1 else self.calendar.last)
            self._days.take(to, out=result[rows], mode="clip")
            self._check(self._days[high], provisional)
        return _like(start, result, "D")

    def workdays_between(
        self, start: Column, end: Column, *, out: Int64s | None = None, provisional: bool = False
    ) -> Int64s:
        """Working days after each start up to and including its end; negative when reversed."""
        begin, until = _integers(start, "D"), _integers(end, "D")
        result = _result(begin, out)
        offset, count = _buffers(begin.size)
        for rows, size in _blocks(begin.size):
            at, to = offset[:size], count[:size]
            self._offsets(begin[rows], at, provisional)
            self._counted.take(at, out=to, mode="clip")
            self._offsets(until[rows], at, provisional)
            self._counted.take(at, out=result[rows], mode="clip")
            np.subtract(result[rows], to, out=result[rows])
        return result.reshape(start.shape)

    def ordinals(self, days: Column, *, out: Int64s | None = None, provisional: bool = False) -> Int64s:
        """Working days from the beginning of the calendar up to and including each day."""
        begin = _integers(days, "D")
        result = _result(begin, out)
        offset, _ = _buffers(begin.size)
        for rows, size in _blocks(begin.size):
            self._offsets(begin[rows], offset[:size], provisional)
            self._counted.take(offset[:size], out=result[rows], mode="clip")
        return result.reshape(days.shape)

    def _offsets(self, days: Int64s, out: Int64s, provisional: bool) -> None:
        low, high = int(days.min()), int(days.max())
        if low <= self._eve:
            raise self.calendar.unpublished(_date(low))
        self._check(high, provisional)
        np.subtract(days, self._eve, out=out)

    def _check(self, day: int | np.int64, provisional: bool) -> None:
        limit = self._eve + self._counted.size - 1 if provisional else self._certain
        if day > limit:
            raise self.calendar.unpublished(_date(int(day)))


class BatchHours:
    """Office hours as tables: open minutes before each UTC day, the pattern of that day, and the way back."""

    def __init__(self, hours: OfficeHours) -> None:
        self.hours = hours
        opens, closes, begin, certain = hours.tables()
        edges = np.array([opens, closes], np.int64)
        if (edges % 60).any():
            raise ValueError("hours that begin or end within a minute have no minute tables: use OfficeHours")
        edges //= 60
        self._begin, self._certain, self._end = -(-begin // 60), certain // 60, hours.end // 60
        self._lengths = edges[1] - edges[0]
        before = np.cumsum(self._lengths) - self._lengths
        self._first = self._begin // DAY
        self._lay_out_days(edges)
        # between two edges of an opening nothing changes but the shift, so one entry serves `step` open minutes
        self._step = gcd(*self._lengths.tolist())
        self._shift = np.repeat(edges[0] - before, self._lengths // self._step)
        self._total = int(self._lengths.sum())

    def add_minutes(self, start: Column, n: Number, *, out: Int64s | None = None, provisional: bool = False) -> Column:
        """When ``n`` minutes of service after each start have passed: at closing, never at the next opening.

        0 gives the start or the next opening, a negative n goes back.
        """
        begin = _integers(start, "m")
        result = _result(begin, out)
        served, place = _buffers(begin.size)
        for rows, size in _blocks(begin.size):
            number = n if isinstance(n, int) else n.ravel()[rows]
            to, at = served[:size], place[:size]
            self._served(begin[rows], to, at, provisional)
            np.add(to, number, out=to)
            np.subtract(to, np.greater(number, 0), out=at)
            np.floor_divide(at, self._step, out=at)
            low, high = int(at.min()), int(at.max())
            if low < 0 or high >= self._shift.size:
                raise self._beyond(self._begin if low < 0 else self._end + DAY)
            self._shift.take(at, out=result[rows], mode="clip")
            np.add(result[rows], to, out=result[rows])
            self._check(int(result[rows].max()), provisional)
        return _like(start, result, "m")

    def minutes_between(
        self, start: Column, end: Column, *, out: Int64s | None = None, provisional: bool = False
    ) -> Int64s:
        """Minutes of service in [start, end); negative when reversed."""
        begin, until = _integers(start, "m"), _integers(end, "m")
        result = _result(begin, out)
        served, place = _buffers(begin.size)
        for rows, size in _blocks(begin.size):
            self._served(begin[rows], served[:size], place[:size], provisional)
            self._served(until[rows], result[rows], place[:size], provisional)
            np.subtract(result[rows], served[:size], out=result[rows])
        return result.reshape(start.shape)

    def _lay_out_days(self, edges: Int64s) -> None:
        """Per UTC day: open minutes before it, and where its pattern begins in one table of minutes."""
        size = self._end // DAY - self._first + 1
        spans: list[tuple[tuple[int, int], ...]] = [()] * size
        for opens, closes in edges.T.tolist():
            begin = opens
            while begin < closes:
                day = begin // DAY
                end = min(closes, (day + 1) * DAY)
                spans[day - self._first] += ((begin - day * DAY, end - day * DAY),)
                begin = end
        seen: dict[tuple[tuple[int, int], ...], int] = {}
        which = np.array([seen.setdefault(span, len(seen)) for span in spans], np.int64)
        is_open = np.zeros((len(seen), DAY), np.int64)
        for row, span in enumerate(seen):
            for begin, end in span:
                is_open[row, begin:end] = 1
        per_day = is_open.sum(axis=1)[which]
        self._before_day = np.cumsum(per_day) - per_day
        self._pattern = (np.cumsum(is_open, axis=1) - is_open).ravel()
        # the index into _pattern is minute + (pattern - day) * 1440: one look-up and one addition
        self._pattern_of_day = (which - np.arange(size) - self._first) * DAY

    def _served(self, minutes: Int64s, out: Int64s, spare: Int64s, provisional: bool) -> None:
        low, high = int(minutes.min()), int(minutes.max())
        if low < self._begin:
            raise self._beyond(low)
        self._check(high, provisional)
        day = np.floor_divide(minutes, DAY, out=spare)
        np.subtract(day, self._first, out=day)
        self._pattern_of_day.take(day, out=out, mode="clip")
        np.add(out, minutes, out=out)
        within = self._pattern.take(out, mode="clip")
        self._before_day.take(day, out=out, mode="clip")
        np.add(out, within, out=out)

    def _check(self, minute: int, provisional: bool) -> None:
        if minute > (self._end if provisional else self._certain):
            raise self._beyond(minute)

    def _beyond(self, minute: int) -> Exception:
        return self.hours.calendar.unpublished(_date(minute // DAY))


def _integers(column: Column, unit: str) -> Int64s:
    if column.dtype.kind == "M":
        if column.dtype != np.dtype(f"M8[{unit}]"):
            raise TypeError(f"{column.dtype} is too coarse or too fine: convert to datetime64[{unit}] first")
        column = column.view(np.int64)
    return np.ascontiguousarray(column, np.int64).ravel()


def _like(column: Column, result: Int64s, unit: str) -> Column:
    shaped = result.reshape(column.shape)
    return shaped.view(f"M8[{unit}]") if column.dtype.kind == "M" else shaped


def _result(like: Int64s, out: Int64s | None) -> Int64s:
    return np.empty(like.size, np.int64) if out is None else out.view(np.int64).reshape(like.size)


def _buffers(size: int) -> tuple[Int64s, Int64s]:
    size = min(size, BLOCK)
    return np.empty(size, np.int64), np.empty(size, np.int64)


def _blocks(size: int) -> Iterator[tuple[slice, int]]:
    for begin in range(0, size, BLOCK):
        end = min(begin + BLOCK, size)
        yield slice(begin, end), end - begin


def _date(day: int) -> date:
    return date.fromordinal(min(max(day + EPOCH_ORDINAL, 1), date.max.toordinal()))
