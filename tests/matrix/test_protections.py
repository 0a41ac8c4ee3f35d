"""A protection that is taken away is missed: the test of its requirement fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix.without import PROTECTIONS

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = ("policy", "cells", "secrets")
FAILED = 1  # pytest's own word for it; a plugin that breaks or a test that is not there ends otherwise


def outcome(name: str, without: str | None) -> subprocess.CompletedProcess[str]:
    """The test of that protection in a process of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"WITHOUT": without} if without else {}
    path = (str(Path(__file__).parent), environment.get("PYTHONPATH"))  # by that name nobody else has a `without`
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    words = ["-p", "without", "-p", "no:cacheprovider", "-q", f"tests/{PROTECTIONS[name][1]}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def check(name: str) -> None:
    found = outcome(name, name)
    assert found.returncode == FAILED, found.stdout[-3000:] + found.stderr[-3000:]
    assert " failed" in found.stdout
    assert " error" not in found.stdout.splitlines()[-1], found.stdout[-3000:]


@pytest.mark.parametrize("name", QUICK)
def test_a_protection_that_is_taken_away_is_missed(name: str) -> None:
    check(name)


@pytest.mark.soak
@pytest.mark.parametrize("name", PROTECTIONS)
def test_each_protection_that_is_taken_away_is_missed_and_only_then(name: str) -> None:
    check(name)
    assert outcome(name, None).returncode == 0
