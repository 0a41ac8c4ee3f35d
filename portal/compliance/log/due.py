"""When a clock is due, what was taken and allowed of its limit net of pauses, and whether it was kept.

With ord(d) = working days up to and with day d, L the limit and pauses k merged and in order, each of w_k working days:
due = workday(ord(start) + L + Σ w_k over the pauses that begin before the limit is used up), where pause k does when
ord(first_k − 1) − ord(start) − Σ_{j<k} w_j < L. Calendar days are the same with ord(d) = d.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit, when

from portal.compliance.log import minutes
from portal.compliance.log.pauses import STOPPERS, independent, merged_pauses

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

MINUTE = 60_000_000
KEY = ["subject", "first_seq", "leg"]
BY_CLOCK = frozenset({"hour", "instant", minutes.UNIT})  # units judged by instants; all others by dates

SPAN = (
    *KEY, "started_on", "start_at", "office", "post", "actor", "last_seq", "stopped_by", "stop_office", "stop_post",
    "stop_actor", "is_open", "ended_on", "ended_at", "calendar", "unit", "limit_n", "extension", "allowed", "taken",
    "overdue", "due_on", "due_at", "base_due_on", "is_certain", "is_late",
)  # fmt: skip
TEXTS = ("office", "post", "actor", "stopped_by", "stop_office", "stop_post", "stop_actor", "unit")


def null() -> nw.Expr:
    return lit(None, dtype=nw.Int64)


def due(log: Log, rows: Frame, units: frozenset[str], *, clock: str | None, pausing: bool) -> Frame:
    """Judge rows that carry a start, an end, a calendar and a limit; ``clock`` names whose extensions count."""
    rows = _extended(log, rows, clock)
    rows = log.with_ordinal(log.with_ordinal(rows, "started_on", "_start"), "ended_on", "_end")
    if "month" in units:
        rows = _month_lengths(log, rows)
    in_days = col("unit") == "working-day"
    rows = rows.with_columns(
        _start=when(in_days).then("_start").otherwise("started_on"),
        _end=when(in_days).then("_end").otherwise("ended_on"),
    )
    rows = log.cut(rows)
    if pausing and log.present.intersection(STOPPERS):
        rows = rows.join(log.cut(_delays(log, rows)), on=KEY, how="left")
    else:
        rows = rows.with_columns(delay=null(), base_delay=null(), paused=null())
    rows = rows.with_columns(col("delay", "base_delay", "paused").fill_null(0))
    rows = log.cut(_due_days(log, rows, units))
    in_time = (col("_extended_on") <= nw.min_horizontal("base_due_on", "ended_on")).fill_null(False)
    rows = rows.with_columns(
        extension=when(in_time).then("_extra").otherwise(lit(0)),
        due_on=when(in_time).then("due_on").otherwise("base_due_on"),
    )
    return _verdict(log, rows, units)


def _extended(log: Log, rows: Frame, clock: str | None) -> Frame:
    """Add the one extension that may count: the first, approved by an outsider, told, within what the item allows."""
    if clock is None or "extended" not in log.present:
        return rows.with_columns(_extra=lit(0), _extended_on=null())
    events = log.of("extended").filter(col("clock") == clock)
    first = events.join(events.group_by("subject").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi")
    told = first.filter(~col("notice_no").is_null() & ~col("reason").is_null())
    # the head who approves it (行政许可法 第四十二条) may well be the one who decides later
    lawful = independent(log, told, "approved_by", beside=("decided",)).select(
        "subject", _days=col("days"), _extended_on=col("day")
    )
    rows = rows.join(lawful, on="subject", how="left")
    fits = col("_days") <= col("extension_n")
    return rows.with_columns(
        _extra=when(fits).then("_days").otherwise(lit(0)), _extended_on=when(fits).then("_extended_on")
    ).drop("_days")


def _month_lengths(log: Log, rows: Frame) -> Frame:
    """Turn a limit of months into its days: to the same day of the month, or to the month's end where there is none."""
    days = log.calendar.select("calendar", "month", "dom", started_on=col("day"))
    months = log.months.select("first_on", "length", _target=col("month"))
    rows = rows.join(days, on=["calendar", "started_on"], how="left")
    rows = rows.with_columns(_target=col("month") + col("limit_n")).join(months, on="_target", how="left")
    same_day = col("first_on") + nw.min_horizontal("dom", "length") - 1
    in_months = col("unit") == "month"
    return rows.with_columns(limit_n=when(in_months).then(same_day - col("started_on")).otherwise("limit_n")).drop(
        "month", "dom", "first_on", "length", "_target"
    )


def _delays(log: Log, rows: Frame) -> Frame:
    """Per row ``delay``, ``base_delay`` (pauses that moved the due date, with and without extension) and ``paused``."""
    facts = rows.select(*KEY, "started_on", "ended_on", "calendar", "unit", "limit_n", "_extra", "_start", "minute")
    hit = facts.join(merged_pauses(log), on="subject", how="inner").filter(
        (col("last_on") > col("started_on")) & (col("first_on") <= col("ended_on"))
    )
    hit = hit.with_columns(
        before_on=nw.max_horizontal(col("first_on") - 1, col("started_on")),
        reached_on=nw.min_horizontal("last_on", "ended_on"),
    )
    in_days = col("unit") == "working-day"
    for day, into in (("before_on", "_before"), ("last_on", "_last"), ("reached_on", "_reached")):
        hit = log.with_ordinal(hit, day, into).with_columns(when(in_days).then(into).otherwise(day).alias(into))
    hit = hit.with_columns(weight=col("_last") - col("_before"))
    hit = hit.with_columns(prior=col("weight").cum_sum().over(*KEY, order_by="first_on") - col("weight"))
    used = col("_before") - col("_start") - col("prior")
    hourly = col("unit") == "hour"
    spent = when(hourly).then((used + 1) * 1440 - col("minute")).otherwise(used)
    scale = when(hourly).then(lit(60)).otherwise(lit(1))
    delays = (spent < (col("limit_n") + col("_extra")) * scale).cast(nw.Int64)
    base_delays = (spent < col("limit_n") * scale).cast(nw.Int64)
    hit = hit.with_columns(
        delay=col("weight") * delays, base_delay=col("weight") * base_delays, paused=col("_reached") - col("_before")
    )
    return hit.group_by(*KEY).agg(
        col("delay").sum().cast(nw.Int64), col("base_delay").sum().cast(nw.Int64), col("paused").sum().cast(nw.Int64)
    )


def _due_days(log: Log, rows: Frame, units: frozenset[str]) -> Frame:
    """Add ``due_on`` (with the extension) and ``base_due_on`` (without); both null for limits in hours or instants."""
    for name, length in (("due_on", col("limit_n") + col("_extra") + col("delay")),
                         ("base_due_on", col("limit_n") + col("base_delay"))):  # fmt: skip
        rows = log.with_workday(rows.with_columns(_due=col("_start") + length), "_due", "_workday")
        has_plain_days = bool(units & {"calendar-day", "month"})
        rows = _rolled(log, rows) if has_plain_days else rows.with_columns(_rolled=null())
        on_time_units = col("unit").is_in(["calendar-day", "month"])
        due_on = (
            when(length == 0).then("started_on").otherwise(when(on_time_units).then("_rolled").otherwise("_workday"))
        )
        hourly = col("unit").is_in(["hour", "instant", "working-minute"])
        rows = rows.with_columns(when(~hourly).then(due_on).alias(name)).drop("_due", "_workday", "_rolled")
    return rows


def _rolled(log: Log, rows: Frame) -> Frame:
    """Calendar days that end on a rest day move to the next working day (民法典 203), where the limit says so."""
    days = log.calendar.select("calendar", "works", "ordinal", _due=col("day"))
    rows = rows.join(days, on=["calendar", "_due"], how="left")
    rows = log.with_workday(rows.with_columns(_next=col("ordinal") + 1), "_next", "_after")
    moved = (col("roll") == 1) & (col("works") == 0)
    return rows.with_columns(_rolled=when(moved).then("_after").otherwise("_due")).drop(
        "works", "ordinal", "_next", "_after"
    )


def _verdict(log: Log, rows: Frame, units: frozenset[str]) -> Frame:
    """Compare: dates for limits in days, instants for hours and explicit targets."""
    by_clock = col("unit").is_in(list(BY_CLOCK))
    rows = rows.with_columns(
        due_at=null(),
        taken=nw.max_horizontal(col("_end") - col("_start") - col("paused"), lit(0)),
        allowed=col("limit_n") + col("extension"),
    )
    certain = log.calendar.select("calendar", "is_certain", due_on=col("day"))
    rows = rows.join(certain, on=["calendar", "due_on"], how="left").with_columns(
        is_certain=col("is_certain").fill_null(0), is_late=(col("ended_on") > col("due_on"))
    )
    if units & BY_CLOCK:
        rows = _clocked(log, rows, units).with_columns(
            is_certain=when(col("unit") == minutes.UNIT)
            .then(col("_is_settled").fill_null(0))
            .otherwise(when(by_clock).then(lit(1)).otherwise("is_certain")),
            is_late=when(by_clock).then(col("ended_at") > col("due_at")).otherwise("is_late"),
        )
    rows = rows.with_columns(
        overdue=nw.max_horizontal(col("taken") - col("allowed"), lit(0)),
        is_late=col("is_late").cast(nw.Int64).fill_null(0),
    )
    return rows.select(*(col(name) if name in TEXTS else col(name).cast(nw.Int64) for name in SPAN))


def _clocked(log: Log, rows: Frame, units: frozenset[str]) -> Frame:
    """Due moment, minutes taken and minutes allowed of hours and instants; limits in days stay as they are."""
    instant, hourly, served = (col("unit") == unit for unit in ("instant", "hour", minutes.UNIT))
    if minutes.UNIT in units:
        rows = rows.join(minutes.in_open_minutes(log, rows, KEY), on=KEY, how="left")
    else:
        rows = rows.with_columns(_due_at=null(), _minutes=null(), _is_settled=null())
    hours = col("start_at") + (col("limit_n") * 60 + col("delay") * 1440) * MINUTE
    by_hour = when(hourly).then(hours).otherwise("_due_at")
    rows = rows.with_columns(due_at=when(instant).then("target_at").otherwise(by_hour))
    elapsed = (col("ended_at") - col("start_at")) // MINUTE
    granted = (col("due_at") - col("start_at")) // MINUTE
    taken = (
        when(hourly).then(elapsed - col("paused") * 1440).otherwise(when(served).then("_minutes").otherwise("taken"))
    )
    allowed = when(hourly).then(col("limit_n") * 60).otherwise(when(served).then("limit_n").otherwise("allowed"))
    return rows.with_columns(
        taken=when(instant).then(elapsed).otherwise(taken), allowed=when(instant).then(granted).otherwise(allowed)
    )
