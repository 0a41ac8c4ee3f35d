"""When halls are open, closures taken out: now, today, the coming days. Closures of many halls are read at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from portal.hall.model.days import Closure, Span, Spans, without
from portal.hall.places import Place, hours_of_hall, local_day, sessions
from portal.hall.standing import closure_of
from portal.hall.tables import ClosureRow
from portal.store import db

LOOK_AHEAD: Final = 70  # days in which the next opening is looked for; no closure is longer than two months


@dataclass(frozen=True, slots=True)
class OpenDay:
    """``planned`` are the published hours, ``spans`` what closures of the whole hall leave of them."""

    day: date
    planned: Spans
    spans: Spans
    closures: tuple[Closure, ...]

    @property
    def is_changed(self) -> bool:
        return self.planned != self.spans


@dataclass(frozen=True, slots=True)
class Hours:
    """A hall's hours as they are known at a moment."""

    place: Place
    at: datetime
    closures: tuple[Closure, ...]

    @property
    def today(self) -> OpenDay:
        return self.on(local_day(self.place.hall, self.at))

    def on(self, day: date) -> OpenDay:
        planned = sessions(self.place.hall, day)
        zone = hours_of_hall(self.place.hall, day).zone
        begin = datetime.combine(day, time(), zone)
        touched = tuple(one for one in self.closures if one.until_at > begin and one.from_at < begin + timedelta(1))
        whole: list[Span] = [(one.from_at, one.until_at) for one in touched if not one.windows]
        return OpenDay(day, planned, without(planned, whole), touched)

    def days(self, many: int, *, from_on: date | None = None) -> list[OpenDay]:
        first = from_on or local_day(self.place.hall, self.at)
        return [self.on(first + timedelta(ahead)) for ahead in range(many)]

    @property
    def now(self) -> Span | None:
        """The span that is open now."""
        return next((span for span in self.today.spans if span[0] <= self.at < span[1]), None)

    @property
    def next_opening(self) -> datetime | None:
        """When the hall opens next; None where it does not within ten weeks."""
        first = local_day(self.place.hall, self.at)
        for ahead in range(LOOK_AHEAD):
            for begin, _ in self.on(first + timedelta(ahead)).spans:
                if begin > self.at:
                    return begin
        return None

    @property
    def closed_by(self) -> Closure | None:
        """The closure of the whole hall that holds now, else the one that takes some of today's hours."""
        whole = [one for one in self.today.closures if not one.windows and one.until_at > self.at]
        holding = [one for one in whole if one.from_at <= self.at]
        return next(iter(holding or (whole if self.today.is_changed else [])), None)


def hours(where: Sequence[Place], at: datetime) -> list[Hours]:
    """Of each of these halls, in their order."""
    known = _closures([one.code for one in where], at - timedelta(2))
    return [Hours(one, at, known.get(one.code, ())) for one in where]


def _closures(halls: Iterable[str], since: datetime) -> dict[str, tuple[Closure, ...]]:
    """What has not ended before a moment, for each hall in order of its beginning."""
    known = ClosureRow.hall.in_(list(halls)) & (ClosureRow.until_at > since) & ~ClosureRow.is_withdrawn
    found: dict[str, list[Closure]] = {}
    for row in db.session.scalars(select(ClosureRow).where(known).order_by(ClosureRow.from_at)):
        found.setdefault(row.hall, []).append(closure_of(row))
    return {hall: tuple(closures) for hall, closures in found.items()}
