"""Halls as they stand at this moment: open or shut, until when, and their hours of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from flask import current_app, g

from portal.basis.files import State
from portal.catalogue.model import Hall, ItemVersion, Window, WindowKind, covers
from portal.catalogue.queries import catalogue
from portal.worktime import OfficeHours, WorkCalendar, office_file, regional, timetable_in


@dataclass(frozen=True, slots=True)
class HallNow:
    """``changes_at`` is when the hall shuts if it is open, else when it opens; ``sessions`` are those of today."""

    hall: Hall
    is_open: bool
    changes_at: datetime
    sessions: tuple[tuple[str, str], ...]


def halls_now(codes: Iterable[str] | None = None) -> list[HallNow]:
    known = catalogue().hall_of
    return [hall_now(known[code], g.now, g.today) for code in (known if codes is None else codes)]


def home_halls() -> list[HallNow]:
    """Halls of the home area and its districts."""
    known = catalogue()
    return [now for now in halls_now() if covers(known.home, now.hall.area)]


def hall_now(hall: Hall, at: datetime, today: date) -> HallNow:
    hours = _hours(hall, today)
    sessions = tuple(hours.sessions(today, provisional=True))
    midnight = datetime.combine(today, time(), hours.zone)
    spans = [(midnight + timedelta(seconds=s.opens), midnight + timedelta(seconds=s.closes)) for s in sessions]
    closes = next((closes for opens, closes in spans if opens <= at < closes), None)
    return HallNow(
        hall,
        closes is not None,
        closes or hours.next_opening(at, provisional=True),
        tuple((f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in spans),
    )


def windows_for(hall: Hall, version: ItemVersion) -> list[Window]:
    """The windows of the hall that take this item; a comprehensive window takes any (一窗受理)."""
    return [window for window in hall.windows if _takes(window, version)]


def _takes(window: Window, version: ItemVersion) -> bool:
    if window.kind in (WindowKind.COMPREHENSIVE, WindowKind.LOW_COUNTER):
        return not window.items or version.code in window.items
    if window.kind is WindowKind.UNSOLVED:
        return False
    return version.code in window.items or (not window.items and window.office == version.office)


def _hours(hall: Hall, known_on: date) -> OfficeHours:
    folder = Path(current_app.instance_path)
    area = hall.area
    layers = tuple(dict.fromkeys((f"{area[:2]}0000", f"{area[:4]}00", area)))
    return _laid_out(regional(layers, known_on, folder=folder / "areas"), office_file(hall.hours, folder / "offices"))


@cache
def _laid_out(calendar: WorkCalendar, file: State) -> OfficeHours:
    return OfficeHours(calendar, timetable_in(file))
