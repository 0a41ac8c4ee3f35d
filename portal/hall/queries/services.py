"""How each service of a hall stands at a moment: whether numbers are issued, how many wait, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.hall.model.capacity import Issuing, Verdict, Windows
from portal.hall.model.ranks import Rank, turn_of
from portal.hall.model.tickets import Ticket, TicketState
from portal.hall.model.waiting import Band
from portal.hall.operations.issuing import EARLY
from portal.hall.places import Place, local_day
from portal.hall.queries.tickets import COLUMNS
from portal.hall.standing import Standing, is_before, standing
from portal.hall.tables import HallDayRow
from portal.store import db

Told = tuple[datetime, datetime] | tuple[None, None]


@dataclass(frozen=True, slots=True)
class Service:
    """``ahead`` are the matters that the same windows have to do first; ``told`` the band in clock time, if known."""

    item: str
    issuing: Issuing
    ahead: int
    told: Told
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        return self.issuing is not Issuing.CLOSED


@dataclass(frozen=True, slots=True)
class Desk:
    """A hall as whoever thinks of coming sees it; ``stopped_because`` is the hall manager's reason."""

    now: Standing
    is_stopped: bool
    stopped_because: str | None

    @property
    def takes_numbers(self) -> bool:
        opens_at, closes_at = self.now.day.opens_at, self.now.day.closes_at
        is_hour = opens_at is not None and closes_at is not None and opens_at - EARLY <= self.now.at < closes_at
        return is_hour and not self.is_stopped

    def service(self, item: str, matters: int = 1) -> Service:
        found = self.now.verdict(item, matters)
        issuing = found.issuing() if self.takes_numbers else Issuing.CLOSED
        windows = self.now.place.windows_for(item)
        return Service(item, issuing, ahead_of(self.now, windows), self.now.told(self.now.band(item)), found)

    def services(self, items: Collection[str]) -> dict[str, Service]:
        """Those that the same windows take equally long wait alike, and are reckoned once."""
        known: dict[object, Service] = {}
        found = {}
        for item in items:
            kind = (self.now.place.windows_for(item), self.now.handling(item))
            if kind not in known:
                known[kind] = self.service(item)
            one = known[kind]
            found[item] = Service(item, one.issuing, one.ahead, one.told, one.verdict)
        return found


def ahead_of(now: Standing, windows: Windows) -> int:
    return sum(load.count for names, load in now.ahead().items() if names & windows)


def desk(where: Place, at: datetime, rank: Rank = Rank.NORMAL) -> Desk:
    """For somebody of that rank who would come now."""
    day = local_day(where.hall, at)
    here = (HallDayRow.hall == where.code) & (HallDayRow.day == day)
    stopped = db.session.execute(select(HallDayRow.stopped_at, HallDayRow.stopped_because).where(here)).first()
    is_stopped = stopped is not None and stopped.stopped_at is not None
    because = stopped.stopped_because if stopped is not None and is_stopped else None
    return Desk(standing(where, day, at, turn_at=turn_of(rank, at)), is_stopped, because)


@dataclass(frozen=True, slots=True)
class Turn:
    """A number that waits: how many people the same windows call first, and when it is likely to be called."""

    people: int
    band: Band | None
    told: Told


def turn(where: Place, ticket: Ticket, at: datetime) -> Turn:
    now = standing(where, ticket.day, at, own=ticket)
    windows = now.windows(ticket.item, ticket.to_window)
    if not windows:
        return Turn(0, None, (None, None))
    found = now.band(ticket.item, ticket.to_window)
    return Turn(_people_before(now.place, ticket, windows), found, now.told(found))


def _people_before(where: Place, ticket: Ticket, windows: Windows) -> int:
    rivals = [item for item, served in where.serving.items() if served & windows]
    waiting = (COLUMNS.hall == ticket.hall) & (COLUMNS.day == ticket.day) & (COLUMNS.state == TicketState.WAITING.value)
    is_rival = COLUMNS.item.in_(rivals) & (COLUMNS.to_window.is_(None) | COLUMNS.to_window.in_(sorted(windows)))
    return db.session.scalar(select(func.count()).where(waiting, is_before(ticket), is_rival)) or 0
