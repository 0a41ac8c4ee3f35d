"""R15: whatever address names a thing of somebody's, to a citizen, an agent and a clerk of elsewhere it is not there.

Each route that takes a number, a token or a handle is asked for what is another's and for what does not exist; inside
the doors that are open to the asker both give 404, and nothing of the database changes. The whole table of routes and
roles is walked in tests/matrix; here stand those who have most reason to try, among them an agent, whom it has not.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.accounts.agents import operations as agents
from portal.accounts.agents.model import AgentSort
from portal.basis import By, Role
from portal.store import transaction
from tests.cases.city import MONDAY, hand_in
from tests.matrix.routes import address, askings, sort_of
from tests.matrix.world import HERE, THERE, World, built
from tests.requirements.planted import found_in
from tests.test_house import rules_of

PRINCIPAL, AGENT = "u-person-there", "u-person-here"
SEATS = {"person": ("person", THERE), "agent": ("person", HERE), "clerk": ("clerk", THERE)}
# These first want what none of the askers has, whatever is named: another post, or an appointment's code.
ASKS_FIRST = {
    ("GET", "clerk.finding"): 403,
    ("GET", "clerk.finding_step"): 403,
    ("POST", "clerk.finding_step"): 403,
    ("GET", "account.answer_reset"): 403,
    ("POST", "account.answer_reset"): 403,
    ("POST", "citizen.hall.appointment"): 422,
}
SHARED = "clerk.hall."  # one hall of several offices, the clerk's among them: who may do what there is in tests/matrix


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("foreign")
    shutil.copyfile(sqlite_template, folder / "portal.sqlite")
    for world in built(f"sqlite:///{folder / 'portal.sqlite'}", folder):
        with transaction():
            own = hand_in(moment=MONDAY, person=PRINCIPAL, by=By(PRINCIPAL, Role.APPLICANT))
            other = hand_in("unemployment-subsidy", moment=MONDAY, person=PRINCIPAL, by=By(PRINCIPAL, Role.APPLICANT))
            agents.authorise(
                PRINCIPAL, "person-here", AgentSort.FAMILY, items=["food-licence"], from_on=date(2026, 3, 2),
                until_on=date(2026, 9, 30), confirmed_by="password", by=By(PRINCIPAL, Role.APPLICANT), at=MONDAY,
                on=date(2026, 3, 2),
            )  # fmt: skip
        world.things |= {"case-of-principal": own.number, "case-of-another-service": other.number}
        world.keep()
        yield world


def client_of(world: World, who: str) -> FlaskClient:
    """The agent is whom the person has authorised; the clerk works for another office."""
    return world.client(*SEATS[who])


def doors_of(who: str) -> tuple[str, ...]:
    return ("clerk", "citizen", "account") if who == "clerk" else ("citizen", "account")


def foreign(world: World, who: str) -> Iterator[tuple[Rule, str, str, str]]:
    """Rule, method and path, with the thing that it names: another's, and one that nobody has."""
    for rule in rules_of(world.house.app):
        if (
            sort_of(rule) is None
            or rule.endpoint.startswith(SHARED)
            or rule.endpoint.split(".")[0] not in doors_of(who)
        ):
            continue
        for asking in askings(rule):
            if asking.relation in ("own", "none"):
                path, thing = address(asking, rule, "auditor", world)  # whose sign-in is another's to all of them
                yield rule, asking.method, path, thing


@pytest.mark.parametrize("who", ["person", "agent", "clerk"])
def test_what_is_anothers_is_not_there_on_any_route(world: World, who: str) -> None:
    wrong, asked = [], set()
    for rule, method, path, thing in foreign(world, who):
        answer = client_of(world, who).open(path, method=method)
        if answer.status_code != ASKS_FIRST.get((method, rule.endpoint), 404):
            wrong.append(f"{method} {path} gives {answer.status_code}")
        if found_in(answer.data) or (answer.status_code == 404 and f">{thing}<" in answer.text):
            wrong.append(f"{method} {path} tells something")
        if world.has_changed():
            wrong.append(f"{method} {path} changed something")
        asked.add(sort_of(rule))
    assert not wrong, "\n".join(wrong)
    assert asked >= {"case", "inquiry", "draft", "handle"}


def test_an_agent_finds_what_was_entrusted_and_nothing_beside_it(world: World) -> None:
    agent = client_of(world, "agent")
    statuses = {
        name: agent.get(f"/cases/{number}").status_code
        for name, number in {
            "entrusted": world.things["case-of-principal"],
            "another service": world.things["case-of-another-service"],
            "another person's": world.things["case"],
        }.items()
    }
    assert statuses == {"entrusted": 200, "another service": 404, "another person's": 404}
    number = world.things["case-of-another-service"]
    for step in ("withdraw", "chase", "rate"):
        assert agent.post(f"/cases/{number}/{step}", data={"reason": "x"}).status_code == 404
    assert agent.get(f"/my-data/{world.things['case-of-principal']}").status_code == 404, "the person's own affair"
