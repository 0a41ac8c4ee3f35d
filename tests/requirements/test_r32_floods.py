"""R32: a flood from one address is held back, and nobody else with it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from portal import create_app
from portal.web.flood import Minute


def flooded(folder: Path, url: str, **settings: object) -> Flask:
    given = {"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "REQUESTS_PER_MINUTE": 20, **settings}
    return create_app(given, instance=folder)


def test_the_thousand_and_first_request_of_a_minute_waits() -> None:
    minute = Minute()
    assert [minute.count("address a", at=100.0) for _ in range(1001)][-1] == 1001
    assert minute.count("address b", at=101.0) == 1
    assert minute.count("address a", at=160.0) == 1


def test_one_address_is_held_back_and_the_others_are_not(tmp_path: Path, sqlite_url: str) -> None:
    client = flooded(tmp_path, sqlite_url).test_client()
    statuses = [client.get("/nowhere").status_code for _ in range(22)]
    assert statuses == [404] * 20 + [429] * 2
    with client.get("/static/icon.svg") as picture:
        assert picture.status_code == 200
    assert client.get("/nowhere", environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404


def test_the_addresses_of_one_ipv6_network_are_held_back_together(tmp_path: Path, sqlite_url: str) -> None:
    client = flooded(tmp_path, sqlite_url).test_client()
    statuses = [
        client.get("/nowhere", environ_overrides={"REMOTE_ADDR": f"2001:db8:0:1::{number:x}"}).status_code
        for number in range(22)
    ]
    assert statuses == [404] * 20 + [429] * 2
    assert client.get("/nowhere", environ_overrides={"REMOTE_ADDR": "2001:db8:0:2::1"}).status_code == 404


def test_the_limit_is_a_thousand_unless_the_deployment_says_otherwise(tmp_path: Path) -> None:
    assert create_app(instance=tmp_path).config["REQUESTS_PER_MINUTE"] == 1000


def test_an_address_told_in_a_header_is_believed_of_our_own_proxies_only(tmp_path: Path, sqlite_url: str) -> None:
    for proxies, held_back in ((0, True), (1, False)):
        client = flooded(tmp_path, sqlite_url, PROXIES=proxies).test_client()
        statuses = {
            client.get("/nowhere", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(22)
        }
        assert (429 in statuses) is held_back
