"""An item can be had somewhere (哪都办不了): not online and at the counter away at the same time.

Online is away by what probes found or by what was declared; the counter by its own stop or by closures of all its
halls. Counted is the time of service hours only, day by day: at night, and at noon where the halls close, nobody
promised a counter. Service hours are those that the item's halls publish, on the calendar as it was known on the day.
An office that turns everybody away has stopped, and whoever supervises it records that so.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, max_horizontal, min_horizontal

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.downtime import (
    MINUTE,
    ONLINE,
    PLATFORM,
    SPAN,
    caused,
    counters,
    levels,
    local_day,
    published_hours,
    stretches,
    unavailable,
    ways,
    working_hours,
)
from portal.compliance.rule import Parameter, Rule, Scope

RULE = Rule(
    "V19",
    version=2,  # 1 took the parameters below for every counter
    title=N_("Neither online nor at the counter"),
    sentence=N_(
        "From %(started_at)s to %(ended_at)s it could be had neither online nor at the counter; %(minutes)s minutes of "
        "that were service hours."
    ),
    sources=(LegalSource("优化营商环境条例", "第三十七条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.OFFICE,
    needs=("channel-changed", "probe-failed", "probe-recovered"),
    begins_with=("channel-changed",),
    parameters={
        "vantages": Parameter(2),
        "failed": Parameter(2),
        "least_minutes": Parameter(30),
        # of a working day, for a counter whose halls are not in the catalogue: a log of elsewhere, as a rule
        "opens": Parameter(9 * 60),
        "closes": Parameter(17 * 60),
    },
)


@RULE.check
def nowhere(log: Log, vantages: int, failed: int, least_minutes: int, opens: int, closes: int) -> Frame:
    """One finding for each blackout; it stands on the channel of the counter, and its office answers for it."""
    both = _both(log)
    each = log.settle(_each_way(log, vantages, failed).join(both.select("item"), on="item", how="semi"))
    known = ways(log).join(both, on="item", how="semi").group_by("item").agg(_all=col("way").n_unique().cast(Int64))
    laid = levels({"away": each}, ("item",)).join(known, on="item", how="inner")
    dark = log.settle(caused(stretches(laid, ("item",), col("away") >= col("_all")), each, ("item",)))
    dark = dark.join(both, on="item", how="inner")
    served = log.settle(_served(log, dark, (opens, closes)).filter(col("_served") >= least_minutes * MINUTE))
    sums = served.group_by("item", "began").agg(minutes=(col("_served").sum() // MINUTE).cast(Int64))
    found = log.with_calendar(
        dark.join(sums, on=["item", "began"], how="inner").with_columns(_on=local_day("stop")), "_on"
    )
    return found.with_columns(
        first_seq=col("began"),
        severity=lit("red"),
        post=lit(None, dtype=String),
        actor=lit(None, dtype=String),
        on=local_day("start"),
        is_open=(col("stop") >= log.as_of.at).cast(Int64),
        started_at=col("start"),
        ended_at=col("stop"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "is_open", "calendar",
        "minutes", "started_at", "ended_at",
    )  # fmt: skip


def _both(log: Log) -> Frame:
    """Items offered online and elsewhere, with the first channel of the counter: subject, office, zone."""
    known = ways(log).filter(col("item") != PLATFORM)
    online = known.filter(col("way").is_in(list(ONLINE))).select("item").unique()
    counter = known.filter(~col("way").is_in(list(ONLINE)))
    first = counter.group_by("item").agg(col("subject").min())
    counter = counter.join(first, on=["item", "subject"], how="semi").drop("way")
    return counter.join(online, on="item", how="semi")


def _each_way(log: Log, vantages: int, failed: int) -> Frame:
    """item, way, SPAN: when each way was away, whatever kept people out of it."""
    by = ("item", "way")
    spans = log.settle(unavailable(log, vantages, failed))
    merged = stretches(levels({"away": spans}, by), by, col("away") > 0)
    return caused(merged, spans, by).select(*by, *SPAN)


def _served(log: Log, dark: Frame, hours: tuple[int, int]) -> Frame:
    """item, began, and ``_served``: the part of a blackout within one day's service hours."""
    by = ("item", "began", "zone", "_start", "_stop")
    named = dark.with_columns(_start=col("start"), _stop=col("stop"))
    known = counters(log).select("item", hall=col("halls")).join(log.hall_hours.select("hall").unique(), on="hall")
    others = named.join(known.select("item").unique(), on="item", how="anti")
    open_then = concat(
        [
            published_hours(log, named, by).select(*by, "start", "stop"),
            working_hours(log, others, by, hours).select(*by, "start", "stop"),
        ],
        how="vertical",
    )
    cut = open_then.with_columns(
        _day=local_day("start"), _from=max_horizontal("start", "_start"), _to=min_horizontal("stop", "_stop")
    )
    cut = cut.with_columns(_served=max_horizontal(col("_to") - col("_from"), lit(0)))
    return cut.group_by("item", "began", "_day").agg(col("_served").sum().cast(Int64))
