"""What a hall manager steers by: who is in the hall, the windows, each service, and which promises are at risk.

Everything is read once for the whole page, whoever waits: the number of statements does not grow with the queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, cast

from sqlalchemy import BindParameter, Table, bindparam, func, select

from portal.hall.model.capacity import Handling, Verdict, Windows, broken
from portal.hall.model.days import Closure
from portal.hall.model.staffing import should_open_one_more
from portal.hall.model.tickets import AT_A_WINDOW, IN_THE_HALL, TicketState, printed
from portal.hall.model.waiting import Band
from portal.hall.model.windows import WindowState
from portal.hall.operations.refusals import refusals
from portal.hall.places import Place, local_day, places
from portal.hall.queries.tickets import COLUMNS, IN_TURN
from portal.hall.standing import Standing, closure_of, several, standing
from portal.hall.tables import AppointmentRow, ClosureRow, HallDayRow
from portal.store import db

_APPOINTMENTS = cast("Table", AppointmentRow.__table__).c
_DAYS = cast("Table", HallDayRow.__table__).c
_LISTED = [state.value for state in (*IN_THE_HALL, TicketState.ABSENT)]


class Line(NamedTuple):
    """One number, as much of it as the list says."""

    id: str
    state: str
    series: str
    number: int
    item: str
    matters: int
    rank: str
    ground: str | None
    source: str
    issued_at: datetime
    low_at: datetime | None
    high_at: datetime | None
    is_guaranteed: bool
    to_window: str | None
    window: str | None
    waited: int | None

    @property
    def printed(self) -> str:
        return printed(self.series, self.number)


# Built once: putting a statement together takes longer than running it.
_HALL: BindParameter[str] = bindparam("hall")
_DAY: BindParameter[date] = bindparam("day")
_LINES = (
    select(*(COLUMNS[name] for name in Line._fields))
    .where(COLUMNS.hall == _HALL, COLUMNS.day == _DAY, COLUMNS.state.in_(_LISTED))
    .order_by(*IN_TURN)
)
_DAY_STATE = select(_DAYS.stopped_at, _DAYS.stopped_because, _DAYS.closed_at).where(
    _DAYS.hall == _HALL, _DAYS.day == _DAY
)
_BOOKED = (
    select(_APPOINTMENTS.item, _APPOINTMENTS.state, func.count())
    .where(_APPOINTMENTS.hall == _HALL, _APPOINTMENTS.day == _DAY)
    .group_by(_APPOINTMENTS.item, _APPOINTMENTS.state)
)


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the hall today; ``refused`` by reason, ``appointments`` by state."""

    item: str
    waiting: int
    band: Band | None
    verdict: Verdict
    refused: Mapping[str, int]
    appointments: Mapping[str, int]

    @property
    def is_busy(self) -> bool:
        """Whether anybody has come for it today, or is to come."""
        return bool(self.waiting or self.refused or self.appointments)


@dataclass(frozen=True, slots=True)
class Hint:
    """Open one more of these ``windows``: whoever comes now for one of the ``items`` may wait too long."""

    windows: tuple[str, ...]
    items: tuple[str, ...]
    band: Band | None


@dataclass(frozen=True)
class Steering:
    """``at_risk``: ids of guaranteed numbers that no longer fit before closing, by the formula they were issued by."""

    now: Standing
    lines: tuple[Line, ...]
    absent: tuple[Line, ...]
    at_risk: frozenset[str]
    services: tuple[Service, ...]
    hints: tuple[Hint, ...]
    closures: tuple[Closure, ...]
    stopped_at: datetime | None
    stopped_because: str | None
    closed_at: datetime | None

    @property
    def place(self) -> Place:
        return self.now.place

    def at_windows(self) -> dict[str, Line]:
        return {line.window or "": line for line in self.lines if line.state in AT_A_WINDOW}

    def waits(self, line: Line) -> int:
        """Open minutes until the first call, or so far."""
        return self.now.day.open_minutes(line.issued_at, self.now.at) if line.waited is None else line.waited


def steering(where: Place, at: datetime) -> Steering:
    day = local_day(where.hall, at)
    now = standing(where, day, at)
    here = db.session.execute(_LINES, {"hall": where.code, "day": day})
    lines = [Line(*row) for row in here]
    present = tuple(line for line in lines if line.state != TicketState.ABSENT)
    services = _services(now, present)
    stopped_at, because, closed_at = day_state(where.code, day)
    return Steering(
        now,
        present,
        tuple(line for line in lines if line.state == TicketState.ABSENT),
        at_risk(now, [line for line in present if line.state == TicketState.WAITING]),
        services,
        tuple(_hints(now, services)) if now.day.is_open(at) else (),
        tuple(closures_to_come(where.code, at)),
        stopped_at,
        because,
        closed_at,
    )


def day_state(hall: str, day: date) -> tuple[datetime | None, str | None, datetime | None]:
    """Since when the issuing is stopped and why, and when the day was ended."""
    row = db.session.execute(_DAY_STATE, {"hall": hall, "day": day}).one_or_none()
    return (None, None, None) if row is None else (row.stopped_at, row.stopped_because, row.closed_at)


def closures_to_come(hall: str, at: datetime) -> list[Closure]:
    """Those that last now, or are still to come."""
    open_ones = select(ClosureRow).where(ClosureRow.hall == hall, ClosureRow.until_at > at, ~ClosureRow.is_withdrawn)
    return [closure_of(row) for row in db.session.scalars(open_ones.order_by(ClosureRow.from_at))]


def closure(hall: str, number: str) -> tuple[Closure, bool] | None:
    """One closure, and whether it was withdrawn."""
    row = db.session.get(ClosureRow, number)
    return None if row is None or row.hall != hall else (closure_of(row), row.is_withdrawn)


def at_risk(now: Standing, waiting: Sequence[Line]) -> frozenset[str]:
    """The guaranteed numbers that no longer fit before closing behind all who come before them."""
    jobs = [
        (line.id, several(now.handling(line.item), line.matters), now.windows(line.item, line.to_window))
        for line in waiting
    ]
    lost = set(broken(jobs, now.minutes_left(), appointments=now.appointments(), free=now.free()))
    return frozenset(line.id for line in waiting if line.id in lost and line.is_guaranteed)


def _services(now: Standing, lines: Sequence[Line]) -> tuple[Service, ...]:
    """Services with the same windows and handling stand alike, so the formula is asked once for them."""
    waiting: dict[str, int] = {}
    for line in lines:
        if line.state == TicketState.WAITING:
            waiting[line.item] = waiting.get(line.item, 0) + 1
    refused = refusals(now.place, now.day.day)
    appointments = _appointments(now.place.code, now.day.day)
    known: dict[tuple[Windows, Handling], tuple[Verdict, Band | None]] = {}
    found = []
    for item, windows in now.place.serving.items():
        kind = (windows, now.handling(item))
        if kind not in known:
            known[kind] = (now.verdict(item), now.band(item))
        one, told = known[kind]
        found.append(Service(item, waiting.get(item, 0), told, one, refused.get(item, {}), appointments.get(item, {})))
    return tuple(found)


def _appointments(hall: str, day: date) -> dict[str, dict[str, int]]:
    return _by_item(db.session.execute(_BOOKED, {"hall": hall, "day": day}))


def _by_item(rows: object) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for item, name, count in cast("list[tuple[str, str, int]]", rows):
        found.setdefault(item, {})[name] = count
    return found


def _hints(now: Standing, services: Sequence[Service]) -> list[Hint]:
    """For each set of windows that is too slow: which of them could open."""
    found: dict[Windows, list[Service]] = {}
    for one in services:
        if should_open_one_more(one.band):
            found.setdefault(now.place.serving[one.item], []).append(one)
    hints = []
    for windows, slow in found.items():
        free = sorted(window for window in windows if not _is_open(now, window))
        bands = [one.band for one in slow if one.band is not None]
        worst = max(bands, key=lambda band: band.high) if bands else None
        if free:
            hints.append(Hint(tuple(free), tuple(one.item for one in slow), worst))
    return hints


def _is_open(now: Standing, window: str) -> bool:
    stand = now.stands.get(window)
    return stand is not None and stand.state is WindowState.OPEN


def quieter_halls(where: Place, item: str, at: datetime) -> list[tuple[Place, Standing]]:
    """Other halls that are open and could promise a number for this service now, the shortest wait first."""
    found = []
    for other in places():
        if other.code == where.code or item not in other.serving:
            continue
        now = standing(other, local_day(other.hall, at), at)
        told = now.band(item) if now.day.is_open(at) else None
        if told is not None and now.verdict(item).fits:
            found.append((told.high, other.code, other, now))
    return [(other, now) for _, _, other, now in sorted(found, key=lambda one: one[:2])]
