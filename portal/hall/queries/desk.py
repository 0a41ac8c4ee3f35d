"""What a clerk at a window sees: who is there, who comes next and what they need, who is parked or was absent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.cases.queries import Unfinished, unfinished_of
from portal.catalogue.model import ItemVersion, Material, MaterialNeed, Situation
from portal.hall.model.days import HallDay
from portal.hall.model.tickets import Ticket, TicketState
from portal.hall.model.windows import Stand
from portal.hall.places import Place, local_day, version_of
from portal.hall.queries.queue import at_window, of_items, waiting_by_service, waiting_for
from portal.hall.standing import laid_out, stand_of, stands_of

SHOWN: Final = 8  # of those who wait; the hall manager's page has all


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who is there or comes next: service, situation as told, and matters of the holder that lack something.

    ``materials`` are those the situation asks for; as long as it is not known, those that every situation asks for.
    """

    ticket: Ticket
    version: ItemVersion | None
    situation: Situation | None
    materials: tuple[Material, ...]
    unfinished: tuple[Unfinished, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    place: Place
    window: str
    stand: Stand
    day: HallDay
    ticket: Ticket | None
    queue: tuple[Ticket, ...]  # in the order in which this window calls
    waiting: int
    parked: tuple[Ticket, ...]
    absent: tuple[Ticket, ...]
    now: Ahead | None
    next: Ahead | None
    is_open: bool
    recall_at: datetime | None

    def waited(self, ticket: Ticket, at: datetime) -> int:
        """Open minutes since it was issued."""
        return 0 if ticket.issued_at is None else self.day.open_minutes(ticket.issued_at, at)


@dataclass(frozen=True, slots=True)
class Chair:
    """A window as whoever chooses one sees it."""

    stand: Stand
    waiting: int


def chairs(where: Place, windows: Collection[str], at: datetime) -> dict[str, Chair]:
    """Of these windows of a hall, by two reads."""
    stands, waits = stands_of(where.code), waiting_by_service(where.code, local_day(where.hall, at))
    return {
        window: Chair(
            stands.get(window) or Stand(where.code, window),
            sum(
                many
                for (item, to_window), many in waits.items()
                if item in where.items[window] and to_window in (None, window)
            ),
        )
        for window in windows
    }


def desk(where: Place, window: str, at: datetime) -> Desk:
    """One window as it stands; of those who wait no more are read than are shown."""
    on = local_day(where.hall, at)
    where, plan = laid_out(where, on)
    items = where.items[window]
    queue, many = waiting_for(where.code, window, items, on, many=SHOWN)
    current = at_window(where.code, window)
    return Desk(
        place=where,
        window=window,
        stand=stand_of(where.code, window) or Stand(where.code, window),
        day=plan,
        ticket=current,
        queue=tuple(queue),
        waiting=many,
        parked=tuple(of_items(where.code, items, on, TicketState.PARKED)),
        absent=tuple(of_items(where.code, items, on, TicketState.ABSENT)),
        now=ahead(current) if current else None,
        next=ahead(queue[0]) if queue else None,
        is_open=plan.is_open(at),
        recall_at=current.may_be_called_again_at() if current else None,
    )


def ahead(ticket: Ticket) -> Ahead:
    """Judged by the version that the number pins: what was asked for when it was issued."""
    version = version_of(ticket.item_version, ticket.item, ticket.day)
    unfinished = unfinished_of(ticket.holder, ticket.item) if ticket.holder else []
    if version is None:
        return Ahead(ticket, None, None, (), tuple(unfinished))
    situation = situation_told(version, ticket.situation)
    return Ahead(ticket, version, situation, _asked(version, situation), tuple(unfinished))


def situation_told(version: ItemVersion, told: str | None) -> Situation | None:
    """Nobody has to tell the situation of a service that has only one."""
    return version.situations[0] if len(version.situations) == 1 else version.situation(told or "")


def _asked(version: ItemVersion, situation: Situation | None) -> tuple[Material, ...]:
    """The required materials of the situation, or those that every situation of the item asks for."""
    asked = [version.materials_for(one) for one in ((situation,) if situation else version.situations)]
    always = frozenset.intersection(*(frozenset(one.code for one in some) for some in asked)) if asked else frozenset()
    return tuple(one for one in asked[0] if one.code in always and one.need is MaterialNeed.REQUIRED) if asked else ()
