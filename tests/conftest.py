"""Shared by all tests: an app of its own for each test, and the list of files that have grown long."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.basis import files

# The same for every test, so that none writes a key file beside its database; tests of the file take it away.
os.environ["YINUO_VAULT_KEYS"] = f"index:{b64encode(bytes(32)).decode()} m1:{b64encode(b'1' * 32).decode()}"

# A migrated SQLite and PostgreSQL for whoever asks, and what is slow and not looked at made quick.
pytest_plugins = ("tests.quick", "tests.databases")

ROOT = Path(__file__).resolve().parent.parent
LONG_FILE = 250  # lines; a question to ask oneself, not an error


@pytest.fixture(autouse=True)
def _files_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that writes a deployment's file need not wait until the portal looks again."""
    monkeypatch.setattr(files, "LOOK_AGAIN", 0.0)


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str) -> Flask:
    """The portal on an empty folder and a migrated, empty database. Forms need no token here, but in production."""
    settings = {"TESTING": True, "WTF_CSRF_ENABLED": False, "SQLALCHEMY_DATABASE_URI": sqlite_url}
    return create_app(settings, instance=tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lengths = {
        file: len(file.read_text().splitlines())
        for file in sorted((ROOT / "portal").rglob("*.py"))
        if "versions" not in file.parts
    }
    if long := {file: length for file, length in lengths.items() if length > LONG_FILE}:
        terminalreporter.section(f"files of more than {LONG_FILE} lines")
        for file, length in long.items():
            terminalreporter.line(f"{length:5d}  {file.relative_to(ROOT)}")
