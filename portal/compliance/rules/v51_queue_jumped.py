"""Everybody is called in turn; who goes before others does so on a recorded ground (插队、关系号).

A call jumps the queue when somebody with an earlier turn waited for the same item in the same hall. Whose place is kept
for one window is passed over only by another who waits for that window. Recalls, and equal turns, pass over nobody. Two
windows that call at once may be recorded in either order, so a few seconds are allowed.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.halls import NEVER, NOT_STAFF, tickets
from portal.compliance.rule import Parameter, Rule, Scope

CALL = "ticket-called"
BACK = ("ticket-resumed", "ticket-transferred")  # to the queue, unless service simply goes on
WAITING = ("ticket-issued", "ticket-returned", *BACK)
GOING_ON = ("ticket-started", "ticket-served", "ticket-parked")
ENDING = ("ticket-absent", "ticket-released", "ticket-carried-over", "ticket-voided", "ticket-closed-unserved")
SECOND = 1_000_000
SLOT = 900 * SECOND
QUEUE = ("hall", "on", "item")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "passed", "rank",
)  # fmt: skip

RULE = Rule(
    "V51",
    title=N_("Called before others without a ground"),
    sentence={
        "called": N_(
            "The number was called while others of an earlier turn waited for the same item, and no ground is "
            "recorded. Number of people passed over: %(passed)s."
        ),
        "ranked": N_("The number was issued to go before others (%(rank)s), and no ground is recorded."),
    },
    sources=(
        # of the standard the contents page was seen, of the notice a summary
        LegalSource("GB/T 36112-2018", "第7章（秩序管理）", in_force_from=date(2018, 7, 1)),
        LegalSource("国办发〔2015〕86号", "首问负责", in_force_from=date(2015, 11, 27)),
    ),
    scope=Scope.HALL,
    needs=("ticket-issued", CALL),
    begins_with=("ticket-issued",),
    parameters={"slack_seconds": Parameter(10)},
    words={"appointment": N_("appointment"), "carried-over": N_("carried over"), "priority": N_("priority")},
)


@RULE.check
def jumped(log: Log, slack_seconds: int) -> Frame:
    parts = [_called(log, slack_seconds * SECOND), _ranked(log)]
    return concat([part.with_columns(severity=lit("yellow")).select(*COLUMNS) for part in parts], how="vertical")


def _called(log: Log, slack: int) -> Frame:
    """Calls and waits are met only where the order of leaving the queue is not the order of turns at all, and only
    within the same quarter of an hour."""
    waits = log.settle(_waits(log))
    is_call = col("_is_call") == 1
    high = when(is_call).then("turn_at").otherwise(lit(-1))
    waits = waits.with_columns(_high=high, _back_nth=-col("_left_nth"))
    waits = waits.with_columns(
        _highest=col("_high").cum_max().over(*QUEUE, order_by="_left_nth"),
        _lowest=col("turn_at").cum_min().over(*QUEUE, order_by="_back_nth"),
    )
    passing = waits.filter(is_call & (col("_lowest") < col("turn_at"))).select(
        *QUEUE, "subject", "_seq", "_at", "_window", turn=col("turn_at"), _slot=col("_at") // SLOT
    )
    passed = waits.filter(col("_highest") > col("turn_at")).select(
        *QUEUE, "turn_at", _other=col("subject"), _from=col("_came_at"), _until=col("_left_at"), _place=col("_window")
    )
    passing = log.settle(passing)
    slots = passing.select(*QUEUE, "_slot").unique()
    passed = passed.join(slots, on=list(QUEUE), how="inner")
    passed = passed.filter((col("_from") // SLOT <= col("_slot")) & (col("_until") // SLOT >= col("_slot")))
    met = passing.join(passed, on=[*QUEUE, "_slot"], how="inner").filter(
        (col("turn_at") < col("turn"))
        & (col("_from") + slack < col("_at"))
        & (col("_until") - slack > col("_at"))
        & ((col("_place") == "") | (col("_place") == col("_window")))
    )
    counted = met.group_by("subject", "_seq").agg(passed=col("_other").n_unique().cast(Int64))
    calls = log.events(CALL).select("office", "post", "actor", "day", _seq=col("seq"))
    found = counted.join(calls, on="_seq", how="inner")
    return found.with_columns(
        first_seq=col("_seq"), last_seq=col("_seq"), on=col("day"), variant=lit("called"), rank=lit(None, dtype=String)
    )


def _waits(log: Log) -> Frame:
    """One row per stretch in the queue: whose, of which queue and turn, when it came and left, and whether by a call
    without a ground (``_is_call``)."""
    marks = log.events(*WAITING, CALL, *GOING_ON, *ENDING).select("subject", "nth", "seq", "kind", "at")
    after = {
        f"_left_{name}": col(name).shift(-1).over("subject", order_by="nth") for name in ("nth", "at", "seq", "kind")
    }
    rows = marks.with_columns(**after).filter(col("kind").is_in(list(WAITING)))
    goes_on = col("_left_kind").is_in(list(GOING_ON)) | (
        (col("kind") == "ticket-resumed") & col("_left_kind").is_null()
    )
    rows = rows.filter(~(col("kind").is_in(list(BACK)) & goes_on.fill_null(False)))
    turns = tickets(log).filter(~col("turn_at").is_null()).select("subject", "hall", "on", "turn_at", _item=col("item"))
    rows = _moved(log, rows.join(turns, on="subject", how="inner"))
    grounds = log.of(CALL).filter(col("ground").fill_null("") != "").select(_left_seq=col("seq"), _has_ground=lit(1))
    rows = rows.join(grounds, on="_left_seq", how="left")
    is_call = (col("_left_kind") == CALL) & col("_has_ground").is_null()
    return rows.select(
        "subject", "hall", "on", "turn_at", "_window", item=coalesce("_to_item", "_item", lit("")),
        _is_call=is_call.cast(Int64).fill_null(0), _seq=col("_left_seq"), _at=col("_left_at"), _came_at=col("at"),
        _left_at=coalesce("_left_at", lit(NEVER)).cast(Int64),
        _left_nth=coalesce("_left_nth", lit(NEVER) + col("nth")).cast(Int64),
    )  # fmt: skip


def _moved(log: Log, rows: Frame) -> Frame:
    """Add ``_to_item`` and ``_window``: where the last transfer up to this stretch sent the number."""
    if "ticket-transferred" not in log.present:
        return rows.with_columns(_to_item=lit(None, dtype=String), _window=lit(""))
    moves = log.of("ticket-transferred").select("subject", "to_item", "to_window", _moved=col("nth"))
    met = rows.select("subject", "nth").join(moves, on="subject", how="inner").filter(col("_moved") <= col("nth"))
    last = met.group_by("nth").agg(col("_moved").max())
    where = moves.select("_moved", _to_item=col("to_item"), _to_window=col("to_window"))
    rows = rows.join(last, on="nth", how="left").join(where, on="_moved", how="left")
    return rows.with_columns(_window=coalesce("_to_window", lit("")))


def _ranked(log: Log) -> Frame:
    """An appointment, and a number carried over, are grounds themselves where the number names them."""
    rows = tickets(log).filter(col("rank").fill_null("normal") != "normal")
    named = (
        (col("ground").fill_null("") != "")
        | ((col("rank") == "appointment") & (col("appointment").fill_null("") != ""))
        | ((col("rank") == "carried-over") & (col("from_ticket").fill_null("") != ""))
    )
    return rows.filter(~named).with_columns(
        last_seq=col("first_seq"), variant=lit("ranked"), passed=lit(None, dtype=Int64),
        actor=when(~col("role").is_in(list(NOT_STAFF))).then("actor"),
    )  # fmt: skip
