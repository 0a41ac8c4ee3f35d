"""The clock of the demo city: it moves from act to act, lets the scheduler's daily work happen, and stops at now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final, Protocol

from portal.cases import operations
from portal.demo.days import day_of, local
from portal.demo.tale import Life

MORNING: Final = "08:00"
QUIET: Final = 30  # days after the last act in which the clocks are still looked at, day by day


class Teller(Protocol):
    """Whose life it is: a case's, an inquiry's, or that of the city."""

    now: datetime

    @property
    def has_stopped(self) -> bool: ...


def run(lives: Iterable[tuple[Teller, Life]], until: datetime, progress: Callable[[date], object]) -> int:
    """Let all lives happen in the order of time, up to now; what lies after now does not happen. Returns the acts."""
    waiting: list[tuple[datetime, int]] = []
    told = list(lives)
    for number, (teller, life) in enumerate(told):
        _wait(waiting, number, teller, life)
    heapify(waiting)
    acts, day = 0, None
    while waiting and waiting[0][0] <= until:
        moment, number = heappop(waiting)
        today = day_of(moment)
        if day is None or today > day:
            _mornings(day, today, moment)
            progress(today)
            day = today
        teller, life = told[number]
        teller.now = moment
        acts += 1
        _wait(waiting, number, teller, life, moment)
    if day is not None:
        _mornings(day, day_of(until), until)
    operations.run_due(until)
    return acts


def _wait(
    waiting: list[tuple[datetime, int]], number: int, teller: Teller, life: Life, now: datetime | None = None
) -> None:
    """Let the life act in the present; then it waits for its next moment, if it has one."""
    wanted = next(life, None)
    if wanted is not None and not teller.has_stopped:
        later = wanted if now is None else max(wanted, now + timedelta(minutes=1))
        heappush(waiting, (later, number))


def _mornings(day: date | None, today: date, latest: datetime) -> None:
    """What the scheduler would have done on the mornings since, each at its own hour."""
    if day is None:
        return
    for n in range(1, min((today - day).days, QUIET) + 1):
        morning = local(day + timedelta(n), MORNING)
        if morning <= latest:
            operations.run_due(morning)
