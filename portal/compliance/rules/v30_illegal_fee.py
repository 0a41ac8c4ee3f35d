"""No money is asked that no list of fees names, nor more than its rate, nor for a service that was not chosen freely
(违规收费、指定中介、摊派).

The register of fees is the one that the demand names; it is asked only where the log holds it, and what the demanding
office wrote into it itself does not count. Parts of one fee asked one after the other are added up. A service is chosen
freely if the payer says so and has the receipt. It is mended by taking the demand back, and by paying back what was
paid, as somebody other than the office recorded.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.demands import asked, of_list, with_withdrawal
from portal.compliance.log.others import by_others
from portal.compliance.rule import Rule, Scope

LEVIES = ("training", "donation")
OPTIONAL = ("intermediary", "training")  # what somebody may choose to pay for

RULE = Rule(
    "V30",
    title=N_("Money asked against the list of fees"),
    sentence={
        "not-listed": N_("A fee was asked that no list of fees names: %(amount_fen)s."),
        "above-rate": N_("More was asked than the listed rate: %(asked_fen)s in all instead of %(allowed_fen)s."),
        "intermediary": N_("An intermediary was named whom one had to pay: %(amount_fen)s."),
        "training": N_("A training was imposed and had to be paid: %(amount_fen)s."),
        "donation": N_("A donation or levy was asked: %(amount_fen)s."),
    },
    sources=(
        LegalSource("行政许可法", "第二十七条、第五十八条、第五十九条、第七十五条", in_force_from=date(2004, 7, 1)),
        LegalSource(
            "优化营商环境条例",
            "第十四条、第二十五条、第四十三条、第六十九条第四项、第六项、第九项",
            in_force_from=date(2020, 1, 1),
        ),
    ),
    scope=Scope.OFFICE,
    needs=("payment-demanded",),
    begins_with=("payment-demanded",),
    amounts={
        "amount_fen": "fen",
        "asked_fen": "fen",
        "allowed_fen": "fen",
        "returned_fen": "fen",
        "interest_fen": "fen",
    },
)


@RULE.check
def unlawful(log: Log) -> Frame:
    rows = log.settle(asked(log, "payment-demanded").filter(col("amount_fen") > 0))
    rows = _with_rate(log, rows).join(_chosen(log, rows), on="seq", how="left")
    sort = col("payment_sort").fill_null("fee")
    is_free = (col("_chosen") == 1).fill_null(False) & sort.is_in(list(OPTIONAL))
    known = col("_is_known") == 1
    above = (col("_asked") > col("allowed_fen")).fill_null(False)
    fee = when(known & col("_is_listed").is_null()).then(lit("not-listed")).otherwise(
        when(known & above).then(lit("above-rate"))
    )  # fmt: skip
    imposed = when(sort.is_in(["intermediary", *LEVIES]) & ~is_free).then(sort)
    rows = rows.with_columns(variant=when(sort == "fee").then(fee).otherwise(imposed)).filter(~col("variant").is_null())
    rows = with_withdrawal(log, rows).join(_money(log, rows), on=["subject", "accused"], how="left")
    paid, back = col("_made").fill_null(0), col("_back").fill_null(0)
    mended = when(paid > 0).then(back >= paid).otherwise(col("is_open") == 0)
    return rows.select(
        "subject", "office", "post", "actor", "variant", "amount_fen", "allowed_fen", first_seq=col("seq"),
        asked_fen=col("_asked").cast(Int64),
        last_seq=max_horizontal("last_seq", coalesce("_money_seq", "last_seq")), severity=lit("red"), on=col("day"),
        is_open=when(mended).then(lit(0)).otherwise(lit(1)).cast(Int64), returned_fen=col("_back"),
        interest_fen=col("_interest"),
        cured_on=when(mended).then(when(paid > 0).then("_back_on").otherwise("cured_on")),
    )  # fmt: skip


def _with_rate(log: Log, rows: Frame) -> Frame:
    """Add ``_is_known`` (the log holds the register), ``_is_listed`` (it names the fee), ``allowed_fen`` (the rate of
    that day times the units; none where no rate is listed) and ``_asked``: what was asked of the same fee in this
    matter up to then."""
    fees = of_list(log, "fee-listed")
    known = fees.select("list", _is_known=lit(1).cast(Int64)).unique()
    met = rows.select("seq", "list", "fee", "day", "accused").join(
        fees.select("list", "fee", "rate_fen", "since", "until", "lister"), on=["list", "fee"], how="inner"
    )
    met = met.filter((col("since") <= col("day")) & (col("until") > col("day")) & (col("lister") != col("accused")))
    rate = met.group_by("seq").agg(_rate=col("rate_fen").max(), _is_listed=col("fee").count().cast(Int64))
    rows = rows.join(known, on="list", how="left").join(rate, on="seq", how="left")
    rows = rows.with_columns(_fee=col("fee").fill_null(""), _units=col("units").fill_null(1))
    by = ("subject", "accused", "_fee")
    rows = rows.with_columns(
        _asked=col("amount_fen").cum_sum().over(*by, order_by="nth"),
        _most=col("_units").cum_max().over(*by, order_by="nth"),
    )
    return rows.with_columns(allowed_fen=(col("_rate") * col("_most")).cast(Int64))


def _chosen(log: Log, rows: Frame) -> Frame:
    """Demands of matters in which the payer himself chose the service and holds the receipt."""
    chosen = by_others(log, "service-chosen", rows.select("subject", "accused"))
    chosen = chosen.filter(
        (col("receipt_no").fill_null("").str.strip_chars() != "")
        & col("role").fill_null("applicant").is_in(["applicant", "agent"])
    )
    chosen = chosen.select("subject", "accused", _chosen=lit(1).cast(Int64)).unique()
    return (
        rows.select("seq", "subject", "accused")
        .join(chosen, on=["subject", "accused"], how="inner")
        .select("seq", "_chosen")
    )


def _money(log: Log, rows: Frame) -> Frame:
    """What was paid in the matter, and what others recorded as paid back."""
    whose = rows.select("subject", "accused").unique()
    made = log.of("payment-made").group_by("subject").agg(_made=col("amount_fen").sum().cast(Int64))
    back = by_others(log, "payment-returned", whose).group_by("subject", "accused").agg(
        _back=col("amount_fen").sum().cast(Int64), _interest=col("interest_fen").sum().cast(Int64),
        _back_on=col("day").max(), _money_seq=col("seq").max(),
    )  # fmt: skip
    return whose.join(made, on="subject", how="left").join(back, on=["subject", "accused"], how="left")
