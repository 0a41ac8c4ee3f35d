"""docs/lessons.md names tests that exist, and no lesson without one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
HELD, LATER = TEXT.split("\n## Not yet\n")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
ONE = re.compile(r"^\*\*(\d+)\. (.*?)(?=^\*\*\d|^## |\Z)", re.MULTILINE | re.DOTALL)
LESSONS = {int(number): body for number, body in ONE.findall(HELD)}


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the functions that the test runner would collect from a file."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_a_test_named_by_a_lesson_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file(), f"docs/lessons.md names {path}, which is not there: name the file the test moved to"
    assert name in names_in(path), f"docs/lessons.md names {path}::{name}: write that test, or name the one that holds"


def test_every_lesson_is_held_by_a_test_or_stands_under_not_yet() -> None:
    headings = re.findall(r"^\*\*([\d, ]+)\.", LATER, re.MULTILINE)
    postponed = {int(number) for heading in headings for number in heading.split(",")}
    assert sorted(LESSONS) == list(range(1, 25))
    assert set(LESSONS) | postponed == set(range(1, 27))
    assert [number for number, body in LESSONS.items() if "`tests/" not in body] == []


def test_each_line_that_begins_a_list_names_a_test() -> None:
    """A name that the pattern does not recognise would go unchecked."""
    assert len([line for line in TEXT.splitlines() if line.startswith("- ")]) == len(NAMED)
