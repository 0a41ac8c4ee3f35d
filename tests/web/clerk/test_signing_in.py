"""Who signs in is known, and nobody learns from it who has an account."""

from __future__ import annotations

import pytest

from portal.accounts import operations as accounts
from portal.basis import SYSTEM
from portal.store import transaction
from tests.web.office import PASSWORD, OfficeHouse, without_token


def test_a_stranger_is_sent_to_no_page_of_the_staff(house: OfficeHouse) -> None:
    answer = house.app.test_client().get("/clerk/?lang=en")
    assert answer.status_code == 401
    assert 'href="/sign-in' in answer.text


def test_a_clerk_signs_in_and_stands_before_the_worklist(house: OfficeHouse) -> None:
    clerk = house.by("clerk")
    house.give_password(clerk)
    client = house.app.test_client()
    answer = client.post("/sign-in", data={"name": clerk.post, "password": PASSWORD}, follow_redirects=True)
    assert answer.request.path == "/clerk/"
    assert str(clerk.post) in answer.text


@pytest.mark.parametrize(
    ("role", "path"), [("supervisor", "/supervisor/"), ("auditor", "/supervisor/"), ("head", "/clerk/")]
)
def test_the_day_of_each_role_begins_on_its_own_page(house: OfficeHouse, role: str, path: str) -> None:
    by = house.by(role)
    house.give_password(by)
    answer = house.app.test_client().post("/sign-in", data={"name": by.post, "password": PASSWORD})
    assert answer.location == path


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(house: OfficeHouse) -> None:
    clerk = house.by("clerk")
    house.give_password(clerk)
    told = []
    for name, password in ((str(clerk.post), "another password"), ("nobody-of-this-name", PASSWORD)):
        answer = house.app.test_client().post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 422
        assert password not in answer.text
        told.append(without_token(answer.text).replace(name, "NAME"))
    assert told[0] == told[1]


def test_an_empty_form_points_at_its_fields(house: OfficeHouse) -> None:
    answer = house.app.test_client().post("/sign-in?lang=en", data={})
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert 'href="#password"' in answer.text


def test_the_password_may_be_pasted_and_filled_in_by_a_manager(house: OfficeHouse) -> None:
    text = house.app.test_client().get("/sign-in").text
    assert 'autocomplete="current-password"' in text
    assert "onpaste" not in text


def test_the_session_of_before_is_gone_after_signing_in(house: OfficeHouse) -> None:
    clerk = house.by("clerk")
    house.give_password(clerk)
    client = house.app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.post("/sign-in", data={"name": clerk.post, "password": PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"]


def test_a_cookie_carried_to_another_browser_opens_nothing(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    assert client.get("/clerk/").status_code == 200
    assert client.get("/clerk/", headers={"User-Agent": "another browser"}).status_code == 401


def test_who_signs_out_is_out(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    assert client.post("/sign-out").status_code == 303
    assert client.get("/clerk/").status_code == 401


def test_a_closed_account_is_out_at_once(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    with transaction():
        accounts.close_account(house.by("clerk").actor, by=SYSTEM, at=house.now)
    assert client.get("/clerk/").status_code == 401


def test_a_post_that_is_no_longer_held_opens_nothing(house: OfficeHouse) -> None:
    client, clerk = house.signed_in("clerk"), house.by("clerk")
    with transaction():
        accounts.end_holding(clerk.actor, str(clerk.post), house.now.date(), by=SYSTEM, at=house.now)
    assert client.get("/clerk/").status_code == 401
    assert "You hold no post today" in client.get("/sign-in/post").text


def test_who_holds_several_posts_chooses_one(house: OfficeHouse) -> None:
    clerk, head = house.by("clerk"), house.by("head", which=2)
    with transaction():
        accounts.end_holding(head.actor, str(head.post), house.now.date(), by=SYSTEM, at=house.now)
        accounts.appoint(clerk.actor, str(head.post), house.now.date(), by=SYSTEM, at=house.now)
    house.give_password(clerk)
    client = house.app.test_client()
    answer = client.post("/sign-in?lang=en", data={"name": clerk.post, "password": PASSWORD})
    assert answer.location == "/sign-in/post"
    assert client.get("/clerk/").status_code == 401
    assert client.post("/sign-in/post", data={}).status_code == 422
    assert client.post("/sign-in/post", data={"post": "somebody.elses.1"}).status_code == 422
    assert client.post("/sign-in/post", data={"post": head.post}).status_code == 303
    assert client.get("/supervisor/").status_code == 200
    client.post("/sign-in/post", data={"post": clerk.post})
    assert client.get("/supervisor/").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/clerk/to-acknowledge", "/clerk/to-acknowledge"),
        ("//evil.example/x", "/clerk/"),
        ("https://evil.example/", "/clerk/"),
        ("/\\evil.example", "/clerk/"),
    ],
)
def test_signing_in_leads_to_pages_of_ours_only(house: OfficeHouse, wanted: str, led_to: str) -> None:
    clerk = house.by("clerk")
    house.give_password(clerk)
    client = house.app.test_client()
    answer = client.post("/sign-in", query_string={"next": wanted}, data={"name": clerk.post, "password": PASSWORD})
    assert answer.location == led_to
