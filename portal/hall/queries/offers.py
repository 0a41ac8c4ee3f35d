"""What can be done instead of waiting: the next slots, a hall that could promise it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from portal.hall.places import Place, place, places
from portal.hall.queries.appointments import first_free_slots
from portal.hall.queries.hours import hours
from portal.hall.queries.services import Service, desk
from portal.hall.tables import TurnedAwayRow
from portal.store import db

SLOTS: Final = 3  # parameters of ours: as many as one reads at a glance
HALLS: Final = 3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    place: Place
    service: Service


@dataclass(frozen=True, slots=True)
class Offers:
    """``halls`` could guarantee it now, the one where one waits least first."""

    slots: tuple[datetime, ...]
    halls: tuple[Elsewhere, ...]


def offers(hall: str, item: str, at: datetime) -> Offers:
    """:raises ItemNotServedHere: no window of this hall takes it."""
    place(hall).windows_for(item)
    return Offers(tuple(first_free_slots(hall, item, at, SLOTS)), tuple(quieter(hall, item, at)[:HALLS]))


def quieter(hall: str, item: str, at: datetime) -> list[Elsewhere]:
    """Other halls that are open, take it and could promise it; those that know no band last."""
    others = [one for one in places() if one.code != hall and item in one.serving]
    found = []
    for known in hours(others, at):
        if known.now is None:
            continue
        service = desk(known.place, at).service(item)
        if service.is_open:
            found.append(Elsewhere(known.place, service))
    latest = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(found, key=lambda one: (one.service.told[1] or latest, one.service.ahead, one.place.code))


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A number that was not issued, in the figures that were told."""

    item: str
    reason: str
    ahead: int
    needed_minutes: int
    left_minutes: int
    refused_at: datetime


def turned_away(hall: str, seq: int) -> TurnedAway | None:
    here = (TurnedAwayRow.hall == hall) & (TurnedAwayRow.seq == seq)
    row = db.session.scalar(select(TurnedAwayRow).where(here))
    if row is None:
        return None
    return TurnedAway(row.item, row.reason, row.ahead, row.needed_minutes, row.left_minutes, row.refused_at)
