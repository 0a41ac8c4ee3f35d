"""Tables of channels: ``channels`` is a projection of the ledger; raw results of probes are kept for some days only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class ChannelRow(Base):
    __tablename__ = "channels"
    __table_args__ = (Index(None, "item"),)

    number: Mapped[str] = mapped_column(String(80), primary_key=True)  # item:way
    item: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(20))
    office: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))  # beside any maintenance
    was: Mapped[str] = mapped_column(String(20))
    since_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    maintenance_announced_at: Mapped[datetime | None] = mapped_column(Instant)
    maintenance_from_at: Mapped[datetime | None] = mapped_column(Instant)
    maintenance_until_at: Mapped[datetime | None] = mapped_column(Instant)
    maintenance_reason: Mapped[str] = mapped_column(Text)
    failing: Mapped[int]  # vantage points and functions that fail now
    signers: Mapped[int]
    last_seq: Mapped[int]


class ProbeRow(Base):
    """One raw result; thinned after some days, when the totals of its day stand in the ledger."""

    __tablename__ = "probe_results"
    __table_args__ = (Index(None, "number", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(80))
    vantage: Mapped[str] = mapped_column(String(40))
    function: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    took_ms: Mapped[int]
    fault: Mapped[str] = mapped_column(String(80))
