"""Every requirement R01 to R34 has a file of its name with a test in it, of which docs/security.md names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROWS = {row[2:5]: row for row in GUIDE.splitlines() if re.match(r"\| R\d\d \|", row)}
NUMBERS = [f"R{number:02d}" for number in range(1, 35)]


def test_the_guide_has_a_row_for_each_requirement() -> None:
    assert sorted(ROWS) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_a_requirement_has_a_file_of_its_name_and_the_guide_names_a_test_in_it(number: str) -> None:
    files = sorted(Path(__file__).parent.glob(f"test_{number.lower()}_*.py"))
    assert files, f"write tests/requirements/test_{number.lower()}_…"
    held = {f"{file.relative_to(ROOT)}::{name}" for file in files for name in _tests(file)}
    named = set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", ROWS[number]))
    assert named & held, f"the row of {number} in docs/security.md has to name one of {sorted(held)}"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_file_of_a_requirement_holds_a_test(number: str) -> None:
    for file in Path(__file__).parent.glob(f"test_{number.lower()}_*.py"):
        assert _tests(file), file


def _tests(file: Path) -> list[str]:
    return re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
