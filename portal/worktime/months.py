"""Calendar arithmetic that needs no calendar of working days."""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, MINYEAR, date

from portal.basis import N_, Refusal


class BeyondTime(Refusal):
    """A number so large that no date can hold the answer."""


def add_calendar_days(start: date, n: int) -> date:
    ordinal = start.toordinal() + n
    if not 1 <= ordinal <= date.max.toordinal():
        raise BeyondTime(N_("%(n)s days from %(start)s is no date: give a smaller number"), values=_values(start, n))
    return date.fromordinal(ordinal)


def add_months(start: date, n: int) -> date:
    """The same day of the month ``n`` months on; where there is none, the last of that month (民法典 第二百零二条)."""
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise BeyondTime(N_("%(n)s months from %(start)s is no date: give a smaller number"), values=_values(start, n))
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _values(start: date, n: int) -> dict[str, object]:
    return {"n": n, "start": start.isoformat()}
