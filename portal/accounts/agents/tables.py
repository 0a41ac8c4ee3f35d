"""Authorisations: a projection, which ``rebuild_authorisations`` makes again from the ledger."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class AuthorisationRow(Base):
    __tablename__ = "authorisation"
    __table_args__ = (Index(None, "principal"), Index(None, "agent"))

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    principal: Mapped[str] = mapped_column(String(80))
    agent: Mapped[str] = mapped_column(String(80))
    sort: Mapped[str] = mapped_column(String(20))
    items: Mapped[str] = mapped_column(Text)  # codes joined by a blank; empty means every service
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)  # the last day
    given_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
