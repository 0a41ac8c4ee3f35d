"""Many days, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Final

from portal.hall.model.capacity import Handling
from portal.hall.simulation.day import Hall, Visit
from portal.hall.simulation.plan import DAY, GROUPS, Plan

SLOT: Final = 30.0  # minutes


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Who took a number in it and was called: how many a day, their mean wait, the mean ends of what they were told."""

    people_per_day: float
    wait_minutes: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per day on average; None where there was nothing to average. Waits and bands in minutes.

    A band is judged where there is one: a free window that calls at once, and "unknown", are counted apart. Whoever
    was never called waited longer than told.
    """

    served_per_day: float
    unserved_per_day: float  # with a number in hand, not called by closing
    refused_per_day: float
    days_with_unserved: float  # share
    mean_wait_minutes: float | None
    p90_wait_minutes: float | None
    band_coverage: float | None  # share of the bands that held the real wait
    band_coverage_with_called_at_once: float | None  # the same with those who were told 0 minutes
    median_band_minutes: float | None
    called_at_once_per_day: float
    unknown_per_day: float
    half_hours: tuple[HalfHour, ...]


def halls(plan: Plan) -> Iterator[Hall]:
    """Day after day; what visits took is remembered from one to the next."""
    handling = {group: Handling.standard(plan.service) for group in GROUPS[: plan.skills]}
    for day in range(plan.days):
        hall = Hall(plan, handling)
        hall.play(plan.arrivals(day))
        yield hall


def simulate(plan: Plan) -> Outcome:
    visits: list[Visit] = []
    refused = bad_days = 0
    for hall in halls(plan):
        visits += hall.visits
        refused += hall.refused
        bad_days += any(visit.called_at is None for visit in hall.visits)
    waits = [visit.waited for visit in visits if visit.waited is not None]
    at_once = [visit for visit in visits if visit.told is not None and not visit.told.high]
    banded = [visit for visit in visits if visit.told is not None and visit.told.high]
    widths = [visit.told.high - visit.told.low for visit in banded if visit.told]
    return Outcome(
        served_per_day=len(waits) / plan.days,
        unserved_per_day=(len(visits) - len(waits)) / plan.days,
        refused_per_day=refused / plan.days,
        days_with_unserved=bad_days / plan.days,
        mean_wait_minutes=_mean(waits),
        p90_wait_minutes=quantiles(waits, n=10)[-1] if len(waits) > 1 else None,
        band_coverage=_mean([_held(visit) for visit in banded]),
        band_coverage_with_called_at_once=_mean([_held(visit) for visit in [*banded, *at_once]]),
        median_band_minutes=median(widths) if widths else None,
        called_at_once_per_day=len(at_once) / plan.days,
        unknown_per_day=(len(visits) - len(banded) - len(at_once)) / plan.days,
        half_hours=_half_hours(visits, plan.days),
    )


def _held(visit: Visit) -> bool:
    return visit.told is not None and visit.waited is not None and visit.told.holds(visit.waited)


def _half_hours(visits: Sequence[Visit], days: int) -> tuple[HalfHour, ...]:
    slots: list[list[Visit]] = [[] for _ in range(int(DAY / SLOT))]
    for visit in visits:
        if visit.waited is not None:
            slots[int(visit.arrival.at / SLOT)].append(visit)
    return tuple(
        HalfHour(
            len(slot) / days,
            _mean([visit.waited for visit in slot if visit.waited is not None]),
            _mean([visit.told.low for visit in slot if visit.told]),
            _mean([visit.told.high for visit in slot if visit.told]),
        )
        for slot in slots
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
