"""Who takes over an office takes over its word: a new holder does not ignore old accounts (新官不理旧账).

A commitment past its day is judged when a holder came and no hand-over was signed by both, when no written position
with a date (or a refusal with its reason) was taken for three months, when the refusal rests on a change of people or
of offices, or when a planned day went by. The first planned day binds: a later plan does not put it off. A court's
time is not counted, and a lawful change with compensation ends the matter, as does fulfilment; none of it by the
office's own word. The omission lasts, so the law in force while it lasts judges it.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, earliest, latest
from portal.compliance.rule import Parameter, Rule, Scope

LAW_FROM = date(2020, 1, 1)
LAW_DAY = (LAW_FROM - date(1970, 1, 1)).days
CHANGES = ("boundary-change", "change-of-term", "reorganisation", "change-of-functions", "change-of-person")
NEVER = 2**40
BREACH = ("subject", "day", "seq", "limb")

RULE = Rule(
    "V33",
    title=N_("Old commitment ignored by new holders"),
    sentence={
        "not-handed-on": N_(
            "Due on %(due_on)s and not fulfilled by %(ended_on)s, %(years)s later. Holders since it was signed: "
            "%(holders)s, since it was due: %(holders_since)s; a hand-over signed by both is missing. The present "
            "holder has been in office for %(held_days)s."
        ),
        "silence": N_(
            "Due on %(due_on)s and not fulfilled by %(ended_on)s, %(years)s later. Holders since it was signed: "
            "%(holders)s, since it was due: %(holders_since)s. From %(silent_on)s on no written position was taken "
            "in time. The present holder has been in office for %(held_days)s."
        ),
        "excuse": N_(
            "Due on %(due_on)s and not fulfilled by %(ended_on)s, %(years)s later. Holders since it was signed: "
            "%(holders)s, since it was due: %(holders_since)s. It was refused for a reason that the law forbids: "
            "%(reason)s. The present holder has been in office for %(held_days)s."
        ),
        "plan-missed": N_(
            "Due on %(due_on)s and not fulfilled by %(ended_on)s, %(years)s later. Holders since it was signed: "
            "%(holders)s, since it was due: %(holders_since)s. It was planned for %(planned_on)s. The present holder "
            "has been in office for %(held_days)s."
        ),
    },
    sources=(LegalSource("优化营商环境条例", "第三十一条、第六十九条第七项", in_force_from=LAW_FROM),),
    scope=Scope.CASE,
    needs=("commitment-made",),
    begins_with=("commitment-made",),
    parameters={
        "silent_days": Parameter(90),
        "handover_days": Parameter(10),
        "red_days": Parameter(365),
        "red_holders": Parameter(2),
    },
    amounts={"years": "year", "held_days": "calendar-day"},
    words={
        "boundary-change": N_("boundaries were changed"),
        "change-of-term": N_("a new term of office"),
        "reorganisation": N_("offices were reorganised"),
        "change-of-functions": N_("functions were changed"),
        "change-of-person": N_("the person in charge changed"),
    },
)


@RULE.check
def ignored(log: Log, silent_days: int, handover_days: int, red_days: int, red_holders: int) -> Frame:
    """One finding a commitment: the fault that began first is told."""
    made = log.settle(_unfulfilled(log))
    holders = log.settle(_holders(log, made))
    breaches = concat(
        [
            _not_handed_on(log, holders, handover_days),
            _silent(log, made, silent_days),
            _excused(log, made),
            _missed(log, made),
        ],
        how="vertical",
    )
    breaches = log.settle(_out_of_court(log, made, breaches))
    first = breaches.group_by("subject").agg(_day=col("day").min(), _last_seq=col("seq").max())
    # of several that began on one day, the first by name: always the same one
    told = breaches.join(first.select("subject", day=col("_day")), on=["subject", "day"], how="semi")
    told = told.group_by("subject").agg(variant=col("limb").min())
    rows = made.join(first, on="subject", how="inner").join(told, on="subject", how="inner")
    for part in (_counted(made, holders), _present(holders), _said(log, made, breaches)):
        rows = rows.join(part, on="subject", how="left")
    return _judged(rows, red_days, red_holders)


def _judged(rows: Frame, red_days: int, red_holders: int) -> Frame:
    late = col("ended_on") - col("due_on")
    rows = rows.with_columns(col("holders", "holders_since").fill_null(0))
    grave = (late >= red_days) | (col("holders_since") >= red_holders)
    began = max_horizontal("_day", min_horizontal("ended_on", lit(LAW_DAY)))  # the law that came while it lasted
    return rows.select(
        "subject", "first_seq", "variant", "due_on", "ended_on", "is_open", "holders", "holders_since", "reason",
        "planned_on", "silent_on",
        last_seq=max_horizontal("first_seq", "_last_seq", "_ended_seq").cast(Int64),
        severity=when(grave).then(lit("red")).otherwise(lit("yellow")), office=col("accused"), post=col("_post"),
        actor=col("_holder"), on=began.cast(Int64),
        years=(late * 400 // 146_097).cast(Int64),  # 400 years have 146,097 days
        held_days=(col("ended_on") - coalesce("_since", "signed_on")).cast(Int64),
        cured_on=when(col("is_open") == 0).then("ended_on"),
    )  # fmt: skip


def _unfulfilled(log: Log) -> Frame:
    """Commitments that were not kept on their day: until when, and whether that goes on."""
    rows = earliest(log.of("commitment-made")).select(
        "subject", "due_on", "signed_on", accused=coalesce("owing_office", "office"), first_seq=col("seq")
    )
    kept = by_others(log, "commitment-fulfilled", rows)
    kept = kept.select("subject", "seq", _on=min_horizontal(coalesce("fulfilled_on", "day"), "day"))
    changed = by_others(log, "commitment-changed", rows).filter(col("is_compensated") == 1)
    ends = concat([kept, changed.select("subject", "seq", _on=col("day"))], how="vertical")
    ends = ends.group_by("subject").agg(_ended_on=col("_on").min(), _ended_seq=col("seq").min())
    rows = rows.join(ends, on="subject", how="left").with_columns(
        ended_on=coalesce("_ended_on", lit(log.as_of.day)).cast(Int64), is_open=col("_ended_on").is_null().cast(Int64)
    )
    return rows.filter(col("ended_on") > col("due_on")).with_columns(signed_on=coalesce("signed_on", "due_on"))


def _holders(log: Log, made: Frame) -> Frame:
    """Who took which post while the commitment was open; the same person is told once a post."""
    facts = made.select("subject", "due_on", "signed_on", "ended_on")
    rows = log.of("commitment-holder-began").select(
        "subject", "nth", "seq", "holder", "held_post", from_on=coalesce("from_on", "day")
    )
    rows = rows.join(facts, on="subject", how="inner").filter(col("from_on") <= col("ended_on"))
    first = rows.group_by("subject", "holder", "held_post").agg(nth=col("nth").min()).select("nth")
    return rows.join(first, on="nth", how="semi")


def _counted(made: Frame, holders: Frame) -> Frame:
    since = holders.filter(col("from_on") > col("due_on"))
    one = since.group_by("subject").agg(holders_since=col("holder").n_unique().cast(Int64))
    all_ = holders.group_by("subject").agg(holders=col("holder").n_unique().cast(Int64))
    return made.select("subject").join(all_, on="subject", how="left").join(one, on="subject", how="left")


def _present(holders: Frame) -> Frame:
    """Who held the office last: it is for him to keep the word, and the days are told that he had for it."""
    last = holders.group_by("subject").agg(from_on=col("from_on").max())
    rows = latest(holders.join(last, on=["subject", "from_on"], how="semi"))
    return rows.select("subject", _holder=col("holder"), _post=col("held_post"), _since=col("from_on"))


def _not_handed_on(log: Log, holders: Frame, days: int) -> Frame:
    """Holders who came after the due day and with whom no hand-over was signed by both within the days."""
    both = (col("from_holder").fill_null("") != "") & (col("from_holder") != col("to_holder"))
    signed = (
        log.of("commitment-handed-on").filter(both).select("subject", holder=col("to_holder"), _signed_on=col("day"))
    )
    signed = signed.group_by("subject", "holder").agg(col("_signed_on").min())
    rows = holders.filter(col("from_on") > col("due_on")).join(signed, on=["subject", "holder"], how="left")
    by = col("from_on") + days
    rows = rows.filter((min_horizontal(coalesce("_signed_on", lit(NEVER)), "ended_on") > by).fill_null(False))
    return rows.select("subject", "seq", day=(by + 1).cast(Int64), limb=lit("not-handed-on")).select(*BREACH)


def _positions(log: Log, made: Frame) -> Frame:
    """Positions that count: written, and with a day (accept, plan) or a reason (refuse)."""
    dated = col("stance").is_in(["accept", "plan"]) & ~col("planned_on").is_null()
    refused = (col("stance") == "refuse") & (col("reason").fill_null("") != "")
    rows = log.of("commitment-position-taken").filter((col("is_written") == 1) & (dated | refused))
    return rows.join(made.select("subject", "due_on", "ended_on"), on="subject", how="inner")


def _silent(log: Log, made: Frame, days: int) -> Frame:
    """Stretches after the due day without a position; leaving court begins one anew."""
    marks = [made.select("subject", "due_on", "ended_on", seq=col("first_seq"), day=col("due_on"))]
    marks.append(_positions(log, made).select("subject", "due_on", "ended_on", "seq", "day"))
    out = by_others(log, "commitment-out-of-court", made).select("subject", "seq", "day")
    marks.append(out.join(made.select("subject", "due_on", "ended_on"), on="subject", how="inner"))
    rows = concat([mark.select("subject", "due_on", "ended_on", "seq", "day") for mark in marks], how="vertical")
    rows = rows.filter((col("day") >= col("due_on")) & (col("day") <= col("ended_on")))
    rows = rows.with_columns(_next=col("day").shift(-1).over("subject", order_by=["day", "seq"]))
    until = coalesce("_next", "ended_on")
    rows = rows.filter(until - col("day") > days)
    return rows.select("subject", "seq", day=(col("day") + days + 1).cast(Int64), limb=lit("silence")).select(*BREACH)


def _excused(log: Log, made: Frame) -> Frame:
    rows = log.of("commitment-position-taken").filter(col("reason").is_in(list(CHANGES)))
    rows = rows.join(made.select("subject", "due_on", "ended_on"), on="subject", how="inner")
    rows = rows.filter(col("day") <= col("ended_on"))
    on = max_horizontal("day", col("due_on") + 1).cast(Int64)  # a refusal of before is a breach from the due day on
    return rows.select("subject", "seq", day=on, limb=lit("excuse")).select(*BREACH)


def _missed(log: Log, made: Frame) -> Frame:
    """The first planned day, if it went by unkept; one before the commitment's own day promises nothing new."""
    rows = _positions(log, made).filter(~col("planned_on").is_null())
    first = rows.group_by("subject", "due_on", "ended_on").agg(col("planned_on").min(), seq=col("seq").min())
    first = first.with_columns(_by=max_horizontal("planned_on", "due_on"))
    first = first.filter(col("_by") < col("ended_on"))
    return first.select("subject", "seq", day=(col("_by") + 1).cast(Int64), limb=lit("plan-missed")).select(*BREACH)


def _out_of_court(log: Log, made: Frame, breaches: Frame) -> Frame:
    """Without what began while a court had the matter, as somebody other than the office recorded."""
    into = by_others(log, "commitment-in-court", made).select("subject", _in=col("day"), _in_nth=col("nth"))
    back = by_others(log, "commitment-out-of-court", made).select("subject", _out=col("day"), _out_nth=col("nth"))
    stays = into.join(back, on="subject", how="left")
    stays = stays.with_columns(_out=when(col("_out_nth") > col("_in_nth")).then("_out").otherwise(lit(NEVER)))
    stays = stays.group_by("subject", "_in_nth", "_in").agg(col("_out").min())
    met = breaches.join(stays, on="subject", how="inner").filter(
        (col("_in") <= col("day")) & (col("day") <= col("_out"))
    )
    return breaches.join(met.select("subject", "seq", "limb").unique(), on=["subject", "seq", "limb"], how="anti")


def _said(log: Log, made: Frame, breaches: Frame) -> Frame:
    """What the sentences name: the forbidden reason, the missed day, the day of silence."""
    reasons = log.of("commitment-position-taken").filter(col("reason").is_in(list(CHANGES)))
    reasons = reasons.group_by("subject").agg(col("reason").min())
    planned = breaches.filter(col("limb") == "plan-missed").group_by("subject").agg(_planned=col("day").min())
    silent = breaches.filter(col("limb") == "silence").group_by("subject").agg(silent_on=col("day").min())
    rows = made.select("subject")
    for part in (reasons, planned, silent):
        rows = rows.join(part, on="subject", how="left")
    return rows.select("subject", "reason", "silent_on", planned_on=(col("_planned") - 1).cast(Int64))
