"""Keys of persons, each wrapped by a master key that is not in the database; and blind indexes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class KeyRow(Base):
    """One key. Destroyed, the row stays and says so, without the key."""

    __tablename__ = "person_keys"
    __table_args__ = (Index(None, "person", "subject"), Index(None, "subject"), Index(None, "master"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(80))  # pseudonymous
    subject: Mapped[str] = mapped_column(String(120))  # sort/number of what it seals
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    master: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(Instant)  # kept for a duty to archive, shown to nobody
    destroyed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_by: Mapped[str | None] = mapped_column(String(80))  # who locked or destroyed it
    why: Mapped[str | None] = mapped_column(String(40))


class BlindIndexRow(Base):
    """Under which keyed digest of a value a subject is found; the value itself is nowhere."""

    __tablename__ = "blind_index"
    __table_args__ = (Index(None, "subject"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
