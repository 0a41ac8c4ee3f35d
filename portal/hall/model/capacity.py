"""The one formula of the ticket guarantee: a number is promised only while the windows' minutes suffice for it. Pure.

``(A + 1)·m + z·s·√(A + 1) ≤ rostered minutes left``, for windows of different skills by Hall's theorem: what waits for
some windows alone must fit into the minutes of those windows, whichever set of windows one looks at.
Minutes are open minutes. What is promised is the call before closing. So whoever is being served now is no load: what
the windows still have to do for him, they still have to do for others at closing (who are then served to the end).
Breaks to come are taken out of the minutes left; appointments due are loads.
The capital constants are parameters of ours, tuned with `portal simulate hall`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, floor, inf, isfinite, log, log1p, sqrt
from typing import Final, TypeVar

Windows = frozenset[str]
Ticket = TypeVar("Ticket", bound=Hashable)

MARGIN: Final = 2.3  # z: how many standard deviations of the work are kept free; 1.28 to 2.3 were tried
MEMORY: Final = 200  # finished visits that the mean and the deviation of an item look back on
PRIOR: Final = 10  # visits that an item's standard minutes count for, before there are visits
PRIOR_VARIATION: Final = 0.8  # deviation of one visit over its mean, before there are visits
LAST_TICKETS: Final = 5  # fewer tickets than this still fit: "last tickets"
MOST_SETS: Final = 6  # so many sets of windows are compared in every union; work of further sets is laid out beforehand
TINY: Final = 1e-9  # minutes; sums of floats that are equal on paper
UNBOUNDED: Final = 9_999  # tickets; where nothing limits how many still fit


class Issuing(StrEnum):
    OPEN = "open"
    LAST = "last-tickets"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Load:
    """Work in minutes that waits: how many tickets, the sum of their means, the sum of their variances."""

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0

    @classmethod
    def of(cls, handling: Handling, count: int = 1) -> Load:
        return cls(count, count * handling.mean, count * handling.deviation**2)

    def __add__(self, other: Load) -> Load:
        return Load(self.count + other.count, self.mean + other.mean, self.variance + other.variance)

    def __sub__(self, other: Load) -> Load:
        """Take tickets out again; what rounding leaves of an empty load is nothing."""
        count = self.count - other.count
        if count <= 0:
            return Load()
        return Load(count, max(self.mean - other.mean, 0.0), max(self.variance - other.variance, 0.0))


@dataclass(frozen=True, slots=True)
class Handling:
    """How long one item keeps a window, in minutes, from ``count`` recent finished visits, no-shows among them."""

    mean: float
    deviation: float
    count: int = 0

    def __post_init__(self) -> None:
        if not (self.mean > 0 and self.deviation >= 0 and isfinite(self.mean + self.deviation)):
            raise ValueError(f"handling takes minutes: mean {self.mean}, deviation {self.deviation}")

    @classmethod
    def standard(cls, minutes: float) -> Handling:
        """Before there are visits: the item's standard minutes, which count like PRIOR visits."""
        return cls(minutes, PRIOR_VARIATION * minutes)

    def learnt(self, minutes: float, memory: int = MEMORY) -> Handling:
        """With one more finished visit: exponentially weighted, in the beginning every visit alike."""
        weight = max(1 / (self.count + PRIOR + 1), 2 / (memory + 1))
        step = minutes - self.mean
        variance = (1 - weight) * (self.deviation**2 + weight * step * step)
        return Handling(max(self.mean + weight * step, TINY), sqrt(variance), self.count + 1)

    def rest(self, elapsed: float) -> Load:
        """What is still to come of a visit that began ``elapsed`` minutes ago, as a lognormal time would have it."""
        if elapsed <= TINY or self.deviation < TINY * self.mean:
            return Load(1, max(self.mean - max(elapsed, 0.0), 0.0), self.deviation**2)
        spread = log1p((self.deviation / self.mean) ** 2)
        sigma = sqrt(spread)
        at = (log(elapsed / self.mean) + spread / 2) / sigma
        longer = _beyond(at)
        if longer < TINY:  # longer than anybody remembers: no law of chance says more
            return Load(1, self.mean, self.deviation**2)
        first = self.mean * _beyond(at - sigma) / longer
        second = (self.mean**2 + self.deviation**2) * _beyond(at - 2 * sigma) / longer
        return Load(1, max(first - elapsed, 0.0), max(second - first * first, 0.0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more ticket may be promised, in the numbers of the tightest set of windows.

    ``ahead`` tickets are counted there, ``needed`` minutes with the new one and the margin, ``left`` of them rostered.
    ``spare`` such tickets can be issued now, this one among them; 0 when it does not fit.
    """

    fits: bool
    ahead: int
    needed: float
    left: float
    spare: int

    def issuing(self, last: int = LAST_TICKETS) -> Issuing:
        if not self.fits:
            return Issuing.CLOSED
        return Issuing.LAST if self.spare < last else Issuing.OPEN


def verdict(
    new: Handling,
    windows: Windows,
    loads: Mapping[Windows, Load],
    minutes_left: Mapping[str, float],
    *,
    free: Collection[str] = (),
    z: float = MARGIN,
) -> Verdict:
    """Whether a ticket that ``windows`` can serve may be promised behind ``loads``.

    ``loads``: for each distinct set of windows what waits for exactly that set (waiting, parked, appointments due).
    ``minutes_left``: of each window until closing; a window that is not named has none.
    ``free``: windows that could call it this moment; where nothing else is due, no formula keeps it from them (V24).
    Work that some windows lack the minutes for in any case does not count against a ticket that others can serve.
    """
    hall = _Hall(windows, loads, minutes_left)
    if not hall.target:
        return Verdict(False, sum(load.count for load in loads.values()), new.mean, 0.0, 0)
    own = new.deviation**2
    slack, tightest, spare = inf, (0, 0.0, 0.0), UNBOUNDED
    for union, lost in hall.unions():
        left, (ahead, work, variance) = hall.minutes(union), hall.work(union)
        work -= lost
        needed = work + new.mean + z * sqrt(variance + own)
        if left - needed < slack:
            slack, tightest = left - needed, (ahead, needed, left)
        spare = min(spare, _spare(new, left - work, variance, z))
    fits = slack >= -TINY or _is_called_at_once(windows, loads, minutes_left, free)
    return Verdict(fits, *tightest, max(spare, 1) if fits else 0)


def broken(
    promises: Iterable[tuple[Ticket, Handling, Windows]],
    minutes_left: Mapping[str, float],
    *,
    appointments: Mapping[Windows, Load] | None = None,
    free: Collection[str] = (),
    z: float = MARGIN,
) -> list[Ticket]:
    """Which promises would no longer hold with these minutes, in order of turn; ``promises`` are in calling order.

    Who would no longer fit keeps his turn, so that those behind him wait for him too. Whom a ``free`` window can call
    this moment needs no margin, and is no load for those behind him; that window is free no longer.
    """
    loads, idle = dict(appointments or {}), set(free)
    lost = []
    for ticket, handling, windows in promises:
        if _is_called_at_once(windows, loads, minutes_left, idle):
            idle.remove(min(window for window in windows & idle if minutes_left.get(window, 0.0) > 0))
            continue
        if not verdict(handling, windows, loads, minutes_left, z=z).fits:
            lost.append(ticket)
        loads[windows] = loads.get(windows, Load()) + Load.of(handling)
    return lost


def _is_called_at_once(
    windows: Windows, loads: Mapping[Windows, Load], minutes_left: Mapping[str, float], free: Collection[str]
) -> bool:
    at_once = {window for window in windows.intersection(free) if minutes_left.get(window, 0.0) > 0}
    return bool(at_once) and not any(load.mean > 0 and names & at_once for names, load in loads.items())


class _Hall:
    """Windows as bits, so that a union is one `|`; the work of a single window, and of sets too many, laid on it."""

    __slots__ = ("bit", "laid", "lines", "room", "sets", "target")

    def __init__(self, windows: Windows, loads: Mapping[Windows, Load], minutes_left: Mapping[str, float]) -> None:
        self.bit = {window: 1 << place for place, window in enumerate(minutes_left)}
        self.room = {self.bit[window]: max(minutes, 0.0) for window, minutes in minutes_left.items()}
        self.laid: dict[int, Load] = {}
        self.sets: dict[int, Load] = {}
        self.target = self._mask(windows)
        for names, load in loads.items():
            mask = self._mask(names)
            if mask & (mask - 1):
                self.sets[mask] = self.sets[mask] + load if mask in self.sets else load
            elif mask:
                self._lay(mask, load)
        for window, load in self.laid.items():  # what one window lacks is lost for its own people only
            self.laid[window] = Load(load.count, min(load.mean, self.room[window]), load.variance)
        if len(self.sets) > MOST_SETS:
            others = sorted((mask.bit_count(), mask) for mask in self.sets if mask != self.target)
            for _, mask in others[MOST_SETS:]:
                self._lay_out(mask, self.sets.pop(mask))
        self.lines = [
            (mask, load.count, load.mean, load.variance)
            for part in (self.laid, self.sets)
            for mask, load in part.items()
        ]

    def _mask(self, windows: Windows) -> int:
        bit = self.bit
        return sum([bit[window] for window in windows if window in bit])

    def _lay(self, window: int, load: Load) -> None:
        self.laid[window] = self.laid[window] + load if window in self.laid else load

    def _lay_out(self, mask: int, load: Load) -> None:
        """Divided among the windows of a set so that the least free of them gets the least."""
        free = {bit: room - self._claimed(bit) for bit, room in self.room.items() if bit & mask}
        level, work = 0.0, load.mean
        ranked = sorted(free.values(), reverse=True)
        for place in range(1, len(ranked) + 1):
            level = (sum(ranked[:place]) - work) / place
            if place == len(ranked) or level >= ranked[place]:
                break
        count = load.count
        for bit, height in free.items():
            part = max(height - level, 0.0)
            if part:
                self._lay(bit, Load(count, part, load.variance * part / work if work else 0.0))
                count = 0  # a ticket is counted once

    def _claimed(self, window: int) -> float:
        own = self.laid[window].mean if window in self.laid else 0.0
        return own + sum(load.mean / mask.bit_count() for mask, load in self.sets.items() if mask & window)

    def minutes(self, union: int) -> float:
        return sum([room for bit, room in self.room.items() if bit & union])

    def work(self, union: int) -> tuple[int, float, float]:
        """What only windows of this union can do: how many, mean, variance."""
        total, work, scatter = 0, 0.0, 0.0
        for mask, count, mean, variance in self.lines:
            if mask | union == union:
                total, work, scatter = total + count, work + mean, scatter + variance
        return total, work, scatter

    def unions(self) -> Iterable[tuple[int, float]]:
        """Every union that holds the target, and what sets within it lack by themselves, whoever comes."""
        target = self.target
        reached = {0}
        for other in self.sets:
            if other != target:
                reached |= {union | other for union in reached}
        short = [(union, lack) for union in reached if target & ~union and (lack := self._lack(union)) > 0]
        for union in {target | union for union in reached}:
            yield union, max([lack for part, lack in short if part | union == union], default=0.0) if short else 0.0

    def _lack(self, union: int) -> float:
        work = sum([mean for mask, _, mean, _ in self.lines if mask | union == union])
        return work - self.minutes(union) if work else 0.0


def _spare(new: Handling, room: float, variance: float, z: float) -> int:
    """The largest n with ``n·m + z·√(variance + n·s²) ≤ room``."""
    m, own = new.mean, (z * new.deviation) ** 2
    if room < z * sqrt(variance):
        return 0
    half = 2 * room * m + own
    inner = half * half - 4 * m * m * (room * room - z * z * variance)
    return min(floor((half - sqrt(max(inner, 0.0))) / (2 * m * m) + TINY), UNBOUNDED)


def _beyond(at: float) -> float:
    """The chance that a normal variable exceeds ``at``."""
    return erfc(at / sqrt(2)) / 2
