"""What the database refuses is told without the values that were sent to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.store import db

TYPED = "330106199003070017"


def test_the_words_of_an_error_hold_no_value(database: Flask) -> None:
    assert database
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT :typed FROM no_such_table"), {"typed": TYPED})
    db.session.rollback()
    assert "no_such_table" in str(caught.value)
    assert TYPED not in str(caught.value) + repr(caught.value)
    assert db.session.scalar(select(1)) == 1
