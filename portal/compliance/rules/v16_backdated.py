"""What happens is recorded then, in its order, and nothing is closed before it was opened (倒签/体外循环)."""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, coalesce, col, concat, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import ENVELOPE, Frame, Log
from portal.compliance.rule import Parameter, Rule, Scope

MINUTE, DAY = 60_000_000, 86_400_000_000
DECLARERS = ("supervisor", "hall-manager", "system")
NOT_STAFF = ("applicant", "agent", "system")
OPENINGS = ("submitted", "received")
CLOSINGS = ("refused", "decided", "delivered", "terminated", "archived")
LOOKING = ("viewed",)
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
        "recorded-late": N_("An act was recorded %(minutes)s after it is said to have happened."),
        "before-it-happened": N_("An act was recorded %(minutes)s before it is said to have happened."),
        "out-of-order": N_("An act is said to have happened %(minutes)s before one that was recorded earlier."),
        "closed-before-opened": N_("The case was closed %(minutes)s before it was opened."),
        "bulk-out-of-hours": N_("One person recorded %(acts)s acts outside office hours, within %(minutes)s."),
    },
    amounts={"minutes": "minute"},
    sources=(
        LegalSource("安阳市政务服务条例", "第十一条、第五十六条第八项", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("GB/T 22239-2008", "安全审计", in_force_from=date(2008, 11, 1), until=date(2019, 12, 1)),
        LegalSource("GB/T 22239-2019", "安全审计", in_force_from=date(2019, 12, 1)),
    ),
    scope=Scope.PERSON,
    needs=("received",),
    parameters={
        "late_minutes": Parameter(30),
        "elsewhere_minutes": Parameter(240),  # at a desk, in a village, after a call: half a day
        "sync_days": Parameter(3),
        "slack_minutes": Parameter(1),
        "bulk": Parameter(20),
        "bulk_minutes": Parameter(10),
        "opens_minute": Parameter(8 * 60),
        "closes_minute": Parameter(18 * 60),
    },
)


@RULE.check
def backdated(
    log: Log,
    late_minutes: int,
    elsewhere_minutes: int,
    slack_minutes: int,
    sync_days: int,
    bulk: int,
    bulk_minutes: int,
    opens_minute: int,
    closes_minute: int,
) -> Frame:
    """A declared offline batch explains lateness and order, never a closing before the opening."""
    steps = _steps(log, sync_days)
    parts = [
        _at_another_time(steps, late_minutes, elsewhere_minutes, slack_minutes),
        _out_of_order(steps, slack_minutes),
        _closed_first(log, steps),
        _in_bulk(log, steps, bulk, bulk_minutes, (opens_minute, closes_minute)),
    ]
    return concat([part.with_columns(severity=lit("red")).select(*COLUMNS) for part in parts], how="vertical")


def _steps(log: Log, sync_days: int) -> Frame:
    """Every act of the staff, also one that was not theirs to do, with ``batched`` (0 or 1)."""
    held = [kind for kind in sorted(log.present) if kind not in LOOKING] or ["received"]
    parts = [log.recorded(kind).select(*ENVELOPE, _batch=col("sync_batch")) for kind in held]
    rows = concat(parts, how="vertical").filter(~col("role").is_in(list(NOT_STAFF)))
    if "sync-batch-declared" not in log.present:
        return rows.drop("_batch").with_columns(batched=lit(0))
    rows = rows.join(log.settle(_declared(log, rows, sync_days)), on="nth", how="left").drop("_batch")
    return rows.with_columns(batched=col("batched").fill_null(0))


def _declared(log: Log, rows: Frame, sync_days: int) -> Frame:
    """Acts (nth, ``batched``) of a batch that somebody else declared for their office before they were recorded.

    They happened in the time declared, and were recorded by the end of the last of ``sync_days`` working days after it.
    """
    told = log.of("sync-batch-declared").filter(col("role").is_in(list(DECLARERS)))
    offices = log.subjects.select("subject", _place=col("name"))
    told = told.join(offices, on="subject", how="inner").select(
        "_place", "from_at", "until_at", _batch=col("batch"), _by=col("actor"), _known_at=col("recorded_at")
    )
    mine = rows.filter(~col("_batch").is_null()).with_columns(
        _place=concat_str(lit("office/"), col("office").fill_null(""))
    )
    met = mine.join(told, on=["_batch", "_place"], how="inner").filter(
        (col("_by") != col("actor"))
        & (col("_known_at") <= col("recorded_at"))
        & (col("from_at") <= col("at"))
        & (col("at") <= col("until_at"))
    )
    met = met.with_columns(_ended_on=_day_of("until_at"), _synced_on=_day_of("recorded_at"))
    met = log.with_calendar(met, "_synced_on")
    met = log.with_workdays(met, "_ended_on", "_synced_on", "_lag", pausing=False)
    return met.filter(col("_lag") <= sync_days).select("nth", batched=lit(1)).unique()


def _day_of(instant: str) -> Expr:
    """The local day of another instant, carried on from the one of ``at`` by whole minutes, so no zone is needed."""
    lag = (col("minute") * MINUTE + col("at") % MINUTE + col(instant) - col("at")) // DAY
    return (col("day") + lag).cast(Int64)


def _single(rows: Frame, fault: str) -> Frame:
    return rows.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), on=col("day"), variant=lit(fault), fault=lit(fault),
        minutes=(col("_gap") // MINUTE).cast(Int64), acts=lit(1).cast(Int64),
    )  # fmt: skip


def _at_another_time(steps: Frame, late_minutes: int, elsewhere_minutes: int, slack_minutes: int) -> Frame:
    rows = steps.filter(col("batched") == 0).with_columns(_gap=col("recorded_at") - col("at"))
    is_at_window = (col("channel") == "window").fill_null(False)
    allowed = when(is_at_window).then(lit(late_minutes * MINUTE)).otherwise(lit(elsewhere_minutes * MINUTE))
    late = rows.filter(col("_gap") > allowed)
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
