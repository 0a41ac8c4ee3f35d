"""The two ways to the database: a unit that writes and commits as one, and a read of one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable, UpdateBase, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from portal.store.base import db
from portal.store.engines import ONE_MOMENT, WRITE
from portal.store.faults import named
from portal.store.prepared import Prepared
from portal.store.turns import turn

_UNIT = "portal_unit"  # in Session.info: None, or one of the two below
_CONNECTION = "portal_connection"  # in Session.info: the transaction that has begun, and its connection
_WRITING, _COMMITTING = "writing", "committing"


class TransactionAlreadyOpen(RuntimeError):
    """An operation opened a transaction of its own; the edge owns the one there is."""


class WriteOutsideTransaction(RuntimeError):
    """Something was written where only reading is done; wrap it in ``with transaction():`` at the edge."""


class CommitInsideTransaction(RuntimeError):
    """An operation committed; operations never do, the edge's ``with transaction():`` does at its end."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Write as one unit: all of it is committed at the end, or none of it after an exception.

    Units wait for one another on both databases, so a guard may trust what it has read until its unit ends.

    :raises TransactionAlreadyOpen: there is one already.
    :raises DatabaseBusy: no turn came within 15 seconds.
    :raises StoreUnavailable: the disk is full, or the database is not there.
    """
    session = db.session()
    if is_writing():
        raise TransactionAlreadyOpen("a transaction is open; leave opening it to the edge (view, job, verb)")
    if session.new or session.dirty or session.deleted:
        raise WriteOutsideTransaction("rows were changed before the transaction began; change them inside")
    session.rollback()  # end the read that came before: this unit must see what is there now
    session.info[_UNIT] = _WRITING
    try:
        with turn(db.engine):
            try:
                with _naming_what_failed(session):
                    session.connection(execution_options={WRITE: True})
                    yield session
                    session.flush()
                    session.info[_UNIT] = _COMMITTING
                    session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        session.info[_UNIT] = session.info[_CONNECTION] = None


@contextmanager
def reading() -> Iterator[Session]:
    """Read one moment of the database, whatever others commit meanwhile; inside ``transaction()`` read what it sees."""
    session = db.session()
    if is_writing() or session.info.get("portal_reading"):
        yield session
        return
    session.rollback()
    session.info["portal_reading"] = True
    try:
        session.connection(execution_options={ONE_MOMENT: True})
        yield session
    finally:
        session.info["portal_reading"], session.info[_CONNECTION] = False, None
        session.rollback()


def run(statement: Executable | Prepared, parameters: Mapping[str, Any] | None = None) -> Any:
    """Execute a statement of columns on the connection of this unit: for what is asked at every click.

    The session's own ``execute`` takes twice the time for it, because it looks for objects that are not there; a
    statement that is prepared takes a fourth of it.

    :raises WriteOutsideTransaction: it writes, and only reading is done.
    """
    session = db.session()
    is_write = statement.is_write if isinstance(statement, Prepared) else isinstance(statement, UpdateBase)
    if is_write and not session.info.get(_UNIT):
        raise WriteOutsideTransaction("a writing statement came while only reading; use `with transaction():`")
    connection = _connection(session)
    if isinstance(statement, Prepared):
        return statement.on(connection, parameters or {})
    return connection.execute(statement, parameters)


def _connection(session: Session) -> Connection:
    """That of the unit or read; asking the session is slow, and only it knows when a read without a name has ended."""
    begun = session.get_transaction()
    if begun is None or session.in_nested_transaction():  # a savepoint begins when it is asked for
        return session.connection()
    known: tuple[object, Connection] | None = session.info.get(_CONNECTION)
    if known is None or known[0] is not begun:
        known = session.info[_CONNECTION] = (begun, session.connection())
    return known[1]


def is_writing() -> bool:
    return bool(db.session().info.get(_UNIT))


@contextmanager
def _naming_what_failed(session: Session) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        refusal = named(error, is_committing=session.info[_UNIT] == _COMMITTING)
        if refusal is None:
            raise
        raise refusal from error


@event.listens_for(Session, "before_flush")
def _refuse_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if _is_ours(session) and not session.info.get(_UNIT):
        raise WriteOutsideTransaction("rows were added or changed while only reading; use `with transaction():`")


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    is_write = state.is_insert or state.is_update or state.is_delete
    if is_write and _is_ours(state.session) and not state.session.info.get(_UNIT):
        raise WriteOutsideTransaction("a writing statement came while only reading; use `with transaction():`")


@event.listens_for(Session, "before_commit")
def _refuse_commit(session: Session) -> None:
    if session.info.get(_UNIT) == _WRITING and not session.in_nested_transaction():
        raise CommitInsideTransaction("leave the commit to `with transaction():`")


def _is_ours(session: Session) -> bool:
    return isinstance(session, db.session.session_factory.class_)
