"""Accepting and refusing take a numbered, dated and sealed document; refusing also gives its grounds (说明理由)."""

from __future__ import annotations

from datetime import date

from narwhals import Expr, coalesce, col, concat, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Rule, Scope

ACCEPTING = ("accepted", "tolerantly-accepted", "promise-accepted")
DENIALS = ("deny", "reject")
GROUNDS = ("reason", "basis", "remedies")
ENVELOPE = ("subject", "nth", "seq", "kind", "day", "office", "post", "actor")

RULE = Rule(
    "V06",
    title=N_("Document missing or without its grounds"),
    sentence={
        "acceptance": N_("The acceptance of %(decided_on)s lacks: %(missing)s."),
        "refusal": N_("The refusal of %(decided_on)s lacks: %(missing)s."),
    },
    sources=(
        LegalSource(
            "行政许可法", "第三十二条第二款、第三十八条第二款、第七十二条", item_types=("permit",),
            in_force_from=date(2004, 7, 1),
        ),
        LegalSource("安阳市政务服务条例", "第三十六条、第三十八条第二款", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.CASE,
    needs=("accepted", "refused"),
    begins_with=(*ACCEPTING, "refused", "decided"),
    words={
        "document_no": N_("the number"),
        "document_on": N_("the date"),
        "seal": N_("the seal"),
        "reason": N_("the reason"),
        "basis": N_("the legal basis"),
        "remedies": N_("how to appeal"),
    },
)  # fmt: skip


@RULE.check
def incomplete(log: Log) -> Frame:
    parts = [_papers(log, kind) for kind in (*ACCEPTING, "refused", "decided")]
    found = concat(parts, how="vertical").filter(col("missing") != "")
    is_acceptance = col("kind").is_in(list(ACCEPTING))
    return found.with_columns(
        first_seq=col("seq"),
        last_seq=col("seq"),
        severity=lit("yellow"),
        variant=when(is_acceptance).then(lit("acceptance")).otherwise(lit("refusal")),
        on=col("day"),
        decided_on=col("day"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "missing",
        "decided_on",
    )  # fmt: skip


def _papers(log: Log, kind: str) -> Frame:
    """The acts of one kind with what their documents lack, in ``missing``."""
    rows = log.of(kind)
    if kind == "decided":
        rows = rows.filter(col("conclusion").is_in(list(DENIALS)))
    if kind == "accepted":
        rows = _with_instant(log, rows)
    lacks = {
        "document_no": _is_blank("document_no"),
        "document_on": col("document_on").is_null(),
        "seal": col("is_sealed").fill_null(0) == 0,
    }
    if kind not in ACCEPTING:
        lacks |= {ground: _is_blank(ground) for ground in GROUNDS}
    told = (when(is_lacking).then(lit(lack)) for lack, is_lacking in lacks.items())
    missing = concat_str(*told, separator="|", ignore_nulls=True)
    return rows.with_columns(missing=missing).select(*ENVELOPE, "missing")


def _with_instant(log: Log, rows: Frame) -> Frame:
    """Leave out what was done on the spot (即办): the result itself is handed over on the same day.

    That it was done on the spot is not for the acceptor alone to say: the delivery shows it.
    """
    delivered = log.events("delivered").select("subject", "day", _delivered=col("nth"))
    done = rows.filter(col("is_instant").fill_null(0) == 1).join(delivered, on=["subject", "day"], how="inner")
    done = done.filter(col("_delivered") > col("nth")).select("nth").unique()
    return rows.join(done, on="nth", how="anti")


def _is_blank(column: str) -> Expr:
    return coalesce(column, lit("")) == ""
