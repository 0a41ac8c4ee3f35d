"""The line of a field in a TOML text."""

from __future__ import annotations

import pytest

from portal.catalogue.lines import lines_of, nearest_line

TEXT = '''code = "x"  # a comment with [brackets] = 1
name = { zh = "甲 = [", en = "a" }
long = """
fake = 1
[[version]]
"""

[[version]]
number = 1
words = ["one",
  "two"]
[[version.limits]]
clock = "a"
[[version.limits]]
clock = "b"
[version.result]
kind = "record"

[[version]]
options = [
    { code = "a", label = { zh = "甲", en = "A" } },
    # { code = "gone" },
    { code = "b" },
]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("code", 1),
        ("name", 2),
        ("version[1]", 8),
        ("version[1].number", 9),
        ("version[1].words[2]", 11),
        ("version[1].limits[2].clock", 15),
        ("version[1].result.kind", 17),
        ("version[2].options[2]", 23),
    ],
)
def test_each_field_is_found(path: str, line: int) -> None:
    assert lines_of(TEXT)[path] == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("version[2].options[1].label.zh", 21),
        ("version[1].nothing", 8),
        ("version[1].limits[1].promised.n", 12),
        ("", 1),
    ],
)
def test_what_has_no_line_is_shown_at_what_is_around_it(path: str, line: int) -> None:
    assert nearest_line(lines_of(TEXT), path) == line


def test_text_that_only_looks_like_fields_is_passed_over() -> None:
    assert "fake" not in lines_of(TEXT)
    assert "version[3]" not in lines_of(TEXT)
