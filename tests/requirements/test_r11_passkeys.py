"""R11: a passkey opens its own account at its own site, once per challenge; forged answers open nothing.

The device is made here by hand (a P-256 key and CBOR), so that each part of its answer can be forged.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from webauthn.helpers import bytes_to_base64url as b64

from portal.accounts.passkeys import queries
from portal.accounts.passkeys.model import CHALLENGE_HOLDS
from portal.accounts.second_factor import codes
from portal.accounts.second_factor import operations as second_factors
from portal.accounts.sign_ins.model import Limits
from portal.store import transaction
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened

HERE = "http://localhost"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Device:
    """One key of one account; ``uses`` grows with each answer."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = b"a credential of some device"
    uses: int = 0
    owner: bytes = b""

    def register(self, question: dict[str, Any], origin: str = HERE, flags: int = PRESENT | VERIFIED) -> str:
        self.owner = question["user"]["id"].encode()
        place = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: place.x.to_bytes(32, "big"), -3: place.y.to_bytes(32, "big")}
        named = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(cose)
        told = self._told(question["rp"]["id"], flags | ATTESTED) + named
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client("webauthn.create", question["challenge"], origin)
        return self._answer({"clientDataJSON": b64(client), "attestationObject": b64(attestation)})

    def enter(self, question: dict[str, Any], origin: str = HERE, flags: int = PRESENT | VERIFIED) -> str:
        self.uses += 1
        told = self._told(question["rpId"], flags)
        client = self._client("webauthn.get", question["challenge"], origin)
        signed = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(client), "authenticatorData": b64(told), "signature": b64(signed)}
        return self._answer({**response, "userHandle": self.owner.decode()})

    def _told(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses)

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        own = b64(self.credential)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(database_url, tmp_path, SIGN_IN_LIMITS=Limits())


def question(client: FlaskClient, path: str = "/sign-in/passkey/challenge") -> dict[str, Any]:
    asked: dict[str, Any] = client.post(path).get_json()
    return asked


def registered(client: FlaskClient, device: Device, password: str = PASSWORD, **forged: Any) -> int:
    answer = device.register(question(client, "/account/passkeys/challenge"), **forged)
    given = {"answer": answer, "name": "my telephone", "password": password}
    return client.post("/account/passkeys", data=given).status_code


def entered(client: FlaskClient, answer: str) -> bool:
    client.post("/sign-in/passkey", data={"answer": answer})
    return client.get("/account/sign-ins").status_code == 200


@pytest.fixture
def device(house: OfficeHouse) -> Device:
    device = Device()
    assert registered(house.signed_in("clerk"), device) == 303
    return device


@pytest.fixture
def stranger(house: OfficeHouse) -> FlaskClient:
    return house.app.test_client()


def test_a_passkey_opens_its_account_without_a_password(stranger: FlaskClient, device: Device) -> None:
    assert entered(stranger, device.enter(question(stranger)))
    assert "With" in stranger.get("/account/sign-ins?lang=en").text
    assert "Passkey" in stranger.get("/account/sign-ins").text


def test_an_answer_opens_once(house: OfficeHouse, stranger: FlaskClient, device: Device) -> None:
    answer = device.enter(question(stranger))
    before = stranger.get_cookie("yinuo")
    assert before is not None
    assert entered(stranger, answer)
    replaying = house.app.test_client()
    replaying.set_cookie("yinuo", before.value)  # the browser that was asked, copied, with the very answer
    assert not entered(replaying, answer)


def test_of_two_copies_of_a_browser_that_send_one_answer_at_once_one_is_let_in(
    house: OfficeHouse, stranger: FlaskClient, device: Device
) -> None:
    answer = device.enter(question(stranger))
    cookie = stranger.get_cookie("yinuo")
    assert cookie is not None
    browsers = [house.app.test_client() for _ in range(2)]
    for browser in browsers:
        browser.set_cookie("yinuo", cookie.value)
    together = Barrier(2, timeout=10)

    def send(browser: FlaskClient) -> bool:
        together.wait()
        return entered(browser, answer)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, browsers)) == [False, True]


def test_an_answer_to_a_challenge_of_another_browser_opens_nothing(
    house: OfficeHouse, stranger: FlaskClient, device: Device
) -> None:
    answer = device.enter(question(stranger))
    other = house.app.test_client()
    question(other)
    assert not entered(other, answer)


def test_an_answer_that_comes_too_late_opens_nothing(house: OfficeHouse, stranger: FlaskClient, device: Device) -> None:
    answer = device.enter(question(stranger))
    house.now += CHALLENGE_HOLDS + timedelta(seconds=1)
    assert not entered(stranger, answer)


@pytest.mark.parametrize("forged", [{"origin": "http://localhost.example"}, {"flags": PRESENT}])
def test_an_answer_from_another_site_or_without_looking_at_its_user_opens_nothing(
    stranger: FlaskClient, device: Device, forged: dict[str, Any]
) -> None:
    assert not entered(stranger, device.enter(question(stranger), **forged))


def test_a_wrong_answer_uses_the_challenge_up(stranger: FlaskClient, device: Device) -> None:
    asked = question(stranger)
    assert not entered(stranger, device.enter(asked, origin="http://elsewhere"))
    assert not entered(stranger, device.enter(asked))


def test_a_copy_of_a_device_betrays_itself_by_its_count(
    house: OfficeHouse, stranger: FlaskClient, device: Device
) -> None:
    assert entered(stranger, device.enter(question(stranger)))
    copy = Device(device.key, device.credential, 0, device.owner)
    other = house.app.test_client()
    assert not entered(other, copy.enter(question(other)))


def test_a_key_of_ones_own_does_not_open_the_account_of_another(stranger: FlaskClient, device: Device) -> None:
    thief = Device(credential=device.credential, owner=device.owner)
    assert not entered(stranger, thief.enter(question(stranger)))


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"rawId": 1, "response": {}}', "null", "\0", "[" * 100_000])
def test_what_is_no_answer_is_refused_in_words(stranger: FlaskClient, answer: str) -> None:
    stranger.get("/sign-in?lang=en")
    question(stranger)
    assert stranger.post("/sign-in/passkey", data={"answer": answer}).status_code == 303
    assert "The passkey was not accepted" in stranger.get("/sign-in?lang=en").text


def test_registering_asks_for_the_password_and_for_the_own_site(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    assert registered(client, Device(), password="not this one") == 422
    assert registered(client, Device(), origin="http://elsewhere") == 422
    assert registered(client, Device(), flags=PRESENT) == 422
    assert queries.of_account(house.by("clerk").actor) == []


def test_a_removed_passkey_opens_nothing_and_nobody_removes_that_of_another(
    house: OfficeHouse, stranger: FlaskClient, device: Device
) -> None:
    (kept,) = queries.of_account(house.by("clerk").actor)
    path = f"/account/passkeys/{kept.handle}/remove"
    assert house.signed_in("head").post(path, data={"password": PASSWORD}).status_code == 404
    assert len(queries.of_account(house.by("clerk").actor)) == 1
    assert house.signed_in("clerk").post(path, data={"password": PASSWORD}).status_code == 303
    assert not entered(stranger, device.enter(question(stranger)))


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("given", [{}, {"password": ""}, {"password": "not the password"}])
def test_who_finds_an_open_screen_removes_no_passkey(house: OfficeHouse, given: dict[str, str]) -> None:
    clerk = house.signed_in("clerk")
    (kept,) = queries.of_account(house.by("clerk").actor)
    path = f"/account/passkeys/{kept.handle}/remove"
    assert kept.name in clerk.get(path).text
    assert path in clerk.get("/account/passkeys").text
    answer = clerk.post(path, data=given)
    assert "error-summary" in answer.text
    assert queries.of_account(house.by("clerk").actor) == [kept]


@pytest.mark.usefixtures("device")
def test_guessing_the_password_at_an_open_screen_comes_to_an_end(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    (kept,) = queries.of_account(house.by("clerk").actor)
    path = f"/account/passkeys/{kept.handle}/remove"
    for _ in range(5):
        clerk.post(path, data={"password": "not the password"})
    assert "Too many tries" in clerk.post(path, data={"password": PASSWORD}).text
    assert queries.of_account(house.by("clerk").actor) == [kept]


@pytest.mark.usefixtures("device")
def test_taking_the_second_factor_away_takes_the_passkeys_too(house: OfficeHouse) -> None:
    with transaction():
        second_factors.take_away(house.by("clerk").actor, at=house.now)
    assert queries.of_account(house.by("clerk").actor) == []


def with_a_code(house: OfficeHouse, role: str) -> None:
    """Give the second factor of that person, behind the pages."""
    account, secret = house.by(role).actor, codes.new_secret()
    code = pyotp.TOTP(secret).at(house.now)
    with transaction():
        second_factors.set_up(account, secret, code, key="a key of the tests", at=house.now)


def test_after_the_password_a_passkey_takes_the_place_of_the_code(house: OfficeHouse, device: Device) -> None:
    with_a_code(house, "clerk")
    client = house.app.test_client()
    answer = client.post("/sign-in", data={"name": house.by("clerk").post, "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    assert "data-passkey-challenge" in client.get("/sign-in/code").text
    assert client.get("/account/sign-ins").status_code == 401
    assert entered(client, device.enter(question(client)))


def test_after_the_password_of_another_ones_passkey_opens_nothing(house: OfficeHouse, device: Device) -> None:
    house.signed_in("head")
    with_a_code(house, "head")
    client = house.app.test_client()
    client.post("/sign-in", data={"name": house.by("head").post, "password": PASSWORD})
    assert not entered(client, device.enter(question(client)))
