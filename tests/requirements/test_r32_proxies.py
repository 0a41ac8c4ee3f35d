"""R32, R10, R20, R23: a visitor's address is that of the connection, unless a proxy of our own tells it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from portal import config, create_app
from portal.accounts.throttle.model import PACES
from portal.store import transaction
from portal.web import journal, upload_quota
from portal.web.uploads import FileUnfit
from tests.web.office import OfficeHouse, hash_quickly, opened

PROXY, VISITOR, OTHER = "10.0.0.1", "203.0.113.7", "203.0.113.8"


def told(*addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": ", ".join(addresses), "X-Forwarded-Proto": "https"}


def portal_behind(proxies: int, folder: Path, url: str) -> Flask:
    app = create_app({"TESTING": True, "PROXIES": proxies, "SQLALCHEMY_DATABASE_URI": url}, instance=folder)
    app.add_url_rule("/where", "where", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    return app


@pytest.mark.parametrize(
    ("proxies", "header", "address", "scheme"),
    [
        (0, told("1.1.1.1"), PROXY, "http"),
        (0, told("1.1.1.1", VISITOR), PROXY, "http"),
        (1, told(VISITOR), VISITOR, "https"),
        (1, told("1.1.1.1", VISITOR), VISITOR, "https"),  # the first was written by the visitor
        (2, told("1.1.1.1", VISITOR, "10.0.0.2") | {"X-Forwarded-Proto": "https, http"}, VISITOR, "https"),
        (2, told(VISITOR), PROXY, "http"),  # came round one of the proxies
        (1, {}, PROXY, "http"),
    ],
)
def test_the_last_that_our_proxies_wrote_is_believed_and_nothing_before_it(
    proxies: int, header: dict[str, str], address: str, scheme: str, tmp_path: Path, sqlite_url: str
) -> None:
    client = portal_behind(proxies, tmp_path, sqlite_url).test_client()
    forged = {**header, "X-Forwarded-Host": "evil.example", "X-Real-IP": "1.1.1.1", "Forwarded": "for=1.1.1.1"}
    said = client.get("/where", headers=forged, environ_overrides={"REMOTE_ADDR": PROXY}).text
    assert said == f"{address} {scheme} localhost"


@pytest.fixture(params=[0, 1])
def house(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(sqlite_url, tmp_path, PROXIES=request.param)


def is_behind(house: OfficeHouse) -> bool:
    return bool(house.app.config["PROXIES"])


def wrong_password(house: OfficeHouse, *forwarded: str) -> int:
    form = {"name": "nobody-of-this-name", "password": "wrong"}
    browser = house.app.test_client()
    return browser.post(
        "/sign-in", data=form, headers=told(*forwarded), environ_overrides={"REMOTE_ADDR": PROXY}
    ).status_code


def test_who_guesses_is_slowed_by_his_address_whatever_he_writes_before_it(house: OfficeHouse) -> None:
    tries = max(pace.free for pace in PACES.values()) + 2
    mine = [wrong_password(house, f"1.1.1.{number}", VISITOR) for number in range(tries)]
    assert 429 in mine
    # Behind a proxy another visitor is not slowed with him; without one both are the same connection.
    assert (wrong_password(house, OTHER) == 429) is not is_behind(house)


def test_the_quota_of_uploads_counts_the_same_address(house: OfficeHouse) -> None:
    def send() -> str:
        with transaction():
            try:
                upload_quota.take(upload_quota.MOST_A_DAY, field="f", by=None, on=house.now.date())
            except FileUnfit:
                return "full"
        return "taken"

    house.app.add_url_rule("/sends", "sends", send)
    client = house.app.test_client()
    said = [client.get("/sends", headers=told(*way)).text for way in ([VISITOR], ["1.1.1.1", VISITOR], [OTHER])]
    assert said == ["taken", "full", "taken" if is_behind(house) else "full"]


def test_the_journal_names_the_same_address(house: OfficeHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(journal.Lines())
    caplog.set_level(logging.INFO, "portal.journal")
    house.app.test_client().get("/", headers=told("1.1.1.1", VISITOR), environ_overrides={"REMOTE_ADDR": PROXY})
    entry = json.loads(caplog.text.splitlines()[-1])
    assert entry["where"] == (VISITOR if is_behind(house) else PROXY)


@pytest.mark.parametrize("given", ["one", "-1", "1.5", "²"])
def test_a_number_of_proxies_that_is_none_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(config.NotACount, match=r"YINUO_PROXIES is .*: give a whole number"):
        config.defaults({"YINUO_PROXIES": given})
    assert config.defaults({"YINUO_PROXIES": "2"})["PROXIES"] == 2
    assert config.defaults({})["PROXIES"] == 0
