"""The nation's calendar as it was known on any day, and the layers that provinces, cities and offices lay over it.

The facts are one file a year in ``nation/``; a new year is one more file. A notice for year N + 1 may still move the
last three days of N (it never moved an earlier one), so what is known with notice N alone is certain to 28 December.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from portal.basis.files import State, listing
from portal.worktime.days import MONDAY_TO_FRIDAY, WorkCalendar
from portal.worktime.rules import DayRule, read_rules

HERE = Path(__file__).parent
AREAS = HERE / "areas"
FIRST_DAY = date(2004, 1, 1)
# Limits run further than notices; our own number: a promise of ten years still gets a provisional date. What was known
# at an earlier day reaches as far, so that an old state of knowledge may be asked about any day of the present.
PROVISIONAL_YEARS = 10


def national(known_at: date | None = None) -> WorkCalendar:
    """The national calendar with the notices published up to ``known_at``, or with all of them."""
    return _edition((), _last_change((), known_at))


def regional(areas: Sequence[str], known_at: date | None = None, *, folder: Path | None = None) -> WorkCalendar:
    """The national calendar under the layers of ``areas``, the widest first (province, city, office).

    A layer is ``<area>.toml`` in ``folder``, else among those shipped; an area without a file follows the wider one.
    A file that changes is read again (:mod:`portal.basis.files` says how soon).
    """
    layers = _layers(areas, folder)
    return _edition(layers, _last_change(layers, known_at))


def editions(
    first: date, last: date, areas: Sequence[str] = (), *, folder: Path | None = None
) -> list[tuple[date, WorkCalendar]]:
    """The distinct calendars in force in a period, each with the day from which it was known.

    The first one is given with ``first``: it judges all that ended before the next notice.
    """
    changes = [day for day in _changes(_layers(areas, folder)) if first < day <= last]
    return [(day, regional(areas, day, folder=folder)) for day in (first, *changes)]


def plain(first: date, last: date, *, week: frozenset[int] = MONDAY_TO_FRIDAY) -> WorkCalendar:
    """A calendar without any holiday, certain throughout: for logs of places whose holidays are not known."""
    return WorkCalendar({}, first=first, last=last, week=week)


def national_rules() -> tuple[DayRule, ...]:
    """Every dated rule of the nation, in the order of the files."""
    return _nation()


def certain_until(rules: Iterable[DayRule], known_at: date | None = None) -> date:
    """28 December of the last year that a notice known by then settles; the eve of the data if there is none."""
    years = [
        rule.notice.settles
        for rule in rules
        if rule.notice.settles and (known_at is None or rule.published <= known_at)
    ]
    return date(max(years), 12, 28) if years else FIRST_DAY - timedelta(1)


@cache
def _nation() -> tuple[DayRule, ...]:
    return tuple(rule for path in sorted((HERE / "nation").glob("*.toml")) for rule in read_rules(path))


@cache
def _layer(file: State) -> tuple[DayRule, ...]:
    return read_rules(file.path)


@cache
def _edition(layers: tuple[State, ...], known_at: date) -> WorkCalendar:
    until = certain_until(_nation(), known_at)
    return WorkCalendar.from_rules(
        [_nation(), *map(_layer, layers)],
        first=FIRST_DAY,
        last=date(certain_until(_nation()).year + PROVISIONAL_YEARS, 12, 31),
        certain_until=until,
        known_at=known_at,
    )


def _last_change(layers: tuple[State, ...], known_at: date | None) -> date:
    """The publication day of the newest notice known by ``known_at``, so that equal calendars are built once."""
    changes = _changes(layers)
    known = len(changes) if known_at is None else bisect_right(changes, known_at)
    return changes[known - 1] if known else date.min


@cache
def _changes(layers: tuple[State, ...]) -> list[date]:
    """The days on which anything was published, in order."""
    return sorted({rule.published for layer in (_nation(), *map(_layer, layers)) for rule in layer})


def _layers(areas: Sequence[str], folder: Path | None) -> tuple[State, ...]:
    """The layers that exist; a deployment's own come before those shipped."""
    if not areas:
        return ()
    roots = [listing(root) for root in (folder, AREAS) if root]
    found = (next((root[name] for root in roots if name in root), None) for name in (f"{area}.toml" for area in areas))
    return tuple(layer for layer in found if layer)
