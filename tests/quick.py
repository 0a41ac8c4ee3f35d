"""What would cost every test its time and is looked at by few: how hard a secret is to guess, and the disk.

``as_shipped`` gives a test back what the portal ships; those that judge one of these take it.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from portal.accounts import passwords
from portal.cases.model import handin
from portal.store import engines

HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PRAGMAS = tuple(pragma.replace("synchronous = FULL", "synchronous = OFF") for pragma in engines.PRAGMAS)
QUICK: tuple[tuple[ModuleType, str, object], ...] = (
    (passwords, "HASHER", HASHER),
    (handin, "GUESS_COST", 2),
    (engines, "PRAGMAS", PRAGMAS),  # a test's database dies with the test, never with the machine
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


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        for module, name, value in QUICK:
            patch.setattr(module, name, value)
        yield


@pytest.fixture
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in SHIPPED:
        monkeypatch.setattr(module, name, value)
