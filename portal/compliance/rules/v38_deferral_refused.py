"""Who has every main material and lacks only what may be brought later is let in (拒绝容缺).

A material that the list of the item's version does not name may be asked for at once. A bad credit record excuses the
refusal, if somebody who does not handle the case found it before. That a promised material comes too late is no
violation: the case is then deemed withdrawn, and nobody is accused (容缺逾期).
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import members, strung
from portal.compliance.log.pauses import NOT_STAFF, independent
from portal.compliance.rule import Rule, Scope

REFUSED, CREDIT = "deferral-refused", "bad-credit-found"
LETTING_IN = ("tolerantly-accepted", "accepted", "promise-accepted")

RULE = Rule(
    "V38",
    title=N_("Not let to bring a minor material later"),
    sentence=N_(
        "Every main material was there, and only materials that may be brought later were missing: %(lacking)s. The "
        "case was turned away all the same."
    ),
    sources=(
        LegalSource("安阳市政务服务条例", "第二十四条、第二十九条", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("河南省优化营商环境条例", "第三十五条", area="41", in_force_from=date(2021, 1, 1)),
        LegalSource("广东省优化营商环境条例", "第三十二条", area="44", in_force_from=date(2022, 7, 1)),
    ),
    scope=Scope.CASE,
    needs=(REFUSED,),
    begins_with=(REFUSED,),
)


@RULE.check
def refused(log: Log) -> Frame:
    """The first refusal of each case; letting in afterwards cures it."""
    rows = log.of(REFUSED).filter(~col("role").fill_null("").is_in(list(NOT_STAFF)))
    rows = rows.filter(col("is_main_complete").fill_null(0) == 1)
    listed = members(rows.select("nth", "deferrable"), "deferrable").select("nth", lacking=col("deferrable"))
    asked = members(rows.select("nth", "lacking"), "lacking")
    strict = asked.join(listed, on=["nth", "lacking"], how="anti").select("nth").unique()
    rows = rows.join(asked.select("nth").unique(), on="nth", how="semi").join(strict, on="nth", how="anti")
    rows = _uncredited(log, rows)
    first = rows.group_by("subject").agg(nth=col("nth").min()).select("nth")
    rows = log.cut(rows.join(first, on="nth", how="semi"))
    shown = strung(asked, ("nth",), "lacking", order="lacking", into="_shown")
    cures = log.following(rows.select("subject", "nth"), *LETTING_IN).select("nth", "stop_day", "stop_seq")
    rows = rows.join(shown, on="nth", how="left").join(cures, on="nth", how="left")
    return rows.select(
        "subject", "office", "post", "actor", first_seq=col("seq"), last_seq=coalesce("stop_seq", "seq"),
        severity=lit("yellow"), on=col("day"), lacking=col("_shown"), cured_on=col("stop_day").cast(Int64),
        is_open=col("stop_seq").is_null().cast(Int64),
    )  # fmt: skip


def _uncredited(log: Log, rows: Frame) -> Frame:
    """Without those whose bad credit record somebody without a part in the case had found before."""
    refusers = rows.select("subject", "actor").unique()
    found = independent(log, log.of(CREDIT), "actor").join(refusers, on=["subject", "actor"], how="anti")
    found = found.filter(~col("role").fill_null("").is_in(["applicant", "agent"]))
    met = rows.select("subject", "nth").join(found.select("subject", _found=col("nth")), on="subject", how="inner")
    return rows.join(met.filter(col("_found") < col("nth")).select("nth").unique(), on="nth", how="anti")
