"""Pauses as sets of time: united first, so that a day two pauses share is left out once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from portal.basis import N_
from portal.worktime.refusals import BadPeriod

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DateRange = tuple[date, date]
"""Both days belong to the pause."""
InstantRange = tuple[datetime, datetime]
"""Half-open: the second instant no longer belongs to the pause."""
Span = tuple[int, int]
"""Half-open, in day ordinals or in seconds since 1970."""


def united(spans: Iterable[Span]) -> list[Span]:
    """Sort half-open spans and melt those that overlap or touch; empty ones vanish."""
    result: list[Span] = []
    for begin, end in sorted(spans):
        if begin == end:
            continue
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return result


def paused_days(pauses: Sequence[DateRange]) -> list[Span]:
    """Inclusive date ranges as united half-open spans of day ordinals."""
    for first, last in pauses:
        if first > last:
            raise _reversed(first, last)
    return united((first.toordinal(), last.toordinal() + 1) for first, last in pauses)


def paused_seconds(pauses: Sequence[InstantRange]) -> list[Span]:
    """Half-open instant ranges as united spans of seconds since 1970."""
    for begin, end in pauses:
        if begin > end:
            raise _reversed(begin, end)
    return united((seconds(begin), seconds(end)) for begin, end in pauses)


def seconds(instant: datetime) -> int:
    """Whole seconds since 1970; parts of a second are dropped, as a receipt is stamped to the second.

    :raises TypeError: the instant has no time zone.
    """
    since = instant - EPOCH
    return since.days * 86_400 + since.seconds


def _reversed(begin: date, end: date) -> BadPeriod:
    return BadPeriod(
        N_("the pause from %(begin)s to %(end)s ends before it begins: swap the two"),
        field="pauses",
        values={"begin": begin.isoformat(), "end": end.isoformat()},
    )
