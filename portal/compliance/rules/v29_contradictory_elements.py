"""What is published of an item does not contradict itself (事项要素矛盾).

A promise is not longer than the law's limit; the number of the promise is the number of its explanation (66 days beside
“20个工作日”); nothing is missing that must be there; the basis stands. Two limits in different units contradict each
other only where no calendar can reconcile them. A draft is in force nowhere and is not judged. It is a notice at first,
and a yellow card when it stood for a month; publishing the same fault anew does not begin the month anew.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, col, concat_str, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import has_member
from portal.compliance.log.others import nobody
from portal.compliance.rule import Parameter, Rule, Scope

NEVER = 2**40
MANDATORY = {
    "name": N_("name"),
    "basis": N_("legal basis"),
    "conditions": N_("conditions"),
    "materials": N_("materials"),
    "limits": N_("time limits"),
    "fees": N_("fees"),
    "consult-phone": N_("telephone for questions"),
    "complaint-phone": N_("telephone for complaints"),
    "remedies": N_("review and court"),
}
FAULTS = {
    "promise-too-long": N_("the promise is longer than the statutory limit"),
    "explanation-differs": N_("the number of the promise is not that of its explanation"),
    "element-missing": N_("something is missing"),
    "basis-expired": N_("its basis no longer holds"),
}

RULE = Rule(
    "V29",
    title=N_("Published elements contradict each other"),
    sentence={
        "missing": N_("In force since %(since_on)s: %(faults)s. Missing: %(missing)s."),
        "plain": N_("In force since %(since_on)s: %(faults)s."),
    },
    sources=(LegalSource("优化营商环境条例", "第三十五条、第三十六条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.CASE,
    needs=("elements-published",),
    begins_with=("elements-published",),
    parameters={"yellow_after": Parameter(30)},
    words={**MANDATORY, **FAULTS},
)


@RULE.check
def contradictory(log: Log, yellow_after: int) -> Frame:
    """One finding for each unbroken row of versions at fault; the last of them is told."""
    rows = log.settle(_faulty(_versions(log), log.as_of.day))
    by = ("subject", "_run")
    wrong = rows.filter(col("_is_wrong") == 1)
    runs = wrong.group_by(*by).agg(
        first_seq=col("seq").min(), last_seq=col("seq").max(), since_on=col("_began").min(), _end=col("_end").max(),
        _place=col("_place").max(),
    )  # fmt: skip
    told = wrong.select(*by, "_place", "office", "faults", "missing")
    runs = runs.join(told, on=[*by, "_place"], how="inner")
    ended = min_horizontal("_end", lit(log.as_of.day))
    old = ended - col("since_on") > yellow_after
    return runs.select(
        "subject", "first_seq", "last_seq", "office", "since_on", "faults", "missing",
        severity=when(old).then(lit("yellow")).otherwise(lit("notice")), post=nobody(), actor=nobody(),
        on=col("since_on"), is_open=(col("_end") > log.as_of.day).cast(Int64),
        variant=when(col("missing") == "").then(lit("plain")).otherwise(lit("missing")),
        cured_on=when(col("_end") <= log.as_of.day).then("_end"),
    )  # fmt: skip


def _versions(log: Log) -> Frame:
    """Versions that came into force, in their order (``_place``), each until its end: the next one, or a withdrawal."""
    rows = log.of("elements-published").filter(~col("from_on").is_null() & (col("from_on") <= log.as_of.day))
    last = rows.group_by("subject", "from_on").agg(nth=col("nth").max()).select("nth")  # of one day, the last word
    rows = rows.join(last, on="nth", how="semi").with_columns(_one=lit(1).cast(Int64))
    rows = rows.with_columns(
        _next=col("from_on").shift(-1).over("subject", order_by="from_on"),
        _place=col("_one").cum_sum().over("subject", order_by="from_on"),
    )
    gone = log.of("elements-withdrawn").select("subject", _gone=col("day"))
    met = rows.select("nth", "subject", "from_on").join(gone, on="subject", how="inner")
    first = met.filter(col("_gone") >= col("from_on")).group_by("nth").agg(col("_gone").min())
    rows = rows.join(first, on="nth", how="left")
    end = min_horizontal(*(col(name).fill_null(NEVER) for name in ("_next", "_gone", "until_on")))
    return rows.with_columns(_end=end.cast(Int64)).filter(col("_end") > col("from_on"))


def _faulty(rows: Frame, today: int) -> Frame:
    """Add ``faults``, ``missing``, ``_is_wrong``, ``_began`` and ``_run``: the row of versions that it is in."""
    p, s = col("promised_n"), col("statutory_n")
    same = col("promised_unit") == col("statutory_unit")
    in_days = (col("promised_unit") == "working-day") & (col("statutory_unit") == "calendar-day")
    in_work = (col("promised_unit") == "calendar-day") & (col("statutory_unit") == "working-day")
    # no working day is shorter than a day; and no row of working days, holidays included, takes twice as long and ten
    too_long = (same & (p > s)) | (in_days & (p > s)) | (in_work & (p > 2 * s + 10))
    explained = (p != col("explained_n")) | (col("promised_unit") != col("explained_unit"))
    told = ~col("elements").is_null()
    missing = concat_str(
        *(when(told & ~has_member("elements", name)).then(lit(name)) for name in MANDATORY),
        separator="|", ignore_nulls=True,
    )  # fmt: skip
    rows = rows.with_columns(missing=missing.fill_null(""))
    expired = (col("basis_until_on") < col("_end")) & (col("basis_until_on") <= today)
    rows = rows.with_columns(
        _long=too_long.fill_null(False), _other=explained.fill_null(False), _lacks=(col("missing") != ""),
        _expired=expired.fill_null(False),
    )  # fmt: skip
    at_once = col("_long") | col("_other") | col("_lacks")
    began = when(at_once).then("from_on").otherwise(max_horizontal("from_on", "basis_until_on"))
    faults = zip(FAULTS, ("_long", "_other", "_lacks", "_expired"), strict=True)
    rows = rows.with_columns(
        faults=concat_str(
            *(when(col(flag)).then(lit(name)) for name, flag in faults), separator="|", ignore_nulls=True
        ).fill_null(""),
        _began=began,
        _is_wrong=(at_once | col("_expired")).cast(Int64),
    )
    return rows.with_columns(_right=1 - col("_is_wrong")).with_columns(
        _run=col("_right").cum_sum().over("subject", order_by="from_on")
    )
