"""Tables of inquiries: ``inquiries`` is a projection of the ledger; number series and query codes are not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant

NUMBER = String(40)


class InquiryRow(Base):
    __tablename__ = "inquiries"
    __table_args__ = (Index(None, "office", "is_open"), Index(None, "passing_to"), Index(None, "applicant", "matter"))

    number: Mapped[str] = mapped_column(NUMBER, primary_key=True)
    applicant: Mapped[str] = mapped_column(String(80))
    matter: Mapped[str] = mapped_column(String(160))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    is_self_reported: Mapped[bool]
    is_open: Mapped[bool]
    office: Mapped[str | None] = mapped_column(String(80))
    post: Mapped[str | None] = mapped_column(String(80))
    holder: Mapped[str | None] = mapped_column(String(80))
    first_office: Mapped[str | None] = mapped_column(String(80))  # 首问责任人
    first_post: Mapped[str | None] = mapped_column(String(80))
    first_actor: Mapped[str | None] = mapped_column(String(80))
    passing_to: Mapped[str | None] = mapped_column(String(80))  # the office that has not taken over yet
    hand_overs: Mapped[int]
    chases: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    silent_at: Mapped[datetime | None] = mapped_column(Instant)  # from then on nobody has acted within a working day
    last_at: Mapped[datetime] = mapped_column(Instant)
    last_seq: Mapped[int]


class InquirySeriesRow(Base):
    __tablename__ = "inquiry_series"

    area: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class InquiryAccessRow(Base):
    """The digest of the query code with which the inquirer follows it."""

    __tablename__ = "inquiry_access"

    number: Mapped[str] = mapped_column(NUMBER, primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
