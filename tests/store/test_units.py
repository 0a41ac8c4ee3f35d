"""Units of writing: all or nothing, one at a time, and never by accident."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.basis import SYSTEM
from portal.ledger import queries
from portal.ledger.operations import append
from portal.store import (
    CommitInsideTransaction,
    DatabaseBusy,
    TransactionAlreadyOpen,
    WriteOutsideTransaction,
    db,
    is_writing,
    reading,
    transaction,
    turns,
)
from tests.databases import in_own_context
from tests.store.counting import counted

pytestmark = pytest.mark.usefixtures("database")
AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)


def view(case: str = "case/990100-2020-000001") -> int:
    return append(case, "viewed", by=SYSTEM, at=AT).seq


def test_a_unit_commits_at_its_end() -> None:
    with transaction():
        view()
    db.session.rollback()
    assert queries.last_seq() == 1


def test_an_exception_leaves_nothing_behind_and_burns_no_number() -> None:
    def stumble() -> None:
        with transaction():
            view()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert queries.last_seq() == 0
    with transaction():
        assert view() == 1


def test_a_unit_inside_a_unit_is_an_error() -> None:
    with transaction(), pytest.raises(TransactionAlreadyOpen), transaction():
        pass


def test_after_a_unit_there_is_none() -> None:
    with transaction():
        assert is_writing()
    assert not is_writing()


def test_an_operation_that_commits_is_stopped_and_nothing_is_kept() -> None:
    with pytest.raises(CommitInsideTransaction), transaction() as session:
        append_and_commit(session)
    assert queries.last_seq() == 0


def test_a_savepoint_inside_a_unit_may_end() -> None:
    with transaction():
        with db.session.begin_nested():
            view()
        savepoint = db.session.begin_nested()
        view()
        savepoint.rollback()
        assert view() == 2
    assert queries.last_seq() == 2


def append_and_commit(session: Session) -> None:
    view()
    session.commit()


def test_appending_outside_a_unit_is_an_error() -> None:
    with pytest.raises(WriteOutsideTransaction):
        view()


def test_a_unit_does_not_trust_what_was_read_before_it(database: Flask) -> None:
    assert queries.last_seq() == 0

    def elsewhere() -> None:
        with transaction():
            view()

    run(database, elsewhere)
    with transaction():
        assert queries.last_seq() == 1


def test_a_reading_sees_one_moment(database: Flask) -> None:
    def elsewhere() -> None:
        with transaction():
            view()

    with reading():
        assert queries.last_seq() == 0
        run(database, elsewhere)
        assert queries.last_seq() == 0
    with reading():
        assert queries.last_seq() == 1


def test_a_reading_inside_a_unit_sees_what_the_unit_wrote() -> None:
    with transaction():
        view()
        with reading():
            assert queries.last_seq() == 1
        assert is_writing()
    assert queries.last_seq() == 1


def test_a_reader_does_not_wait_for_a_writer(database: Flask) -> None:
    seen: list[int] = []
    with transaction():
        view()
        run(database, lambda: seen.append(queries.last_seq()))
    assert seen == [0]


def test_the_second_writer_waits_for_the_first(database: Flask) -> None:
    order: list[str] = []

    def second() -> None:
        with transaction():
            order.append(f"second saw {queries.last_seq()}")

    with transaction():
        thread = threading.Thread(target=in_own_context(database, second))
        thread.start()
        time.sleep(0.2)
        view()
        order.append("first wrote")
    thread.join(timeout=20)
    assert order == ["first wrote", "second saw 1"]


def test_whoever_waits_too_long_is_told_that_nothing_was_saved(database: Flask) -> None:
    """The wait is shortened here; the refusal is what counts."""

    def impatient() -> None:
        patched.setattr(turns, "LONGEST_WAIT", 0.05)
        with pytest.raises(DatabaseBusy), transaction():
            pass

    with pytest.MonkeyPatch.context() as patched, transaction():
        run(database, impatient)


def test_read_modify_write_loses_nothing(database: Flask) -> None:
    """The driver's own transactions lose two updates in three here, without an error."""
    assert counted(database, threads=4, times=25) == 100


def run(app: Flask, act: object) -> None:
    """Run the act in another thread, with a session of its own, and raise here what it raised there."""
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            act()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 -- raised again below
            raised.append(error)

    thread = threading.Thread(target=in_own_context(app, guarded))
    thread.start()
    thread.join(timeout=30)
    if raised:
        raise raised[0]
