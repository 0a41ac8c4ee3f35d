"""Stages (环节): the clocks that an item gives to parts of its way, each with start and stop of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit

from portal.compliance.log.spans import spans

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

PREFIX = "stage:"


@dataclass(frozen=True, slots=True, order=True)
class Stage:
    clock: str
    start: tuple[str, ...]
    stops: tuple[str, ...]


def stages(log: Log) -> list[Stage]:
    """The distinct stages that the item versions of this log know, in a fixed order."""
    rows = log.limits.filter(col("clock").str.starts_with(PREFIX)).select("clock", "start", "stops").unique()
    native = rows.to_native()
    told = native.fetchall() if hasattr(native, "fetchall") else rows.collect().rows()
    return sorted(Stage(clock, tuple(start.split("|")), tuple(stops.split("|"))) for clock, start, stops in told)


def late_stages(log: Log) -> Frame:
    """One row per stage of a case that took longer than its limit: the columns of ``spans`` and ``stage``."""
    parts = []
    for stage in stages(log):
        mine = (
            log.limits.filter(
                (col("clock") == stage.clock)
                & (col("start") == "|".join(stage.start))
                & (col("stops") == "|".join(stage.stops))
            )
            .select("item_version")
            .unique()
        )
        subjects = log.subjects.join(mine, on="item_version", how="semi").select("subject")
        rows = spans(log, start=stage.start, stop=stage.stops, limit=stage.clock).filter(col("is_late") == 1)
        name = stage.clock.removeprefix(PREFIX)
        parts.append(log.settle(rows.join(subjects, on="subject", how="semi").with_columns(stage=lit(name))))
    if not parts:  # no item of this log knows a stage
        none = spans(log, start="received", stop="delivered", n=0).filter(col("leg") < 0)
        parts.append(none.with_columns(stage=lit("")))
    return nw.concat(parts, how="vertical")
