"""What one visit asks of the database, counted by SQLAlchemy's own events: ours and the bare app's must be the same."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import Client, TestResponse

from bench.halls.bare import app_on
from bench.halls.browser import Connection, Visitor, at_kiosk, at_window
from bench.halls.city import City
from bench.halls.visits import Desk, bare_visit
from portal.store import db


class Within:
    """A connection to an app of this very process."""

    def __init__(self, app: Flask) -> None:
        self._client = Client(app, use_cookies=False)
        self._answer: TestResponse | None = None

    def request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> None:
        self._answer = self._client.open(path, method=method, data=body, headers=headers)

    def getresponse(self) -> Any:
        assert self._answer is not None
        return _Answered(self._answer)


class _Answered:
    def __init__(self, answer: TestResponse) -> None:
        self.status, self.headers = answer.status_code, _Headers(answer)
        self._body: bytes = answer.data

    def read(self) -> bytes:
        return self._body


class _Headers:
    def __init__(self, answer: TestResponse) -> None:
        self.get, self.get_all = answer.headers.get, answer.headers.getlist


def counts(city: City) -> tuple[Counter[str], Counter[str]]:
    """Of one visit by kind of statement, ours and bare, on this city's database."""
    logging.getLogger("portal.journal").setLevel(logging.WARNING)
    app = city.app()
    app.config["REQUESTS_PER_MINUTE"] = 10**9
    connection, seat = cast("Connection", Within(app)), city.seats[0]
    desk = Desk(seat, Visitor(connection), Visitor(connection))
    at_window(desk.clerk, seat, nth=1)
    at_kiosk(desk.kiosk, city, seat)
    ours = _counted(desk.visit)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    file = city.folder / "portal.sqlite"
    with sqlite3.connect(file) as plain:
        account = str(plain.execute("SELECT id FROM account WHERE name = ?", (seat.name,)).fetchone()[0])
        plain.execute("DELETE FROM tickets")  # theirs must be the only ones
    return ours, _counted(lambda: bare_visit(cast("Connection", Within(app_on(f"sqlite:///{file}"))), seat, account))


def _counted(visit: Callable[[], bool]) -> Counter[str]:
    visit()  # the first of a day also begins the series of its numbers
    with _listening() as heard:
        visit()
    return heard


@contextmanager
def _listening() -> Iterator[Counter[str]]:
    heard: Counter[str] = Counter()

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        heard["BEGIN IMMEDIATE" if text.startswith("BEGIN IMMEDIATE") else text.split(maxsplit=1)[0]] += 1

    def ended(word: str) -> Callable[[Any], None]:
        return lambda _connection: heard.update([word])

    hooks: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": statement,
        "commit": ended("COMMIT"),
        "rollback": ended("ROLLBACK"),
    }
    for name, hook in hooks.items():
        event.listen(Engine, name, hook)
    try:
        yield heard
    finally:
        for name, hook in hooks.items():
            event.remove(Engine, name, hook)
