"""A limit in working days on what no catalogue holds: its last day, by the calendar known when it was over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, coalesce, col, lit

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log


def within_workdays(log: Log, rows: Frame, since: str, until: str) -> Frame:
    """Judge rows with ``subject``, ``allowed`` (working days), the day ``since`` and the day ``until`` or null.

    Adds ended_on, is_open, calendar, due_on, is_certain, is_late, taken, overdue. Dates are compared, as everywhere;
    ``overdue`` may be 0 while ``is_late`` is 1. The day ``since`` itself is not counted.
    """
    rows = rows.with_columns(
        is_open=col(until).is_null().cast(Int64), ended_on=coalesce(until, lit(log.as_of.day)).cast(Int64)
    )
    rows = log.cut(log.with_ordinal(log.with_calendar(rows, "ended_on"), since, "_start"))
    rows = log.with_workday(rows.with_columns(_due=col("_start") + col("allowed")), "_due", "due_on")
    rows = log.with_ordinal(rows, "ended_on", "_end")
    certain = log.calendar.select("calendar", "is_certain", due_on=col("day"))
    rows = rows.join(certain, on=["calendar", "due_on"], how="left")
    taken = nw.max_horizontal(col("_end") - col("_start"), lit(0)).cast(Int64)
    rows = rows.with_columns(
        taken=taken,
        overdue=nw.max_horizontal(taken - col("allowed"), lit(0)).cast(Int64),
        is_certain=col("is_certain").fill_null(0),
        is_late=(col("ended_on") > col("due_on")).cast(Int64).fill_null(0),
    )
    return log.cut(rows.drop("_start", "_due", "_end"))
