"""What a policy promises reaches the firms that the data show to be entitled (惠企政策未兑现、应享未享).

It is paid within the working days that the policy promises, within one where no application is needed; and who is on
the list is told of it within a month. What counts as paid was recorded by another person than who found the firm
eligible. The firm may decline; a budget that is used up excuses what was not due when that was announced, if another
office recorded the announcement.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, earliest, nobody
from portal.compliance.log.validity import APPLICANTS
from portal.compliance.rule import Parameter, Rule, Scope

NEVER = 2**40

RULE = Rule(
    "V35",
    title=N_("Benefit not paid to who is entitled"),
    sentence={
        "not-paid": N_("Of %(amount_fen)s promised by %(due_on)s, %(unpaid_fen)s were unpaid then."),
        "not-told": N_("The firm is on the list of those entitled and was not told by %(told_by_on)s."),
        "neither": N_(
            "Of %(amount_fen)s promised by %(due_on)s, %(unpaid_fen)s were unpaid then, and the firm was not told by "
            "%(told_by_on)s."
        ),
    },
    sources=(
        LegalSource("优化营商环境条例", "第二十四条", in_force_from=date(2020, 1, 1)),
        LegalSource("安阳市政务服务条例", "第三十三条", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.CASE,
    needs=("eligibility-found",),
    begins_with=("eligibility-found",),
    parameters={"instant_days": Parameter(1), "contact_days": Parameter(30)},
    amounts={"amount_fen": "fen", "unpaid_fen": "fen"},
)


@RULE.check
def unpaid(log: Log, instant_days: int, contact_days: int) -> Frame:
    rows = _due(log, _found(log), instant_days, contact_days)
    for part in (_payments(log, rows), _contacts(log), _excuses(log, rows)):
        rows = rows.join(part, on="subject", how="left")
    rows = rows.with_columns(
        unpaid_fen=(col("amount_fen") - col("_in_time").fill_null(0)).cast(Int64),
        _over=min_horizontal(col("_declined").fill_null(NEVER), col("_exhausted").fill_null(NEVER)),
    )
    is_late = (col("unpaid_fen") > 0) & (col("due_on") < log.as_of.day) & (col("_over") > col("due_on"))
    answered = min_horizontal(col("_told").fill_null(NEVER), col("_over"), col("_paid_on").fill_null(NEVER))
    is_untold = (col("told_by_on") < log.as_of.day) & (answered > col("told_by_on"))
    rows = rows.with_columns(_late=is_late.fill_null(False), _untold=is_untold.fill_null(False))
    settled = (~col("_late") | (col("_paid").fill_null(0) >= col("amount_fen"))) & (
        ~col("_untold") | (answered <= log.as_of.day)
    )
    return rows.filter(col("_late") | col("_untold")).select(
        "subject", "first_seq", "is_certain", "amount_fen", "unpaid_fen", "due_on", "told_by_on", "calendar",
        last_seq=max_horizontal("first_seq", coalesce("_paid_seq", "first_seq"), coalesce("_told_seq", "first_seq")),
        severity=lit("yellow"), office=col("accused"), post=nobody(), actor=nobody(),
        on=when(col("_late")).then(col("due_on") + 1).otherwise(col("told_by_on") + 1).cast(Int64),
        variant=when(col("_late") & col("_untold")).then(lit("neither")).otherwise(
            when(col("_late")).then(lit("not-paid")).otherwise(lit("not-told"))
        ),
        is_open=when(settled).then(lit(0)).otherwise(lit(1)).cast(Int64),
        cured_on=when(settled).then(when(col("_late")).then("_paid_on").otherwise(answered)).cast(Int64),
    )  # fmt: skip


def _found(log: Log) -> Frame:
    rows = earliest(log.of("eligibility-found"))
    return rows.select(
        "subject", "day", "within_days", finder=col("actor"), first_seq=col("seq"),
        accused=coalesce("policy_office", "office"), amount_fen=col("amount_fen").fill_null(0),
        is_instant=col("is_instant").fill_null(0),
    )  # fmt: skip


def _due(log: Log, rows: Frame, instant_days: int, contact_days: int) -> Frame:
    """Add ``due_on``, the last working day to pay (none where nothing is promised), and ``told_by_on``."""
    rows = log.with_ordinal(log.with_calendar(rows, "day"), "day", "_since")
    within = coalesce("within_days", when(col("is_instant") == 1).then(lit(instant_days)))
    rows = log.with_workday(rows.with_columns(_ordinal=(col("_since") + within).cast(Int64)), "_ordinal", "due_on")
    certain = log.calendar.select("calendar", _sure=col("is_certain"), due_on=col("day"))
    rows = rows.join(certain, on=["calendar", "due_on"], how="left")
    return rows.with_columns(
        told_by_on=(col("day") + contact_days).cast(Int64),
        is_certain=when(col("due_on").is_null()).then(lit(1)).otherwise(col("_sure").fill_null(0)).cast(Int64),
    ).drop("_since", "_ordinal", "_sure")


def _payments(log: Log, rows: Frame) -> Frame:
    """What was paid in time and in all, as somebody other than who found the firm eligible recorded."""
    paid = log.of("benefit-paid").join(rows.select("subject", "finder", "due_on"), on="subject", how="inner")
    paid = paid.filter((col("actor") != col("finder")).fill_null(True))
    in_time = when((col("day") <= col("due_on")).fill_null(False)).then("amount_fen").otherwise(lit(0))
    return paid.with_columns(_now=in_time).group_by("subject").agg(
        _in_time=col("_now").sum().cast(Int64), _paid=col("amount_fen").sum().cast(Int64), _paid_on=col("day").max(),
        _paid_seq=col("seq").max(),
    )  # fmt: skip


def _contacts(log: Log) -> Frame:
    told = log.of("beneficiary-contacted").filter(col("is_reached") == 1)
    return told.group_by("subject").agg(_told=col("day").min(), _told_seq=col("seq").min())


def _excuses(log: Log, rows: Frame) -> Frame:
    """The day on which the firm declined, and the one on which the budget was announced to be used up."""
    declined = by_others(log, "entitlement-declined", rows)
    declined = declined.filter(col("role").fill_null(APPLICANTS[0]).is_in(list(APPLICANTS)))
    spent = by_others(log, "budget-exhausted", rows).filter(~col("announced_on").is_null())
    days = concat(
        [
            declined.select("subject", _declined=col("day"), _exhausted=lit(None, dtype=Int64)),
            spent.select("subject", _declined=lit(None, dtype=Int64), _exhausted=max_horizontal("announced_on", "day")),
        ],
        how="vertical",
    )
    return days.group_by("subject").agg(col("_declined", "_exhausted").min())
