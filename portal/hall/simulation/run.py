"""Many days, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from portal.hall.model.capacity import Handling
from portal.hall.simulation.day import Hall
from portal.hall.simulation.plan import GROUPS, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per day on average; ``None`` where there was nothing to average. Waits and bands in minutes."""

    served_per_day: float
    unserved_per_day: float  # with a number in hand, not called by closing
    refused_per_day: float
    days_with_unserved: float  # share
    mean_wait_minutes: float | None
    p90_wait_minutes: float | None
    band_coverage: float | None  # share of the numbers with a band whose real wait lay within it
    band_coverage_of_waits: float | None  # the same without those who were called at once
    median_band_minutes: float | None
    unknown_bands_per_day: float


def halls(plan: Plan) -> Iterator[Hall]:
    """Day after day; what visits took is remembered from one to the next."""
    handling = {group: Handling.standard(plan.service) for group in GROUPS[: plan.skills]}
    for day in range(plan.days):
        hall = Hall(plan, handling)
        hall.play(plan.arrivals(day))
        yield hall


def simulate(plan: Plan) -> Outcome:
    served = unserved = refused = bad_days = unknown = 0
    waits: list[float] = []
    widths: list[float] = []
    hits: list[bool] = []
    hits_of_waits: list[bool] = []
    for hall in halls(plan):
        left = sum(visit.called_at is None for visit in hall.visits)
        served, unserved, refused = served + len(hall.visits) - left, unserved + left, refused + hall.refused
        bad_days += left > 0
        for visit in hall.visits:
            waited = visit.waited
            if waited is not None:
                waits.append(waited)
            if visit.told is None:
                unknown += 1
                continue
            widths.append(visit.told.high - visit.told.low)
            hits.append(waited is not None and visit.told.holds(waited))
            if waited != 0:
                hits_of_waits.append(hits[-1])
    return Outcome(
        served_per_day=served / plan.days,
        unserved_per_day=unserved / plan.days,
        refused_per_day=refused / plan.days,
        days_with_unserved=bad_days / plan.days,
        mean_wait_minutes=fmean(waits) if waits else None,
        p90_wait_minutes=quantiles(waits, n=10)[-1] if len(waits) > 1 else None,
        band_coverage=fmean(hits) if hits else None,
        band_coverage_of_waits=fmean(hits_of_waits) if hits_of_waits else None,
        median_band_minutes=median(widths) if widths else None,
        unknown_bands_per_day=unknown / plan.days,
    )
