"""The citizen's pages on a clock that stands still, and a visitor who walks through them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from tests.compiled import share_templates
from tests.web.citizen.visits import Visitor, Watch


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
    return share_templates(create_app(settings, instance=tmp_path))


@pytest.fixture
def visitor(app: Flask, watch: Watch) -> Visitor:
    return Visitor(app.test_client(), app, watch)


@pytest.fixture
def stranger(app: Flask, watch: Watch) -> Visitor:
    """Somebody else's browser."""
    return Visitor(app.test_client(), app, watch)
