"""A first, minor offence that was put right in time is not fined, and no measure is harsher than needed (应免罚未免).

Judged by the list in force on the day of the decision: an act that a later version names was rightly fined before it.
First is what was not found of the same firm in the two years before, and known then: an earlier offence that is written
down afterwards makes no repeat. Harm counts when another office noted it before the decision. What would have been
enough is for a reviewer of another office to say. Revoking the penalty cures it and does not undo the finding.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, String, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import members
from portal.compliance.rule import Parameter, Rule, Scope

MEASURES = ("education", "warning", "fine", "confiscation", "suspension", "revocation")  # from mild to harsh
FINE = MEASURES.index("fine")
OFFENCE = ["subject", "offence"]

RULE = Rule(
    "V40",
    title=N_("Fined although the list of leniency spares it"),
    sentence={
        "listed": N_(
            "The act %(act)s stood on the list of what is not fined, was the first in two years and put right in time "
            "(%(corrected_on)s); the measure was all the same: %(measure)s."
        ),
        "harsher": N_("The measure was harsher than needed: %(measure)s; adequate was: %(mildest)s."),
    },
    sources=(
        LegalSource("优化营商环境条例", "第五十九条、第六十条", in_force_from=date(2020, 1, 1)),
        # the wording of 2017, which the list of the province stood beside
        LegalSource("行政处罚法（2017年修正）", "第二十七条", in_force_from=date(2018, 1, 1), until=date(2021, 7, 15)),
        LegalSource("行政处罚法", "第三十三条", in_force_from=date(2021, 7, 15)),
    ),
    scope=Scope.CASE,
    needs=("penalised", "offence-found"),
    begins_with=("penalised",),
    parameters={"first_days": Parameter(730)},
    words={
        "education": N_("instruction"),
        "warning": N_("warning"),
        "fine": N_("fine"),
        "confiscation": N_("confiscation"),
        "suspension": N_("suspension of business"),
        "revocation": N_("revocation of the licence"),
    },
)


@RULE.check
def withheld(log: Log, first_days: int) -> Frame:
    found = _found(log)
    rows = log.of("penalised").with_columns(_rank=_rank("measure"))
    rows = rows.join(found.drop("nth"), on=OFFENCE, how="inner")
    rows = log.settle(rows)
    listed = _first(found, _listed(log, _harmless(log, _corrected(log, rows))), first_days)
    listed = log.cut(listed.with_columns(variant=lit("listed"), mildest=lit(None, dtype=String)))
    harsher = _harsher(log, rows).join(listed.select("nth"), on="nth", how="anti")
    names = ("subject", "nth", "seq", "day", "office", "post", "offence", "act", "measure", "variant", "mildest")
    both = [listed.select(*names, "corrected_on"), harsher.with_columns(corrected_on=lit(None, dtype=Int64))]
    rows = concat([part.select(*names, "corrected_on") for part in both], how="vertical")
    rows = rows.join(_revoked(log), on=OFFENCE, how="left")
    return rows.select(
        "subject", "office", "post", "variant", "act", "measure", "mildest", "corrected_on", "cured_on",
        first_seq=col("seq"), last_seq=max_horizontal("seq", coalesce("_revoked_seq", "seq")),
        severity=lit("yellow"), actor=lit(None, dtype=String), on=col("day"),
    )  # fmt: skip


def _rank(column: str) -> Expr:
    rank = lit(None, dtype=Int64)
    for number, measure in enumerate(MEASURES):
        rank = when(col(column) == measure).then(lit(number)).otherwise(rank)
    return rank


def _found(log: Log) -> Frame:
    """One row per offence, as it was first written down."""
    rows = log.of("offence-found").filter(~col("offence").is_null() & ~col("act").is_null())
    first = rows.group_by(*OFFENCE).agg(nth=col("nth").min()).select("nth")
    return log.cut(rows.join(first, on="nth", how="semi").select(
        *OFFENCE, "act", "correct_by_on", "nth", _found_nth=col("nth"), _found_on=col("day"), _found_at=col("at"),
        _noted_at=col("recorded_at"),
    ))  # fmt: skip


def _corrected(log: Log, rows: Frame) -> Frame:
    """Fined offences that were put right by the day named, or before the decision where none was named."""
    mended = log.of("offence-corrected").select(*OFFENCE, corrected_on=col("day"), _mended=col("nth"))
    met = rows.filter(col("_rank") >= FINE).join(mended, on=OFFENCE, how="inner")
    by_its_day = (col("corrected_on") <= col("correct_by_on")).fill_null(False)
    before = col("correct_by_on").is_null() & (col("_mended") < col("nth"))
    met = met.filter(by_its_day | before)
    first = met.group_by("nth").agg(_mended=col("_mended").min())
    return log.cut(met.join(first, on=["nth", "_mended"], how="inner"))


def _harmless(log: Log, rows: Frame) -> Frame:
    harm = log.of("harm-noted").select(*OFFENCE, _by=col("actor"), _office=col("office"), _harm=col("nth"))
    met = rows.select("nth", *OFFENCE, "actor", "office").join(harm, on=OFFENCE, how="inner")
    is_other = (col("_by") != col("actor")) & (col("_office") != col("office")).fill_null(False)
    met = met.filter((col("_harm") < col("nth")) & is_other)
    return rows.join(met.select("nth").unique(), on="nth", how="anti")


def _listed(log: Log, rows: Frame) -> Frame:
    """Acts that a list of the place named in the version in force on the day of the decision."""
    lists = log.of("leniency-listed").filter(~col("from_on").is_null())
    lists = log.cut(lists.select("from_on", "acts", _list=col("subject"), _area=col("area").fill_null("")))
    whole = log.subjects.select("subject", _place=col("area").fill_null(""))
    placed = rows.select("nth", "subject", "day", "act").join(whole, on="subject", how="left")
    keys = (lit(""), col("_place").str.slice(0, 2), col("_place").str.slice(0, 4), col("_place"))
    areas = concat([placed.select("nth", "day", "act", _area=key) for key in keys], how="vertical").unique()
    met = areas.join(lists, on="_area", how="inner").filter(col("from_on") <= col("day"))
    newest = met.group_by("nth", "_list").agg(from_on=col("from_on").max())
    met = members(met.join(newest, on=["nth", "_list", "from_on"], how="inner"), "acts")
    return log.cut(rows.join(met.filter(col("acts") == col("act")).select("nth").unique(), on="nth", how="semi"))


def _first(found: Frame, rows: Frame, first_days: int) -> Frame:
    earlier = found.select("subject", "act", _before=col("_found_nth"), _on=col("_found_on"), _noted=col("_noted_at"))
    facts = rows.select("nth", "subject", "act", "_found_nth", "_found_on", "_found_at")
    met = facts.join(earlier, on=["subject", "act"], how="inner").filter(
        (col("_before") < col("_found_nth"))
        & (col("_found_on") - col("_on") <= first_days)
        & (coalesce("_noted", "_found_at") <= col("_found_at"))
    )
    return rows.join(met.select("nth").unique(), on="nth", how="anti")


def _harsher(log: Log, rows: Frame) -> Frame:
    """Measures of which a reviewer of another office said that a milder one would have been enough."""
    reviews = log.of("measure-reviewed").with_columns(_enough=_rank("mildest"))
    reviews = reviews.select(*OFFENCE, "mildest", "_enough", _by=col("actor"), _office=col("office"))
    met = rows.join(reviews, on=OFFENCE, how="inner")
    is_other = (col("_by") != col("actor")) & (col("_office") != col("office")).fill_null(False)
    met = met.filter((col("_enough") < col("_rank")) & is_other)
    mildest = met.group_by("nth").agg(_enough=col("_enough").min())
    met = met.join(mildest, on=["nth", "_enough"], how="inner").drop("_by", "_office").unique()
    return log.cut(met.with_columns(variant=lit("harsher")))


def _revoked(log: Log) -> Frame:
    rows = log.of("penalty-revoked").group_by(*OFFENCE)
    return rows.agg(cured_on=col("day").min(), _revoked_seq=col("seq").min())
