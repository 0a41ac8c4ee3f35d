"""How fast the ledger is on SQLite with every commit synced: written one by one, in units of a hundred, and read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, once
from portal import create_app
from portal.basis import By, Role
from portal.ledger import queries
from portal.ledger.operations import append
from portal.store import db, reading, transaction, upgrade

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
CLERK = By("a1", Role.CLERK, office="social-insurance", post="front-desk", window="3")
FACTS = {"conclusion": "approve", "materials_hash": "5f" * 32, "rule_version": "unemployment-subsidy@1", "demands": []}
SUBJECTS = [f"case/990100-2020-{number:06d}" for number in range(1000)]


def figures() -> Iterator[Figure]:
    """The floors are ours: a portal of a city hands in some thousand cases a day."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(instance=Path(folder))
        upgrade(app)
        with app.app_context():
            yield from _measured()
            db.session.remove()
            db.engine.dispose()


def _measured() -> Iterator[Figure]:
    group = "ledger on SQLite, every commit synced"
    bare = _bare_units(300)
    single = _units(300, 1, _append)
    yield Figure(group, "units of one event", single, "1/s", at_least=50)
    yield Figure(group, "bare sqlite3, one row of that size a unit, times ours", bare / single, "×")
    yield Figure(group, "events in units of a hundred", _units(20_000, 100, _append), "1/s", at_least=1000)
    with reading():
        count = queries.last_seq()
        seconds = once(lambda: sum(len(events) for events in queries.stream()), repeat=3)
        yield Figure(group, "events streamed", count / seconds, "1/s", at_least=20_000)
        seconds = once(lambda: [queries.events(subject) for subject in SUBJECTS], repeat=3)
        yield Figure(group, "histories of one case", len(SUBJECTS) / seconds, "1/s", at_least=200)


def _bare_units(rows: int) -> float:
    """What the disk allows: the same bytes, synced the same way, with nothing around them."""
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, facts TEXT)")

        def written() -> None:
            for _ in range(rows):
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO rows (facts) VALUES (?)", ("x" * 600,))
                bare.execute("COMMIT")

        seconds = once(written, repeat=1)
        bare.close()
    return rows / seconds


def _append(number: int) -> object:
    at = AT + timedelta(seconds=number)
    return append(SUBJECTS[number % len(SUBJECTS)], "reviewed", FACTS, by=CLERK, at=at)


def _units(events: int, size: int, write: Callable[[int], object]) -> float:
    """Events a second."""

    def written() -> None:
        for first in range(0, events, size):
            with transaction():
                for number in range(first, first + size):
                    write(number)

    return events / once(written, repeat=1)
