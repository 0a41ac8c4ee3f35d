"""Signing in with an account elsewhere, against a provider that really runs, and that lies when it is told to."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pyotp
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import cli, config
from portal.accounts.oidc import operations
from portal.accounts.second_factor import codes
from portal.accounts.second_factor import operations as second_factors
from portal.accounts.sign_ins import queries as sign_ins
from portal.accounts.sign_ins.model import Way
from portal.store import transaction
from portal.web.sign_in.asking import account_key
from tests.accounts.oidc_provider import SUBJECT
from tests.web.office import OfficeHouse, hash_quickly, opened

CLIENT, SECRET = "yinuo", "s" * 40
SERVER = Path(__file__).with_name("oidc_provider.py")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Provider:
    process: subprocess.Popen[str]
    address: str

    def lie(self, name: str) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/lie/{name}", method="POST"), timeout=10).close()

    def sends_to(self, address: str) -> str:
        """Path and query with which the browser comes back."""
        try:
            urllib.request.build_opener(NoRedirect).open(address, timeout=10)
        except HTTPError as answer:
            place = urlsplit(answer.headers["Location"])
            return f"{place.path}?{place.query}"
        raise AssertionError("the provider led nowhere")


@pytest.fixture
def provider() -> Iterator[Provider]:
    command = [sys.executable, str(SERVER), CLIENT, SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Provider(process, f"http://127.0.0.1:{int(process.stdout.readline())}")
        process.kill()


@pytest.fixture
def house(
    database_url: str, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    given = config.Oidc(provider.address, CLIENT, SECRET)
    for house in opened(database_url, tmp_path, OIDC=given):
        with transaction():
            operations.bind(house.by("clerk").actor, provider.address, SUBJECT, at=house.now)
        yield house


def in_english(house: OfficeHouse) -> FlaskClient:
    client = house.app.test_client()
    client.get("/sign-in?lang=en")
    return client


def sent_back(client: FlaskClient, provider: Provider, begin: str = "/sign-in/oidc") -> str:
    answer = client.get(begin)
    assert answer.status_code == 302, answer.text
    return provider.sends_to(answer.location)


def came_back(client: FlaskClient, provider: Provider) -> TestResponse:
    return client.get(sent_back(client, provider))


def is_in(client: FlaskClient) -> bool:
    return client.get("/clerk/").status_code == 200


def words_after(client: FlaskClient, answer: TestResponse) -> str:
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/sign-in")
    return client.get("/sign-in?lang=en").text


def test_who_is_bound_signs_in_and_the_list_says_how(house: OfficeHouse, provider: Provider) -> None:
    client = in_english(house)
    assert "Sign in with an account elsewhere" in client.get("/sign-in?lang=en").text
    assert came_back(client, provider).status_code == 303
    assert is_in(client)
    (found,) = sign_ins.of_account(house.by("clerk").actor)
    assert found.way is Way.OIDC
    with client.session_transaction() as session:
        assert not {name for name in session if "oidc" in name}


def test_the_page_that_was_wanted_comes_after_it(house: OfficeHouse, provider: Provider) -> None:
    client = in_english(house)
    back = sent_back(client, provider, "/sign-in/oidc?next=/clerk/inquiries/")
    assert client.get(back).location == "/clerk/inquiries/"


def test_the_second_factor_is_asked_all_the_same(house: OfficeHouse, provider: Provider) -> None:
    clerk, secret = house.by("clerk"), codes.new_secret()
    with transaction():
        first = pyotp.TOTP(secret).at(house.now)
        second_factors.set_up(clerk.actor, secret, first, key=account_key(), at=house.now)
    client = in_english(house)
    assert urlsplit(came_back(client, provider).location).path == "/sign-in/code"
    assert not is_in(client)
    house.now += timedelta(seconds=30)
    client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).at(house.now)})
    assert is_in(client)


@pytest.mark.parametrize("lie", ["nonce", "audience", "issuer", "expired", "key", "secret", "denied"])
def test_what_does_not_hold_opens_nothing(house: OfficeHouse, provider: Provider, lie: str) -> None:
    provider.lie(lie)
    client = in_english(house)
    assert "does not hold" in words_after(client, came_back(client, provider))
    assert not is_in(client)


def test_a_provider_that_names_another_issuer_is_not_asked(house: OfficeHouse, provider: Provider) -> None:
    provider.lie("metadata")
    client = in_english(house)
    assert "cannot be reached" in words_after(client, client.get("/sign-in/oidc"))


def test_an_account_elsewhere_that_nobody_bound_opens_none(house: OfficeHouse, provider: Provider) -> None:
    provider.lie("nobody")
    client = in_english(house)
    assert "opens none here" in words_after(client, came_back(client, provider))
    assert not is_in(client)


def test_an_answer_is_taken_once_and_in_the_browser_that_was_sent(house: OfficeHouse, provider: Provider) -> None:
    client, thief = in_english(house), in_english(house)
    back = sent_back(client, provider)
    for browser in (thief, client):
        browser.get(back)
    assert (is_in(thief), is_in(client)) == (False, True)
    again = in_english(house)
    sent_back(again, provider)
    assert "does not hold" in words_after(again, again.get(back))
    assert "does not hold" in words_after(again, again.get("/sign-in/oidc/back"))


def test_a_provider_that_is_down_is_told_and_the_name_still_signs_in(house: OfficeHouse, provider: Provider) -> None:
    client = in_english(house)
    back = sent_back(client, provider)
    provider.process.kill()
    provider.process.wait()
    assert "cannot be reached" in words_after(client, client.get(back))
    assert is_in(house.signed_in("clerk"))


def test_without_a_provider_there_is_no_such_way(sqlite_url: str, tmp_path: Path) -> None:
    for house in opened(sqlite_url, tmp_path):
        client = house.app.test_client()
        assert "elsewhere" not in client.get("/sign-in?lang=en").text
        assert [client.get(f"/sign-in/oidc{rest}").status_code for rest in ("", "/back")] == [404, 404]


def test_an_administrator_binds_and_unbinds_at_the_console(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"ISSUER": "https://id.example.gov.cn", "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}
    for name, value in settings.items():
        monkeypatch.setenv(f"YINUO_OIDC_{name}", value)
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("YINUO_DATABASE_URL", sqlite_url)

    def said(*words: str) -> tuple[int, str]:
        outcome = CliRunner().invoke(cli.main, ["account", *words])
        return outcome.exit_code, outcome.output

    assert said("create", "li.na", "--password", "First-clerk-of-1")[0] == 0
    assert said("oidc", "bind", "li.na", "sub-1") == (0, "sub-1 at https://id.example.gov.cn opens li.na.\n")
    assert said("oidc", "bind", "li.na", "sub-1")[0] == 2
    assert said("oidc", "bind", "nobody", "sub-2")[0] == 2
    assert said("oidc", "unbind", "li.na") == (0, "1 bindings of li.na are gone.\n")
    monkeypatch.delenv("YINUO_OIDC_CLIENT_SECRET")
    assert said("oidc", "bind", "li.na", "sub-1")[0] != 0


@pytest.mark.parametrize(
    "given",
    [
        {"YINUO_OIDC_ISSUER": "https://id.example"},
        {"YINUO_OIDC_ISSUER": "http://id.example", "YINUO_OIDC_CLIENT_ID": "a", "YINUO_OIDC_CLIENT_SECRET": "b"},
    ],
)
def test_a_provider_set_by_halves_or_over_an_open_line_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(config.OidcUnfit):
        config.oidc(given)
    assert config.oidc({}) is None
