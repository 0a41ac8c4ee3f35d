"""The online portal can be used (平台不可用): probes sign in, submit, refresh and query, from several places.

An outage is a stretch in which enough vantage points saw a function fail several times in a row. A maintenance excuses
it if it was announced in time, and only for its hours off-peak. Besides, a day's probes in service hours must succeed
but for a few in a thousand; a day that holds an outage is not accused twice. The thresholds are ours: the law asks
that services can be had online, not for how many minutes they may be away.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.downtime import (
    MINUTE,
    SPAN,
    caused,
    levels,
    local_day,
    maintenances,
    probed,
    stretches,
    ways,
    working_hours,
)
from portal.compliance.rule import Parameter, Rule, Scope

COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "is_open", "variant", "minutes",
    "started_at", "ended_at", "probes", "failures",
)  # fmt: skip

RULE = Rule(
    "V18",
    title=N_("The online portal was down"),
    sentence={
        "outage": N_("From %(started_at)s to %(ended_at)s probes failed for %(minutes)s minutes."),
        "rate": N_("Of %(probes)s probes in the service hours of a day %(failures)s failed."),
    },
    sources=(LegalSource("优化营商环境条例", "第三十七条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.OFFICE,
    needs=("probe-failed", "probe-recovered", "probes-counted"),
    begins_with=("probe-failed", "probes-counted"),
    parameters={
        "vantages": Parameter(2),
        "failed": Parameter(2),  # in a row
        "least_minutes": Parameter(15),
        "red_minutes": Parameter(120),
        "notice_hours": Parameter(24),
        "peak_from": Parameter(8 * 60),  # minutes of a working day
        "peak_until": Parameter(20 * 60),
        "least_probes": Parameter(200),
        "per_mille": Parameter(5),
    },
)


@RULE.check
def down(
    log: Log,
    vantages: int,
    failed: int,
    least_minutes: int,
    red_minutes: int,
    notice_hours: int,
    peak_from: int,
    peak_until: int,
    least_probes: int,
    per_mille: int,
) -> Frame:
    spans = log.settle(probed(log, vantages, failed))
    found = log.settle(_unannounced(log, spans, notice_hours, (peak_from, peak_until)))
    found = found.with_columns(minutes=((col("stop") - col("start")) // MINUTE).cast(Int64))
    outages = found.filter(col("minutes") >= least_minutes)
    return concat([_outages(log, outages, red_minutes), _days(log, outages, least_probes, per_mille)], how="vertical")


def _unannounced(log: Log, spans: Frame, notice_hours: int, peak: tuple[int, int]) -> Frame:
    """The parts of the spans that no maintenance excuses: subject, SPAN, office, zone."""
    by = ("subject",)
    told = maintenances(log).filter(col("notice") >= notice_hours * 60 * MINUTE)
    whose = ways(log).select("subject", "office", "zone")
    busy = working_hours(log, told.join(whose, on="subject", how="inner"), by, peak)
    rows = levels({"down": spans, "told": told, "busy": busy}, by)
    left = stretches(rows, by, (col("down") > 0) & ((col("told") == 0) | (col("busy") > 0)))
    return caused(left, spans, by).select("subject", *SPAN).join(whose, on="subject", how="inner")


def _outages(log: Log, rows: Frame, red_minutes: int) -> Frame:
    return rows.with_columns(
        first_seq=col("seq"),
        severity=when(col("minutes") >= red_minutes).then(lit("red")).otherwise(lit("yellow")),
        post=lit(None, dtype=String),
        actor=lit(None, dtype=String),
        on=local_day("start"),
        is_open=(col("stop") >= log.as_of.at).cast(Int64),
        variant=lit("outage"),
        started_at=col("start"),
        ended_at=col("stop"),
        probes=lit(None, dtype=Int64),
        failures=lit(None, dtype=Int64),
    ).select(*COLUMNS)


def _days(log: Log, outages: Frame, least_probes: int, per_mille: int) -> Frame:
    sums = log.of("probes-counted").group_by("subject", "counted_on").agg(
        col("probes").sum().cast(Int64), col("failures").sum().cast(Int64), first_seq=col("seq").min(),
        last_seq=col("seq").max(),
    )  # fmt: skip
    poor = sums.filter((col("probes") >= least_probes) & (col("failures") * 1000 > col("probes") * per_mille))
    hit = outages.select("subject", _from=local_day("start"), _to=local_day("stop"))
    told = poor.select("subject", "counted_on").join(hit, on="subject", how="inner")
    told = told.filter((col("counted_on") >= col("_from")) & (col("counted_on") <= col("_to")))
    poor = poor.join(told.select("subject", "counted_on").unique(), on=["subject", "counted_on"], how="anti")
    poor = poor.join(ways(log).select("subject", "office"), on="subject", how="inner")
    return poor.with_columns(
        severity=lit("yellow"),
        post=lit(None, dtype=String),
        actor=lit(None, dtype=String),
        on=col("counted_on"),
        is_open=lit(0).cast(Int64),
        variant=lit("rate"),
        minutes=lit(None, dtype=Int64),
        started_at=lit(None, dtype=Int64),
        ended_at=lit(None, dtype=Int64),
    ).select(*COLUMNS)
