"""Wishes about personal data that wait for an answer, and the runs of the retention schedule."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class DataRequestRow(Base):
    """A projection of the ledger; ``seq`` is the event of the wish."""

    __tablename__ = "data_requests"
    __table_args__ = (Index(None, "is_open", "due_on"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    about: Mapped[str] = mapped_column(String(80))
    office: Mapped[str | None] = mapped_column(String(80))
    wish: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    is_open: Mapped[bool]


class RetentionRunRow(Base):
    """One class in one run: what had ended before ``ended_before`` was erased."""

    __tablename__ = "retention_runs"
    __table_args__ = (Index(None, "ran_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(Instant)
    sort: Mapped[str] = mapped_column(String(20))
    ended_before: Mapped[date]
    erased: Mapped[int]
