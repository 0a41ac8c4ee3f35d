"""What was passed on is taken over at once, or sent back quickly and with a reason (退单、转办).

An acknowledgement counts when the office named gave it, and neither the one who passed it on; working on the case is
taking it over as well. Taking it over first and sending it back later is sending it back, counted from the passing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from narwhals import Int64, String, coalesce, col, concat, concat_str, lit, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, spans
from portal.compliance.log.narrowing import narrowed
from portal.compliance.rule import Parameter, Rule, Scope

PASSING = ("handed-over", "designated")
WORK = ("accepted", "tolerantly-accepted", "promise-accepted", "opened", "reviewed", "correction-noticed", "decided",
        "delivered", "refused")  # fmt: skip
ENDS = ("decided", "delivered")
INQUIRING = ("inquiry-handed-over",)
UPHOLDING = ("objection-upheld", "handover-returned")
NO_NUMBER = lit(None, dtype=Int64)
NOBODY = lit(None, dtype=String)
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "calendar", "is_open",
    "is_certain", "fault", "passed_on", "due_on", "ended_on", "hours", "taken",
)  # fmt: skip

RULE = Rule(
    "V07",
    title=N_("Passed on and not taken"),
    sentence={
        "returned": N_("Handed over on %(passed_on)s, it was sent back after %(hours)s: %(fault)s."),
        "not-acknowledged": N_(
            "Handed over on %(passed_on)s, it was to be taken over or sent back by %(due_on)s and stood there until "
            "%(ended_on)s: %(taken)s."
        ),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "首问负责、限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource(
            "安阳市政务服务条例", "第五十条", area="4105", item_types=("appeal",), in_force_from=date(2021, 12, 1)
        ),
        LegalSource(
            "潍坊市12345条例", "第二十二条", area="3707", item_types=("appeal",), in_force_from=date(2022, 1, 1)
        ),
        LegalSource("信访工作条例", "第二十三条", item_types=("petition",), in_force_from=date(2022, 5, 1)),
    ),
    scope=Scope.CASE,
    needs=("handed-over", "handover-acknowledged", "handover-returned"),
    begins_with=(*PASSING, *INQUIRING),
    parameters={
        "hours": Parameter(24, "安阳市政务服务条例 第五十条"),
        "petition_days": Parameter(5, "信访工作条例 第二十三条"),
        "within": Parameter(1),
    },
    amounts={"hours": "whole-hour", "taken": "working-day"},
    words={
        "returned-late": N_("too late"),
        "no-reason": N_("without a reason"),
        "designated": N_("though it had been assigned to that office"),
    },
)


@RULE.check
def untaken(log: Log, hours: int, petition_days: int, within: int) -> Frame:
    log = narrowed(log, log.events(*PASSING, *INQUIRING))
    parts = [
        _returned(log, hours, petition_days),
        _untouched(log, within, PASSING, ("handover-acknowledged", *WORK), ("handover-returned", *ENDS)),
        _untouched(log, within, INQUIRING, ("inquiry-acknowledged", "inquiry-answered"), ("inquiry-answered",)),
    ]
    return concat([part.select(*COLUMNS) for part in parts], how="vertical")


def _passings(log: Log, kinds: Sequence[str]) -> Frame:
    columns = ("subject", "nth", "kind", "actor", "to_office")
    return concat([log.of(kind).select(*columns, first_seq=col("seq")) for kind in kinds], how="vertical")


# --- sent back -------------------------------------------------------------------------------------------------------


def _returned(log: Log, hours: int, petition_days: int) -> Frame:
    """Passings that ended in sending back: too late, without a reason, or though the office had been designated."""
    stop = ("handover-returned", *PASSING)
    rows = log.cut(spans(log, start=PASSING, stop=stop, n=hours, unit="hour", every=True))
    rows = rows.filter(col("stopped_by") == "handover-returned")
    in_days = log.cut(spans(log, start=PASSING, stop=stop, n=petition_days, every=True)).select(
        "first_seq", _late=col("is_late")
    )
    types = log.subjects.select("subject", "item_type")
    rows = rows.join(in_days, on="first_seq", how="left").join(types, on="subject", how="left")
    is_petition = col("item_type").fill_null("") == "petition"
    rows = rows.with_columns(_is_late=when(is_petition).then("_late").otherwise("is_late"))
    told = log.of("handover-returned").select(
        "nth", last_seq=col("seq"), _reason=coalesce("reason", lit("")), _unit=col("office")
    )
    kinds = _passings(log, PASSING).select("first_seq", _kind=col("kind"))
    rows = log.settle(rows.join(told, on="last_seq", how="inner").join(kinds, on="first_seq", how="inner"))
    rows = _unobjected(log, _designated(log, rows))
    faults = {
        "returned-late": col("_is_late") == 1,
        "no-reason": col("_reason").str.strip_chars() == "",
        "designated": (col("_kind") == "designated") | (col("_designated") == 1),
    }
    told_of = (when(is_so).then(lit(fault)) for fault, is_so in faults.items())
    rows = rows.with_columns(fault=concat_str(*told_of, separator="|", ignore_nulls=True))
    return rows.filter(col("fault") != "").with_columns(
        severity=lit("yellow"), variant=lit("returned"), on=col("started_on"), passed_on=col("started_on"),
        office=col("stop_office"), post=col("stop_post"), actor=col("stop_actor"), due_on=NO_NUMBER,
        hours=col("taken") // 60, taken=NO_NUMBER, is_certain=lit(1).cast(Int64),
    )  # fmt: skip


def _designated(log: Log, rows: Frame) -> Frame:
    """Add ``_designated``: the dispatcher had given the case to that office before, by whatever way it came again."""
    given = log.of("designated").select("subject", _unit=col("to_office"), _given=col("nth"))
    met = rows.select("subject", "nth", "_unit").join(given, on=["subject", "_unit"], how="inner")
    met = met.filter(col("_given") < col("nth")).select("nth", _designated=lit(1).cast(Int64)).unique()
    return rows.join(met, on="nth", how="left").with_columns(_designated=col("_designated").fill_null(0))


def _unobjected(log: Log, rows: Frame) -> Frame:
    """Leave out what was sent back with an objection that somebody of another office upheld, before the next return."""
    met = log.following(rows.select("subject", "nth", "_unit", "stop_actor"), *UPHOLDING, prefix="then")
    upheld = (col("then_kind") == "objection-upheld") & (col("then_actor") != col("stop_actor"))
    elsewhere = col("then_office").is_null() | (col("then_office") != col("_unit"))
    return rows.join(met.filter(upheld & elsewhere).select("nth"), on="nth", how="anti")


# --- left lying ------------------------------------------------------------------------------------------------------


def _untouched(log: Log, within: int, passing: Sequence[str], taking: Sequence[str], ends: Sequence[str]) -> Frame:
    """Passings that the office named did not take over by the end of the last of ``within`` working days."""
    named = _passings(log, passing).filter(~col("to_office").is_null())
    rows = log.cut(spans(log, start=passing, stop=(*ends, *passing), n=within, every=True))
    rows = rows.filter(col("stopped_by").is_null() | (col("stopped_by") != "handover-returned"))
    rows = log.settle(rows.drop("actor").join(named.drop("subject"), on="first_seq", how="inner"))
    rows = rows.join(_taken(log, rows, taking), on="nth", how="left")
    rows = rows.with_columns(
        ended_on=min_horizontal("ended_on", "_taken_on"),
        is_open=when(col("_taken_on").is_null()).then("is_open").otherwise(lit(0)),
    )
    rows = log.settle(rows.filter(col("ended_on") > col("due_on")).drop("taken"))
    rows = log.with_workdays(rows, "started_on", "ended_on", "taken")
    return rows.with_columns(
        severity=lit("yellow"), variant=lit("not-acknowledged"), fault=lit("not-acknowledged"), on=col("started_on"),
        passed_on=col("started_on"), office=col("to_office"), post=NOBODY, actor=NOBODY, hours=NO_NUMBER,
        last_seq=coalesce("_taken_seq", "last_seq"),
    )  # fmt: skip


def _taken(log: Log, rows: Frame, taking: Sequence[str]) -> Frame:
    """Per passing the first act by which the office named took it over: ``nth``, ``_taken_on``, ``_taken_seq``."""
    acts = log.events(*taking).select(
        "subject",
        to_office=col("office"),
        _by=col("actor"),
        _nth=col("nth"),
        _taken_on=col("day"),
        _taken_seq=col("seq"),
    )
    met = rows.select("subject", "nth", "actor", "to_office", "ended_at").join(
        acts, on=["subject", "to_office"], how="inner"
    )
    met = met.filter((col("_nth") > col("nth")) & (col("_by") != col("actor")))
    first = met.group_by("nth").agg(col("_nth").min())
    return met.join(first, on=["nth", "_nth"], how="inner").select("nth", "_taken_on", "_taken_seq")
