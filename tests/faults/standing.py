"""What stands in a database after the last restart, in the form in which the checker judges it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, select

from portal import vault
from portal.appeals.operations import rebuild_inquiries
from portal.appeals.tables import InquiryRow, InquirySeriesRow
from portal.cases.operations import rebuild
from portal.cases.tables import CaseRow, ClockRow, SeriesRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import Base, db, reading, transaction
from tests.faults.checker import Standing, Written

PROJECTIONS: tuple[type[Base], ...] = (CaseRow, ClockRow, InquiryRow)


class _Undone(Exception):
    """Takes the trial rebuilding back."""


def standing(*, at: datetime) -> Standing:
    """Read everything; the projections are rebuilt for comparison, and that is taken back."""
    with reading():
        events = tuple(_written(event) for batch in ledger.stream() for event in batch)
        rows = frozenset(db.session.scalars(select(CaseRow.number)))
        clocks = frozenset(db.session.scalars(select(ClockRow.number)))
        given = {f"{row.area}-{row.year}-": row.last for row in db.session.scalars(select(SeriesRow))}
        given |= {f"{row.area}-{row.year}-Q": row.last for row in db.session.scalars(select(InquirySeriesRow))}
    return Standing(events, rows, clocks, given, tuple(_differences(at)))


def _differences(at: datetime) -> list[str]:
    found: list[str] = []
    try:
        with transaction():
            before = [_content(projection) for projection in PROJECTIONS]
            rebuild(at=at)
            rebuild_inquiries()
            found = [
                f"{projection.__tablename__}: {sorted(set(_content(projection)) ^ set(was))[:4]}"
                for projection, was in zip(PROJECTIONS, before, strict=True)
                if _content(projection) != was
            ]
            raise _Undone
    except _Undone:
        return found


def _content(projection: type[Base]) -> list[str]:
    table = projection.__table__
    assert isinstance(table, Table)
    everything: Select[Any] = select(*table.columns).order_by(*table.primary_key.columns)
    return [str(tuple(row)) for row in db.session.execute(everything)]


def _written(event: Event) -> Written:
    wisher, content = _wish_of(event)
    return Written(event.seq, event.subject, event.kind, wisher, content, event.leaf() == event.leaf_hash)


def _wish_of(event: Event) -> Sequence[str]:
    words = vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))
    match event.kind:
        case "submitted":
            return event.text("applicant") or "", str(words["personal"].get("remark", ""))
        case "inquired":
            return event.text("applicant") or "", str(_spoken(words)["question"])
        case "chased":
            return f"chase:{event.actor}", ""
        case _:
            return "", ""


def _spoken(words: Any) -> Any:
    return words.get("personal", words)
