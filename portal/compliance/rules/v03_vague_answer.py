"""An answer says which matter it is, on what conditions, with which papers, by when and where (一次性告知)."""

from __future__ import annotations

from datetime import date

from narwhals import Expr, col, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.inquiries import answers
from portal.compliance.rule import Rule, Scope

SAID = ("outcome", "covers", "cited_version", "right_authority")  # what two answers are compared by

RULE = Rule(
    "V03",
    title=N_("Vague answer"),
    sentence={
        "incomplete": N_("The answer of %(answered_on)s left out: %(missing)s."),
        "unclear": N_(
            "The asker found the answer of %(answered_on)s unclear, and the next one, of %(again_on)s, said something "
            "else. Left out at first: %(missing)s."
        ),
    },
    sources=(
        LegalSource("行政许可法", "第三十条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "一次性告知", in_force_from=date(2015, 11, 27)),
    ),
    scope=Scope.CASE,
    begins_with=("inquiry-answered",),
    needs=("inquiry-answered",),
    words={
        "item": N_("which matter it is"),
        "conditions": N_("the conditions"),
        "materials": N_("the papers needed"),
        "limit": N_("the time it takes"),
        "place": N_("where to go"),
        "stale": N_("the version in force"),
        "": N_("nothing"),
    },
)


@RULE.check
def vague(log: Log) -> Frame:
    """What is left out is a notice; it is yellow when the asker found it unclear and then was told something else."""
    answered = answers(log).filter((col("outcome") == "answered") & (col("is_chat") == 0))
    rows = _answered_again(log, answered)
    is_other = ~col("_next_seq").is_null()
    return (
        rows.filter((col("missing") != "") | is_other)
        .with_columns(
            first_seq=col("seq"),
            last_seq=when(is_other).then("_next_seq").otherwise("seq"),
            severity=when(is_other).then(lit("yellow")).otherwise(lit("notice")),
            variant=when(is_other).then(lit("unclear")).otherwise(lit("incomplete")),
            on=col("day"),
            answered_on=col("day"),
            again_on=col("_next_day"),
        )
        .select(
            "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "missing",
            "answered_on", "again_on",
        )
    )  # fmt: skip


def _answered_again(log: Log, answered: Frame) -> Frame:
    """Add ``_next_seq`` and ``_next_day``: the next answer, after the asker's doubt, if it says something else.

    The doubt is the asker's: a mark by the one who answered is none.
    """
    rows = log.following(answered, "inquiry-marked-unclear", "inquiry-answered", prefix="mark")
    doubted = rows.filter((col("mark_kind") == "inquiry-marked-unclear") & (col("mark_actor") != col("actor")))
    doubted = doubted.select("subject", "nth", "mark_nth", **{f"_{name}": _told(name) for name in SAID})
    second = log.following(doubted, "inquiry-answered", after="mark_nth", prefix="next")
    said = answers(log).select(next_nth=col("nth"), **{f"_next_{name}": _told(name) for name in SAID})
    second = second.join(said, on="next_nth", how="inner")
    differs = lit(0)
    for name in SAID:
        differs = when(col(f"_{name}") != col(f"_next_{name}")).then(lit(1)).otherwise(differs)
    other = second.filter(differs == 1).select("nth", _next_seq=col("next_seq"), _next_day=col("next_day"))
    return answered.join(other, on="nth", how="left")


def _told(name: str) -> Expr:
    return col(name).fill_null("")
