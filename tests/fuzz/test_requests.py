"""R15: whatever is asked by whomever, nothing breaks, nothing leaks, and no answer goes out unprotected."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from portal.web.headers import HEADERS
from tests.crawl import walk
from tests.matrix.routes import Asking, address, askings
from tests.matrix.world import HERE, THERE, WHO, World
from tests.requirements.hostile_words import RAW, WORDS
from tests.requirements.planted import PEOPLE, found_in
from tests.test_house import rules_of

SHORT, LONG = 500, 50_000
METHODS = ("GET", "POST", "GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")
SEE_ALL = {"dispatcher", "supervisor", "auditor", "inspector"}
REMARKS = {person.remark for person in PEOPLE}
WORDS_SHORT = [word for name, word in WORDS.items() if len(word) < 1_000 and name != "half a letter"]
QUERY = ("next", "lang", "page", "number", "code", "office", "state", "light", "item", "words", "rule", "severity")


def _places(world: World) -> list[tuple[str, Asking, Any]]:
    return [(who, asking, rule) for rule in rules_of(world.house.app) for asking in askings(rule) for who in WHO]


def _boxes(world: World) -> list[str]:
    """The names of all boxes on all forms that somebody reaches."""
    names: set[str] = set()
    for who in ("citizen", "clerk", "reviewer", "head", "supervisor", "sysadmin"):
        for form in walk(world.house.app, world.client(who)).forms.values():
            names |= set(form.kinds)
    return sorted(names)


def _wrong(world: World, who: str, office: str, method: str, path: str, more: dict[str, Any]) -> list[str]:
    answer = world.ask(who, office, method, path, **more)
    has_changed = world.has_changed()
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    found += [f"without {name}" for name in HEADERS if name not in answer.headers]
    shown = set(found_in(answer.data))
    if shown - REMARKS and not path.endswith("/copy"):
        found.append(f"shows {sorted(shown - REMARKS)}")
    is_foreign = office == THERE and who not in SEE_ALL
    if is_foreign and PEOPLE[0].remark in shown:
        found.append("shows the words of another")
    if b"Traceback (most recent call last)" in answer.data:
        found.append("a trace")
    if answer.mimetype == "text/html":
        found += [raw for raw in RAW if raw in answer.text]
    if has_changed and method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        found.append("changes by reading")
    return found


def fuzz(world: World, requests: int) -> int:
    places, boxes = _places(world), _boxes(world)
    words = st.sampled_from(WORDS_SHORT) | st.text(max_size=40) | st.sampled_from(["y", "yes", "1", "", "-1", "2026"])
    fields = st.dictionaries(st.sampled_from([*boxes, "x"]), words, max_size=8)
    queries = st.dictionaries(st.sampled_from(QUERY), words, max_size=3)
    asked = 0

    @seed(20260302)
    @settings(
        max_examples=requests, deadline=None, database=None, derandomize=False, suppress_health_check=list(HealthCheck)
    )
    @given(
        st.sampled_from(places), st.sampled_from((HERE, THERE)), st.sampled_from(METHODS), fields, queries, words,
        st.integers(0, 9),
    )  # fmt: skip
    def one(
        place: tuple[str, Asking, Any], office: str, method: str, form: dict[str, str], query: dict[str, str],
        word: str, kind: int,
    ) -> None:  # fmt: skip
        nonlocal asked
        asked += 1
        who, asking, rule = place
        if asking.relation == "matter" and who not in world.own_cases:
            return
        path, thing = address(asking, rule, who, world)
        if kind == 0 and thing:  # somebody writes another number into the address
            path = path.replace(thing, word.replace("/", "") or "0")
        path = path.encode("utf-8", "replace").decode().replace("?", "%3F").replace("#", "%23")
        more: dict[str, Any] = {"query_string": _sendable(query)}
        if method in ("POST", "PUT", "PATCH"):
            more["data"] = _sendable(form) if kind != 1 else word.encode("utf-8", "replace")
        assert _wrong(world, who, office, method, path, more) == [], (who, office, method, path, more)

    one()
    return asked


def _sendable(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}


def test_some_requests_of_everybody_break_and_leak_nothing(world: World) -> None:
    asked = fuzz(world, SHORT)
    assert asked >= SHORT


@pytest.mark.soak
def test_fifty_thousand_requests_of_everybody_break_and_leak_nothing(world: World) -> None:
    begun = time.monotonic()
    asked = fuzz(world, LONG)
    taken = time.monotonic() - begun
    sys.stderr.write(f"{asked} requests in {taken:.0f} s, {asked / taken:.0f} a second\n")
    assert asked >= LONG
