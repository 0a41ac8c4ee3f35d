"""How times look on a line of JSON: read in the zone of the calendar, answered in the form they were asked in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:(?P<mark>[T ])(?P<clock>\d\d:\d\d(?P<seconds>:\d\d(?:\.(?P<fraction>\d{1,6}))?)?)"
    r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


class BadField(Exception):
    """A field of a query that is missing or cannot be read; ``code`` goes on the line beside the message."""

    def __init__(self, field: str, remedy: str, *, code: str = "bad-field") -> None:
        super().__init__(f"{field}: {remedy}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Form:
    """The way a time was written: which mark, how fine, and in whose clock (None: the wall clock of the calendar)."""

    mark: str = "T"
    has_seconds: bool = False
    digits: int = 0
    zone: tzinfo | None = None
    zone_text: str = ""

    def write(self, instant: datetime, local: ZoneInfo, *, to_the_second: bool = False) -> str:
        shown = instant.astimezone(self.zone or local).replace(tzinfo=None)
        is_fine = self.has_seconds or to_the_second or shown.second
        text = shown.isoformat(self.mark, "seconds" if is_fine else "minutes")
        return text + ("." + "0" * self.digits if self.digits else "") + self.zone_text


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, the calendar's date at that instant, and how it was written; a bare date is its first instant."""

    at: datetime
    on: date
    form: Form


def parse_moment(value: Any, field: str, local: ZoneInfo) -> Moment:
    """Read ``YYYY-MM-DD``, or that with a time of day, local unless it ends in Z or an offset.

    :raises BadField: anything else, and parts of a second, which working time does not know.
    """
    match = MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadField(field, "give a date such as 2020-09-14 or a time such as 2020-09-14T10:00")
    try:
        day = date.fromisoformat(match["date"])
        if match["clock"] is None:
            return Moment(datetime.combine(day, time(), local), day, Form())
        clock = time.fromisoformat(match["clock"][:8])
        if int(match["fraction"] or 0):
            raise BadField(field, "times are exact to the second: leave out the part of a second")
        form = Form(match["mark"], bool(match["seconds"]), len(match["fraction"] or ""), *_zone(match["zone"]))
        at = datetime.combine(day, clock, form.zone or local)
        return Moment(at, at.astimezone(local).date(), form)
    except (ValueError, OverflowError):
        raise BadField(field, "there is no such date or time: check the numbers") from None


def parse_pauses(value: Any, local: ZoneInfo) -> list[tuple[Moment, Moment]]:
    """Pairs ``[from, to]``, or objects with ``from`` and ``to``."""
    if not isinstance(value, list):
        raise BadField("pauses", "give a list of [from, to]")
    pairs = [(pair.get("from"), pair.get("to")) if isinstance(pair, dict) else pair for pair in value]
    if any(not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in pairs):
        raise BadField("pauses", "give each pause as [from, to]")
    return [(parse_moment(begin, "pauses", local), parse_moment(end, "pauses", local)) for begin, end in pairs]


def _zone(text: str | None) -> tuple[tzinfo | None, str]:
    if text is None:
        return None, ""
    if text in "Zz":
        return UTC, "Z"
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset), text
