"""What would cost every test its time and is looked at by few: how hard a secret is to guess, the disk, and addresses.

``as_shipped`` gives a test back what the portal ships; those that judge one of these take it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from portal.accounts import passwords
from portal.cases.model import handin
from portal.store import engines, prepared

HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PRAGMAS = tuple(pragma.replace("synchronous = FULL", "synchronous = OFF") for pragma in engines.PRAGMAS)
QUICK: tuple[tuple[ModuleType, str, object], ...] = (
    (passwords, "HASHER", HASHER),
    (handin, "GUESS_COST", 2),
    (engines, "PRAGMAS", PRAGMAS),  # a test's database dies with the test, never with the machine
)
MEMORY = Path("/dev/shm")  # noqa: S108 -- Linux' disk in memory; names in it are made by pytest and tempfile
ROOM = 4 * 1024**3  # bytes of it that must be free
# Files of a quarter of a minute and more, the longest first: a worker that gets one last lets the other wait for it.
LONGEST = (
    "browser/test_hall_day.py",
    "requirements/test_r16_planted_values.py",
    "browser/test_citizen.py",
    "requirements/test_r21_injection.py",
    "browser/test_hall.py",
    "browser/test_staff.py",
    "browser/test_hall_manager.py",
    "matrix/test_routes.py",
    "compliance/test_years_on_duckdb.py",
    "demo/test_loading.py",
    "test_scheduler.py",
    "requirements/test_r25_the_scheduler_runs_once.py",
    "requirements/test_r16_planted_values_in_postgresql.py",
    "requirements/test_r03_numbers_have_no_gaps.py",
    "requirements/test_r03_tickets_and_slots.py",
    "browser/test_agents.py",
    "faults/test_two_portals.py",
    "requirements/test_r09_nothing_secret_in_clear.py",
    "faults/test_hall_server_killed.py",
    "browser/test_channels.py",
    "browser/test_pages.py",
    "compliance/test_lawful_year.py",
    "requirements/test_r33_supply_chain.py",
    "requirements/test_r04_steps_in_order.py",
    "test_skeleton.py",
    "demo/test_city.py",
    "fuzz/test_requests.py",
)
SHIPPED = tuple((module, name, getattr(module, name)) for module, name, _ in QUICK)


class Compiled(BytecodeCache):
    """Templates compiled once for a test run: each test has an app of its own, but the templates are the same."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Statements(dict[Any, Any]):
    """Statements compiled once for a test run: each test has an engine of its own, but the tables are the same."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._of_any_engine(key), compiled)

    def _of_any_engine(self, key: Any) -> Any:
        dialect, *rest = key
        return dialect.name, *rest


def _sharing(arm: Callable[[Engine], None]) -> Callable[[Engine], None]:
    statements, plans = Statements(), dict[str, Any]()

    def armed(engine: Engine) -> None:
        arm(engine)
        engine._compiled_cache = statements
        vars(engine.dialect)[prepared._PLANS] = plans.setdefault(engine.dialect.name, {})

    return armed


def quick_folder() -> Path | None:
    """Where the files of short tests lie: in memory, if there is plenty of it."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if is_there else None


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "not soak" and (folder := quick_folder()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several workers the longest files go first; one alone keeps the order of the folders."""
    if hasattr(config, "workerinput"):
        tests = Path(__file__).parent
        place = {tests / name: number for number, name in enumerate(LONGEST)}
        items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


def _remembered(compile_builder: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """Each test has an app of its own with the same addresses, whose builders Werkzeug would compile anew."""
    kept: dict[object, Any] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    return remembered


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        patch.setattr("portal.store.base.arm", _sharing(engines.arm))
        patch.setattr(Rule, "_compile_builder", _remembered(Rule._compile_builder))
        for module, name, value in QUICK:
            patch.setattr(module, name, value)
        yield


@pytest.fixture
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in SHIPPED:
        monkeypatch.setattr(module, name, value)
