"""Offices visit one firm together within a month, and not more often than the year allows (重复检查).

A visit counts unless a complaint, an alarm or an order to look again called for it, which somebody of another office
must have written down before. To look again an office may order itself, through another person, after a visit of its
own. Offices that name one joint visit on one day make one visit. A plan that cannot be merged says so from another
office. The office that coordinates answers; where no plan names it, the one that came last.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import strung
from portal.compliance.rule import Parameter, Rule, Scope

VISITED = "inspected"
GROUNDS = ("complaint", "safety", "re-check")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "visits", "allowed",
    "other_seq", "chain",
)  # fmt: skip

RULE = Rule(
    "V39",
    title=N_("Visited again and again"),
    sentence={
        "repeated": N_(
            "Offices visited the same firm one after another instead of together: %(chain)s. Visits within the days: "
            "%(visits)s; the one before: event %(other_seq)s."
        ),
        "beyond-cap": N_(
            "The firm was visited more often than the year allows. Visits: %(visits)s; allowed: %(allowed)s."
        ),
    },
    sources=(LegalSource("优化营商环境条例", "第五十四条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.CASE,
    needs=(VISITED,),
    begins_with=(VISITED,),
    parameters={"within_days": Parameter(30)},
)


@RULE.check
def repeated(log: Log, within_days: int) -> Frame:
    visits = log.settle(_visits(log))
    again = log.settle(_again(visits, within_days))
    beyond = _beyond(log, visits).join(again.select("nth"), on="nth", how="anti")
    nobody = lit(None, dtype=String)
    parts = [
        part.with_columns(
            first_seq=col("seq"), last_seq=col("seq"), severity=lit("yellow"), on=col("day"), post=nobody, actor=nobody,
            office=coalesce("coordinator", "office"),
        ).select(*COLUMNS)
        for part in (again, beyond)
    ]  # fmt: skip
    return concat(parts, how="vertical")


def _visits(log: Log) -> Frame:
    """Visits that could have been merged, one for each joint visit (``_visit``: the order of its first office)."""
    rows = log.of(VISITED).filter(~col("office").is_null())
    rows = rows.select("subject", "nth", "seq", "day", "office", "actor", "plan", "warrant", "joint")
    rows = _unwarranted(log, rows)
    plans = log.of("inspection-planned").filter(~col("plan").is_null())
    last = plans.group_by("subject", "plan").agg(nth=col("nth").max()).select("nth")
    plans = plans.join(last, on="nth", how="semi").select(
        "subject", "plan", "coordinator", "is_mergeable", _by=col("actor"), _planner=col("office")
    )
    rows = rows.join(plans, on=["subject", "plan"], how="left")
    is_other = (col("_by") != col("actor")) & (col("_planner") != col("office"))
    alone = ((col("is_mergeable") == 0) & is_other).fill_null(False)
    rows = log.cut(rows.filter(~alone))
    joint = rows.filter(col("joint").fill_null("") != "")
    together = joint.group_by("subject", "day", "joint").agg(_first=col("nth").min())
    rows = rows.join(together, on=["subject", "day", "joint"], how="left")
    return rows.with_columns(_visit=coalesce("_first", "nth"))


def _unwarranted(log: Log, rows: Frame) -> Frame:
    grounds = log.of("inspection-warranted").filter(col("ground").is_in(list(GROUNDS)))
    grounds = grounds.select("subject", "warrant", "ground", _by=col("actor"), _office=col("office"), _known=col("nth"))
    met = rows.join(grounds, on=["subject", "warrant"], how="inner")
    met = met.filter((col("_known") < col("nth")) & (col("_by") != col("actor")))
    own = rows.select("subject", "office", _earlier=col("nth"))
    back = met.filter(col("ground") == "re-check").join(own, on=["subject", "office"], how="inner")
    back = back.filter(col("_earlier") < col("nth")).select("nth")
    called = met.filter((col("_office") != col("office")).fill_null(False)).select("nth")
    return log.cut(rows.join(concat([back, called], how="vertical").unique(), on="nth", how="anti"))


def _again(visits: Frame, within_days: int) -> Frame:
    """Visits before which another office came, within the days, on its own."""
    before = visits.select(
        "subject", _day=col("day"), _office=col("office"), _nth=col("nth"), _seq=col("seq"), _other=col("_visit")
    )
    met = visits.join(before, on="subject", how="inner").filter(
        (col("_nth") < col("nth")) & (col("day") - col("_day") < within_days) & (col("_other") != col("_visit"))
    )
    other = met.filter(col("_office") != col("office"))
    last = other.group_by("nth").agg(_nth=col("_nth").max())
    named = other.join(last, on=["nth", "_nth"], how="inner").select("nth", other_seq=col("_seq"))
    held = met.select("nth", "_nth", "_office", "_other").join(named.select("nth"), on="nth", how="semi")
    own = visits.join(named.select("nth"), on="nth", how="semi")
    own = own.select("nth", _nth=col("nth"), _office=col("office"), _other=col("_visit"))
    all_ = concat([held, own], how="vertical")
    chain = strung(all_, ("nth",), "_office", order="_nth", into="chain")
    counted = all_.group_by("nth").agg(visits=col("_other").n_unique().cast(Int64))
    rows = visits.join(named, on="nth", how="inner").join(chain, on="nth", how="inner")
    return rows.join(counted, on="nth", how="inner").with_columns(
        variant=lit("repeated"), allowed=lit(None, dtype=Int64)
    )


def _beyond(log: Log, visits: Frame) -> Frame:
    """Every visit beyond the cap of its span; the lowest cap of equal spans counts."""
    caps = log.of("inspection-cap-set").filter(~col("cap").is_null() & ~col("from_on").is_null())
    caps = caps.with_columns(until_on=coalesce("until_on", lit(2**31)).cast(Int64))
    caps = caps.group_by("subject", "from_on", "until_on").agg(allowed=col("cap").min())
    first = visits.filter(col("_visit") == col("nth"))
    met = first.join(caps, on="subject", how="inner")
    met = met.filter((col("day") >= col("from_on")) & (col("day") <= col("until_on"))).with_columns(_one=lit(1))
    met = met.with_columns(
        visits=col("_one").cum_sum().over("subject", "from_on", "until_on", order_by="nth").cast(Int64)
    )
    met = met.filter(col("visits") > col("allowed"))
    tightest = met.group_by("nth").agg(allowed=col("allowed").min(), visits=col("visits").max())
    rows = visits.join(tightest, on="nth", how="inner")
    return rows.with_columns(variant=lit("beyond-cap"), other_seq=lit(None, dtype=Int64), chain=lit(None, dtype=String))
