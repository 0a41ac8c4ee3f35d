"""An appointment holds: the office does not cancel it within a day of its time (预约失约).

A closure that was declared a day before, and names the time, is no breach. What a citizen cancels or misses is never
one. The finding is the office's, and a notice.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, concat_str, lit

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.halls import CITIZENS, MINUTE, closures
from portal.compliance.rule import Parameter, Rule, Scope

HOUR = 60 * MINUTE

RULE = Rule(
    "V50",
    title=N_("Appointment cancelled by the office"),
    sentence=N_(
        "The office cancelled the appointment for %(slot_at)s on %(cancelled_at)s; it may do so up to %(allowed)s "
        "before."
    ),
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
    ),
    scope=Scope.REFERENCE,
    needs=("appointment-booked", "appointment-cancelled"),
    begins_with=("appointment-cancelled",),
    parameters={"hours": Parameter(24)},
    amounts={"allowed": "whole-hour"},
)


@RULE.check
def cancelled(log: Log, hours: int) -> Frame:
    """Each appointment by the time that it had when it was cancelled."""
    rows = log.of("appointment-cancelled").filter(~col("role").is_in(list(CITIZENS)))
    first = rows.group_by("subject").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(first, on="nth", how="semi")
    kinds = ("appointment-booked", "appointment-moved")
    slots = concat([log.of(kind).select("subject", "slot_at", _set=col("nth")) for kind in kinds], how="vertical")
    met = rows.select("subject", "nth").join(slots.filter(~col("slot_at").is_null()), on="subject", how="inner")
    met = met.filter(col("_set") < col("nth"))
    last = met.group_by("nth").agg(col("_set").max())
    rows = rows.join(met.join(last, on=["nth", "_set"], how="inner").select("nth", "slot_at"), on="nth", how="inner")
    rows = rows.filter(col("slot_at") - col("at") < hours * HOUR)
    nobody = lit(None, dtype=String)
    return _announced(log, rows, hours).select(
        "subject", "office", "slot_at", first_seq=col("seq"), last_seq=col("seq"), severity=lit("notice"), post=nobody,
        actor=nobody, on=col("day"), cancelled_at=col("at"), allowed=lit(hours).cast(Int64),
    )  # fmt: skip


def _announced(log: Log, rows: Frame, hours: int) -> Frame:
    """Without those that an announced closure of their hall hit, if it was recorded so long before the appointment."""
    if "closure-declared" not in log.present:
        return rows
    halls = log.of("appointment-booked").group_by("subject").agg(hall=col("hall").max())
    placed = rows.join(halls, on="subject", how="inner")
    placed = placed.with_columns(place=concat_str(lit("hall/"), col("hall").fill_null("")))
    told = (
        closures(log).filter(col("cause") == "announced").select("place", "closure", "from_at", "until_at", "told_at")
    )
    met = placed.join(told, on=["place", "closure"], how="inner").filter(
        (col("slot_at") - col("told_at") >= hours * HOUR)
        & (col("from_at") <= col("slot_at"))
        & (col("slot_at") < col("until_at"))
    )
    return rows.join(met.select("nth"), on="nth", how="anti")
