"""Waits inferred from readings: how long until the called number reached the last number that had been issued.

A reading with number n called and k waiting means that the last ticket issued is n + k. Where that is more than at any
earlier reading, a ticket was issued since; its wait from this reading on ends between the last reading that calls a
lower number and the first that calls its own or a higher one. Nobody's ticket is seen, so this holds for queues that
count up: a stretch of readings is cut where the number goes back, jumps by more than JUMP (numbers of another series
in the same queue), or no number is read for GAP minutes. What waits at a cut or at the end of the day has no known end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from polars import col

from portal.hall.readings.reading import QUEUE_DAY, Readings

JUMP = 20  # numbers between two readings that follow each other; ours: no queue here is called so often in five minutes
GAP = 20.0  # minutes; ours: readings come every five
MEMORY = 200  # calls that the handling time looks back on, as the estimator of our own tickets does

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waits:
    """``frame``: one row per wait, by office, queue and time of issue.

    office, queue, on, minute; ahead (people before the ticket), windows (open) and service (published mean, minutes) at
    that reading; low, high: the wait is longer than the one and not longer than the other (minutes); mean, deviation:
    window-minutes per call in the queue's last MEMORY calls until that reading, null before the first; calls: how many.
    Counted beside: tickets called before the next reading, tickets whose end was not seen, readings that have people
    waiting and no number, cuts.
    """

    frame: pl.DataFrame
    at_once: int
    unended: int
    without_number: int
    cuts: int


def infer(readings: Readings) -> Waits:
    """Waits of every queue, but of the office-days on which nothing moved."""
    moving = readings.frame.filter(~col("is_still"))
    frame = moving.filter(col("number").is_not_null())
    series = _Series(frame)
    issued, ended = series.issued(), series.ended()
    is_wait = issued & (ended >= 0) & (series.waiting > 0)
    at, end = np.flatnonzero(is_wait), ended[is_wait]
    mean, deviation, calls = series.handling()
    rows = frame[at].select("office", "queue", "on", "minute", "windows", "service", ahead=col("waiting") - 1)
    return Waits(
        rows.with_columns(
            low=pl.Series(series.minute[end - 1] - series.minute[at]),
            high=pl.Series(series.minute[end] - series.minute[at]),
            mean=pl.Series(mean[at]).fill_nan(None),
            deviation=pl.Series(deviation[at]).fill_nan(None),
            calls=pl.Series(calls[at]),
        ),
        at_once=int((issued & (series.waiting == 0)).sum()),
        unended=int((issued & (ended < 0)).sum()),
        without_number=moving.filter(col("number").is_null() & (col("waiting") > 0)).height,
        cuts=series.cuts,
    )


class _Series:
    """Readings that have a number, as arrays in the order of queue and time, and the stretches they fall into."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.number: Ints = frame["number"].to_numpy().astype(np.int64)
        self.waiting: Ints = frame["waiting"].to_numpy().astype(np.int64)
        self.windows: Floats = frame["windows"].to_numpy().astype(np.float64)
        self.minute: Floats = frame["minute"].to_numpy().astype(np.float64)
        self.queue: Ints = frame.select(pl.struct("office", "queue").rle_id()).to_series().to_numpy().astype(np.int64)
        day: Ints = frame.select(pl.struct(QUEUE_DAY).rle_id()).to_series().to_numpy().astype(np.int64)
        step, passed = np.diff(self.number), np.diff(self.minute)
        is_same_day = np.diff(day) == 0
        is_cut = is_same_day & ((step < 0) | (step > JUMP) | (passed > GAP))
        self.cuts = int(is_cut.sum())
        self.follows = np.concatenate(([False], is_same_day & ~is_cut))[: len(day)]  # on the reading before it
        self.stretch: Ints = np.cumsum(~self.follows)

    def issued(self) -> npt.NDArray[np.bool_]:
        """Whether a ticket was issued since the reading before, as far as the last number issued tells."""
        last, room = self.number + self.waiting, self._room()
        highest = np.maximum.accumulate(self.stretch * room + last) - self.stretch * room
        before = np.concatenate(([0], highest[:-1]))[: len(last)]
        return self.follows & (last > before)

    def ended(self) -> Ints:
        """For each reading the first one that calls the last number issued then; -1 where none of its stretch does."""
        room = self._room()
        called = self.stretch * room + self.number  # never falls: numbers rise within a stretch
        found = np.searchsorted(called, self.stretch * room + self.number + self.waiting)
        place = np.minimum(found, max(len(called) - 1, 0))
        is_seen = (found < len(called)) & (self.stretch[place] == self.stretch)
        return np.where(is_seen, found, -1)

    def handling(self) -> tuple[Floats, Floats, Ints]:
        """Mean and deviation of window-minutes per call, over the queue's last MEMORY calls until each reading.

        Taken from spans in which people waited at both ends and a window was open: there m = window-minutes / calls.
        Single visits are not seen; in a renewal process the variance of counted calls over their mean is (s/m)².
        """
        span = np.diff(self.minute, prepend=0.0)
        open_before = np.concatenate(([0.0], self.windows[:-1]))[: len(span)]
        is_busy = self.follows & (self.waiting > 0) & (np.concatenate(([0], self.waiting[:-1]))[: len(span)] > 0)
        is_busy &= (open_before > 0) & (self.windows > 0)
        calls = np.where(is_busy, np.diff(self.number, prepend=0), 0).astype(np.float64)
        work = np.where(is_busy, (open_before + self.windows) / 2 * span, 0.0)
        totals = [np.concatenate(([0.0], np.cumsum(part))) for part in (calls, work, calls**2, calls * work, work**2)]
        upto = np.arange(1, len(span) + 1)
        first = np.searchsorted(self.queue, self.queue)  # where the queue's readings begin
        since = np.maximum(np.searchsorted(totals[0], totals[0][upto] - MEMORY, side="right") - 1, first)
        n, w, nn, nw, ww = (total[upto] - total[since] for total in totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(n > 0, w / n, np.nan)
            scatter = np.maximum(nn - 2 * nw / mean + ww / mean**2, 0.0) / n
        return mean, mean * np.sqrt(scatter), n.astype(np.int64)

    def _room(self) -> int:
        """More than any number: stretches lie apart by it."""
        return int((self.number + self.waiting).max(initial=0)) + 1
