"""R21: hostile words in every field of every form come back as words, or not at all."""

from __future__ import annotations

from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.crawl import SeenForm, Walk, walk
from tests.requirements.conftest import Town
from tests.requirements.hostile_words import RAW, TOGETHER, WORDS

KEPT = {"hidden", "radio", "checkbox", "option", "select"}  # in the second round; in the first everything is hostile
LEAVES = ("/sign-out", "/sign-in", "/discard", "/forget")  # afterwards this browser would see nothing any more


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


def attack(walked: Walk, town: Town, who: str, word: str) -> dict[tuple[str, str, bool], list[str]]:
    wrong = {}
    client = town.people[who]
    for (method, action), form in walked.forms.items():
        if any(action.endswith(end) for end in LEAVES) and who != "stranger":
            continue
        for is_polite in (False, True):
            fields = sent(form, word.encode("utf-8", "replace").decode(), is_polite=is_polite)
            answer = client.get(action, query_string=fields) if method == "GET" else client.post(action, data=fields)
            if found := wrong_with(answer):
                wrong[method, action, is_polite] = found
    return wrong


def wrong_after(town: Town, word: str) -> dict[str, list[str]]:
    """What goes wrong when everybody sends the word from everywhere, and then when everybody reads on."""
    wrong: dict[str, list[str]] = {}
    for who in ("stranger", "citizen", "clerk", "supervisor"):
        walked = walk(town.house.app, town.people[who])
        assert walked.forms
        wrong |= {f"{who} {key}": found for key, found in attack(walked, town, who, word).items()}
    for who in ("citizen", "clerk", "supervisor"):
        for path, answer in walk(town.house.app, town.people[who]).pages.items():
            if found := wrong_with(answer):
                wrong[f"{who} reads {path}"] = found
    return wrong


@pytest.mark.parametrize("which", TOGETHER)
def test_hostile_words_in_every_field_are_words(town: Town, which: str) -> None:
    assert wrong_after(town, TOGETHER[which]) == {}


@pytest.mark.soak
@pytest.mark.parametrize("which", sorted(WORDS.keys() - TOGETHER.keys()))
def test_each_hostile_word_alone_is_a_word(town: Town, which: str) -> None:
    assert wrong_after(town, WORDS[which]) == {}


def test_hostile_words_in_an_address_find_nothing(town: Town) -> None:
    for raw, client in product(WORDS.values(), town.people.values()):
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
