"""Cases whose personal data have been kept long enough."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import select

from portal import vault
from portal.cases.almanac import hours_of
from portal.cases.model import CaseState
from portal.cases.tables import CaseRow
from portal.store import db


def cases_ended_before(day: date, states: Collection[CaseState], *, limit: int) -> list[str]:
    """Subjects of cases in these states that closed before the local day, the oldest first; not erased ones."""
    midnight = datetime.combine(day, time(), hours_of(None)(day).zone)
    statement = (
        select(CaseRow.number)
        .where(CaseRow.state.in_(sorted(states)), CaseRow.closed_at < midnight)
        .order_by(CaseRow.closed_at, CaseRow.number)
    )
    return vault.still_sealed((f"case/{number}" for number in db.session.scalars(statement)), limit=limit)
