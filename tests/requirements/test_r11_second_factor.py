"""R11: staff work with a second factor only; a code opens once; two people take a lost one away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import IntegerConverter

from portal import create_app
from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.accounts.sealing import SealBroken, seal, unseal
from portal.accounts.second_factor import codes, operations, queries
from portal.accounts.sign_ins.model import Limits
from portal.basis import SYSTEM, By
from portal.store import db, transaction
from portal.web.sign_in.asking import LenientSignIn
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened

KEY = "a key of the tests"


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(database_url, tmp_path, LENIENT_SIGN_IN=False, SIGN_IN_LIMITS=Limits())


def code_at(house: OfficeHouse, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.now + timedelta(seconds=30 * steps))


def offer_on(page: str) -> dict[str, str]:
    found = re.search(r'name="offer"[^>]*value="([^"]+)"', page)
    assert found is not None
    return {"offer": found[1]}


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return found[1].replace(" ", "")


def enrolled(house: OfficeHouse, role: str) -> tuple[FlaskClient, str, list[str]]:
    """A browser that has set up the second factor, its secret, and the recovery codes."""
    client = house.signed_in(role)
    page = client.get("/account/second-factor").text
    secret = secret_on(page)
    answer = client.post("/account/second-factor", data={**offer_on(page), "code": code_at(house, secret)})
    assert answer.status_code == 200
    return client, secret, re.findall(r"<li><code>([a-z2-7-]+)</code></li>", answer.text)


def after_password(house: OfficeHouse, by: By) -> FlaskClient:
    client = house.app.test_client()
    answer = client.post("/sign-in?lang=en", data={"name": by.post, "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    return client


def enter(client: FlaskClient, code: str) -> int:
    return client.post("/sign-in/code", data={"code": code}).status_code


def test_without_a_second_factor_staff_reach_the_page_that_sets_it_up_and_no_other(house: OfficeHouse) -> None:
    client = house.signed_in("clerk")
    for path in ("/clerk/", "/", "/account/sign-ins", "/account/recovery-codes", "/supervisor/"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, "/account/second-factor")
    assert client.post("/account/sign-ins/end-others").location == "/account/second-factor"
    assert client.post("/sign-out").location == "/sign-in"


def test_once_set_up_the_work_begins_and_the_next_sign_in_asks_for_a_code(house: OfficeHouse) -> None:
    client, secret, recovery = enrolled(house, "clerk")
    assert client.get("/clerk/").status_code == 200
    assert len(recovery) == len(set(recovery)) == 10
    other = after_password(house, house.by("clerk"))
    assert other.get("/clerk/").status_code == 401
    assert enter(other, "000000") == 422
    house.now += timedelta(seconds=30)
    assert enter(other, code_at(house, secret)) == 303
    assert other.get("/clerk/").status_code == 200


def test_a_code_opens_once(house: OfficeHouse) -> None:
    _, secret, _ = enrolled(house, "clerk")
    clerk = house.by("clerk")
    assert enter(after_password(house, clerk), code_at(house, secret)) == 422  # it was used to set up
    house.now += timedelta(seconds=30)
    assert enter(after_password(house, clerk), code_at(house, secret)) == 303
    assert enter(after_password(house, clerk), code_at(house, secret)) == 422


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_browsers_that_send_one_code_at_once_one_is_let_in(house: OfficeHouse, kind: str) -> None:
    _, secret, recovery = enrolled(house, "clerk")
    house.now += timedelta(seconds=30)
    code = code_at(house, secret) if kind == "app" else recovery[0]
    browsers = [after_password(house, house.by("clerk")) for _ in range(2)]
    together = Barrier(2, timeout=10)

    def send(browser: FlaskClient) -> tuple[int, int]:
        together.wait()
        return enter(browser, code), browser.get("/clerk/").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, browsers)) == [(303, 200), (422, 401)]


def test_between_password_and_code_one_is_a_stranger_at_every_address(house: OfficeHouse) -> None:
    enrolled(house, "clerk")
    half, stranger = after_password(house, house.by("clerk")), house.app.test_client()
    half.get("/?lang=en"), stranger.get("/?lang=en")
    asked = 0
    for rule in house.app.url_map.iter_rules():
        words = {name: 1 if isinstance(rule._converters[name], IntegerConverter) else "x" for name in rule.arguments}
        if rule.endpoint.startswith("sign_in.") or rule.endpoint == "static":
            continue
        path = rule.build(words, append_unknown=False)
        assert path is not None
        for method in (rule.methods or set()) & {"GET", "POST"}:
            found, expected = (client.open(path[1], method=method) for client in (half, stranger))
            assert (found.status_code, found.location) == (expected.status_code, expected.location), (method, path[1])
            asked += 1
    assert asked > 100
    assert half.get("/sign-in/code").status_code == 200, "it was between the two all the time"


@pytest.mark.parametrize(("steps", "found"), [(-2, 422), (-1, 422), (0, 303), (1, 422), (2, 422)])
def test_a_code_lives_thirty_seconds(house: OfficeHouse, steps: int, found: int) -> None:
    _, secret, _ = enrolled(house, "clerk")
    house.now += timedelta(minutes=5)
    assert enter(after_password(house, house.by("clerk")), code_at(house, secret, steps)) == found


def test_a_recovery_code_opens_once_however_it_is_typed(house: OfficeHouse) -> None:
    _, _, recovery = enrolled(house, "clerk")
    clerk = house.by("clerk")
    assert enter(after_password(house, clerk), recovery[0].upper().replace("-", " ")) == 303
    assert enter(after_password(house, clerk), recovery[0]) == 422
    assert queries.recovery_codes_left(clerk.actor) == 9


def test_the_recovery_codes_of_another_open_nothing(house: OfficeHouse) -> None:
    _, _, of_clerk = enrolled(house, "clerk")
    enrolled(house, "head")
    assert enter(after_password(house, house.by("head")), of_clerk[0]) == 422


def test_new_recovery_codes_cost_a_code_and_end_the_old_ones(house: OfficeHouse) -> None:
    client, secret, old = enrolled(house, "clerk")
    assert client.post("/account/recovery-codes", data={"code": "123"}).status_code == 422
    house.now += timedelta(seconds=30)
    answer = client.post("/account/recovery-codes", data={"code": code_at(house, secret)})
    new = re.findall(r"<li><code>([a-z2-7-]+)</code></li>", answer.text)
    assert len(new) == 10
    assert enter(after_password(house, house.by("clerk")), old[0]) == 422
    assert enter(after_password(house, house.by("clerk")), new[0]) == 303


def test_guessing_codes_comes_to_an_end(house: OfficeHouse) -> None:
    _, secret, _ = enrolled(house, "clerk")
    client = after_password(house, house.by("clerk"))
    assert [enter(client, "123456") for _ in range(6)] == [422] * 5 + [429]
    house.now += timedelta(seconds=60)
    assert enter(client, code_at(house, secret)) == 303


def test_between_password_and_code_there_are_five_minutes(house: OfficeHouse) -> None:
    _, secret, _ = enrolled(house, "clerk")
    client = after_password(house, house.by("clerk"))
    house.now += timedelta(minutes=5, seconds=1)
    assert enter(client, code_at(house, secret)) == 401 or client.get("/clerk/").status_code == 401


def test_the_secret_is_sealed_in_the_database_for_its_account(house: OfficeHouse) -> None:
    _, secret, recovery = enrolled(house, "clerk")
    rows = str(db.session.execute(text("SELECT * FROM second_factor")).all())
    assert secret not in rows
    assert recovery[0] not in str(db.session.execute(text("SELECT * FROM recovery_code")).all())
    sealed = seal(KEY, "a/totp", b"secret")
    assert unseal(KEY, "a/totp", sealed) == b"secret"
    for key, purpose in ((KEY, "b/totp"), ("another key", "a/totp")):
        with pytest.raises(SealBroken):
            unseal(key, purpose, sealed)


def test_an_offer_made_to_another_is_not_taken(house: OfficeHouse) -> None:
    clerk, head = house.signed_in("clerk"), house.signed_in("head")
    page = clerk.get("/account/second-factor").text
    form = {**offer_on(page), "code": code_at(house, secret_on(page))}
    assert head.post("/account/second-factor", data=form).status_code == 409
    assert queries.made_at(house.by("head").actor) is None


def test_a_lost_second_factor_is_taken_away_by_two_people(house: OfficeHouse) -> None:
    lost, _, _ = enrolled(house, "clerk")
    clerk, head, auditor = house.by("clerk"), house.by("head"), house.by("auditor")
    with transaction():
        name = str(clerk.post)
        number = operations.ask_reset(name, "He stood before me", by=head, at=house.now)
    for by in (head, clerk):
        with pytest.raises(operations.ResetNotPossible), transaction():
            operations.answer_reset(number, is_granted=True, by=by, at=house.now)
    assert lost.get("/clerk/").status_code == 200
    with transaction():
        operations.answer_reset(number, is_granted=True, by=auditor, at=house.now)
    assert queries.made_at(clerk.actor) is None
    assert lost.get("/clerk/").status_code == 401
    assert house.signed_in("clerk").get("/clerk/").location == "/account/second-factor"


def test_a_supervisor_consents_on_the_page_and_a_clerk_does_not_see_it(house: OfficeHouse) -> None:
    enrolled(house, "clerk")
    with transaction():
        number = operations.ask_reset(str(house.by("clerk").post), "Seen", by=house.by("head"), at=house.now)
    supervisor, _, _ = enrolled(house, "supervisor")
    reviewer, _, _ = enrolled(house, "reviewer")
    assert reviewer.get("/account/resets").status_code == 403
    assert reviewer.post(f"/account/resets/{number}", data={"answer": "yes"}).status_code == 403
    assert f"/account/resets/{number}" in supervisor.get("/account/resets").text
    assert supervisor.post(f"/account/resets/{number}", data={"answer": "yes"}).status_code == 303
    assert queries.made_at(house.by("clerk").actor) is None


def test_a_password_of_staff_is_changed_after_90_days(house: OfficeHouse) -> None:
    _, secret, _ = enrolled(house, "clerk")
    house.now += timedelta(days=91)
    client = after_password(house, house.by("clerk"))
    enter(client, code_at(house, secret))
    assert client.get("/clerk/").location == "/account/password"
    client.post("/account/password", data={"now": PASSWORD, "password": "Another-one-for-2"})
    assert client.get("/clerk/").status_code == 200


def test_a_deployment_may_ask_a_second_factor_of_everybody(house: OfficeHouse) -> None:
    with transaction():
        accounts.create_account("li.na", "Li Na", AccountKind.PERSON, by=SYSTEM, at=house.now, password=PASSWORD)
    client = house.app.test_client()
    client.post("/sign-in", data={"name": "li.na", "password": PASSWORD})
    assert client.get("/mine/").status_code == 200
    house.app.config["SECOND_FACTOR_FOR_ALL"] = True
    assert client.get("/mine/").location == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200


def test_a_first_password_is_changed_at_once_and_runs_out_after_a_week(house: OfficeHouse) -> None:
    _, secret, _ = enrolled(house, "clerk")
    clerk = house.by("clerk")
    with transaction():
        accounts.set_password(clerk.actor, PASSWORD, at=house.now, is_first=True)
    house.now += timedelta(minutes=1)
    client = after_password(house, clerk)  # a new password takes no second factor away
    assert client.get("/clerk/").status_code == 401
    enter(client, code_at(house, secret))
    for path in ("/clerk/", "/", "/account/sign-ins"):
        assert client.get(path).location == "/account/password"
    house.now += timedelta(days=7)
    late = house.app.test_client().post("/sign-in?lang=en", data={"name": clerk.post, "password": PASSWORD})
    assert late.status_code == 422
    assert "has run out" in late.text
    house.now -= timedelta(days=1)
    client = after_password(house, clerk)
    enter(client, code_at(house, secret))
    client.post("/account/password", data={"now": PASSWORD, "password": "Another-one-for-2"})
    assert client.get("/clerk/").status_code == 200


def test_only_a_demonstration_may_waive_it(tmp_path: Path) -> None:
    with pytest.raises(LenientSignIn):
        create_app({"LENIENT_SIGN_IN": True}, instance=tmp_path)
    assert create_app({"DEMONSTRATION": True}, instance=tmp_path).config["LENIENT_SIGN_IN"]
    assert not create_app(instance=tmp_path).config["LENIENT_SIGN_IN"]


def test_a_qr_code_says_whose_account_it_is() -> None:
    secret = codes.new_secret()
    found = pyotp.parse_uri(codes.address(secret, name="zhang", issuer="Yinuo"))
    assert (found.name, found.issuer, found.secret) == ("zhang", "Yinuo", secret)


def test_who_finds_an_open_screen_sets_up_no_factor_of_his_own(house: OfficeHouse) -> None:
    """Right after signing in nobody is asked twice; later the password is."""
    client = house.signed_in("clerk")
    house.now += timedelta(minutes=6)
    page = client.get("/account/second-factor").text
    tried = {**offer_on(page), "code": code_at(house, secret_on(page))}
    for password in ({}, {"password": "not the password"}):
        answer = client.post("/account/second-factor", data={**tried, **password})
        assert answer.status_code == 422
        assert secret_on(answer.text) == secret_on(page)
    done = client.post("/account/second-factor", data={**tried, "password": PASSWORD})
    assert re.findall(r"<li><code>[a-z2-7-]+</code></li>", done.text)
