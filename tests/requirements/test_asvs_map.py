"""docs/asvs.toml names every requirement of ASVS 5.0, levels 1 and 2, once, and only tests and headings that exist."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAP = tomllib.loads((ROOT / "docs/asvs.toml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
WAYS = {"test", "document", "deployment", "not_applicable"}
# Section by section the level of each requirement, in the standard's order: 70, 183 and 92 of them.
LEVELS = """
1.1=22 1.2=1111122223 1.3=112222222223 1.4=222 1.5=123 2.1=122 2.2=112 2.3=12223 2.4=23 3.1=3 3.2=113
3.3=12223 3.4=11222233 3.5=11122333 3.6=3 3.7=22333 4.1=12233 4.2=23333 4.3=22 4.4=1222 5.1=2 5.2=112333
5.3=113 5.4=222 6.1=122 6.2=111111112222 6.3=11223333 6.4=112233 6.5=22222333 6.6=2223 6.7=33 6.8=2222 7.1=222
7.2=1111 7.3=22 7.4=11222 7.5=223 7.6=22 8.1=1233 8.2=1123 8.3=133 8.4=23 9.1=111 9.2=1222 10.1=22 10.2=223
10.3=22223 10.4=1111122222233333 10.5=22222 10.6=22 10.7=222 11.1=2233 11.2=22233 11.3=11233 11.4=1222 11.5=23
11.6=23 11.7=33 12.1=12233 12.2=11 12.3=22223 13.1=2333 13.2=222223 13.3=2233 13.4=1222233 14.1=22
14.2=12223333 14.3=122 15.1=12233 15.2=12233 15.3=1222222 15.4=3333 16.1=2 16.2=22222 16.3=2222 16.4=222
16.5=2223 17.1=23 17.2=22223333 17.3=22
"""


def wanted() -> dict[str, int]:
    sections = (line.split("=") for line in LEVELS.split())
    levels = {f"{name}.{n}": int(level) for name, row in sections for n, level in enumerate(row, 1)}
    assert [list(levels.values()).count(level) for level in (1, 2, 3)] == [70, 183, 92]
    return {name: level for name, level in levels.items() if level < 3}


@cache
def named_in(path: str) -> frozenset[str]:
    file = ROOT / path
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.is_file() else []
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def is_there(named: str) -> bool:
    path, _, name = named.partition("::")
    return name in named_in(path)


def test_every_requirement_of_the_two_levels_is_mapped_once() -> None:
    assert {name: row["level"] for name, row in MAP.items()} == wanted()
    assert [name for name, row in MAP.items() if len(WAYS & row.keys()) != 1 or not row["about"]] == []


def test_every_reason_says_something() -> None:
    assert [name for name, row in MAP.items() if any(not str(row.get(way, "x")).strip() for way in WAYS)] == []


def test_every_test_that_the_map_or_the_guide_names_exists() -> None:
    named = {row["test"] for row in MAP.values() if "test" in row} | set(
        re.findall(r"`(tests/[\w/]+\.py::\w+)`", GUIDE)
    )
    assert [name for name in sorted(named) if not is_there(name)] == []
    assert not is_there("tests/test_house.py::test_that_nobody_wrote")


def test_every_document_that_the_map_names_exists() -> None:
    missing = []
    for row in MAP.values():
        path, _, heading = row.get("document", "docs/security.md").partition("#")
        file = ROOT / path
        if not file.is_file() or (heading and f"\n## {heading}\n" not in file.read_text(encoding="utf-8")):
            missing.append(row["document"])
    assert missing == []


def test_what_is_left_to_the_deployment_is_printed_in_the_guide() -> None:
    printed = {f"- {name} {row['about']}: {row['deployment']}" for name, row in MAP.items() if "deployment" in row}
    assert printed <= set(GUIDE.splitlines())
