"""R28: backups are taken while the portal works, are encrypted, and a rehearsed restore brings the record back."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Connection, text

from portal import cli
from portal.backup import databases, keys, operations
from portal.backup.model import ENDING
from portal.basis import SYSTEM
from portal.ledger import queries as ledger
from portal.ledger.operations import append
from portal.scheduler.jobs import back_up
from portal.sealing import seal
from portal.store import db, reading, transaction
from portal.store.base import URL_VARIABLE
from tests.cases.city import MONDAY, case_maker, employ
from tests.databases import in_own_context, make_app

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLANTED = "张三丰 110101199003078515"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder that the command finds, with an upload in it."""
    folder = tmp_path / "instance"
    (folder / "uploads/ab").mkdir(parents=True)
    (folder / "uploads/ab/one").write_bytes(b"scan")
    monkeypatch.setenv("YINUO_INSTANCE", str(folder))
    return folder


@pytest.fixture
def recorded(database: Flask, instance: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Three cases, sealed."""
    database.instance_path = str(instance)
    monkeypatch.setenv(URL_VARIABLE, database.config["SQLALCHEMY_DATABASE_URI"])
    with transaction():
        make_case = case_maker(employ())
    for _ in range(3):
        make_case()
    seal(NOW, instance)
    return database


@pytest.fixture
def emptied(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a second database that is still empty, of the same kind."""
    if database_url.startswith("sqlite"):
        yield ""
        return
    server: Connection = request.getfixturevalue("postgres_server")
    name = f"yinuo_restored_{os.getpid()}"
    server.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.engine.url.set(database=name).render_as_string(hide_password=False)
    server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def portal(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words], env=environment, catch_exceptions=False)


def restore(file: Path, key: Path, into: Path, address: str, *words: str) -> Result:
    address = address or f"sqlite:///{into}/portal.sqlite"
    return portal("restore", file, "--key", key, "--into", into, *words, **{URL_VARIABLE: address})


def test_a_restored_portal_holds_the_same_verified_record(
    recorded: Flask, instance: Path, tmp_path: Path, emptied: str
) -> None:
    with reading():
        before = list(ledger.stream())
    rows = _rows()
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    db.session.remove()
    into = tmp_path / "elsewhere"
    answer = restore(file, instance / keys.KEY_FILE, into, emptied)
    assert answer.exit_code == 0, answer.output
    assert "3 cases" in answer.output
    assert "verified against the seal" in answer.output
    assert (into / "uploads/ab/one").read_bytes() == b"scan"
    assert not list(into.glob(".at-work-*"))
    recorded.config["SQLALCHEMY_DATABASE_URI"] = emptied or f"sqlite:///{into}/portal.sqlite"
    again = _application(recorded.config["SQLALCHEMY_DATABASE_URI"], into)
    with again.app_context():
        with reading():
            assert list(ledger.stream()) == before
        assert _rows() == rows
        with transaction():  # sequences and triggers came along
            append("calendar/CN", "calendar-amended", {"calendar": "x"}, by=SYSTEM, at=MONDAY)
        db.session.remove()
        db.engine.dispose()


def test_a_backup_taken_while_others_write_is_a_whole_beginning(
    recorded: Flask, instance: Path, tmp_path: Path, emptied: str
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with transaction():
                append("calendar/CN", "calendar-amended", {"calendar": "x"}, by=SYSTEM, at=MONDAY)
        db.session.remove()

    writers = [threading.Thread(target=in_own_context(recorded, write)) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        file = operations.take(instance, tmp_path / "kept", at=NOW)
        seal(NOW + timedelta(seconds=1), instance)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    answer = restore(file, instance / keys.KEY_FILE, tmp_path / "elsewhere", emptied)
    assert answer.exit_code == 0, answer.output


@pytest.mark.usefixtures("recorded")
def test_neither_personal_values_nor_keys_can_be_read_in_a_backup(instance: Path, tmp_path: Path) -> None:
    (instance / "uploads/ab/two").write_text(PLANTED)
    (instance / "secret-key").write_text("the-secret-of-this-instance")
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    content = file.read_bytes()
    assert not any(word.encode() in content for word in PLANTED.split())
    with operations.unpacked(file, instance / keys.KEY_FILE, tmp_path / "look") as (staging, _):
        assert (staging / "uploads/ab/two").read_text() == PLANTED, "the planted value was in it at all"
        assert not [
            found for found in staging.rglob("*") if found.name.endswith("-key") and found.name != "verifier-key"
        ]


@pytest.mark.usefixtures("recorded")
def test_a_record_that_was_altered_before_the_backup_is_not_put_in_place(
    instance: Path, tmp_path: Path, emptied: str
) -> None:
    with db.engine.begin() as connection:  # as somebody who owns the database
        if db.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER events_refuses_update"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE events SET actor = 'nobody' WHERE seq = 2"))
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    into = tmp_path / "elsewhere"
    answer = restore(file, instance / keys.KEY_FILE, into, emptied)
    assert answer.exit_code == 1
    assert "event 2" in answer.output
    assert "nothing was restored" in answer.output
    assert not (into / "uploads").exists()


@pytest.mark.usefixtures("recorded")
def test_a_damaged_backup_touches_nothing(instance: Path, tmp_path: Path, emptied: str) -> None:
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    file.write_bytes(file.read_bytes()[:-40])
    answer = restore(file, instance / keys.KEY_FILE, tmp_path / "elsewhere", emptied)
    assert answer.exit_code == 2
    assert "no backup that can be read" in answer.output
    assert not (tmp_path / "elsewhere/uploads").exists()


def test_a_portal_that_is_there_is_only_replaced_when_asked_and_then_laid_aside(
    sqlite_database: Flask, tmp_path: Path, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_database.instance_path = str(instance)
    monkeypatch.setenv(URL_VARIABLE, sqlite_database.config["SQLALCHEMY_DATABASE_URI"])
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    key = instance / keys.KEY_FILE
    refused = restore(file, key, instance, "")
    assert refused.exit_code == 2
    assert "--replace" in refused.output
    assert restore(file, key, instance, "", "--replace").exit_code == 0
    (aside,) = instance.glob("before-*")
    assert (aside / "uploads/ab/one").read_bytes() == b"scan"


@pytest.mark.usefixtures("sqlite_database")
def test_a_backup_from_one_kind_of_database_says_where_it_belongs(
    postgres_url: str, instance: Path, tmp_path: Path
) -> None:
    migrated = operations.take(instance, tmp_path / "kept", at=NOW)
    with operations.unpacked(migrated, instance / keys.KEY_FILE, tmp_path) as (_, manifest):
        other = _application(postgres_url, instance)
        with other.app_context(), pytest.raises(databases.OtherDatabase, match="YINUO_DATABASE_URL"):
            databases.require_kind(manifest)
        with other.app_context():
            db.engine.dispose()


@pytest.mark.usefixtures("sqlite_database")
def test_a_full_disk_leaves_the_backups_that_were_there(
    instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    first = operations.take(instance, kept, at=NOW)
    monkeypatch.setattr(os, "fsync", _no_space)
    with pytest.raises(operations.NoRoomForBackups, match="YINUO_BACKUPS"):
        operations.take(instance, kept, at=NOW + timedelta(hours=1))
    assert sorted(kept.iterdir()) == [first]


def _no_space(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("sqlite_database")
def test_the_scheduler_backs_up_every_hour_and_tells_when_it_cannot(
    instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("YINUO_BACKUPS", str(tmp_path / "kept"))
    assert back_up(NOW, instance) is not None
    assert back_up(NOW + timedelta(minutes=59), instance) is None
    assert back_up(NOW + timedelta(minutes=60), instance) is not None
    assert not caplog.records
    monkeypatch.setattr(os, "fsync", _no_space)
    assert back_up(NOW + timedelta(hours=3, minutes=1), instance) is None
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert len(operations.taken(tmp_path / "kept")) == 2


def test_the_command_takes_lists_and_thins_out(
    sqlite_database: Flask, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sqlite_database.config["SQLALCHEMY_DATABASE_URI"]
    (instance / f"yinuo-20200101T000000Z{ENDING}").write_bytes(b"")
    monkeypatch.setenv("YINUO_BACKUPS", str(tmp_path / "kept"))
    for hours in range(60):
        (tmp_path / "kept").mkdir(exist_ok=True)
        old = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours)
        (tmp_path / "kept" / f"yinuo-{old:%Y%m%dT%H%M%SZ}{ENDING}").write_bytes(b"")
    taken = portal("backup", **{URL_VARIABLE: address})
    assert taken.exit_code == 0
    assert "Keep apart from the backups" in taken.output
    assert "backup-key" in taken.output
    listed = portal("backup", "--list", **{URL_VARIABLE: address})
    assert 48 <= len(listed.output.splitlines()) < 61


def _application(address: str, instance: Path) -> Flask:
    app = make_app(address)
    app.instance_path = str(instance)
    return app


def _rows() -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    with reading() as session:
        for table in db.metadata.sorted_tables:
            counts[table.name] = session.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()
    return counts
