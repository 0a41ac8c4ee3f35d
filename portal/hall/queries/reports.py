"""A hall's day as it went, for whoever answers for it: every number of it is the length of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final, NamedTuple

from sqlalchemy import select

from portal.hall.model.days import HallDay, Span, Spans, clipped, is_out_of_hours, minutes
from portal.hall.model.tickets import Ticket, TicketState
from portal.hall.model.waiting import has_held
from portal.hall.places import Place, hours_of_hall, sessions
from portal.hall.queries.figures import CLOSED
from portal.hall.queries.steering import day_state
from portal.hall.queries.tickets import COLUMNS, TICKETS, all_of
from portal.hall.standing import day_of
from portal.hall.tables import TurnedAwayRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

LISTS: Final = ("issued", "served", "refused", "out-of-hours", "unserved", "called", "told", "hit", "jumped",
                "overrides", "void", "carried-over", "absent", "released", "paper")  # fmt: skip
_ENDS: Final[Mapping[str, TicketState]] = {
    "served": TicketState.SERVED,
    "void": TicketState.VOID,
    "carried-over": TicketState.CARRIED_OVER,
    "absent": TicketState.ABSENT,
    "released": TicketState.RELEASED,
}


class Refused(NamedTuple):
    refused_at: datetime
    item: str
    reason: str
    ahead: int
    needed: int
    left: int


class Jump(NamedTuple):
    """A call before its turn: when, at which window, by whom, and on what ground."""

    ticket: Ticket
    called_at: datetime
    window: str
    clerk: str
    ground: str


class Fault(NamedTuple):
    """Why a number was not served, and who answers for it."""

    cause: str
    office: str | None
    window: str | None


class Manned(NamedTuple):
    """Minutes of a window: rostered, open within them, and the share of the first that was kept."""

    window: str
    rostered: int
    opened: int

    @property
    def share(self) -> int | None:
        return round(100 * self.opened / self.rostered) if self.rostered else None


@dataclass(frozen=True)
class DayReport:
    place: Place
    plan: HallDay
    tickets: tuple[Ticket, ...]
    refused: tuple[Refused, ...]
    out_of_hours: tuple[Refused, ...]  # asked for before opening or after closing: no refusal of anybody
    faults: Mapping[str, Fault]  # of each number that was not served
    jumps: tuple[Jump, ...]
    manned: tuple[Manned, ...]
    surges: tuple[str, ...]
    closed_at: datetime | None

    def of(self, which: str) -> list[Ticket]:
        """The numbers that a list counts."""
        if which in _ENDS:
            return [one for one in self.tickets if one.state is _ENDS[which]]
        return {
            "issued": lambda: list(self.tickets),
            "unserved": lambda: [one for one in self.tickets if one.id in self.faults],
            "called": lambda: [one for one in self.tickets if one.waited is not None],
            "told": lambda: [one for one in self.tickets if self.is_hit(one) is not None],
            "hit": lambda: [one for one in self.tickets if self.is_hit(one)],
            "overrides": lambda: [one for one in self.tickets if one.override],
            "paper": lambda: [one for one in self.tickets if one.source.value == "paper"],
            "jumped": lambda: [one.ticket for one in self.jumps],
        }[which]()

    def is_hit(self, one: Ticket) -> bool | None:
        """Whether the told band held the real wait, in open minutes; None: none was told, or it was not called."""
        if one.low_at is None or one.high_at is None or one.waited is None or one.issued_at is None:
            return None
        return has_held(one.issued_at, (one.low_at, one.high_at), one.waited, self.plan.spans)

    def waits(self) -> tuple[int, int, int] | None:
        """Median, nine of ten, and longest, in open minutes."""
        waited = sorted(one.waited for one in self.of("called") if one.waited is not None)
        return (round(median(waited)), waited[-(-9 * len(waited) // 10) - 1], waited[-1]) if waited else None

    def hit_rate(self) -> int | None:
        told = self.of("told")
        return round(100 * len(self.of("hit")) / len(told)) if told else None

    def refused_by_reason(self) -> dict[str, int]:
        return counted(one.reason for one in self.refused)

    def faults_counted(self) -> list[tuple[Fault, int]]:
        found: dict[Fault, int] = {}
        for fault in self.faults.values():
            found[fault] = found.get(fault, 0) + 1
        return sorted(found.items(), key=lambda one: -one[1])


def counted(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def day_report(where: Place, day: date, at: datetime) -> DayReport:
    """``at``: until when a window that is still open counts as open."""
    tickets = all_of(
        TICKETS.where(COLUMNS.hall == where.code, COLUMNS.day == day).order_by(
            COLUMNS.issued_at, COLUMNS.series, COLUMNS.number
        )
    )
    plan = day_of(where, day)
    events = _events(where, day)
    refused, out_of_hours = _refused(where, day)
    _, _, closed_at = day_state(where.code, day)
    return DayReport(
        where,
        plan,
        tuple(tickets),
        refused,
        out_of_hours,
        _faults(tickets),
        tuple(_jumps(tickets)),
        tuple(_manned(where, plan, events, at)),
        tuple(event.text("reason") or "" for event in events if event.kind == "surge-declared"),
        closed_at,
    )


def _events(where: Place, day: date) -> list[Event]:
    """Of the hall, on that local day."""
    midnight = datetime.combine(day, time(), hours_of_hall(where.hall, day).zone)
    return [
        event
        for event in ledger.events(f"hall/{where.code}", since=midnight)
        if event.occurred_at < midnight + timedelta(1)
    ]


def _refused(where: Place, day: date) -> tuple[tuple[Refused, ...], tuple[Refused, ...]]:
    """Those within the published hours, or for another reason than these; and the others."""
    rows = db.session.execute(
        select(TurnedAwayRow.refused_at, TurnedAwayRow.item, TurnedAwayRow.reason, TurnedAwayRow.ahead,
               TurnedAwayRow.needed_minutes, TurnedAwayRow.left_minutes)
        .where(TurnedAwayRow.hall == where.code, TurnedAwayRow.day == day)
        .order_by(TurnedAwayRow.seq)
    )  # fmt: skip
    found, published = [Refused(*row) for row in rows], sessions(where.hall, day)
    outside = {one for one in found if one.reason == CLOSED and is_out_of_hours(published, one.refused_at)}
    return tuple(one for one in found if one not in outside), tuple(one for one in found if one in outside)


def _faults(tickets: Sequence[Ticket]) -> dict[str, Fault]:
    """Of those that were closed unserved, and of those carried over afterwards: the breach was one all the same."""
    left = [one for one in tickets if one.state in (TicketState.CLOSED_UNSERVED, TicketState.CARRIED_OVER)]
    found = {}
    for subject, events in ledger.events_of([f"ticket/{one.id}" for one in left]).items():
        for event in events:
            if event.kind == "ticket-closed-unserved":
                fault = Fault(event.text("cause") or "", event.text("fault_office"), event.text("fault_window"))
                found[subject.removeprefix("ticket/")] = fault
    return found


def _jumps(tickets: Sequence[Ticket]) -> list[Jump]:
    known = {f"ticket/{one.id}": one for one in tickets if one.called_at is not None}
    found = [
        Jump(known[subject], event.occurred_at, event.window or "", event.actor, ground)
        for subject, events in ledger.events_of(list(known)).items()
        for event in events
        if event.kind == "ticket-called" and (ground := event.text("ground"))
    ]
    return sorted(found, key=lambda one: one.called_at)


def _manned(where: Place, plan: HallDay, events: Sequence[Event], at: datetime) -> list[Manned]:
    found = []
    for window in where.windows:
        rostered = tuple((a, min(b, at)) for a, b in plan.rostered.get(window, ()) if a < at)
        opened = sum(minutes(clipped(rostered, begin, end)) for begin, end in _open_spans(window, events, at))
        found.append(Manned(window, int(minutes(rostered)), int(opened)))
    return found


def _open_spans(window: str, events: Sequence[Event], at: datetime) -> Spans:
    """From sitting down to leaving, by the day's events; whoever still sits there is counted until ``at``."""
    spans: list[Span] = []
    begin: datetime | None = None
    for event in events:
        if event.text("at_window") != window:
            continue
        if event.kind in ("window-opened", "window-passed"):
            begin = begin or event.occurred_at
        elif event.kind in ("window-paused", "window-closed") and begin is not None:
            spans.append((begin, event.occurred_at))
            begin = None
    return (*spans, (begin, at)) if begin is not None and begin < at else tuple(spans)
