"""What was ordered to be put right is put right by its day, and stays so (整改逾期、反弹).

It was put right on the day it was reported, if somebody of another office then saw that it was: a report that fails
the check stops nothing, and one that nobody has checked yet is not held against the office. More time counts from
somebody of another office, given before the day was over. A relapse is the same kind of violation of the same office
(of the same post, where the order names one) within ninety days after the check: another order, or a finding of ours
that stands. Relapses are seen where a whole log is judged.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

ORDERED, REPORTED, CHECKED = "rectification-ordered", "rectification-reported", "rectification-rechecked"
NUMBERS = ("due_on", "done_on", "cured_on", "overdue", "relapsed_on", "other_seq")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open", *NUMBERS,
)  # fmt: skip

RULE = Rule(
    "V46",
    title=N_("Not put right, or not for long"),
    sentence={
        "overdue": N_("What was ordered was to be put right by %(due_on)s and is not, %(overdue)s later."),
        "late": N_("What was ordered was to be put right by %(due_on)s and was on %(done_on)s, %(overdue)s late."),
        "relapse": N_(
            "The same kind of violation came again on %(relapsed_on)s, soon after it had been put right "
            "(%(cured_on)s): see event %(other_seq)s."
        ),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        # seen in excerpts: the duty to put right, not the number of its article
        LegalSource("政府督查工作条例", "督查整改", in_force_from=date(2021, 2, 1)),
        LegalSource("信访工作条例", "第四十条", item_types=("petition",), in_force_from=date(2022, 5, 1)),
    ),
    scope=Scope.CASE,
    needs=(ORDERED, CHECKED),
    begins_with=(ORDERED,),
    parameters={"relapse_days": Parameter(90)},
    amounts={"overdue": "calendar-day"},
)


@RULE.population
def orders(log: Log) -> Frame:
    """Orders that stand: with ``due_on`` (the last that counts), ``done_on`` and ``cured_on`` where they were met."""
    rows = log.first(ORDERED).select("nth")
    rows = log.cut(log.of(ORDERED).join(rows, on="nth", how="semi").select(
        "subject", "nth", "day", "rule", "to_office", "to_post", "due_on", first_seq=col("seq")
    ))  # fmt: skip
    rows = rows.join(_others(log, rows, "rectification-withdrawn").select("subject").unique(), on="subject", how="anti")
    rows = log.settle(_with_checks(log, _with_more_time(log, rows)))
    ended = coalesce("done_on", lit(log.as_of.day))
    waits = (col("_reported_on") <= col("due_on")).fill_null(False) & col("done_on").is_null()
    late = (ended > col("due_on")).fill_null(False) & ~waits
    return rows.with_columns(
        is_open=col("done_on").is_null().cast(Int64), is_late=late.cast(Int64), overdue=ended - col("due_on")
    )


@RULE.check
def unmended(log: Log, judged: Frame, relapse_days: int) -> Frame:
    late = judged.filter(col("is_late") == 1).with_columns(
        variant=when(col("is_open") == 1).then(lit("overdue")).otherwise(lit("late")),
        last_seq=max_horizontal("first_seq", coalesce("_seq", "first_seq")),
        on=col("day"),
        relapsed_on=lit(None, dtype=Int64),
        other_seq=lit(None, dtype=Int64),
    )
    parts = [late, _relapsed(log, judged, relapse_days)]
    return concat([_found(part) for part in parts], how="vertical")


def _found(rows: Frame) -> Frame:
    """The head of the office answers; a post is named where the order does."""
    rows = rows.with_columns(
        severity=lit("red"), office=col("to_office"), post=col("to_post"), actor=lit(None, dtype=String)
    )
    return rows.with_columns(*(col(name).cast(Int64) for name in (*NUMBERS, "is_open"))).select(*COLUMNS)


def _others(log: Log, rows: Frame, kind: str) -> Frame:
    """Events of one kind by somebody of another office who never acted for the office that got the order."""
    held = log.of(kind).join(rows.select("subject", "to_office"), on="subject", how="inner")
    kinds = (ORDERED, REPORTED, CHECKED, "rectification-extended", "rectification-withdrawn")
    acts = log.events(*kinds).select("subject", "actor", "office")
    own = acts.join(rows.select("subject", "to_office"), on="subject", how="inner")
    reporters = log.events(REPORTED).select("subject", "actor")
    own = concat([own.filter(col("office") == col("to_office")).select("subject", "actor"), reporters], how="vertical")
    held = held.filter((col("office") != col("to_office")).fill_null(False))
    return log.cut(held.join(own.unique(), on=["subject", "actor"], how="anti").drop("to_office"))


def _with_more_time(log: Log, rows: Frame) -> Frame:
    """The last day is moved by whoever gave more time before it was over, and again before that one was over."""
    more = _others(log, rows, "rectification-extended").filter(~col("until_on").is_null())
    more = more.select("subject", "nth", "day", "until_on")
    met = more.join(rows.select("subject", "due_on"), on="subject", how="inner")
    met = met.with_columns(_reached=col("until_on").cum_max().over("subject", order_by="nth"))
    met = met.with_columns(_reached=col("_reached").shift(1).over("subject", order_by="nth"))
    in_time = col("day") <= max_horizontal("due_on", coalesce("_reached", "due_on"))
    met = met.with_columns(_in_time=when(in_time).then(lit(1)).otherwise(lit(0)))
    met = met.with_columns(_all_in_time=col("_in_time").cum_min().over("subject", order_by="nth"))
    last = met.filter(col("_all_in_time") == 1).group_by("subject").agg(_until=col("until_on").max())
    rows = rows.join(last, on="subject", how="left")
    later = (col("_until") > col("due_on")).fill_null(False)
    return log.cut(rows.with_columns(due_on=when(later).then("_until").otherwise("due_on")).drop("_until"))


def _with_checks(log: Log, rows: Frame) -> Frame:
    """Add ``done_on`` and ``cured_on`` of an order that was met, ``_reported_on`` of the first report that no check
    has failed, and ``_seq`` of the last event of either kind."""
    checks = _others(log, rows, CHECKED)
    reports = log.events(REPORTED).select("subject", _nth=col("nth"), _on=col("day"))
    passed = checks.filter(col("conclusion") == "passed")
    first = passed.group_by("subject").agg(nth=col("nth").min())
    met = passed.join(first.select("nth"), on="nth", how="semi").select("subject", "nth", cured_on=col("day"))
    met = log.cut(met)
    before = reports.join(met.select("subject", "nth"), on="subject", how="inner").filter(col("_nth") < col("nth"))
    failed = checks.filter(col("conclusion") != "passed").select("subject", _failed=col("nth"))
    done = _unfailed(before, failed.join(met.select("subject", "nth"), on="subject", how="inner").filter(
        col("_failed") < col("nth")).select("subject", "_failed"))  # fmt: skip
    done = done.group_by("subject").agg(_done=col("_on").min())
    met = met.join(done, on="subject", how="left").select("subject", "cured_on", done_on=coalesce("_done", "cured_on"))
    waiting = _unfailed(reports, failed).group_by("subject").agg(_reported_on=col("_on").min())
    seqs = log.events(REPORTED, CHECKED).group_by("subject").agg(_seq=col("seq").max())
    for part in (met, waiting, seqs):
        rows = rows.join(log.cut(part), on="subject", how="left")
    return rows


def _unfailed(reports: Frame, failed: Frame) -> Frame:
    """Reports after which no check failed."""
    met = reports.select("subject", "_nth").join(failed, on="subject", how="inner").filter(col("_failed") > col("_nth"))
    return reports.join(met.select("subject", "_nth").unique(), on=["subject", "_nth"], how="anti")


def _relapsed(log: Log, judged: Frame, relapse_days: int) -> Frame:
    """One row per order that was met: the first time that it came again within the days."""
    again = concat([_again_ordered(log), _again_found(log)], how="vertical")
    cured = judged.filter(~col("cured_on").is_null() & ~col("rule").is_null() & ~col("to_office").is_null())
    met = cured.join(again, on=["rule", "to_office"], how="inner")
    same_post = col("to_post").is_null() | col("_post").is_null() | (col("to_post") == col("_post"))
    days = col("_relapsed_on") - col("cured_on")
    met = log.cut(met.filter((days > 0) & (days <= relapse_days) & same_post & (col("subject") != col("_subject"))))
    first = met.group_by("subject").agg(_again=col("_again").min())
    met = met.join(first, on=["subject", "_again"], how="inner")
    checks = log.of(CHECKED).filter(col("conclusion") == "passed").group_by("subject").agg(_check=col("seq").max())
    return met.join(checks, on="subject", how="inner").with_columns(
        first_seq=col("_check"), last_seq=max_horizontal("_check", "_again"), variant=lit("relapse"),
        on=col("_relapsed_on"), relapsed_on=col("_relapsed_on"), other_seq=col("_again"), is_open=lit(0),
    )  # fmt: skip


def _again_ordered(log: Log) -> Frame:
    return log.of(ORDERED).select(
        "rule", "to_office", _post=col("to_post"), _relapsed_on=col("day"), _again=col("seq"), _subject=col("subject")
    )


def _again_found(log: Log) -> Frame:
    """Findings of ours that stand and are more than a notice; their conduct began on ``began_on``."""
    rows = log.of("finding-raised").filter(col("severity") != "notice")
    rows = rows.join(log.events("finding-cleared").select("subject").unique(), on="subject", how="anti")
    return rows.select(
        "rule", to_office=col("responsible_office"), _post=col("responsible_post"), _relapsed_on=col("began_on"),
        _again=col("seq"), _subject=col("subject"),
    )  # fmt: skip
