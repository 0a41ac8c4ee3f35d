"""What is closed is done (虚假办结): a suspicion, until somebody from outside has seen that it is not.

An appeal's reply is doubted when the caller, called back by somebody else, says that nothing was done; when the appeal
is opened again within seven days by the caller or another office; or when one person sent twenty replies of one text
within a minute. A case is doubted when the applicant himself has it opened again within seven days of delivery; an
error that the office finds itself is none. What somebody of another office saw on the spot confirms it. A demand that
such a person, without a part in the reply, set aside as unreasonable leaves nothing to doubt.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.pauses import NOT_STAFF
from portal.compliance.rule import Parameter, Rule, Scope

REPLIED, CALLED, REOPENED = "appeal-replied", "appeal-called-back", "appeal-reopened"
CITIZENS = ("applicant", "agent")
SECOND = 1_000_000
CLOSING = ("subject", "nth", "seq", "day", "at", "office", "post", "actor")
COLUMNS = (*CLOSING, "variant", "told_on", "told_seq", "replies")

RULE = Rule(
    "V17",
    title=N_("Closed without being done"),
    sentence={
        "not-done": N_("It was closed, and on %(told_on)s the caller said that it was not done. This is a suspicion."),
        "reopened": N_("It was closed, and opened again on %(told_on)s, soon afterwards. This is a suspicion."),
        "batch": N_("One person sent replies of one and the same text within a minute: %(replies)s. A suspicion."),
        "confirmed": N_("It was closed, and on %(told_on)s another office found that it was not done."),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("安阳市政务服务条例", "第五十六条", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("北京市接诉即办工作条例", "办理实效", area="11", in_force_from=date(2021, 9, 24)),
    ),
    scope=Scope.PERSON,
    needs=(REPLIED,),
    begins_with=(REPLIED, "reopened"),
    parameters={"days": Parameter(7), "batch": Parameter(20), "batch_seconds": Parameter(60)},
)


@RULE.check
def doubted(log: Log, days: int, batch: int, batch_seconds: int) -> Frame:
    closings = log.settle(_closings(log))
    said = log.settle(_said(log, closings))
    back = _reopened(log, closings, days).join(said.select("nth"), on="nth", how="anti")
    one = log.settle(concat([said, back], how="vertical"))
    many = _batches(log, batch, batch_seconds).join(one.select("nth"), on="nth", how="anti")
    rows = log.settle(concat([one, many], how="vertical"))
    seen = _disproved(log, closings)
    alone = seen.join(rows.select("nth"), on="nth", how="anti")
    rows = _judged(concat([rows, alone], how="vertical"), seen)
    rows = _kept_doubts(log, rows).join(_redone(log), on="subject", how="left")
    cured = when((col("_redone") > col("nth")).fill_null(False)).then("_redone_on")
    return rows.select(
        "subject", "office", "post", "actor", "severity", "variant", "told_on", "replies", first_seq=col("seq"),
        last_seq=max_horizontal("seq", coalesce("told_seq", "seq")), on=col("day"), cured_on=cured.cast(Int64),
    )  # fmt: skip


def _closings(log: Log) -> Frame:
    """Replies and deliveries by staff of what somebody doubted, each with the next one of its subject (``_next``)."""
    doubts = log.events(CALLED, REOPENED, "reopened", "closing-disproved").select("subject").unique()
    rows = log.events(REPLIED, "delivered").join(doubts, on="subject", how="semi")
    rows = rows.filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))
    return rows.with_columns(_next=col("nth").shift(-1).over("subject", order_by="nth"))


def _after(closings: Frame, acts: Frame) -> Frame:
    """The first of these acts (subject, _act, told_on, told_seq, _by, _office) after each closing, before the next."""
    met = closings.join(acts, on="subject", how="inner").filter(
        (col("_act") > col("nth")) & (col("_next").is_null() | (col("_act") < col("_next")))
    )
    first = met.group_by("nth").agg(_act=col("_act").min())
    return met.join(first, on=["nth", "_act"], how="inner")


def _acts(rows: Frame) -> Frame:
    return rows.select(
        "subject", "role", _act=col("nth"), told_on=col("day"), told_seq=col("seq"), _by=col("actor"),
        _office=col("office"),
    ).rename({"role": "_role"})  # fmt: skip


def _told(rows: Frame, variant: str) -> Frame:
    return rows.with_columns(variant=lit(variant), replies=lit(1).cast(Int64)).select(*COLUMNS)


def _said(log: Log, closings: Frame) -> Frame:
    """Nobody asks the caller about his own reply."""
    acts = _acts(log.of(CALLED).filter(col("outcome") == "not-done"))
    met = closings.join(acts, on="subject", how="inner").filter(col("_by") != col("actor"))
    met = met.filter((col("_act") > col("nth")) & (col("_next").is_null() | (col("_act") < col("_next"))))
    first = met.group_by("nth").agg(_act=col("_act").min())
    return _told(met.join(first, on=["nth", "_act"], how="inner"), "not-done")


def _reopened(log: Log, closings: Frame, days: int) -> Frame:
    own = log.of("reopened").filter(col("role").is_in(list(CITIZENS)))
    acts = concat([_acts(log.of(REOPENED)), _acts(own)], how="vertical")
    is_other = col("_role").is_in(list(CITIZENS)) | (col("_office") != col("office")).fill_null(False)
    met = _after(closings, acts).filter(is_other & (col("told_on") - col("day") <= days))
    return _told(met, "reopened")


def _batches(log: Log, batch: int, batch_seconds: int) -> Frame:
    """The reply by which each person's batch was full, once for a text and day."""
    rows = log.of(REPLIED).filter(col("text_digest").fill_null("") != "")
    rows = rows.filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))
    once = rows.group_by("actor", "text_digest", "subject").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(once, on="nth", how="semi")
    rows = rows.with_columns(_since=col("at").shift(batch - 1).over("actor", "text_digest", order_by="nth"))
    rows = rows.filter(col("at") - col("_since") <= batch_seconds * SECOND)
    first = rows.group_by("actor", "text_digest", "day").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(first, on="nth", how="semi")
    nothing = lit(None, dtype=Int64)
    rows = rows.with_columns(variant=lit("batch"), told_on=nothing, told_seq=nothing, replies=lit(batch).cast(Int64))
    return rows.select(*COLUMNS)


def _disproved(log: Log, closings: Frame) -> Frame:
    """Closings of which somebody of another office saw on the spot that nothing was done."""
    acts = _acts(log.of("closing-disproved"))
    met = _after(closings, acts).filter(
        (col("_office") != col("office")).fill_null(False) & (col("_by") != col("actor"))
    )
    return _told(met, "confirmed")


def _judged(rows: Frame, seen: Frame) -> Frame:
    """Confirmed from outside it is grave, and that is what is told."""
    facts = seen.select("nth", _seen=lit(1).cast(Int64), _seen_on=col("told_on"), _seen_seq=col("told_seq"))
    rows = rows.join(facts, on="nth", how="left")
    confirmed = col("_seen") == 1
    return rows.with_columns(
        severity=when(confirmed).then(lit("red")).otherwise(lit("yellow")),
        variant=when(confirmed).then(lit("confirmed")).otherwise("variant"),
        told_on=when(confirmed).then("_seen_on").otherwise("told_on"),
        told_seq=when(confirmed).then("_seen_seq").otherwise("told_seq"),
    )


def _kept_doubts(log: Log, rows: Frame) -> Frame:
    """Without those whose demand somebody of another office set aside; what was seen on the spot stands."""
    aside = log.of("demand-set-aside").select("subject", _by=col("actor"), _office=col("office"))
    met = rows.select("nth", "subject", "actor", "office").join(aside, on="subject", how="inner")
    met = met.filter((col("_by") != col("actor")) & (col("_office") != col("office")).fill_null(False))
    excused = met.select("nth", _excused=lit(1)).unique()
    rows = rows.join(excused, on="nth", how="left")
    return rows.filter(col("_excused").is_null() | col("variant").is_in(["confirmed", "batch"]))


def _redone(log: Log) -> Frame:
    """Per subject the last time that the caller said it was done."""
    rows = log.of(CALLED).filter(col("outcome") == "done")
    last = rows.group_by("subject").agg(nth=col("nth").max()).select("nth")
    return rows.join(last, on="nth", how="semi").select("subject", _redone=col("nth"), _redone_on=col("day"))
