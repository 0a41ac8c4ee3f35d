"""R15: every route, asked by everybody about what is theirs, another's and nobody's, answers as the table says.

The table is routes.txt. A new route fails here until its lines stand in it; the failure prints them.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from functools import lru_cache
from urllib.parse import quote

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.matrix.routes import Asking, address, askings, is_asked, office_of, sort_of, table, written
from tests.matrix.world import WHO, World
from tests.requirements.planted import PEOPLE, found_in
from tests.test_house import rules_of

MARKERS = PEOPLE[0].values
OUTSIDE = {"static", "sign_in.enter"}  # files for all; a try to sign in is counted


class Findings:
    def __init__(self) -> None:
        self.statuses: dict[str, dict[str, str]] = {}
        self.leaks: list[str] = []
        self.changes: list[str] = []
        self.tells: list[str] = []


@pytest.fixture(scope="module")
def found(world: World) -> Findings:
    """Asked once; each test looks at one side of the answers."""
    seen = Findings()
    for rule in rules_of(world.house.app):
        for asking in askings(rule):
            seen.statuses[asking.key] = {who: _asked(asking, rule, who, world, seen) for who in WHO}
    return seen


def _asked(asking: Asking, rule: Rule, who: str, world: World, seen: Findings) -> str:
    if not is_asked(asking, who):
        return "."
    path, thing = address(asking, rule, who, world)
    answer = world.ask(who, office_of(asking), asking.method, path)
    named = f"{who} {asking.key}"
    has_changed = world.has_changed()
    if has_changed and rule.endpoint not in OUTSIDE and (asking.method == "GET" or answer.status_code >= 400):
        seen.changes.append(named)
    shown = set(_markers_in(answer.data))
    if shown and not _may_read(asking, rule, who, answer, shown):
        seen.leaks.append(f"{named}: {sorted(shown)}")
    if asking.relation in ("other", "matter") and answer.status_code == 404:
        nothing, nobodys = address(Asking(asking.method, asking.rule, asking.variant, "none"), rule, who, world)
        missing = world.ask(who, office_of(asking), asking.method, nothing)
        if _without(answer, thing) != _without(missing, nobodys):
            seen.tells.append(f"{named}: {_difference(_without(answer, thing)[1], _without(missing, nobodys)[1])}")
    return str(answer.status_code)


@lru_cache(maxsize=1000)
def _markers_in(content: bytes) -> list[str]:
    """Most answers are one of a few: many are refused alike."""
    return found_in(content, MARKERS)


def _may_read(asking: Asking, rule: Rule, who: str, answer: TestResponse, shown: set[str]) -> bool:
    """Who was let in reads the words of an inquiry or a wish; in full and about the person, nothing and nobody."""
    sorts = ("inquiry", "data-request", "case")
    is_remark = shown == {PEOPLE[0].remark}
    is_citizen = who == "citizen" and asking.relation == "own"
    is_list = rule.endpoint in ("clerk.inquiries.listing", "supervisor.data_requests")
    is_let_in = answer.status_code in (200, 303, 422) and (sort_of(rule) in sorts or is_list)
    is_own_word = is_citizen and rule.endpoint in ("citizen.my_data.copy", "citizen.appeals.inquiry")
    return (is_remark and is_let_in) or is_own_word


def _without(answer: TestResponse, thing: str) -> tuple[int, str]:
    """The answer but for the word that was asked for, and for the form's token, which is new each time."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    for word in (thing, quote(thing)):  # an address in a link holds no bare colon
        text = text.replace(f"/{word}", "/THING").replace(f'value="{word}"', "THING")
    return answer.status_code, text


def _difference(one: str, other: str) -> list[str]:
    return [line for line in unified_diff(one.splitlines(), other.splitlines(), n=0) if line[:3] not in ("---", "+++")]


def test_every_route_answers_everybody_as_the_table_says(found: Findings) -> None:
    expected = table()
    wrong = {key: row for key, row in found.statuses.items() if row != expected.get(key)}
    assert not wrong, "these lines would have to stand in tests/matrix/routes.txt:\n" + "\n".join(written(wrong))
    assert set(expected) == set(found.statuses), "lines of routes that are no more"


def test_nothing_planted_is_read_by_whom_it_does_not_concern(found: Findings) -> None:
    assert not found.leaks, "\n".join(found.leaks)


def test_what_is_refused_and_what_is_read_changes_nothing(found: Findings) -> None:
    assert not found.changes, "\n".join(found.changes)


def test_what_is_anothers_and_what_is_not_there_look_the_same(found: Findings) -> None:
    assert not found.tells, "\n".join(found.tells)


def test_a_stranger_is_asked_to_sign_in_at_every_door_of_the_offices() -> None:
    inside = {
        key: row["stranger"] for key, row in table().items() if key.split()[1].startswith(("/clerk", "/supervisor"))
    }
    assert inside
    assert {key: status for key, status in inside.items() if status not in ("401", ".")} == {}
