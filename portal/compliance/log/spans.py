"""Spans: a clock from the event that starts it to the event that stops it, its due moment, and whether it was kept.

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
    from collections.abc import Sequence

    from portal.compliance.log.frames import Frame, Log

# A clock of a case also stops when the case ends in another way; what was late by then stays late.
ENDINGS = ("withdrawn", "deemed-withdrawn", "terminated", "refused", "deemed-renewed")
DAY = 86_400_000_000
MINUTE = 60_000_000
KEY = ["subject", "first_seq", "leg"]
BY_CLOCK = frozenset({"hour", "instant", minutes.UNIT})  # units judged by instants; all others by dates

SPAN = (
    *KEY, "started_on", "start_at", "office", "post", "actor", "last_seq", "stopped_by", "stop_office", "stop_post",
    "stop_actor", "is_open", "ended_on", "ended_at", "calendar", "unit", "limit_n", "extension", "allowed", "taken",
    "overdue", "due_on", "due_at", "base_due_on", "is_certain", "is_late",
)  # fmt: skip
TEXTS = ("office", "post", "actor", "stopped_by", "stop_office", "stop_post", "stop_actor", "unit")


def spans(
    log: Log,
    *,
    start: str | Sequence[str],
    stop: str | Sequence[str],
    limit: str | None = None,
    standard: str = "promised",
    n: int | None = None,
    unit: str = "working-day",
    every: bool = False,
    reopening: bool = False,
    ending: bool = True,
    own_target: bool = False,
    pausing: bool = True,
    extending: bool = True,
) -> Frame:
    """One row per clock that started, with the columns of :data:`SPAN`.

    ``limit`` is the item's clock, judged by its ``standard`` ("promised" or "statutory"); without it the limit is ``n``
    in ``unit``. ``every``: each start event opens a clock (else the first of the subject). ``reopening``: a re-opened
    case keeps this clock's start and runs on in a further row (``leg``). ``ending``: withdrawal and the like stop it.
    ``own_target``: a case with a promise of its own (``received.target_at``) is judged by that instant instead.
    ``started_on`` is the day of receipt (``counted_from``), never counted itself. ``allowed`` and ``taken`` are net of
    pauses, in the unit of the limit (minutes for hours and instants); ``overdue`` may be 0 while ``is_late`` is 1.
    """
    rows = _opened(log, start, every=every)
    rows = log.cut(_stopped(log, rows, _tuple(stop) + (ENDINGS if ending else ()), reopening=reopening))
    rows = _ended(log, rows)
    if limit is None:
        rows = rows.with_columns(limit_n=lit(n, dtype=nw.Int64), unit=lit(unit), roll=lit(0), extension_n=_null())
        units = frozenset({unit})
    else:
        rows = _restarted(log, _limited(log, rows, limit, standard))
        units = log.units
    if own_target and "target" in log.clocks:
        units |= {"instant"}
        promised = ~col("target_at").is_null()
        rows = rows.with_columns(
            unit=when(promised).then(lit("instant")).otherwise("unit"), limit_n=when(~promised).then("limit_n")
        )
    return due(log, rows, units, clock=limit if extending else None, pausing=pausing)


def targets(log: Log, *, stop: str | Sequence[str], unless: str) -> Frame:
    """Clocks with a promise of their own (``received.target_at``), where the item has no limit of clock ``unless``.

    The same columns as :func:`spans`; instants are compared, ``taken`` and ``overdue`` are minutes on the wall clock.
    """
    limited = log.limits.filter(col("clock") == unless).select("item_version").unique()
    rows = _opened(log, "received", every=False).filter(~col("target_at").is_null())
    pinned = log.subjects.select("subject", "item_version")
    rows = rows.join(pinned, on="subject", how="left").join(limited, on="item_version", how="anti").drop("item_version")
    rows = _ended(log, _stopped(log, rows, _tuple(stop) + ENDINGS, reopening=False))
    rows = rows.with_columns(limit_n=_null(), unit=lit("instant"), roll=lit(0), extension_n=_null())
    return due(log, rows, frozenset({"instant"}), clock=None, pausing=False)


def _tuple(kinds: str | Sequence[str]) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _null() -> nw.Expr:
    return lit(None, dtype=nw.Int64)


def _opened(log: Log, start: str | Sequence[str], *, every: bool) -> Frame:
    """The start events: where the count begins, and who held the case then."""
    parts = []
    for kind in [kind for kind in _tuple(start) if kind in log.present] or [_tuple(start)[0]]:
        frame = log.of(kind)
        names = frame.collect_schema().names()
        counted = nw.coalesce("counted_from", "day") if "counted_from" in names else col("day")
        target = col("target_at") if "target_at" in names else _null()
        parts.append(
            frame.select(
                "subject",
                "nth",
                "office",
                "post",
                "actor",
                "minute",
                first_seq=col("seq"),
                start_at=col("at"),
                started_on=counted,
                target_at=target,
            )
        )
    rows = nw.concat(parts, how="vertical")
    if every:
        return rows
    return rows.join(rows.group_by("subject").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi")


def _stopped(log: Log, rows: Frame, stop: tuple[str, ...], *, reopening: bool) -> Frame:
    """Add the stop of each clock, and a further row for each time that a re-opened case ran on."""
    rows = log.following(rows.with_columns(leg=col("nth")), *stop, after="leg")
    if not reopening or "reopened" not in log.present:
        return rows
    opened = log.of("reopened").select("subject", again=col("nth"))
    starts = [name for name in rows.collect_schema().names() if not name.startswith("stop_")]
    later = rows.join(opened, on="subject", how="inner").filter(col("again") > col("stop_nth"))
    later = log.following(later.with_columns(leg=col("again")).select(*starts), *stop, after="leg")
    return nw.concat([rows, later.select(*rows.collect_schema().names())], how="vertical")


def _ended(log: Log, rows: Frame) -> Frame:
    """The end of each span: its stop, or the moment of judgement; and the calendar that was known then."""
    rows = rows.with_columns(
        is_open=col("stop_nth").is_null().cast(nw.Int64),
        ended_on=nw.coalesce("stop_day", lit(log.as_of.day)),
        ended_at=nw.coalesce("stop_at", lit(log.as_of.at)),
        last_seq=nw.coalesce("stop_seq", "first_seq"),
    ).rename({"stop_kind": "stopped_by"})
    return log.with_calendar(rows, "ended_on")


def _limited(log: Log, rows: Frame, clock: str, standard: str) -> Frame:
    """Add limit_n, unit, roll, extension_n of the pinned item version; a case without such a limit is left out."""
    name = "n" if standard == "promised" else "statutory_n"
    unit = "unit" if standard == "promised" else "statutory_unit"
    limits = log.limits.filter((col("clock") == clock) & ~col(name).is_null())
    facts = {
        "limit_n": col(name),
        "unit": col(unit),
        "roll": col("roll"),
        "extension_n": col("extension_n"),
        "restarts_on": col("restarts_on"),
    }
    if minutes.UNIT in log.units:
        facts["hours"] = col("office").fill_null("default")
    general = limits.filter(col("situation").is_null()).select("item_version", **facts)
    special = limits.filter(~col("situation").is_null()).select(
        "item_version", "situation", **{f"_{fact}": value for fact, value in facts.items()}
    )
    rows = rows.join(log.subjects.select("subject", "item_version", "situation"), on="subject", how="left")
    rows = rows.join(general, on="item_version", how="left")
    rows = rows.join(special, on=["item_version", "situation"], how="left")
    rows = rows.with_columns(**{fact: nw.coalesce(f"_{fact}", fact) for fact in facts})
    return rows.filter(~col("limit_n").is_null()).drop("item_version", "situation", *(f"_{fact}" for fact in facts))


def _restarted(log: Log, rows: Frame) -> Frame:
    """Where the item says so, a full resubmission lets the clock begin anew; its key stays that of the first start."""
    for kind in sorted(log.restarts & log.present):
        frame = log.of(kind)
        if "is_complete" in frame.collect_schema().names():
            frame = frame.filter(col("is_complete").fill_null(1) == 1)
        again = frame.select(
            "subject",
            "nth",
            _again_at=col("at"),
            _again_minute=col("minute"),
            _again_on=nw.coalesce("counted_from", "day"),
        )
        facing = rows.filter(col("restarts_on").fill_null("").str.contains(kind, literal=True)).select(
            *KEY, "stop_nth", _start_nth=col("nth")
        )
        within = facing.join(again.select("subject", "nth"), on="subject", how="inner").filter(
            (col("nth") > col("_start_nth")) & (col("stop_nth").is_null() | (col("nth") < col("stop_nth")))
        )
        last = within.group_by(*KEY).agg(nth=col("nth").max()).join(again.drop("subject"), on="nth", how="inner")
        rows = rows.join(last.drop("nth"), on=KEY, how="left").with_columns(
            started_on=nw.coalesce("_again_on", "started_on"),
            start_at=nw.coalesce("_again_at", "start_at"),
            minute=nw.coalesce("_again_minute", "minute"),
        )
        rows = rows.drop("_again_on", "_again_at", "_again_minute")
    return rows


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
        rows = rows.with_columns(delay=_null(), base_delay=_null(), paused=_null())
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
        return rows.with_columns(_extra=lit(0), _extended_on=_null())
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
        rows = _rolled(log, rows) if has_plain_days else rows.with_columns(_rolled=_null())
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
        due_at=_null(),
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
        rows = rows.with_columns(_due_at=_null(), _minutes=_null(), _is_settled=_null())
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
