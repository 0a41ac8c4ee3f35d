"""R14: nothing changes without the token of the form that asks for it, and reading changes nothing."""

from __future__ import annotations

import pytest

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
