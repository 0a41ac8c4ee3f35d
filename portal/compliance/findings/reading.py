"""What is read of a subject: all of it, or, of a hall, which never ends, the days in question.

No rule looks at a hall beyond a day and its morrow, but for what it declared: that is read in full.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.compliance.findings.tables import MarkRow
from portal.compliance.load import HOME_ZONE
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

ZONE = ZoneInfo(HOME_ZONE)
ENDLESS = ("hall/",)
DECLARED = ("closure-declared", "closure-withdrawn", "surge-declared")
_ONE = timedelta(1)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days on which halls are judged; None: on all of them, because nothing was judged before."""

    on: frozenset[date] | None

    def judges(self, about: str, on: date) -> bool:
        return self.on is None or not about.startswith(ENDLESS) or on in self.on

    def and_of(self, events_of: Mapping[str, Sequence[Event]]) -> Days:
        """These days, and those on which something of these subjects happened or was recorded."""
        return Days(None if self.on is None else self.on | {day for event in _all(events_of) for day in _days(event)})


def days_to_judge(named: Collection[str], at: datetime) -> Days:
    """From the day up to which everything was judged to today, and those of what halls recorded since."""
    mark = db.session.get(MarkRow, 1)
    if mark is None:
        return Days(None)
    first, today = _day(min(mark.at, at)), _day(at)
    passed = frozenset(first + _ONE * k for k in range((today - first).days + 1))
    newer = {hall: ledger.events(hall, after_seq=mark.seq) for hall in named if hall.startswith(ENDLESS)}
    return Days(passed).and_of(newer)


def events_of(subjects: Collection[str], days: Days) -> dict[str, list[Event]]:
    """The events of these subjects, of halls those of the days and what they declared."""
    halls = sorted(subject for subject in subjects if subject.startswith(ENDLESS)) if days.on is not None else []
    found = ledger.events_of([subject for subject in subjects if subject not in halls])
    spans = [(_midnight(first), _midnight(last)) for first, last in _runs(days.on or ())]
    return found | {hall: ledger.events_within(hall, spans, always=DECLARED) for hall in halls}


class Record:
    """What was read in one examination, so that what several scopes span is read once; halls by the days asked for."""

    def __init__(self) -> None:
        self._known: dict[str, list[Event]] = {}

    def of(self, subjects: Collection[str], days: Days) -> dict[str, list[Event]]:
        """The events of these subjects, as ``events_of`` gives them."""
        ended = [subject for subject in subjects if not subject.startswith(ENDLESS)]
        new = [subject for subject in ended if subject not in self._known]
        self._known |= events_of(new, days)
        halls = events_of([subject for subject in subjects if subject.startswith(ENDLESS)], days)
        return {subject: self._known[subject] for subject in ended} | halls


def _all(events_of: Mapping[str, Sequence[Event]]) -> Iterable[Event]:
    return (event for events in events_of.values() for event in events)


def _days(event: Event) -> set[date]:
    found = {_day(event.occurred_at), _day(event.recorded_at)}
    named = event.date("day")
    return found | {named} if named else found


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Stretches of days, each with the day after it: from the first up to, and without, the last."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day <= runs[-1][1]:
            runs[-1] = (runs[-1][0], day + 2 * _ONE)
        else:
            runs.append((day, day + 2 * _ONE))
    return runs


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
