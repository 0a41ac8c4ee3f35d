"""What happens is recorded then, in its order, and nothing is closed before it was opened (倒签/体外循环)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

MINUTE = 60_000_000
NOT_STAFF = ("applicant", "agent", "system")
OPENINGS = ("submitted", "received")
CLOSINGS = ("refused", "decided", "delivered", "terminated", "archived")
LOOKING = ("viewed",)
STEP = (
    "seq",
    "nth",
    "subject",
    "kind",
    "actor",
    "role",
    "office",
    "post",
    "channel",
    "at",
    "recorded_at",
    "day",
    "minute",
)
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
    "fault",
    "minutes",
    "acts",
)

RULE = Rule(
    "V16",
    title=N_("Recorded at another time than it happened"),
    sentence={
        "recorded-late": N_("An act at the window was recorded %(minutes)s minutes after it is said to have happened."),
        "before-it-happened": N_("An act was recorded %(minutes)s minutes before it is said to have happened."),
        "out-of-order": N_("An act is said to have happened %(minutes)s minutes before one that was recorded earlier."),
        "closed-before-opened": N_("The case was closed %(minutes)s minutes before it was opened."),
        "bulk-out-of-hours": N_("One person did %(acts)s acts within %(minutes)s minutes outside office hours."),
    },
    sources=(
        LegalSource("安阳市政务服务条例", "第十一条、第五十六条第八项", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("GB/T 22239-2008", "安全审计", in_force_from=date(2008, 11, 1), until=date(2019, 12, 1)),
        LegalSource("GB/T 22239-2019", "安全审计", in_force_from=date(2019, 12, 1)),
    ),
    scope=Scope.PERSON,
    needs=("received",),
    parameters={
        "late_minutes": Parameter(30),
        "slack_minutes": Parameter(1),
        "bulk": Parameter(20),
        "bulk_minutes": Parameter(10),
        "opens_minute": Parameter(8 * 60),
        "closes_minute": Parameter(18 * 60),
    },
)


@RULE.check
def backdated(
    log: Log, late_minutes: int, slack_minutes: int, bulk: int, bulk_minutes: int, opens_minute: int, closes_minute: int
) -> Frame:
    """A declared offline batch (``sync_batch``) explains lateness and order, never a closing before the opening."""
    steps = _steps(log)
    parts = [
        _at_another_time(steps, late_minutes, slack_minutes),
        _out_of_order(steps, slack_minutes),
        _closed_first(log, steps),
        _in_bulk(log, steps, bulk, bulk_minutes, (opens_minute, closes_minute)),
    ]
    return concat([part.with_columns(severity=lit("red")).select(*COLUMNS) for part in parts], how="vertical")


def _steps(log: Log) -> Frame:
    """Every act of the staff, with ``batched`` (0 or 1)."""
    held = [kind for kind in sorted(log.present) if kind not in LOOKING] or ["received"]
    parts = [log.of(kind).select(*STEP, _batch=col("sync_batch")) for kind in held]
    rows = concat(parts, how="vertical").filter(~col("role").is_in(list(NOT_STAFF)))
    return rows.with_columns(batched=when(col("_batch").is_null()).then(lit(0)).otherwise(lit(1))).drop("_batch")


def _single(rows: Frame, fault: str) -> Frame:
    return rows.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), on=col("day"), variant=lit(fault), fault=lit(fault),
        minutes=(col("_gap") // MINUTE).cast(Int64), acts=lit(1).cast(Int64),
    )  # fmt: skip


def _at_another_time(steps: Frame, late_minutes: int, slack_minutes: int) -> Frame:
    rows = steps.filter(col("batched") == 0).with_columns(_gap=col("recorded_at") - col("at"))
    late = rows.filter((col("channel") == "window") & (col("_gap") > late_minutes * MINUTE))
    early = rows.filter(col("_gap") < -slack_minutes * MINUTE).with_columns(_gap=-col("_gap"))
    columns = [*COLUMNS[:3], *COLUMNS[4:]]
    parts = [_single(late, "recorded-late"), _single(early, "before-it-happened")]
    return concat([part.select(*columns) for part in parts], how="vertical")


def _out_of_order(steps: Frame, slack_minutes: int) -> Frame:
    """Only an act recorded after it happened can stand behind a later one, so only such cases are put in order."""
    own = steps.filter(col("batched") == 0)
    behind = own.filter(col("recorded_at") - col("at") > slack_minutes * MINUTE).select("subject").unique()
    rows = own.join(behind, on="subject", how="semi")
    rows = rows.with_columns(_reached=col("at").cum_max().over("subject", order_by="seq"))
    rows = rows.with_columns(_before=col("_reached").shift(1).over("subject", order_by="seq"))
    rows = rows.with_columns(_gap=col("_before") - col("at"))
    return _single(rows.filter(col("_gap") > slack_minutes * MINUTE), "out-of-order")


def _closed_first(log: Log, steps: Frame) -> Frame:
    opened = log.events(*OPENINGS).group_by("subject").agg(_opened=col("at").min())
    closed = steps.filter(col("kind").is_in(list(CLOSINGS))).join(opened, on="subject", how="inner")
    closed = closed.with_columns(_gap=col("_opened") - col("at")).filter(col("_gap") > 0)
    first = closed.group_by("subject").agg(nth=col("nth").min()).select("nth")
    return _single(closed.join(first, on="nth", how="semi"), "closed-before-opened")


def _in_bulk(log: Log, steps: Frame, bulk: int, bulk_minutes: int, hours: tuple[int, int]) -> Frame:
    """Runs of ``bulk`` acts of one person within so many minutes, on a rest day or outside the hours; one a day.

    Such a run puts half of its acts into one of two neighbouring stretches of the clock: only those days are looked at.
    """
    rows = steps.filter(col("batched") == 0).with_columns(_slot=col("at") // (bulk_minutes * MINUTE))
    busy = rows.group_by("actor", "day", "_slot").agg(_n=col("seq").count()).filter(col("_n") * 2 >= bulk)
    rows = rows.join(busy.select("actor", "day").unique(), on=["actor", "day"], how="semi").drop("_slot")
    days = log.calendar.select("calendar", "day", "works")
    rows = log.with_calendar(rows, "day").join(days, on=["calendar", "day"], how="left")
    outside = (col("works").fill_null(1) == 0) | (col("minute") < hours[0]) | (col("minute") >= hours[1])
    rows = rows.filter(outside)
    earlier = {
        f"_was_{name}": col(name).shift(bulk - 1).over("actor", "day", order_by="nth")
        for name in ("at", "seq", "subject")
    }
    rows = rows.with_columns(**earlier).with_columns(_gap=col("at") - col("_was_at"))
    rows = rows.filter(col("_gap") <= bulk_minutes * MINUTE)
    first = rows.group_by("actor", "day").agg(nth=col("nth").min(), acts=(col("seq").count() + bulk - 1).cast(Int64))
    found = rows.join(first.select("nth", "acts"), on="nth", how="inner")
    return found.with_columns(
        subject=col("_was_subject"), first_seq=col("_was_seq"), last_seq=col("seq"), on=col("day"),
        variant=lit("bulk-out-of-hours"), fault=lit("bulk-out-of-hours"),
        minutes=(col("_gap") // MINUTE).cast(Int64), acts=coalesce("acts", lit(bulk)),
    )  # fmt: skip
