"""Every way shows and asks the same, and what is in force (线上线下不一致).

What was seen of an element (materials, limits, fees, conditions) in one way differs if its digest is not that of the
version in force; two ways that differ from each other cannot both be right. Within an hour of a new version the old
one may still be seen.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.downtime import MINUTE, ways
from portal.compliance.rule import Parameter, Rule, Scope

RULE = Rule(
    "V22",
    title=N_("Online and at the counter not the same"),
    sentence=N_("What was shown or asked there differs from the version in force: %(element)s."),
    sources=(
        LegalSource("优化营商环境条例", "第三十五条", in_force_from=date(2020, 1, 1)),
        LegalSource("安阳市政务服务条例", "第十三条", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.CASE,
    needs=("element-snapshot", "channel-changed"),
    begins_with=("element-snapshot",),
    parameters={"switching_minutes": Parameter(60)},
    words={
        "materials": N_("materials"),
        "limits": N_("time limits"),
        "fees": N_("fees"),
        "conditions": N_("conditions"),
    },
)


@RULE.check
def differ(log: Log, switching_minutes: int) -> Frame:
    """One finding for each element that begins to differ; it is open until it is seen to be right again."""
    seen = log.of("element-snapshot").drop("office")
    seen = seen.join(ways(log).select("subject", "office"), on="subject", how="left")
    fresh = ~col("switched_at").is_null() & (col("at") - col("switched_at") < switching_minutes * MINUTE)
    seen = seen.filter(~fresh).with_columns(_wrong=(col("shown") != col("in_force")).cast(Int64))
    by = ("subject", "element")
    seen = seen.with_columns(_before=col("_wrong").shift(1).over(*by, order_by="nth"))
    turns = seen.filter(col("_wrong") != col("_before").fill_null(0))
    turns = turns.with_columns(_next=col("seq").shift(-1).over(*by, order_by="nth"))
    return (
        turns.filter(col("_wrong") == 1)
        .with_columns(
            first_seq=col("seq"),
            last_seq=col("seq"),
            severity=lit("yellow"),
            post=lit(None, dtype=String),
            actor=lit(None, dtype=String),  # who saw it is not who shows it
            on=col("day"),
            is_open=col("_next").is_null().cast(Int64),
        )
        .select("subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "is_open", "element")
    )
