"""What a hall publishes about its days: promises kept and broken, waits, hours; each share beside its whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Final, NamedTuple

from sqlalchemy import func, select

from portal.hall.model.days import Span, Spans, is_out_of_hours
from portal.hall.model.tickets import TicketState
from portal.hall.model.waiting import has_held
from portal.hall.operations.issuing import Denial
from portal.hall.places import Place, hours_of_hall, local_day
from portal.hall.queries.hours import OpenDay, hours
from portal.hall.queries.tickets import COLUMNS
from portal.hall.tables import TurnedAwayRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

CLOSED: Final = Denial.CLOSED.value
DAYS: Final = 30  # parameter of ours: what is published


class Called(NamedTuple):
    """A number that was called, and the band it had been told."""

    waited: int
    issued_at: datetime
    low_at: datetime | None
    high_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One day, or all of them. ``waits`` are open minutes until the first call, in order.

    ``refused`` is by reason. Who asked a hall that was closed by its published hours is no refusal: ``out_of_hours``
    counts that beside them. A hall that was closed within its hours refused.
    """

    day: date | None
    issued: int
    states: Mapping[str, int]
    refused: Mapping[str, int]
    waits: tuple[int, ...]
    told: int  # numbers that were told a band and were called
    hit: int  # of those the ones called within it
    out_of_hours: int = 0
    unserved: int = 0  # when the hall closed; who was given another day afterwards stays one of them
    published: Spans = ()
    real: Span | None = None
    closures: tuple[str, ...] = field(default=())

    @property
    def served(self) -> int:
        return self.states.get(TicketState.SERVED.value, 0)

    @property
    def refusals(self) -> int:
        return sum(self.refused.values())

    @property
    def asked(self) -> int:
        return self.issued + self.refusals

    @property
    def median(self) -> int | None:
        return self.wait(0.5)

    @property
    def ninth(self) -> int | None:
        return self.wait(0.9)

    def wait(self, share: float) -> int | None:
        """So many minutes or less waited that share of those who were called."""
        return self.waits[ceil(share * len(self.waits)) - 1] if self.waits else None


def figures(where: Place, at: datetime, many: int = DAYS) -> list[Figures]:
    """The days before today and today, the newest first; without those on which nothing was planned or done."""
    last = local_day(where.hall, at)
    first = last - timedelta(many - 1)
    days = hours([where], at)[0].days(many, from_on=first)
    states, refused, asked = _states(where.code, first), _refused(where.code, first), _asked_closed(where.code, first)
    called = _called(where.code, first)
    events = _events(where, first)
    real, unserved = _real(where, events), _unserved(events)
    found = [
        _figures(
            one,
            states[one.day],
            _within(one.planned, refused[one.day], asked[one.day]),
            sum(is_out_of_hours(one.planned, moment) for moment in asked[one.day]),
            called[one.day],
            real.get(one.day),
            unserved[one.day],
        )
        for one in days
    ]
    return [one for one in reversed(found) if one.published or one.asked or one.out_of_hours or one.real]


def together(days: Sequence[Figures]) -> Figures:
    states, refused = Counter[str](), Counter[str]()
    for one in days:
        states.update(one.states)
        refused.update(one.refused)
    waits = tuple(sorted(minutes for one in days for minutes in one.waits))
    return Figures(
        None, sum(one.issued for one in days), states, refused, waits,
        sum(one.told for one in days), sum(one.hit for one in days), sum(one.out_of_hours for one in days),
        sum(one.unserved for one in days),
    )  # fmt: skip


def _figures(
    plan: OpenDay,
    states: Mapping[str, int],
    refused: Mapping[str, int],
    out_of_hours: int,
    called: list[Called],
    real: Span | None,
    unserved: int,
) -> Figures:
    hits = [_is_hit(one, plan.spans) for one in called if one.low_at is not None]
    return Figures(
        plan.day,
        sum(states.values()),
        states,
        refused,
        tuple(sorted(one.waited for one in called)),
        len(hits),
        sum(hits),
        out_of_hours,
        unserved,
        plan.planned,
        real,
        tuple(one.reason for one in plan.closures if not one.windows),
    )


def _is_hit(one: Called, spans: Spans) -> bool:
    """Judged in open minutes: lunch does not count, and a wait is kept in whole minutes."""
    if one.low_at is None or one.high_at is None:
        return False
    return has_held(one.issued_at, (one.low_at, one.high_at), one.waited, spans)


def _states(hall: str, first: date) -> dict[date, dict[str, int]]:
    here = (COLUMNS.hall == hall) & (COLUMNS.day >= first)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, state, many in db.session.execute(
        select(COLUMNS.day, COLUMNS.state, func.count()).where(here).group_by(COLUMNS.day, COLUMNS.state)
    ):
        found[day][state] = many
    return found


def _refused(hall: str, first: date) -> dict[date, dict[str, int]]:
    here = (TurnedAwayRow.hall == hall) & (TurnedAwayRow.day >= first)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, reason, many in db.session.execute(
        select(TurnedAwayRow.day, TurnedAwayRow.reason, func.count())
        .where(here)
        .group_by(TurnedAwayRow.day, TurnedAwayRow.reason)
    ):
        found[day][reason] = many
    return found


def _asked_closed(hall: str, first: date) -> dict[date, list[datetime]]:
    """When numbers were asked for and the hall was closed."""
    here = (TurnedAwayRow.hall == hall) & (TurnedAwayRow.day >= first) & (TurnedAwayRow.reason == CLOSED)
    found: dict[date, list[datetime]] = defaultdict(list)
    for day, moment in db.session.execute(select(TurnedAwayRow.day, TurnedAwayRow.refused_at).where(here)):
        found[day].append(moment)
    return found


def _within(published: Spans, refused: Mapping[str, int], asked: Sequence[datetime]) -> dict[str, int]:
    """The refusals without those that nobody could take for one."""
    left = {**refused, CLOSED: sum(not is_out_of_hours(published, moment) for moment in asked)}
    return {reason: many for reason, many in left.items() if many}


def _called(hall: str, first: date) -> dict[date, list[Called]]:
    here = (COLUMNS.hall == hall) & (COLUMNS.day >= first) & COLUMNS.waited.is_not(None)
    asked = select(COLUMNS.day, COLUMNS.waited, COLUMNS.issued_at, COLUMNS.low_at, COLUMNS.high_at).where(here)
    found: dict[date, list[Called]] = defaultdict(list)
    for day, *facts in db.session.execute(asked):
        found[day].append(Called(*facts))
    return found


def _events(where: Place, first: date) -> list[Event]:
    """Of the hall, from that local day on."""
    midnight = datetime.combine(first, time(), hours_of_hall(where.hall, first).zone)
    return list(ledger.events(f"hall/{where.code}", since=midnight))


def _unserved(events: Sequence[Event]) -> Counter[date]:
    """As each day's end counted them; a number that is carried over afterwards leaves the state, not the count."""
    found = Counter[date]()
    for event in events:
        if event.kind == "hall-closed" and (day := event.date("day")) is not None:
            found[day] = max(found[day], event.integer("unserved") or 0)
    return found


def _real(where: Place, events: Sequence[Event]) -> dict[date, Span]:
    """From when the first window was opened until the last one was closed; a day that goes on has no end yet."""
    opened: dict[date, datetime] = {}
    closed: dict[date, datetime] = {}
    for event in events:
        day = local_day(where.hall, event.occurred_at)
        if event.kind == "window-opened":
            opened.setdefault(day, event.occurred_at)
        if event.kind == "window-closed":
            closed[day] = event.occurred_at
    return {day: (begin, closed[day]) for day, begin in opened.items() if day in closed}
