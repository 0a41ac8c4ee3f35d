"""A citizen with an account of his own looks for a way across to what is another's, and finds none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ledger import queries as ledger
from portal.store import reading
from portal.web.citizen.drafts import SESSION_KEY
from tests.web.citizen.people import CARDS, PASSWORD, Person
from tests.web.citizen.visits import Visitor, mistakes, pdf, texts

KEY = "0123456789-abcdef-0123456789"
NO_CASE = "990100-2026-999999"


def with_draft(client: FlaskClient, page: str) -> None:
    """As if the visitor before had left the draft in this browser."""
    with client.session_transaction() as session:
        session[SESSION_KEY] = [page.split("/")[2]]


def last_seq(app: Flask) -> int:
    with app.app_context(), reading():
        return ledger.last_seq()


def test_a_code_is_guessed_as_slowly_from_an_account_as_without(owner: Person, visitor: Visitor) -> None:
    number = visitor.hand_in()
    for tried in range(10):
        page = "/mine/" if tried % 2 else "/follow"
        assert owner.post(page, number=number, code="AAAAAAAA").status_code == 422
        owner.watch.now += timedelta(seconds=40)
    for page in ("/mine/", "/follow"):
        shut = owner.post(page, number=number, code="AAAAAAAA")
        assert shut.status_code == 429
        assert int(shut.headers["Retry-After"]) > 0
        assert "Too many tries" in texts(shut)
        assert f'value="{number}"' in shut.text


def test_a_wrong_code_and_a_wrong_number_are_told_alike_in_an_account(owner: Person, visitor: Visitor) -> None:
    number = visitor.hand_in()
    wrong_code = owner.post("/mine/", number=number, code="AAAAAAAA")
    wrong_number = owner.post("/mine/", number=NO_CASE, code="AAAAAAAA")
    assert wrong_code.status_code == wrong_number.status_code == 422
    assert mistakes(wrong_code) == mistakes(wrong_number)


def test_whose_document_is_known_here_cannot_be_asked_of_many(owner: Person, stranger: Visitor) -> None:
    form = {"name": "某某", "kind": "identity-card", "phone": "13800000000", "password": PASSWORD}
    for tried in range(20):
        known = stranger.post("/register", **form, number=CARDS["owner"], sign_in_name=f"asker-{tried}")
        assert known.status_code == 422
    for sort in ("owner", "third"):
        answer = stranger.post("/register?lang=en", **form, number=CARDS[sort], sign_in_name="asker")
        assert answer.status_code == 429
        assert "Too many tries" in texts(answer)
        assert PASSWORD not in answer.text
    stranger.watch.now += timedelta(minutes=10)
    assert stranger.post("/register", **form, number=CARDS["third"], sign_in_name="asker").status_code == 303
    assert owner.get("/mine/").status_code == 200


@pytest.mark.parametrize("is_by_agent", [False, True], ids=["the owner's", "the agent's"])
def test_a_draft_of_an_account_is_not_the_browsers(
    owner: Person, agent: Person, person: Callable[[str], Person], stranger: Visitor, is_by_agent: bool
) -> None:
    if is_by_agent:
        agent.act_on(owner.authorise())
    mine, before = (agent if is_by_agent else owner), last_seq(owner.app)
    page = mine.fill_in("food-licence")
    for other in (person("third"), owner if is_by_agent else agent, stranger):
        with_draft(other.client, page)
        for view in ("check", "details", "materials"):
            address = page.replace("check", view)
            assert other.get(address).status_code == 404
            assert other.post(address, is_true="y").status_code == 404
        assert other.post(page.replace("check", "discard")).status_code == 404
    assert last_seq(owner.app) == before
    assert mine.get(page).status_code == 200


def test_a_file_of_anothers_draft_is_not_taken_away(visitor: Visitor, stranger: Visitor) -> None:
    theirs, own = visitor.fill_in("food-licence"), stranger.fill_in("food-licence")
    materials = visitor.get(theirs.replace("check", "materials")).text
    stored = materials.split('name="remove"')[1].split('value="')[1].split('"')[0]
    assert stored not in stranger.get(own.replace("check", "materials")).text
    stranger.post(own.replace("check", "materials"), remove=stored)
    assert visitor.get(theirs.replace("check", "materials")).text.count(stored) == materials.count(stored)
    assert visitor.post(theirs, is_true="y").status_code == 303


def test_the_key_of_anothers_form_opens_nothing(owner: Person, agent: Person, stranger: Visitor) -> None:
    number = owner.hand_in()
    chase = f"/cases/{number}/chase"
    assert owner.post(chase, once_key=KEY).status_code == 303
    done = last_seq(owner.app)
    assert owner.post(chase, once_key=KEY).location == f"/cases/{number}"
    for other in (agent, stranger):
        assert other.post(chase, once_key=KEY).status_code == 404
    assert last_seq(owner.app) == done


def test_the_key_of_a_visitor_without_account_leads_to_a_closed_page(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    chase = f"/cases/{number}/chase"
    assert visitor.post(chase, once_key=KEY).status_code == 303
    done = last_seq(visitor.app)
    answer = stranger.post(chase, once_key=KEY)
    assert (answer.status_code, answer.location) == (303, f"/cases/{number}")
    assert stranger.get(answer.location).status_code == 404
    assert last_seq(visitor.app) == done


@pytest.mark.parametrize("more", [{"authorisation": "A-2026-000001"}, {"account": "owner"}, {"applicant": "owner"}])
def test_nobody_hands_in_for_another_by_a_field_of_his_own(owner: Person, agent: Person, more: dict[str, Any]) -> None:
    owner.authorise()
    page = str(agent.post("/items/unemployment-subsidy/apply", **more).location)
    with_draft(owner.client, page)
    assert owner.get(page).status_code == 404
    last = agent.fill_in("unemployment-subsidy")
    number = str(agent.post(last, is_true="y", **more).location).split("/")[2]
    assert number not in owner.get("/mine/").text
    assert owner.get(f"/cases/{number}").status_code == 404


def test_no_page_of_an_account_is_kept_by_a_cache(owner: Person, agent: Person) -> None:
    given = owner.authorise()
    agent.act_on(given)
    number = agent.hand_in()
    pages = ["/mine/", "/mine/details", "/mine/agents/", f"/mine/agents/{given}", f"/cases/{number}"]
    pages += [f"/cases/{number}/receipt", f"/my-data/{number}", f"/my-data/{number}/request"]
    answers = [owner.get(page) for page in pages]
    answers += [owner.post(f"/my-data/{number}/copy", form=form) for form in ("page", "file")]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_the_form_of_an_upload_that_is_not_ones_own_takes_no_file(owner: Person, agent: Person) -> None:
    number = owner.hand_in("food-licence")
    for step in ("correction", "supply"):
        assert agent.post(f"/cases/{number}/{step}", m_layout=pdf()).status_code == 404
