"""How far people have taken each finding: a projection of its events."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class ProcedureRow(Base):
    """A finding about which somebody has done something; all others are suspected."""

    __tablename__ = "finding_procedures"
    __table_args__ = (Index(None, "stage", "office"), Index(None, "due_on"), Index(None, "rule", "office"))

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(20))
    office: Mapped[str | None] = mapped_column(String(80))
    due_on: Mapped[date | None]
    due_what: Mapped[str | None] = mapped_column(String(20))
    appeal_due_on: Mapped[date | None]
    notified_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    repeats: Mapped[str | None] = mapped_column(String(40))  # the finding that was put right shortly before
    proposed_by: Mapped[str | None] = mapped_column(String(80))  # of a dismissal that waits for the second person
    ground: Mapped[str | None] = mapped_column(String(20))
    dismissed_at: Mapped[datetime | None] = mapped_column(Instant)
    ordered_by: Mapped[str | None] = mapped_column(String(80))
    reported_by: Mapped[str | None] = mapped_column(String(80))
    cured_at: Mapped[datetime | None] = mapped_column(Instant)
    is_published: Mapped[bool]
    last_at: Mapped[datetime] = mapped_column(Instant)
    last_seq: Mapped[int]
