"""Everything that is missing is told once: a second notice asks for nothing the first hand-in showed (一次性告知).

A case that the office ended, and the applicant handed in again soon, is the same case here: what the second one is
asked for should have been asked in the first. An applicant who withdraws of his own will begins anew.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import members, strung
from portal.compliance.log.narrowing import has_rows, united
from portal.compliance.log.pauses import independent
from portal.compliance.rule import Parameter, Rule, Scope

MATTER = ["applicant", "matter"]

RULE = Rule(
    "V05",
    title=N_("Corrections asked for more than once"),
    sentence=N_(
        "The notice of %(noticed_on)s asked for what the first hand-in had shown already: %(demands)s. Notices needed "
        "to say what was missing: %(notices)s."
    ),
    sources=(
        LegalSource(
            "行政许可法",
            "第三十二条第一款第四项、第七十二条第四项",
            item_types=("permit",),
            in_force_from=date(2004, 7, 1),
        ),
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "一次性告知", in_force_from=date(2015, 11, 27)),
        LegalSource("优化营商环境条例", "第三十六条", in_force_from=date(2020, 1, 1)),
        LegalSource("安阳市政务服务条例", "第三十六条", area="4105", in_force_from=date(2021, 12, 1)),
    ),
    scope=Scope.MATTER,
    needs=("correction-noticed",),
    begins_with=("correction-noticed",),
    parameters={"red_from": Parameter(3), "again_days": Parameter(90)},
)


@RULE.check
def asked_again(log: Log, red_from: int, again_days: int) -> Frame:
    """One finding per case; it names who wrote the last of these notices, and counts the first notice with them."""
    log = _together(log, again_days)
    notices = log.settle(_repeated(log))
    late = log.settle(_late_demands(log, notices))
    faulty = notices.join(late.select("nth").unique(), on="nth", how="semi")
    counted = faulty.group_by("subject").agg(
        notices=col("nth").count().cast(Int64) + 1, _last=col("nth").max(), on=col("day").min()
    )
    told = strung(late, ["nth"], "demand", order="demand", into="demands")
    found = faulty.drop("demands").join(counted.rename({"_last": "nth"}), on=["subject", "nth"], how="inner")
    return found.join(told, on="nth", how="inner").with_columns(
        first_seq=col("_first_seq"),
        last_seq=col("seq"),
        severity=when(col("notices") >= red_from).then(lit("red")).otherwise(lit("yellow")),
        noticed_on=col("day"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "notices", "demands",
        "noticed_on",
    )  # fmt: skip


def _together(log: Log, again_days: int) -> Log:
    """The log in which what the office ended and was handed in again within the days is one case, named by the first.

    A termination counts whoever approved it, and so does a withdrawal that was not the applicant's.
    """
    void = log.recorded("withdrawn").select("subject", "nth", "day")
    void = void.join(log.of("withdrawn").select("nth"), on="nth", how="anti")
    ended = concat([log.recorded("terminated").select("subject", "nth", "day"), void], how="vertical")
    ended = ended.group_by("subject").agg(_ended=col("nth").min(), _ended_on=col("day").min())
    whose = log.subjects.filter((col("applicant") != "") & (col("matter") != "")).select("subject", *MATTER)
    again = whose.join(whose.join(ended, on="subject", how="semi").select(*MATTER).unique(), on=MATTER, how="semi")
    again = log.settle(again)
    if not has_rows(again):
        return log
    begun = log.events("submitted").group_by("subject").agg(nth=col("nth").min(), _begun_on=col("day").min())
    rows = again.join(begun, on="subject", how="inner").join(ended, on="subject", how="left")
    rows = rows.with_columns(
        _left=col("_ended").shift(1).over(*MATTER, order_by="nth"),
        _left_on=col("_ended_on").shift(1).over(*MATTER, order_by="nth"),
    )
    goes_on = (col("_left") < col("nth")) & (col("_begun_on") - col("_left_on") <= again_days)
    rows = rows.with_columns(_new=when(goes_on.fill_null(False)).then(lit(0)).otherwise(lit(1)).cast(Int64))
    rows = log.settle(rows.with_columns(_part=col("_new").cum_sum().over(*MATTER, order_by="nth")))
    first = rows.filter(col("_new") == 1).select(*MATTER, "_part", root=col("subject"))
    return united(log, log.settle(rows.join(first, on=[*MATTER, "_part"], how="inner").select("subject", "root")))


def _repeated(log: Log) -> Frame:
    """Every notice of cases that hold at least two, with ``_before`` (nth of the one before it) and ``_first_seq``."""
    notices = log.of("correction-noticed")
    several = notices.group_by("subject").agg(_count=col("nth").count(), _first_seq=col("seq").min())
    several = several.filter(col("_count") > 1).drop("_count")
    rows = notices.join(several, on="subject", how="inner")
    return rows.with_columns(_before=col("nth").shift(1).over("subject", order_by="nth"))


def _late_demands(log: Log, notices: Frame) -> Frame:
    """Rows of nth and ``demand``: told only by a later notice, though the first hand-in showed it.

    Those the notice itself lists as shown by the first hand-in are. When it lists none, a demand counts all the same
    unless the applicant brought something new or the law changed: that a demand could not have been made before is not
    for its author alone to say.
    """
    every = members(notices.select("subject", "nth", "_before", "actor", demand=col("demands")), "demand")
    once = every.group_by("subject", "demand").agg(nth=col("nth").min())
    new = every.filter(~col("_before").is_null()).join(once, on=["subject", "demand", "nth"], how="semi")
    new = log.settle(new.join(_brought(log, new), on=["nth", "demand"], how="anti"))
    listed = members(notices.select("nth", demand=col("determinable")), "demand")
    shown = new.join(listed, on=["nth", "demand"], how="semi")
    silent = new.join(shown.select("nth").unique(), on="nth", how="anti").join(
        _excused(log, notices).select("nth"), on="nth", how="anti"
    )
    columns = ["subject", "nth", "demand"]
    return concat([shown.select(*columns), silent.select(*columns)], how="vertical").unique()


def _hand_ins(log: Log) -> Frame:
    """What came after the first hand-in: subject, nth, actor, ``materials``."""
    columns = ("subject", "nth", "actor", "materials")
    parts = [log.of(kind).select(*columns) for kind in ("correction-submitted", "supplied")]
    anew = log.of("submitted").join(log.first("submitted").select("nth"), on="nth", how="anti")
    parts.append(anew.select(*columns))
    return concat(parts, how="vertical")


def _brought(log: Log, new: Frame) -> Frame:
    """Demands about papers that the applicant handed in only later, on his own: nobody could judge them at first."""
    first = log.of("submitted").join(log.first("submitted").select("nth"), on="nth", how="semi")
    first = members(first.select("subject", demand=col("materials")), "demand")
    later = members(
        _hand_ins(log).select("subject", _at=col("nth"), _by=col("actor"), demand=col("materials")), "demand"
    )
    met = new.join(later, on=["subject", "demand"], how="inner")
    met = met.filter((col("_at") < col("nth")) & (col("_by") != col("actor")))
    return met.join(first, on=["subject", "demand"], how="anti").select("nth", "demand").unique()


def _excused(log: Log, notices: Frame) -> Frame:
    """Notices that somebody who took no part in the case approved, after new facts or a change of the law.

    New facts come with something that the applicant handed in between this notice and the one before it.
    """
    approved = independent(log, notices, "approved_by")
    by_law = approved.filter(col("is_law_changed").fill_null(0) == 1)
    met = approved.filter(col("is_new_fact").fill_null(0) == 1).join(
        _hand_ins(log).select("subject", _at=col("nth"), _by=col("actor")), on="subject", how="inner"
    )
    met = met.filter(
        (col("_at") > coalesce("_before", lit(0))) & (col("_at") < col("nth")) & (col("_by") != col("actor"))
    )
    return concat([by_law.select("nth"), met.select("nth")], how="vertical").unique()
