"""No online way goes live before it was tried, nor does the counter stop before it has proved itself (未验收即上线).

A whole checklist names every function tried, a load test, a rehearsed way back, and a counter that stays open long
enough; two people sign it before the way goes live. The counter of an item, stopped within that time while probes of
its online way succeeded too seldom, was stopped too early.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, col, concat, lit, max_horizontal

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.downtime import DAY, ONLINE, PLATFORM, SYSTEM, states
from portal.compliance.rule import Parameter, Rule, Scope

COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "signers", "days",
    "probes", "failures",
)  # fmt: skip

RULE = Rule(
    "V21",
    title=N_("Live too early"),
    sentence={
        "unsigned": N_("It went live with %(signers)s signatures under a whole checklist; two are needed before."),
        "stopped-early": N_(
            "The counter was stopped %(days)s days after going live online, while %(failures)s of %(probes)s probes "
            "failed."
        ),
    },
    sources=(LegalSource("优化营商环境条例", "第三十七条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.OFFICE,
    needs=("channel-changed", "golive-signed", "probes-counted"),
    begins_with=("channel-changed",),
    parameters={"signatures": Parameter(2), "retained_days": Parameter(30), "per_mille": Parameter(5)},
)


@RULE.check
def premature(log: Log, signatures: int, retained_days: int, per_mille: int) -> Frame:
    return concat([_unsigned(log, signatures, retained_days), _stopped(log, retained_days, per_mille)], how="vertical")


def _live(log: Log) -> Frame:
    """Online ways that went live for the first time, or again from a trial; not what the portal itself follows."""
    rows = states(log).filter((col("state") == "live") & col("way").is_in(list(ONLINE)))
    rows = rows.join(rows.group_by("subject").agg(_first=col("nth").min()), on="subject", how="inner")
    return rows.filter((col("role") != SYSTEM) & ((col("nth") == col("_first")) | (col("was") == "pilot")))


def _unsigned(log: Log, signatures: int, retained_days: int) -> Frame:
    live = _live(log)
    whole = (col("functions") == 1) & (col("load_test") == 1) & (col("rollback") == 1)
    signed = log.of("golive-signed").filter((whole & (col("offline_days") >= retained_days)).fill_null(False))
    signed = signed.select("subject", _signer=col("actor"), _nth=col("nth"))
    met = live.select("subject", "seq", "nth").join(signed, on="subject", how="inner").filter(col("_nth") < col("nth"))
    counts = met.group_by("seq").agg(signers=col("_signer").n_unique().cast(Int64))
    rows = live.join(counts, on="seq", how="left").with_columns(col("signers").fill_null(0))
    return (
        rows.filter(col("signers") < signatures)
        .with_columns(
            first_seq=col("seq"),
            last_seq=col("seq"),
            severity=lit("red"),
            on=col("day"),
            variant=lit("unsigned"),
            days=lit(None, dtype=Int64),
            probes=lit(None, dtype=Int64),
            failures=lit(None, dtype=Int64),
        )
        .select(*COLUMNS)
    )


def _stopped(log: Log, retained_days: int, per_mille: int) -> Frame:
    """Stops of a counter within the days after its item, or the platform, went live; the latest going live counts."""
    live = _live(log).select(
        "item", live_nth=col("nth"), live_day=col("day"), live_at=col("at"), live_subject=col("subject")
    )
    stops = states(log).filter((col("state") == "stopped") & ~col("way").is_in(list(ONLINE)) & (col("role") != SYSTEM))
    stops = stops.filter(col("was").fill_null("") != "stopped")
    own = stops.join(live, on="item", how="inner")
    platform = stops.with_columns(_one=lit(1)).join(
        live.filter(col("item") == PLATFORM).drop("item").with_columns(_one=lit(1)), on="_one", how="inner"
    )
    met = concat([part.select(*_MET) for part in (own, platform)], how="vertical")
    met = met.filter((col("live_nth") < col("nth")) & (col("at") < col("live_at") + retained_days * DAY))
    latest = met.group_by("seq").agg(live_nth=col("live_nth").max())
    met = met.join(latest, on=["seq", "live_nth"], how="semi")
    probes = log.of("probes-counted").select(
        "probes", "failures", live_subject=col("subject"), _on=col("counted_on"), _seq=col("seq")
    )
    tried = met.join(probes, on="live_subject", how="inner")
    tried = tried.filter((col("_on") >= col("live_day")) & (col("_on") < col("live_day") + retained_days))
    sums = tried.group_by("seq").agg(
        col("probes").sum().cast(Int64), col("failures").sum().cast(Int64), last_seq=col("_seq").max()
    )
    found = met.join(sums, on="seq", how="inner").filter(col("failures") * 1000 > col("probes") * per_mille)
    return found.with_columns(
        first_seq=col("seq"),
        last_seq=max_horizontal("seq", "last_seq"),
        severity=lit("red"),
        on=col("day"),
        variant=lit("stopped-early"),
        signers=lit(None, dtype=Int64),
        days=(col("day") - col("live_day")).cast(Int64),
    ).select(*COLUMNS)


_MET = (
    "subject",
    "seq",
    "nth",
    "at",
    "day",
    "office",
    "post",
    "actor",
    "live_nth",
    "live_day",
    "live_at",
    "live_subject",
)
