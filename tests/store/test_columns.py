"""Connections and columns: what each new connection is told, and what an instant refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from portal.store import Instant, db, transaction
from tests.databases import make_app

moments = Table("moments", MetaData(), Column("at", Instant))


@pytest.fixture
def stored(database: Flask) -> Flask:
    with transaction() as session:
        moments.create(session.connection())
    return database


@pytest.mark.usefixtures("as_shipped", "sqlite_database")
def test_sqlite_syncs_each_commit_and_keeps_its_guards_up() -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
    answers = [db.session.execute(text(f"PRAGMA {pragma}")).scalar() for pragma in pragmas]
    assert answers == ["wal", 2, 1, 1, 15000]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "at",
    [
        datetime(2020, 9, 14, 10, 0, tzinfo=timezone(timedelta(hours=8))),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1986, 5, 4, 2, 0, 0, 1, tzinfo=timezone(timedelta(hours=9))),  # Shanghai kept summer time then
        datetime(2262, 4, 12, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_to_the_microsecond_and_in_utc(at: datetime) -> None:
    with transaction() as session:
        session.execute(moments.insert().values(at=at))
    found = db.session.scalars(select(moments.c.at)).one()
    assert found == at
    assert found.utcoffset() == timedelta(0)
    assert db.session.scalars(select(moments.c.at).where(moments.c.at <= at)).all() == [found]


@pytest.mark.usefixtures("stored")
def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(StatementError, match="not an aware datetime"), transaction() as session:
        session.execute(moments.insert().values(at=datetime(2020, 9, 14, 10, 0)))  # noqa: DTZ001 -- the point


@given(st.datetimes(timezones=st.just(UTC)))
def test_sqlite_keeps_every_instant_exactly(at: datetime) -> None:
    dialect = sqlite.dialect()
    kept = Instant().process_bind_param(at, dialect)
    assert isinstance(kept, int)
    assert Instant().process_result_value(kept, dialect) == at


@pytest.mark.parametrize("address", ["postgres://a:b@h/d", "postgresql://a:b@h/d", "postgresql+psycopg://a:b@h/d"])
def test_postgresql_is_spoken_through_psycopg_3(address: str) -> None:
    assert make_app(address).config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://a:b@h/d"
