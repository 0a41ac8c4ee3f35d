"""The staff of the tests is the same, whether the operations employ it or its rows are copied in."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.basis import SYSTEM
from portal.store import Base, db, transaction
from tests.cases.city import MONDAY, Staff, employ
from tests.cases.staffing import PEOPLE, Rows, rows_of


def written(write: Callable[[], Staff]) -> tuple[Staff, Rows]:
    """What somebody writes into an empty database, and takes back."""
    every = [table.name for table in Base.metadata.sorted_tables]
    with transaction():
        assert rows_of(every) == {}
        result = write(), rows_of(every)
        db.session.rollback()
    return result


def test_rows_copied_in_are_those_that_the_operations_write(database: Flask) -> None:  # noqa: ARG001
    by_operations = written(employ.write)
    assert set(by_operations[1]) == set(PEOPLE)
    assert written(employ) == by_operations  # the first of this process, or a copy
    assert written(employ) == by_operations


def test_where_somebody_is_already_the_operations_employ(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        accounts.create_account("li-na", "Li Na", AccountKind.STAFF, at=MONDAY, by=SYSTEM)
        staff = employ()
        rows = rows_of(PEOPLE)
    assert [len(rows[name]) for name in PEOPLE] == [len(staff.known) + 1, len(staff.known), len(staff.known)]
