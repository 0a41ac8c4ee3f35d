"""Tables of the hall. All but the number series and the kiosks are projections: ``rebuild_halls`` makes them again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant

ID = String(40)
CODE = String(80)
# A literal, in the index and in what is asked of it: with bound values no planner sees that the index answers.
IS_AT_A_WINDOW = text("state IN ('called', 'serving')")
_BOOKED = text("state = 'booked'")


class TicketRow(Base):
    """One number. No two share hall, day, series and number; no window has two people at once."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("hall", "day", "series", "number"),
        Index(None, "hall", "day", "state", "turn_at"),
        Index(None, "holder"),
        Index(
            "uq_tickets_at_a_window",
            "hall",
            "window",
            unique=True,
            sqlite_where=IS_AT_A_WINDOW,
            postgresql_where=IS_AT_A_WINDOW,
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    hall: Mapped[str] = mapped_column(CODE)
    day: Mapped[date]
    series: Mapped[str] = mapped_column(String(4))
    number: Mapped[int]
    office: Mapped[str | None] = mapped_column(CODE)
    source: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(CODE)
    item_version: Mapped[str | None] = mapped_column(String(90))
    situation: Mapped[str | None] = mapped_column(CODE)
    matters: Mapped[int]
    is_for_others: Mapped[bool]
    rank: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str | None] = mapped_column(String(20))
    holder: Mapped[str | None] = mapped_column(CODE)
    turn_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    ahead: Mapped[int]
    low_at: Mapped[datetime | None] = mapped_column(Instant)
    high_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    is_guaranteed: Mapped[bool]
    override: Mapped[str | None] = mapped_column(Text)
    from_ticket: Mapped[str | None] = mapped_column(ID)
    to_ticket: Mapped[str | None] = mapped_column(ID)
    appointment: Mapped[str | None] = mapped_column(ID)
    to_window: Mapped[str | None] = mapped_column(CODE)
    window: Mapped[str | None] = mapped_column(CODE)
    clerk: Mapped[str | None] = mapped_column(CODE)
    calls: Mapped[int]
    waited: Mapped[int | None]  # open minutes until the first call
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    last_called_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    parked_at: Mapped[datetime | None] = mapped_column(Instant)
    served_seconds: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)
    last_seq: Mapped[int]


class TicketSeriesRow(Base):
    """The last number given in a series of a hall and day; a rollback takes its number back."""

    __tablename__ = "ticket_series"

    hall: Mapped[str] = mapped_column(CODE, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int]


class WindowRow(Base):
    __tablename__ = "hall_windows"

    hall: Mapped[str] = mapped_column(CODE, primary_key=True)
    window: Mapped[str] = mapped_column(CODE, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str | None] = mapped_column(CODE)
    since: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    last_seq: Mapped[int]


class ShiftRow(Base):
    """When a window is staffed on a day; without a row it is whenever the hall is open."""

    __tablename__ = "hall_shifts"

    hall: Mapped[str] = mapped_column(CODE, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(CODE, primary_key=True)
    spans: Mapped[str] = mapped_column(Text)  # joined by a blank: "09:00-12:00 13:30-17:00"
    who: Mapped[str | None] = mapped_column(CODE)


class MergeRow(Base):
    """A window that another one has taken over for a day, in the order of their events."""

    __tablename__ = "hall_merges"
    __table_args__ = (Index(None, "hall", "day"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hall: Mapped[str] = mapped_column(CODE)
    day: Mapped[date]
    window: Mapped[str] = mapped_column(CODE)
    into: Mapped[str] = mapped_column(CODE)


class ClosureRow(Base):
    __tablename__ = "hall_closures"
    __table_args__ = (Index(None, "hall", "until_at"),)

    number: Mapped[str] = mapped_column(ID, primary_key=True)
    hall: Mapped[str] = mapped_column(CODE)
    cause: Mapped[str] = mapped_column(String(20))
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    windows: Mapped[str] = mapped_column(Text)  # joined by a blank; none: the whole hall
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(Instant)
    is_withdrawn: Mapped[bool]


class HandlingRow(Base):
    """How long a visit for an item lasts in this hall, learnt from the recent ones; in minutes."""

    __tablename__ = "hall_handlings"

    hall: Mapped[str] = mapped_column(CODE, primary_key=True)
    item: Mapped[str] = mapped_column(CODE, primary_key=True)
    visits: Mapped[int]
    mean: Mapped[float]
    deviation: Mapped[float]


class HallDayRow(Base):
    """What a hall's day has come to: whether somebody stopped the issuing, and whether it is closed and counted."""

    __tablename__ = "hall_days"

    hall: Mapped[str] = mapped_column(CODE, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_because: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class TurnedAwayRow(Base):
    """Somebody was refused a number; who it was is not known."""

    __tablename__ = "hall_refusals"
    __table_args__ = (Index(None, "hall", "day"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hall: Mapped[str] = mapped_column(CODE)
    day: Mapped[date]
    item: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str] = mapped_column(String(20))
    ahead: Mapped[int]
    needed_minutes: Mapped[int]
    left_minutes: Mapped[int]
    refused_at: Mapped[datetime] = mapped_column(Instant)


class AppointmentRow(Base):
    """No window has two booked appointments in one slot."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(None, "hall", "day", "state"),
        Index(None, "holder"),
        Index(
            "uq_appointments_slot",
            "hall",
            "window",
            "slot_at",
            unique=True,
            sqlite_where=_BOOKED,
            postgresql_where=_BOOKED,
        ),
    )

    number: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    hall: Mapped[str] = mapped_column(CODE)
    day: Mapped[date]
    item: Mapped[str] = mapped_column(CODE)
    item_version: Mapped[str | None] = mapped_column(String(90))
    situation: Mapped[str | None] = mapped_column(CODE)
    office: Mapped[str | None] = mapped_column(CODE)
    window: Mapped[str] = mapped_column(CODE)
    slot_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    holder: Mapped[str | None] = mapped_column(CODE)
    matters: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    ticket: Mapped[str | None] = mapped_column(ID)
    reason: Mapped[str | None] = mapped_column(Text)
    last_seq: Mapped[int]


class KioskRow(Base):
    """A browser that stands in a hall and issues walk-in numbers; its cookie is kept as a digest only."""

    __tablename__ = "hall_kiosks"

    number: Mapped[int] = mapped_column(primary_key=True)
    hall: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_by: Mapped[str] = mapped_column(CODE)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
