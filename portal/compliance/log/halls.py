"""Halls: the numbers they issued, and what they declared that excuses: closures, and more people than any plan.

A declaration counts from somebody who answers for the hall, and from the day itself or before it: what is declared
on a later day excuses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, coalesce, col, concat_str, lit

from portal.compliance.log.lists import members

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

MINUTE, DAY = 60_000_000, 86_400_000_000
DECLARERS = ("hall-manager", "supervisor", "head", "system")
CITIZENS = ("applicant", "agent")
NOT_STAFF = (*CITIZENS, "system")
NEVER = 2**62  # later than any instant, number or order


def tickets(log: Log) -> Frame:
    """One row per number: subject, nth, first_seq, at, hall, place (the subject of its hall), on (the day to whose
    series it belongs), item, rank, ground, turn_at, closes_at, is_guaranteed, override, manager_office, appointment,
    from_ticket, office, post, actor and role of whoever issued it."""
    return log.kept("tickets", lambda: _tickets(log))


def _tickets(log: Log) -> Frame:
    rows = log.first("ticket-issued").select("nth")
    issued = log.of("ticket-issued").join(rows, on="nth", how="semi")
    return issued.select(
        "subject", "nth", "at", "hall", "item", "rank", "ground", "turn_at", "closes_at", "is_guaranteed", "override",
        "manager_office", "appointment", "from_ticket", "office", "post", "actor", "role",
        first_seq=col("seq"), place=concat_str(lit("hall/"), col("hall").fill_null("")),
        on=coalesce("own_day", "day").cast(Int64),
    )  # fmt: skip


def day_of(instant: str) -> nw.Expr:
    """The local day of another instant, carried on from the one of ``at`` by whole minutes, so no zone is needed."""
    lag = (col("minute") * MINUTE + col("at") % MINUTE + col(instant) - col("at")) // DAY
    return (col("day") + lag).cast(Int64)


def closures(log: Log) -> Frame:
    """Closures that count: place, closure, cause, from_at, until_at (withdrawn, it ends there), told_at (when it was
    recorded), window (one row for each that it names; "" where the whole hall is closed)."""
    return log.kept("closures", lambda: _closures(log))


def _closures(log: Log) -> Frame:
    rows = log.of("closure-declared").filter(col("role").is_in(list(DECLARERS)))
    rows = rows.with_columns(_told_on=day_of("recorded_at"), _from_on=day_of("from_at"))
    rows = rows.filter(col("_told_on") <= col("_from_on"))
    back = log.of("closure-withdrawn").group_by("subject", "closure").agg(_back_at=col("at").min())
    rows = rows.join(back, on=["subject", "closure"], how="left")
    rows = rows.join(log.subjects.select("subject", place=col("name")), on="subject", how="inner")
    whole = rows.filter(col("windows").fill_null("") == "").with_columns(window=lit(""))
    some = members(rows, "windows").with_columns(window=col("windows"))
    rows = nw.concat([part.drop("windows") for part in (whole, some)], how="vertical")
    return rows.select(
        "place", "window", "closure", "cause", "from_at",
        until_at=nw.min_horizontal(col("until_at").fill_null(NEVER), col("_back_at").fill_null(NEVER)).cast(Int64),
        told_at=col("recorded_at"),
    )  # fmt: skip


def surges(log: Log) -> Frame:
    """Days of halls with more people than any plan: place, on."""
    rows = log.of("surge-declared").filter(col("role").is_in(list(DECLARERS)))
    rows = rows.with_columns(on=coalesce("own_day", "day").cast(Int64), _told_on=day_of("recorded_at"))
    rows = rows.filter(col("_told_on") <= col("on"))
    places = log.subjects.select("subject", place=col("name"))
    return rows.join(places, on="subject", how="inner").select("place", "on").unique()
