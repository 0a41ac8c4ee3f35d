"""A hall's day: when it is open, who is rostered at which window, and how many minutes are left. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.basis import N_, Refusal

Span = tuple[datetime, datetime]
Spans = tuple[Span, ...]
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class SpanUnfit(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(
            N_("%(text)s is no span of time; write it as 09:00-12:00, the earlier time first."),
            field="spans",
            values={"text": text},
        )


@dataclass(frozen=True, slots=True)
class Closure:
    """``windows``: none means the whole hall."""

    number: str
    hall: str
    cause: str
    from_at: datetime
    until_at: datetime
    windows: frozenset[str] = frozenset()
    reason: str = ""
    declared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HallDay:
    """``spans`` are the hall's open times of the day, ``rostered`` those of each window within them."""

    hall: str
    day: date
    spans: Spans
    rostered: Mapping[str, Spans]

    @property
    def opens_at(self) -> datetime | None:
        return self.spans[0][0] if self.spans else None

    @property
    def closes_at(self) -> datetime | None:
        return self.spans[-1][1] if self.spans else None

    def is_open(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self.spans)

    def is_rostered(self, window: str, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self.rostered.get(window, ()))

    def minutes_left(self, at: datetime) -> dict[str, float]:
        """Rostered minutes of each window from ``at`` until the hall closes; breaks and closures are out."""
        return {window: minutes(after(spans, at)) for window, spans in self.rostered.items()}

    def open_minutes(self, begin: datetime, end: datetime) -> int:
        """Whole minutes in which the hall was open between two instants: what a wait is judged in."""
        return int(minutes(clipped(self.spans, begin, end)))

    def clock_time(self, at: datetime, open_minutes: float) -> datetime:
        """The instant by which so many open minutes have passed from ``at`` on; the closing time at the latest."""
        left = timedelta(minutes=open_minutes)
        last = at
        for begin, end in after(self.spans, at):
            last = end
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return last


def hall_day(
    hall: str,
    day: date,
    sessions: Spans,
    windows: Iterable[str],
    shifts: Mapping[str, Spans] | None = None,
    closures: Iterable[Closure] = (),
) -> HallDay:
    """A window without a shift of its own is rostered whenever the hall is open."""
    stops = list(closures)
    whole: list[Span] = [(stop.from_at, stop.until_at) for stop in stops if not stop.windows]
    spans = without(sessions, whole)
    rostered = {}
    for window in windows:
        planned = (shifts or {}).get(window)
        own = spans if planned is None else meeting(planned, spans)
        rostered[window] = without(own, [(s.from_at, s.until_at) for s in stops if window in s.windows])
    return HallDay(hall, day, spans, rostered)


def spans_of(texts: Sequence[str], day: date, zone: ZoneInfo) -> Spans:
    """``["09:00-12:00", …]`` on a day, in order.

    :raises SpanUnfit: one cannot be read, or ends before it begins.
    """
    found = []
    for text in texts:
        match = _SPAN.fullmatch(text.strip().replace("–", "-").replace("：", ":"))
        if match is None:
            raise SpanUnfit(text)
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        try:
            begin, end = time(from_hour, from_minute), time(to_hour, to_minute)
        except ValueError:
            raise SpanUnfit(text) from None
        if begin >= end:
            raise SpanUnfit(text)
        found.append((datetime.combine(day, begin, zone), datetime.combine(day, end, zone)))
    return tuple(sorted(found))


def is_out_of_hours(published: Spans, at: datetime) -> bool:
    """Before the first opening or after the last closing of what a hall publishes for that day; noon is within."""
    return not published or not published[0][0] <= at < published[-1][1]


def minutes(spans: Iterable[Span]) -> float:
    return sum((end - begin).total_seconds() for begin, end in spans) / 60


def clipped(spans: Iterable[Span], begin: datetime, end: datetime) -> Spans:
    return tuple((max(a, begin), min(b, end)) for a, b in spans if max(a, begin) < min(b, end))


def after(spans: Iterable[Span], at: datetime) -> Spans:
    return tuple((max(begin, at), end) for begin, end in spans if end > at)


def meeting(one: Iterable[Span], other: Spans) -> Spans:
    """What lies in both."""
    return tuple(part for begin, end in one for part in clipped(other, begin, end))


def united(spans: Iterable[Span]) -> Spans:
    """What lies in any of them, in order, each moment once."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return tuple(found)


def without(spans: Iterable[Span], stops: Iterable[Span]) -> Spans:
    """What is left of the spans outside the stops."""
    left = list(spans)
    for begin, end in stops:
        cut: list[Span] = []
        for a, b in left:
            if end <= a or b <= begin:
                cut.append((a, b))
                continue
            cut += [(a, begin)] if a < begin else []
            cut += [(end, b)] if end < b else []
        left = cut
    return tuple(left)
