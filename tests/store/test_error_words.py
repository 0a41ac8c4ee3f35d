"""What the database refuses is told without the values that were sent to it; and an answer outlives its connection."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.store import db, reading, transaction
from tests.databases import dispose, make_app

TYPED = "330106199003070017"


def test_the_words_of_an_error_hold_no_value(database: Flask) -> None:
    assert database
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT :typed FROM no_such_table"), {"typed": TYPED})
    db.session.rollback()
    assert "no_such_table" in str(caught.value)
    assert TYPED not in str(caught.value) + repr(caught.value)
    assert db.session.scalar(select(1)) == 1


def test_an_answer_that_is_made_outlives_the_connection_of_its_read(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a file has no connection that could be cut")
    app, other = make_app(database_url), make_app(database_url)
    with app.app_context():
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with other.app_context():
            db.session.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with app.app_context(), reading():
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != number
    dispose(app)
    dispose(other)


def test_connections_at_rest_that_were_cut_are_not_used_again(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a file has no connection that could be cut")
    app, other = make_app(database_url), make_app(database_url)
    numbers = []
    with app.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        numbers = [one.scalar(text("SELECT pg_backend_pid()")) for one in (first, second)]
    with other.app_context():
        for number in numbers:
            db.session.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with app.app_context():
        for write in (transaction, reading):
            with write():
                assert db.session.scalar(text("SELECT pg_backend_pid()")) not in numbers
            db.session.remove()
    dispose(app)
    dispose(other)


def test_a_mistake_of_ours_in_the_last_moment_stays_one(database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DBAPIError("ROLLBACK", None, ValueError("no words of a database"))

    monkeypatch.setattr(db.session, "remove", fail)
    with pytest.raises(DBAPIError), database.app_context():
        pass
    monkeypatch.undo()
