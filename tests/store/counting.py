"""Threads that each read a number and write one more: whoever overwrites another's leaves too little in the end."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import text

from portal.store import db, transaction
from tests.databases import in_own_context


def counted(app: Flask, *, threads: int, times: int) -> int:
    """What stands there after so many threads have added one so many times."""
    with transaction():
        db.session.execute(text("CREATE TABLE tally (n INTEGER)"))
        db.session.execute(text("INSERT INTO tally VALUES (0)"))

    def add() -> None:
        for _ in range(times):
            with transaction():
                found = db.session.execute(text("SELECT n FROM tally")).scalar_one()
                db.session.execute(text("UPDATE tally SET n = :n"), {"n": found + 1})

    adding = [threading.Thread(target=in_own_context(app, add)) for _ in range(threads)]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join(timeout=60)
    return int(db.session.execute(text("SELECT n FROM tally")).scalar_one())
