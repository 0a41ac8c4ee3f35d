"""What each new connection is told, so that a commit outlives a power cut and no writer loses to another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

WRITE = "portal_write"  # execution option: this transaction will write

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an acknowledged write must be on the disk
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # without it INSERT OR REPLACE deletes a row unseen by its DELETE trigger
    "PRAGMA busy_timeout = 15000",
)
_WAIT = "SET LOCAL lock_timeout = '15s'"
_ONE_WRITER = "SELECT pg_advisory_xact_lock(7306921)"  # any number, the same in every process


def arm(engine: Engine) -> None:
    """Make transactions of this engine begin as they must; to be called once, before its first connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions leave SELECT outside of them: a read and the write built on it would not be one.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """One writer at a time, as on SQLite: what a guard has read still holds when the event is appended."""
    if connection.get_execution_options().get(WRITE, False):
        connection.exec_driver_sql(_WAIT)
        connection.exec_driver_sql(_ONE_WRITER)
