"""Whoever rates badly is contacted within a working day, and what was bad is put right in five (差评不整改).

A rating of the lower two levels by somebody who is named opens both clocks. Fifteen working days are given for what
somebody without a part in the case or its remedy declared to be hard, within the five. A rating that such a person set
aside as unfair asks for nothing. Only staff contact and mend: a message of the portal's own is neither.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, spans
from portal.compliance.log.narrowing import instead, narrowed
from portal.compliance.log.pauses import HANDLING, NOT_STAFF, independent
from portal.compliance.rule import Parameter, Rule, Scope

RATED, CONTACTED, FIXED = "rated", "rating-contacted", "rating-fixed"
HARD, ASIDE = "rating-declared-hard", "rating-set-aside"
SPAN = ("is_late", "is_open", "due_on", "ended_on", "taken", "allowed", "overdue", "is_certain", "calendar", "last_seq")

RULE = Rule(
    "V43",
    title=N_("Bad rating left as it was"),
    sentence={
        "not-fixed": N_(
            "A bad rating of %(started_on)s was to be put right by %(due_on)s; by %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed."
        ),
        "not-contacted": N_(
            "Whoever rated badly on %(started_on)s was to be contacted by %(due_on)s; by %(ended_on)s: %(taken)s "
            "taken, %(allowed)s allowed."
        ),
    },
    sources=(
        # seen in its opening: every bad rating is put right; the days stand in the rules of the places
        LegalSource("国办发〔2019〕51号", "差评整改", in_force_from=date(2019, 12, 3)),
        LegalSource("上海市优化营商环境条例", "第三十条", area="31", in_force_from=date(2020, 4, 10)),
        LegalSource("安阳市政务服务条例", "第五十二条", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.CASE,
    needs=(RATED, CONTACTED, FIXED),
    begins_with=(RATED,),
    parameters={
        "worst": Parameter(2, "国办发〔2019〕51号"),
        "contact_days": Parameter(1, "上海市优化营商环境条例 第三十条"),
        "fix_days": Parameter(5),  # one city's rules of 2020 name the same
        "hard_days": Parameter(15),
    },
    amounts=dict.fromkeys(("taken", "allowed", "overdue"), "working-day"),
)


@RULE.population
def ratings(log: Log, worst: int, contact_days: int, fix_days: int, hard_days: int) -> Frame:
    """Named bad ratings that stand, with what became of each; late: contacted late, or put right late."""
    first = log.of(RATED).join(log.first(RATED).select("nth"), on="nth", how="semi")
    bad = first.filter((col("score") <= worst) & (col("actor").fill_null("") != ""))
    asked = narrowed(log, bad)
    asked = instead(asked, **{kind: _by_staff(asked.of(kind)) for kind in (CONTACTED, FIXED)})
    menders = log.settle(asked.events(CONTACTED, FIXED).select("subject", "actor").unique())
    fair = _outsiders(log, asked, ASIDE, menders).select("subject").unique()
    contacted = _clock(asked, (CONTACTED, FIXED), contact_days)
    fixed, hard = _clock(asked, (FIXED,), fix_days), _clock(asked, (FIXED,), hard_days)
    told = _outsiders(log, asked, HARD, menders).select("subject", _told_on=col("day"))
    told = told.join(fixed.select("subject", "due_on"), on="subject", how="inner")
    told = log.cut(told.filter(col("_told_on") <= col("due_on")).select("subject").unique())
    mended = log.cut(
        hard.join(told, on="subject", how="semi").select("subject", **{f"_{name}": col(name) for name in SPAN})
    )
    fixed = fixed.join(mended, on="subject", how="left")
    # whatever a longer time has, it has whole: a column that is null there stays null
    fixed = fixed.with_columns(
        **{name: when(~col("_is_late").is_null()).then(f"_{name}").otherwise(name) for name in SPAN}
    )
    rows = contacted.join(
        fixed.select("subject", **{f"_{name}": col(name) for name in SPAN}), on="subject", how="inner"
    ).join(fair, on="subject", how="anti")  # fmt: skip
    return rows.with_columns(
        _contact_late=col("is_late"), is_late=max_horizontal("is_late", "_is_late"),
        is_open=max_horizontal("is_open", "_is_open"), last_seq=max_horizontal("last_seq", "_last_seq"),
        cured_on=when(col("_is_open") == 0).then("_ended_on"), _contact_open=col("is_open"),
    )  # fmt: skip


def _by_staff(rows: Frame) -> Frame:
    return rows.filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))


def _clock(log: Log, stop: tuple[str, ...], days: int) -> Frame:
    rows = spans(log, start=RATED, stop=stop, n=days, ending=False)
    return log.cut(rows.select("subject", "first_seq", "started_on", *SPAN))


def _outsiders(log: Log, asked: Log, kind: str, menders: Frame) -> Frame:
    """Events of a kind by staff who neither handled the case nor mended the rating."""
    rows = independent(asked, _by_staff(asked.of(kind)), "actor").join(menders, on=["subject", "actor"], how="anti")
    return log.cut(rows)


@RULE.check
def left(log: Log, judged: Frame) -> Frame:
    """The office that handled the case last before the rating answers."""
    late = judged.filter(col("is_late") == 1)
    unfixed = col("_is_late") == 1
    shown = ("due_on", "ended_on", "taken", "allowed", "overdue", "is_certain", "calendar")
    rows = late.with_columns(
        variant=when(unfixed).then(lit("not-fixed")).otherwise(lit("not-contacted")),
        is_open=when(unfixed).then("_is_open").otherwise("_contact_open"),
        **{name: when(unfixed).then(f"_{name}").otherwise(name) for name in shown},
    )
    nobody = lit(None, dtype=String)
    return rows.join(_handlers(log, late), on="subject", how="left").select(
        "subject", "first_seq", "last_seq", "office", "variant", "is_open", "is_certain", "calendar", "started_on",
        "due_on", "ended_on", "taken", "allowed", "overdue", "cured_on", severity=lit("yellow"), post=nobody,
        actor=nobody, on=col("started_on"),
    )  # fmt: skip


def _handlers(log: Log, rows: Frame) -> Frame:
    """Per case ``office``: which took the last step before the rating, else the one that the rating names."""
    part = narrowed(log, rows)
    rated = part.first(RATED).select("subject", _rated=col("nth"), _own=col("office"))
    steps = part.events(*HANDLING).filter(~col("office").is_null()).select("subject", "nth", "office")
    met = steps.join(rated.select("subject", "_rated"), on="subject", how="inner").filter(col("nth") < col("_rated"))
    last = met.group_by("subject").agg(nth=col("nth").max().cast(Int64))
    named = met.join(last.select("nth"), on="nth", how="semi").select("subject", _last=col("office"))
    rows = rated.join(named, on="subject", how="left")
    return log.cut(rows.select("subject", office=coalesce("_last", "_own")))
