"""Tables of cases. ``cases`` and ``clocks`` are projections: ``rebuild`` makes them again from the ledger alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant

NUMBER = String(40)


class CaseRow(Base):
    """One case as it stands. The ``due`` columns are those of the office's clock that runs out first."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "office", "is_open", "due_at"),
        Index(None, "applicant"),
        Index(None, "outcome_at"),
        Index(None, "passing_to"),
    )

    number: Mapped[str] = mapped_column(NUMBER, primary_key=True)
    item: Mapped[str] = mapped_column(String(80))
    item_version: Mapped[str] = mapped_column(String(90))
    situation: Mapped[str] = mapped_column(String(80))
    applicant: Mapped[str] = mapped_column(String(80))
    matter: Mapped[str] = mapped_column(String(160))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    acceptance: Mapped[str | None] = mapped_column(String(20))
    office: Mapped[str | None] = mapped_column(String(80))
    post: Mapped[str | None] = mapped_column(String(80))
    holder: Mapped[str | None] = mapped_column(String(80))  # the account that has taken it up
    first_office: Mapped[str | None] = mapped_column(String(80))  # 首问责任人
    first_post: Mapped[str | None] = mapped_column(String(80))
    first_actor: Mapped[str | None] = mapped_column(String(80))
    passing_to: Mapped[str | None] = mapped_column(String(80))  # the office that has not acknowledged yet
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    last_seq: Mapped[int]
    is_open: Mapped[bool]
    is_test: Mapped[bool]
    duplicate_of: Mapped[str | None] = mapped_column(NUMBER)
    score: Mapped[int | None]
    due_clock: Mapped[str | None] = mapped_column(String(60))
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    warn_on: Mapped[date | None]
    breach_at: Mapped[datetime | None] = mapped_column(Instant)
    is_certain: Mapped[bool]
    stuck_at: Mapped[datetime | None] = mapped_column(Instant)  # V12 first speaks
    stuck_red_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome_at: Mapped[datetime | None] = mapped_column(Instant)  # the clocks bring something about by themselves


class ClockRow(Base):
    """One leg of one clock by one standard (promised, statutory, or a target of its own)."""

    __tablename__ = "clocks"
    __table_args__ = (Index(None, "is_open", "breach_at"), Index(None, "is_open", "warn_at"))

    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True)
    limit_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    limit_n: Mapped[int | None]
    limit_unit: Mapped[str | None] = mapped_column(String(20))
    is_applicants: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[str] = mapped_column(String(40))  # kind of the event
    seq: Mapped[int]
    counted_from: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(Instant)
    base_due_on: Mapped[date]
    extended_by: Mapped[int]
    is_certain: Mapped[bool]
    calendar: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    is_open: Mapped[bool]
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_by: Mapped[str | None] = mapped_column(String(40))
    is_late: Mapped[bool | None]  # known once it has stopped
    warn_at: Mapped[datetime | None] = mapped_column(Instant)
    breach_at: Mapped[datetime] = mapped_column(Instant)
    double_at: Mapped[datetime | None] = mapped_column(Instant)
    pauses: Mapped[str] = mapped_column(Text)  # JSON: [[first, last], …], both included
    reminded: Mapped[str] = mapped_column(String(40))  # levels told, joined by a blank


class SeriesRow(Base):
    """The last number given in an area and year; numbers have no gaps, because a rollback takes its number back."""

    __tablename__ = "case_series"

    area: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class AccessRow(Base):
    """Digests of the query code that opens a case to its applicant, and of the key that makes a hand-in count once."""

    __tablename__ = "case_access"

    number: Mapped[str] = mapped_column(NUMBER, primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)


class MaterialRow(Base):
    """One material handed in: which document it is, and the file if there is one (below ``instance/uploads``)."""

    __tablename__ = "case_materials"
    __table_args__ = (Index(None, "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(NUMBER)
    seq: Mapped[int]  # the event with which it came
    code: Mapped[str] = mapped_column(String(80))
    identity: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    stored_as: Mapped[str | None] = mapped_column(String(255))


class ProposalRow(Base):
    """A step that needs another person's consent, until that person has answered."""

    __tablename__ = "case_proposals"
    __table_args__ = (Index(None, "state", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(NUMBER)
    kind: Mapped[str] = mapped_column(String(40))  # of the event to be written
    role: Mapped[str] = mapped_column(String(40))  # who may consent
    facts: Mapped[str] = mapped_column(Text)  # canonical JSON of the payload
    state: Mapped[str] = mapped_column(String(12))  # open, approved, rejected
    actor: Mapped[str] = mapped_column(String(80))
    actor_role: Mapped[str] = mapped_column(String(40))
    office: Mapped[str | None] = mapped_column(String(80))
    post: Mapped[str | None] = mapped_column(String(80))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text)
