"""Halls as the catalogue lays them out: which windows take which service, in which series, and the hall's hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from portal import config
from portal.basis import N_, Refusal
from portal.basis.files import State
from portal.catalogue.model import (
    Catalogue,
    Hall,
    ItemNotInForce,
    ItemUnknown,
    ItemVersion,
    VersionUnknown,
    Window,
    WindowKind,
)
from portal.catalogue.queries import catalogue, divisions
from portal.hall.model.days import Spans
from portal.hall.model.windows import ItemNotServedHere, WindowUnknown
from portal.worktime import OfficeHours, WorkCalendar, office_file, regional, timetable_in

# Series of their own beside those of the offices (A, B, C …), so that nobody reads their place off another's number.
PRIORITY_SERIES: Final = "Y"  # 优先
APPOINTMENT_SERIES: Final = "P"
CARRIED_SERIES: Final = "S"  # 顺延
PAPER_SERIES: Final = "Z"  # 纸质
_OWN_SERIES: Final = (PRIORITY_SERIES, APPOINTMENT_SERIES, CARRIED_SERIES, PAPER_SERIES)
_ANY: Final = (WindowKind.COMPREHENSIVE, WindowKind.LOW_COUNTER)


class HallUnknown(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is no such hall; choose one from the list of halls."), field="hall")


@dataclass(frozen=True)
class Place:
    """``serving``: for each item the windows that take it; ``items``: for each window what it takes."""

    hall: Hall
    serving: Mapping[str, frozenset[str]]
    items: Mapping[str, frozenset[str]]
    offices: Mapping[str, str]  # of each item, the office that answers for it here
    series: Mapping[str, str]  # of each item
    windows: Mapping[str, Window]
    merged: Mapping[str, str] = field(default_factory=dict)  # for a day: into which window another was merged

    @property
    def code(self) -> str:
        return self.hall.code

    def windows_for(self, item: str) -> frozenset[str]:
        """:raises ItemNotServedHere: no window of this hall takes it."""
        found = self.serving.get(item)
        if not found:
            raise ItemNotServedHere
        return found

    def window(self, code: str) -> Window:
        """:raises WindowUnknown: the hall has none of that code."""
        try:
            return self.windows[code]
        except KeyError:
            raise WindowUnknown from None


def place(code: str) -> Place:
    """:raises HallUnknown: the catalogue has no hall of that code."""
    known = catalogue()
    held = _held.get(code)
    if held is None or held[0] is not known:
        if code not in known.hall_of:
            raise HallUnknown
        held = _held[code] = (known, _laid_out(known, known.hall_of[code]))
    return held[1]


_held: dict[str, tuple[Catalogue, Place]] = {}


def version_on(item: str, day: date) -> str | None:
    """The version of a service in force on a day, as a record pins it; None: it is in force no more, or not yet."""
    try:
        return catalogue().in_force(item, day).version
    except (ItemUnknown, ItemNotInForce):
        return None


def version_of(pinned: str | None, item: str, day: date) -> ItemVersion | None:
    """What a record is judged by: the version that it pins, in force still or not; without one that of its day."""
    known = catalogue()
    try:
        return known.version(pinned) if pinned else known.in_force(item, day)
    except (ItemUnknown, ItemNotInForce, VersionUnknown):
        return None


def places() -> list[Place]:
    return [place(code) for code in catalogue().hall_of]


def joined(where: Place, pairs: Sequence[tuple[str, str]]) -> Place:
    """The hall after each first window was merged into its second, which takes what the first took beside its own.

    The first keeps its services: who opens it again calls as before, and nobody is lost between the two.
    """
    if not pairs:
        return where
    serving, items, merged = dict(where.serving), dict(where.items), dict(where.merged)
    for window, into in pairs:
        items[into] = items[into] | items[window]
        for item in items[window]:
            serving[item] = serving[item] | {into}
        merged = {one: into if goal == window else goal for one, goal in merged.items()} | {window: into}
        merged.pop(into, None)  # merged itself before, and open again since
    return replace(where, serving=serving, items=items, merged=merged)


def takes(window: Window, version: ItemVersion) -> bool:
    """A comprehensive window takes any item (一窗受理) unless it names its own."""
    if window.kind is WindowKind.UNSOLVED:
        return False
    if window.kind in _ANY:
        return not window.items or version.code in window.items
    return version.code in window.items or (not window.items and window.office == version.office)


def _laid_out(known: Catalogue, hall: Hall) -> Place:
    newest = {version.code: version for version in known.versions}
    serving = {
        code: frozenset(window.code for window in hall.windows if takes(window, version))
        for code, version in newest.items()
    }
    serving = {code: windows for code, windows in serving.items() if windows}
    windows = {window.code: window for window in hall.windows}
    offices = {
        code: newest[code].office if newest[code].office in hall.offices else windows[min(served)].office
        for code, served in serving.items()
    }
    letters = dict(zip(hall.offices, _letters(), strict=False))
    return Place(
        hall,
        serving,
        {code: frozenset(item for item, served in serving.items() if code in served) for code in windows},
        offices,
        {code: letters.get(office, "A") for code, office in offices.items()},
        windows,
    )


def _letters() -> Iterator[str]:
    """A, B, C … without those that stand for something of their own; then AA, AB …, for halls with many offices."""
    single = [letter for letter in ascii_uppercase if letter not in _OWN_SERIES]
    return chain(single, (one + two for one in single for two in single))


def hours_of_hall(hall: Hall, known_on: date) -> OfficeHours:
    """The hall's hours on the calendar of its area, as it was known on a day."""
    layers, areas, offices = _where(hall.area, config.instance_folder())
    return _hours(regional(layers, known_on, folder=areas), office_file(hall.hours, offices))


@cache
def _where(area: str, folder: Path) -> tuple[tuple[str, ...], Path, Path]:
    """The divisions of an area from the province down, and the folders of a deployment."""
    return divisions(area), folder / "areas", folder / "offices"


def local_day(hall: Hall, at: datetime) -> date:
    return at.astimezone(hours_of_hall(hall, at.date()).zone).date()


def sessions(hall: Hall, day: date) -> Spans:
    """When the hall is open on a day by its published hours."""
    return _sessions(hours_of_hall(hall, day), day)


@cache
def _hours(calendar: WorkCalendar, file: State) -> OfficeHours:
    return OfficeHours(calendar, timetable_in(file))


@cache
def _sessions(hours: OfficeHours, day: date) -> Spans:
    midnight = datetime.combine(day, time(), hours.zone)
    return tuple(
        (midnight + timedelta(seconds=one.opens), midnight + timedelta(seconds=one.closes))
        for one in hours.sessions(day, provisional=True)
    )
