"""What every answer carries, and what an error tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.exceptions import default_exceptions

from portal import create_app
from portal.basis import NotAllowed, Refusal
from portal.web.headers import HEADERS


def fail() -> str:
    raise ZeroDivisionError("the secret is 42")


@pytest.fixture
def failing(tmp_path: Path) -> FlaskClient:
    """The portal with views that go wrong in every way; errors are answered as in production."""
    app = create_app({"WTF_CSRF_ENABLED": False}, instance=tmp_path)

    def refuse() -> str:
        raise Refusal("Give %(least)s or more.", values={"least": 3})

    def forbid() -> str:
        raise NotAllowed("the case of somebody else")

    def end(status: int) -> str:
        abort(status)

    app.add_url_rule("/fails", "fails", fail)
    app.add_url_rule("/api/fails", "api_fails", fail)
    app.add_url_rule("/refuses", "refuses", refuse)
    app.add_url_rule("/forbids", "forbids", forbid)
    app.add_url_rule("/ends/<int:status>", "ends", end)
    return app.test_client()


@pytest.mark.parametrize("address", ["/", "/nothing", "/static/theme.css", "/fails", "/refuses", "/forbids", "/api/x"])
def test_every_answer_tells_the_browser_what_to_refuse(failing: FlaskClient, address: str) -> None:
    with failing.get(address) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_content_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_pages_are_not_stored_and_files_may_be(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"
    with client.get("/static/theme.css") as answer:
        assert "no-store" not in answer.headers["Cache-Control"]


def test_over_tls_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_a_failure_of_ours_shows_no_trace(failing: FlaskClient) -> None:
    answer = failing.get("/fails")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.text
    assert "42" not in answer.text
    assert "ZeroDivision" not in answer.text


def test_a_refusal_says_in_its_own_words_what_to_do(failing: FlaskClient) -> None:
    answer = failing.get("/refuses")
    assert answer.status_code == 409
    assert "Give 3 or more." in answer.text


def test_who_is_not_allowed_learns_nothing_of_what_is_there(failing: FlaskClient) -> None:
    answer = failing.get("/forbids")
    assert answer.status_code == 403
    assert "somebody else" not in answer.text


@pytest.mark.parametrize("status", sorted(status for status in default_exceptions if status >= 400))
def test_every_error_has_a_page_with_a_way_out(failing: FlaskClient, status: int) -> None:
    answer = failing.get(f"/ends/{status}")
    assert answer.status_code == status
    assert '<html lang="zh-Hans"' in answer.text
    assert 'href="/"' in answer.text


def test_a_machine_gets_errors_as_json(failing: FlaskClient) -> None:
    answer = failing.get("/api/fails?lang=en")
    assert answer.status_code == 500
    assert json.loads(answer.text)["error"]["title"] == "Something went wrong on our side"
    assert json.loads(failing.get("/api/nothing").text)["error"]["status"] == 404


def test_a_wrong_method_is_told_which_are_right(client: FlaskClient) -> None:
    answer = client.put("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_forms_need_a_token_unless_a_test_says_otherwise(tmp_path: Path) -> None:
    app: Flask = create_app(instance=tmp_path)
    app.add_url_rule("/form", "form", lambda: "taken", methods=["POST"])
    answer = app.test_client().post("/form")
    assert answer.status_code == 400
    assert "taken" not in answer.text
    assert not app.debug
