"""Personal data are seen in full only by whom the matter lies with, in measure, and in working hours (越权查询)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, col, concat, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

HOUR = 3_600_000_000  # microseconds
LOOK = "viewed"
OVERSIGHT = ("supervisor", "auditor", "inspector", "dispatcher")  # they watch over every office
COLUMNS = (
    "subject",
    "first_seq",
    "last_seq",
    "severity",
    "office",
    "post",
    "actor",
    "on",
    "variant",
    "looks",
    "minute",
)

RULE = Rule(
    "V47",
    title=N_("Personal data looked at without need"),
    sentence={
        "no-link": N_("Somebody looked at personal data of a matter that never lay with the office."),
        "too-many": N_("One person looked at personal data of %(looks)s matters within an hour."),
        "out-of-hours": N_("Personal data were looked at outside of working hours, without any work on the matter."),
    },
    sources=(
        LegalSource("个人信息保护法", "第十条、第五十一条", in_force_from=date(2021, 11, 1)),
        LegalSource("国务院令第716号", "第十四条", in_force_from=date(2019, 4, 26)),
    ),
    scope=Scope.PERSON,
    needs=(LOOK,),
    begins_with=(LOOK,),
    parameters={
        "most_in_an_hour": Parameter(50),
        "opens_minute": Parameter(7 * 60),
        "closes_minute": Parameter(20 * 60),
    },
)


@RULE.check
def snooping(log: Log, most_in_an_hour: int, opens_minute: int, closes_minute: int) -> Frame:
    looks = log.of(LOOK).filter(col("fields").fill_null("") != "")  # masked, it shows nobody's data
    return concat(
        [_unlinked(log, looks), _too_many(looks, most_in_an_hour), _late(log, looks, opens_minute, closes_minute)],
        how="vertical",
    )


def _unlinked(log: Log, looks: Frame) -> Frame:
    """The matter had not come to the looking person's office by any act, nor been handed over to it."""
    kinds = [kind for kind in sorted(log.present) if kind != LOOK]
    lay = [log.events(*kinds).select("subject", "office", _since=col("nth"))] if kinds else []
    lay += [
        log.of(kind).select("subject", office=col("to_office"), _since=col("nth"))
        for kind in ("handed-over", "designated")
        if kind in log.present
    ]
    if not lay:
        return _found(looks, "no-link", "red")
    linked = concat(lay, how="vertical").group_by("subject", "office").agg(_since=col("_since").min())
    strange = looks.filter(~col("role").is_in(list(OVERSIGHT))).join(linked, on=["subject", "office"], how="left")
    return _found(strange.filter((col("_since").fill_null(2**62)) > col("nth")), "no-link", "red")


def _too_many(looks: Frame, most: int) -> Frame:
    """Looking again at the same matter on the same day counts once."""
    once = looks.join(
        looks.group_by("actor", "subject", "day").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi"
    )
    rows = once.with_columns(_before=col("at").shift(most).over("actor", order_by="nth"))
    rows = rows.filter(col("at") - col("_before") < HOUR)
    first = rows.group_by("actor", "day").agg(nth=col("nth").min()).select("nth")
    return _found(rows.join(first, on="nth", how="semi"), "too-many", "red", looks=most + 1)


def _late(log: Log, looks: Frame, opens: int, closes: int) -> Frame:
    """On a rest day or at night, by somebody who did nothing else in the matter that day."""
    days = log.calendar.select("calendar", "day", "works")
    rows = log.with_calendar(looks, "day").join(days, on=["calendar", "day"], how="left")
    at_night = (col("minute") < opens) | (col("minute") >= closes)
    rows = rows.filter(at_night | (col("works").fill_null(1) == 0))
    kinds = [kind for kind in sorted(log.present) if kind != LOOK]
    if kinds:
        worked = log.events(*kinds).select("subject", "actor", "day").unique()
        rows = rows.join(worked, on=["subject", "actor", "day"], how="anti")
    return _found(rows, "out-of-hours", "yellow")


def _found(rows: Frame, variant: str, severity: str, *, looks: int = 1) -> Frame:
    return rows.with_columns(
        first_seq=col("seq"),
        last_seq=col("seq"),
        severity=lit(severity),
        on=col("day"),
        variant=lit(variant),
        looks=lit(looks).cast(Int64),
    ).select(*COLUMNS)
