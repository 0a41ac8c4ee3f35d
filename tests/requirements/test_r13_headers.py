"""R13: what every answer of every route tells the browser, whoever asks."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from portal.web.headers import FILE_POLICY, POLICY
from tests.crawl import walk
from tests.requirements.conftest import Town
from tests.test_house import address_of, rules_of

SNAPSHOT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def faults(answer: Response, *, is_static: bool = False) -> list[str]:
    """What is wrong with the headers of an answer."""
    headers, found = answer.headers, []
    found += [f"{name}: {headers.get(name)}" for name, value in SNAPSHOT.items() if headers.get(name) != value]
    is_file = headers.get("Content-Disposition", "").startswith("attachment")
    if headers.get("Content-Security-Policy") != (FILE_POLICY if is_file else POLICY):
        found.append(f"policy: {headers.get('Content-Security-Policy')}")
    if not is_static and "no-store" not in headers.get("Cache-Control", "") and answer.status_code != 304:
        found.append(f"cache: {headers.get('Cache-Control')}")
    if answer.mimetype == "text/html" and not {"Cookie", "Accept-Language"} <= set(headers.get("Vary", "").split(", ")):
        found.append(f"vary: {headers.get('Vary')}")
    if "Server" in headers or "X-Powered-By" in headers:
        found.append("tells what it runs on")
    return found


@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "supervisor"])
def test_every_route_answers_with_the_same_protection(town: Town, who: str) -> None:
    wrong = {}
    for rule in rules_of(town.house.app):
        for method in sorted((rule.methods or set()) | {"DELETE"}):
            with town.people[who].open(address_of(rule), method=method) as answer:
                if found := faults(answer, is_static=rule.endpoint == "static"):
                    wrong[method, rule.rule] = found
    assert wrong == {}


@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "supervisor"])
def test_no_page_that_can_be_reached_has_script_or_style_inside(town: Town, who: str) -> None:
    walked = walk(town.house.app, town.people[who])
    assert len(walked.endpoints) >= 8
    assert walked.inline == {}
    assert {path: found for path, answer in walked.pages.items() if (found := faults(answer))} == {}


def test_the_policy_lets_nothing_run_but_our_own_files() -> None:
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert parts["default-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["form-action"] == "'self'"
    assert "unsafe" not in POLICY + FILE_POLICY
    assert "sandbox" in FILE_POLICY


def cookies(client: FlaskClient, path: str) -> list[str]:
    return client.get(path).headers.getlist("Set-Cookie")


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(town: Town) -> None:
    set_here = cookies(town.house.app.test_client(), "/?lang=en&view=large")
    assert len(set_here) >= 2
    for cookie in set_here:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_behind_tls_every_cookie_is_secure_and_the_browser_told_to_stay(town: Town) -> None:
    town.house.app.config["SESSION_COOKIE_SECURE"] = True  # as YINUO_HTTPS=1 sets it
    answer = town.house.app.test_client().get("/?lang=en&view=large")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "Secure" in cookie
