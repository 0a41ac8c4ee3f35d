"""R12: sign-ins live in the database; what was ended there opens nothing, however the cookie was copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.accounts.sign_ins import operations, queries
from portal.accounts.sign_ins.model import Ended, Limits, Way, browser_in_words
from portal.store import db, transaction
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(database_url, tmp_path, SIGN_IN_LIMITS=Limits())


AGAIN = {"password": PASSWORD}


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("yinuo")
    assert cookie is not None
    return cookie.value


def with_cookie(house: OfficeHouse, value: str) -> FlaskClient:
    copy = house.app.test_client()
    copy.set_cookie("yinuo", value)
    return copy


def handle_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        asking = queries.asking(session["_user_id"])
    assert asking is not None
    return asking.sign_in.handle


def status(client: FlaskClient) -> int:
    return client.get("/clerk/").status_code


def test_a_cookie_copied_before_signing_out_is_denied_afterwards(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    copy = with_cookie(house, cookie_of(client))
    assert status(copy) == 200
    client.post("/sign-out")
    assert status(copy) == 401
    assert status(with_cookie(house, cookie_of(house.signed_in("clerk")))) == 200


def test_the_cookie_says_nothing_about_the_person_and_the_database_does_not_hold_it(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    with client.session_transaction() as session:
        token = session["_user_id"]
        assert house.by("clerk").actor not in str(dict(session))
    assert len(token) >= 43  # 256 bits in base64
    assert token not in str(db.session.execute(text("SELECT * FROM sign_in")).all())


def test_the_token_changes_when_the_post_does(house: OfficeHouse) -> None:
    client, clerk = house.signed_in("clerk"), house.by("clerk")
    copy = with_cookie(house, cookie_of(client))
    assert client.post("/sign-in/post", data={"post": clerk.post}).status_code == 303
    assert status(copy) == 401
    assert status(client) == 200


@pytest.mark.parametrize(("minutes", "found"), [(15, 200), (16, 401)])
def test_a_sign_in_of_staff_is_over_after_15_idle_minutes(house: OfficeHouse, minutes: int, found: int) -> None:
    client = house.signed_in("clerk")
    house.now += timedelta(minutes=minutes)
    assert status(client) == found


def test_eight_hours_are_the_longest_even_in_use(house: OfficeHouse) -> None:
    client, begun = house.signed_in("clerk"), house.now
    for tenths in range(1, 49):
        house.now = begun + timedelta(minutes=10 * tenths)
        assert status(client) == 200
    house.now += timedelta(seconds=1)
    assert status(client) == 401
    assert queries.of_account(house.by("clerk").actor)[0].why_ended is Ended.TOO_LONG


def test_use_is_written_down_once_a_minute(house: OfficeHouse) -> None:
    client, begun = house.signed_in("clerk"), house.now
    seen = []
    for seconds in (30, 59, 61, 90):
        house.now = begun + timedelta(seconds=seconds)
        status(client)
        seen.append((queries.of_account(house.by("clerk").actor)[0].seen_at - begun).seconds)
    assert seen == [0, 0, 61, 61]


def test_one_lists_the_own_sign_ins_and_ends_one_or_all_others(house: OfficeHouse) -> None:
    here, there, elsewhere = (house.signed_in("clerk") for _ in range(3))
    page = here.get("/account/sign-ins").text
    handles = re.findall(r'href="/account/sign-ins/(\w+)/end"', page)
    own, other = handle_of(here), handle_of(there)
    assert len(handles) == 2
    assert {one.handle for one in queries.of_account(house.by("clerk").actor)} == {*handles, own}
    assert here.post(f"/account/sign-ins/{other}/end", data=AGAIN).status_code == 303
    assert [status(client) for client in (here, there, elsewhere)] == [200, 401, 200]
    assert here.get(f"/account/sign-ins/{other}/end").status_code == 404  # it is over
    assert here.post("/account/sign-ins/end-others", data=AGAIN).status_code == 303
    assert [status(client) for client in (here, elsewhere)] == [200, 401]


@pytest.mark.parametrize("given", [{}, {"password": ""}, {"password": "not my password"}])
def test_whoever_finds_an_open_screen_ends_no_other_sign_in(house: OfficeHouse, given: dict[str, str]) -> None:
    here, there = house.signed_in("clerk"), house.signed_in("clerk")
    for path in (f"/account/sign-ins/{handle_of(there)}/end", "/account/sign-ins/end-others"):
        assert 'name="password"' in here.get(path).text
        assert here.post(path, data=given).status_code == 422
    assert status(there) == 200


def test_who_leaves_tells_the_browser_to_forget_what_it_saw(house: OfficeHouse) -> None:
    answer = house.signed_in("clerk").post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_nobody_ends_the_sign_in_of_another(house: OfficeHouse) -> None:
    clerk, head = house.signed_in("clerk"), house.signed_in("head")
    handle = queries.of_account(house.by("head").actor)[0].handle
    assert clerk.get(f"/account/sign-ins/{handle}/end").status_code == 404
    assert clerk.post(f"/account/sign-ins/{handle}/end", data=AGAIN).status_code == 404
    assert head.get("/clerk/").status_code == 200


def test_a_new_password_ends_every_other_sign_in(house: OfficeHouse) -> None:
    here, there = house.signed_in("clerk"), house.signed_in("clerk")
    copy = with_cookie(house, cookie_of(here))
    answer = here.post("/account/password", data={"now": PASSWORD, "password": "Another-one-for-2"})
    assert answer.status_code == 303
    assert [status(client) for client in (here, there, copy)] == [200, 401, 401]


@pytest.mark.parametrize(
    ("now", "new"), [("not my password", "Another-one-for-2"), (PASSWORD, "short"), (PASSWORD, PASSWORD)]
)
def test_a_password_is_changed_with_the_old_one_and_to_a_fit_one_only(house: OfficeHouse, now: str, new: str) -> None:
    here, there = house.signed_in("clerk"), house.signed_in("clerk")
    assert here.post("/account/password", data={"now": now, "password": new}).status_code == 422
    assert [status(client) for client in (here, there)] == [200, 200]


def test_strangers_leave_no_row(house: OfficeHouse) -> None:
    client = house.app.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/sign-in").status_code == 200
    assert db.session.scalar(text("SELECT count(*) FROM sign_in")) == 0


def test_sign_ins_are_kept_for_half_a_year(house: OfficeHouse) -> None:
    house.signed_in("clerk")
    with transaction():
        assert operations.forget_old(at=house.now + timedelta(days=180)) == 0
        assert operations.forget_old(at=house.now + timedelta(days=184)) == 1


def test_a_sign_in_names_its_browser_and_address(house: OfficeHouse) -> None:
    house.give_password(house.by("clerk"))
    client = house.app.test_client()
    client.post(
        "/sign-in", data={"name": house.by("clerk").post, "password": PASSWORD}, headers={"User-Agent": FIREFOX}
    )
    [found] = queries.of_account(house.by("clerk").actor)
    assert (found.browser, found.address, found.way) == ("Firefox, Windows", "127.0.0.1", Way.PASSWORD)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("<script>", ""),
    ],
)
def test_a_browser_is_told_in_words(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words
