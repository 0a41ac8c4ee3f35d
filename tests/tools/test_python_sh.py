"""The script that looks for a Python: it takes the first that is good enough, or says in one line what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "python.sh"
GOOD = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
OLD = '#!/bin/sh\ncase "$2" in *print*) echo 3.9;; *) exit 1;; esac\n'
NO_VENV = '#!/bin/sh\ncase "$2" in *print*) echo 3.12;; *ensurepip*) exit 1;; *) exit 0;; esac\n'
BROKEN = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"


def search(folder: Path, pythons: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    for name, text in pythons.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(folder), **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"python3": GOOD}, "python3"),
        ({"python3": OLD, "python3.11": GOOD}, "python3.11"),
        ({"python3": OLD, "python3.13": BROKEN, "python3.12": GOOD, "python3.11": GOOD}, "python3.12"),
    ],
)
def test_the_first_python_that_is_new_enough_is_taken(tmp_path: Path, pythons: dict[str, str], chosen: str) -> None:
    outcome = search(tmp_path, pythons)
    assert (outcome.returncode, outcome.stdout) == (0, f"{chosen}\n")


def test_a_python_may_be_named(tmp_path: Path) -> None:
    assert search(tmp_path, {"python3": OLD, "mine": GOOD}, PYTHON="mine").stdout == "mine\n"


@pytest.mark.parametrize(
    ("pythons", "words"),
    [
        ({"python3": OLD}, "needs Python 3.11 or newer, found: 3.9"),
        ({}, "needs Python 3.11 or newer, found: none"),
        ({"python3": NO_VENV}, "install its venv module (Debian: python3.12-venv)"),
    ],
)
def test_what_is_missing_is_said_in_one_line(tmp_path: Path, pythons: dict[str, str], words: str) -> None:
    outcome = search(tmp_path, pythons)
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert words in outcome.stderr
    assert outcome.stderr.count("\n") == 1
