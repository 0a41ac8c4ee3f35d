"""Times as the tests write them: with the weekday, which must be the right one, so that a row can be trusted."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def on(text: str) -> date:
    """``Monday 2020-09-14``."""
    weekday, _, rest = text.partition(" ")
    day = date.fromisoformat(rest)
    assert WEEKDAYS[day.weekday()] == weekday, f"{rest} is a {WEEKDAYS[day.weekday()]}"
    return day


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """``Monday 2020-09-14 10:00`` on the wall clock of ``zone``."""
    day, _, clock = text.rpartition(" ")
    return datetime.fromisoformat(f"{on(day)} {clock}").replace(tzinfo=zone)
