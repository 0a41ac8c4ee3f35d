"""R14: nothing changes without the token of the form that asks for it, and reading changes nothing."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer

from tests.crawl import changed, stored, walk
from tests.requirements.conftest import Town
from tests.test_house import address_of, rules_of

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SEEN = {"sign_ins"}  # when somebody was last here; no page shows it as a fact of a case


@pytest.mark.parametrize("token", [None, "IjAwIg.aaaa.bbbb"])
@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "supervisor"])
def test_no_unsafe_request_is_done_without_the_right_token(town: Town, who: str, token: str | None) -> None:
    town.house.app.config["WTF_CSRF_ENABLED"] = True
    client, done = town.people[who], []
    forms = walk(town.house.app, client).forms.values()
    sent = [(form.action, "POST", form.values) for form in forms if form.method == "POST"]
    for rule in rules_of(town.house.app):
        sent += [(address_of(rule), method, {}) for method in UNSAFE & (rule.methods or set())]
    assert sent
    before = stored()
    for address, method, values in sent:
        fields = {name: value for name, value in values.items() if name != "csrf_token"}
        if token is not None:
            fields["csrf_token"] = token
        answer = client.open(address, method=method, data=fields)
        if answer.status_code != 400:
            done.append((method, address, answer.status_code))
    assert done == []
    assert changed(before, stored()) <= SEEN


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("minutes", "status"), [(59, 422), (61, 400)])
def test_a_token_holds_an_hour(town: Town, minutes: int, status: int) -> None:
    town.house.app.config["WTF_CSRF_ENABLED"] = True
    with time_machine.travel(datetime(2026, 9, 24, 2, tzinfo=UTC), tick=False) as clock:
        token = token_on(town.people["stranger"].get("/follow").text)
        clock.shift(timedelta(minutes=minutes))
        assert town.people["stranger"].post("/follow", data={"csrf_token": token}).status_code == status


def test_what_was_signed_for_another_use_is_no_token(town: Town) -> None:
    """Cookie, token and sealed code are told apart by what they were made for (ASVS 5.0, 9.2.2)."""
    app, stranger = town.house.app, town.people["stranger"]
    app.config["WTF_CSRF_ENABLED"] = True
    token = token_on(stranger.get("/follow").text)
    cookie = stranger.get_cookie("yinuo")
    assert cookie is not None
    assert stranger.post("/follow", data={"csrf_token": token}).status_code == 422
    assert stranger.post("/follow", data={"csrf_token": cookie.value}).status_code == 400
    with stranger.session_transaction() as session:
        raw = session["csrf_token"]
    other = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="another use").dumps(raw)
    assert stranger.post("/follow", data={"csrf_token": other}).status_code == 400
    thief = app.test_client()
    thief.set_cookie("yinuo", token)
    assert thief.post("/follow", data={"csrf_token": token}).status_code == 400


def test_cookies_and_tokens_are_signed_with_sha_256(town: Town) -> None:
    town.house.app.config["WTF_CSRF_ENABLED"] = True
    stranger = town.people["stranger"]
    token, cookie = token_on(stranger.get("/follow").text), stranger.get_cookie("yinuo")
    assert cookie is not None
    for signed in (token, cookie.value):
        assert len(urlsafe_b64decode(signed.rsplit(".", 1)[1] + "==")) == sha256().digest_size


def test_the_refusal_speaks_the_language_of_who_asks(town: Town) -> None:
    town.house.app.config["WTF_CSRF_ENABLED"] = True
    stranger = town.people["stranger"]
    assert "页面" in stranger.post("/sign-out").text
    assert "Go back, load it again" in stranger.post("/sign-out?lang=en").text


@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "supervisor"])
def test_reading_changes_nothing(town: Town, who: str) -> None:
    client = town.people[who]
    before = stored()
    walked = walk(town.house.app, client)
    for rule in rules_of(town.house.app):
        for method in ("GET", "HEAD", "OPTIONS"):
            client.open(address_of(rule), method=method).close()
    for path in walked.pages:
        client.head(path).close()
        client.options(path).close()
    assert changed(before, stored()) <= SEEN
