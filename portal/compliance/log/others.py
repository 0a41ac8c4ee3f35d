"""Acts that count only from others: a guard, a payment confirmed, a position taken to the ground it is judged on.

An office excuses nobody by its own word, nor does a person who acted for it lend another office's name to the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, String, col, lit, when

from portal.compliance.log.validity import APPLICANTS, SYSTEM
from portal.ledger.kinds import KINDS

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log


def by_others(log: Log, kind: str, accused: Frame) -> Frame:
    """Events of one kind by somebody other than the accused; ``accused``: subject, accused (an office or a firm).

    Citizens, creditors, tenants (role applicant or agent) and the portal count wherever it was written down, and other
    offices; a log that names no roles is believed unless it names the accused. Whoever also acted for the accused in
    the same subject does not count.
    """
    rows = log.of(kind).join(accused.select("subject", "accused").unique(), on="subject", how="inner")
    own = log.events(*_of_sort(log, kind)).join(
        accused.select("subject", "accused").unique(), on="subject", how="inner"
    )
    is_staff = ~col("role").fill_null("").is_in([*APPLICANTS, SYSTEM])
    hands = own.filter(is_staff & (col("office") == col("accused"))).select("subject", "accused", "actor").unique()
    office, role = col("office").fill_null(""), col("role").fill_null("")
    is_elsewhere = office != col("accused").fill_null("-")
    counts = role.is_in([*APPLICANTS, SYSTEM]) | (is_elsewhere & ((office != "") | (role == "")))
    rows = rows.filter(counts)
    return rows.join(hands, on=["subject", "accused", "actor"], how="anti")


def _of_sort(log: Log, kind: str) -> tuple[str, ...]:
    """The kinds of the same sort that this log holds: all that can have happened to the subject."""
    return tuple(name for name in sorted(log.present) if KINDS[name].sort is KINDS[kind].sort) or (kind,)


def latest(rows: Frame) -> Frame:
    """The last of these events in each subject."""
    return rows.join(rows.group_by("subject").agg(nth=col("nth").max()).select("nth"), on="nth", how="semi")


def earliest(rows: Frame) -> Frame:
    """The first of these events in each subject."""
    return rows.join(rows.group_by("subject").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi")


def rolled(log: Log, rows: Frame, day: str, into: str, *, known_on: str | None = None) -> Frame:
    """Add ``into``: the day, or the next working day where it is a rest day (民法典 第二百零三条), and ``is_certain``.

    Rows need ``subject``; the calendar is the one known on ``known_on`` (now, when not given). A day before every
    calendar of the log stays as it is; one that no calendar holds yet is not certain.
    """
    named = rows.with_columns(_known=lit(log.as_of.day).cast(Int64) if known_on is None else col(known_on))
    named = named.drop("calendar", strict=False) if "calendar" in rows.collect_schema().names() else named
    placed = log.with_calendar(named, "_known")
    facts = log.calendar.select("calendar", "works", "ordinal", _sure=col("is_certain"), **{day: col("day")})
    placed = placed.join(facts, on=["calendar", day], how="left").with_columns(_next=col("ordinal") + 1)
    placed = log.with_workday(placed, "_next", "_after")
    past = (col(day) < log.as_of.day).cast(Int64)
    return placed.with_columns(
        when(col("works") == 0).then("_after").otherwise(day).cast(Int64).alias(into),
        is_certain=nw.coalesce("_sure", past).cast(Int64),
    ).drop("_known", "works", "ordinal", "_sure", "_next", "_after")


def nobody() -> nw.Expr:
    return lit(None, dtype=String)


def unknown() -> nw.Expr:
    return lit(None, dtype=Int64)
