"""Clocks: for each leg of each clock the promised and the statutory due date, its warning and its breach. Pure.

Nothing here looks at the present but for choosing the calendar of open clocks: the same events, item version and
calendars give the same clocks, so that the projection can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import Limit, WorkingDays
from portal.cases.model.facts import facts_of
from portal.cases.model.legs import ENDINGS, Leg, legs_of, pauses_of, situation_of
from portal.cases.model.reckoning import Run, asked_extension, counting_of, midnight
from portal.catalogue.model import CLOCKS, ItemVersion
from portal.ledger.model import Event
from portal.worktime.due import due
from portal.worktime.hours import OfficeHours
from portal.worktime.periods import DateRange
from portal.worktime.rules import DayNote, DayStatus

# Parameters of ours: no text was seen that sets them.
ACKNOWLEDGEMENT: Final = WorkingDays(1)
STUCK_AFTER: Final = 3  # working days without a substantive step (V12)
STUCK_RED: Final = 5

HoursKnownOn = Callable[[date], OfficeHours]
"""The office hours, on the calendar as it was known on that day."""


class LimitKind(StrEnum):
    PROMISED = "promised"
    STATUTORY = "statutory"
    TARGET = "target"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # what it waited for has come
    ENDED = "ended"  # the case ended in another way, or the clock began anew


@dataclass(frozen=True, slots=True)
class DueMoved:
    old_on: date
    new_on: date
    calendar: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """``base_due_on`` is without extension; ``breach_at`` the first moment that is too late, ``double_at`` the one at
    which twice the limit has passed (working days only). A clock that is not certain condemns nobody."""

    name: str
    leg: int
    limit_kind: LimitKind
    limit: Limit | None
    is_applicants: bool
    opened_at: datetime
    opened_by: str
    seq: int
    counted_from: date
    due_on: date
    due_at: datetime
    base_due_on: date
    extended_by: int
    compares_dates: bool
    is_certain: bool
    calendar: str
    state: ClockState
    stopped_at: datetime | None
    stopped_on: date | None
    stopped_by: str | None
    pauses: tuple[DateRange, ...]
    warn_at: datetime | None
    warn_on: date | None
    breach_at: datetime
    double_at: datetime | None
    moves: tuple[DueMoved, ...] = ()
    reminded: frozenset[str] = frozenset()  # levels already told: "soon", "overdue"

    @property
    def key(self) -> str:
        return f"{self.name}.{self.leg}.{self.limit_kind}"

    @property
    def is_open(self) -> bool:
        return self.stopped_at is None

    def is_breached(self, at: datetime) -> bool:
        """A breach is a fact of two moments: nothing that happens later takes it back."""
        return (self.stopped_at or at) >= self.breach_at


def clocks_of(
    events: Sequence[Event], version: ItemVersion, hours_known_on: HoursKnownOn, on: date
) -> tuple[Clock, ...]:
    """Every clock of a case, in the order of opening; a stopped one is judged by the calendar known when it stopped.

    ``on`` is today's local date: open clocks are reckoned with the calendar known then.
    """
    today = hours_known_on(on)
    clocks: list[Clock] = []
    for leg in legs_of(events, version, today.zone):
        hours = today if leg.stopped_at is None else hours_known_on(leg.stopped_at.astimezone(today.zone).date())
        pauses = pauses_of([event for event in events if _is_in_time(event, leg)], hours)
        for kind, limit in _limits(leg, version, situation_of(events)):
            asked = asked_extension(leg, limit, events, version) if limit else None
            run = Run(leg, limit, hours, pauses, counting_of(version), asked)
            clocks.append(_clock(run, kind, events))
    return tuple(sorted(clocks, key=lambda clock: (clock.opened_at, clock.seq, clock.name, clock.limit_kind)))


def stuck_on(last_on: date, hours: OfficeHours, days: int = STUCK_AFTER) -> date:
    """The first day on which more than ``days`` working days have passed since the last substantive step."""
    return hours.calendar.add_workdays(last_on, days + 1, provisional=True)


def trace_of(clock: Clock, version: ItemVersion, hours: OfficeHours) -> tuple[DayNote, ...]:
    """How a due date was reached, day by day: counted or not, why, by which notice. Hour limits have no days."""
    if clock.limit is None or not clock.compares_dates:
        return ()
    start = datetime.combine(clock.counted_from, time(12), hours.zone)
    extension = Limit(clock.extended_by, clock.limit.unit) if clock.extended_by else None
    counting = counting_of(version)
    ends = due(start, clock.limit, hours, pauses=clock.pauses, extension=extension, counting=counting, trace=True)
    return ends.trace


def _is_in_time(event: Event, leg: Leg) -> bool:
    """What happened after a clock stopped changes nothing about it."""
    return leg.stopped_at is None or event.occurred_at <= leg.stopped_at


def _limits(leg: Leg, version: ItemVersion, situation: str | None) -> list[tuple[LimitKind, Limit | None]]:
    if leg.target_at or leg.target_on:
        return [(LimitKind.TARGET, None)]
    limit = version.limit(leg.clock, situation)
    if limit is None:
        return [(LimitKind.PROMISED, ACKNOWLEDGEMENT)] if leg.clock == "acknowledge" else []
    kinds: list[tuple[LimitKind, Limit | None]] = [(LimitKind.PROMISED, limit.promised)]
    if limit.statutory is not None:
        kinds.append((LimitKind.STATUTORY, limit.statutory))
    return kinds


def _clock(run: Run, kind: LimitKind, events: Sequence[Event]) -> Clock:
    leg, hours = run.leg, run.hours
    ends, extended_by = run.end()
    warn_at = run.warning(ends, extended_by)
    day_after = midnight(ends.on + timedelta(1), hours)
    library = CLOCKS.get(leg.clock)
    key = f"{leg.clock}.{leg.number}.{kind}"
    return Clock(
        name=leg.clock,
        leg=leg.number,
        limit_kind=kind,
        limit=run.limit,
        is_applicants=library is not None and library.is_applicants,
        opened_at=leg.opened_at,
        opened_by=leg.opened_by,
        seq=leg.seq,
        counted_from=leg.counted_from,
        due_on=ends.on,
        due_at=ends.at,
        base_due_on=ends.base_on,
        extended_by=extended_by,
        compares_dates=run.compares_dates,
        is_certain=ends.status is DayStatus.CERTAIN,
        calendar=ends.calendar,
        state=_state(leg, events),
        stopped_at=leg.stopped_at,
        stopped_on=leg.stopped_at.astimezone(hours.zone).date() if leg.stopped_at else None,
        stopped_by=leg.stopped_by,
        pauses=tuple(pause for pause in run.pauses if pause[1] > leg.counted_from and pause[0] <= ends.on),
        warn_at=warn_at,
        warn_on=warn_at.astimezone(hours.zone).date() if warn_at else None,
        breach_at=day_after if run.compares_dates else ends.at + timedelta(microseconds=1),
        double_at=run.doubled(extended_by),
        moves=tuple(_moves(events, key)),
        reminded=frozenset(_reminders(events, key)),
    )


def _state(leg: Leg, events: Sequence[Event]) -> ClockState:
    if leg.stopped_at is not None:
        return ClockState.STOPPED if leg.was_answered else ClockState.ENDED
    last = next((event.kind for event in reversed(events) if event.kind in {"paused", "resumed", *ENDINGS}), None)
    return ClockState.PAUSED if last == "paused" else ClockState.RUNNING


def _moves(events: Sequence[Event], key: str) -> list[DueMoved]:
    moved = [event for event in events if event.kind == "due-moved" and event.text("clock") == key]
    return [
        DueMoved(facts["old_on"], facts["new_on"], facts.get("calendar", ""), event.occurred_at)
        for event in moved
        if (facts := facts_of(event))
    ]


def _reminders(events: Sequence[Event], key: str) -> list[str]:
    return [event.text("level") or "" for event in events if event.kind == "reminded" and event.text("clock") == key]
