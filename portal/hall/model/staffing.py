"""How many windows a half hour needs, by Erlang's formula for waiting (Erlang C). Pure.

The formula takes arrivals without pattern, windows all alike and nobody who leaves, so it asks for rather too many.
The capital constants are parameters of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, isfinite
from typing import Final

from portal.hall.model.waiting import Band

LIMIT: Final = 15.0  # minutes: so long one may wait
SHARE: Final = 0.2  # of the people may wait longer than that
MOST_WINDOWS: Final = 500  # a hall that needs more is a slip of the pen


def chance_to_wait(windows: int, load: float) -> float:
    """Erlang C: the chance that all ``windows`` are busy. ``load``: arrivals × handling, in windows kept busy."""
    if load >= windows:
        return 1.0
    blocked = 1.0  # Erlang B, grown window by window
    for count in range(1, windows + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / windows * (1 - blocked))


def chance_to_wait_longer(minutes: float, windows: int, arrivals_an_hour: float, handling: float) -> float:
    """The chance to wait more than ``minutes``, when one visit takes ``handling`` minutes on average."""
    load = arrivals_an_hour / 60 * handling
    if load >= windows:
        return 1.0
    return chance_to_wait(windows, load) * exp(-(windows - load) * minutes / handling)


def windows_needed(arrivals_an_hour: float, handling: float, *, limit: float = LIMIT, share: float = SHARE) -> int:
    """The fewest windows with which at most ``share`` of the people wait longer than ``limit`` minutes."""
    if not (arrivals_an_hour >= 0 and handling > 0 and isfinite(arrivals_an_hour * handling)):
        raise ValueError(f"{arrivals_an_hour} arrivals an hour of {handling} minutes each")
    if not arrivals_an_hour:
        return 0
    windows = ceil(arrivals_an_hour / 60 * handling)
    while windows < MOST_WINDOWS and chance_to_wait_longer(limit, windows, arrivals_an_hour, handling) > share:
        windows += 1
    return windows


def windows_per_half_hour(
    arrivals: Sequence[float], handling: float, *, limit: float = LIMIT, share: float = SHARE
) -> list[int]:
    """For each half hour of a day, from how many people came in it in the weeks before, on average."""
    return [windows_needed(2 * count, handling, limit=limit, share=share) for count in arrivals]


def should_open_one_more(told: Band | None, limit: float = LIMIT) -> bool:
    """The live hint: whoever comes now may wait longer than the limit, or there is no window for him at all."""
    return told is None or told.high > limit
