"""Nobody waits for more than an hour, and nine of ten not for more than half an hour (等候超时).

Judged in open minutes from the number's issue to its first call, as the call itself states them. The hall's own figure
is judged once its day has ended.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.halls import surges, tickets
from portal.compliance.rule import Parameter, Rule, Scope

COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "waited", "allowed",
    "numbers",
)  # fmt: skip

RULE = Rule(
    "V25",
    title=N_("Waited too long"),
    sentence={
        "person": N_("The holder of the number waited for %(waited)s of opening time; allowed: %(allowed)s."),
        "hall": N_(
            "Of ten people who were called that day, one waited for %(waited)s or longer; to be reached: %(allowed)s. "
            "Numbers called: %(numbers)s."
        ),
    },
    sources=(
        # known from a summary of the notice; of the standard the contents page was seen
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("GB/T 36112-2018", "第7章（秩序管理）", in_force_from=date(2018, 7, 1)),
    ),
    scope=Scope.HALL,
    needs=("ticket-issued", "ticket-called"),
    begins_with=("ticket-called",),
    parameters={"longest": Parameter(60), "most": Parameter(30), "fewest": Parameter(10)},
    amounts={"waited": "minute", "allowed": "minute"},
)


@RULE.population
def waits(log: Log, longest: int) -> Frame:
    """First calls of numbers, but for days on which more people came than any plan foresees."""
    called = log.of("ticket-called").filter(~col("waited").is_null() & (col("own_nth").fill_null(1) == 1))
    first = called.group_by("subject").agg(nth=col("nth").min()).select("nth")
    called = called.join(first, on="nth", how="semi").select(
        "subject", "nth", "waited", "office", "post", "actor", "role", last_seq=col("seq")
    )
    rows = called.join(tickets(log).select("subject", "first_seq", "place", "on"), on="subject", how="inner")
    rows = rows.join(surges(log), on=["place", "on"], how="anti")
    return rows.with_columns(is_open=lit(0).cast(Int64), is_late=(col("waited") > longest).cast(Int64))


@RULE.check
def waited(log: Log, judged: Frame, longest: int, most: int, fewest: int) -> Frame:
    """Who called late need not have made anybody wait: the office answers, not the clerk."""
    one = judged.filter(col("is_late") == 1).with_columns(
        severity=lit("yellow"), variant=lit("person"), allowed=lit(longest), numbers=lit(1)
    )
    parts = [one, _halls(log, judged, longest, most, fewest)]
    return concat([_found(part) for part in parts], how="vertical")


def _found(rows: Frame) -> Frame:
    nobody = lit(None, dtype=String)
    rows = rows.with_columns(post=nobody, actor=nobody)
    return rows.with_columns(*(col(name).cast(Int64) for name in ("waited", "allowed", "numbers"))).select(*COLUMNS)


def _halls(log: Log, judged: Frame, longest: int, most: int, fewest: int) -> Frame:
    """The ninth of ten waits of each hall's day (by nearest rank), where enough numbers were called to tell."""
    closed = log.of("hall-closed").with_columns(on=coalesce("own_day", "day").cast(Int64))
    first = closed.group_by("subject", "on").agg(nth=col("nth").min()).select("nth")
    names = log.subjects.select("subject", place=col("name"))
    days = closed.join(first, on="nth", how="semi").join(names, on="subject", how="inner")
    days = days.select("subject", "place", "on", "office", first_seq=col("seq"), last_seq=col("seq"))
    ranked = judged.select("place", "on", "waited", "nth", _one=lit(1).cast(Int64))
    ranked = ranked.with_columns(_rank=col("_one").cum_sum().over("place", "on", order_by=["waited", "nth"]))
    sums = ranked.group_by("place", "on").agg(numbers=col("_one").sum().cast(Int64))
    ninth = ranked.join(sums, on=["place", "on"], how="inner").filter(
        (col("_rank") == (9 * col("numbers") + 9) // 10) & (col("numbers") >= fewest) & (col("waited") > most)
    )
    found = days.join(ninth.select("place", "on", "waited", "numbers"), on=["place", "on"], how="inner")
    severity = when(col("waited") > longest).then(lit("yellow")).otherwise(lit("notice"))
    return found.with_columns(severity=severity, variant=lit("hall"), allowed=lit(most))
