"""The decision is taken within the promised limit, and within the one of the law (限时办结)."""

from __future__ import annotations

from datetime import date

from narwhals import coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, spans, targets
from portal.compliance.rule import Rule, Scope

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")

RULE = Rule(
    "V09",
    title=N_("Decision later than its limit"),
    sentence={
        "promised": N_(
            "The decision was promised for %(due_on)s, counted from %(started_on)s. By %(ended_on)s: %(taken)s taken, "
            "%(allowed)s promised, %(overdue)s over."
        ),
        "statutory": N_(
            "The decision was due by law on %(due_on)s, counted from %(started_on)s. By %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed, %(overdue)s over."
        ),
        "moment": N_("The decision was promised for %(due_at)s and came at %(ended_at)s: %(overdue)s late."),
        "moment-open": N_("The decision was promised for %(due_at)s and is still open, %(overdue)s later."),
    },
    sources=(
        LegalSource("行政许可法", "第四十二条、第七十四条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("优化营商环境条例", "第三十六条", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.CASE,
    begins_with=("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted", "received"),
    needs=("decided",),
    clocks=("decide", "target"),
)


@RULE.population
def promises(log: Log) -> Frame:
    """A case with a target of its own is promised that moment, whatever its item promises."""
    own = targets(log, stop="decided", unless="feedback")
    if "decide" not in log.clocks:
        return own.with_columns(variant=lit("moment"))
    general = spans(log, start=ACCEPTANCES, stop="decided", limit="decide", reopening=True)
    if "target" not in log.clocks:
        return general.with_columns(variant=lit("promised"))
    general = general.join(own.select("subject"), on="subject", how="anti")
    return concat(
        [general.with_columns(variant=lit("promised")), own.with_columns(variant=lit("moment"))], how="vertical"
    )


@RULE.check
def late(log: Log, judged: Frame) -> Frame:
    """Yellow over what was promised, red over what the law allows; of both, the engine keeps the graver."""
    parts = [judged.with_columns(severity=lit("yellow"))]
    if "decide" in log.clocks:
        lawful = spans(log, start=ACCEPTANCES, stop="decided", limit="decide", standard="statutory", reopening=True)
        parts.append(lawful.with_columns(variant=lit("statutory"), severity=lit("red")))
    found = concat(parts, how="vertical").filter(col("is_late") == 1)
    is_waiting = (col("variant") == "moment") & (col("is_open") == 1)
    has_decided = col("stopped_by") == "decided"
    return found.with_columns(
        office=coalesce(when(has_decided).then("stop_office"), "office"),
        post=when(has_decided).then("stop_post").otherwise("post"),
        actor=when(has_decided).then("stop_actor").otherwise("actor"),
        on=col("started_on"),
        variant=when(is_waiting).then(lit("moment-open")).otherwise("variant"),
        ended_at=when(col("is_open") == 0).then("ended_at"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar",
        "is_open", "is_certain", "unit", "taken", "allowed", "overdue",
        "due_on", "due_at", "started_on", "ended_on", "ended_at",
    )  # fmt: skip
