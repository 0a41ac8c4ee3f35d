"""Passkeys, of which the portal knows the public half only, and the challenges that are open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class PasskeyRow(Base):
    __tablename__ = "passkey"

    handle: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # the device's own name for it
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger)  # as its device counts; 0 for devices that do not
    name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class PasskeyChallengeRow(Base):
    """Deleted when it is answered, rightly or wrongly."""

    __tablename__ = "passkey_challenge"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256 of 256 random bits
    purpose: Mapped[str] = mapped_column(Text)
    account: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # unknown when somebody signs in
    made_at: Mapped[datetime] = mapped_column(Instant)
