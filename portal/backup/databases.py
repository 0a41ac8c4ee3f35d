"""The database as files, as it stood at one moment while others go on writing; and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL

from portal.backup.model import Manifest, NotABackup, Table
from portal.basis import N_, Refusal
from portal.store import Base, db, schema

if TYPE_CHECKING:
    import psycopg

SQLITE_FILE = "portal.sqlite"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = "SELECT seq, recorded_at FROM events ORDER BY seq DESC LIMIT 1"
_REVISION = "SELECT version_num FROM alembic_version"


class DatabaseNotEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The database already holds something; restore into an empty one."))


class OtherDatabase(Refusal):
    def __init__(self, theirs: str, ours: str) -> None:
        super().__init__(
            N_("The backup was taken from %(theirs)s and cannot go into %(ours)s; set YINUO_DATABASE_URL accordingly."),
            values={"theirs": theirs, "ours": ours},
        )


def dump(folder: Path, at: datetime) -> Manifest:
    """Write the database into the folder without keeping anybody from writing."""
    return _dump_sqlite(folder, at) if _dialect() == "sqlite" else _dump_postgresql(folder, at)


def require_kind(manifest: Manifest) -> None:
    """:raises OtherDatabase: SQLite's file cannot go into PostgreSQL, nor the other way."""
    if manifest.database != _dialect():
        raise OtherDatabase(manifest.database, _dialect())


def load(folder: Path, manifest: Manifest) -> None:
    """Fill an empty PostgreSQL database, at the revision of the backup, with its rows.

    :raises DatabaseNotEmpty: there are events already.
    """
    schema.load_tables()
    with _connect(db.engine.url) as connection:
        if connection.execute("SELECT EXISTS (SELECT FROM events)").fetchone() != (False,):
            raise DatabaseNotEmpty
        by_name = {table.name: table for table in manifest.tables}
        for name in _in_order(by_name):
            _copy_in(connection, by_name[name], folder / "tables" / name)
        _set_sequences(connection, by_name)


def _dialect() -> str:
    return db.engine.dialect.name


def _dump_sqlite(folder: Path, at: datetime) -> Manifest:
    source = db.engine.url.database
    assert source, "a database in memory needs no backup"
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(folder / SQLITE_FILE)) as copy,
    ):
        live.backup(copy)  # one step: a snapshot, beside which writers go on
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        damage = copy.execute("PRAGMA quick_check").fetchone()[0]
        if damage != "ok":
            raise NotABackup(f"the database is damaged: {damage}")
        newest = copy.execute(_NEWEST).fetchone()
        revision = copy.execute(_REVISION).fetchone()[0]
    return Manifest(at, "sqlite", revision, *_last(newest))


def _dump_postgresql(folder: Path, at: datetime) -> Manifest:
    schema.load_tables()
    (folder / "tables").mkdir()
    with _connect(db.engine.url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        newest = connection.execute(_NEWEST).fetchone()
        revision = connection.execute(_REVISION).fetchone()
        assert revision, "the portal does not start without a migrated database"
        tables = tuple(
            _copy_out(connection, table.name, tuple(column.name for column in table.columns), folder / "tables")
            for table in Base.metadata.sorted_tables
        )
    return Manifest(at, "postgresql", revision[0], *_last(newest), tables)


def _connect(url: URL) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg

    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


def _last(newest: tuple[Any, ...] | None) -> tuple[int, datetime | None]:
    """SQLite keeps instants as microseconds since 1970 (store.columns)."""
    if newest is None:
        return 0, None
    seq, at = newest
    return seq, at.astimezone(UTC) if isinstance(at, datetime) else _EPOCH + timedelta(microseconds=at)


def _copy_out(connection: psycopg.Connection[Any], table: str, columns: tuple[str, ...], folder: Path) -> Table:
    from psycopg import sql

    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(sql.Identifier(table), names)
    with connection.cursor() as cursor:
        with (folder / table).open("wb") as file, cursor.copy(statement) as copy:
            for block in copy:
                file.write(block)
        return Table(table, columns, cursor.rowcount)


def _copy_in(connection: psycopg.Connection[Any], table: Table, file: Path) -> None:
    from psycopg import sql

    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table.name), names)
    with connection.cursor() as cursor:
        with file.open("rb") as source, cursor.copy(statement) as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        if cursor.rowcount != table.rows:
            raise NotABackup(f"{table.name} holds {cursor.rowcount} rows, its first page promises {table.rows}")


def _in_order(names: Collection[str]) -> list[str]:
    """Tables before those that point at them."""
    return [table.name for table in Base.metadata.sorted_tables if table.name in names]


def _set_sequences(connection: psycopg.Connection[Any], names: Collection[str]) -> None:
    """COPY brings numbers of its own; the next number of each sequence comes after them."""
    from psycopg import sql

    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if table.name not in names or column is None:
            continue
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({name}, {column}), (SELECT max({field}) FROM {table}))"
                " WHERE pg_get_serial_sequence({name}, {column}) IS NOT NULL"
            ).format(
                name=sql.Literal(table.name),
                column=sql.Literal(column.name),
                field=sql.Identifier(column.name),
                table=sql.Identifier(table.name),
            )
        )
