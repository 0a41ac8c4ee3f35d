"""Which askings were refusals: not those of who came before the first opening, or after the last closing, of a day."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from portal.hall.model.days import is_out_of_hours
from portal.hall.operations.issuing import Denial
from portal.hall.places import Place, sessions
from portal.hall.tables import TurnedAwayRow
from portal.store import db

_ASKED: Final = select(TurnedAwayRow.item, TurnedAwayRow.reason, TurnedAwayRow.refused_at).where(
    TurnedAwayRow.hall == bindparam("hall"), TurnedAwayRow.day == bindparam("day")
)


def refusals(where: Place, day: date) -> dict[str, dict[str, int]]:
    """How many of a day were refused, by service and reason; a hall that was closed within its hours refused."""
    published = sessions(where.hall, day)
    found: dict[str, dict[str, int]] = {}
    for item, reason, moment in db.session.execute(_ASKED, {"hall": where.code, "day": day}):
        if reason == Denial.CLOSED.value and is_out_of_hours(published, moment):
            continue
        of_item = found.setdefault(item, {})
        of_item[reason] = of_item.get(reason, 0) + 1
    return found


def refused_in_all(where: Place, day: date) -> int:
    return sum(sum(reasons.values()) for reasons in refusals(where, day).values())
