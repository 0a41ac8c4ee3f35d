"""The migrated database is the one that the code expects, and its closed tables are closed."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.store import MIGRATIONS, db, drift, schema, transaction, upgrade
from tests.databases import dispose, make_app


def test_the_migrated_schema_equals_the_metadata(database: Flask) -> None:
    assert drift(database) == []


def test_a_missing_trigger_is_drift(database: Flask) -> None:
    with transaction() as session:
        on = "" if session.get_bind().dialect.name == "sqlite" else " ON events"
        session.execute(text(f"DROP TRIGGER events_refuses_delete{on}"))
    assert drift(database) == [("make_append_only", "events")]


def test_a_missing_index_is_drift(database: Flask) -> None:
    with transaction() as session:
        session.execute(text("DROP INDEX ix_events_subject_seq"))
    assert [difference[0] for difference in drift(database)] == ["add_index"]


def test_upgrading_twice_changes_nothing(database: Flask) -> None:
    upgrade(database)
    assert drift(database) == []


def test_two_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    apps = [make_app(f"sqlite:///{tmp_path / 'new.sqlite'}") for _ in range(3)]
    failures: list[BaseException] = []

    def start(app: Flask) -> None:
        try:
            upgrade(app)
        except BaseException as error:  # noqa: BLE001 -- asserted below
            failures.append(error)

    threads = [threading.Thread(target=start, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert drift(apps[0]) == []
    for app in apps:
        dispose(app)


def test_the_first_migration_is_written_from_the_tables_alone(tmp_path: Path) -> None:
    """While nothing is released there is one migration, and writing it again gives the same text."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    again = schema.rewrite_initial_migration(folder=folder)
    assert again.read_text() == (MIGRATIONS / "versions" / again.name).read_text()


def test_every_table_is_found_by_its_file() -> None:
    schema.load_tables()
    assert {"events", "account", "post", "holding"} <= set(db.metadata.tables)


def test_the_runtime_role_can_append_but_not_rewrite(postgres_database: Flask) -> None:
    """Even with the triggers gone; the owner of the tables is another role, used for migrations only."""
    with transaction() as session:
        session.execute(text("DROP ROLE IF EXISTS yinuo_runtime"))
        session.execute(text("CREATE ROLE yinuo_runtime"))
    postgres_database.config["DATABASE_RUNTIME_ROLE"] = "yinuo_runtime"
    upgrade(postgres_database)
    with transaction() as session:
        session.execute(text("DROP TRIGGER events_refuses_update ON events"))
    with transaction() as session:
        session.execute(text("SET LOCAL ROLE yinuo_runtime"))
        assert session.execute(text("SELECT count(*) FROM events")).scalar_one() == 0
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with transaction() as session:
            session.execute(text("SET LOCAL ROLE yinuo_runtime"))
            with pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(statement))
            session.rollback()
    with transaction() as session:
        session.execute(text("DROP OWNED BY yinuo_runtime"))
        session.execute(text("DROP ROLE yinuo_runtime"))
