"""Waits as an estimate told them beside waits as they were: nothing is fitted to the half it is judged on.

The readings are split by date. Every estimate uses only what the queue's readings had shown until its own moment. The
first half of the days warms the handling times up and gives the spread that is learnt from it; the second half judges.
A wait is known to within the time between two readings: it counts as inside a band by its middle, and the share that
lies inside for certain and the share that may lie inside are given with it.

Three bands stand side by side: the one our own tickets are told (`model.waiting.band`, with windows of which only the
number is known, and a visit in the middle at each), the closed formula (A+1)·m/c ± z·s·√(A+1)/c, and the learnt one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import inf

import polars as pl
from polars import col

from portal.hall.model.capacity import Load, Windows
from portal.hall.model.waiting import band
from portal.hall.readings.reading import MOST
from portal.hall.readings.waits import Waits

LEAST_CALLS = 10  # fewer calls say too little about handling: nothing is told; ours
LOWER, UPPER = 0.1, 0.9  # the band of issue and display: one in ten shorter, one in ten longer
CROWDS = ((0, 0), (1, 2), (3, 9), (10, 19), (20, None))  # people ahead, from and to
Z = 1.2816  # of a normal variable at those


@dataclass(frozen=True, slots=True)
class Estimate:
    """A single number of minutes beside the real waits: share that waited no longer, mean error and bias in minutes."""

    told: int
    kept: float | None
    error: float | None
    bias: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """Shares of the waits inside: by the middle, for certain, at most; shares below and above; median width."""

    inside: float | None
    surely: float | None
    possibly: float | None
    below: float | None
    above: float | None
    median_width: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """``waits`` inferred; nothing was told of ``no_window`` (none open) and ``no_handling`` (too few calls seen)."""

    waits: int
    no_window: int
    no_handling: int
    mean_wait: float | None
    band: Band
    formula: Band
    learnt: Band
    point: Estimate
    published: Estimate


@dataclass(frozen=True, slots=True)
class Calibration:
    """``judged_from``: first day of the second half. ``spread``: the learnt band as multiples of the point estimate."""

    judged_from: date | None
    spread: tuple[float, float] | None
    first_half: Figures
    second_half: Figures
    offices: tuple[tuple[str, Figures], ...]
    crowds: tuple[tuple[str, Figures], ...]
    at_once: int
    unended: int
    without_number: int
    cuts: int


def calibrate(waits: Waits) -> Calibration:
    days = waits.frame["on"].unique().sort()
    judged_from = days[len(days) // 2] if len(days) > 1 else None
    told = _told(waits.frame)
    is_late = col("on") >= judged_from if judged_from else pl.lit(False)
    spread = _spread(told.filter(~is_late))
    low, high = spread or (None, None)
    told = told.with_columns(learnt_low=col("point") * low, learnt_high=col("point") * high)
    second = told.filter(is_late)
    return Calibration(
        judged_from=judged_from,
        spread=spread,
        first_half=_figures(told.filter(~is_late)),
        second_half=_figures(second),
        offices=tuple(
            (str(office), _figures(part))
            for (office,), part in sorted(second.partition_by("office", as_dict=True).items())
        ),
        crowds=tuple(
            (f"{first}–{last}" if last else f"{first}" if last == first else f"≥ {first}", _figures(part))
            for first, last in CROWDS
            if (part := second.filter(col("ahead").is_between(first, last if last is not None else MOST))).height
        ),
        at_once=waits.at_once,
        unended=waits.unended,
        without_number=waits.without_number,
        cuts=waits.cuts,
    )


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    """What each holder would have been told; null where nothing could be. A ticket with A ahead is the A + 1st call."""
    turn = col("ahead") + 1
    may_tell = (col("windows") > 0) & (col("calls") >= LEAST_CALLS)
    point = turn * col("mean") / col("windows")
    margin = Z * col("deviation") * turn.sqrt() / col("windows")
    told = frame.with_columns(
        wait=(col("low") + col("high")) / 2,
        point=pl.when(may_tell).then(point),
        formula_low=pl.when(may_tell).then((point - margin).clip(0)),
        formula_high=pl.when(may_tell).then(point + margin),
        published=pl.when(may_tell & (col("service") > 0)).then(turn * col("service") / col("windows")),
    )
    low, high = zip(*_bands(told), strict=True) if told.height else ((), ())
    return told.with_columns(
        band_low=pl.Series(low, dtype=pl.Float64),
        band_high=pl.Series(high, dtype=pl.Float64),
    )


def _bands(told: pl.DataFrame) -> Iterator[tuple[float | None, float | None]]:
    """What a ticket of ours would be told."""
    columns = (told[name].to_list() for name in ("point", "ahead", "windows", "mean", "deviation"))
    for point, ahead, windows, mean, deviation in zip(*columns, strict=True):
        yield (None, None) if point is None else _own_band(ahead, windows, mean, deviation)


def _own_band(ahead: int, windows: int, mean: float, deviation: float) -> tuple[float | None, float | None]:
    """In a renewal process a visit that is met by chance has E[X²]/2E[X] still to go; E[X³] as a lognormal time has it.

    The readings tell neither the roster nor when the windows close: those open are taken to stay open.
    """
    names = _names(windows)
    spread = 1 + (deviation / mean) ** 2
    rest = mean * spread / 2
    at_hand = Load(1, rest, max(mean**2 * spread**3 / 3 - rest**2, 0.0))
    waiting = {names: Load(ahead, ahead * mean, ahead * deviation**2)}
    found = band(names, waiting, dict.fromkeys(names, at_hand), dict.fromkeys(names, ((0.0, inf),)))
    return (found.low, found.high) if found else (None, None)


@cache
def _names(windows: int) -> Windows:
    return frozenset(str(number) for number in range(windows))


def _spread(told: pl.DataFrame) -> tuple[float, float] | None:
    ratio = told.select(ratio=col("wait") / col("point"))["ratio"].drop_nulls()
    low, high = ratio.quantile(LOWER, "linear"), ratio.quantile(UPPER, "linear")
    return None if low is None or high is None else (low, high)


def _figures(told: pl.DataFrame) -> Figures:
    known = told.filter(col("point").is_not_null())
    return Figures(
        waits=told.height,
        no_window=told.filter(col("windows") == 0).height,
        no_handling=told.filter((col("windows") > 0) & (col("calls") < LEAST_CALLS)).height,
        mean_wait=_mean(known, col("wait")),
        band=_beside(known, "band_low", "band_high"),
        formula=_beside(known, "formula_low", "formula_high"),
        learnt=_beside(known, "learnt_low", "learnt_high"),
        point=_estimate(known, "point"),
        published=_estimate(known, "published"),
    )


def _beside(known: pl.DataFrame, lower: str, upper: str) -> Band:
    low, high = col(lower), col(upper)
    return Band(
        inside=_mean(known, col("wait").is_between(low, high)),
        surely=_mean(known, (col("low") >= low) & (col("high") <= high)),
        possibly=_mean(known, (col("high") >= low) & (col("low") <= high)),
        below=_mean(known, col("wait") < low),
        above=_mean(known, col("wait") > high),
        median_width=known.select((high - low).median()).item(),
    )


def _estimate(known: pl.DataFrame, name: str) -> Estimate:
    told = known.filter(col(name).is_not_null())
    return Estimate(
        told=told.height,
        kept=_mean(told, col("wait") <= col(name)),
        error=_mean(told, (col(name) - col("wait")).abs()),
        bias=_mean(told, col(name) - col("wait")),
    )


def _mean(frame: pl.DataFrame, value: pl.Expr) -> float | None:
    mean: float | None = frame.select(value.cast(pl.Float64).mean()).item()
    return mean
