"""Same case, same materials, same guide: the same conclusion (审核结果反复改, 同案不同判).

Opinions are compared within one case, one digest of the materials and one version of the guide, so a re-scan of the
same document starts nothing anew, and new materials do. Identical cases of one office are compared by their decisions.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.narrowing import narrowed
from portal.compliance.rule import Parameter, Rule, Scope

GROUP = ("subject", "_hash", "_guide")
# From worst to best for the applicant; the same scale for opinions and decisions.
RANKS = {"reject": 0, "deny": 0, "correct": 1, "approve": 2, "grant": 2}
OPINION = (
    "subject", "nth", "seq", "day", "at", "office", "post", "actor", "conclusion", "amount_fen", "materials_hash",
    "rule_version",
)  # fmt: skip
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "changes", "opinions",
    "other_seq",
)  # fmt: skip

RULE = Rule(
    "V11",
    title=N_("The outcome of the review kept changing"),
    sentence={
        "changes": N_("On the same materials the outcome kept changing. Opinions: %(opinions)s; changes: %(changes)s."),
        "swing": N_("On the same materials it was approved, rejected and approved again. Opinions: %(opinions)s."),
        "differs": N_(
            "An identical case of the same office was decided otherwise by another reviewer: see event %(other_seq)s."
        ),
    },
    sources=(
        LegalSource("优化营商环境条例", "第三十五条", in_force_from=date(2020, 1, 1)),
        LegalSource("社会保险经办条例", "第三十七条", item_types=("benefit",), in_force_from=date(2023, 12, 1)),
    ),
    scope=Scope.OFFICE,
    begins_with=("reviewed", "decided"),
    needs=("reviewed",),
    parameters={"yellow_from": Parameter(2), "red_from": Parameter(3), "favour_days": Parameter(1)},
)


@RULE.check
def reversed_(log: Log, yellow_from: int, red_from: int, favour_days: int) -> Frame:
    often = narrowed(log, _often_judged(log, yellow_from))
    return concat([_changed(often, yellow_from, red_from, favour_days), _differing(log)], how="vertical")


def _often_judged(log: Log, changes: int) -> Frame:
    """Only a case with more opinions than that can have changed so often."""
    given = log.events("reviewed", "decided").group_by("subject").agg(_n=col("seq").count())
    return given.filter(col("_n") > changes)


def _changed(log: Log, yellow_from: int, red_from: int, favour_days: int) -> Frame:
    """Per case, materials and guide: how often the outcome changed, and whether it swung back to approval."""
    rows = _compared(_opinions(log)).filter(col("_differs") == 1)
    counted = _uncorrected(log, rows, favour_days)
    totals = counted.group_by(*GROUP).agg(
        changes=col("_differs").sum().cast(Int64), _swings=col("_swings").sum().cast(Int64), nth=col("nth").max()
    )
    totals = totals.filter(col("changes") >= yellow_from)
    every = (
        _opinions(log)
        .group_by(*GROUP)
        .agg(opinions=col("seq").count().cast(Int64), first_seq=col("seq").min(), on=col("day").min())
    )
    found = totals.join(every, on=list(GROUP), how="inner")
    last = counted.select("nth", "office", "post", "actor", last_seq=col("seq"))
    grave = (col("changes") >= red_from) | (col("_swings") > 0)
    return found.join(last, on="nth", how="inner").with_columns(
        severity=when(grave).then(lit("red")).otherwise(lit("yellow")),
        variant=when(col("_swings") > 0).then(lit("swing")).otherwise(lit("changes")),
        other_seq=lit(None, dtype=Int64),
    ).select(*COLUMNS)  # fmt: skip


def _opinions(log: Log) -> Frame:
    """Opinions and decisions in one form: ``_rank`` of the outcome, nulls of the group keys filled."""
    reviewed = log.of("reviewed").select(*OPINION, "demands", _favour=col("is_in_favour").fill_null(0))
    decided = log.of("decided").select(*OPINION, demands=lit(None, dtype=String), _favour=lit(1).cast(Int64))
    rank = lit(None, dtype=Int64)
    for conclusion, value in RANKS.items():
        rank = when(col("conclusion") == conclusion).then(lit(value)).otherwise(rank)
    rows = concat([reviewed, decided], how="vertical").with_columns(_rank=rank.cast(Int64))
    return rows.filter(~col("_rank").is_null()).with_columns(
        _hash=col("materials_hash").fill_null(""), _guide=col("rule_version").fill_null("")
    )


def _compared(rows: Frame) -> Frame:
    """Add what the opinion before said, ``_differs`` and ``_swings``; what one of the two leaves open is no change."""
    before = {
        f"_was{step}_{name}": col(name).shift(step).over(*GROUP, order_by="nth")
        for name, steps in {"_rank": (1, 2), "amount_fen": (1,), "demands": (1,), "day": (1,)}.items()
        for step in steps
    }
    rows = rows.with_columns(**before)
    differs = when(col("_was1__rank").is_null()).then(lit(0))
    for name in ("_rank", "amount_fen", "demands"):
        changed = (col(name) != col(f"_was1_{name}")).fill_null(False)
        differs = differs.when(changed).then(lit(1))
    swings = (col("_rank") == RANKS["approve"]) & (col("_was1__rank") == 0) & (col("_was2__rank") == RANKS["approve"])
    return rows.with_columns(
        _differs=differs.otherwise(lit(0)).cast(Int64), _swings=when(swings).then(lit(1)).otherwise(lit(0)).cast(Int64)
    )


def _uncorrected(log: Log, rows: Frame, favour_days: int) -> Frame:
    """Leave out the first change of each group that mends, within the days, an opinion in the applicant's favour.

    It must favour the applicant in fact, not only by its flag: no worse outcome, no smaller sum.
    """
    rows = log.with_workdays(log.with_calendar(rows, "day"), "_was1_day", "day", "_lag", pausing=False)
    better = (col("_rank") > col("_was1__rank")) | (col("amount_fen") > col("_was1_amount_fen")).fill_null(False)
    no_worse = (col("_rank") >= col("_was1__rank")) & ((col("amount_fen") >= col("_was1_amount_fen")).fill_null(True))
    mended = (col("_favour") == 1) & better & no_worse & (col("_lag") <= favour_days)
    rows = rows.with_columns(_mends=when(mended).then(lit(1)).otherwise(lit(0)).cast(Int64))
    once = rows.filter(col("_mends") == 1).group_by(*GROUP).agg(nth=col("nth").min()).select("nth")
    return rows.join(once, on="nth", how="anti")


def _differing(log: Log) -> Frame:
    """Decisions on identical cases (office, item version, situation, materials, guide), by different people."""
    shared = log.of("decided").group_by("materials_hash").agg(_n=col("seq").count()).filter(col("_n") > 1)
    log = narrowed(log, log.of("decided").join(shared, on="materials_hash", how="semi"))
    last = log.last("decided").select("nth")
    pinned = log.subjects.select("subject", "situation", _version=col("item_version"))
    rows = log.of("decided").join(last, on="nth", how="semi").join(pinned, on="subject", how="left")
    rows = rows.filter(~col("materials_hash").is_null() & ~col("rule_version").is_null() & ~col("office").is_null())
    rows = rows.with_columns(_situation=col("situation").fill_null(""), _item=col("_version").fill_null(""))
    alike = ["office", "_item", "_situation", "materials_hash", "rule_version"]
    facts = ("subject", "seq", "actor", "conclusion", "amount_fen")
    rows = rows.with_columns(**{f"_was_{name}": col(name).shift(1).over(*alike, order_by="nth") for name in facts})
    other = (col("_was_subject") != col("subject")) & (col("_was_actor") != col("actor"))
    sums = (col("amount_fen") != col("_was_amount_fen")).fill_null(False)
    found = rows.filter(other & ((col("conclusion") != col("_was_conclusion")) | sums))
    return found.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), severity=lit("yellow"), on=col("day"), variant=lit("differs"),
        changes=lit(1).cast(Int64), opinions=lit(2).cast(Int64), other_seq=col("_was_seq"),
    ).select(*COLUMNS)  # fmt: skip
