"""The ledger only grows, without a gap, whoever writes and however many at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from flask import Flask

from portal.basis import SYSTEM
from portal.ledger import queries
from portal.ledger.operations import append
from portal.store import db, transaction
from tests.databases import in_own_context

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from tests.databases import make_app, dispose
from tests.ledger.test_growth import write_units
app = make_app(sys.argv[1])
with app.app_context():
    write_units(sys.argv[2], int(sys.argv[3]))
dispose(app)
"""


def write_units(name: str, units: int) -> None:
    """Units of one, two and three events; every fourth is given up half-way."""
    for unit in range(units):
        try:
            with transaction():
                for part in range(unit % 3 + 1):
                    append(f"case/{name}-{unit}", "viewed", by=SYSTEM, at=AT)
                    if unit % 4 == 3 and part == 0:
                        raise InterruptedError
        except InterruptedError:
            pass


def kept(units: int) -> int:
    return sum(unit % 3 + 1 for unit in range(units) if unit % 4 != 3)


def without_gap_and_in_whole_units(expected: int) -> bool:
    events = queries.events_after(0, limit=10_000)
    numbers = [event.seq for event in events]
    units = [event.subject for event in events]
    runs = 1 + sum(before != after for before, after in pairwise(units))
    return numbers == list(range(1, expected + 1)) and runs == len(set(units))


def test_threads_leave_no_gap_and_never_mix_their_units(database: Flask) -> None:
    writers = [threading.Thread(target=in_own_context(database, write_units), args=(f"t{n}", 40)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert without_gap_and_in_whole_units(4 * kept(40))


def test_processes_leave_no_gap_and_never_mix_their_units(database: Flask, database_url: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, f"p{n}", "40"], cwd=ROOT) for n in range(3)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    with database.app_context():
        assert without_gap_and_in_whole_units(3 * kept(40))


def test_numbers_are_committed_in_their_order(database: Flask) -> None:
    """Whoever follows the ledger by its last number misses nothing: no lower number appears later."""
    seen: list[int] = []
    stop = threading.Event()

    def follow() -> None:
        last = 0
        while not stop.is_set() or queries.last_seq() > last:
            for event in queries.events_after(last):
                seen.append(event.seq)
                last = event.seq
            db.session.rollback()

    follower = threading.Thread(target=in_own_context(database, follow))
    writers = [threading.Thread(target=in_own_context(database, write_units), args=(f"w{n}", 30)) for n in range(3)]
    for thread in (follower, *writers):
        thread.start()
    for writer in writers:
        writer.join(timeout=120)
    stop.set()
    follower.join(timeout=60)
    assert seen == list(range(1, 3 * kept(30) + 1))
