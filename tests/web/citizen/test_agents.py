"""Who lets somebody act sees every step, and stops it at once; nobody else finds anything. All of it through pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import vault
from portal.accounts.agents.queries import authorisation, by_of_agent
from portal.basis import Refusal
from portal.cases.model import Step
from portal.cases.operations import record
from portal.store import transaction
from tests.web.citizen.people import NAMES, Person
from tests.web.citizen.visits import TYPED, Visitor, Watch, mistakes, texts

ITEM = "unemployment-subsidy"


@pytest.mark.parametrize("path", ["/", "/follow", "/mine/", "/mine/agents/", "/mine/agents/new", "/?view=large"])
def test_whoever_has_signed_in_finds_the_own_pages_in_the_navigation(
    owner: Person, stranger: Visitor, path: str
) -> None:
    link = 'class="govuk-service-navigation__link" href="/mine/"'
    assert link in owner.get(path).text
    elsewhere = stranger.get(path).text
    assert link not in elsewhere
    assert 'href="/sign-in?next=/mine/"' in elsewhere
    owner.sign_out()
    assert link not in owner.get(path).text


def test_an_agent_hands_in_and_the_principal_sees_it(owner: Person, agent: Person) -> None:
    given = owner.authorise()
    for one in (owner, agent):
        paper = texts(one.get(f"/mine/agents/{given}"))
        assert given in paper
        assert "fingerprint" in paper
        assert not any(name in paper for name in NAMES.values()), "masked"
    agent.act_on(given)
    last = agent.fill_in(ITEM)
    assert f"for somebody else, on authorisation {given}" in texts(agent.get(last))
    number = str(agent.post(last, is_true="y").location).split("/")[2]
    assert number in owner.get("/mine/").text
    seen = texts(owner.get(f"/cases/{number}"))
    assert f"By an agent, on authorisation {given}" in seen
    assert number in texts(agent.get("/mine/")).partition("Of those for whom you act")[2]
    receipt = agent.get(f"/cases/{number}/receipt")
    assert receipt.status_code == 200
    assert 'id="code"' not in receipt.text, "a code would outlive the authorisation"
    assert agent.get(f"/my-data/{number}").status_code == 404
    assert owner.get(f"/my-data/{number}").status_code == 200


def test_an_agent_who_acts_for_himself_again_hands_in_for_himself(owner: Person, agent: Person) -> None:
    agent.act_on(owner.authorise())
    assert agent.post("/mine/agents/stop").status_code == 303
    number = agent.hand_in(ITEM)
    assert number not in owner.get("/mine/").text
    assert number in texts(agent.get("/mine/")).partition("Of those for whom you act")[0]


def test_what_is_revoked_ends_at_once_in_the_middle_of_a_form(owner: Person, agent: Person) -> None:
    given = owner.authorise()
    agent.act_on(given)
    number = agent.hand_in(ITEM)
    last = agent.fill_in("food-licence")
    assert owner.post(f"/mine/agents/{given}/revoke").status_code == 303
    refused = agent.post(last, is_true="y")
    assert refused.status_code == 422
    assert f"Authorisation {given} has been revoked" in texts(refused)
    for page in (f"/cases/{number}", f"/cases/{number}/receipt", f"/cases/{number}/receipt.json"):
        assert agent.get(page).status_code == 404
    assert agent.post(f"/cases/{number}/withdraw", answer="yes").status_code == 404
    assert number not in agent.get("/mine/").text
    again = agent.post(f"/mine/agents/{given}/act")
    assert again.status_code == 409
    assert "has been revoked" in texts(again)
    assert owner.get("/mine/").text.count("/cases/") == 1
    assert "Waiting for acceptance" in texts(owner.get(f"/cases/{number}"))
    assert owner.post(f"/mine/agents/{given}/revoke").status_code == 409


def test_on_the_day_after_the_last_the_agent_is_refused(owner: Person, agent: Person, watch: Watch) -> None:
    given = owner.authorise(**{"until_on-day": "25"})
    agent.act_on(given)
    number = agent.hand_in(ITEM)
    watch.now += timedelta(days=1)
    agent.sign_in()
    agent.act_on(given)
    last = agent.fill_in("food-licence")
    watch.now = watch.now.replace(hour=15, minute=59)  # a minute before midnight there
    agent.sign_in()
    assert agent.get(f"/cases/{number}").status_code == 200
    watch.now += timedelta(minutes=1)
    assert agent.get(f"/cases/{number}").status_code == 404
    assert agent.get(last).status_code == 404, "signing in again has left the draft behind"
    refused = agent.post(f"/mine/agents/{given}/act")
    assert refused.status_code == 409
    assert f"Authorisation {given} ended on 2026-09-25" in texts(refused)
    assert owner.get("/mine/").status_code == 401, "a day without a click"
    owner.sign_in()
    assert number in owner.get("/mine/").text


def test_the_last_day_ends_with_its_last_microsecond_in_the_middle_of_a_form(
    owner: Person, agent: Person, watch: Watch
) -> None:
    given = owner.authorise(**{"until_on-day": "24"})
    watch.now = watch.now.replace(hour=15, minute=50)  # ten minutes before midnight there
    agent.sign_in()
    agent.act_on(given)
    number, last = agent.hand_in(ITEM), agent.fill_in("food-licence")
    watch.now = watch.now.replace(minute=59, second=59, microsecond=999_999)
    assert agent.get(f"/cases/{number}").status_code == 200
    watch.now += timedelta(microseconds=1)
    assert agent.get(f"/cases/{number}").status_code == 404
    assert agent.post(f"/cases/{number}/withdraw", answer="yes").status_code == 404
    refused = agent.post(last, is_true="y")
    assert refused.status_code == 422
    assert f"Authorisation {given} ended on 2026-09-24" in texts(refused)


def test_what_is_revoked_between_the_look_and_the_act_is_refused_by_the_act(owner: Person, agent: Person) -> None:
    """The page looked while it held; what writes looks again, in its own transaction."""
    given = owner.authorise()
    agent.act_on(given)
    number = agent.hand_in(ITEM)
    with owner.app.app_context():
        by = by_of_agent(authorisation(given), owner.watch.now.date())
    assert owner.post(f"/mine/agents/{given}/revoke").status_code == 303
    with owner.app.app_context(), pytest.raises(Refusal), transaction():
        record(number, Step.WITHDRAW, by=by, at=owner.watch.now)
    assert "Waiting for acceptance" in texts(owner.get(f"/cases/{number}"))


@pytest.mark.parametrize("act", [vault.lock, vault.destroy])
def test_an_agent_in_the_middle_of_a_case_whose_data_go_is_told_so_and_reads_nothing(
    owner: Person, agent: Person, act: Callable[..., int]
) -> None:
    agent.act_on(owner.authorise())
    number = agent.hand_in(ITEM)
    assert TYPED["bank-account"] in owner.post(f"/my-data/{number}/copy", form="page").text
    with owner.app.app_context(), transaction():
        assert act(f"case/{number}", why="asked", by="somebody", at=owner.watch.now)
    for path in ("", "/receipt", "/receipt.json", "/withdraw"):
        answer = agent.get(f"/cases/{number}{path}")
        assert answer.status_code < 500
        assert TYPED["bank-account"] not in answer.text
    assert agent.post(f"/cases/{number}/withdraw", answer="yes").status_code < 500
    assert agent.get("/mine/").status_code == owner.get("/mine/").status_code == 200
    copy = owner.post(f"/my-data/{number}/copy", form="page")
    assert copy.status_code == 200
    assert TYPED["bank-account"] not in copy.text


def test_an_authorisation_about_one_service_opens_no_other(owner: Person, agent: Person) -> None:
    given = owner.authorise(item=ITEM)
    other = owner.hand_in("food-licence")
    agent.act_on(given)
    number = agent.hand_in(ITEM)
    assert agent.get(f"/cases/{number}").status_code == 200
    assert agent.get(f"/cases/{other}").status_code == 404
    assert other not in agent.get("/mine/").text
    refused = agent.post("/items/food-licence/apply")
    assert refused.status_code == 409
    assert "is not about this service" in texts(refused)


def test_nobody_else_finds_the_authorisation_or_the_case(
    owner: Person, agent: Person, person: Callable[[str], Person], stranger: Visitor
) -> None:
    given, third = owner.authorise(), person("third")
    agent.act_on(given)
    number = agent.hand_in(ITEM)
    missing = third.get("/mine/agents/A-2026-999999")
    for method, page in (("get", ""), ("post", "/revoke"), ("post", "/act")):
        answer = getattr(third, method)(f"/mine/agents/{given}{page}")
        assert answer.status_code == 404
        assert getattr(stranger, method)(f"/mine/agents/{given}{page}").status_code == 401
    assert texts(third.get(f"/mine/agents/{given}")) == texts(missing)
    for one in (third, stranger):
        for page in (f"/cases/{number}", f"/cases/{number}/receipt", f"/my-data/{number}"):
            assert one.get(page).status_code == 404
    assert owner.post(f"/mine/agents/{given}/act").status_code == 404, "the principal is not the agent"
    assert agent.post(f"/mine/agents/{given}/revoke").status_code == 403, "the agent does not revoke"
    assert "until" in texts(owner.get("/mine/agents/"))


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"password": "another-long-phrase"}, "password", "not your password"),
        ({"agent": "nobody-here"}, "agent", "No person has registered"),
        ({"agent": "owner"}, "agent", "Nobody is his own agent"),
        ({"until_on-year": "2030"}, "until_on-day", "36 months at most"),
        ({"from_on-year": "2025"}, "from_on-day", "days gone by"),
        ({"sort": "village-agent"}, "sort", "registered by no office"),
    ],
)
def test_an_authorisation_that_cannot_be_is_told_and_what_was_typed_stays(
    owner: Person,
    agent: Person,  # noqa: ARG001 -- is there to be named
    changed: dict[str, str],
    field: str,
    said: str,
) -> None:
    form = owner.paper(**changed)
    answer = owner.post("/mine/agents/new", **form)
    assert answer.status_code == 422
    assert said in mistakes(answer)[field]
    assert f'value="{form["agent"]}"' in answer.text
    assert form["password"] not in answer.text
