"""Bids of one tender are made apart from one another (围串标): a suspicion for the supervisor, never a punishment.

Strong is a sign that the regulation itself lists (招标投标法实施条例 第四十条): the same maker of the files, the same
agent, the same project staff, files unusually alike or prices in regular steps, mixed files, deposits from one account.
Weak are the same device, the same address of the network within the hour, and a winner who stays the same. One strong
sign between two bids makes a suspicion, two make it grave; bids that strong signs connect are one suspicion. Weak signs
alone make a notice. Prices in step count for the whole tender, where three of them may fall so by chance and are a weak
sign only, and for each set that other strong signs already connect.

Which tenders one firm won is seen where a whole log is judged; everything else lies within one tender.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.bids import (
    STRONG,
    WEAK,
    bidders,
    cleared,
    groups,
    in_step,
    once,
    price_pairs,
    signs,
    supervisors,
    uncleared,
)
from portal.compliance.log.lists import strung
from portal.compliance.log.narrowing import has_rows
from portal.compliance.rule import Parameter, Rule, Scope

SIGNS = (*STRONG, *WEAK)
SET = ("subject", "group")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "members", "signs",
    "most",
)  # fmt: skip

RULE = Rule(
    "V41",
    title=N_("Bids that may not have been made apart"),
    sentence={
        "ring": N_(
            "Bids of one tender share signs of having been made together: %(signs)s. Bidders: %(members)s; strong "
            "signs between two of them: up to %(most)s. This is a suspicion to be looked into, no verdict."
        ),
        "weak": N_(
            "Bids of one tender share weak signs: %(signs)s. Bidders: %(members)s. Such signs may well be harmless."
        ),
    },
    sources=(LegalSource("招标投标法实施条例", "第三十九条、第四十条", in_force_from=date(2012, 2, 1)),),
    scope=Scope.CASE,
    needs=("bid-submitted",),
    begins_with=("bid-submitted",),
    parameters={
        "similar": Parameter(80),  # of a hundred
        "near_minutes": Parameter(60),
        "tenders": Parameter(3),
        "fewest": Parameter(3),  # prices that make a line
        "strong_from": Parameter(4),  # prices of a whole tender
        "fit_per_mille": Parameter(999),
    },
    words={
        "author": N_("the same maker of the files"),
        "agent": N_("the same agent"),
        "staff": N_("the same project staff"),
        "text": N_("texts unusually alike"),
        "prices": N_("prices in regular steps"),
        "mixed": N_("pages of one bid in the other"),
        "deposit": N_("deposits from one account"),
        "device": N_("the same device"),
        "address": N_("the same network address within the hour"),
        "same-winner": N_("the same winner again and again"),
    },
)


@RULE.check
def colluding(
    log: Log, similar: int, near_minutes: int, tenders: int, fewest: int, strong_from: int, fit_per_mille: int
) -> Frame:
    harmless = log.settle(cleared(log))
    whole = bidders(log).select("subject", "bidder", group=lit(0).cast(Int64))
    lines = in_step(log, whole, fewest=fewest, fit_per_mille=fit_per_mille)
    found = concat(
        [
            signs(log, similar=similar, near_minutes=near_minutes, tenders=tenders),
            price_pairs(log, whole, lines, strong_from=strong_from),
        ],
        how="vertical",
    )
    found = log.settle(uncleared(once(found), harmless))
    rings = groups(log, found.filter(col("strong") == 1))
    if has_rows(rings):
        lines = in_step(log, rings, fewest=fewest, fit_per_mille=fit_per_mille)
        more = uncleared(price_pairs(log, rings, lines, strong_from=fewest), harmless)
        found = log.settle(once(concat([found, more], how="vertical")))
    parts = [_rings(log, found, rings), _weak(log, found, rings)]
    return concat([part.select(*COLUMNS) for part in parts], how="vertical")


def _rings(log: Log, found: Frame, rings: Frame) -> Frame:
    """One row per connected set, as grave as its gravest pair."""
    mine = rings.select("subject", "group", a=col("bidder"))
    pairs = found.join(mine, on=["subject", "a"], how="inner")
    pairs = pairs.join(rings.select("subject", "group", b=col("bidder")), on=["subject", "group", "b"], how="inner")
    counted = pairs.group_by(*SET, "a", "b").agg(_strong=col("strong").sum(), _seq=col("last_seq").max())
    totals = counted.group_by(*SET).agg(most=col("_strong").max().cast(Int64), _seq=col("_seq").max())
    rows = _told(log, rings, pairs, totals)
    return rows.with_columns(
        severity=when(col("most") >= 2).then(lit("red")).otherwise(lit("yellow")), variant=lit("ring")
    )


def _weak(log: Log, found: Frame, rings: Frame) -> Frame:
    """One row per set that weak signs connect outside of the others; with whom of those it shares them is told too."""
    both = concat(
        [
            found.select("subject", "sign", "strong", "last_seq", bidder=col("a"), _other=col("b")),
            found.select("subject", "sign", "strong", "last_seq", bidder=col("b"), _other=col("a")),
        ],
        how="vertical",
    )
    both = both.join(rings.select("subject", "bidder"), on=["subject", "bidder"], how="anti")
    inside = rings.select("subject", _other=col("bidder"), _inside=lit(1))
    both = log.settle(both.join(inside, on=["subject", "_other"], how="left"))
    edges = both.select("subject", a=col("bidder"), b=when(col("_inside") == 1).then("bidder").otherwise("_other"))
    sets = groups(log, edges)
    both = both.join(sets.select(*SET, "bidder"), on=["subject", "bidder"], how="inner")
    named = concat([both.select(*SET, "bidder"), both.select(*SET, bidder=col("_other"))], how="vertical").unique()
    named = named.join(bidders(log).select("subject", "bidder", "nth", "seq"), on=["subject", "bidder"], how="inner")
    totals = both.group_by(*SET).agg(most=col("strong").sum().cast(Int64), _seq=col("last_seq").max())
    rows = _told(log, named, both, totals)
    return rows.with_columns(severity=lit("notice"), variant=lit("weak"))


def _told(log: Log, members: Frame, pairs: Frame, totals: Frame) -> Frame:
    """Add to each set who belongs to it, in the order of their bids, and which signs connect them.

    The set's ``group`` is the order of the bid that stands for it: its number is the finding's key.
    """
    place = lit(len(SIGNS))
    for number, sign in enumerate(SIGNS):
        place = when(col("sign") == sign).then(lit(number)).otherwise(place)
    kinds = pairs.select(*SET, "sign").unique().with_columns(_place=place)
    rows = totals.join(strung(members, SET, "bidder", order="nth", into="members"), on=list(SET), how="inner")
    rows = rows.join(strung(kinds, SET, "sign", order="_place", into="signs"), on=list(SET), how="inner")
    heads = bidders(log).select("subject", group=col("nth"), first_seq=col("seq"), on=col("day"))
    last = members.group_by(*SET).agg(_bid=col("seq").max())
    rows = rows.join(heads, on=list(SET), how="inner").join(last, on=list(SET), how="inner")
    rows = rows.join(supervisors(log), on="subject", how="left")
    nobody = lit(None, dtype=String)
    return rows.with_columns(
        last_seq=when(col("_bid") > col("_seq")).then("_bid").otherwise("_seq"), post=nobody, actor=nobody
    )
