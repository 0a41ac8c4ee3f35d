"""Passing on, turning round and standing still: hand-overs, changed opinions, silences, and who held a case when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.compliance.log.frames import Frame, Log

HOLDERS = ("front_desk", "back_office", "other_office", "applicant")
# Which hands an event puts the case into; a kind that is not here leaves it where it was.
_INTO = {
    "received": "front_desk",
    "correction-submitted": "front_desk",
    "decided": "front_desk",
    "handover-returned": "front_desk",
    "accepted": "back_office",
    "deemed-accepted": "back_office",
    "tolerantly-accepted": "back_office",
    "promise-accepted": "back_office",
    "assigned": "back_office",
    "opened": "back_office",
    "reviewed": "back_office",
    "handover-acknowledged": "other_office",
    "correction-noticed": "applicant",
    "wait-requested": "applicant",
}


def gaps(log: Log, *kinds: str, until: tuple[str, ...]) -> Frame:
    """Silences: from each event of ``kinds`` to the next of ``kinds`` or ``until`` in the same subject, or to now.

    Columns: subject, first_seq, nth, kind, at, started_on, office, post, actor (of the event that was last heard), the
    ``stop_…`` columns of :meth:`Log.following` (null while it is still silent), is_open, ended_on, ended_at, calendar
    and ``taken``: net working days from the one to the other, pauses out.
    """
    heard = log.events(*kinds).select(
        "subject", "nth", "kind", "at", "office", "post", "actor", first_seq=col("seq"), started_on=col("day")
    )
    rows = log.following(heard, *kinds, *until)
    rows = rows.with_columns(
        is_open=col("stop_nth").is_null().cast(nw.Int64),
        ended_on=nw.coalesce("stop_day", lit(log.as_of.day)).cast(nw.Int64),
        ended_at=nw.coalesce("stop_at", lit(log.as_of.at)).cast(nw.Int64),
    )
    return log.with_workdays(log.with_calendar(rows, "ended_on"), "started_on", "ended_on", "taken")


def hops(
    log: Log, passed: str = "handed-over", *, taken: tuple[str, ...] = ("handover-acknowledged", "handover-returned")
) -> Frame:
    """Hand-overs in order: all columns of the kind, ``hop`` (1, 2, …), ``stop_…`` (taken or sent back, or null)."""
    rows = log.following(log.of(passed), *taken).with_columns(_one=lit(1).cast(nw.Int64))
    return rows.with_columns(hop=col("_one").cum_sum().over("subject", order_by="nth")).drop("_one")


def reversals(rows: Frame, by: Sequence[str], values: Sequence[str], order: str = "nth") -> Frame:
    """Add ``changes`` (0 or 1: differs from the row before in its group), ``swings`` (1: back to the one before that).

    Nulls count as equal to nulls; the first row of a group changes nothing.
    """
    group = list(by)
    known = {f"_v{i}": col(value).cast(nw.String).fill_null("") for i, value in enumerate(values)}
    rows = rows.with_columns(**known, _one=lit(1).cast(nw.Int64))
    rows = rows.with_columns(_i=col("_one").cum_sum().over(*group, order_by=order)).drop("_one")
    back = {f"_{step}{name}": col(name).shift(step).over(*group, order_by=order) for name in known for step in (1, 2)}
    rows = rows.with_columns(**back)
    differs = nw.any_horizontal(*(col(f"_1{name}") != col(name) for name in known), ignore_nulls=True)
    returned = nw.all_horizontal(*(col(f"_2{name}") == col(name) for name in known), ignore_nulls=True)
    changes = when(col("_i") > 1).then(differs.cast(nw.Int64)).otherwise(lit(0)).cast(nw.Int64)
    rows = rows.with_columns(changes=changes.fill_null(0))
    swings = when((col("_i") > 2) & (col("changes") == 1)).then(returned.cast(nw.Int64)).otherwise(lit(0))
    rows = rows.with_columns(swings=swings.cast(nw.Int64).fill_null(0))
    return rows.drop("_i", *known, *back)


def runs(rows: Frame, value: str, *, missing: Sequence[str] = (), order: str = "nth") -> Frame:
    """The chain of each subject with missing values removed and equal neighbours collapsed.

    Columns: subject, nth, ``value``, ``is_hand_over`` (1 but for the first) and ``is_return`` (1 when k[i] = k[i−2]).
    """
    held = rows.filter(~col(value).is_null())
    if missing:
        held = held.filter(~col(value).is_in(list(missing)))
    held = held.select("subject", "nth", value).with_columns(
        _before=col(value).shift(1).over("subject", order_by=order)
    )
    chain = held.filter(col("_before").is_null() | (col("_before") != col(value))).with_columns(
        _back=col(value).shift(2).over("subject", order_by=order)
    )
    return chain.select(
        "subject",
        "nth",
        value,
        is_hand_over=(~col("_before").is_null()).cast(nw.Int64),
        is_return=(col("_back") == col(value)).fill_null(False).cast(nw.Int64),
    )


def holders(log: Log, rows: Frame) -> Frame:
    """Add the net working days that each holder had the case: front_desk, back_office, other_office, applicant.

    Rows are spans (subject, first_seq, leg, started_on, ended_on, ended_at, start_at, calendar); the four columns add
    up to ``taken`` of a limit in working days.
    """
    keys = ["subject", "first_seq", "leg"]
    facts = rows.select(*keys, "started_on", "ended_on", "start_at", "ended_at", "calendar")
    moves = log.events(*_INTO).select("subject", "nth", "kind", "at", "day")
    mine = facts.join(moves, on="subject", how="inner").filter(
        (col("at") >= col("start_at")) & (col("at") <= col("ended_at"))
    )
    mine = mine.with_columns(
        _from=nw.min_horizontal(nw.max_horizontal("day", "started_on"), "ended_on"),
        _next=col("day").shift(-1).over(*keys, order_by="nth"),
    )
    mine = mine.with_columns(
        _till=nw.min_horizontal(nw.max_horizontal(nw.coalesce("_next", "ended_on"), "started_on"), "ended_on")
    )
    mine = log.with_workdays(mine, "_from", "_till", "_days")
    holder: nw.Expr = lit("front_desk")
    for kind, name in _INTO.items():
        holder = when(col("kind") == kind).then(lit(name)).otherwise(holder)
    mine = mine.with_columns(_holder=holder)
    totals = mine.group_by(*keys).agg(
        *((col("_days") * (col("_holder") == name).cast(nw.Int64)).sum().cast(nw.Int64).alias(name) for name in HOLDERS)
    )
    return rows.join(totals, on=keys, how="left").with_columns(col(*HOLDERS).fill_null(0))
