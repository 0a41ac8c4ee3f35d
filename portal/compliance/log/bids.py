"""Bids: who bid in a tender, what two of them have in common, which of them hang together, and whose prices keep step.

What a supervisor found to be harmless (``bid-sign-cleared``) is no sign. He counts who neither bids nor runs the
tender.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Float64, Int64, coalesce, col, lit, when

from portal.compliance.log.lists import members
from portal.compliance.log.narrowing import has_rows

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

OVERSEERS = ("supervisor", "auditor", "inspector")
MINUTE = 60_000_000
STRONG = ("author", "agent", "staff", "text", "prices", "mixed", "deposit")  # as the regulation lists them
WEAK = ("device", "address", "same-winner")
PAIR = ("subject", "a", "b")
SIGN = (*PAIR, "sign", "strong", "last_seq")
SHARED = {"author": "author", "agent": "agent", "deposit_account": "deposit", "device": "device", "staff": "staff"}


def bids(log: Log) -> Frame:
    """Every bid handed in, also one that a later bid of the same firm replaced: ``bidder`` is known."""
    return log.of("bid-submitted").filter(col("bidder").fill_null("").str.strip_chars() != "")


def bidders(log: Log) -> Frame:
    """One row per firm and tender: subject, bidder, nth, seq, day of its first bid; ``price_fen`` of its last."""
    return log.kept("bidders", lambda: _bidders(log))


def _bidders(log: Log) -> Frame:
    rows = bids(log)
    ends = rows.group_by("subject", "bidder").agg(nth=col("nth").min(), _last=col("nth").max())
    first = rows.select("nth", "seq", "day", "office")
    last = rows.select("price_fen", _last=col("nth"))
    return ends.join(first, on="nth", how="inner").join(last, on="_last", how="inner").drop("_last")


def supervisors(log: Log) -> Frame:
    """Per tender ``office``: the one that looks into it, else the one that runs it."""
    told = log.of("tender-published").group_by("subject").agg(_named=col("supervisor_office").max())
    ran = bids(log).group_by("subject").agg(_ran=col("office").max())
    rows = ran.join(told, on="subject", how="left")
    return rows.select("subject", office=coalesce("_named", "_ran"))


def cleared(log: Log) -> Frame:
    """What a supervisor without a part in the tender found to be harmless: subject, sign, a, b ("" for everybody)."""
    rows = log.of("bid-sign-cleared").filter(col("role").is_in(list(OVERSEERS)))
    parts = [log.of("bid-submitted").select("subject", actor=col("bidder"))]
    parts += [log.events(kind).select("subject", "actor") for kind in ("bid-submitted", "tender-published")]
    hands = nw.concat(parts, how="vertical").unique()
    rows = rows.join(hands, on=["subject", "actor"], how="anti")
    one, two = col("bidder").fill_null(""), col("other").fill_null("")
    is_ordered = one <= two
    return rows.select(
        "subject",
        "sign",
        a=when(is_ordered).then(one).otherwise(two),
        b=when(is_ordered).then(two).otherwise(one),
    ).unique()


def uncleared(rows: Frame, harmless: Frame) -> Frame:
    """Rows (subject, a, b, sign) of which nobody found that they are harmless."""
    everybody = harmless.filter((col("a") == "") & (col("b") == "")).select("subject", "sign")
    rows = rows.join(everybody, on=["subject", "sign"], how="anti")
    return rows.join(harmless.select(*PAIR, "sign"), on=[*PAIR, "sign"], how="anti")


# --- signs of two bids ------------------------------------------------------------------------------------------------


def signs(log: Log, *, similar: int, near_minutes: int, tenders: int) -> Frame:
    """What two bids of one tender have in common, but for their prices; columns :data:`SIGN`, ``a`` before ``b``."""
    parts = [_shared(_values(log, column), sign) for column, sign in SHARED.items()]
    parts += [_near(log, near_minutes), _compared(log, similar), _same_winner(log, tenders)]
    return once(nw.concat(parts, how="vertical"))


def once(rows: Frame) -> Frame:
    """Each sign of a pair once."""
    return rows.group_by(*PAIR, "sign").agg(strong=col("strong").max(), last_seq=col("last_seq").max()).select(*SIGN)


def _values(log: Log, column: str) -> Frame:
    rows = bids(log).select("subject", "bidder", "seq", "at", value=col(column))
    rows = members(rows, "value") if column == "staff" else rows
    rows = rows.filter(col("value").fill_null("").str.strip_chars() != "")
    if column == "author":  # whoever made the tender's own files stands in every bid that fills them in
        own = log.of("tender-published").select("subject", value=col("author")).unique()
        rows = rows.join(own.filter(~col("value").is_null()), on=["subject", "value"], how="anti")
    return rows


def _met(rows: Frame) -> Frame:
    """Pairs of different firms with the same value in the same tender."""
    one = rows.select("subject", "value", a=col("bidder"), _seq=col("seq"), _at=col("at"))
    two = rows.select("subject", "value", b=col("bidder"), _seq2=col("seq"), _at2=col("at"))
    met = one.join(two, on=["subject", "value"], how="inner").filter(col("a") < col("b"))
    return met.with_columns(last_seq=nw.max_horizontal("_seq", "_seq2"))


def _shared(rows: Frame, sign: str) -> Frame:
    return _signed(_met(rows), sign)


def _signed(rows: Frame, sign: str) -> Frame:
    strong = 1 if sign in STRONG else 0
    return rows.with_columns(sign=lit(sign), strong=lit(strong).cast(Int64)).select(*SIGN)


def _near(log: Log, near_minutes: int) -> Frame:
    """From one address of the network within the time: people who share an office's address come at other times too."""
    met = _met(_values(log, "address"))
    apart = nw.max_horizontal(col("_at") - col("_at2"), col("_at2") - col("_at"))
    return _signed(met.filter(apart <= near_minutes * MINUTE), "address")


def _compared(log: Log, similar: int) -> Frame:
    one, two = col("bidder").fill_null(""), col("other").fill_null("")
    rows = log.of("bids-compared").filter((one != "") & (two != "") & (one != two))
    rows = rows.with_columns(
        a=when(one < two).then(one).otherwise(two), b=when(one < two).then(two).otherwise(one), last_seq=col("seq")
    )
    alike = (col("similarity_percent").fill_null(0) >= similar) | (col("is_same_error").fill_null(0) == 1)
    mixed = rows.filter(col("is_mixed").fill_null(0) == 1)
    return nw.concat([_signed(rows.filter(alike), "text"), _signed(mixed, "mixed")], how="vertical")


def _same_winner(log: Log, tenders: int) -> Frame:
    """Two that bid together in so many tenders, all of which the same one of them won."""
    rows = bidders(log).select("subject", "bidder", "seq")
    won = log.of("bid-won").select("subject", _winner=col("bidder")).unique()
    one = rows.select("subject", a=col("bidder"), _seq=col("seq"))
    two = rows.select("subject", b=col("bidder"), _seq2=col("seq"))
    met = one.join(two, on="subject", how="inner").filter(col("a") < col("b"))
    met = met.join(won, on="subject", how="inner")
    ours = met.filter((col("_winner") == col("a")) | (col("_winner") == col("b")))
    together = met.group_by("a", "b").agg(_together=col("subject").n_unique())
    often = ours.group_by("a", "b", "_winner").agg(_n=col("subject").n_unique()).filter(col("_n") >= tenders)
    often = often.join(together, on=["a", "b"], how="inner").filter(col("_n") == col("_together"))
    rows = ours.join(often.select("a", "b", "_winner"), on=["a", "b", "_winner"], how="inner")
    return _signed(rows.with_columns(last_seq=nw.max_horizontal("_seq", "_seq2")), "same-winner")


# --- who hangs together, and prices in step ---------------------------------------------------------------------------


def groups(log: Log, edges: Frame) -> Frame:
    """The connected sets of pairs: subject, bidder, ``group`` (order of the set's earliest bid)."""
    rows = bidders(log).select("subject", "bidder", "nth", "seq")
    both = nw.concat(
        [
            edges.select("subject", bidder=col("a"), _other=col("b")),
            edges.select("subject", bidder=col("b"), _other=col("a")),
        ],
        how="vertical",
    )
    both = log.settle(both.unique())
    held = rows.join(both.select("subject", "bidder").unique(), on=["subject", "bidder"], how="inner")
    held = log.settle(held.with_columns(group=col("nth")))
    while True:
        told = both.join(held.select("subject", _other=col("bidder"), _told=col("group")), on=["subject", "_other"])
        least = told.group_by("subject", "bidder").agg(col("_told").min())
        met = log.settle(held.join(least, on=["subject", "bidder"], how="left"))
        if not has_rows(met.filter((col("_told") < col("group")).fill_null(False))):
            return held
        nearer = nw.min_horizontal("group", coalesce("_told", "group")).cast(Int64)
        held = log.settle(met.with_columns(group=nearer).drop("_told"))


def in_step(log: Log, rows: Frame, *, fewest: int, fit_per_mille: int) -> Frame:
    """Of sets of firms (subject, group, bidder) those whose prices rise by one step: subject, group, prices.

    The straight line through the prices in their order has a coefficient of determination of so many thousandths. All
    prices alike have no step: that is what a fixed price looks like.
    """
    priced = bidders(log).filter(~col("price_fen").is_null()).select("subject", "bidder", "price_fen")
    rows = rows.select("subject", "group", "bidder").join(priced, on=["subject", "bidder"], how="inner")
    rows = rows.with_columns(_one=lit(1).cast(Int64))
    placed = rows.with_columns(_x=col("_one").cum_sum().over("subject", "group", order_by=["price_fen", "bidder"]))
    means = placed.group_by("subject", "group").agg(
        prices=col("_one").sum().cast(Int64), _mean_x=col("_x").mean(), _mean_y=col("price_fen").mean()
    )
    placed = placed.join(means.filter(col("prices") >= fewest), on=["subject", "group"], how="inner")
    dx, dy = col("_x").cast(Float64) - col("_mean_x"), col("price_fen").cast(Float64) - col("_mean_y")
    placed = placed.with_columns(_xy=dx * dy, _xx=dx * dx, _yy=dy * dy)
    sums = placed.group_by("subject", "group").agg(col("prices").max(), *(col(n).sum() for n in ("_xy", "_xx", "_yy")))
    fits = col("_xy") * col("_xy") * 1000 >= fit_per_mille * col("_xx") * col("_yy")
    return sums.filter((col("_yy") > 0) & fits).select("subject", "group", "prices")


def price_pairs(log: Log, rows: Frame, lines: Frame, *, strong_from: int) -> Frame:
    """Every pair of a set whose prices keep step, as the sign "prices": a strong one from so many prices on."""
    held = rows.select("subject", "group", "bidder").join(lines, on=["subject", "group"], how="inner")
    priced = bidders(log).filter(~col("price_fen").is_null()).select("subject", "bidder", "seq")
    held = held.join(priced, on=["subject", "bidder"], how="inner")
    one = held.select("subject", "group", "prices", a=col("bidder"), _seq=col("seq"))
    two = held.select("subject", "group", b=col("bidder"), _seq2=col("seq"))
    met = one.join(two, on=["subject", "group"], how="inner").filter(col("a") < col("b"))
    return met.select(
        *PAIR,
        sign=lit("prices"),
        strong=(col("prices") >= strong_from).cast(Int64),
        last_seq=nw.max_horizontal("_seq", "_seq2"),
    )
