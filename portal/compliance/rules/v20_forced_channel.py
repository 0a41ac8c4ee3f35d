"""Nobody is forced to one way (限定渠道): what an item offers in several ways is refused in none of them.

Sending somebody from the counter to the portal, or back, is forced where the item lists both, unless the way refused
stands stopped by law, as somebody else had recorded. A counter that stops needs such a law; what the portal itself
records of its catalogue is no stop.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, any_horizontal, col, concat, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.downtime import ONLINE, SYSTEM, states, ways
from portal.compliance.log.lists import has_member
from portal.compliance.rule import Rule, Scope

COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "is_open", "variant", "offered",
    "stopped_at",
)  # fmt: skip

RULE = Rule(
    "V20",
    title=N_("Forced to one way"),
    sentence={
        "only-online": N_("Somebody was sent to the online way only, although the item offers: %(offered)s."),
        "only-window": N_("Somebody was sent to the counter only, although the item offers: %(offered)s."),
        "stopped": N_("The counter was stopped at %(stopped_at)s without naming a law."),
    },
    sources=(
        LegalSource("优化营商环境条例", "第三十七条", in_force_from=date(2020, 1, 1)),
        LegalSource("安阳市政务服务条例", "第二十二条", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.CASE,
    needs=("channel-changed", "channel-refused"),
    begins_with=("channel-changed", "channel-refused"),
    words={
        "web": N_("online"),
        "app": N_("in the app"),
        "window": N_("at the window"),
        "kiosk": N_("at a machine"),
        "phone": N_("by telephone"),
        "village": N_("in the village"),
    },
)


@RULE.check
def forced(log: Log) -> Frame:
    return concat([_refused(log), _stopped(log)], how="vertical")


def _refused(log: Log) -> Frame:
    rows = log.of("channel-refused").drop("office").with_columns(first_seq=col("seq"))
    rows = rows.join(ways(log).select("subject", "office"), on="subject", how="left")
    listed = [has_member("offered", way) & (col("way") == way) for way in RULE.words]
    rows = rows.filter(
        col("offered").fill_null("").str.contains("|", literal=True) & any_horizontal(*listed, ignore_nulls=True)
    )
    lawful = _lawful(log).select("subject", "start", "stop", _by=col("actor"))
    met = rows.select("subject", "first_seq", "at", "actor").join(lawful, on="subject", how="inner")
    met = met.filter((col("start") <= col("at")) & (col("at") < col("stop")) & (col("_by") != col("actor")))
    rows = rows.join(met.select("subject", "first_seq").unique(), on=["subject", "first_seq"], how="anti")
    return rows.with_columns(
        last_seq=col("seq"),
        severity=lit("yellow"),
        post=lit(None, dtype=String),
        actor=lit(None, dtype=String),  # who noted it is not who refused
        on=col("day"),
        is_open=lit(0).cast(Int64),
        variant=col("reason"),
        stopped_at=lit(None, dtype=Int64),
    ).select(*COLUMNS)


def _lawful(log: Log) -> Frame:
    """Stops that name a law."""
    return states(log).filter((col("state") == "stopped") & (col("basis").fill_null("").str.strip_chars() != ""))


def _stopped(log: Log) -> Frame:
    rows = states(log).filter((col("state") == "stopped") & ~col("way").is_in(list(ONLINE)))
    rows = rows.filter((col("basis").fill_null("").str.strip_chars() == "") & (col("role") != SYSTEM))
    rows = rows.filter(col("was").fill_null("") != "stopped")
    return rows.with_columns(
        first_seq=col("seq"),
        severity=lit("yellow"),
        on=col("day"),
        is_open=(col("stop") >= log.as_of.at).cast(Int64),
        variant=lit("stopped"),
        offered=lit(None, dtype=String),
        stopped_at=col("start"),
    ).select(*COLUMNS)
