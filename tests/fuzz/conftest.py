"""The city of the matrix, for requests at random."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix.world import World, built


@pytest.fixture(autouse=True)
def _files_are_seen_at_once() -> None:
    """Nothing here writes a deployment's files, so the portal need not look for them at every request."""


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    shutil.copyfile(sqlite_template, folder / "portal.sqlite")
    yield from built(f"sqlite:///{folder / 'portal.sqlite'}", folder)
