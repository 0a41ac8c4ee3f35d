"""Persons and firms with an account, sealed, and the earlier cases they attached to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class PersonRow(Base):
    __tablename__ = "person"

    account: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(40))
    # Keyed digest of the document: one document, one account. The number itself is in what is sealed alone.
    document_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    changed_at: Mapped[datetime] = mapped_column(Instant)


class AttachedCaseRow(Base):
    """A case that was handed in without the account and whose number and code the person showed."""

    __tablename__ = "attached_case"

    account: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    attached_at: Mapped[datetime] = mapped_column(Instant)
