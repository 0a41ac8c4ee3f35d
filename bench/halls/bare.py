"""The same visit in a bare Flask app: the tables, statements and transactions of ours, and nothing around them.

No signing in, no rights, no forms, no tokens, no journal, no hashing: only what the database is asked, written with
SQLAlchemy as anybody would, on a database of the same tables, so that indices and triggers are the same. On PostgreSQL
its writers wait for one another only while an event is numbered, which is as little as an unbroken numbering allows.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, create_engine, event, func, insert, select, text, update
from sqlalchemy.orm import Session

from portal.accounts.second_factor.tables import SecondFactorRow
from portal.accounts.sign_ins.tables import SignInRow
from portal.accounts.tables import AccountRow, HoldingRow, PostRow
from portal.hall.tables import (
    AppointmentRow,
    ClosureRow,
    HallDayRow,
    HandlingRow,
    KioskRow,
    ShiftRow,
    TicketRow,
    TicketSeriesRow,
    WindowRow,
)
from portal.ledger.tables import EventRow
from portal.store.engines import PRAGMAS
from portal.store.tables import OnceRow

_WAITING, _HERE = ("waiting", "parked"), ("called", "serving")


def create_app() -> Flask:
    return app_on(os.environ["BARE_DATABASE"])


def _engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=32)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def app_on(url: str) -> Flask:
    app, engine = Flask(__name__), _engine(url)

    @contextmanager
    def reading() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @contextmanager
    def writing() -> Iterator[Session]:
        with Session(engine, autoflush=False) as session:  # a row that is changed is written once
            session.connection(execution_options={"begin": "BEGIN IMMEDIATE"})
            yield session
            session.commit()

    @app.post("/issue/<hall>/<item>")
    def issue(hall: str, item: str) -> ResponseReturnValue:
        key, at = request.form["once_key"], datetime.now(UTC)
        day = at.date()
        with reading() as session:
            _once(session, key)
            session.scalars(select(KioskRow).where(KioskRow.hall == hall, KioskRow.ended_at.is_(None))).first()
        with writing() as session:
            _once(session, key)
            session.scalars(select(HandlingRow).where(HandlingRow.hall == hall)).all()
            _plan(session, hall, day, at)
            session.scalars(select(WindowRow).where(WindowRow.hall == hall)).all()
            today = (TicketRow.hall == hall, TicketRow.day == day)
            waits = select(TicketRow.item, TicketRow.to_window, func.sum(TicketRow.matters))
            waits = waits.where(*today, TicketRow.state.in_(_WAITING)).group_by(TicketRow.item, TicketRow.to_window)
            ahead = sum(row[2] for row in session.execute(waits))
            session.scalars(select(TicketRow).where(*today, TicketRow.state.in_(_HERE))).all()
            session.scalars(
                select(AppointmentRow).where(
                    AppointmentRow.hall == hall, AppointmentRow.day == day, AppointmentRow.state == "booked"
                )
            ).all()
            session.scalars(select(HallDayRow).where(HallDayRow.hall == hall, HallDayRow.day == day)).first()
            series = (TicketSeriesRow.hall == hall, TicketSeriesRow.day == day, TicketSeriesRow.series == "A")
            raised = update(TicketSeriesRow).where(*series).values(last=TicketSeriesRow.last + 1)
            number = session.execute(raised.returning(TicketSeriesRow.last)).scalar()
            if number is None:  # once a day
                number = 1
                session.execute(insert(TicketSeriesRow).values(hall=hall, day=day, series="A", last=1))
            own = secrets.token_hex(6)
            seq = _append(session, own, "ticket-issued", {"hall": hall, "item": item, "number": number}, at)
            ticket = TicketRow(
                id=own, state="waiting", hall=hall, day=day, series="A", number=number, source="walk-in", item=item,
                matters=1, is_for_others=False, rank="normal", turn_at=at, issued_at=at, ahead=ahead,
                is_guaranteed=True, calls=0, served_seconds=0, last_seq=seq,
            )  # fmt: skip
            session.add(ticket)
            _keep(session, key, own, at)
        return redirect(f"/slip/{own}", 303)

    @app.post("/window/<hall>/<window>/<step>")
    def take(hall: str, window: str, step: str) -> ResponseReturnValue:
        key, at = request.form["once_key"], datetime.now(UTC)
        day = at.date()
        with reading() as session:
            _who(session, request.form["account"], day)
            _once(session, key)
        with writing() as session:
            _once(session, key)
            if step == "next":
                session.scalars(select(WindowRow).where(WindowRow.hall == hall)).all()
                session.scalars(
                    select(TicketRow).where(
                        TicketRow.hall == hall, TicketRow.window == window, TicketRow.state.in_(_HERE)
                    )
                ).first()
                ticket = session.scalars(
                    select(TicketRow)
                    .where(TicketRow.hall == hall, TicketRow.day == day, TicketRow.state == "waiting")
                    .order_by(TicketRow.turn_at, TicketRow.issued_at, TicketRow.number, TicketRow.id)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                ).one()
                _plan(session, hall, day, at)
                ticket.state, ticket.window, ticket.calls = "called", window, 1
                ticket.called_at = ticket.last_called_at = at
            else:
                here = (TicketRow.hall == hall, TicketRow.day == day, TicketRow.window == window)
                ticket = session.scalars(select(TicketRow).where(*here, TicketRow.state.in_(_HERE)).limit(1)).one()
                session.scalars(select(WindowRow).where(WindowRow.hall == hall)).all()
                if step == "start":
                    ticket.state, ticket.started_at = "serving", at
                else:
                    ticket.state, ticket.ended_at, ticket.outcome = "served", at, "information"
            ticket.last_seq = _append(session, ticket.id, f"ticket-{ticket.state}", {"at": window}, at)
            _keep(session, key, ticket.id, at)
        return redirect(f"/window/{hall}/{window}", 303)

    return app


def _who(session: Session, account: str, day: date) -> None:
    asked = select(SignInRow, AccountRow, SecondFactorRow).join(AccountRow, AccountRow.id == SignInRow.account)
    asked = asked.outerjoin(SecondFactorRow, SecondFactorRow.account == SignInRow.account)
    session.execute(asked.where(SignInRow.account == account, SignInRow.ended_at.is_(None))).first()
    held = select(PostRow).join(HoldingRow, HoldingRow.post == PostRow.code)
    held = held.join(AccountRow, AccountRow.id == HoldingRow.account)
    session.scalars(held.where(HoldingRow.account == account, HoldingRow.from_on <= day)).all()


def _once(session: Session, key: str) -> None:
    session.scalars(select(OnceRow).where(OnceRow.scope == "bare", OnceRow.key_hash == key.encode())).first()


def _keep(session: Session, key: str, answer: str, at: datetime) -> None:
    session.add(OnceRow(scope="bare", key_hash=key.encode(), digest=b"", answer=answer, done_at=at))


def _plan(session: Session, hall: str, day: date, at: datetime) -> None:
    session.scalars(select(ShiftRow).where(ShiftRow.hall == hall, ShiftRow.day == day)).all()
    session.scalars(select(ClosureRow).where(ClosureRow.hall == hall, ClosureRow.until_at > at)).all()


def _append(session: Session, ticket: str, kind: str, facts: dict[str, object], at: datetime) -> int:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(1)"))
    number = select(func.coalesce(func.max(EventRow.seq), 0) + 1).scalar_subquery()
    written = insert(EventRow).values(
        seq=number, subject=f"ticket/{ticket}", kind=kind, actor="clerk", role="clerk", office="office", window=None,
        channel="window", occurred_at=at, recorded_at=at, item_version=None, payload=json.dumps(facts), sealed=None,
        leaf_hash=bytes(32),
    )  # fmt: skip
    return int(session.execute(written.returning(EventRow.seq)).scalar_one())
