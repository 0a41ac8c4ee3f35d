"""R10: guessing is slow, strangers lock nobody out, and nobody learns from the answers who has an account."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.accounts import queries
from portal.accounts.throttle import operations
from portal.accounts.throttle.model import PACES, Kind, Lane, lane_of_documents, lanes_of_request
from portal.basis import sender_of
from portal.store import transaction
from tests.databases import in_own_context
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened, without_token

STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(database_url, tmp_path)


def guess(house: OfficeHouse, name: str, times: int, environ: dict[str, str]) -> int:
    """Wrong passwords, each after the wait that the one before earned; returns the last status."""
    status = 0
    for _ in range(times):
        form = {"name": name, "password": "wrong"}
        status = house.app.test_client().post("/sign-in", data=form, environ_overrides=environ).status_code
        house.now += timedelta(seconds=40)
    return status


def sign_in(client: FlaskClient, name: str | None, environ: dict[str, str]) -> int:
    return client.post("/sign-in", data={"name": name, "password": PASSWORD}, environ_overrides=environ).status_code


@pytest.fixture
def name(house: OfficeHouse) -> str:
    house.give_password(house.by("clerk"))
    return str(house.by("clerk").post)


def test_after_ten_failures_even_the_right_password_waits_ten_minutes(house: OfficeHouse, name: str) -> None:
    assert guess(house, name, 10, STRANGER) == 422
    answer = house.app.test_client().post(
        "/sign-in?lang=en", data={"name": name, "password": PASSWORD}, environ_overrides=STRANGER
    )
    assert answer.status_code == 429
    assert "Wait 10 minutes" in answer.text
    assert int(answer.headers["Retry-After"]) > 500
    house.now += timedelta(minutes=10)
    assert sign_in(house.app.test_client(), name, STRANGER) == 303


def test_the_wait_grows_with_each_failure_after_the_fourth() -> None:
    seconds = [PACES[Kind.PAIR].wait(failures).total_seconds() for failures in range(1, 12)]
    assert seconds == [0, 0, 0, 0, 1, 2, 4, 8, 16, 600, 600]


def test_strangers_do_not_lock_the_owner_out(house: OfficeHouse, name: str) -> None:
    guess(house, name, 10, STRANGER)
    assert sign_in(house.app.test_client(), name, {"REMOTE_ADDR": "198.51.100.1"}) == 303


def test_a_known_browser_gets_in_even_from_the_address_of_the_strangers(house: OfficeHouse, name: str) -> None:
    own = house.app.test_client()
    assert sign_in(own, name, STRANGER) == 303
    own.post("/sign-out")
    guess(house, name, 10, STRANGER)
    assert sign_in(house.app.test_client(), name, STRANGER) == 429
    assert sign_in(own, name, STRANGER) == 303


def test_a_browser_known_to_one_account_is_a_stranger_to_another(house: OfficeHouse, name: str) -> None:
    own, head = house.app.test_client(), house.by("head")
    house.give_password(head)
    sign_in(own, name, STRANGER)
    guess(house, str(head.post), 10, STRANGER)
    assert sign_in(own, head.post, STRANGER) == 429


def test_an_unknown_name_is_made_to_wait_in_the_same_words(house: OfficeHouse, name: str) -> None:
    told = []
    for tried in (name, "nobody-at-all"):
        statuses = [guess(house, tried, 10, STRANGER)]
        answer = house.app.test_client().post(
            "/sign-in", data={"name": tried, "password": "wrong"}, environ_overrides=STRANGER
        )
        told.append((statuses, answer.status_code, without_token(answer.text).replace(tried, "NAME")))
        house.now += timedelta(hours=2)
    assert told[0] == told[1]


def test_one_address_does_not_try_the_names_of_the_whole_city(house: OfficeHouse, name: str) -> None:
    most = PACES[Kind.ADDRESS].most
    with transaction():
        for number in range(most):
            lanes = operations.lanes_for(f"name-{number}", address="203.0.113.7", browser=None)
            assert not operations.take_turn(lanes, at=house.now)
    assert sign_in(house.app.test_client(), name, STRANGER) == 429


def test_who_has_a_network_of_addresses_is_still_one(house: OfficeHouse, name: str) -> None:
    """A line is given 2^64 addresses of IPv6 at least; the neighbour's line is another."""
    for tried in range(10):
        assert guess(house, name, 1, {"REMOTE_ADDR": f"2001:db8:0:1::{tried:x}"}) == 422
    assert sign_in(house.app.test_client(), name, {"REMOTE_ADDR": "2001:db8:0:1:ffff::1"}) == 429
    assert sign_in(house.app.test_client(), name, {"REMOTE_ADDR": "2001:db8:0:2::1"}) == 303


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1:aaaa:bbbb:cccc:dddd", "2001:db8:0:1::/64"),
        ("2001:DB8:0:1::1%eth0", "2001:db8:0:1::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("a-socket", "a-socket"),
    ],
)
def test_an_address_counts_by_its_sender(address: str, sender: str) -> None:
    assert sender_of(address) == sender
    assert lanes_of_request("N", address) == lanes_of_request("N", sender)
    assert lane_of_documents(address) == lane_of_documents(sender)


def test_many_at_once_get_no_more_tries_than_one_after_another(house: OfficeHouse) -> None:
    lane = Lane(Kind.PAIR, ("somebody", "203.0.113.7"))

    def take(_: int) -> bool:
        with transaction():
            return not operations.take_turn([lane], at=house.now)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(in_own_context(house.app, take), range(24)))
    assert sum(taken) == PACES[Kind.PAIR].free + 1


def test_a_success_clears_the_own_count(house: OfficeHouse, name: str) -> None:
    client = house.app.test_client()
    guess(house, name, 9, STRANGER)
    assert sign_in(client, name, STRANGER) == 303
    assert guess(house, name, 4, STRANGER) == 422
    assert sign_in(house.app.test_client(), name, STRANGER) == 303


def test_the_right_password_is_not_even_verified_while_waiting(
    house: OfficeHouse, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(house, name, 10, STRANGER)
    monkeypatch.setattr(queries, "authenticate", lambda *_: pytest.fail("it was verified"))
    assert sign_in(house.app.test_client(), name, STRANGER) == 429


def test_who_has_nothing_to_wait_for_is_not_kept_by_a_request_that_was_answered_sooner(house: OfficeHouse) -> None:
    """Ten at once come with ten moments; the one that is a little earlier may be looked at last."""
    lane = Lane(Kind.PAIR, ("somebody", "203.0.113.7"))
    later, earlier = house.now + timedelta(seconds=2), house.now
    with house.app.app_context(), transaction():
        assert operations.take_turn([lane], at=later) == timedelta(0)
        assert operations.take_turn([lane], at=earlier) == timedelta(0)
        operations.succeed([lane], at=later)
        assert operations.take_turn([lane], at=earlier) == timedelta(0)
