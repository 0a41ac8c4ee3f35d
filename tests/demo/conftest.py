"""One small demo city for each kind of database, loaded once and looked at by all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection

from portal.accounts import passwords
from portal.demo import loading
from portal.demo.clock import Teller
from portal.demo.lives.asking import Asking
from portal.demo.plan import Plan
from portal.demo.tale import Life
from tests.cases.city import at
from tests.databases import TEMPLATE, dispose, make_app

PRESENT = at("Wednesday 2026-06-10 15:00")
CASES = 60


@dataclass
class LoadedCity:
    """``ways`` tells for each subject which life it had."""

    app: Flask
    folder: Path
    lines: list[str]
    ways: dict[str, str]

    def way_of(self, subject: str) -> str:
        """The five inquiries of Z1 are one life, and all channels those of Z3; all others have one subject each."""
        if subject.startswith("channel/"):
            return "z3"
        is_z1 = subject.startswith("inquiry/") and "-2020-" in subject
        return "z1" if is_z1 else self.ways.get(subject, "")


@pytest.fixture(scope="module")
def quick_passwords() -> Iterator[None]:
    """Hashes that cost nothing: here nobody guesses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def city(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    quick_passwords: None,  # noqa: ARG001
) -> Iterator[LoadedCity]:
    folder = tmp_path_factory.mktemp("instance")
    app = make_app(_address(request, folder))
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setenv("YINUO_INSTANCE", str(folder))
        told = listen(patch)
        lines = loading.load(at=PRESENT, cases=CASES, progress=str)
        yield LoadedCity(app, folder, lines, {subject_of(teller): way for way, teller in told})
    dispose(app)


def listen(patch: pytest.MonkeyPatch) -> list[tuple[str, Teller]]:
    """Note every life that a plan makes, by the name of its way."""
    told: list[tuple[str, Teller]] = []
    plan = Plan.lives

    def lives(self: Plan) -> Iterator[tuple[Teller, Life]]:
        for teller, life in plan(self):
            told.append((str(getattr(life, "__name__", "")), teller))
            yield teller, life

    patch.setattr(Plan, "lives", lives)
    return told


def subject_of(teller: Teller) -> str:
    sort = "inquiry" if isinstance(teller, Asking) else "case"
    return f"{sort}/{getattr(teller, 'number', '')}"


def _address(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        file = folder / "portal.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    server: Connection = request.getfixturevalue("postgres_server")
    server.exec_driver_sql("DROP DATABASE IF EXISTS demo_city WITH (FORCE)")
    server.exec_driver_sql(f"CREATE DATABASE demo_city TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    return server.engine.url.set(database="demo_city").render_as_string(hide_password=False)
