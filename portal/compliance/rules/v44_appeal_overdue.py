"""An appeal is dealt with and replied to within five working days of its dispatch (诉求办理超期).

Each office answers from its own dispatch until its reply, or until the appeal goes to another office. Five more days
count when somebody of another office gave them in time, and a longer limit of law when somebody of another office
cited it. What such a person declared to be hard may take longer, if the caller was told within the days how it stands.
A reply that nothing was done yet is no reply; nobody but the office replies for it.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.deadlines import within_workdays
from portal.compliance.log.pauses import NOT_STAFF
from portal.compliance.rule import Parameter, Rule, Scope

SENT, REPLIED, MEANWHILE = "appeal-dispatched", "appeal-replied", "appeal-interim-answered"
EXTENDED, CITED, HARD, GONE = "appeal-extended", "appeal-limit-cited", "appeal-declared-hard", "appeal-withdrawn"

RULE = Rule(
    "V44",
    title=N_("Appeal not dealt with in time"),
    sentence={
        "late": N_(
            "The appeal was to be dealt with and replied to by %(due_on)s; by %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed."
        ),
        "no-interim": N_(
            "The appeal was declared hard to solve, and the caller was to be told by %(due_on)s how it stands; by "
            "%(ended_on)s: %(taken)s."
        ),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("安阳市政务服务条例", "第五十条", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("潍坊市12345条例", "第二十条", area="3707", in_force_from=date(2022, 1, 1)),
    ),
    scope=Scope.CASE,
    needs=(SENT, REPLIED),
    begins_with=(SENT,),
    parameters={
        "within": Parameter(5, "安阳市政务服务条例 第五十条"),
        "most_more": Parameter(5, "安阳市政务服务条例 第五十条"),
    },
    amounts=dict.fromkeys(("taken", "allowed", "overdue"), "working-day"),
)


@RULE.population
def dispatches(log: Log, within: int, most_more: int) -> Frame:
    """One row per office and stay: from the dispatch to the reply, the next dispatch, or the caller's withdrawal."""
    rows = log.settle(_stays(log).with_columns(allowed=lit(within).cast(Int64)))
    rows = _with_ends(log, rows)
    plain = within_workdays(log, rows, "day", "ended").select("nth", _due=col("due_on"))
    rows = _with_more_time(log, log.cut(rows.join(plain, on="nth", how="left")), within, most_more)
    return within_workdays(log, rows, "day", "ended")


@RULE.check
def overdue(log: Log, judged: Frame) -> Frame:  # noqa: ARG001 - every rule is asked so
    nobody = lit(None, dtype=String)
    return judged.filter(col("is_late") == 1).select(
        "subject", "first_seq", "calendar", "is_open", "is_certain", "due_on", "ended_on", "taken", "allowed",
        "overdue",
        last_seq=max_horizontal("first_seq", coalesce("_end_seq", "first_seq")), severity=lit("yellow"),
        office=col("to_office"), post=nobody, actor=nobody, on=col("day"),
        variant=when(col("_hard") == 1).then(lit("no-interim")).otherwise(lit("late")),
    )  # fmt: skip


def _stays(log: Log) -> Frame:
    """Dispatches to an office where the appeal did not lie already: sending it there again begins nothing anew, unless
    the office had replied."""
    rows = log.of(SENT).filter(col("to_office").fill_null("") != "")
    rows = rows.select("subject", "nth", "day", "to_office", first_seq=col("seq"))
    rows = rows.with_columns(
        _was=col("to_office").shift(1).over("subject", order_by="nth"),
        _before=col("nth").shift(1).over("subject", order_by="nth"),
    )
    replies = log.of(REPLIED).filter(col("is_done").fill_null(1) == 1)
    replies = replies.select("subject", to_office=col("office"), _replied=col("nth"))
    met = rows.select("subject", "nth", "to_office", "_before").join(replies, on=["subject", "to_office"], how="inner")
    met = met.filter((col("_replied") > col("_before")) & (col("_replied") < col("nth")))
    again = met.select("nth", _again=lit(1)).unique()
    rows = rows.join(again, on="nth", how="left")
    rows = rows.filter((col("_was") != col("to_office")).fill_null(True) | (col("_again") == 1).fill_null(False))
    rows = log.cut(rows.drop("_was", "_before", "_again"))
    return rows.with_columns(_next=col("nth").shift(-1).over("subject", order_by="nth"))


def _of_office(log: Log, rows: Frame, kind: str, *, done: bool = False) -> Frame:
    """Acts of the office itself while the appeal lies there: nth, _act, _act_on, _act_seq."""
    acts = log.of(kind)
    acts = acts.filter(col("is_done").fill_null(1) == 1) if done else acts
    acts = acts.filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))
    acts = acts.select("subject", to_office=col("office"), _act=col("nth"), _act_on=col("day"), _act_seq=col("seq"))
    met = rows.select("subject", "to_office", "nth", "_next").join(acts, on=["subject", "to_office"], how="inner")
    met = met.filter((col("_act") > col("nth")) & (col("_next").is_null() | (col("_act") < col("_next"))))
    first = met.group_by("nth").agg(_act=col("_act").min())
    return log.cut(met.join(first, on=["nth", "_act"], how="inner").select("nth", "_act", "_act_on", "_act_seq"))


def _with_ends(log: Log, rows: Frame) -> Frame:
    """Add ``ended``, ``_end_seq``, and ``_told_on``, when the caller was first told how it stands."""
    replied = _of_office(log, rows, REPLIED, done=True).rename({"_act": "_replied"})
    sent = log.events(SENT).select(_next=col("nth"), _next_on=col("day"), _next_seq=col("seq"))
    gone = log.of(GONE).filter(col("role").fill_null("applicant").is_in(["applicant", "agent"]))
    gone = gone.group_by("subject").agg(_gone_on=col("day").min(), _gone_seq=col("seq").min())
    told = _of_office(log, rows, MEANWHILE).select("nth", _told_on=col("_act_on"), _told_seq=col("_act_seq"))
    rows = rows.join(replied, on="nth", how="left").join(sent, on="_next", how="left")
    rows = rows.join(gone, on="subject", how="left").join(told, on="nth", how="left")
    far = 2**31
    ends = [col(name).fill_null(far) for name in ("_act_on", "_next_on", "_gone_on")]
    end = min_horizontal(*ends)
    seq = when(end == ends[0]).then("_act_seq").otherwise(when(end == ends[1]).then("_next_seq").otherwise("_gone_seq"))
    return log.cut(
        rows.with_columns(ended=when(end < far).then(end), _end_seq=when(end < far).then(seq)).select(
            "subject", "nth", "day", "to_office", "first_seq", "allowed", "ended", "_end_seq", "_told_on", "_told_seq"
        )
    )


def _others(log: Log, rows: Frame, kind: str) -> Frame:
    """Acts of a kind about the appeal by somebody of another office while it lay there, by its last day."""
    acts = log.of(kind).rename({"day": "_on", "nth": "_act"}).drop("seq", "post", "actor", strict=False)
    met = rows.select("subject", "nth", "to_office", "_due").join(acts, on="subject", how="inner")
    is_staff = ~col("role").fill_null("").is_in(list(NOT_STAFF))
    is_other = (col("office") != col("to_office")).fill_null(False)
    return met.filter((col("_act") > col("nth")) & is_staff & is_other & (col("_on") <= col("_due")))


def _with_more_time(log: Log, rows: Frame, within: int, most_more: int) -> Frame:
    """The days that count; of what is hard, the telling ends the clock as a reply does."""
    more = _others(log, rows, EXTENDED).filter((col("days") > 0) & (col("days") <= most_more))
    first = more.group_by("nth").agg(_act=col("_act").min())
    more = more.join(first, on=["nth", "_act"], how="inner").select("nth", _more=col("days"))
    law = _others(log, rows, CITED).filter(col("basis").fill_null("").str.strip_chars() != "")
    law = law.group_by("nth").agg(_law=col("days").max())
    hard = _others(log, rows, HARD).select("nth", _hard=lit(1).cast(Int64)).unique()
    for part in (more, law, hard):
        rows = rows.join(log.cut(part), on="nth", how="left")
    told = (col("_hard") == 1) & ~col("_told_on").is_null()
    earlier = told & (col("ended").is_null() | (col("_told_on") < col("ended")))
    return log.cut(
        rows.with_columns(
            allowed=max_horizontal(lit(within) + col("_more").fill_null(0), col("_law").fill_null(0)).cast(Int64),
            ended=when(earlier).then("_told_on").otherwise("ended"),
            _end_seq=when(earlier).then("_told_seq").otherwise("_end_seq"),
        )
    )
