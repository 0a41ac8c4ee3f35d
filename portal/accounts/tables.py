"""Accounts, posts, and who held which post when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class AccountRow(Base):
    __tablename__ = "account"

    id: Mapped[str] = mapped_column(Text, primary_key=True)  # pseudonymous; the only part that the ledger repeats
    name: Mapped[str] = mapped_column(Text, unique=True)  # normalised: two spellings of one name are one account
    password_hash: Mapped[str | None] = mapped_column(Text)  # without it nobody signs in
    password_set_at: Mapped[datetime | None] = mapped_column(Instant)
    password_until: Mapped[datetime | None] = mapped_column(Instant)  # of one that somebody else has set
    display_name: Mapped[str | None] = mapped_column(Text)  # of staff alone
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # of everybody else
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(Text)


class PostRow(Base):
    __tablename__ = "post"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    office: Mapped[str] = mapped_column(Text, index=True)
    role: Mapped[str] = mapped_column(Text)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(Text)


class HoldingRow(Base):
    """Kept for ever: a finding of next year names the holder of today."""

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="in_order"),
        Index(
            "uq_holding_open_post",
            "post",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        Index(None, "account"),
    )

    post: Mapped[str] = mapped_column(ForeignKey("post.code"), primary_key=True)
    from_on: Mapped[date] = mapped_column(Date, primary_key=True)
    until_on: Mapped[date | None] = mapped_column(Date)  # the first day on which it is no longer held
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    appointed_at: Mapped[datetime] = mapped_column(Instant)
    appointed_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(Text)
