"""`portal db` and `portal ledger`, as an operator types them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.basis import SYSTEM
from portal.cli import main
from portal.ledger.operations import append
from portal.store import MIGRATIONS, schema, transaction
from tests.databases import dispose, make_app


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.delenv("YINUO_DATABASE_URL", raising=False)
    return tmp_path


def portal(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def app_in(instance: Path) -> Flask:
    return make_app(f"sqlite:///{instance / 'portal.sqlite'}")


def test_upgrade_makes_the_database_and_check_finds_it_as_the_code_says(instance: Path) -> None:
    assert not (instance / "portal.sqlite").exists()
    assert portal("db", "upgrade").exit_code == 0
    assert portal("db", "upgrade").exit_code == 0
    checked = portal("db", "check")
    assert (checked.exit_code, checked.output) == (0, "The database is as the code says.\n")


@pytest.mark.usefixtures("instance")
def test_check_says_that_a_database_is_not_migrated_and_what_to_do() -> None:
    checked = portal("db", "check")
    assert checked.exit_code == 1
    assert "portal db upgrade" in checked.output
    assert "not_migrated" in checked.output


def test_the_database_can_be_named_by_its_address(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_DATABASE_URL", f"sqlite:///{instance / 'named.sqlite'}")
    assert portal("db", "upgrade").exit_code == 0
    assert (instance / "named.sqlite").exists()
    assert not (instance / "portal.sqlite").exists()


def test_a_migration_is_written_beside_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    written = schema.write_migration("nothing new", folder=folder)
    assert written.name == "0002_nothing_new.py"
    assert "down_revision = '0001'" in written.read_text()


def test_the_ledger_is_counted_and_its_end_is_shown_without_personal_bytes(instance: Path) -> None:
    portal("db", "upgrade")
    assert portal("ledger", "count").output == "0\n"
    app = app_in(instance)
    with app.app_context(), transaction():
        for number in range(3):
            at = datetime(2020, 9, 14, 2, number, tzinfo=UTC)
            append(f"case/{number}", "submitted", {"situation": "a"}, by=SYSTEM, at=at, sealed=b"Zhang Wei")
    dispose(app)
    assert portal("ledger", "count").output == "3\n"
    shown = portal("ledger", "tail", "-n", "2").output
    assert shown.splitlines() == [
        f'{seq}\t2020-09-14T02:0{seq - 1}:00.000000Z\tcase/{seq - 1}\tsubmitted\tsystem\tsystem\t{{"situation":"a"}}'
        for seq in (2, 3)
    ]
