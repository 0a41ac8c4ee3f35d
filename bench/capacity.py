"""How the pages answer at fifty requests a second while the ledger holds 0.01, 0.1 and 1 million events.

The cases of the demonstration are copied with their events and clocks under new numbers until the size is reached; then
a real `portal serve`, its scheduler beside it, gets requests on a fixed timetable, whether the earlier ones were
answered or not, and what is late in starting counts as waiting.
"""

from __future__ import annotations

import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from queue import SimpleQueue

import requests
from sqlalchemy import text

from bench.figures import Figure
from portal import create_app, demo
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.model import Event
from portal.sealing import seal
from portal.store import db, reading, upgrade
from tests.crawl import PageReader
from tests.running import RunningPortal, running

SIZES = (10_000, 100_000, 1_000_000)
RATE, SECONDS, CLIENTS = 50, 30, 16  # requests a second, for so long, by so many at once
GROUP = "pages of a running portal on SQLite, 50 requests a second, client on the same machine"
COMMAND = Path(sys.executable).parent / "portal"
AS_CITIZEN = ("/", "/items?q=登记", "/items/food-licence", "/halls", "/sent-away", "/follow")
AS_CLERK = ("/clerk/", "/clerk/?page=3", "/clerk/inquiries/", "/clerk/to-acknowledge", "/clerk/cases/{case}")
AS_SUPERVISOR = ("/supervisor/", "/supervisor/findings", "/clerk/?light=overdue", "/supervisor/approvals")
OF_CASES = ("cases", "clocks")  # projections that are copied row by row


def figures() -> Iterator[Figure]:
    """The promise of requirement R29; each size in a folder of its own, grown from the same city."""
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as name:
            folder = Path(name)
            cases, events = _grown(folder, size)
            answers = _answers(folder)
            is_full = size == SIZES[-1]
            told = f"{events:,} events, {cases:,} cases"
            yield Figure(GROUP, f"{told}: median", _at(answers, 50), "ms")
            yield Figure(GROUP, f"{told}: p95", _at(answers, 95), "ms", **({"at_most": 300} if is_full else {}))
            yield Figure(GROUP, f"{told}: p99", _at(answers, 99), "ms")


def _grown(folder: Path, size: int) -> tuple[int, int]:
    """Cases and events that the portal in the folder holds."""
    os.environ["YINUO_INSTANCE"] = str(folder)
    app = create_app({"DEMONSTRATION": True}, instance=folder)
    upgrade(app)
    at = datetime.now(UTC)
    with app.app_context():
        lines = demo.load(at=at)
        (folder / "said").write_text("\n".join(lines))
        with reading():
            originals = [event for batch in ledger.stream() for event in batch if event.subject.startswith("case/")]
            first = ledger.last_seq()
        _copy(Path(str(db.engine.url.database)), originals, first, size)
        with reading():
            events = ledger.last_seq()
        seal(at, folder)
        with reading() as session:
            cases = int(session.execute(text("SELECT count(*) FROM cases")).scalar_one())
        db.session.remove()
        db.engine.dispose()
    return cases, events


def _copy(file: Path, originals: list[Event], seq: int, size: int) -> None:
    columns = (
        "seq", "subject", "kind", "actor", "role", "office", "window", "channel", "occurred_at", "recorded_at",
        "item_version", "payload", "sealed", "leaf_hash",
    )  # fmt: skip
    named = ", ".join(f'"{name}"' for name in columns)
    into = f"INSERT INTO events ({named}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - ours
    with sqlite3.connect(file) as plain:
        plain.execute("PRAGMA synchronous=OFF")
        for copy in range(1, max(0, size - seq) // len(originals) + 1):
            rows = []
            for seq, event in enumerate(originals, start=seq + 1):  # noqa: B020 - goes on where it was
                twin = replace(event, seq=seq, subject=_renumbered(event.subject, copy), sealed=None, leaf_hash=b"")
                rows.append(_row(twin))
            plain.executemany(into, rows)
            for table in OF_CASES:
                names = [row[1] for row in plain.execute(f"PRAGMA table_info({table})")]
                kept = ", ".join(f'"{name}"' for name in names if name != "number")
                digits = "substr(number, 1, 12) || printf('%06d', CAST(substr(number, 13) AS INTEGER) + ?)"
                plain.execute(
                    f'INSERT INTO {table} ("number", {kept}) SELECT {digits}, {kept} FROM {table} '  # noqa: S608 - ours
                    "WHERE CAST(substr(number, 13) AS INTEGER) < ?",
                    (copy * STEP, STEP),
                )
        plain.execute("UPDATE judged_until SET seq = ?", (seq,))
        plain.execute("ANALYZE")


STEP = 1000  # the demonstration numbers fewer cases than that in a year


def _renumbered(subject: str, copy: int) -> str:
    head, series = subject.rsplit("-", 1)
    return f"{head}-{int(series) + copy * STEP:06d}"


def _row(event: Event) -> tuple[object, ...]:
    def micros(at: datetime) -> int:
        return int(at.timestamp()) * 1_000_000 + at.microsecond

    return (
        event.seq, event.subject, event.kind, event.actor, event.role.value, event.office, event.window,
        event.channel.value, micros(event.occurred_at), micros(event.recorded_at), event.item_version,
        canonical(event.payload).decode(), None, event.leaf(),
    )  # fmt: skip


def _answers(folder: Path) -> list[float]:
    """Milliseconds from the moment at which a request was due to its whole answer."""
    password = next(found[1] for found in [re.search(r": (\S+)$", line) for line in _sheet(folder)] if found)
    with running(COMMAND, folder, "--demo", cwd=Path(__file__).parents[1]) as portal:
        visitors = [
            (_visitor(portal, None, password), AS_CITIZEN),
            (_visitor(portal, "si-clerk-1", password), AS_CLERK),
            (_visitor(portal, "supervisor", password), AS_SUPERVISOR),
        ]
        case = re.search(r"/clerk/cases/([\w-]+)", visitors[1][0].get(f"{portal.address}/clerk/").text)
        assert case, "the list of the clerk is empty"
        ways = [(visitor, path.format(case=case[1])) for visitor, paths in visitors for path in paths]
        _asked(portal, ways, RATE * 3)  # warm: the second of a page's life in which templates are compiled
        return _asked(portal, ways, RATE * SECONDS)


def _sheet(folder: Path) -> list[str]:
    return (folder / "demo-accounts.txt").read_text().splitlines()


def _visitor(portal: RunningPortal, name: str | None, password: str) -> requests.Session:
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CLIENTS))
    if name is not None:
        page = PageReader("/sign-in")
        page.feed(session.get(f"{portal.address}/sign-in").text)
        form = next(form for form in page.forms if "password" in form.kinds)
        answer = session.post(f"{portal.address}/sign-in", {**form.values, "name": name, "password": password})
        assert "/sign-in" not in answer.url, f"{name} was not let in: {answer.status_code} {answer.url}"
    return session


def _asked(portal: RunningPortal, ways: list[tuple[requests.Session, str]], count: int) -> list[float]:
    took: SimpleQueue[float] = SimpleQueue()
    begin = time.perf_counter() + 0.1

    def ask(number: int, visitor: requests.Session, path: str) -> None:
        due = begin + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        answer = visitor.get(portal.address + path, timeout=60)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        took.put((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(ask, number, *way) for number, way in zip(range(count), cycle(ways), strict=False)]:
            done.result()
    return [took.get() for _ in range(count)]


def _at(answers: list[float], percent: int) -> float:
    return statistics.quantiles(answers, n=100)[percent - 1]
