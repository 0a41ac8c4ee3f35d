"""The result reaches the applicant within the item's feedback limit (限时反馈)."""

from __future__ import annotations

from datetime import date

from narwhals import String, coalesce, col, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import HOLDERS, Frame, Log, holders, spans
from portal.compliance.rule import Parameter, Rule, Scope

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")

RULE = Rule(
    "V08",
    title=N_("Result later than the feedback limit"),
    sentence={
        "days": N_(
            "The result was due on %(due_on)s, counted from %(started_on)s. By %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed, %(overdue)s over the limit. It lay with the front desk for %(front_desk)s, with the "
            "back office for %(back_office)s, with another office for %(other_office)s, with the applicant for "
            "%(applicant)s."
        ),
        "plain": N_(
            "The result was due on %(due_on)s, counted from %(started_on)s. By %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed, %(overdue)s over the limit."
        ),
        "moment": N_("The result was promised for %(due_at)s and came at %(ended_at)s: %(overdue)s late."),
        "moment-open": N_("The result was promised for %(due_at)s and is still open, %(overdue)s later."),
    },
    sources=(
        # 首问负责、一次性告知、限时办结; known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("优化营商环境条例", "第三十六条", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.CASE,
    begins_with=("received",),
    needs=("received", "delivered"),
    clocks=("feedback",),
    parameters={"red_ratio": Parameter(2)},
    amounts=dict.fromkeys(HOLDERS, "working-day"),
)


@RULE.population
def promises(log: Log) -> Frame:
    return spans(log, start="received", stop="delivered", limit="feedback", reopening=True, own_target=True)


@RULE.check
def late(log: Log, judged: Frame, red_ratio: int) -> Frame:
    """Dates, not counts: an answer on the Saturday after a due Friday is late, though no working day passed."""
    found = judged.filter(col("is_late") == 1)
    accepted = log.first(*ACCEPTANCES).select("subject", accepting=col("office"))
    found = holders(log, found.join(accepted, on="subject", how="left"))
    # A log that records no passing on cannot tell whose days they were.
    in_days = lit("days" if {"accepted", "handed-over"} & log.kinds else "plain")
    moment = when(col("is_open") == 1).then(lit("moment-open")).otherwise(lit("moment"))
    return found.with_columns(
        severity=when(col("taken") >= red_ratio * col("allowed")).then(lit("red")).otherwise(lit("yellow")),
        variant=when(col("due_at").is_null()).then(in_days).otherwise(moment),
        ended_at=when(col("is_open") == 0).then("ended_at"),
        office=coalesce("accepting", "office"),
        post=lit(None, dtype=String),  # named only for the part it held, which the stage rule judges
        actor=lit(None, dtype=String),
        on=col("started_on"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar",
        "is_open", "is_certain", "unit", "taken", "allowed", "overdue",
        "due_on", "due_at", "started_on", "ended_on", "ended_at",
        "front_desk", "back_office", "other_office", "applicant",
    )  # fmt: skip
