"""Second factors, recovery codes, and who took a second factor away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class SecondFactorRow(Base):
    __tablename__ = "second_factor"

    account: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger)  # the step of 30 seconds whose code was taken last


class RecoveryCodeRow(Base):
    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256 of 120 random bits
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class FactorResetRow(Base):
    """Kept for ever: who wished it, who consented, who lost a second factor."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        Index(
            "uq_factor_reset_open",
            "account",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    is_granted: Mapped[bool | None]
