"""R21: hostile words in every field of every form come back as words, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.crawl import SeenForm, walk
from tests.databases import Kept
from tests.requirements.conftest import Town, built
from tests.requirements.hostile_words import RAW, TOGETHER, WORDS
from tests.web.office import hash_quickly

WHO = ("stranger", "citizen", "clerk", "supervisor")
STAFF_DOORS = ("/clerk", "/supervisor", "/account")
KEPT = {"hidden", "radio", "checkbox", "option", "select"}  # in the second round; in the first everything is hostile
LEAVES = ("/sign-out", "/sign-in", "/discard", "/forget")  # afterwards this browser would see nothing any more

Forms = Mapping[tuple[str, str], SeenForm]


@pytest.fixture(autouse=True)
def _files_are_seen_at_once() -> None:
    """Nothing here writes a deployment's files, so the portal need not look for them at every request."""


def sent(form: SeenForm, word: str, *, is_polite: bool) -> MultiDict[str, str]:
    """A polite form chooses from what is offered, so that its words get as far as the database."""
    fields: dict[str, Any] = {}
    for name, kind in form.kinds.items():
        if kind == "file":
            continue
        fields[name] = form.values.get(name) or "y" if is_polite and kind in KEPT else word
        if is_polite and name.rsplit("-", 1)[-1] in ("year", "month", "day"):
            fields[name] = {"year": "2026", "month": "9", "day": "1"}[name.rsplit("-", 1)[-1]]
    return MultiDict(fields)


def wrong_with(answer: TestResponse) -> list[str]:
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if answer.mimetype == "text/html":
        found += [raw for raw in RAW if raw in answer.text]
    if "planted" in answer.headers.get("Set-Cookie", ""):
        found.append("cookie")
    if (
        str(answer.location or "/")
        .removeprefix("http://localhost/")
        .startswith(("//", "http:", "https:", "javascript:"))
    ):
        found.append(f"leads to {answer.location}")
    return found


def attack(forms: Forms, town: Town, who: str, word: str) -> dict[tuple[str, str, bool], list[str]]:
    wrong = {}
    client = town.people[who]
    for (method, action), form in forms.items():
        if any(action.endswith(end) for end in LEAVES) and who != "stranger":
            continue
        for is_polite in (False, True):
            fields = sent(form, word.encode("utf-8", "replace").decode(), is_polite=is_polite)
            answer = client.get(action, query_string=fields) if method == "GET" else client.post(action, data=fields)
            if found := wrong_with(answer):
                wrong[method, action, is_polite] = found
    return wrong


def forms_of(town: Town, who: str) -> Forms:
    forms = walk(town.house.app, town.people[who]).forms
    assert forms
    return forms


def wrong_after(town: Town, word: str, forms: Mapping[str, Forms] | None = None) -> dict[str, list[str]]:
    """What goes wrong when everybody sends the word from everywhere, and then when everybody reads on.

    With ``forms`` staff read on behind their own doors: the citizen reads what is there for all. Without, everybody
    looks for forms anew, among what those before have sent, and reads everything.
    """
    wrong: dict[str, list[str]] = {}
    for who in WHO:
        found_on = forms[who] if forms is not None else forms_of(town, who)
        wrong |= {f"{who} {key}": found for key, found in attack(found_on, town, who, word).items()}
    for who in WHO[1:]:
        behind = STAFF_DOORS if forms is not None and who != "citizen" else ("/",)
        pages = walk(town.house.app, town.people[who], behind=behind).pages
        assert pages
        for path, answer in pages.items():
            if found := wrong_with(answer):
                wrong[f"{who} reads {path}"] = found
    return wrong


@dataclass
class Seen:
    """A town in which everybody has found the forms there are; each word finds it as it was."""

    town: Town
    forms: Mapping[str, Forms]
    kept: Kept

    def as_it_was(self) -> Town:
        self.kept.was_changed()
        return replace(self.town, people={who: _same(client) for who, client in self.town.people.items()})


def _same(client: FlaskClient) -> FlaskClient:
    """A browser with the same cookies; those that it is given stay its own."""
    other = client.application.test_client()
    other._cookies = dict(client._cookies or {})
    return other


@pytest.fixture(scope="module")
def seen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("town")
    file = folder / "portal.sqlite"
    shutil.copyfile(sqlite_template, file)
    with pytest.MonkeyPatch.context() as patch:
        hash_quickly(patch)
        for town in built(f"sqlite:///{file}", folder):
            yield Seen(town, {who: forms_of(town, who) for who in WHO}, Kept(file))


@pytest.mark.parametrize("which", TOGETHER)
def test_hostile_words_in_every_field_are_words(seen: Seen, which: str) -> None:
    assert wrong_after(seen.as_it_was(), TOGETHER[which], seen.forms) == {}


@pytest.mark.soak
@pytest.mark.parametrize("which", sorted(WORDS.keys() - TOGETHER.keys()))
def test_each_hostile_word_alone_is_a_word(town: Town, which: str) -> None:
    assert wrong_after(town, WORDS[which]) == {}


def test_hostile_words_in_an_address_find_nothing(seen: Seen) -> None:
    for raw, client in product(WORDS.values(), seen.as_it_was().people.values()):
        word = quote(raw[:4_000].encode("utf-8", "surrogatepass"), safe="")
        for start in (
            "/items/",
            "/cases/",
            "/inquiries/",
            "/apply/",
            "/clerk/cases/",
            "/supervisor/findings/",
            "/static/",
        ):
            answer = client.get(start + word)
            assert answer.status_code in (401, 403, 404, 302, 303, 308, 400), (start, answer.status_code)
            assert wrong_with(answer) == []
