"""Which subjects of the hall the rules must see again though nothing happened to them: silence breaks promises."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select

from portal.compliance.load import HOME_ZONE
from portal.hall.model.tickets import IN_THE_HALL, TicketState
from portal.hall.queries.tickets import COLUMNS
from portal.store import db

_ZONE = ZoneInfo(HOME_ZONE)
_UNSETTLED = [state.value for state in (*IN_THE_HALL, TicketState.ABSENT)]


def subjects_to_judge(after: datetime, until: datetime) -> list[str]:
    """Numbers without an end whose promise, or whose day, ran out in (after, until].

    Who was called before closing time may be served until midnight; then that is a broken promise too.
    """
    first, last = after.astimezone(_ZONE).date(), until.astimezone(_ZONE).date()
    ran_out = and_(COLUMNS.closes_at > after, COLUMNS.closes_at <= until)
    is_over = and_(COLUMNS.day >= first, COLUMNS.day < last)
    unsettled = select(COLUMNS.id).where(or_(ran_out, is_over), COLUMNS.state.in_(_UNSETTLED))
    return [f"ticket/{number}" for number in db.session.scalars(unsettled.order_by(COLUMNS.id))]
