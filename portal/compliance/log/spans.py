"""Spans: a clock from the event that starts it to the event that stops it, with the limit that the item sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit, when

from portal.compliance.log import minutes
from portal.compliance.log.due import KEY, due, null

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.compliance.log.frames import Frame, Log

# A clock of a case also stops when the case ends in another way; what was late by then stays late.
ENDINGS = ("withdrawn", "deemed-withdrawn", "terminated", "refused", "deemed-renewed")


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
    """One row per clock that started, with the columns of :data:`portal.compliance.log.due.SPAN`.

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
        rows = rows.with_columns(limit_n=lit(n, dtype=nw.Int64), unit=lit(unit), roll=lit(0), extension_n=null())
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
    rows = rows.with_columns(limit_n=null(), unit=lit("instant"), roll=lit(0), extension_n=null())
    return due(log, rows, frozenset({"instant"}), clock=None, pausing=False)


def _tuple(kinds: str | Sequence[str]) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _opened(log: Log, start: str | Sequence[str], *, every: bool) -> Frame:
    """The start events: where the count begins, and who held the case then."""
    parts = []
    for kind in [kind for kind in _tuple(start) if kind in log.present] or [_tuple(start)[0]]:
        frame = log.of(kind)
        names = frame.collect_schema().names()
        counted = nw.coalesce("counted_from", "day") if "counted_from" in names else col("day")
        target = col("target_at") if "target_at" in names else null()
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
