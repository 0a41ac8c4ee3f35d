"""What stops a clock: special procedures, waits that the applicant asked for, outages, and time after a closing.

A guard counts only when somebody who did not handle the case stands behind it: a pause and an extension by their
approver, everything else by its actor. Nothing is paused or waited for backwards: such a stretch begins on the day it
was noted at the earliest, and ends on the day the case is taken up again at the latest; an outage may be known later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit, when

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

# The closed list of 行政许可法 第四十五条; an item may know fewer, or local ones besides.
PAUSE_TYPES = ("hearing", "tender", "auction", "inspection", "test", "quarantine", "appraisal", "expert-review")

HANDLING = (
    "received",
    "correction-noticed",
    "accepted",
    "tolerantly-accepted",
    "promise-accepted",
    "refused",
    "handed-over",
    "handover-acknowledged",
    "handover-returned",
    "assigned",
    "opened",
    "reviewed",
    "site-checked",
    "decided",
    "licence-produced",
    "delivered",
)
# Whoever gives the case to somebody supervises it, and is the one who approves its pauses: that is no handling.
HANDS = (
    *(kind for kind in HANDLING if kind != "assigned"),
    *("inquired", "inquiry-answered", "inquiry-handed-over", "inquiry-acknowledged"),
)
NOT_STAFF = ("applicant", "agent", "system")
STOPPERS = ("paused", "wait-requested", "outage-linked", "reopened")  # a log without any has nothing that stops a clock
CLOSINGS = ("delivered", "refused", "withdrawn", "deemed-withdrawn", "deemed-renewed", "terminated")


def independent(log: Log, guards: Frame, by: str, *, beside: tuple[str, ...] = ()) -> Frame:
    """Guards (subject, nth, …) whose person in column ``by`` took no step in handling the case.

    What the portal itself or the applicant does is nobody's handling; ``beside``: kinds that are none here either.
    """
    keys = guards.select("subject", actor=col(by)).unique()
    steps = log.events(*(kind for kind in HANDS if kind not in beside))
    steps = steps.filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))
    handlers = steps.select("subject", "actor").join(keys, on=["subject", "actor"], how="semi").unique()
    return guards.filter(~col(by).is_null()).join(handlers.rename({"actor": by}), on=["subject", by], how="anti")


def pauses(log: Log) -> Frame:
    """Every stretch of days that is not counted: subject, first_on, last_on (inclusive), cause."""
    return log.kept("pauses", lambda: _pauses(log))


def _pauses(log: Log) -> Frame:
    parts = [_special_procedures(log)]
    if "wait-requested" in log.present:
        parts.append(
            independent(log, log.of("wait-requested"), "actor").select(
                "subject", first_on=nw.max_horizontal("from_on", "day"), last_on=col("until_on"), cause=lit("wait")
            )
        )
    if "outage-linked" in log.present:
        linked = independent(log, log.of("outage-linked"), "actor")
        once = linked.group_by("subject", "outage").agg(nth=col("nth").min()).select("nth")
        parts.append(
            linked.join(once, on="nth", how="semi").select(
                "subject", first_on=col("from_on"), last_on=col("until_on"), cause=lit("outage")
            )
        )
    if "reopened" in log.present:
        parts.append(_closed_times(log))
    return nw.concat(parts, how="vertical").filter(col("first_on") <= col("last_on"))


def _special_procedures(log: Log) -> Frame:
    """Notified with their days, approved by an outsider, of a kind the item knows; at the latest they end as told."""
    told = log.of("paused").filter(~col("notice_no").is_null() & (col("days") > 0))
    pinned = log.subjects.select("subject", pinned=col("item_version").fill_null(""))
    known = log.pause_types.rename({"item_version": "pinned"})
    approved = independent(log, told, "approved_by").join(pinned, on="subject", how="left")
    approved = approved.join(known, on=["pinned", "pause_type"], how="semi")
    ends = log.of("resumed").select(stop_nth=col("nth"), until_on=col("until_on"))
    rows = log.following(approved.select("subject", "nth", "day", "from_on", "days"), "resumed").join(
        ends, on="stop_nth", how="left"
    )
    rows = log.with_calendar(
        rows.with_columns(first_on=nw.max_horizontal("from_on", "day"), known_on=_known(log)), "known_on"
    )
    rows = log.with_ordinal(rows.with_columns(before_on=col("first_on") - 1), "before_on", "before")
    rows = log.with_workday(rows.with_columns(end=col("before") + col("days")), "end", "declared_until_on")
    resumed = when(~col("stop_nth").is_null()).then(nw.min_horizontal("until_on", "stop_day"))
    last_on = nw.coalesce(nw.min_horizontal(resumed, "declared_until_on"), lit(log.as_of.day))
    return rows.select("subject", "first_on", last_on=last_on, cause=lit("pause"))


def _known(log: Log) -> nw.Expr:
    return nw.min_horizontal(nw.coalesce("stop_day", lit(log.as_of.day)), lit(log.as_of.day))


def _closed_times(log: Log) -> Frame:
    """From the day after a closing to the day of re-opening: that time was nobody's."""
    reopened = log.of("reopened").select("subject", "nth", "day")
    closings = log.events(*CLOSINGS).select("subject", closed=col("nth"), closed_on=col("day"))
    last = (
        reopened.join(closings, on="subject", how="inner")
        .filter(col("closed") < col("nth"))
        .group_by("subject", "nth", "day")
        .agg(closed_on=col("closed_on").max())
    )
    return last.select("subject", first_on=col("closed_on") + 1, last_on=col("day"), cause=lit("closed"))


def merged_pauses(log: Log) -> Frame:
    """The union of all pauses: subject, first_on, last_on; stretches that overlap or touch are one."""
    return log.kept("merged_pauses", lambda: _merged(pauses(log).select("subject", "first_on", "last_on").unique()))


def _merged(stretches: Frame) -> Frame:
    order = ["first_on", "last_on"]
    reach = stretches.with_columns(reach=col("last_on").cum_max().over("subject", order_by=order))
    marked = reach.with_columns(before=col("reach").shift(1).over("subject", order_by=order))
    fresh = (col("before").is_null() | (col("first_on") > col("before") + 1)).cast(nw.Int64)
    numbered = marked.with_columns(fresh=fresh).with_columns(
        part=col("fresh").cum_sum().over("subject", order_by=order)
    )
    return (
        numbered.group_by("subject", "part")
        .agg(first_on=col("first_on").min(), last_on=col("last_on").max())
        .select("subject", "first_on", "last_on")
    )


def paused_workdays(log: Log, rows: Frame, start: str, end: str) -> Frame:
    """Per row (subject, calendar, start, end): ``paused``, the working days in (start, end] that fall into a pause."""
    hit = rows.join(merged_pauses(log), on="subject", how="inner").filter(
        (col("last_on") > col(start)) & (col("first_on") <= col(end))
    )
    cut = hit.with_columns(
        before_on=nw.max_horizontal(col("first_on") - 1, col(start)), until_on=nw.min_horizontal("last_on", end)
    )
    cut = log.with_ordinal(log.with_ordinal(cut, "before_on", "_before"), "until_on", "_reached")
    return cut.group_by("subject", "calendar", start, end).agg(
        paused=(col("_reached") - col("_before")).sum().cast(nw.Int64)
    )
