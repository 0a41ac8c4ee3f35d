"""The record can be trusted: it stands as it was sealed, and no clock went back under it (审计链断裂)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, col, concat, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

KINDS = ("ledger-doubted", "clock-set-back")
COLUMNS = ("subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "number")

RULE = Rule(
    "V48",
    title=N_("The record is shaken"),
    sentence={
        "altered": N_("The ledger is not as it was sealed; the first event at fault is %(number)s."),
        "unsound": N_("The ledger is not as it was sealed; no single event can be named."),
        "clock": N_("The machine's clock went back by %(number)s seconds; moments recorded since then are in doubt."),
    },
    sources=(
        LegalSource("电子签名法", "第五条、第八条", in_force_from=date(2005, 4, 1)),
        LegalSource("网络安全法", "第二十一条", in_force_from=date(2017, 6, 1)),
    ),
    scope=Scope.CASE,
    needs=KINDS,
    begins_with=KINDS,
    parameters={"step_back_seconds": Parameter(1)},
)


@RULE.check
def shaken(log: Log, step_back_seconds: int) -> Frame:
    doubts = log.of("ledger-doubted").with_columns(number=col("fault_seq"))
    steps = log.of("clock-set-back").filter(col("seconds") > step_back_seconds).with_columns(number=col("seconds"))
    return concat(
        [
            _found(doubts.filter(~col("number").is_null()), "altered"),
            _found(doubts.filter(col("number").is_null()), "unsound"),
            _found(steps, "clock"),
        ],
        how="vertical",
    )


def _found(rows: Frame, variant: str) -> Frame:
    return rows.with_columns(
        first_seq=col("seq"),
        last_seq=col("seq"),
        severity=lit("red"),
        on=col("day"),
        variant=lit(variant),
        number=col("number").cast(Int64),
    ).select(*COLUMNS)
