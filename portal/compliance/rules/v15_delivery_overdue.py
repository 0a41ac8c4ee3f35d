"""The decision is delivered, or the licence issued, within ten working days (送达/制证超时)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, spans
from portal.compliance.log.narrowing import narrowed
from portal.compliance.rule import Parameter, Rule, Scope

RULE = Rule(
    "V15",
    title=N_("Decision delivered too late"),
    sentence=N_(
        "Decided on %(started_on)s, the result was to be delivered by %(due_on)s and stood at %(ended_on)s: "
        "%(taken)s taken, %(allowed)s allowed, %(overdue)s over. Notices in time to collect it: %(notices)s."
    ),
    sources=(LegalSource("行政许可法", "第四十四条", item_types=("permit",), in_force_from=date(2004, 7, 1)),),
    scope=Scope.CASE,
    begins_with=("decided",),
    needs=("decided", "delivered"),
    parameters={"days": Parameter(10, "行政许可法 第四十四条"), "notices": Parameter(2)},
)


@RULE.check
def undelivered(log: Log, days: int, notices: int) -> Frame:
    """Permits by the law's ten days; what an item merely promises beyond that is a notice."""
    log = narrowed(log, _perhaps_late(log, days))
    permits = log.subjects.filter(col("item_type") == "permit").select("subject")
    lawful = _since_ready(log, n=days).join(permits, on="subject", how="semi").with_columns(severity=lit("yellow"))
    parts = [lawful]
    if "deliver" in log.clocks:
        parts.append(_since_ready(log, limit="deliver").with_columns(severity=lit("notice")))
    late = log.settle(concat(parts, how="vertical").filter(col("is_late") == 1))
    told = _told(log, _issued(log, late))
    return (
        told.filter(col("notices") < notices)
        .with_columns(on=col("started_on"))
        .select(
            "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "calendar", "is_open",
            "is_certain", "unit", "taken", "allowed", "overdue", "due_on", "started_on", "ended_on", "notices",
        )
    )  # fmt: skip


def _perhaps_late(log: Log, days: int) -> Frame:
    """Subjects whose delivery took more days of any kind than the shortest limit has: no other can be late."""
    decided = log.events("decided").group_by("subject").agg(_from=col("day").min())
    delivered = log.events("delivered").group_by("subject").agg(_to=col("day").max())
    limits = log.limits.filter(col("clock") == "deliver").group_by("item_version").agg(_n=col("n").min())
    versions = log.subjects.select("subject", "item_version").join(limits, on="item_version", how="left")
    rows = decided.join(delivered, on="subject", how="left").join(versions, on="subject", how="left")
    shortest = min_horizontal(coalesce("_n", lit(days)), lit(days))
    slow = rows.filter(coalesce("_to", lit(log.as_of.day)) - col("_from") > shortest).select("subject")
    return concat([slow, log.events("reopened").select("subject")], how="vertical")


def _since_ready(log: Log, *, n: int | None = None, limit: str | None = None) -> Frame:
    """From the decision, or from the arrival of deferred material (容缺) for which delivery had to wait."""
    decided = log.settle(spans(log, start="decided", stop="delivered", n=n, limit=limit, reopening=True))
    if "tolerantly-accepted" not in log.present:
        return decided
    held = log.events("tolerantly-accepted").select("subject").unique()
    supplied = log.settle(spans(log, start="supplied", stop="delivered", n=n, limit=limit, every=True))
    decisions = decided.select("subject", decided_at=col("start_at")).unique()
    later = (
        supplied.join(held, on="subject", how="semi")
        .join(decisions, on="subject", how="inner")
        .filter(col("start_at") > col("decided_at"))
    )
    newest = later.group_by("subject").agg(first_seq=col("first_seq").max())
    later = later.join(newest, on=["subject", "first_seq"], how="semi").drop("decided_at")
    before = log.events("supplied").select("subject", supplied_at=col("at"))
    in_hand = decisions.join(before, on="subject", how="inner").filter(col("supplied_at") <= col("decided_at"))
    waiting = held.join(in_hand.select("subject").unique(), on="subject", how="anti")
    return concat(
        [decided.join(waiting, on="subject", how="anti"), later.select(*decided.collect_schema().names())],
        how="vertical",
    )


def _issued(log: Log, late: Frame) -> Frame:
    """Whose it is: who produced the licence, else who decided."""
    made = log.first("licence-produced").select(
        "subject", _office=col("office"), _post=col("post"), _actor=col("actor")
    )
    rows = late.join(made, on="subject", how="left")
    is_made = ~col("_actor").is_null()
    return rows.with_columns(
        office=coalesce("_office", "office"),
        post=when(is_made).then("_post").otherwise("post"),
        actor=coalesce("_actor", "actor"),
    )


def _told(log: Log, rows: Frame) -> Frame:
    """Add ``notices``: how often somebody else than the accused told the applicant, by the due day, to collect."""
    notes = log.events("collection-noticed").select("subject", _by=col("actor"), _day=col("day"), _at=col("at"))
    counted = (
        rows.select("subject", "first_seq", "actor", "due_on", "start_at")
        .unique()
        .join(notes, on="subject", how="inner")
        .filter((col("_by") != col("actor")) & (col("_day") <= col("due_on")) & (col("_at") >= col("start_at")))
        .group_by("subject", "first_seq", "due_on")
        .agg(notices=col("_at").count().cast(Int64))
    )
    found = rows.join(counted, on=["subject", "first_seq", "due_on"], how="left")
    return found.with_columns(notices=col("notices").fill_null(0))
