"""Who was served leaves a trace: a case, an inquiry, a written refusal; or says himself that he only asked (无痕退件).

The case or inquiry that a served number names must be in the record by the end of the next working day.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, coalesce, col, concat, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

SERVED = "ticket-served"
RECORDED = ("case", "inquiry")
OPENINGS = ("submitted", "received", "inquired")  # by which every case and inquiry begins
OUTCOMES = (*RECORDED, "written-refusal", "information")

RULE = Rule(
    "V52",
    title=N_("Served without a trace"),
    sentence={
        "no-outcome": N_("The number was served, and it is not recorded what came of it."),
        "no-reference": N_("The number was served (%(outcome)s), and no number of what came of it is recorded."),
        "not-found": N_(
            "The number was served (%(outcome)s), but what it names, %(reference)s, was not recorded by %(due_on)s, "
            "within %(within)s."
        ),
        "not-confirmed": N_("The number is said to have been for information only; its holder did not confirm that."),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "首问负责", in_force_from=date(2015, 11, 27)),
        LegalSource("行政许可法", "第三十二条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
    ),
    scope=Scope.REFERENCE,
    needs=(SERVED,),
    begins_with=(SERVED,),
    parameters={"within": Parameter(1)},
    amounts={"within": "working-day"},
    words={
        "case": N_("case"),
        "inquiry": N_("inquiry"),
        "written-refusal": N_("written refusal"),
        "information": N_("information only"),
        "other": N_("something else"),
    },
)


@RULE.check
def traceless(log: Log, within: int) -> Frame:
    served = log.of(SERVED)
    first = served.group_by("subject").agg(nth=col("nth").min()).select("nth")
    rows = served.join(first, on="nth", how="semi")
    named = col("reference").fill_null("").str.strip_chars() != ""
    rows = rows.with_columns(
        outcome=when(col("outcome").is_in(list(OUTCOMES))).then("outcome").otherwise(lit("other")), _named=named
    )
    rows = log.settle(_due(log, _with_first(log, rows), within))
    late = (coalesce("_known_on", lit(log.as_of.day)) > col("due_on")).fill_null(False) & col("_is_beyond").is_null()
    rows = rows.with_columns(variant=_variant(late)).filter(~col("variant").is_null())
    is_late = col("variant") == "not-found"
    return rows.select(
        "subject", "office", "post", "actor", "variant", "outcome", "reference", "due_on", "calendar",
        first_seq=col("seq"), last_seq=coalesce("_known_seq", "seq"), severity=lit("yellow"), on=col("day"),
        is_open=(is_late & col("_known_on").is_null()).cast(Int64),
        is_certain=when(is_late).then(col("is_certain").fill_null(0)).otherwise(lit(1)).cast(Int64),
        within=lit(within).cast(Int64),
    )  # fmt: skip


def _variant(late: Expr) -> Expr:
    outcome = col("outcome")
    heard = col("is_confirmed").fill_null(0) == 1
    missing = (
        when((outcome == "information") & ~heard).then(lit("not-confirmed"))
        .otherwise(when((outcome != "information") & ~col("_named")).then(lit("no-reference")))
    )  # fmt: skip
    lost = when(outcome.is_in(list(RECORDED)) & late).then(lit("not-found"))
    return when(outcome == "other").then(lit("no-outcome")).otherwise(coalesce(missing, lost))


def _with_first(log: Log, rows: Frame) -> Frame:
    """Add ``_known_on`` and ``_known_seq``, the first event of the subject that the number names, if there is one.

    ``_is_beyond``: it lies outside the period asked for, or is a test or a duplicate: it is there, and that is enough.
    """
    whole = col("reference").str.starts_with("case/") | col("reference").str.starts_with("inquiry/")
    own = concat_str(col("outcome"), lit("/"), col("reference").fill_null(""))
    rows = rows.with_columns(_name=when(whole.fill_null(False)).then("reference").otherwise(own))
    spared = log.subjects.filter(col("left_out") == 1).select("name")
    beyond = concat([log.outside.select("name"), spared], how="vertical").select(_name=col("name"), _is_beyond=lit(1))
    rows = rows.join(beyond, on="_name", how="left")
    names = log.subjects.filter(col("sort").is_in(list(RECORDED))).select("subject", _name=col("name"))
    names = names.join(rows.select("_name").unique(), on="_name", how="inner")
    begun = log.events(*OPENINGS).join(names, on="subject", how="inner")
    first = begun.group_by("_name").agg(nth=col("nth").min())
    told = begun.join(first.select("nth"), on="nth", how="semi")
    told = told.select("_name", _known_on=col("day"), _known_seq=col("seq"))
    return rows.join(told, on="_name", how="left")


def _due(log: Log, rows: Frame, within: int) -> Frame:
    """Add ``due_on``, the last of the working days after it was served, and whether that day is settled."""
    rows = log.with_ordinal(log.with_calendar(rows, "day"), "day", "_since")
    rows = log.with_workday(rows.with_columns(_ordinal=col("_since") + within), "_ordinal", "due_on")
    certain = log.calendar.select("calendar", "is_certain", due_on=col("day"))
    return rows.join(certain, on=["calendar", "due_on"], how="left")
