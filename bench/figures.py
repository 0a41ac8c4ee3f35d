"""What a benchmark reports, and how a call is timed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

Rows = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. ``at_most`` and ``at_least`` are promises; a figure with neither stands for comparison."""

    group: str
    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_kept(self) -> bool:
        is_low_enough = self.at_most is None or self.value <= self.at_most
        return is_low_enough and (self.at_least is None or self.value >= self.at_least)

    @property
    def promise(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""


def per_call(call: Callable[[Any, Any], Any], rows: Rows, *, repeat: int = 7) -> float:
    """Seconds of one call with two arguments: the best round over the rows, less what the bare loop costs."""

    def calling() -> None:
        for a, b in rows:
            call(a, b)

    def looping() -> None:
        for _a, _b in rows:
            pass

    return max(once(calling, repeat=repeat) - once(looping, repeat=repeat), 0.0) / len(rows)


def once(work: Callable[[], Any], *, repeat: int = 7) -> float:
    """Seconds of the best of ``repeat`` runs, with the garbage collector at rest."""
    gc.disable()
    try:
        return min(_seconds(work) for _ in range(repeat))
    finally:
        gc.enable()


def _seconds(work: Callable[[], Any]) -> float:
    begin = perf_counter()
    work()
    return perf_counter() - begin
