"""Queue-days on which people were left: waiting when the readings ended, or waiting while no window was open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import polars as pl
from polars import col

from portal.hall.readings.reading import QUEUE_DAY, Readings

ONE_READING = 1  # what rests on a single reading may be a window that was just changing hands


@dataclass(frozen=True, slots=True)
class LeftWaiting:
    """The last reading of a queue-day still has people waiting. ``is_still``: the office's readings did not move."""

    office: str
    queue: str
    title: str | None
    on: date
    at: time
    waiting: int
    windows: int
    is_still: bool


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """People waited and no window was open, at ``readings`` readings of the queue-day; ``most``: how many waited."""

    office: str
    queue: str
    title: str | None
    on: date
    first_at: time
    last_at: time
    readings: int
    most: int
    is_still: bool

    @property
    def is_weak(self) -> bool:
        return self.readings <= ONE_READING


def left_waiting(readings: Readings) -> list[LeftWaiting]:
    """One row per queue-day, the most people first."""
    last = readings.frame.group_by(QUEUE_DAY, maintain_order=True).last().filter(col("waiting") > 0)
    return [
        LeftWaiting(
            office=row["office"],
            queue=row["queue"],
            title=row["title"],
            on=row["on"],
            at=clock(row["minute"]),
            waiting=row["waiting"],
            windows=row["windows"],
            is_still=row["is_still"],
        )
        for row in last.sort("waiting", *QUEUE_DAY, descending=[True, False, False, False]).to_dicts()
    ]


def nobody_there(readings: Readings) -> list[NobodyThere]:
    """One row per queue-day, the most readings first."""
    alone = readings.frame.filter((col("waiting") > 0) & (col("windows") == 0))
    days = alone.group_by(QUEUE_DAY, maintain_order=True).agg(
        col("title").last(),
        first=col("minute").first(),
        last=col("minute").last(),
        readings=pl.len(),
        most=col("waiting").max(),
        is_still=col("is_still").first(),
    )
    return [
        NobodyThere(
            office=row["office"],
            queue=row["queue"],
            title=row["title"],
            on=row["on"],
            first_at=clock(row["first"]),
            last_at=clock(row["last"]),
            readings=row["readings"],
            most=row["most"],
            is_still=row["is_still"],
        )
        for row in days.sort("readings", *QUEUE_DAY, descending=[True, False, False, False]).to_dicts()
    ]


def clock(minute: float) -> time:
    """The time of day of a minute of the day."""
    seconds = round(minute * 60)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
