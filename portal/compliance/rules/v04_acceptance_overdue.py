"""What was handed in is accepted, refused, or sent back for correction in time (受理超期).

The law then takes the case for accepted, which does not undo the silence: it lasts until somebody acts. Passing the
case on does not stop the clock either, unless it never belonged there: then it runs anew where it was taken over.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from datetime import date

from narwhals import Int64, String, any_horizontal, coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, merged_pauses, spans
from portal.compliance.log.narrowing import has_rows
from portal.compliance.log.pauses import NOT_STAFF
from portal.compliance.rule import Parameter, Rule, Scope

EPOCH = date(1970, 1, 1)
SERVICES = ("permit", "benefit", "confirmation", "filing", "reward", "service", "other")
ONLINE = ("web", "app")
# Where a local rule gives one working day for what is handed in online.
ONLINE_IN_A_DAY = (
    LegalSource(
        "安阳市政务服务条例", "第四十二条", area="4105", item_types=SERVICES, in_force_from=date(2021, 12, 1)
    ),
)  # fmt: skip
STOPS = (
    "accepted",
    "tolerantly-accepted",
    "promise-accepted",
    "correction-noticed",
    "decided",
    "delivered",
)
WORK = ("reviewed", "site-checked", "joint-opinion-given", "paused")  # ends the silence once the law has accepted
ACCEPTED = ("accepted", "tolerantly-accepted", "promise-accepted", "deemed-accepted")
STARTS = ("received", "correction-submitted", "handover-acknowledged")
HOLDING = ("received", "opened", "handover-acknowledged", "correction-noticed")

RULE = Rule(
    "V04",
    title=N_("Not accepted in time"),
    sentence={
        "days": N_(
            "Handed in on %(started_on)s, it was to be accepted, refused or sent back for correction by %(due_on)s and "
            "stood open until %(ended_on)s: %(taken)s taken, %(allowed)s allowed, %(overdue)s over."
        ),
        "moment": N_(
            "Handed in on %(started_on)s, it was to be accepted, refused or sent back for correction by %(due_at)s and "
            "stood open until %(ended_at)s: %(taken)s taken, %(allowed)s allowed, %(overdue)s over."
        ),
    },
    sources=(
        LegalSource("行政许可法", "第三十二条第一款第四项", item_types=("permit",), in_force_from=date(2004, 7, 1)),
        *ONLINE_IN_A_DAY,
        # what an item promises: known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
    ),
    scope=Scope.CASE,
    needs=("received", "accepted", "refused", "correction-noticed"),
    begins_with=("received",),
    parameters={
        "days": Parameter(5, "行政许可法 第三十二条第一款第四项"),
        "online_days": Parameter(1, "安阳市政务服务条例 第四十二条"),
        "red_over": Parameter(3),
    },
)


@RULE.check
def unaccepted(log: Log, days: int, online_days: int, red_over: int) -> Frame:
    """By the item's limit, by the law's for a permit whose item states none, and by a local rule where there is one."""
    merged_pauses(log)  # of the whole log, before parts of it are looked at
    asked = _by_law(_in_question(log), days)
    starts = [start for start in STARTS if start in log.present]
    parts = [_spans(asked, start, limit="accept") for start in starts]
    local = _online(asked)
    if has_rows(local.frames["received"]):  # few places have such a rule
        parts += [_spans(local, start, n=online_days) for start in starts if start != "handover-acknowledged"]
    late = log.settle(concat(parts, how="vertical").filter(col("is_late") == 1))
    in_days = col("unit").is_in(["working-day", "calendar-day"])
    return _held(log, late).with_columns(
        severity=when(in_days & (col("overdue") >= red_over)).then(lit("red")).otherwise(lit("yellow")),
        on=col("started_on"),
        variant=when(col("due_at").is_null()).then(lit("days")).otherwise(lit("moment")),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar",
        "is_open", "is_certain", "unit", "taken", "allowed", "overdue", "due_on", "due_at", "started_on", "ended_on",
        "ended_at",
    )  # fmt: skip


def _spans(log: Log, start: str, *, limit: str | None = None, n: int | None = None) -> Frame:
    """No extension: the law knows none before acceptance."""
    is_receipt = start == STARTS[0]
    return spans(
        log, start=start, stop=(*STOPS, *WORK), limit=limit, n=n, every=not is_receipt, reopening=is_receipt,
        extending=False,
    )  # fmt: skip


def _in_question(log: Log) -> Log:
    """The log with only those events that start or stop this clock.

    A case that was received by mistake and passed on the same day to an office that took it over starts where it was
    taken over; a correction, when it is complete; a re-opening, when nothing had been accepted. A notice that demands
    nothing stops nothing; work on the case does so only once the law has accepted it.
    """
    begun = log.events(*ACCEPTED, "decided").group_by("subject").agg(_begun=col("nth").min())
    moved = log.settle(_moved(log))
    lawful = log.events("deemed-accepted").group_by("subject").agg(_deemed=col("nth").min())
    narrowed = {
        "received": log.frames["received"].join(moved, on="subject", how="anti"),
        "handover-acknowledged": log.frames["handover-acknowledged"].join(moved, on=["subject", "nth"], how="semi"),
        "correction-submitted": log.frames["correction-submitted"].filter(col("is_complete").fill_null(1) == 1),
        "correction-noticed": log.frames["correction-noticed"].filter(col("demands").fill_null("-") != ""),
    }
    for kind in ("correction-submitted", "handover-acknowledged", "reopened"):
        rows = narrowed.get(kind, log.frames[kind]).join(begun, on="subject", how="left")
        narrowed[kind] = rows.filter(col("_begun").is_null() | (col("nth") < col("_begun"))).drop("_begun")
    for kind in WORK:
        rows = log.frames[kind].join(lawful, on="subject", how="inner")
        narrowed[kind] = rows.filter(col("nth") > col("_deemed")).drop("_deemed")
    return _with_frames(log, narrowed)


def _with_frames(log: Log, frames: dict[str, Frame]) -> Log:
    return replace(log, frames=ChainMap(frames, log.frames), _plans={})  # type: ignore[arg-type]  # nothing is written to it


def _moved(log: Log) -> Frame:
    """Cases received outside the office's jurisdiction and passed on the same day, once another office took them over
    (``nth`` of the taking): the receiving office's own word excuses nothing."""
    first = log.first("received").select("subject", _received_on=col("day"), _office=col("office"))
    passed = log.of("handed-over").filter(col("is_outside_jurisdiction") == 1)
    passed = passed.join(first, on="subject", how="inner").filter(col("day") == col("_received_on"))
    rows = log.following(passed, "handover-acknowledged", "handover-returned", "handed-over")
    taken = (col("stop_kind") == "handover-acknowledged") & (col("stop_actor") != col("actor"))
    rows = rows.filter(taken & (col("stop_office") != col("_office")))
    return rows.group_by("subject").agg(nth=col("stop_nth").min())


def _by_law(log: Log, days: int) -> Log:
    """The log with the law's limit for those permits whose item versions state none for acceptance."""
    stated = log.limits.filter(col("clock") == "accept").select("item_version").unique()
    permits = log.subjects.filter((col("item_type") == "permit") & ~col("item_version").is_null())
    silent = permits.select("item_version").unique().join(stated, on="item_version", how="anti")
    columns = log.limits.collect_schema()
    empty = {name: lit(None, dtype=kind) for name, kind in columns.items() if name != "item_version"}
    own = {"clock": lit("accept"), "n": lit(days).cast(Int64), "unit": lit("working-day"), "roll": lit(1).cast(Int64)}
    rows = silent.with_columns(**{**empty, **own}).select(*columns.names())
    return replace(
        log,
        limits=log.settle(concat([log.limits, rows], how="vertical")),
        clocks=log.clocks | {"accept"},
        units=log.units | {"working-day"},
    )


def _online(log: Log) -> Log:
    """The log with only those receipts, and corrections after them, that a local rule gives less time online."""
    told = log.subjects.select("subject", "area", "item_type")
    received = log.frames["received"].filter(col("channel").is_in(list(ONLINE))).join(told, on="subject", how="inner")
    here = [
        col("area").str.starts_with(source.area)
        & col("item_type").is_in(list(source.item_types))
        & (col("day") >= (source.in_force_from - EPOCH).days)
        for source in ONLINE_IN_A_DAY
    ]
    received = log.settle(received.filter(any_horizontal(*here, ignore_nulls=True)).drop("area", "item_type"))
    corrected = log.frames["correction-submitted"].join(received.select("subject"), on="subject", how="semi")
    return _with_frames(log, {"received": received, "correction-submitted": corrected})


def _held(log: Log, late: Frame) -> Frame:
    """Name in whose hands it lay when it fell due: who had received it, taken it up, or taken it over last."""
    held = log.events(*HOLDING).select(
        "subject", _day=col("day"), _nth=col("nth"), _office=col("office"), _post=col("post"), _actor=col("actor"),
        _role=col("role"),
    )  # fmt: skip
    met = late.select("subject", "first_seq", "leg", "due_on", "ended_on").join(held, on="subject", how="inner")
    met = met.filter(col("_day") <= coalesce("due_on", "ended_on"))
    last = met.group_by("subject", "first_seq", "leg").agg(col("_nth").max())
    rows = late.join(last, on=["subject", "first_seq", "leg"], how="left")
    rows = rows.join(held.drop("subject", "_day"), on="_nth", how="left")
    is_staff = ~col("_role").fill_null("").is_in(list(NOT_STAFF))
    return rows.with_columns(
        office=col("_office"), post=col("_post"),
        actor=when(is_staff).then("_actor").otherwise(lit(None, dtype=String)),
    )  # fmt: skip
