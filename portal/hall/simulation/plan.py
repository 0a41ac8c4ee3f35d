"""What is simulated: the hall, its windows and their breaks, who comes, and by which policy numbers are issued.

One unit: minutes since opening. All numbers are parameters of ours; the defaults are those of the tables we compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, isfinite, log, sqrt
from random import Random
from typing import Final

from portal.basis import N_, Refusal
from portal.hall.model.capacity import MARGIN, Windows

OPENS: Final = 9 * 60  # on the clock
DAY: Final = 480.0  # from opening to closing
LUNCH: Final = ((180.0, 240.0), (240.0, 300.0))  # two shifts; every other window takes the second
NO_SHOW: Final = 1.5  # minutes that calling somebody who does not come takes
GROUPS: Final = "AB"
MOST_DAYS, MOST_WINDOWS, MOST_VISITS = 10_000, 60, 5_000  # a slip of the pen must not run for a day

Span = tuple[float, float]


class Policy(StrEnum):
    GUARANTEE = "guarantee"  # the one formula
    UNTIL_CLOSING = "until-closing"  # a number for everybody who comes before closing
    QUOTA = "quota"  # so many numbers a day as the windows manage on average
    MEAN = "mean"  # while the forecast wait ends before closing


class BadPlan(Refusal):
    """What was asked for is no hall."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A window: which groups of items it serves, and when it is rostered."""

    name: str
    groups: str
    spans: tuple[Span, ...]

    @property
    def minutes(self) -> float:
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes: when, for which group of items, how long he keeps a window, whether he goes first."""

    at: float
    group: str
    minutes: float
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    policy: Policy = Policy.GUARANTEE
    load: float = 1.0  # arrivals × service minutes ÷ minutes of the windows without a break
    windows: int = 4
    service: float = 12.0  # minutes on average of who comes
    variation: float = 0.8  # deviation of a service over its mean
    no_show: float = 0.08
    has_lunch: bool = False
    skills: int = 1
    priority: float = 0.0  # share of the people who go first
    extra: Span | None = None
    days: int = 150
    seed: int = 1
    z: float = MARGIN

    def __post_init__(self) -> None:
        _within(N_("The load"), self.load, 0.01, 5)
        _within(N_("The number of windows"), self.windows, 1, MOST_WINDOWS)
        _within(N_("The service minutes"), self.service, 0.5, 240)
        _within(N_("The variation of the service"), self.variation, 0, 5)
        _within(N_("The share of no-shows"), self.no_show, 0, 0.9)
        _within(N_("The number of skills"), self.skills, 1, len(GROUPS))
        _within(N_("The share of people who go first"), self.priority, 0, 0.9)
        _within(N_("The number of days"), self.days, 1, MOST_DAYS)
        _within(N_("The margin z"), self.z, 0, 10)
        if self.extra and not 0 <= self.extra[0] < self.extra[1] <= DAY:
            raise BadPlan(N_("The extra window must open before it closes, between 09:00 and 17:00: give 10:00-12:00."))
        if self.arrivals_a_day > MOST_VISITS:
            raise BadPlan(
                N_("That makes %(visits)s visits a day, more than %(most)s: give fewer windows or longer services."),
                values={"visits": round(self.arrivals_a_day), "most": MOST_VISITS},
            )

    @property
    def without_extra(self) -> Plan:
        return replace(self, extra=None)

    @property
    def arrivals_a_day(self) -> float:
        return self.load * self.windows * DAY / self.service

    @property
    def quota(self) -> int:
        """The numbers a day that the windows manage on average, no-shows among them."""
        visit = (1 - self.no_show) * self.service + self.no_show * NO_SHOW
        return round(sum(desk.minutes for desk in self.desks()) / visit)

    def desks(self) -> list[Desk]:
        desks = self._own_desks()
        if self.extra:
            desks.append(Desk(str(len(desks) + 1), GROUPS[: self.skills], (self.extra,)))
        return desks

    def _own_desks(self) -> list[Desk]:
        """With two skills a quarter of the windows serves the one, a quarter the other, the rest both."""
        special = max(self.windows // 4, 1) if self.skills > 1 else 0
        groups = [GROUPS[:1]] * min(special, self.windows - 1) + [GROUPS[1:2]] * min(special, self.windows - 2)
        groups += [GROUPS[: self.skills]] * (self.windows - len(groups))
        return [Desk(str(number), served, self._spans(number)) for number, served in enumerate(groups, 1)]

    def _spans(self, number: int) -> tuple[Span, ...]:
        if not self.has_lunch:
            return ((0.0, DAY),)
        start, end = LUNCH[(number + 1) % 2]
        return ((0.0, start), (end, DAY))

    def arrivals(self, day: int) -> list[Arrival]:
        """Who comes on a day: Poisson arrivals, lognormal services; the same for every policy and roster."""
        chance = Random(f"{self.seed}/{day}")  # noqa: S311 -- the same days for the same seed
        spread = log(1 + self.variation**2)
        middle, sigma = log(self.service) - spread / 2, sqrt(spread)
        rate, at, coming = self.arrivals_a_day / DAY, 0.0, list[Arrival]()
        while (at := at + chance.expovariate(rate)) < DAY:
            minutes = exp(chance.gauss(middle, sigma))
            group = GROUPS[int(chance.random() * self.skills)]
            is_absent, is_first = chance.random() < self.no_show, chance.random() < self.priority
            coming.append(Arrival(at, group, NO_SHOW if is_absent else minutes, is_first))
        return coming


def able(desks: Sequence[Desk], group: str) -> Windows:
    return frozenset(desk.name for desk in desks if group in desk.groups)


def _within(what: str, value: float, least: float, most: float) -> None:
    if not (isfinite(value) and least <= value <= most):
        raise BadPlan(
            N_("%(what)s must lie between %(least)s and %(most)s, not %(value)s."),
            values={"what": what, "least": f"{least:g}", "most": f"{most:g}", "value": f"{value:g}"},
        )
