"""Every requirement R01 to R34 has a test file named after it, or a test elsewhere that docs/security.md names."""

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
def test_a_requirement_is_shown_by_a_file_of_its_name_or_by_the_test_in_its_row(number: str) -> None:
    files = list(Path(__file__).parent.glob(f"test_{number.lower()}_*.py"))
    assert files or re.search(r"`tests/[\w/]+\.py::\w+`", ROWS[number]), (
        f"write tests/requirements/test_{number.lower()}_…"
    )
