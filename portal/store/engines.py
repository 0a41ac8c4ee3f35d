"""What each new connection is told, so that a commit outlives a power cut and no writer loses to another."""

from __future__ import annotations

import logging
import select
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from portal.store import turns
from portal.store.faults import DatabaseGone
from portal.store.prepared import tell

WRITE = "portal_write"  # execution option: this transaction will write
ONE_MOMENT = "portal_one_moment"  # execution option: all its reads see the database of one moment
_FILE = "portal_file"  # in the info of a connection: the path and which file it was, by device and inode

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an acknowledged write must be on the disk
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # without it INSERT OR REPLACE deletes a row unseen by its DELETE trigger
    "PRAGMA busy_timeout = 15000",
)
# In one message each: a way to the database and back is most of what a short statement costs.
# One writer at a time, as on SQLite: what a guard has read still holds when the event is appended. The number of the
# lock is any, the same in every process.
_POSTGRESQL_WRITES = "BEGIN; SET LOCAL lock_timeout = {wait:.0f}; SELECT pg_advisory_xact_lock(7306921)"
_POSTGRESQL_READS = {True: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", False: "BEGIN"}

log = logging.getLogger(__name__)


def arm(engine: Engine) -> None:
    """Make transactions of this engine begin as they must; to be called once, before its first connection."""
    if engine.dialect.name == "sqlite":
        if (path := engine.url.database) and path != ":memory:":
            _watch_file(engine, Path(path))
            event.listen(engine, "engine_disposed", turns.leave)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "checkout", _look_at_line)
        event.listen(engine, "begin", _begin_postgresql)


def make_file(engine: Engine) -> None:
    """Make the empty file of a new SQLite database; only the migrations do, everybody else finds one or is refused."""
    if engine.dialect.name == "sqlite" and (path := engine.url.database) and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)


def is_missing(engine: Engine) -> bool:
    """Whether it is a file that is not there."""
    path = engine.url.database
    return engine.dialect.name == "sqlite" and bool(path) and path != ":memory:" and not Path(str(path)).exists()


def _watch_file(engine: Engine, path: Path) -> None:
    """SQLite makes an empty database where there is none, and goes on writing into a file that was deleted: neither.

    :raises DatabaseGone: by every transaction that begins while the file is not there, or is another one.
    """

    def refuse_to_make(*_: object) -> None:
        if not path.exists():
            log.critical("%s is missing: `portal restore` brings it back, `portal db upgrade` makes a new one", path)
            raise DatabaseGone

    def remember(_connection: object, record: Any) -> None:
        record.info[_FILE] = _which(path)

    def compare(connection: Connection) -> None:
        if connection.info.get(_FILE) != _which(path):
            connection.invalidate()
            raise DatabaseGone

    event.listen(engine, "do_connect", refuse_to_make)
    event.listen(engine, "connect", remember)
    event.listen(engine, "begin", compare)


def _which(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions leave SELECT outside of them: a read and the write built on it would not be one.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get(WRITE, False)
    tell(connection, "BEGIN IMMEDIATE" if is_write else "BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.autocommit = True  # transactions begin below


def _look_at_line(connection: Any, _record: object, _proxy: object) -> None:
    """Let go of every connection when the server has said farewell to this one, without asking it each time.

    It says nothing to a connection at rest but that it ends, or a notice.

    :raises InvalidatePoolError: to SQLAlchemy, which connects anew.
    """
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if not line.poll(0):
        return
    try:
        connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _begin_postgresql(connection: Connection) -> None:
    asked = connection.get_execution_options()
    if asked.get(WRITE):
        tell(connection, _POSTGRESQL_WRITES.format(wait=1000 * turns.LONGEST_WAIT))
    else:
        tell(connection, _POSTGRESQL_READS[bool(asked.get(ONE_MOMENT))])
