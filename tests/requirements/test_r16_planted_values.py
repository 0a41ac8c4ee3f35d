"""R16, R17: of a hundred personal values typed into a portal that really runs, none is found outside a logged look."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.requirements.living import Living, lived_in
from tests.requirements.planted import PEOPLE, VALUES, found_in, found_in_folder

Page = tuple[str, str, int, str]  # who, path, status, text


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with lived_in(tmp_path_factory.mktemp("planted"), PEOPLE) as living:
        yield living


@pytest.fixture(scope="module")
def before_a_look(living: Living) -> list[Page]:
    """Everything that staff can open, read before anybody has given a reason to look."""
    return list(living.pages_of_staff())


@pytest.fixture(scope="module")
def outputs(living: Living) -> dict[str, Path]:
    return living.outputs()


ONE = PEOPLE[3]


@pytest.mark.parametrize(
    "written",
    [
        ONE.name.encode("utf-16-be"),
        ONE.remark.encode("gb18030"),
        json.dumps({"name": ONE.name}).encode(),
        quote(ONE.address).encode(),
        f"tel {ONE.phone[:3]}-{ONE.phone[3:7]} {ONE.phone[7:]}".encode(),
        f"{ONE.identity[:6]} {ONE.identity[6:14]} {ONE.identity[14:]}".encode(),
        *(base64.b64encode(b"x" * before + ONE.name.encode() + b"yy") for before in range(3)),
        b"before" + gzip.compress(ONE.phone.encode(), mtime=0),
        b"%PDF" + zlib.compress(ONE.identity.encode()),
    ],
)
def test_the_search_finds_a_value_however_it_is_written(written: bytes) -> None:
    assert len(found_in(b"\x00" * 2 + written)) == 1


def test_a_hundred_values_were_taken_and_a_logged_look_shows_them(living: Living, before_a_look: list[Page]) -> None:
    assert before_a_look
    assert len(set(VALUES)) == 100
    clerk, seen, papers = living.staff["clerk"], set[str](), list[list[str]]()
    for number in living.numbers:
        clerk.get(f"/clerk/cases/{number}/show")
        clerk.send(reason="handling")
        seen |= set(found_in(clerk.get(f"/clerk/cases/{number}")))
        papers.append(found_in(clerk.raw(f"/clerk/cases/{number}/papers/0")))
    assert {value for one in PEOPLE for value in (one.name, one.identity, one.phone, one.address)} <= seen
    assert papers[: len(PEOPLE)] == [list(one.values) for one in PEOPLE], "each paper holds all five, once it is opened"
    asked = "".join(clerk.get(f"/clerk/inquiries/{number}") for number in living.inquiries)
    assert {one.remark for one in PEOPLE} <= set(found_in(asked))
    tail = living.say("ledger", "tail", "-n", 10_000)  # at night each look is followed by a finding (V47)
    assert sum("viewed" in line.split("\t")[3] for line in tail.splitlines()) >= len(living.numbers)
    assert found_in(tail) == []


def what_was_asked(path: str) -> set[str]:
    """The words of a question stand on its own page for the office that answers it, without numbers and telephones."""
    return {one.remark for one in PEOPLE} if path.startswith("/clerk/inquiries/") else set()


def test_no_page_of_staff_shows_one_before_a_look(living: Living, before_a_look: list[Page]) -> None:
    found = {(role, path): set(found_in(text)) - what_was_asked(path) for role, path, _, text in before_a_look}
    assert {place: values for place, values in found.items() if values} == {}
    opened = {path for _, path, status, _ in before_a_look if status == 200}
    assert {f"/clerk/cases/{number}" for number in living.numbers} <= opened
    assert {f"/clerk/inquiries/{number}" for number in living.inquiries} <= opened


def test_none_is_in_the_instance_folder_while_the_portal_runs(living: Living) -> None:
    assert (living.instance / "portal.sqlite-wal").exists()
    assert found_in_folder(living.instance) == []


@pytest.mark.parametrize("name", ["report", "backups", "restored"])
def test_none_is_in_what_leaves_by_the_console(outputs: dict[str, Path], name: str) -> None:
    assert any(file.is_file() for file in outputs[name].rglob("*"))
    assert found_in_folder(outputs[name]) == []


def test_none_is_in_the_exported_ledger(outputs: dict[str, Path]) -> None:
    log = outputs["log.jsonl"].read_bytes()
    assert len(log.splitlines()) > len(PEOPLE)
    assert found_in(log) == []


def test_none_is_in_what_the_server_wrote(living: Living, before_a_look: list[Page]) -> None:
    assert before_a_look
    assert living.server_lines.count("POST /register") >= len(PEOPLE)
    assert living.server_lines.count("POST /clerk/hand-in/") > 0
    assert found_in(living.server_lines) == []
