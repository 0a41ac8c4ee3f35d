"""The citizen's pages on a clock that stands still, and a visitor who walks through them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from tests.web.citizen.people import Person
from tests.web.citizen.visits import Visitor, Watch
from tests.web.office import hash_quickly


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, watch: Watch) -> Flask:
    settings = {
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "SQLALCHEMY_DATABASE_URI": sqlite_url,
        "CLOCK": watch,
    }
    return create_app(settings, instance=tmp_path)


@pytest.fixture
def visitor(app: Flask, watch: Watch) -> Visitor:
    return Visitor(app.test_client(), app, watch)


@pytest.fixture
def stranger(app: Flask, watch: Watch) -> Visitor:
    """Somebody else's browser."""
    return Visitor(app.test_client(), app, watch)


@pytest.fixture
def person(app: Flask, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Person]:
    hash_quickly(monkeypatch)

    def arrive(name: str) -> Person:
        found = Person(app.test_client(), app, watch, name=name)
        found.register()
        found.sign_in()
        return found

    return arrive


@pytest.fixture
def owner(person: Callable[[str], Person]) -> Person:
    return person("owner")


@pytest.fixture
def agent(person: Callable[[str], Person]) -> Person:
    return person("agent")
