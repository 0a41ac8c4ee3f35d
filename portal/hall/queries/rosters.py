"""Who is rostered when, and how many windows a half hour needs by the arrivals of the weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from portal.hall.model.days import HallDay, clipped, minutes
from portal.hall.model.staffing import windows_needed
from portal.hall.places import Place, hours_of_hall, sessions
from portal.hall.queries.tickets import COLUMNS
from portal.hall.standing import STANDARD_MINUTES, days_of, handlings_of
from portal.hall.tables import ShiftRow, TurnedAwayRow
from portal.store import db

HALF_HOUR: Final = timedelta(minutes=30)
WEEKS: Final = 4  # parameter of ours: so many days of the same weekday are looked back on
_CAME: Final = ("full", "unmanned", "stopped")  # who was refused for these came in the hall's hours and wanted a number


class Shift(NamedTuple):
    spans: tuple[str, ...]  # as they were planned: 09:00-12:00
    who: str | None


@dataclass(frozen=True, slots=True)
class HalfHour:
    """``came`` on average; ``needed`` windows by Erlang's formula; minutes rostered, of all windows together."""

    begins_at: datetime
    came: float
    needed: int
    rostered: float

    @property
    def windows(self) -> float:
        return self.rostered / 30

    @property
    def is_short(self) -> bool:
        return self.rostered < 30 * self.needed


def shifts(hall: str, first: date, last: date) -> dict[tuple[str, date], Shift]:
    """Planned shifts by window and day; a window without one is rostered whenever the hall is open."""
    rows = db.session.execute(
        select(ShiftRow.window, ShiftRow.day, ShiftRow.spans, ShiftRow.who).where(
            ShiftRow.hall == hall, ShiftRow.day >= first, ShiftRow.day <= last
        )
    )
    return {(row.window, row.day): Shift(tuple(row.spans.split()), row.who) for row in rows}


def spans_by_hours(where: Place, day: date) -> tuple[str, ...]:
    """The hall's own hours of a day, written as a shift is."""
    zone = hours_of_hall(where.hall, day).zone
    return tuple(f"{a.astimezone(zone):%H:%M}-{b.astimezone(zone):%H:%M}" for a, b in sessions(where.hall, day))


def half_hours(where: Place, days: Sequence[date]) -> dict[date, list[HalfHour]]:
    """For each day its half hours within the hall's hours; five reads, however many days."""
    came, plans = _arrivals(where, days), days_of(where, days)
    usual = usual_minutes(where)
    found = {}
    for day in days:
        plan = plans[day]
        found[day] = [
            HalfHour(
                begin,
                arrivals := came.get((day.weekday(), _nth(where, day, begin)), 0.0),
                windows_needed(2 * arrivals, usual),
                _rostered(plan, begin),
            )
            for begin in _begins(where, day)
        ]
    return found


def usual_minutes(where: Place) -> float:
    """How long a visit lasts here, over all services, each by how often it came."""
    known = [one for one in handlings_of(where.code).values() if one.count]
    visits = sum(one.count for one in known)
    return sum(one.mean * one.count for one in known) / visits if visits else STANDARD_MINUTES


def _begins(where: Place, day: date) -> list[datetime]:
    begins: list[datetime] = []
    midnight = datetime.combine(day, time(), hours_of_hall(where.hall, day).zone)
    for opens, closes in sessions(where.hall, day):
        begin = midnight + (opens - midnight) // HALF_HOUR * HALF_HOUR
        while begin < closes:
            begins.append(begin)
            begin += HALF_HOUR
    return begins


def _rostered(plan: HallDay, begin: datetime) -> float:
    return sum(minutes(clipped(spans, begin, begin + HALF_HOUR)) for spans in plan.rostered.values())


def _arrivals(where: Place, days: Sequence[date]) -> dict[tuple[int, int], float]:
    """By weekday and half hour how many came on average, the refused among them; a day on which nobody came is out."""
    looked_at = sorted({day - timedelta(weeks=back) for day in days for back in range(1, WEEKS + 1)})
    numbers = select(COLUMNS.day, COLUMNS.issued_at).where(COLUMNS.hall == where.code, COLUMNS.day.in_(looked_at))
    refusals = select(TurnedAwayRow.day, TurnedAwayRow.refused_at).where(
        TurnedAwayRow.hall == where.code, TurnedAwayRow.day.in_(looked_at), TurnedAwayRow.reason.in_(_CAME)
    )
    counted: dict[tuple[int, int], int] = {}
    busy: dict[int, set[date]] = {}
    for statement in (numbers.where(COLUMNS.source != "carried-over"), refusals):
        for day, moment in db.session.execute(statement):
            key = (day.weekday(), _nth(where, day, moment))
            counted[key] = counted.get(key, 0) + 1
            busy.setdefault(day.weekday(), set()).add(day)
    return {key: count / len(busy[key[0]]) for key, count in counted.items()}


def _nth(where: Place, day: date, moment: datetime) -> int:
    """Which half hour of the local day."""
    midnight = datetime.combine(day, time(), hours_of_hall(where.hall, day).zone)
    return int((moment - midnight) / HALF_HOUR)
