"""R24: whatever breaks, nothing is half done, the page says so without a trace, and its code is in the log."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.appeals import operations as appeals
from portal.cases import operations as cases
from portal.hall import operations as halls
from portal.store import db, transaction
from portal.web import doors, journal
from tests.crawl import changed, stored, walk
from tests.requirements.conftest import Town

SECRET = "the-words-of-the-exception"
CODE = re.compile(r"<strong>([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})</strong>")


class Broken(Exception):
    pass


def breaking(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The operation, which writes all that it writes and then fails."""

    def broken(*given: Any, **named: Any) -> Any:
        operation(*given, **named)
        db.session.flush()
        raise Broken(SECRET)

    return broken


def operations_of(room: ModuleType) -> dict[str, Callable[..., Any]]:
    found = {name: getattr(room, name) for name in room.__all__} if hasattr(room, "__all__") else vars(room)
    return {
        name: operation
        for name, operation in found.items()
        if inspect.isfunction(operation) and {"by", "at"} <= set(inspect.signature(operation).parameters)
    }


@pytest.mark.parametrize("who", ["citizen", "clerk"])
def test_an_operation_that_breaks_leaves_no_trace_in_the_database_and_none_on_the_page(
    town: Town, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, app = town.people[who], town.house.app
    forms = [form for form in walk(app, client).forms.values() if form.method == "POST"]
    if who == "citizen":
        forms += [form for form in walk(app, client, [town.draft]).forms.values() if form.action == town.draft]
    app.testing = False
    for room in (cases, appeals, halls):
        for name, operation in operations_of(room).items():
            monkeypatch.setattr(room, name, breaking(operation))
    before, broke = stored(), 0
    for form in forms:
        if form.action == "/sign-out" or not form.action.startswith(("/clerk", "/apply", "/cases", "/inquiries")):
            continue
        values = {name: value or "y" for name, value in form.values.items()}
        answer = client.post(form.action + "?lang=en", data=values)
        if answer.status_code == 500:
            broke += 1
            assert CODE.search(answer.text)
            assert "Something went wrong on our side" in answer.text
        for told in (SECRET, "Traceback", "Broken", ".py"):
            assert told not in answer.text
    assert broke >= 1
    assert changed(before, stored()) <= {"sign_ins", "drafts", "person_keys"}  # a draft is its own unit


@pytest.mark.usefixtures("town")
def test_what_was_written_before_the_failure_is_rolled_back() -> None:
    before = stored()
    with pytest.raises(Broken), transaction():
        breaking(db.session.execute)(text("DELETE FROM drafts"))
    assert changed(before, stored()) == set()


def test_a_guard_that_breaks_lets_nobody_in(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "whoever_asks", breaking(lambda: None))
    town.house.app.testing = False
    for path in ("/clerk/", "/supervisor/"):
        answer = town.people["clerk"].get(path)
        assert answer.status_code == 500
        assert SECRET not in answer.text


def test_the_page_of_a_failure_speaks_chinese_and_a_machine_gets_the_code(app: Flask) -> None:
    def fail() -> str:
        raise Broken(SECRET)

    app.testing = False
    app.add_url_rule("/breaks", "breaks", fail)
    app.add_url_rule("/api/breaks", "api_breaks", fail)
    client = app.test_client()
    assert "请提供此编码" in client.get("/breaks").text
    told = client.get("/api/breaks").get_json()["error"]
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", told["incident"])
    assert SECRET not in str(told)


@pytest.fixture
def without_layout(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """What every page shows is looked up and fails, as when the database is gone."""

    def fail() -> dict[str, object]:
        raise Broken(SECRET)

    app.testing = False
    monkeypatch.setattr(app, "template_context_processors", {None: [fail]})
    return app


def test_a_page_of_an_error_that_cannot_be_made_is_a_bare_one_with_the_same_code(
    without_layout: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(journal.Lines())
    for path in ("/", "/no-such-page"):
        caplog.clear()
        answer = without_layout.test_client().get(path)
        assert answer.status_code == 500
        assert answer.mimetype == "text/html"
        code, again = CODE.findall(answer.text)
        assert code == again
        assert code in caplog.text
        assert "我们这边出了问题" in answer.text
        assert "Something went wrong on our side" in answer.text
        assert SECRET not in answer.text + caplog.text
        assert "Content-Security-Policy" in answer.headers
