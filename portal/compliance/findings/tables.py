"""Tables of findings: the register (a projection of its events), whose matter a subject is, how far it was judged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant

SUBJECT = String(100)
WAITING = "waiting"  # the tie of numbers that name what is not in the record


class FindingRow(Base):
    """One finding by its key (rule, about, first_seq); one that is no longer found stays, no longer standing."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("rule", "about", "first_seq"),
        Index(None, "about"),
        Index(None, "office", "is_standing"),
        Index(None, "is_standing", "is_open"),
    )

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    rule: Mapped[str] = mapped_column(String(20))
    rule_version: Mapped[int]
    about: Mapped[str] = mapped_column(SUBJECT)
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    severity: Mapped[str] = mapped_column(String(10))
    began_on: Mapped[date]  # the law of that day judges it
    office: Mapped[str | None] = mapped_column(String(80))
    post: Mapped[str | None] = mapped_column(String(80))
    accused: Mapped[str | None] = mapped_column(String(80))
    numbers: Mapped[str] = mapped_column(Text)  # canonical JSON
    variant: Mapped[str | None] = mapped_column(String(40))
    calendar: Mapped[str] = mapped_column(String(64))
    is_open: Mapped[bool]
    is_standing: Mapped[bool]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class TieRow(Base):
    """A subject belongs to a matter, to an official's or a hall's day, to a set of equal materials, to a reference."""

    __tablename__ = "finding_ties"
    __table_args__ = (Index(None, "subject"),)

    tie: Mapped[str] = mapped_column(String(60), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)


class MarkRow(Base):
    """Up to which event and which instant everything was judged; one row."""

    __tablename__ = "judged_until"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
