"""The clock is stopped only by a special procedure of the law, told in writing with its days (特别程序滥用)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import PAUSE_TYPES, Frame, Log, spans
from portal.compliance.log.narrowing import narrowed
from portal.compliance.rule import Parameter, Rule, Scope

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")
CLOCKS = {"feedback": ("received", "delivered"), "decide": (ACCEPTANCES, "decided")}

RULE = Rule(
    "V13",
    title=N_("Special procedure misused"),
    sentence={
        "type": N_(
            "The clock was stopped for “%(pause_type)s”, which is no special procedure of the law. Faults: %(faults)s."
        ),
        "no-notice": N_(
            "The clock was stopped on %(from_on)s (%(pause_type)s) without a written notice of the days needed. "
            "Faults: %(faults)s."
        ),
        "longer-than-declared": N_(
            "The clock was stopped (%(pause_type)s) for %(actual)s; declared: %(declared)s. Faults: %(faults)s."
        ),
        "hearing-too-long": N_("A hearing was to take %(declared)s, where the law gives 20. Faults: %(faults)s."),
        "after-limit": N_(
            "The clock was stopped from %(from_on)s (%(pause_type)s), when the limit had already run out on "
            "%(due_on)s. Faults: %(faults)s."
        ),
        "type-used-up": N_(
            "With this one the clock was stopped for “%(pause_type)s” for %(of_type)s in all; allowed: "
            "%(type_allowed)s. Faults: %(faults)s."
        ),
        "total-used-up": N_(
            "With this one (%(pause_type)s) the clock was stopped for %(in_all)s in all; allowed: "
            "%(all_allowed)s. Faults: %(faults)s."
        ),
    },
    sources=(
        LegalSource("行政许可法", "第四十五条、第四十七条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
    ),
    scope=Scope.CASE,
    begins_with=("paused",),
    needs=("paused",),
    parameters={
        "hearing_days": Parameter(20, "行政许可法 第四十七条"),
        "type_days": Parameter(60),  # of one kind, where the item states no longest time
        "total_days": Parameter(90),  # of all kinds, where the item states none for one of them
    },
    amounts=dict.fromkeys(("declared", "actual", "of_type", "type_allowed", "in_all", "all_allowed"), "working-day"),
    words={
        "type": N_("kind not allowed"),
        "no-notice": N_("no written notice"),
        "longer-than-declared": N_("longer than declared"),
        "hearing-too-long": N_("hearing too long"),
        "after-limit": N_("after the limit"),
        "type-used-up": N_("too long in all for its kind"),
        "total-used-up": N_("too long in all"),
        "hearing": N_("hearing"),
        "tender": N_("tender"),
        "auction": N_("auction"),
        "inspection": N_("inspection"),
        "test": N_("test"),
        "quarantine": N_("quarantine"),
        "appraisal": N_("appraisal"),
        "expert-review": N_("expert review"),
        "site-survey": N_("site survey"),
        "technical-review": N_("technical review"),
        "third-party-consultation": N_("consulting a third party"),
    },
)


@RULE.check
def misused(log: Log, hearing_days: int, type_days: int, total_days: int) -> Frame:
    """Each pause by itself and with those before it; ``due_without_on`` is the due date as if nothing was paused."""
    log = narrowed(log, log.of("paused"))
    rows = log.settle(_summed(log, log.settle(_measured(log)), hearing_days, type_days, total_days))
    rows = _limits(log, rows)
    found = {
        "type": col("is_known") == 0,
        "no-notice": col("notice_no").is_null() | col("days").is_null() | (col("days") <= 0),
        "longer-than-declared": col("actual") > col("days"),
        "hearing-too-long": (col("pause_type") == "hearing") & (col("days") > hearing_days),
        "after-limit": col("from_on") > col("due_on"),
        "type-used-up": (col("of_type") > col("type_allowed"))
        & ((col("_turn_of_type") > 1) | ~col("longest").is_null()),
        "total-used-up": (col("in_all") > col("all_allowed")) & (col("_turn") > 1),
    }
    rows = rows.with_columns(**{f"_{name}": flag.fill_null(False) for name, flag in found.items()})
    rows = rows.with_columns(
        faults=concat_str(*(when(col(f"_{name}")).then(lit(name)) for name in found), separator="|", ignore_nulls=True),
        variant=coalesce(*(when(col(f"_{name}")).then(lit(name)) for name in found)),
    )
    return (
        rows.filter(~col("variant").is_null())
        .with_columns(severity=lit("red"), on=col("day"), declared=col("days"), first_seq=col("seq"))
        .select(
            "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "faults",
            "pause_type", "approved_by", "declared", "actual", "from_on", "until_on", "due_on", "due_without_on",
            "of_type", "type_allowed", "in_all", "all_allowed",
        )
    )  # fmt: skip


def _measured(log: Log) -> Frame:
    """Pauses with ``until_on`` (null while nobody resumed), ``actual`` working days and ``is_known``."""
    ends = log.of("resumed").select(stop_nth=col("nth"), until_on=col("until_on"))
    rows = log.following(log.of("paused"), "resumed").join(ends, on="stop_nth", how="left")
    rows = rows.with_columns(
        from_on=coalesce("from_on", "day"),
        until_on=coalesce("until_on", "stop_day"),
        last_seq=coalesce("stop_seq", "seq"),
        _known_on=coalesce("stop_day", lit(log.as_of.day)).cast(Int64),
    )
    rows = log.with_calendar(rows.with_columns(_eve=col("from_on") - 1), "_known_on")
    rows = log.with_workdays(rows, "_eve", "until_on", "actual", pausing=False)
    rows = rows.with_columns(actual=when(~col("until_on").is_null()).then("actual"))
    allowed = log.pause_types.select("item_version", "pause_type", "longest", _own=lit(1)).unique()
    rows = rows.join(allowed, on=["item_version", "pause_type"], how="left")
    known = col("pause_type").is_in(list(PAUSE_TYPES)) | (col("_own") == 1)
    return rows.with_columns(is_known=known.fill_null(False).cast(Int64))


def _summed(log: Log, rows: Frame, hearing_days: int, type_days: int, total_days: int) -> Frame:
    """Add what pauses took, with all before them: ``of_type`` of this kind and ``in_all``, and how much was allowed.

    A pause takes the days it lasted, while it lasts those declared. In total an item allows the sum of its longest
    times; where one of those it knows is not stated, and wherever no item states any, the number is ours.
    """
    usual = when(col("pause_type") == "hearing").then(lit(hearing_days)).otherwise(lit(type_days))
    rows = rows.with_columns(
        _took=coalesce("actual", "days", lit(0)), _one=lit(1).cast(Int64), type_allowed=coalesce("longest", usual)
    )
    sums = log.pause_types.group_by("item_version").agg(
        _known=col("longest").count(), _types=col("pause_type").count(), _sum=col("longest").sum()
    )
    whole = sums.filter(col("_known") == col("_types")).select("item_version", "_sum")
    return rows.join(whole, on="item_version", how="left").with_columns(
        of_type=col("_took").cum_sum().over("subject", "pause_type", order_by="nth"),
        in_all=col("_took").cum_sum().over("subject", order_by="nth"),
        _turn_of_type=col("_one").cum_sum().over("subject", "pause_type", order_by="nth"),
        _turn=col("_one").cum_sum().over("subject", order_by="nth"),
        all_allowed=coalesce("_sum", lit(total_days)),
    )


def _limits(log: Log, rows: Frame) -> Frame:
    """Add the due date of the clock that ran when the pause began, and the due date without any pause.

    The law's limit where the item states one, else the promised; of several clocks the one that ran out first.
    """
    parts = [_running(log, clock) for clock in CLOCKS if clock in log.clocks]
    if not parts:
        none = lit(None, dtype=Int64)
        return rows.with_columns(due_on=none, due_without_on=none)
    clocks = concat(parts, how="vertical")
    met = (
        rows.select("subject", "seq", "at")
        .join(clocks, on="subject", how="inner")
        .filter((col("start_at") <= col("at")) & (col("ended_at") >= col("at")))
        .group_by("subject", "seq")
        .agg(col("due_on").min(), col("due_without_on").min())
    )
    return rows.join(met, on=["subject", "seq"], how="left")


def _running(log: Log, clock: str) -> Frame:
    keys = ["subject", "first_seq", "leg"]
    by_law, promised = (_dues(log, clock, standard) for standard in ("statutory", "promised"))
    rest = promised.join(by_law.select(*keys), on=keys, how="anti")
    return concat([by_law, rest], how="vertical").select("subject", "start_at", "ended_at", "due_on", "due_without_on")


def _dues(log: Log, clock: str, standard: str) -> Frame:
    start, stop = CLOCKS[clock]
    keys = ["subject", "first_seq", "leg"]
    columns = [*keys, "start_at", "ended_at", "due_on"]
    rows = spans(log, start=start, stop=stop, limit=clock, standard=standard, reopening=True)
    plain = spans(log, start=start, stop=stop, limit=clock, standard=standard, reopening=True, pausing=False)
    plain = log.settle(plain.select(*keys, due_without_on=col("due_on")))
    return log.settle(log.settle(rows.select(*columns)).join(plain, on=keys, how="left"))
