"""Days and instants of one leg by one limit: when it ends, when it is warned of, when twice of it has passed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from portal.basis import Limit, Unit
from portal.cases.model.legs import Leg, situation_of
from portal.catalogue.model import ItemType, ItemVersion
from portal.ledger.model import Event
from portal.worktime.due import CIVIL, PETITION, Counting, Due, due, explicit_target
from portal.worktime.hours import OfficeHours
from portal.worktime.periods import DateRange
from portal.worktime.rules import DayStatus

WARN_AT_TENTHS: Final = 8  # 80 %; a parameter of ours


def midnight(day: date, hours: OfficeHours) -> datetime:
    return datetime.combine(day, time(), hours.zone)


def counting_of(version: ItemVersion) -> Counting:
    return PETITION if version.item_type is ItemType.PETITION else CIVIL


def asked_extension(
    leg: Leg, limit: Limit, events: Sequence[Event], version: ItemVersion
) -> tuple[Limit, datetime] | None:
    """The one extension that may count: the first of this clock, if it keeps to the item's measure."""
    allowed = version.limit(leg.clock, situation_of(events))
    first = next((event for event in events if event.kind == "extended" and event.text("clock") == leg.clock), None)
    if first is None or allowed is None or allowed.extension is None or allowed.extension.unit is not limit.unit:
        return None
    days = first.integer("days") or 0
    return (Limit(days, limit.unit), first.occurred_at) if 0 < days <= allowed.extension.n else None


@dataclass(frozen=True, slots=True)
class Run:
    """One leg under one limit; without one its target decides. ``asked``: an extension, and when it was recorded."""

    leg: Leg
    limit: Limit | None
    hours: OfficeHours
    pauses: tuple[DateRange, ...]
    counting: Counting
    asked: tuple[Limit, datetime] | None = None

    @property
    def compares_dates(self) -> bool:
        return self.leg.target_at is None and (self.limit is None or self.limit.unit.compares_dates)

    def end(self) -> tuple[Due, int]:
        """The end, and by how much it was extended: an extension counts only if it was recorded before the end."""
        if self.leg.target_at is not None:
            return explicit_target(self.leg.target_at, self.hours), 0
        if self.limit is None:
            assert self.leg.target_on is not None, "a leg without a limit has a day of its own"
            return self._on_the_day(self.leg.target_on), 0
        start = self._start(self.limit)
        plain = due(start, self.limit, self.hours, pauses=self.pauses, counting=self.counting)
        if self.asked is None or self.asked[1].astimezone(self.hours.zone).date() > plain.on:
            return plain, 0
        extension = self.asked[0]
        longer = due(start, self.limit, self.hours, pauses=self.pauses, extension=extension, counting=self.counting)
        return longer, extension.n

    def warning(self, ends: Due, extended_by: int) -> datetime | None:
        """The earlier of 80 % of the limit and one working day before its end; none for limits of a day or less."""
        limit, leg = self.limit, self.leg
        n = (limit.n if limit else 0) + extended_by
        if limit is not None and limit.unit is Unit.WORKING_DAY:
            return None if n <= 1 else self.hours.closes_at(self._workday(min(n * WARN_AT_TENTHS // 10, n - 1)))
        eve = self.hours.closes_at(self.hours.calendar.add_workdays(ends.on, -1, pauses=self.pauses, provisional=True))
        if limit is not None and not limit.unit.compares_dates:
            start = self._start(limit)
            is_short = n <= (24 if limit.unit is Unit.HOUR else self._minutes_of_a_day())
            return None if is_short else min(start + (ends.at - start) * WARN_AT_TENTHS / 10, eve)
        span = (ends.on - leg.counted_from).days
        at_tenths = leg.counted_from + timedelta(span * WARN_AT_TENTHS // 10)
        return None if span <= 1 else min(self.hours.closes_at(at_tenths), eve)

    def doubled(self, extended_by: int) -> datetime | None:
        """The first moment of the day that completes twice the limit: working days only."""
        if self.limit is None or self.limit.unit is not Unit.WORKING_DAY or self.limit.n + extended_by == 0:
            return None
        return midnight(self._workday(2 * (self.limit.n + extended_by)), self.hours)

    def _workday(self, n: int) -> date:
        return self.hours.calendar.add_workdays(self.leg.counted_from, n, pauses=self.pauses, provisional=True)

    def _on_the_day(self, day: date) -> Due:
        version = self.hours.calendar.version
        return Due(day, self.hours.closes_at(day), version, DayStatus.CERTAIN, day, day)

    def _start(self, limit: Limit) -> datetime:
        """Day limits run from a date; hour limits from the moment, or the first opening of the day it counts as."""
        leg, hours = self.leg, self.hours
        if limit.unit.compares_dates:
            return datetime.combine(leg.counted_from, time(12), hours.zone)
        if leg.counted_from == leg.opened_at.astimezone(hours.zone).date():
            return leg.opened_at
        return hours.next_opening(midnight(leg.counted_from, hours), provisional=True)

    def _minutes_of_a_day(self) -> int:
        sessions = self.hours.timetable.usual(self.leg.counted_from)
        return sum(session.closes - session.opens for session in sessions) // 60
