"""What somebody is still typing: drafts of hand-ins. No case, no event; gone when handed in or forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class DraftRow(Base):
    """``token`` stands in the address; it opens nothing without the session of who began the draft."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "touched_at"),)

    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    item: Mapped[str] = mapped_column(String(80))
    item_version: Mapped[str] = mapped_column(String(90))
    content: Mapped[str] = mapped_column(Text)  # JSON; emptied at the hand-in
    number: Mapped[str | None] = mapped_column(String(40))  # of the case it has become
    touched_at: Mapped[datetime] = mapped_column(Instant)
