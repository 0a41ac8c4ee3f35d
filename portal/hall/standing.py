"""How a hall stands at a moment, read once for whoever decides: its day, windows, what waits, how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from portal.hall.model.capacity import Handling, Load, Verdict, Windows, verdict
from portal.hall.model.days import Closure, HallDay, Spans, hall_day, spans_of
from portal.hall.model.tickets import AT_A_WINDOW, Ticket, TicketState
from portal.hall.model.waiting import Band, band
from portal.hall.model.windows import Stand, WindowState
from portal.hall.places import Place, hours_of_hall, joined, sessions
from portal.hall.tables import AppointmentRow, ClosureRow, HandlingRow, MergeRow, ShiftRow, TicketRow, WindowRow
from portal.store import Prepared, db, run

STANDARD_MINUTES: Final = 12.0  # parameter of ours: a visit, before there were any
EMPTY_AFTER: Final = timedelta(minutes=15)  # parameter of ours (V24): a rostered window without anybody counts no more
_TICKETS = cast("Table", TicketRow.__table__).c
_COUNTED: Final = (TicketState.WAITING.value, TicketState.PARKED.value)
_AT_A_WINDOW: Final = [state.value for state in AT_A_WINDOW]
# Built once: building a statement takes longer than running it, and these are run at every number.
_HALL: BindParameter[str] = bindparam("hall")
_DAY: BindParameter[date] = bindparam("day")
_HERE = and_(_TICKETS.hall == _HALL, _TICKETS.day == _DAY)
_OF_HALL = select(*cast("Table", WindowRow.__table__).c).where(WindowRow.hall == _HALL)
_STANDS, _STAND = Prepared(_OF_HALL), Prepared(_OF_HALL.where(WindowRow.window == bindparam("window")))
# The shifts of a day and its merged windows are asked for together: whoever needs the one needs the other.
_PLANNED = union_all(
    select(literal_column("0", Integer).label("seq"), ShiftRow.window, ShiftRow.spans.label("told")).where(
        ShiftRow.hall == _HALL, ShiftRow.day == _DAY
    ),
    select(MergeRow.seq, MergeRow.window, MergeRow.into).where(MergeRow.hall == _HALL, MergeRow.day == _DAY),
).subquery()
_PLAN = Prepared(select(*_PLANNED.c).order_by(_PLANNED.c.seq))
_CLOSURES = Prepared(
    select(*cast("Table", ClosureRow.__table__).c)
    .where(
        ClosureRow.hall == _HALL,
        ClosureRow.until_at > bindparam("begin"),
        ClosureRow.from_at < bindparam("end"),
        ~ClosureRow.is_withdrawn,
    )
    .order_by(ClosureRow.from_at)
)
_SEATS = Prepared(
    select(*cast("Table", WindowRow.__table__).c).where(
        WindowRow.actor == bindparam("actor"), WindowRow.state != WindowState.SHUT.value
    )
)
_HANDLINGS = Prepared(
    select(HandlingRow.item, HandlingRow.mean, HandlingRow.deviation, HandlingRow.visits).where(
        HandlingRow.hall == _HALL
    )
)
_WAITS = and_(_HERE, _TICKETS.state.in_(_COUNTED))
_GROUPS = (_TICKETS.item, _TICKETS.to_window)
_MATTERS = func.sum(_TICKETS.matters)
_WAITING = Prepared(select(*_GROUPS, _MATTERS, _MATTERS.label("before")).where(_WAITS).group_by(*_GROUPS))
_WAITING_BEFORE = Prepared(
    select(*_GROUPS, _MATTERS, func.sum(case((_TICKETS.turn_at <= bindparam("turn_at"), _TICKETS.matters), else_=0)))
    .where(_WAITS)
    .group_by(*_GROUPS)
)
_AT_HAND = Prepared(
    select(_TICKETS.window, _TICKETS.item, _TICKETS.matters, _TICKETS.started_at, _TICKETS.last_called_at).where(
        _HERE, _TICKETS.state.in_(_AT_A_WINDOW)
    )
)
_DUE = Prepared(
    select(AppointmentRow.item, func.sum(AppointmentRow.matters))
    .where(
        AppointmentRow.hall == _HALL,
        AppointmentRow.day == _DAY,
        AppointmentRow.state == "booked",
        AppointmentRow.until_at > bindparam("at"),
    )
    .group_by(AppointmentRow.item)
)


class Waiting(NamedTuple):
    """What waits for one item, or one window of it: how many matters, and how many of them before a turn."""

    item: str
    to_window: str | None
    matters: int
    before: int


@dataclass(frozen=True)
class Standing:
    """``stands`` of the windows somebody has been at, ``handlings`` of the items that were served before."""

    place: Place
    at: datetime
    day: HallDay
    stands: Mapping[str, Stand]
    handlings: Mapping[str, Handling]
    waiting: tuple[Waiting, ...]
    at_hand: Mapping[str, Load]
    due: tuple[tuple[str, int], ...]  # item, matters of appointments to come

    def handling(self, item: str) -> Handling:
        return self.handlings.get(item) or Handling.standard(STANDARD_MINUTES)

    def is_counted(self, window: str) -> bool:
        """Whether the rostered minutes of a window may be promised: somebody is there, or may still come in time."""
        since = self.vacant_since(window)
        return since is None or self.at - since < EMPTY_AFTER

    def vacant_since(self, window: str) -> datetime | None:
        """From when on nobody is there although somebody should be; None: somebody is, or nobody should be yet."""
        stand = self.stands.get(window)
        if stand is not None and stand.state is WindowState.OPEN:
            return None
        begin = next((a for a, b in self.day.rostered.get(window, ()) if a <= self.at < b), None)
        if begin is None:
            return None
        return begin if stand is None or stand.since is None else max(begin, stand.since)

    def empty_windows(self) -> list[str]:
        """Rostered now, and empty for longer than is allowed."""
        return [w for w in self.day.rostered if self.day.is_rostered(w, self.at) and not self.is_counted(w)]

    def minutes_left(self) -> dict[str, float]:
        left = self.day.minutes_left(self.at)
        return {window: minutes if self.is_counted(window) else 0.0 for window, minutes in left.items()}

    def loads(self) -> dict[Windows, Load]:
        """What is promised already, for each set of windows that can do it.

        Whoever is being served is no part of it: the promise is the call before closing, and what a window still owes
        him it will owe another when the hall closes.
        """
        found: dict[Windows, Load] = {}
        for part in self.waiting:
            self._add(found, part.item, part.to_window, part.matters)
        for windows, load in self.appointments().items():
            found[windows] = found.get(windows, Load()) + load
        return found

    def appointments(self) -> dict[Windows, Load]:
        """The appointments still to come today."""
        found: dict[Windows, Load] = {}
        for item, matters in self.due:
            self._add(found, item, None, matters)
        return found

    def free(self) -> list[str]:
        """Windows that could call somebody this moment."""
        return [
            window
            for window, stand in self.stands.items()
            if stand.state is WindowState.OPEN and window not in self.at_hand and self.day.is_rostered(window, self.at)
        ]

    def ahead(self) -> dict[Windows, Load]:
        """What is called before the turn that the waiting were counted for."""
        found: dict[Windows, Load] = {}
        for part in self.waiting:
            if part.before:
                self._add(found, part.item, part.to_window, part.before)
        return found

    def _add(self, found: dict[Windows, Load], item: str, to_window: str | None, matters: int) -> None:
        windows = self.windows(item, to_window)
        found[windows] = found.get(windows, Load()) + Load.of(self.handling(item), matters)

    def windows(self, item: str, to_window: str | None) -> Windows:
        """Which may call a number: all that take its service, or the one that it is bound to, if need be by a merge."""
        if to_window:
            return frozenset((self.place.merged.get(to_window, to_window),))
        return self.place.serving.get(item, frozenset())

    def verdict(self, item: str, matters: int = 1, *, is_for_later: bool = False) -> Verdict:
        """The one formula: whether a number for this item can be guaranteed now.

        ``is_for_later``: it is for a later hour, so that a window that is free this moment does not help it.
        """
        return verdict(
            several(self.handling(item), matters),
            self.place.windows_for(item),
            self.loads(),
            self.minutes_left(),
            free=() if is_for_later else self.free(),
        )

    def band(self, item: str, to_window: str | None = None) -> Band | None:
        """How long the turn that the waiting were counted for has still to wait; None while no window is open."""
        windows = frozenset((to_window,)) if to_window else self.place.windows_for(item)
        openings = {
            window: [(self._open_until(a), self._open_until(b)) for a, b in spans if b > self.at]
            for window, spans in self.day.rostered.items()
            if (stand := self.stands.get(window)) is not None and stand.state is WindowState.OPEN
        }
        return band(windows, self.ahead(), self.at_hand, openings)

    def _open_until(self, moment: datetime) -> float:
        """Open minutes from now to a moment; 0 for one that has passed."""
        return float(self.day.open_minutes(self.at, moment)) if moment > self.at else 0.0

    def told(self, found: Band | None) -> tuple[datetime, datetime] | tuple[None, None]:
        """A band in clock time."""
        return (None, None) if found is None else found.on_the_clock(self.at, self.day.spans)


def several(handling: Handling, matters: int) -> Handling:
    """A visit with several matters takes their time together."""
    if matters == 1:
        return handling
    return Handling(handling.mean * matters, handling.deviation * matters**0.5, handling.count)


def standing(
    place: Place, day: date, at: datetime, *, turn_at: datetime | None = None, own: Ticket | None = None
) -> Standing:
    """``turn_at``: before which turn the waiting are counted besides; ``own``: before which number; all without one."""
    handlings = handlings_of(place.code)
    serving, plan = laid_out(place, day)
    return Standing(
        serving,
        at,
        plan,
        stands_of(place.code),
        handlings,
        _waiting(place.code, day, turn_at, own),
        _at_hand(place, day, at, handlings),
        _due(place.code, day, at),
    )


class Plan(NamedTuple):
    """What is planned for a day: the hall as its windows serve it, and the shifts of those that have one."""

    place: Place
    shifts: Mapping[str, Spans]


def _planned(place: Place, day: date) -> Plan:
    zone = hours_of_hall(place.hall, day).zone
    shifts, merges = {}, []
    for row in run(_PLAN, {"hall": place.code, "day": day}):
        if row.seq:
            merges.append((row.window, row.told))
        else:
            shifts[row.window] = spans_of(row.told.split(), day, zone)
    return Plan(joined(place, merges), shifts)


def serving_on(place: Place, day: date) -> Place:
    """The hall as its windows serve it on a day: those merged into others, which take their services too."""
    return _planned(place, day).place


def laid_out(place: Place, day: date) -> tuple[Place, HallDay]:
    """The hall as its windows serve it on a day, and that day: when it is open, and who is rostered."""
    plan, spans = _planned(place, day), sessions(place.hall, day)
    closures = closures_of(place.code, spans[0][0], spans[-1][1]) if spans else []
    return plan.place, hall_day(place.code, day, spans, place.windows, plan.shifts, closures)


def seats_of(actor: str) -> list[Stand]:
    """The windows at which somebody sits, in whatever hall."""
    return [_stand(row) for row in run(_SEATS, {"actor": actor})]


def day_of(place: Place, day: date) -> HallDay:
    return laid_out(place, day)[1]


def days_of(place: Place, days: Collection[date]) -> dict[date, HallDay]:
    """The same of many days, by two reads."""
    known = {day: sessions(place.hall, day) for day in days}
    ends = [moment for spans in known.values() for span in spans for moment in span]
    closures = closures_of(place.code, min(ends), max(ends)) if ends else []
    shifts: dict[date, dict[str, Spans]] = {day: {} for day in days}
    here = (ShiftRow.hall == place.code) & ShiftRow.day.in_(list(days))
    for row in db.session.execute(select(ShiftRow.day, ShiftRow.window, ShiftRow.spans).where(here)):
        shifts[row.day][row.window] = spans_of(row.spans.split(), row.day, hours_of_hall(place.hall, row.day).zone)
    return {
        day: hall_day(place.code, day, spans, place.windows, shifts[day], _touching(closures, spans))
        for day, spans in known.items()
    }


def _touching(closures: Sequence[Closure], spans: Spans) -> list[Closure]:
    return [one for one in closures if spans and one.until_at > spans[0][0] and one.from_at < spans[-1][1]]


def closures_of(hall: str, begin: datetime, end: datetime) -> list[Closure]:
    """Those that touch the time between two moments."""
    rows = run(_CLOSURES, {"hall": hall, "begin": begin, "end": end})
    return [closure_of(row) for row in rows]


def closure_of(row: Any) -> Closure:
    """From a row of the table, or a row of its columns."""
    return Closure(
        row.number, row.hall, row.cause, row.from_at, row.until_at, frozenset(row.windows.split()), row.reason,
        row.declared_at,
    )  # fmt: skip


def stands_of(hall: str) -> dict[str, Stand]:
    return {row.window: _stand(row) for row in run(_STANDS, {"hall": hall})}


def stand_of(hall: str, window: str) -> Stand | None:
    """None: nobody has ever been there."""
    row = run(_STAND, {"hall": hall, "window": window}).first()
    return None if row is None else _stand(row)


def _stand(row: Any) -> Stand:
    return Stand(row.hall, row.window, WindowState(row.state), row.actor, row.since, row.reason, row.last_seq)


def handlings_of(hall: str) -> dict[str, Handling]:
    rows = run(_HANDLINGS, {"hall": hall})
    return {row.item: Handling(row.mean, row.deviation, row.visits) for row in rows}


def is_before(own: Ticket) -> ColumnElement[bool]:
    """Which numbers are called before this one, of all that wait for the same windows."""
    columns = (_TICKETS.turn_at, _TICKETS.issued_at, _TICKETS.number, _TICKETS.id)
    values = (own.turn_at, own.issued_at, own.number, own.id)
    typed = (literal(value, column.type) for value, column in zip(values, columns, strict=True))
    return tuple_(*columns) < tuple_(*typed)


def _waiting(hall: str, day: date, turn_at: datetime | None, own: Ticket | None) -> tuple[Waiting, ...]:
    here = {"hall": hall, "day": day}
    if own is not None:
        before = case((is_before(own), _TICKETS.matters), else_=0)
        counted = select(*_GROUPS, _MATTERS, func.sum(before)).where(_WAITS).group_by(*_GROUPS)
        rows = run(counted, here)
    else:
        rows = run(_WAITING, here) if turn_at is None else run(_WAITING_BEFORE, {**here, "turn_at": turn_at})
    return tuple(Waiting(*row) for row in rows)


def _at_hand(place: Place, day: date, at: datetime, known: Mapping[str, Handling]) -> dict[str, Load]:
    """What each busy window has still to do."""
    rows = run(_AT_HAND, {"hall": place.code, "day": day}).all()
    found = {}
    for row in rows:
        handling = several(known.get(row.item) or Handling.standard(STANDARD_MINUTES), row.matters)
        began = row.started_at or row.last_called_at or at
        found[row.window] = handling.rest((at - began).total_seconds() / 60)
    return found


def _due(hall: str, day: date, at: datetime) -> tuple[tuple[str, int], ...]:
    """Appointments of the day whose holders have not come yet, and may still."""
    return tuple((item, matters) for item, matters in run(_DUE, {"hall": hall, "day": day, "at": at}))
