"""A locked, full, stopped or missing database: a clear word, nothing half saved, nothing acknowledged in vain."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from portal.ledger import queries as ledger
from portal.store import (
    DatabaseBusy,
    DatabaseGone,
    StorageFull,
    StoreUnavailable,
    db,
    engines,
    reading,
    transaction,
    turns,
)
from tests.cases.city import MONDAY
from tests.databases import dispose, make_app, migrate
from tests.faults.history import Diary, wishes
from tests.faults.kills import check
from tests.faults.worker import CHECKOUT, Wanted, fulfil, nursery
from tests.web.citizen.visits import Visitor, Watch

HAND_IN = Wanted("p-0123456789-abcdef", "hand-in", "twelve words")
HOLDER = """
import sys
from tests.databases import make_app
from portal.store import transaction
app = make_app(sys.argv[1])
with app.app_context(), transaction():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The portal's store with a short wait for its turn."""
    monkeypatch.setattr(engines, "PRAGMAS", (*engines.PRAGMAS[:-1], "PRAGMA busy_timeout = 200"))
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.2)
    app = make_app(database_url)
    with app.app_context():
        yield app
    dispose(app)


def test_while_another_process_holds_the_database_one_is_told_to_try_again(impatient: Flask, database_url: str) -> None:
    assert impatient
    command = [sys.executable, "-c", HOLDER, database_url]
    holder = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseBusy):
            fulfil(HAND_IN, at=MONDAY)
        with reading():
            assert ledger.last_seq() == 0  # reading goes on
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    assert fulfil(HAND_IN, at=MONDAY).endswith("-000001")  # the killed holder's lock went with it


def test_a_full_disk_saves_nothing_by_halves_and_goes_on_when_there_is_room(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite is given no more pages than it has, as if the disk had no more."""
    app, diary = make_app(sqlite_url), Diary(tmp_path / "history")
    refused = 0
    with app.app_context():
        with db.engine.connect() as connection:
            pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

        def has_no_room(connection: object, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages + 5}")  # type: ignore[attr-defined]

        event.listen(db.engine, "connect", has_no_room)
        dispose_pool()
        for person in range(60):
            wish = Wanted(f"p-full-disk-{person:08d}", "hand-in", f"words of {person}")
            diary.sent(wish.key, wish.kind, wish.content)
            try:
                diary.answered(wish.key, fulfil(wish, at=MONDAY))
            except StorageFull as refusal:
                refused += 1
                diary.refused(wish.key, refusal.message)
                wanted = wish
        event.remove(db.engine, "connect", has_no_room)
        dispose_pool()
        assert refused, "the disk never filled"
        diary.sent(wanted.key, wanted.kind, wanted.content)
        diary.answered(wanted.key, fulfil(wanted, at=MONDAY))
    dispose(app)
    assert check(sqlite_url, wishes([tmp_path / "history"])) == []


def dispose_pool() -> None:
    db.session.remove()
    db.engine.dispose()


def test_a_file_that_may_not_grow_loses_nothing_acknowledged(sqlite_url: str, tmp_path: Path) -> None:
    """The operating system itself refuses to write on, as a quota does."""
    size = Path(sqlite_url.removeprefix("sqlite:///")).stat().st_size
    with nursery(sqlite_url, most_bytes=size + 400_000) as workers:
        worker = workers.worker(tmp_path / "history", seed=7, most=80)
        workers.await_end(worker)
    told = wishes([tmp_path / "history"])
    assert any(wish.refusals for wish in told), "the file never reached its limit"
    assert any(wish.is_acknowledged for wish in told)
    assert check(sqlite_url, told) == []


def test_a_database_file_that_is_gone_is_never_made_anew_nor_written_into_after_its_deletion(
    sqlite_url: str, tmp_path: Path
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    app = make_app(sqlite_url)
    with app.app_context():
        number = fulfil(HAND_IN, at=MONDAY)
        db.session.remove()
        file.rename(tmp_path / "elsewhere.sqlite")
        other = Wanted("p-9876543210-abcdef", "hand-in", "other words")
        with pytest.raises(DatabaseGone):
            fulfil(other, at=MONDAY)
        with pytest.raises(DatabaseGone), reading():
            ledger.last_seq()
        dispose_pool()  # and by a new connection as little
        with pytest.raises(DatabaseGone):
            fulfil(other, at=MONDAY)
        assert not file.exists()
        (tmp_path / "elsewhere.sqlite").rename(file)
        assert fulfil(HAND_IN, at=MONDAY) == number
        assert fulfil(other, at=MONDAY) == number[:-1] + "2"
    dispose(app)


def test_the_pages_say_that_the_database_is_gone_and_work_again_once_it_is_back(app: Flask, sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    visitor = Visitor(app.test_client(), app, Watch())
    app.config["CLOCK"] = visitor.watch
    page = visitor.fill_in("unemployment-subsidy")
    aside = file.rename(file.with_suffix(".aside"))
    answer = visitor.post(page, is_true="y")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert not file.exists()
    aside.rename(file)
    assert visitor.post(page, is_true="y").status_code == 303


def test_a_postgres_that_is_restarted_is_waited_for_and_has_everything(postgres_server: Connection) -> None:
    """Its connections are cut, as a restart cuts them; the next wish finds new ones."""
    name = "yinuo_restarted"
    postgres_server.exec_driver_sql(f"CREATE DATABASE {name}")
    url = postgres_server.engine.url.set(database=name).render_as_string(hide_password=False)
    migrate(url)
    app = make_app(url)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with app.app_context():
        number = fulfil(HAND_IN, at=MONDAY)
        with pytest.raises(StoreUnavailable), transaction():  # noqa: PT012
            db.session.execute(text("SELECT 1"))
            postgres_server.execute(cut, {"name": name})
            db.session.execute(text("SELECT 1"))
        postgres_server.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        postgres_server.execute(cut, {"name": name})
        with pytest.raises(StoreUnavailable):
            fulfil(Wanted("p-9876543210-abcdef", "hand-in", "other"), at=MONDAY)
        postgres_server.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        assert fulfil(HAND_IN, at=datetime.now(UTC)) == number
    dispose(app)
    postgres_server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
