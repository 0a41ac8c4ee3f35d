"""No approval, filing, certificate or check is demanded that no list knows, or by an office without the power
(清单外审批、变相许可).

The list is the one that the demand names; it is asked only where the log holds it. What the demanding office itself
wrote into it does not count. A power that was moved is the new office's and no longer the old one's. A pilot counts
if another office authorised it on a named basis.
"""

from __future__ import annotations

from datetime import date

from narwhals import col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.demands import asked, of_list, with_withdrawal
from portal.compliance.log.lists import members
from portal.compliance.rule import Rule, Scope

RULE = Rule(
    "V26",
    title=N_("Demand outside the list of powers"),
    sentence={
        "not-listed": N_("It demanded what no item in force knows: %(act)s, %(item)s."),
        "no-power": N_("It demanded what lies with another office: %(act)s, %(item)s, of %(holder)s."),
    },
    sources=(
        LegalSource("行政许可法", "第十七条、第七十一条", in_force_from=date(2004, 7, 1)),
        LegalSource("优化营商环境条例", "第三十九条、第四十条、第六十九条第八项", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.OFFICE,
    needs=("act-demanded", "power-listed"),
    begins_with=("act-demanded",),
    words={
        "approval": N_("an approval"),
        "filing": N_("a filing"),
        "certificate": N_("a certificate"),
        "check": N_("a yearly check"),
    },
)


@RULE.check
def unlisted(log: Log) -> Frame:
    rows = asked(log, "act-demanded").filter(col("act").is_in(list(RULE.words)))
    powers = of_list(log, "power-listed")
    rows = rows.join(powers.select("list").unique(), on="list", how="semi")
    standing = log.settle(_standing(log, rows, members(powers, "acts")))
    right = standing.filter(col("holder") == col("accused")).select("seq").unique()
    found = rows.join(right, on="seq", how="anti").join(_pilots(log, rows), on="seq", how="anti")
    theirs = standing.group_by("seq").agg(holder=col("holder").min())
    found = with_withdrawal(log, found).join(theirs, on="seq", how="left")
    return found.select(
        "subject", "last_seq", "office", "post", "actor", "is_open", "cured_on", "act", "item", "holder",
        first_seq=col("seq"), severity=lit("red"), on=col("day"),
        variant=when(col("holder").is_null()).then(lit("not-listed")).otherwise(lit("no-power")),
    )  # fmt: skip


def _standing(log: Log, rows: Frame, powers: Frame) -> Frame:
    """Per demand, the offices that had the listed power on its day: the holder, or to whom it was moved last."""
    met = rows.select("seq", "list", "item", "act", "day", "accused").join(
        powers.select("list", "item", "holder", "since", "until", "lister", act=col("acts")),
        on=["list", "item", "act"], how="inner",
    )  # fmt: skip
    met = met.filter((col("since") <= col("day")) & (col("until") > col("day")) & (col("lister") != col("accused")))
    moves = of_list(log, "power-moved").select(
        "list", "item", "to_office", _since=col("since"), _lister=col("lister"), _nth=col("nth")
    )
    newest = met.group_by("seq", "list", "item", "day", "accused").agg(_listed=col("since").max())
    moved = newest.join(moves, on=["list", "item"], how="inner").filter(
        (col("_since") <= col("day")) & (col("_since") >= col("_listed")) & (col("_lister") != col("accused"))
    )
    last_day = moved.group_by("seq").agg(_since=col("_since").max())
    moved = moved.join(last_day, on=["seq", "_since"], how="semi")
    last = moved.group_by("seq").agg(_nth=col("_nth").max())
    moved = moved.join(last, on=["seq", "_nth"], how="semi").select("seq", "accused", holder=col("to_office"))
    stayed = met.join(moved, on="seq", how="anti").select("seq", "accused", "holder")
    return concat([moved, stayed], how="vertical").filter(~col("holder").is_null())


def _pilots(log: Log, rows: Frame) -> Frame:
    pilots = of_list(log, "pilot-authorised").filter(col("basis").fill_null("").str.strip_chars() != "")
    pilots = pilots.select("list", "item", "since", "until", "lister", accused=col("pilot_office"))
    met = rows.select("seq", "list", "item", "day", "accused").join(pilots, on=["list", "item", "accused"], how="inner")
    met = met.filter((col("since") <= col("day")) & (col("until") > col("day")) & (col("lister") != col("accused")))
    return met.select("seq").unique()
