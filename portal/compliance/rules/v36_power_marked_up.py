"""Who passes electricity on takes what the grid takes, and no fee by the kilowatt-hour (转供电加价).

A bill may charge the dearest grid price of its period, with the losses that another measured (up to the province's
cap), and half a fen beside. A bill of after a cut that still charges the old price keeps the cut. A fee on the bill is
counted with the overcharge unless the user agreed to it and it does not follow the kilowatt-hours. A bill is judged
only where the log knows the grid prices of its whole period. The overcharge is mended by paying it back, as the user
confirms, and by a bill that is right again.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, coalesce, col, concat_str, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, nobody
from portal.compliance.rule import Parameter, Rule, Scope

NEVER = 2**40
HALF = 500  # in a thousand: beyond it a bill is told apart
BY = ("subject", "supplier")

RULE = Rule(
    "V36",
    title=N_("Electricity passed on at a higher price"),
    sentence={
        "half": N_(
            "The end user was billed %(billed)s a kWh where %(allowed_price)s was allowed: more than half as much "
            "again (%(markup)s). Bills at fault: %(bills)s; too much in all: %(overcharge_fen)s."
        ),
        "price": N_(
            "The end user was billed %(billed)s a kWh where %(allowed_price)s was allowed, %(markup)s more. Bills at "
            "fault: %(bills)s; too much in all: %(overcharge_fen)s."
        ),
        "cut-kept": N_(
            "The grid price was cut and the end user was still billed %(billed)s a kWh where %(allowed_price)s was "
            "allowed, %(markup)s more. Bills at fault: %(bills)s; too much in all: %(overcharge_fen)s."
        ),
        "fee": N_(
            "A fee was added to the electricity bill: with it %(markup)s more than allowed. Bills at fault: "
            "%(bills)s; too much in all: %(overcharge_fen)s."
        ),
    },
    sources=(
        LegalSource("电力法", "第四十四条、第六十六条", in_force_from=date(1996, 4, 1)),
        LegalSource("河南省供用电条例", "第十七条", area="41"),  # its day was not seen; the national law carries it
    ),
    scope=Scope.OFFICE,
    needs=("power-billed", "grid-price-set"),
    begins_with=("power-billed",),
    parameters={
        "loss_per_mille": Parameter(0),
        "tolerance": Parameter(50),  # ten-thousandths of a yuan a kWh
        "red_per_mille": Parameter(100),
    },
    amounts={"billed": "price", "allowed_price": "price", "markup": "per-mille", "overcharge_fen": "fen"},
)


@RULE.check
def marked_up(log: Log, loss_per_mille: int, tolerance: int, red_per_mille: int) -> Frame:
    """One finding for each supplier of a meter: the worst bill is told, all are summed."""
    bills = log.settle(_with_fees(log, _with_losses(log, _priced(log), loss_per_mille)))
    bills = log.settle(_overcharged(bills, tolerance))
    wrong = bills.filter(col("over") > 0)
    sums = wrong.group_by(*BY).agg(
        first_seq=col("seq").min(), _last_wrong=col("nth").max(), _last_seq=col("seq").max(), on=col("day").min(),
        bills=col("seq").count().cast(Int64), overcharge_fen=col("over").sum().cast(Int64), _worst=col("markup").max(),
    )  # fmt: skip
    worst = wrong.join(sums.select(*BY, markup=col("_worst")), on=[*BY, "markup"], how="inner")
    worst = worst.join(worst.group_by(*BY).agg(seq=col("seq").min()), on=[*BY, "seq"], how="semi")
    told = worst.select(*BY, "markup", "billed", "allowed_price", "variant")
    last = bills.group_by(*BY).agg(_last=col("nth").max())
    rows = sums.join(told, on=list(BY), how="inner").join(last, on=list(BY), how="left")
    rows = rows.join(_refunds(log, rows), on=list(BY), how="left")
    mended = (col("_refund").fill_null(0) >= col("overcharge_fen")) & (col("_last") > col("_last_wrong"))
    return rows.select(
        "subject", "first_seq", "on", "variant", "bills", "overcharge_fen", "markup", "billed", "allowed_price",
        last_seq=max_horizontal("_last_seq", coalesce("_refund_seq", "_last_seq")),
        severity=when(col("markup") >= red_per_mille).then(lit("red")).otherwise(lit("yellow")),
        office=col("supplier"), post=nobody(), actor=nobody(),
        is_open=when(mended).then(lit(0)).otherwise(lit(1)).cast(Int64), refunded_fen=col("_refund"),
    )  # fmt: skip


def _priced(log: Log) -> Frame:
    """Bills with the dearest grid price of their period (``price``) and the one before it (``_was``)."""
    names = log.subjects.select("subject", _name=col("name"))
    set_ = log.of("grid-price-set").join(names, on="subject", how="left").select(
        "_name", "price", "nth", _from=coalesce("from_on", "day"), _setter=col("office")
    )  # fmt: skip
    again = set_.group_by("_name", "_from").agg(nth=col("nth").max()).select("nth")  # of one day, the last word
    set_ = set_.join(again, on="nth", how="semi").with_columns(
        _until=coalesce(col("_from").shift(-1).over("_name", order_by="_from"), lit(NEVER)),
        _was=col("price").shift(1).over("_name", order_by="_from"),
    )
    bills = log.of("power-billed").filter(~col("amount_fen").is_null() & ~col("kwh").is_null())
    bills = bills.with_columns(_name=concat_str(lit("tariff/"), col("tariff").fill_null("")))
    bills = bills.with_columns(supplier=coalesce("supplier", "office", lit("")))
    met = bills.select("seq", "_name", "from_on", "until_on", "supplier").join(set_, on="_name", how="inner")
    met = met.filter((col("_from") <= col("until_on")) & (col("_until") > col("from_on")))
    met = met.filter(coalesce("_setter", lit("")) != col("supplier"))
    best = met.group_by("seq").agg(
        price=col("price").max(), _since=col("_from").min(), _prices=col("price").count(), _was=col("_was").max()
    )
    rows = bills.join(best, on="seq", how="inner").filter(col("_since") <= col("from_on"))
    whole = (col("_prices") == 1) & (col("_was") > col("price"))
    return rows.with_columns(_was=when(whole).then("_was")).select(
        "subject", "seq", "nth", "day", "supplier", "bill_no", "from_on", "kwh", "amount_fen", "price", "_was"
    )


def _with_losses(log: Log, bills: Frame, default: int) -> Frame:
    """Add ``loss``: what was measured last before the period, by somebody other than the supplier."""
    facts = bills.select("subject", accused=col("supplier"))
    measured = by_others(log, "losses-documented", facts).select(
        "subject", supplier=col("accused"), _measured=col("nth"), _since=coalesce("from_on", "day"),
        _loss=min_horizontal(col("loss_per_mille").fill_null(0), col("cap_per_mille").fill_null(0)),
    )  # fmt: skip
    met = bills.select("seq", "subject", "supplier", "from_on").join(measured, on=list(BY), how="inner")
    met = met.filter(col("_since") <= col("from_on"))
    last = met.group_by("seq").agg(_measured=col("_measured").max())
    found = met.join(last, on=["seq", "_measured"], how="semi").select("seq", "_loss")
    return bills.join(found, on="seq", how="left").with_columns(loss=col("_loss").fill_null(default))


def _with_fees(log: Log, bills: Frame) -> Frame:
    """Add ``fees``: those of the bill that the user did not agree to, or that follow the kilowatt-hours."""
    facts = bills.select("subject", accused=col("supplier"))
    agreed = by_others(log, "service-fee-agreed", facts).select(
        "subject", supplier=col("accused"), fee=col("fee").fill_null(""), _agreed=lit(1)
    )
    fees = log.of("power-fee-billed").select(
        "subject", "bill_no", fee=col("fee").fill_null(""), _fen=col("amount_fen").fill_null(0),
        _tied=col("is_per_kwh").fill_null(0),
    )  # fmt: skip
    fees = fees.join(bills.select("seq", "bill_no", *BY), on=["subject", "bill_no"], how="inner")
    fees = fees.join(agreed.unique(), on=[*BY, "fee"], how="left")
    unfair = fees.filter((col("_tied") == 1) | col("_agreed").is_null())
    sums = unfair.group_by("seq").agg(fees=col("_fen").sum().cast(Int64))
    return bills.join(sums, on="seq", how="left").with_columns(fees=col("fees").fill_null(0))


def _overcharged(bills: Frame, tolerance: int) -> Frame:
    """Add ``over`` (fen), ``markup`` (of a thousand), ``billed``, ``allowed_price`` and ``variant``.

    In whole numbers throughout: a price counts ten-thousandths of a yuan, so that a hundred of them are a fen.
    """
    owed = col("kwh") * col("price") * (1000 + col("loss"))  # hundred-thousandths of a fen
    asked = col("amount_fen") * 100_000
    dear = asked > owed + col("kwh") * tolerance * 1000
    too_much = when(dear).then(col("amount_fen") - owed // 100_000).otherwise(lit(0))
    rows = bills.with_columns(_owed=owed, _dear=dear.cast(Int64), over=(too_much + col("fees")).cast(Int64))
    share = when(col("_owed") > 0).then(col("over") * 100_000 * 1000 // col("_owed")).otherwise(lit(0))
    return rows.with_columns(
        markup=share.cast(Int64),
        billed=when(col("kwh") > 0).then(col("amount_fen") * 100 // col("kwh")).cast(Int64),
        allowed_price=(col("price") * (1000 + col("loss")) // 1000).cast(Int64),
        variant=_variant(tolerance),
    )


def _variant(tolerance: int) -> Expr:
    half = (col("_owed") > 0) & (col("over") * 100_000 * 1000 > HALF * col("_owed"))
    old = col("kwh") * (col("_was") * (1000 + col("loss")) + tolerance * 1000)
    kept = (col("amount_fen") * 100_000 <= old).fill_null(False)
    dear = when(kept).then(lit("cut-kept")).otherwise(lit("price"))
    return when(half).then(lit("half")).otherwise(when(col("_dear") == 1).then(dear).otherwise(lit("fee")))


def _refunds(log: Log, rows: Frame) -> Frame:
    """What was paid back, as somebody other than the supplier recorded."""
    back = by_others(log, "power-refunded", rows.select("subject", accused=col("supplier")))
    sums = back.group_by("subject", "accused").agg(
        _refund=col("amount_fen").sum().cast(Int64), _refund_seq=col("seq").max()
    )
    return sums.rename({"accused": "supplier"})
