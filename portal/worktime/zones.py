"""Clocks that change: the spans in which a zone keeps one offset from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.worktime.timetable import DAY

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def stretches(zone: ZoneInfo, first: date, last: date) -> Iterator[tuple[int, int, int]]:
    """(begin, end, offset) in seconds: the spans of equal offset from UTC that cover the days with a day to spare."""
    begin = (first.toordinal() - EPOCH_ORDINAL - 1) * DAY
    end = (last.toordinal() - EPOCH_ORDINAL + 2) * DAY
    offset = _offset(zone, begin)
    for midnight in range(begin + DAY, end + 1, DAY):
        changed = _offset(zone, midnight)
        if changed != offset:
            low, high = midnight - DAY, midnight
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            yield begin, high, offset
            begin, offset = high, changed
    yield begin, end, offset


def _offset(zone: ZoneInfo, moment: int) -> int:
    shift = datetime.fromtimestamp(moment, zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0
