"""Who asks another office for its data is answered, and faults of the data are mended (数据共享不响应).

Five working days are given where the directory already lists the data, ten where it does not yet; five to a reported
fault. A refusal says why. Data that somebody of another office found to be secret, naming the law, need not be shared;
by that finding, made in time, the owner's clock ends.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.deadlines import within_workdays
from portal.compliance.rule import Parameter, Rule, Scope

ASKED, ANSWERED, SECRET = "share-requested", "share-answered", "share-found-secret"
FAULT, FIXED, GONE = "share-fault-reported", "share-fault-fixed", "share-withdrawn"
ROW = ("subject", "nth", "day", "to_office", "first_seq", "allowed", "ended", "end_seq", "variant")

RULE = Rule(
    "V32",
    title=N_("Request for data not answered"),
    sentence={
        "unanswered": N_(
            "Data that another office asked for were to be shared or refused with a reason by %(due_on)s; by "
            "%(ended_on)s: %(taken)s taken, %(allowed)s allowed."
        ),
        "no-reason": N_("Data that another office asked for were refused without a reason."),
        "unmended": N_(
            "A fault of the data was reported and was to be answered by %(due_on)s; by %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed."
        ),
    },
    sources=(
        LegalSource("优化营商环境条例", "第三十七条", in_force_from=date(2020, 1, 1)),
        # of the province's rules an excerpt was seen, of the decree that limits exist in it
        LegalSource("山西省政务数据管理与应用办法", "数据共享", area="14", in_force_from=date(2021, 1, 1)),
        LegalSource("政务数据共享条例（国令第809号）", "数据共享", in_force_from=date(2025, 8, 1)),
    ),
    scope=Scope.CASE,
    needs=(ASKED, ANSWERED),
    begins_with=(ASKED,),
    parameters={"published_days": Parameter(5), "other_days": Parameter(10), "fault_days": Parameter(5)},
    amounts=dict.fromkeys(("taken", "allowed", "overdue"), "working-day"),
)


@RULE.population
def requests(log: Log, published_days: int, other_days: int, fault_days: int) -> Frame:
    """Requests and reported faults, each with its end."""
    parts = [_asked(log, published_days, other_days), _faults(log, fault_days)]
    return within_workdays(log, concat([part.select(*ROW) for part in parts], how="vertical"), "day", "ended")


@RULE.check
def unanswered(log: Log, judged: Frame) -> Frame:
    late = judged.filter(col("is_late") == 1)
    bare = _bare(log, judged).join(late.select("first_seq"), on="first_seq", how="anti")
    nobody = lit(None, dtype=String)
    parts = [
        rows.with_columns(
            severity=lit("yellow"), office=col("to_office"), post=nobody, actor=nobody, on=col("day"),
            last_seq=max_horizontal("first_seq", coalesce("end_seq", "first_seq")),
        ).select(
            "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar",
            "is_open", "is_certain", "due_on", "ended_on", "taken", "allowed", "overdue",
        )
        for rows in (late, bare)
    ]  # fmt: skip
    return concat(parts, how="vertical")


def _asked(log: Log, published_days: int, other_days: int) -> Frame:
    rows = log.of(ASKED).join(log.first(ASKED).select("nth"), on="nth", how="semi")
    allowed = when(col("is_published").fill_null(0) == 1).then(lit(published_days)).otherwise(lit(other_days))
    rows = rows.select(
        "subject", "nth", "day", "to_office", asker=col("office"), first_seq=col("seq"), allowed=allowed.cast(Int64)
    )
    ends = concat([_answers(log, rows), _secret(log, rows), _withdrawn(log, rows)], how="vertical")
    first = ends.group_by("subject").agg(_end=col("_end").min())
    ends = ends.join(first, on=["subject", "_end"], how="inner").select("subject", "ended", "end_seq")
    return log.cut(rows.join(ends, on="subject", how="left").with_columns(variant=lit("unanswered")))


def _end(rows: Frame) -> Frame:
    return rows.select("subject", _end=col("nth"), ended=col("day"), end_seq=col("seq"))


def _answers(log: Log, rows: Frame) -> Frame:
    """Only the office that was asked answers."""
    own = rows.select("subject", office=col("to_office"))
    return _end(log.of(ANSWERED).join(own, on=["subject", "office"], how="semi"))


def _secret(log: Log, rows: Frame) -> Frame:
    held = log.of(SECRET).filter(col("basis").fill_null("").str.strip_chars() != "")
    held = held.join(rows.select("subject", "to_office"), on="subject", how="inner")
    return _end(held.filter((col("office") != col("to_office")).fill_null(False)))


def _withdrawn(log: Log, rows: Frame) -> Frame:
    return _end(log.of(GONE).join(rows.select("subject", office=col("asker")), on=["subject", "office"], how="semi"))


def _faults(log: Log, fault_days: int) -> Frame:
    owners = log.of(ASKED).group_by("subject").agg(to_office=col("to_office").max())
    rows = log.of(FAULT).filter(~col("fault").is_null()).join(owners, on="subject", how="inner")
    first = rows.group_by("subject", "fault").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(first, on="nth", how="semi")
    rows = rows.select("subject", "nth", "day", "fault", "to_office", first_seq=col("seq"))
    fixed = log.of(FIXED).select("subject", "fault", to_office=col("office"), _end=col("nth"), ended=col("day"),
                                 end_seq=col("seq"))  # fmt: skip
    met = rows.select("subject", "nth", "fault", "to_office").join(
        fixed, on=["subject", "fault", "to_office"], how="inner"
    )
    met = met.filter(col("_end") > col("nth"))
    once = met.group_by("nth").agg(_end=col("_end").min())
    met = met.join(once, on=["nth", "_end"], how="inner").select("nth", "ended", "end_seq")
    rows = rows.join(met, on="nth", how="left")
    return log.cut(rows.with_columns(allowed=lit(fault_days).cast(Int64), variant=lit("unmended")))


def _bare(log: Log, judged: Frame) -> Frame:
    """Requests whose answer, in time as it may be, refuses and says nothing."""
    refused = log.of(ANSWERED).filter(
        (col("outcome") == "refused") & (col("reason").fill_null("").str.strip_chars() == "")
    )
    rows = judged.filter(col("variant") == "unanswered")
    rows = rows.join(refused.select(end_seq=col("seq")), on="end_seq", how="semi")
    return rows.with_columns(variant=lit("no-reason"))
