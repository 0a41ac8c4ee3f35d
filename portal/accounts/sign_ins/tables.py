"""Sign-ins. The token that the browser holds is not here, only its digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class SignInRow(Base):
    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "account", "created_at"),)

    handle: Mapped[str] = mapped_column(Text, primary_key=True)  # names it on pages; opens nothing
    digest: Mapped[str] = mapped_column(Text, unique=True)  # SHA-256 of the token, changed whenever rights change
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    post: Mapped[str | None] = mapped_column(Text)
    way: Mapped[str] = mapped_column(Text)
    is_whole: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    why_ended: Mapped[str | None] = mapped_column(Text)
