"""What takes two people is not done by one (自批自审、单人核查).

Who accepted a matter of social insurance does not decide it too, since its review goes by grades (社会保险经办条例
第三十七条); what is decided on the day it was accepted as an instant case is none of these. Before that regulation one
hand was allowed, and nothing is said. What must be looked at on the spot for a permit is looked at by two
(行政许可法 第三十四条第三款); one and the same name twice is one person.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import members
from portal.compliance.log.pauses import NOT_STAFF
from portal.compliance.rule import Parameter, Rule, Scope

GRADED_FROM = date(2023, 12, 1)
EPOCH = date(1970, 1, 1)
ACCEPTANCES = ("accepted", "tolerantly-accepted", "promise-accepted")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "inspectors", "allowed",
)  # fmt: skip

RULE = Rule(
    "V31",
    title=N_("One person did the part of two"),
    sentence={
        "same-hand": N_("The person who accepted the matter decided it too."),
        "alone": N_("Fewer people than the law asks for looked at it on the spot: %(inspectors)s of %(allowed)s."),
    },
    sources=(
        LegalSource("行政许可法", "第三十四条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
        LegalSource("社会保险经办条例", "第三十七条", item_types=("benefit",), in_force_from=GRADED_FROM),
    ),
    scope=Scope.CASE,
    needs=("decided",),
    begins_with=("decided", "site-checked"),
    parameters={"two": Parameter(2, "行政许可法 第三十四条")},
)


@RULE.check
def alone(log: Log, two: int) -> Frame:
    parts = [_same_hand(log), _checked_alone(log, two)]
    return concat([_found(part) for part in parts], how="vertical")


def _found(rows: Frame) -> Frame:
    """Whoever sends one person where two are needed is the office: nobody is named."""
    nobody = lit(None, dtype=String)
    rows = rows.with_columns(severity=lit("yellow"), post=nobody, actor=nobody, on=col("day"))
    return rows.with_columns(col("inspectors").cast(Int64), col("allowed").cast(Int64)).select(*COLUMNS)


def _of_type(log: Log, rows: Frame, item_type: str) -> Frame:
    return rows.join(log.subjects.filter(col("item_type") == item_type).select("subject"), on="subject", how="semi")


def _same_hand(log: Log) -> Frame:
    """The last decision of a case by the person of the last acceptance before it; what the portal does is nobody's."""
    rows = log.events("decided").filter(col("day") >= (GRADED_FROM - EPOCH).days)
    rows = _of_type(log, rows.filter(~col("role").fill_null("").is_in(list(NOT_STAFF))), "benefit")
    final = rows.group_by("subject").agg(nth=col("nth").max()).select("nth")
    rows = log.cut(rows.join(final, on="nth", how="semi"))
    taken = log.events(*ACCEPTANCES).select("subject", "actor", _nth=col("nth"), _day=col("day"), _seq=col("seq"))
    met = rows.select("subject", "nth").join(taken.select("subject", "_nth"), on="subject", how="inner")
    last = met.filter(col("_nth") < col("nth")).group_by("nth").agg(_nth=col("_nth").max())
    met = rows.join(last, on="nth", how="inner").join(taken, on=["subject", "_nth", "actor"], how="inner")
    instant = log.of("accepted").filter(col("is_instant").fill_null(0) == 1).select(_nth=col("nth"), day=col("day"))
    met = met.join(instant, on=["_nth", "day"], how="anti")
    nothing = lit(None, dtype=Int64)
    return met.with_columns(
        first_seq=col("_seq"), last_seq=col("seq"), variant=lit("same-hand"), inspectors=nothing, allowed=nothing
    )


def _checked_alone(log: Log, two: int) -> Frame:
    """Checks on the spot that name fewer people; a check that names none was made by whoever wrote it down."""
    rows = _of_type(log, log.of("site-checked"), "permit")
    people = members(rows.select("nth", "inspectors"), "inspectors")
    named = people.group_by("nth").agg(_n=col("inspectors").n_unique())
    rows = rows.drop("inspectors").join(named, on="nth", how="left")
    rows = rows.with_columns(inspectors=col("_n").fill_null(1)).filter(col("inspectors") < two)
    return rows.with_columns(first_seq=col("seq"), last_seq=col("seq"), variant=lit("alone"), allowed=lit(two))
