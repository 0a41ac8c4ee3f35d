"""A statement that is compiled once says the same as SQLAlchemy does, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine, Select, Table, bindparam, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError

from portal.hall.tables import HallDayRow, HandlingRow, TicketSeriesRow
from portal.store import Prepared, StorageFull, WriteOutsideTransaction, db, named, run, transaction

DAYS, SERIES = cast("Table", HallDayRow.__table__), cast("Table", TicketSeriesRow.__table__)
DAY, LATER = date(2026, 9, 28), date(2026, 9, 29)
STOPPED = datetime(2026, 9, 28, 7, 30, 0, 123456, tzinfo=UTC)
PUT = Prepared(insert(DAYS))
ROWS = select(*DAYS.c).where(DAYS.c.hall == bindparam("hall"), DAYS.c.day.in_(bindparam("days", expanding=True)))
ALL_ROWS = Prepared(ROWS.order_by(DAYS.c.day))
OF_TWO_HALLS = Prepared(select(DAYS.c.day).where(DAYS.c.hall.in_(["a", "b"])).order_by(DAYS.c.day))

pytestmark = pytest.mark.usefixtures("two_days")


@pytest.fixture
def two_days(database: object) -> None:  # noqa: ARG001 -- it is there before its rows
    with transaction():
        for day, stopped_at in ((DAY, STOPPED), (LATER, None)):
            run(PUT, {"hall": "a", "day": day, "stopped_at": stopped_at, "stopped_because": None, "closed_at": None})


@pytest.mark.parametrize("days", [[DAY, LATER], [LATER], [], [DAY, LATER, date(2026, 1, 1)], [DAY]])
def test_rows_are_those_that_sqlalchemy_gives(days: list[date]) -> None:
    given = {"hall": "a", "days": days}
    theirs = db.session.connection().execute(ALL_ROWS.statement, given).all()
    ours = run(ALL_ROWS, given)
    assert [one._asdict() for one in ours] == [one._asdict() for one in theirs]
    assert len(ours) == len(set(days) & {DAY, LATER})


def test_an_instant_and_a_day_come_back_as_they_went_in() -> None:
    row = run(ALL_ROWS, {"hall": "a", "days": [DAY]}).one()
    assert (row.day, row.stopped_at, row.closed_at) == (DAY, STOPPED, None)
    assert row.stopped_at.tzinfo is UTC


def test_a_list_that_stands_in_the_statement_needs_no_value() -> None:
    assert [row.day for row in run(OF_TWO_HALLS)] == [DAY, LATER]


def test_a_moment_without_a_zone_is_refused_here_too() -> None:
    naive = datetime(2026, 9, 28, 7)  # noqa: DTZ001 -- that is the mistake
    with pytest.raises(ValueError, match="aware"), transaction():
        run(PUT, {"hall": "b", "day": DAY, "stopped_at": naive, "stopped_because": None, "closed_at": None})


def test_a_write_tells_how_many_rows_and_what_it_returns() -> None:
    raised = Prepared(
        update(SERIES)
        .where(SERIES.c.hall == bindparam("_hall"))
        .values(last=SERIES.c.last + 1)
        .returning(SERIES.c.last)
    )
    gone = Prepared(update(DAYS).where(DAYS.c.hall == bindparam("_hall")).values(closed_at=bindparam("closed_at")))
    with transaction():
        run(insert(SERIES), {"hall": "a", "day": DAY, "series": "A", "last": 4})
        assert run(raised, {"_hall": "a"}).scalar() == 5
        assert run(raised, {"_hall": "nobody"}).scalar() is None
        assert run(gone, {"_hall": "a", "closed_at": STOPPED}).rowcount == 2
    assert {row.closed_at for row in run(ALL_ROWS, {"hall": "a", "days": [DAY, LATER]})} == {STOPPED}


def test_one_row_is_one_row() -> None:
    with pytest.raises(NoResultFound):
        run(ALL_ROWS, {"hall": "a", "days": [DAY, LATER]}).one()
    assert run(ALL_ROWS, {"hall": "nowhere", "days": [DAY]}).one_or_none() is None


def test_what_the_database_refuses_is_the_error_that_sqlalchemy_raises() -> None:
    row = {"hall": "a", "day": DAY, "stopped_at": None, "stopped_because": "secret words", "closed_at": None}
    with pytest.raises(IntegrityError) as refused, transaction():
        run(PUT, row)
    assert "secret words" not in str(refused.value)
    assert len(run(ALL_ROWS, {"hall": "a", "days": [DAY, LATER]})) == 2


def test_a_driver_that_fails_is_named_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = db.session.connection()
    failure = connection.dialect.loaded_dbapi.OperationalError("disk I/O error")
    driver = Mock(**{"execute.side_effect": failure})
    with monkeypatch.context() as patch:
        patch.setattr(type(connection.connection), "driver_connection", driver)
        with pytest.raises(OperationalError, match="disk I/O error") as told:
            ALL_ROWS.on(connection, {"hall": "a", "days": [DAY]})
    assert isinstance(named(told.value), StorageFull)


def test_nothing_is_written_while_only_reading() -> None:
    with pytest.raises(WriteOutsideTransaction):
        run(PUT, {"hall": "b", "day": DAY, "stopped_at": None, "stopped_because": None, "closed_at": None})


@pytest.mark.parametrize("target", ["engine", "all engines"])
def test_who_listens_hears_them_too(target: str) -> None:
    heard: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_: object) -> None:
        heard.append(text)

    whom: Any = db.engine if target == "engine" else Engine
    given = {"hall": "a", "days": [DAY]}
    unheard = [row._asdict() for row in run(ALL_ROWS, given)]
    db.session.rollback()
    event.listen(whom, "before_cursor_execute", note)
    try:
        rows = [row._asdict() for row in run(ALL_ROWS, given)]
    finally:
        event.remove(whom, "before_cursor_execute", note)
    assert [text for text in heard if "hall_days" in text]
    assert rows == unheard


def test_a_value_is_never_part_of_the_words() -> None:
    words = "'; DROP TABLE hall_days; --"
    assert run(ALL_ROWS, {"hall": words, "days": [DAY]}).first() is None
    assert len(run(ALL_ROWS, {"hall": "a", "days": [DAY]})) == 1


@pytest.mark.parametrize(
    "statement",
    [
        select(func.count().label("many")).select_from(DAYS),
        select(HandlingRow.mean, HandlingRow.visits),
        select(DAYS.c.day).limit(1),
    ],
)
def test_statements_of_many_kinds_have_the_names_of_their_columns(statement: Select[*tuple[Any, ...]]) -> None:
    connection = db.session.connection()
    theirs = connection.execute(statement)
    names = tuple(theirs.keys())
    assert [tuple(row) for row in run(Prepared(statement))] == [tuple(row) for row in theirs]
    assert all(row._fields == names for row in run(Prepared(statement)))
