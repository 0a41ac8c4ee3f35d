"""Failures by lane, and the browsers that an account has been opened with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class TriesRow(Base):
    __tablename__ = "sign_in_tries"

    lane: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    open_at: Mapped[datetime] = mapped_column(Instant)  # before, nobody is asked in


class KnownBrowserRow(Base):
    __tablename__ = "known_browser"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256 of the browser's own long-lived cookie
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
