"""Which subjects of the hall the rules must see again though nothing happened to them: silence breaks promises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.hall.model.tickets import IN_THE_HALL, TicketState
from portal.hall.queries.tickets import COLUMNS
from portal.store import db

_UNSETTLED = [state.value for state in (*IN_THE_HALL, TicketState.ABSENT)]


def subjects_to_judge(after: datetime, until: datetime) -> list[str]:
    """Numbers whose promise ran out in (after, until] while they were in the hall still."""
    ran_out = select(COLUMNS.id).where(
        COLUMNS.closes_at > after, COLUMNS.closes_at <= until, COLUMNS.state.in_(_UNSETTLED)
    )
    return [f"ticket/{number}" for number in db.session.scalars(ran_out.order_by(COLUMNS.id))]
