"""Halls as they stand at this moment: open or shut, until when, closures taken out, and their hours of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import g

from portal.catalogue.model import Hall, ItemVersion, Window, covers
from portal.catalogue.queries import catalogue
from portal.hall.model.days import Closure, Spans
from portal.hall.places import Place, hours_of_hall, place, places
from portal.hall.queries.hours import Hours, hours
from portal.hall.queries.services import Told, desk
from portal.store import reading

Sessions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HallNow:
    """``changes_at`` is when the hall shuts if it is open, else when it opens; None if that is not known.

    ``sessions`` are those of today, ``closure`` what takes some of today's hours away.
    """

    hall: Hall
    is_open: bool
    changes_at: datetime | None
    sessions: Sessions
    closure: Closure | None = None


def halls_now(codes: Iterable[str] | None = None) -> list[HallNow]:
    known = places() if codes is None else [place(code) for code in codes]
    with reading():
        return [hall_now(one) for one in hours(known, g.now)]


def home_halls() -> list[HallNow]:
    """Halls of the home area and its districts."""
    home = catalogue().home
    return halls_now(one.code for one in places() if covers(home, one.hall.area))


def hall_now(known: Hours) -> HallNow:
    now = known.now
    return HallNow(
        known.place.hall,
        now is not None,
        now[1] if now else known.next_opening,
        in_clock_time(known.place, known.today.spans),
        known.closed_by,
    )


def in_clock_time(where: Place, spans: Spans) -> Sessions:
    """On the clock that hangs in the hall."""
    return tuple(
        (f"{opens.astimezone(zone):%H:%M}", f"{closes.astimezone(zone):%H:%M}")
        for opens, closes in spans
        if (zone := hours_of_hall(where.hall, opens.date()).zone)
    )


def windows_for(where: Place, version: ItemVersion) -> list[Window]:
    """The windows of the hall that take this item; a comprehensive window takes any (一窗受理)."""
    return [window for window in where.hall.windows if window.code in where.serving.get(version.code, ())]


@dataclass(frozen=True, slots=True)
class HallFor:
    """A hall that may take an item: its windows for it, whether one may book, and the band while it is open."""

    now: HallNow
    windows: list[Window]
    told: Told = (None, None)


def halls_for(version: ItemVersion) -> list[HallFor]:
    found = []
    with reading():
        for now in halls_now(version.halls):
            where = place(now.hall.code)
            windows = windows_for(where, version)
            told = desk(where, g.now).service(version.code).told if now.is_open and windows else (None, None)
            found.append(HallFor(now, windows, told))
    return found
