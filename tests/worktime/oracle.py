"""A second, slow opinion on working time: walks day by day and minute by minute, and shares no line with the product.

The nation's days come from chinesecalendar with its one known error put right.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@cache
def nation_works(day: date) -> bool:
    return day == date(2005, 12, 31) or bool(chinese_calendar.is_workday(day))


class Oracle:
    """A calendar in the form of a query's ``calendar`` table, asked by walking."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table
        self.zone = ZoneInfo(table["timezone"])
        self.minutes_of_day: dict[date, set[int]] = {}
        self.week: dict[int, list[list[str]]] = {}
        for key, hours in table["week"].items():
            for part in key.split(","):
                begin, _, end = part.partition("-")
                for weekday in range(int(begin), int(end or begin) + 1):
                    self.week[weekday] = hours

    def works(self, day: date) -> bool:
        text = day.isoformat()
        if text in self.table.get("off", []):
            return False
        if text in self.table.get("work", []):
            return True
        if self.table.get("base") == "cn":
            return nation_works(day)
        return bool(self.week.get(day.isoweekday()))

    def is_holiday(self, day: date) -> bool:
        if day.isoformat() in self.table.get("off", []):
            return True
        is_off, name = chinese_calendar.get_holiday_detail(day) if self.table.get("base") else (False, None)
        return bool(is_off and name)

    def sessions(self, day: date) -> list[list[str]]:
        override = self.table.get("hours_overrides", {}).get(day.isoformat())
        if override is not None:
            return list(override)
        if not self.works(day) and (self.is_holiday(day) or not self.week.get(day.isoweekday())):
            return []
        for season in self.table.get("seasons", []):
            begin, end, today = season["from"], season["to"], day.strftime("%m-%d")
            if begin <= today <= end if begin <= end else today >= begin or today <= end:
                return list(season["hours"])
        return self.week.get(day.isoweekday()) or self.week[1]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        day = local.date()
        if day not in self.minutes_of_day:
            sessions = [[int(text[:2]) * 60 + int(text[3:]) for text in pair] for pair in self.sessions(day)]
            self.minutes_of_day[day] = {minute for begin, end in sessions for minute in range(begin, end)}
        return local.hour * 60 + local.minute in self.minutes_of_day[day]

    def add_workdays(self, start: date, n: int, pauses: list[list[str]]) -> date:
        day = start
        if n == 0:
            while not self.counts(day, pauses):
                day += DAY
        for _ in range(abs(n)):
            day += DAY if n > 0 else -DAY
            while not self.counts(day, pauses):
                day += DAY if n > 0 else -DAY
        return day

    def counts(self, day: date, pauses: list[list[str]]) -> bool:
        return self.works(day) and not any(begin <= day.isoformat() <= end for begin, end in pauses)

    def workdays_between(self, start: date, end: date) -> int:
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.works(start + i * DAY) for i in range(1, (end - start).days + 1))


class OpenMinutes:
    """The minutes of a window, each open or not, for an oracle that walks minutes."""

    def __init__(self, oracle: Oracle, first: date, days: int) -> None:
        self.zone = oracle.zone
        self.begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.open = bytearray(oracle.is_open(self.begin + i * MINUTE) for i in range(days * 1440))

    def index(self, at: datetime) -> int:
        return int((at - self.begin) / MINUTE)

    def instant(self, index: int) -> datetime:
        return self.begin + index * MINUTE

    def without(self, pauses: list[tuple[int, int]]) -> bytearray:
        left = bytearray(self.open)
        for begin, end in pauses:
            left[begin:end] = bytes(end - begin)
        return left

    @staticmethod
    def add(minutes: bytearray, start: int, n: int) -> int:
        at, left = start, n
        if n == 0:
            while not minutes[at]:
                at += 1
        while left:
            left -= minutes[at]
            at += 1
        return at

    @staticmethod
    def subtract(minutes: bytearray, start: int, n: int) -> int:
        at, left = start, n
        if n == 0 and not minutes[at]:
            while not minutes[at - 1]:
                at -= 1
        while left:
            at -= 1
            left -= minutes[at]
        return at

    @staticmethod
    def between(minutes: bytearray, start: int, end: int) -> int:
        return sum(minutes[start:end]) if start <= end else -sum(minutes[end:start])
