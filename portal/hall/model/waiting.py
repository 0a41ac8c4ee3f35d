"""Honest waiting times: a band in open minutes that holds about 80 of 100 waits, and its moments on the clock. Pure.

The work ahead is poured onto the windows that can do it, the earliest free first, breaks left out; the ticket is called
when the first of its own windows comes to it. What is uncertain (the services ahead, the rest of those at the windows)
gives the width. Closed formulas, no chance. The capital constants are parameters of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, sqrt
from typing import Final

from portal.hall.model.capacity import TINY, Load, Windows

TAIL: Final = 1.2816  # of a normal variable: 10 % lie below -TAIL, 10 % above
PASSES: Final = 2  # how often sets of windows that overlap are balanced against each other
BUSIEST: Final = 0.9  # the largest share of the windows' time that overtakers are reckoned with
WILDEST: Final = 2.0  # variance over squared mean; beyond it the approximation of the quantiles fails

Span = tuple[float, float]  # open minutes from now


TO_PRESS: Final = (
    2.0  # minutes; parameter of ours: whoever could be called at once is called when the clerk has pressed
)


def has_held(
    issued_at: datetime,
    told: tuple[datetime, datetime],
    waited: int,
    spans: Iterable[tuple[datetime, datetime]],
) -> bool:
    """Whether the wait, in whole open minutes, fell into the band that was told; lunch does not count."""
    spans = list(spans)
    low, high = (open_minutes(issued_at, moment, spans) for moment in told)
    return low - 1 < waited <= high + TO_PRESS


@dataclass(frozen=True, slots=True)
class Band:
    """Open minutes until the call: 10 of 100 wait less than ``low``, 10 of 100 more than ``high``."""

    low: float
    high: float

    def holds(self, minutes: float) -> bool:
        return self.low - TINY <= minutes <= self.high + TINY

    def on_the_clock(self, at: datetime, spans: Iterable[tuple[datetime, datetime]]) -> tuple[datetime, datetime]:
        """From when until when, in the hall's open spans; nothing lies after the end of the last."""
        spans = list(spans)
        return moment_after(self.low, at, spans), moment_after(self.high, at, spans)


def moment_after(minutes: float, at: datetime, spans: Iterable[tuple[datetime, datetime]]) -> datetime:
    """The moment when so many open minutes have passed; a closed hall's minutes begin when it opens."""
    left, moment = timedelta(minutes=minutes), at
    for start, end in spans:
        if end <= at:
            continue
        moment = max(start, at)
        if left <= end - moment:
            return moment + left
        left -= end - moment
        moment = end
    return moment


def open_minutes(start: datetime, end: datetime, spans: Iterable[tuple[datetime, datetime]]) -> float:
    """How many minutes of the spans lie between two moments: what a wait is judged by."""
    parts = (min(end, closes) - max(start, opens) for opens, closes in spans)
    return sum(max(part.total_seconds(), 0.0) for part in parts) / 60


def band(
    windows: Windows,
    ahead: Mapping[Windows, Load],
    at_hand: Mapping[str, Load],
    openings: Mapping[str, Sequence[Span]],
    *,
    overtaking: float = 0.0,
) -> Band | None:
    """How long a ticket of ``windows`` waits for its call; None, "unknown", while none of them is open.

    ``ahead``: what is called before it, for each distinct set of windows. ``at_hand``: what each busy window still has
    to do (``Handling.rest``); one that is not named is free. ``openings``: when each window is rostered, in open
    minutes from now, in order and breaks left out. ``overtaking``: the share of the windows' time that people take
    who come later and go first.
    """
    if not any(start <= 0 < end for window in windows for start, end in openings.get(window, ())):
        return None
    desks = {window: _Desk(spans, at_hand.get(window)) for window, spans in openings.items()}
    own = [desks[window] for window in windows if window in desks]
    relevant = {names: load for names, load in ahead.items() if load.mean > 0}
    _pour(relevant, desks)
    rest, rest_variance, size = _one_visit(own, [load for names, load in relevant.items() if names & windows])
    until = max(desk.spans[-1][1] for desk in own if desk.spans)
    mean, variance, together = _first_call(own, rest, rest_variance)
    mean = min(mean, until)
    if overtaking > 0:
        free = 1 - min(overtaking, BUSIEST)
        variance = variance / free**2 + mean * (1 - free) * size / together / free**3
        mean /= free
    low, high = _quantiles(mean, variance)
    return Band(min(low, until), min(high, until))


class _Desk:
    """One window: when it is rostered, and how many of those minutes are taken."""

    __slots__ = ("free_at", "rest", "spans", "taken", "variance")

    def __init__(self, spans: Sequence[Span], rest: Load | None) -> None:
        self.spans = [(max(start, 0.0), end) for start, end in spans if end > 0]
        self.rest = rest
        self.taken = rest.mean if rest else 0.0
        self.variance = rest.variance if rest else 0.0
        self.free_at = self.moment()

    def moment(self) -> float:
        """When the next ticket can be called here; infinite if the roster ends before."""
        return next((start for start, _ in self.free_spans()), inf)

    def called_before(self, moment: float) -> bool:
        """Whether it calls somebody and goes on a break before that moment."""
        return self.free_at < self.spans[0][1] <= moment if self.spans else False

    def free_spans(self) -> Iterable[Span]:
        taken = self.taken
        for start, end in self.spans:
            if taken < end - start:
                yield start + taken, end
                taken = 0.0
            else:
                taken -= end - start

    def take(self, until: float) -> float:
        """Take all free minutes until a moment; return how many."""
        minutes = sum([min(end, until) - start for start, end in self.free_spans() if start < until])
        self.taken += minutes
        return minutes


def _pour(ahead: Mapping[Windows, Load], desks: Mapping[str, _Desk]) -> None:
    """Lay the work on the windows, the least flexible first; those that overlap are balanced once more."""
    order = sorted(ahead.items(), key=lambda entry: len(entry[0]))
    laid: dict[Windows, list[tuple[_Desk, float, float]]] = {}
    for turn in range(PASSES if len(order) > 1 else 1):
        for names, load in order:
            for desk, minutes, variance in laid.get(names, ()):
                desk.taken -= minutes
                desk.variance -= variance
            laid[names] = _lay(load, [desks[name] for name in names if name in desks])
        if turn == 0 and all(len(names) == 1 for names, _ in order[:-1]):
            break


def _lay(load: Load, desks: list[_Desk]) -> list[tuple[_Desk, float, float]]:
    level = _level(load.mean, desks)
    parts = []
    for desk in desks:
        minutes = desk.take(level)
        if minutes:
            variance = load.variance * minutes / load.mean
            desk.variance += variance
            parts.append((desk, minutes, variance))
    return parts


def _level(work: float, desks: list[_Desk]) -> float:
    """The moment at which these windows have done so much more work: a sweep over their free spans."""
    events = []
    for desk in desks:
        for start, end in desk.free_spans():
            events += [(start, 1), (end, -1)]
    events.sort()
    rate, before = 0, 0.0
    for moment, step in events:
        gained = rate * (moment - before)
        if rate and gained >= work:
            return before + work / rate
        work -= gained
        before, rate = moment, rate + step
    return before


def _one_visit(own: list[_Desk], ahead: list[Load]) -> tuple[float, float, float]:
    """Of a visit that is being served at some moment: what is still to come, its variance; and E[X²] / E[X]."""
    count = sum(load.count for load in ahead)
    if not count:
        rests = [desk.rest for desk in own if desk.rest]
        if not rests:
            return 0.0, 0.0, 0.0
        rest = sum(one.mean for one in rests) / len(rests)
        return rest, sum(one.variance for one in rests) / len(rests), 2 * rest
    mean = sum(load.mean for load in ahead) / count
    spread = 1 + sum(load.variance for load in ahead) / count / mean**2
    rest = mean * spread / 2
    return rest, max(mean**2 * spread**3 / 3 - rest**2, 0.0), 2 * rest


def _first_call(own: list[_Desk], rest: float, rest_variance: float) -> tuple[float, float, int]:
    """Mean and variance of the moment when the first of these windows comes to the ticket, and how many share in it.

    When it does, the others of the group are in the middle of a visit, and those on a break ended theirs before they
    went: so much of the work ahead is not done, or was done earlier, than the roster has it.
    """
    order = sorted([(desk.moment(), place) for place, desk in enumerate(own)])
    found, scatter, together = inf, 0.0, 1
    taken = variance = 0.0
    for group, (moment, place) in enumerate(order, 1):
        if moment == inf:
            break
        taken += moment
        variance += own[place].variance
        away = sum([own[later].called_before(moment) for begins, later in order[group:] if begins > moment])
        mean = (taken - (group - 1 + away) * rest) / group
        if mean < found - TINY:
            found, together = mean, group
            scatter = max(variance - (group - 1) * rest_variance, variance / group) / group**2
    return max(found, _soonest(own)), scatter, together


def _soonest(own: list[_Desk]) -> float:
    """When the first of the visits that are being served ends, if each of them ends by chance."""
    rests = [desk.rest.mean if desk.rest else 0.0 for desk in own if desk.spans and desk.spans[0][0] <= 0]
    return 0.0 if not all(rests) else 1 / sum(1 / rest for rest in rests)


def _quantiles(mean: float, variance: float) -> Span:
    """10 and 90 of 100 of a gamma variable (Wilson and Hilferty 1931)."""
    if mean <= TINY or variance <= TINY:
        return max(mean, 0.0), max(mean, 0.0)
    ninth = min(variance / mean**2, WILDEST) / 9
    low, high = (1 - ninth + side * TAIL * sqrt(ninth) for side in (-1, 1))
    return mean * max(low, 0.0) ** 3, mean * max(high, 0.0) ** 3
