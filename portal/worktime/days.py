"""Working days as arithmetic: an immutable calendar answers from two tables, whatever the limit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate

from portal.basis import N_
from portal.worktime.periods import DateRange, Span, paused_days
from portal.worktime.refusals import CalendarNotPublished, NoWorkingTime
from portal.worktime.rules import DayNote, DayReason, DayRule, DayStatus, known_rules

MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})


class WorkCalendar:
    """Which days are worked, from ``first`` to ``last``; never changed once built.

    Days after ``certain_until`` follow the plain week: they answer only to who asks for ``provisional=True``.
    ``version`` is a hash of every rule in force, so two calendars with one version give one answer.
    """

    __slots__ = (
        "_certain_until", "_counted", "_days", "_eve", "_sure_counted", "_sure_days", "_works",
        "certain_until", "first", "last", "rules", "version", "week",
    )  # fmt: skip

    def __init__(
        self,
        rules: Mapping[date, DayRule],
        *,
        first: date,
        last: date,
        certain_until: date | None = None,
        week: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> None:
        self.first, self.last, self.week = first, last, week
        self.certain_until = last if certain_until is None else min(certain_until, last)
        self.rules = {day: rules[day] for day in sorted(rules) if first <= day <= last}
        self._eve = first.toordinal() - 1
        self._works = self._work_bits()
        # _counted[i]: working days among the first i days; _days[k]: the k-th working day, counted from 1
        self._counted = [0, *accumulate(self._works)]
        self._days = [first, *(date.fromordinal(o) for o, w in enumerate(self._works, self._eve + 1) if w)]
        if len(self._days) == 1:
            raise NoWorkingTime(N_("nobody works on any day of this calendar: give it a working week or working days"))
        self._certain_until = max(self.certain_until.toordinal() - self._eve, 0)
        # the same two tables as far as they are certain: where they end, the quick way ends
        self._sure_counted = self._counted[: self._certain_until + 1]
        self._sure_days = self._days[: self._counted[self._certain_until] + 1]
        self.version = self._hash()

    @classmethod
    def from_rules(
        cls,
        layers: Sequence[Iterable[DayRule]],
        *,
        first: date,
        last: date,
        certain_until: date | None = None,
        known_at: date | None = None,
        week: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> WorkCalendar:
        """Lay layers over the week, the widest area first; each later layer may set any day either way."""
        rules: dict[date, DayRule] = {}
        for layer in layers:
            rules |= known_rules(layer, known_at)
        return cls(rules, first=first, last=last, certain_until=certain_until, week=week)

    def is_workday(self, day: date, *, provisional: bool = False) -> bool:
        return bool(self._works[self._offset(day, provisional) - 1])

    def status(self, day: date) -> DayStatus:
        if not self.first <= day <= self.last:
            return DayStatus.UNKNOWN
        return DayStatus.CERTAIN if day <= self.certain_until else DayStatus.PROVISIONAL

    def add_workdays(self, start: date, n: int, *, pauses: Sequence[DateRange] = (), provisional: bool = False) -> date:
        """The n-th working day strictly after ``start``, or before it for a negative n.

        0 gives ``start`` itself if it is worked, else the next working day. Days in ``pauses`` do not count.

        :raises CalendarNotPublished: a day the answer depends on is past ``certain_until`` (with ``provisional``:
            past ``last``), or before ``first``.
        """
        offset = start.toordinal() - self._eve
        if n > 0 and offset > 0 and not pauses:
            try:
                return self._sure_days[self._sure_counted[offset] + n]
            except IndexError:
                pass  # past what is certain: the careful way decides
        return self._add(start, n, paused_days(pauses), provisional)

    def workdays_between(
        self, start: date, end: date, *, pauses: Sequence[DateRange] = (), provisional: bool = False
    ) -> int:
        """Working days after ``start`` up to and including ``end``; negative when reversed."""
        eve = self._eve
        begin = start.toordinal() - eve
        until = end.toordinal() - eve
        if begin > 0 and until > 0 and not pauses:
            try:
                return self._sure_counted[until] - self._sure_counted[begin]
            except IndexError:
                pass  # past what is certain: the careful way decides
        return self._between(self._offset(start, provisional), self._offset(end, provisional), paused_days(pauses))

    def roll_forward(self, day: date, *, provisional: bool = False) -> date:
        """``day`` itself if it is worked, else the next working day."""
        return self.add_workdays(day, 0, provisional=provisional)

    def why(self, start: date, due: date, *, pauses: Sequence[DateRange] = ()) -> list[DayNote]:
        """Every day from ``start`` to ``due``: counted or not, why, and by which notice; the start never counts."""
        spans, notes, number = paused_days(pauses), [], 0
        for ordinal in range(start.toordinal(), due.toordinal() + 1):
            day = date.fromordinal(ordinal)
            reason, rule = self._reason(day)
            if day == start:
                reason = DayReason.START
            elif any(a <= ordinal < b for a, b in spans):
                reason = DayReason.PAUSED
            counted = reason in (DayReason.WORKING_DAY, DayReason.MAKE_UP_DAY)
            number += counted
            name, notice = (rule.name, rule.notice) if rule else ("", None)
            notes.append(DayNote(day, counted, number if counted else 0, reason, name, notice, self.status(day)))
        return notes

    def tables(self) -> tuple[bytes, list[int], list[date]]:
        """Whether each day from ``first`` is worked; working days among the first i days; the working days."""
        return bytes(self._works), self._counted, self._days[1:]

    def unpublished(self, day: date) -> CalendarNotPublished:
        """The refusal of an answer that needs ``day``."""
        values = {"day": day, "first": self.first, "until": self.certain_until, "last": self.last}
        if not self.first <= day <= self.last:
            return CalendarNotPublished(
                N_(
                    "the answer needs %(day)s, and the calendar reaches only from %(first)s to %(last)s: "
                    "ask for days within it"
                ),
                values=values,
            )
        return CalendarNotPublished(
            N_(
                "the answer needs %(day)s, but the calendar is settled only from %(first)s to %(until)s: "
                "load the holiday notice of that year, or ask for a provisional answer"
            ),
            values=values,
        )

    def _reason(self, day: date) -> tuple[DayReason, DayRule | None]:
        works, rule = self.is_workday(day, provisional=True), self.rules.get(day)
        if works:
            return (DayReason.WORKING_DAY if day.isoweekday() in self.week else DayReason.MAKE_UP_DAY), rule
        return (DayReason.HOLIDAY if rule else DayReason.WEEKEND), rule

    def _add(self, start: date, n: int, pauses: list[Span], provisional: bool) -> date:
        offset = self._offset(start, provisional)
        if n > 0:
            place = self._after(offset, n, pauses)
        elif n < 0:
            place = self._before(offset, -n, pauses)
        else:
            place = self._after(offset - 1, 1, pauses)
        if not 0 < place < len(self._days):
            raise self.unpublished(self.last + timedelta(1) if n >= 0 else self.first - timedelta(1))
        found = self._days[place]
        self._offset(found, provisional)
        return found

    def _between(self, begin: int, until: int, pauses: list[Span]) -> int:
        low, high = min(begin, until) + 1, max(begin, until) + 1
        net = self._worked(low, high)
        for a, b in pauses:
            net -= self._worked(max(a - self._eve, low), min(b - self._eve, high))
        return net if begin <= until else -net

    def _after(self, offset: int, n: int, pauses: list[Span]) -> int:
        """The place of the n-th working day after ``offset`` outside the pauses."""
        place = self._counted[offset] + n
        for a, b in pauses:
            begin, end = max(a - self._eve, offset + 1), b - self._eve
            if begin < end:
                if self._upto(begin - 1) >= place:
                    break
                place += self._worked(begin, end)
        return place

    def _before(self, offset: int, n: int, pauses: list[Span]) -> int:
        """The place of the n-th working day before ``offset``, counted backwards outside the pauses."""
        place = self._counted[offset - 1] - n + 1
        for a, b in reversed(pauses):
            begin, end = a - self._eve, min(b - self._eve, offset)
            if begin < end:
                if self._upto(end - 1) < place:
                    break
                place -= self._worked(begin, end)
        return place

    def _worked(self, begin: int, end: int) -> int:
        """Working days at offsets ``begin`` up to, not including, ``end``; what lies outside the tables adds none."""
        return self._upto(end - 1) - self._upto(begin - 1) if begin < end else 0

    def _upto(self, offset: int) -> int:
        return self._counted[min(max(offset, 0), len(self._works))]

    def _offset(self, day: date, provisional: bool) -> int:
        offset = day.toordinal() - self._eve
        if 0 < offset <= (len(self._works) if provisional else self._certain_until):
            return offset
        raise self.unpublished(day)

    def _work_bits(self) -> bytearray:
        length = self.last.toordinal() - self._eve
        monday_first = bytes(weekday in self.week for weekday in range(1, 8))
        shift = self.first.weekday()
        works = bytearray((monday_first * (length // 7 + 2))[shift : shift + length])
        for day, rule in self.rules.items():
            works[day.toordinal() - self._eve - 1] = rule.works
        return works

    def _hash(self) -> str:
        span = f"{self.first} {self.last} {self.certain_until} {sorted(self.week)}"
        days = (f"{day} {rule.works:d} {rule.published}" for day, rule in self.rules.items())
        return hashlib.sha256("\n".join((span, *days)).encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"<WorkCalendar {self.version} {self.first}..{self.last}, certain until {self.certain_until}>"
