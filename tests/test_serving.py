"""What happens between an empty folder and the first request."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import inspect

from portal import create_app, serving, store
from portal.verbs.serve import command


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A demonstration that notes when it was asked for, instead of a whole city."""
    asked: list[datetime] = []
    module = ModuleType("portal.demo")
    module.__spec__ = ModuleSpec("portal.demo", None)

    def load(*, at: datetime) -> list[str]:
        assert current_app.config["DEMONSTRATION"]
        asked.append(at)
        return ["clerk: window-1"]

    vars(module)["load"] = load
    monkeypatch.setitem(sys.modules, "portal.demo", module)
    return asked


def test_preparing_brings_the_tables(tmp_path: Path) -> None:
    app = create_app(instance=tmp_path)
    serving.prepare(app)
    serving.prepare(app)
    with app.app_context():
        assert "alembic_version" in inspect(store.db.engine).get_table_names()
        store.db.engine.dispose()


def test_a_demonstration_is_loaded_and_introduced(
    tmp_path: Path, city: list[datetime], capsys: pytest.CaptureFixture[str]
) -> None:
    serving.prepare(create_app({"DEMONSTRATION": True}, instance=tmp_path))
    assert capsys.readouterr().out == "clerk: window-1\n"
    assert datetime.now(UTC) - city[0] < timedelta(minutes=1)


def test_no_invented_city_comes_into_a_real_portal(tmp_path: Path, city: list[datetime]) -> None:
    serving.prepare(create_app(instance=tmp_path))
    assert city == []


@pytest.mark.parametrize(("is_demonstration", "shown"), [(True, True), (False, False)])
def test_a_demonstration_says_so_on_the_page(tmp_path: Path, is_demonstration: bool, shown: bool) -> None:
    app = create_app({"DEMONSTRATION": is_demonstration}, instance=tmp_path)
    assert ("虚构城市" in app.test_client().get("/").text) is shown


def test_who_stops_it_before_it_listens_reads_one_clean_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, "serve", interrupted)
    outcome = CliRunner().invoke(command, ["--instance", str(tmp_path)])
    assert (outcome.output, outcome.exit_code) == ("Stopped.\n", 130)
