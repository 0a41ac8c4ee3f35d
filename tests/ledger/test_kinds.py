"""Every kind that is written is listed, and every key that is listed is read by whom the list names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from portal.ledger.kinds import COMMON, KINDS, Key, Kind

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
WHERE = {
    "vocabulary": ("portal/compliance/*.py", "portal/compliance/log/*.py"),
    "fold": (
        "portal/cases/**/*.py",
        "portal/appeals/**/*.py",
        "portal/accounts/agents/*.py",
        "portal/hall/**/*.py",
        "portal/channels/**/*.py",
        "portal/compliance/procedure/**/*.py",
    ),
    "clocks": ("portal/cases/**/*.py", "portal/appeals/**/*.py"),
    "register": ("portal/compliance/findings/*.py",),
    "page": ("templates/**/*.html", "portal/web/**/*.py", "portal/**/queries.py", "portal/**/queries/*.py"),
}
KEYS = [(kind.name, key, listed) for kind in KINDS.values() for key, listed in kind.keys.items()]
KEYS += [("any kind", key, listed) for key, listed in COMMON.items()]
READERS = sorted(
    {reader for _, _, listed in KEYS for reader in listed.read_by} | {r for k in KINDS.values() for r in k.read_by}
)


def patterns_of(reader: str) -> tuple[str, ...]:
    return WHERE.get(reader, (f"portal/compliance/rules/{reader.lower()}[._]*",))


def text_of(reader: str) -> str:
    """What the reader's files say; for a rule or a fold its comments would count too, so keys are sought in quotes."""
    files = {file for pattern in patterns_of(reader) for file in ROOT.glob(pattern) if file.suffix in (".py", ".html")}
    return "\n".join(file.read_text() for file in sorted(files))


def is_everything_written() -> bool:
    """Rooms grow over several files, so they are held to the list once cases can be written and rules judge them."""
    has_operations = all(any(PORTAL.glob(f"{room}/operations*")) for room in ("cases", "appeals"))
    return has_operations and any(PORTAL.glob("compliance/rules/v*.py"))


def unread(reader: str, text: str) -> list[str]:
    keys = [f"{kind}: {key}" for kind, key, listed in KEYS if reader in listed.read_by and not mentions(text, key)]
    kinds = [kind.name for kind in KINDS.values() if reader in kind.read_by and not is_named(text, kind)]
    # A timeline shows every kind by its title, so no page names kinds one by one.
    return keys if reader == "page" else keys + kinds


def is_named(text: str, kind: Kind) -> bool:
    """By its name, or, in a room, by the member of the room's enumeration of steps."""
    member = re.sub(r"_(INQUIR(Y|ER)|TICKET|FINDING|RECTIFICATION)$", "", kind.step.upper())
    return (
        mentions(text, kind.name) or re.search(rf"\b(\w*Step|_S)\.({kind.step.upper()}|{member})\b", text) is not None
    )


def mentions(text: str, name: str) -> bool:
    """``"name"`` in quotes (``"own_day"`` is a rule's name for a key ``day``), or ``.name`` as templates write it."""
    return re.search(rf"""["'](own_)?{re.escape(name)}["']|\.{re.escape(name)}\b""", text) is not None


@pytest.mark.parametrize("reader", READERS)
def test_every_listed_key_and_kind_is_read(reader: str) -> None:
    text = text_of(reader)
    if not is_everything_written() and (not text or reader in WHERE):
        pytest.skip(f"the reader {reader} is not written yet")
    assert text, f"no file matches {patterns_of(reader)}; correct the reader in ledger/kinds.py or write it"
    assert unread(reader, text) == [], f"{reader} does not read these; take them out of ledger/kinds.py or read them"


@pytest.mark.parametrize(("kind", "key", "listed"), KEYS)
def test_every_key_has_a_reader(kind: str, key: str, listed: Key) -> None:
    assert listed.read_by, f"{key} of {kind} is read by nobody; a fact that nobody reads is not written"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_has_a_reader_a_step_and_a_title(kind: object) -> None:
    for part in ("read_by", "step", "title"):
        assert getattr(kind, part), f"{kind} has no {part}"


def test_no_two_kinds_of_one_sort_share_a_step() -> None:
    steps = [(kind.sort, kind.step) for kind in KINDS.values()]
    assert sorted(set(steps)) == sorted(steps)


def test_every_kind_that_the_code_appends_is_listed() -> None:
    written = {
        (name, file.relative_to(ROOT))
        for file in PORTAL.rglob("*.py")
        for name in appended(ast.parse(file.read_text()))
    }
    assert {(name, file) for name, file in written if name not in KINDS} == set()


def test_a_kind_to_come_is_written_by_no_operation_yet() -> None:
    """Whoever writes the module takes the mark away."""
    files = [file for file in PORTAL.rglob("*.py") if "compliance" not in file.parts and "kinds" not in file.parts]
    text = "\n".join(file.read_text() for file in files)
    to_come = [kind for kind in KINDS.values() if kind.is_to_come]
    assert [kind.name for kind in to_come if f'"{kind.name}"' in text] == []


def test_the_search_for_appended_kinds_finds_them() -> None:
    source = (
        'append(s, "one", by=b); log.append(s, kind="two"); a_list.append("three"); operations.append(s, "four", {})'
    )
    assert sorted(appended(ast.parse(source))) == ["four", "one", "two"]


def test_the_search_for_keys_finds_them_in_code_and_templates_only() -> None:
    assert mentions('event.text("reason")', "reason")
    assert mentions("{{ event.reason }}", "reason")
    assert not mentions("# the reason of it", "reason")
    assert not mentions("event.reasons", "reason")


def appended(tree: ast.AST) -> Iterator[str]:
    """The kinds named in calls of ``append(subject, kind, …)``; a list's ``append`` has one argument only."""
    for call in calls_of_append(tree):
        named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
        for value in [*call.args[1:2], *named]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def calls_of_append(tree: ast.AST) -> Iterable[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "append":
                yield node
