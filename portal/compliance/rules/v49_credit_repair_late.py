"""A credit entry that is to be put right is off the list and passed on within three working days (信用修复不及时).

It is also late when a page still shows it after that, whoever shows it: an entry that was removed and is seen again was
not removed. A decision that the authority itself took back leaves nothing to remove.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.deadlines import within_workdays
from portal.compliance.rule import Parameter, Rule, Scope

DECIDED, REMOVED, SEEN = "credit-repair-decided", "credit-entry-removed", "credit-entry-seen"

RULE = Rule(
    "V49",
    title=N_("Credit record not put right in time"),
    sentence={
        "late": N_(
            "The entry was to be off the list and passed on by %(due_on)s; by %(ended_on)s: %(taken)s taken, "
            "%(allowed)s allowed."
        ),
        "still-shown": N_("The entry was to be gone by %(due_on)s and was still shown on %(seen_on)s at %(page)s."),
    },
    sources=(
        # known from an excerpt: the days, not the number of the article
        LegalSource("上海市优化营商环境条例", "信用修复", area="31", in_force_from=date(2020, 4, 10)),
    ),
    scope=Scope.CASE,
    needs=(DECIDED, REMOVED),
    begins_with=(DECIDED,),
    parameters={"within": Parameter(3, "上海市优化营商环境条例")},
    amounts=dict.fromkeys(("taken", "allowed", "overdue"), "working-day"),
)


@RULE.population
def repairs(log: Log, within: int) -> Frame:
    """Decisions that stand, each with the removal, and with the first time that it was seen after its last day."""
    rows = log.of(DECIDED).join(log.first(DECIDED).select("nth"), on="nth", how="semi")
    rows = rows.select(
        "subject", "nth", "day", first_seq=col("seq"), owner=coalesce("owner_office", "office"),
        decider=col("office"), allowed=lit(within).cast(Int64),
    )  # fmt: skip
    back = log.of("credit-repair-revoked").select("subject", decider=col("office"))
    rows = rows.join(back, on=["subject", "decider"], how="anti")
    gone = log.of(REMOVED).select("subject", _gone=col("nth"), ended=col("day"), _end_seq=col("seq"))
    met = rows.select("subject", "nth").join(gone, on="subject", how="inner").filter(col("_gone") > col("nth"))
    first = met.group_by("subject").agg(_gone=col("_gone").min())
    met = met.join(first, on=["subject", "_gone"], how="inner").drop("nth", "_gone")
    rows = within_workdays(log, log.cut(rows.join(met, on="subject", how="left")), "day", "ended")
    return log.cut(_shown(log, rows)).with_columns(is_late=max_horizontal("is_late", "_is_shown"))


def _shown(log: Log, rows: Frame) -> Frame:
    """Add seen_on, page, _seen_seq and _is_shown by the first sight of it after its last day."""
    seen = log.of(SEEN).select("subject", "page", _seen=col("nth"), seen_on=col("day"),
                               _seen_seq=col("seq"))  # fmt: skip
    met = rows.select("subject", "due_on", "nth").join(seen, on="subject", how="inner")
    met = met.filter((col("seen_on") > col("due_on")) & (col("_seen") > col("nth")))
    first = met.group_by("subject").agg(_seen=col("_seen").min())
    met = met.join(first, on=["subject", "_seen"], how="inner").select("subject", "page", "seen_on", "_seen_seq")
    rows = rows.join(met, on="subject", how="left")
    return rows.with_columns(_is_shown=when(~col("seen_on").is_null()).then(lit(1)).otherwise(lit(0)).cast(Int64))


@RULE.check
def late(log: Log, judged: Frame) -> Frame:  # noqa: ARG001 - every rule is asked so
    """The office that keeps the list answers."""
    shown = (col("_is_shown") == 1) & (col("is_open") == 0) & (col("ended_on") <= col("due_on"))
    nobody = lit(None, dtype=String)
    return judged.filter(col("is_late") == 1).select(
        "subject", "first_seq", "calendar", "is_open", "is_certain", "due_on", "ended_on", "taken", "allowed",
        "overdue", "seen_on", "page", severity=lit("yellow"), office=col("owner"), post=nobody, actor=nobody,
        on=col("day"),
        last_seq=max_horizontal("first_seq", coalesce("_end_seq", "first_seq"), coalesce("_seen_seq", "first_seq")),
        variant=when(shown).then(lit("still-shown")).otherwise(lit("late")),
        cured_on=when((col("is_open") == 0) & ~shown).then("ended_on"),
    )  # fmt: skip
