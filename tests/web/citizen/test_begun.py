"""What was begun before signing in goes along with who signs in at the browser that began it, and with nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient

from portal.web.citizen.drafts import SESSION_KEY
from tests.web.citizen.people import PASSWORD, Person
from tests.web.citizen.visits import Visitor, texts

ITEM = "food-licence"


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("yinuo")
    assert cookie is not None
    return cookie.value


def signed_out(person: Person) -> Person:
    person.sign_out()
    return person


def test_who_signs_in_half_way_hands_in_what_was_begun_before(owner: Person) -> None:
    page = signed_out(owner).fill_in(ITEM)
    owner.sign_in()
    shown = owner.get("/mine/")
    assert "Begun in this browser and not handed in" in texts(shown)
    assert f'href="{page.replace("/check", "")}"' in shown.text
    answer = owner.post(page, is_true="y")
    number = str(answer.location).split("/")[2]
    assert number in owner.get("/mine/").text, "it is the person's"
    assert "Begun in this browser" not in texts(owner.get("/mine/"))


def test_a_copy_of_the_cookie_of_before_opens_the_draft_no_longer(owner: Person, stranger: Visitor) -> None:
    page = signed_out(owner).fill_in(ITEM)
    stranger.client.set_cookie("yinuo", cookie_of(owner.client))
    assert stranger.get(page).status_code == 200, "whoever sits at a browser without account has what it began"
    owner.sign_in()
    for view in ("check", "details", "materials"):
        assert stranger.get(page.replace("check", view)).status_code == 404
    assert stranger.post(page, is_true="y").status_code == 404
    assert owner.get(page).status_code == 200


def test_a_draft_of_another_browser_never_comes(owner: Person, stranger: Visitor) -> None:
    theirs = stranger.fill_in(ITEM)
    own = signed_out(owner).fill_in(ITEM)
    owner.sign_in()
    assert owner.get(own).status_code == 200
    assert owner.get(theirs).status_code == 404
    assert theirs.split("/")[2] not in owner.get("/mine/").text
    assert stranger.get(theirs).status_code == 200


def test_a_draft_of_another_account_does_not_come_though_the_cookie_names_it(owner: Person, agent: Person) -> None:
    theirs = agent.fill_in(ITEM)
    signed_out(owner)
    with owner.client.session_transaction() as session:
        session[SESSION_KEY] = [theirs.split("/")[2]]
    owner.sign_in()
    assert owner.get(theirs).status_code == 404
    assert theirs.split("/")[2] not in owner.get("/mine/").text
    assert agent.get(theirs).status_code == 200


def test_who_signs_in_on_top_of_another_gets_nothing_of_theirs(owner: Person, agent: Person) -> None:
    page = owner.fill_in(ITEM)
    answer = owner.post("/sign-in?next=/mine/", name=agent.name, password=PASSWORD)
    assert answer.status_code == 303
    assert owner.get(page).status_code == 404
    assert "Begun in this browser" not in texts(owner.get("/mine/"))


def test_it_comes_only_when_the_second_factor_was_shown_too(owner: Person, stranger: Visitor) -> None:
    text = owner.get("/account/second-factor").text
    shown, offer = re.search(r"<code>([A-Z2-7 ]+)</code>", text), re.search(r'name="offer"[^>]* value="([^"]+)"', text)
    assert shown is not None
    assert offer is not None
    totp = pyotp.TOTP(shown[1].replace(" ", ""))
    taken = owner.post("/account/second-factor", offer=offer[1], code=totp.at(owner.watch.now))
    assert taken.status_code == 200
    page = signed_out(owner).fill_in(ITEM)
    stranger.client.set_cookie("yinuo", cookie_of(owner.client))
    owner.watch.now += timedelta(minutes=2)
    assert "/sign-in/code" in str(owner.post("/sign-in?next=/mine/", name="owner", password=PASSWORD).location)
    assert stranger.get(page).status_code == 200, "nobody's yet"
    assert owner.post("/sign-in/code?next=/mine/", code=totp.at(owner.watch.now)).location == "/mine/"
    assert owner.get(page).status_code == 200
    assert stranger.get(page).status_code == 404


def test_what_was_handed_in_before_stays_with_its_number_and_code(owner: Person) -> None:
    number = signed_out(owner).hand_in(ITEM)
    owner.sign_in()
    assert number not in owner.get("/mine/").text


@pytest.mark.parametrize("after", ["discard", "sign out"])
def test_it_goes_again(owner: Person, after: str) -> None:
    page = signed_out(owner).fill_in(ITEM)
    owner.sign_in()
    if after == "discard":
        assert owner.post(page.replace("check", "discard")).status_code == 303
        assert "Begun in this browser" not in texts(owner.get("/mine/"))
    else:
        owner.sign_out()
    assert owner.get(page).status_code == 404
