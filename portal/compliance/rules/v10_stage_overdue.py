"""Each stage keeps its own limit, even when the whole is in time (环节超时)."""

from __future__ import annotations

from datetime import date

from narwhals import col, lit, when

from portal.basis import N_, LegalSource
from portal.catalogue.model.clocks import STAGE_TITLES
from portal.compliance.log import Frame, Log, spans
from portal.compliance.log.narrowing import narrowed
from portal.compliance.log.stages import late_stages
from portal.compliance.rule import Rule, Scope
from portal.ledger.kinds import KINDS, Sort

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")
TOTALS = {"feedback": ("received", "delivered"), "decide": (ACCEPTANCES, "decided")}
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar", "is_open",
    "is_certain", "stage", "unit", "taken", "allowed", "overdue", "due_on", "due_at", "started_on", "ended_on",
    "ended_at",
)  # fmt: skip

RULE = Rule(
    "V10",
    title=N_("A stage took longer than its limit"),
    sentence={
        "days": N_(
            "The stage “%(stage)s”, counted from %(started_on)s, was due on %(due_on)s and stood at %(ended_on)s: "
            "%(taken)s taken, %(allowed)s allowed, %(overdue)s over; the whole is still in time."
        ),
        "moment": N_(
            "The stage “%(stage)s”, counted from %(started_on)s, was due at %(due_at)s and stood at %(ended_at)s: "
            "%(taken)s taken, %(allowed)s allowed, %(overdue)s over; the whole is still in time."
        ),
    },
    sources=(LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),),
    scope=Scope.CASE,
    needs=("opened",),
    words=STAGE_TITLES,
    begins_with=tuple(name for name, kind in KINDS.items() if kind.sort in (Sort.CASE, Sort.INQUIRY)),
)


@RULE.check
def overstayed(log: Log) -> Frame:
    """A whole that is late is the matter of V08 and V09; this is a hint, never a card."""
    late = log.settle(late_stages(log))
    log = narrowed(log, late)
    for clock, (start, stop) in TOTALS.items():
        if clock in log.clocks:
            whole = spans(log, start=start, stop=stop, limit=clock).filter(col("is_late") == 1)
            late = late.join(log.settle(whole.select("subject")), on="subject", how="anti")
    variant = when(col("due_at").is_null()).then(lit("days")).otherwise(lit("moment"))
    found = _held(log, late).with_columns(severity=lit("notice"), on=col("started_on"), variant=variant)
    return found.select(*COLUMNS)


def _held(log: Log, late: Frame) -> Frame:
    """Name who held the stage: who ended it, else who had taken the case up by then, else who began it."""
    opened = log.events("opened").select(
        "subject", _at=col("at"), _nth=col("nth"), _office=col("office"), _post=col("post"), _actor=col("actor")
    )
    taken_up = (
        late.select("subject", "first_seq", "ended_at")
        .join(opened, on="subject", how="inner")
        .filter(col("_at") <= col("ended_at"))
    )
    last = taken_up.group_by("subject", "first_seq").agg(col("_nth").max())
    rows = late.join(last, on=["subject", "first_seq"], how="left").join(
        opened.drop("subject", "_at"), on="_nth", how="left"
    )
    ended = ~col("stopped_by").is_null() & ~col("stopped_by").is_in(["withdrawn", "deemed-withdrawn", "terminated"])
    return rows.with_columns(
        **{
            name: when(ended)
            .then(f"stop_{name}")
            .otherwise(when(~col("_nth").is_null()).then(f"_{name}").otherwise(name))
            for name in ("office", "post", "actor")
        }
    )
