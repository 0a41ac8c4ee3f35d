"""What somebody is still typing: drafts of hand-ins. No case, no event; gone when handed in or forgotten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class DraftRow(Base):
    """``token`` stands in the address; it opens nothing without the session of who began the draft."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "touched_at"),)

    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    item: Mapped[str] = mapped_column(String(80))
    item_version: Mapped[str] = mapped_column(String(90))
    content: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON; emptied at the hand-in
    number: Mapped[str | None] = mapped_column(String(40))  # of the case it has become
    touched_at: Mapped[datetime] = mapped_column(Instant)


class UploadDayRow(Base):
    """How many bytes one sender (a digest of the address) laid down on a day; gone the day after."""

    __tablename__ = "upload_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
