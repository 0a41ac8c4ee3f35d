"""Limits in open minutes: an office's time runs only while its door is open.

With served(t) = what the office was open up to t, L the limit and pauses k in order, each of w_k open time: the limit
ends when served reaches served(start) + L + Σ w_k over the pauses that begin before it is used up; time that runs out
at closing ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit

from portal.compliance.log.pauses import STOPPERS, merged_pauses

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
SLOT = 30 * MINUTE  # of open time; how finely openings are looked up
PLACE = ["hours", "calendar"]
UNIT = "working-minute"


@dataclass(frozen=True, slots=True)
class Openings:
    """When offices are open, in µs UTC; ``hours`` names the office, ``before`` and ``upto`` count its open µs.

    ``spans``: hours, calendar, utc_day, opens, closes, before: every opening in each day of UTC that it touches, and an
    empty one at the beginning of each; ``slots``: hours, calendar, slot, opens, before, upto, is_certain: the openings
    that hold the slot-th half hour of service; ``days``: hours, calendar, day, served: up to that local midnight.
    """

    spans: Frame
    slots: Frame
    days: Frame


def in_open_minutes(log: Log, rows: Frame, key: list[str]) -> Frame:
    """Per row of such a limit (hours, calendar, start, end, limit_n): ``key``, _due_at, _minutes taken, _is_settled."""
    columns = (*key, *PLACE, "start_at", "started_on", "ended_at", "ended_on", "limit_n")
    own = rows.filter(col("unit") == UNIT).select(*columns)
    own = _served(log, _served(log, own, "start_at", "_from"), "ended_at", "_to")
    own = _at_midnight(log, own, "started_on", "_morning")
    own = own.with_columns(_from=nw.max_horizontal("_from", "_morning"), _limit=col("limit_n") * MINUTE)
    if log.present.intersection(STOPPERS):
        own = own.join(_paused(log, own, key), on=key, how="left")
    else:
        own = own.with_columns(_delay=lit(0), _lost=lit(0))
    own = own.with_columns(col("_delay", "_lost").fill_null(0))
    own = own.with_columns(
        _target=col("_from") + col("_limit") + col("_delay"),
        _minutes=nw.max_horizontal(col("_to") - col("_from") - col("_lost"), lit(0)) // MINUTE,
    )
    slots = log.openings.slots.select(
        *PLACE, "opens", "before", "upto", _slot=col("slot"), _is_settled=col("is_certain")
    )
    met = own.with_columns(_slot=(col("_target") - 1) // SLOT).join(slots, on=[*PLACE, "_slot"], how="inner")
    met = met.filter((col("before") < col("_target")) & (col("_target") <= col("upto")))
    dues = met.select(*key, "_is_settled", _due_at=col("opens") + col("_target") - col("before"))
    return own.select(*key, "_minutes").join(dues, on=key, how="left")


def _served(log: Log, rows: Frame, at: str, into: str) -> Frame:
    """Add ``into``: open time up to the second of the instant in ``at``."""
    asked = rows.select(*PLACE, at).unique()
    asked = asked.with_columns(_second=col(at) // SECOND * SECOND, utc_day=col(at) // DAY)
    met = asked.join(log.openings.spans, on=[*PLACE, "utc_day"], how="inner").filter(col("opens") <= col("_second"))
    met = met.with_columns(_sum=col("before") + nw.min_horizontal("_second", "closes") - col("opens"))
    return rows.join(met.group_by(*PLACE, at).agg(col("_sum").max().alias(into)), on=[*PLACE, at], how="left")


def _at_midnight(log: Log, rows: Frame, day: str, into: str) -> Frame:
    days = log.openings.days.select(*PLACE, **{day: col("day"), into: col("served")})
    return rows.join(days, on=[*PLACE, day], how="left")


def _paused(log: Log, rows: Frame, key: list[str]) -> Frame:
    """Per row ``_delay``, open time of the pauses that moved its due moment, and ``_lost``, of all up to its end."""
    hit = rows.join(merged_pauses(log), on="subject", how="inner").filter(
        (col("last_on") >= col("started_on")) & (col("first_on") <= col("ended_on"))
    )
    hit = _at_midnight(log, hit.with_columns(_after=col("last_on") + 1), "first_on", "_begin")
    hit = _at_midnight(log, hit, "_after", "_end").with_columns(_begin=nw.max_horizontal("_begin", "_from"))
    hit = hit.with_columns(_weight=nw.max_horizontal(col("_end") - col("_begin"), lit(0)))
    hit = hit.with_columns(_prior=col("_weight").cum_sum().over(*key, order_by="first_on") - col("_weight"))
    moves = (col("_begin") - col("_from") - col("_prior") < col("_limit")).cast(nw.Int64)
    hit = hit.with_columns(
        _delay=col("_weight") * moves,
        _lost=nw.max_horizontal(nw.min_horizontal("_end", "_to") - col("_begin"), lit(0)),
    )
    return hit.group_by(*key).agg(col("_delay").sum().cast(nw.Int64), col("_lost").sum().cast(nw.Int64))
