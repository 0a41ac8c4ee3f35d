"""From a limit to the moment it falls due, and from that moment to a verdict.

The day of receipt does not count (民法典 第二百零一条) and a day limit ends when the office stops work on its last day
(民法典 第二百零三条). Day limits are judged by date, hour limits and explicit targets by instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.basis import LegalSource, Limit, Unit
from portal.worktime.hours import OfficeHours
from portal.worktime.months import add_calendar_days, add_months
from portal.worktime.periods import DateRange, InstantRange, paused_days, paused_seconds, seconds
from portal.worktime.rules import DayNote, DayReason, DayStatus

Pauses = Sequence[DateRange] | Sequence[InstantRange]
HOUR = 3600


class ReceiptRule(StrEnum):
    """The day a request counts as received, by its channel: as it came, or when the office next works."""

    AS_IS = "as-is"
    NEXT_OPEN = "next-open"


@dataclass(frozen=True, slots=True)
class Counting:
    """Where laws differ. ``rolls``: a calendar limit that ends on a rest day ends on the next working day.

    ``from_next_hour``: the hour of the event does not count, as the day of it does not.
    """

    rolls: bool
    from_next_hour: bool
    source: LegalSource


CIVIL = Counting(True, False, LegalSource("民法典", "第二百零一条、第二百零三条", in_force_from=date(2021, 1, 1)))
PROCEDURE = Counting(
    True, True, LegalSource("民事诉讼法", "第八十五条；法释〔2022〕11号 第一百二十五条", in_force_from=date(2024, 1, 1))
)
# No text was found that moves the end of a petition's 15 or 60 days off a rest day, so the stricter reading holds.
PETITION = Counting(False, False, LegalSource("信访工作条例", "第三十四条", in_force_from=date(2022, 5, 1)))


class Due(NamedTuple):
    """``on`` binds day limits, ``at`` hour limits and explicit targets.

    ``starts_on`` is the day that does not count, ``base_on`` the due day before an extension, ``calendar`` the version
    that computed it. A due moment that is not certain is shown as such, computed again when the notice comes, and held
    against nobody until then.
    """

    on: date
    at: datetime
    calendar: str
    status: DayStatus
    starts_on: date
    base_on: date
    trace: tuple[DayNote, ...] = ()


def due(
    received: datetime,
    limit: Limit,
    hours: OfficeHours,
    *,
    pauses: Pauses = (),
    extension: Limit | None = None,
    receipt: ReceiptRule = ReceiptRule.AS_IS,
    counting: Counting = CIVIL,
    trace: bool = False,
) -> Due:
    """When ``limit`` ends for what was received at an (aware) instant.

    Pauses are inclusive dates or half-open instants: a day that a pause touches does not count toward day limits.
    An extension has the unit of the limit. A due moment past the published notices comes back as provisional.

    :raises CalendarNotPublished: the limit runs past the last day for which there is even a provisional calendar.
    """
    calendar, unit = hours.calendar, limit.unit
    starts_on = hours.date_of(received)
    is_moved = False
    if receipt is not ReceiptRule.AS_IS:
        came_on, starts_on = starts_on, received_on(received, hours, receipt)
        is_moved = starts_on != came_on
    if unit is Unit.WORKING_DAY and extension is None and not (pauses or trace):
        on = calendar.add_workdays(starts_on, limit.n, provisional=True)
        status = DayStatus.CERTAIN if on <= calendar.certain_until else DayStatus.PROVISIONAL
        return Due(on, hours.closes_at(on), calendar.version, status, starts_on, on)
    if extension is not None and extension.unit is not unit:
        raise ValueError(f"an extension in {extension.unit} cannot prolong a limit in {unit}: use one unit")
    leg = _Leg(received, starts_on, is_moved, unit, hours, pauses, counting)
    base_on, at = leg.end(limit.n)
    total = limit.n + (extension.n if extension else 0)
    on, at = leg.end(total) if extension else (base_on, at)
    is_certain = max(on, starts_on) <= calendar.certain_until or leg.is_independent
    status = DayStatus.CERTAIN if is_certain else DayStatus.PROVISIONAL
    notes = tuple(_trace(starts_on, on, leg.last_day(total), unit, hours, pauses)) if trace and leg.has_days else ()
    return Due(on, at, calendar.version, status, starts_on, base_on, notes)


def explicit_target(target: datetime, hours: OfficeHours) -> Due:
    """A target somebody named: it binds by its instant, and no calendar makes it uncertain."""
    on = hours.date_of(target)
    return Due(on, target.astimezone(UTC), hours.calendar.version, DayStatus.CERTAIN, on, on)


def received_on(received: datetime, hours: OfficeHours, rule: ReceiptRule) -> date:
    """The day of receipt: with ``next-open``, what comes on a rest day or after the last closing counts as come on
    the next working day."""
    local = hours.date_of(received)
    if rule is ReceiptRule.AS_IS:
        return local
    calendar = hours.calendar
    if not calendar.is_workday(local, provisional=True):
        return calendar.add_workdays(local, 1, provisional=True)
    is_over = not hours.sessions(local, provisional=True) or received >= hours.closes_at(local)
    return calendar.add_workdays(local, 1, provisional=True) if is_over else local


class _Leg(NamedTuple):
    """One run of a limit of any unit, from receipt to its end."""

    received: datetime
    starts_on: date
    is_moved: bool
    unit: Unit
    hours: OfficeHours
    pauses: Pauses
    counting: Counting

    @property
    def has_days(self) -> bool:
        return self.unit.compares_dates

    @property
    def is_independent(self) -> bool:
        """Whether no working day has a say in the end."""
        is_natural = self.unit in (Unit.CALENDAR_DAY, Unit.MONTH) and not self.counting.rolls
        return not self.is_moved and (is_natural or self.unit is Unit.HOUR)

    def end(self, n: int) -> tuple[date, datetime]:
        if self.has_days:
            on = self.last_day(n)
            if self.unit is not Unit.WORKING_DAY and self.counting.rolls:
                on = self.hours.calendar.roll_forward(on, provisional=True)
            return on, self.hours.closes_at(on)
        pauses = _as_instants(self.pauses, self.hours)
        if self.unit is Unit.WORKING_MINUTE:
            at = self.hours.add_minutes(self._begins_at(), n, pauses=pauses, provisional=True)
        else:
            at = self._after_hours(n, pauses)
        return self.hours.date_of(at), at

    def last_day(self, n: int) -> date:
        """The last day counted, before it is moved off a rest day."""
        calendar, days = self.hours.calendar, _as_days(self.pauses, self.hours)
        if self.unit is Unit.WORKING_DAY:
            return calendar.add_workdays(self.starts_on, n, pauses=days, provisional=True)
        shift = add_months if self.unit is Unit.MONTH else add_calendar_days
        return _skipped(self.starts_on, shift(self.starts_on, n), days)

    def _begins_at(self) -> datetime:
        """The instant of receipt, or, where the receipt rule moved it, the first opening of the day it moved to."""
        if not self.is_moved:
            return self.received
        midnight = datetime.combine(self.starts_on, time(), self.hours.zone)
        return self.hours.next_opening(midnight, provisional=True)

    def _after_hours(self, n: int, pauses: Sequence[InstantRange]) -> datetime:
        begin = seconds(self._begins_at())
        if self.counting.from_next_hour:
            begin += HOUR - begin % HOUR
        end = begin + n * HOUR
        for paused_from, until in paused_seconds(pauses):
            a = max(paused_from, begin)
            if a < until and a < end:
                end += until - a
        return datetime.fromtimestamp(end, UTC)


def _skipped(start: date, end: date, pauses: Sequence[DateRange]) -> date:
    """``end`` moved on by every paused day after ``start`` that it reaches."""
    first, last = start.toordinal() + 1, end.toordinal()
    for paused_from, until in paused_days(pauses):
        a = max(paused_from, first)
        if a < until and a <= last:
            last += until - a
    return add_calendar_days(end, last - end.toordinal())


def _as_days(pauses: Pauses, hours: OfficeHours) -> list[DateRange]:
    """Every local day a pause touches; the half-open end of an instant range at midnight touches no new day."""
    result: list[DateRange] = []
    for begin, end in pauses:
        if isinstance(begin, datetime) and isinstance(end, datetime):
            if begin == end:
                continue
            last = end - timedelta(microseconds=1) if begin < end else end
            result.append((hours.date_of(begin), hours.date_of(last)))
        else:
            result.append((begin, end))
    return result


def _as_instants(pauses: Pauses, hours: OfficeHours) -> list[InstantRange]:
    """Inclusive dates as the local midnights around them."""
    result: list[InstantRange] = []
    for begin, end in pauses:
        if isinstance(begin, datetime) and isinstance(end, datetime):
            result.append((begin, end))
        else:
            after = end + timedelta(1)
            zone = hours.zone
            result.append((datetime.combine(begin, time(), zone), datetime.combine(after, time(), zone)))
    return result


def _trace(start: date, on: date, counted_to: date, unit: Unit, hours: OfficeHours, pauses: Pauses) -> list[DayNote]:
    """The calendar's day-by-day notes; a calendar unit counts every day but the start, the paused and the rolled."""
    notes = hours.calendar.why(start, on, pauses=_as_days(pauses, hours))
    if unit is Unit.WORKING_DAY:
        return notes
    result: list[DayNote] = []
    number = 0
    for note in notes:
        reason = note.reason
        if note.day > counted_to:
            reason = DayReason.ROLLED
        elif reason not in (DayReason.START, DayReason.PAUSED):
            reason = DayReason.CALENDAR_DAY
        counted = reason is DayReason.CALENDAR_DAY
        number += counted
        result.append(replace(note, counted=counted, number=number if counted else 0, reason=reason))
    return result
