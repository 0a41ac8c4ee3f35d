"""R02 through a portal that really runs: ten requests with one key, at once, are one event and ten equal answers."""

from __future__ import annotations

import re
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from portal import create_app
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db, reading
from tests.cases.city import SHANGHAI
from tests.requirements.browsing import Answer, Browser
from tests.running import RunningPortal, running
from tests.web.citizen.visits import Visitor, Watch, pdf

TIMES = 10
KEY = "0123456789-abcdef-0123456789"


@dataclass
class Pages:
    """A browser behind the words of a test client; every form it sends carries a token."""

    browser: Browser

    def get(self, path: str) -> Answer:
        return self.browser.ask(urllib.request.Request(self.browser.address + path))

    def post(self, path: str, data: dict[str, Any], content_type: str) -> Answer:
        return self.browser.ask(self.form(path, data, content_type))

    def form(
        self, path: str, data: dict[str, Any], content_type: str = "multipart/form-data"
    ) -> urllib.request.Request:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.get("/follow").text)
        assert token is not None
        built = EnvironBuilder(method="POST", data={**data, "csrf_token": token[1]}, content_type=content_type)
        environ = built.get_environ()
        headers = {"Content-Type": environ["CONTENT_TYPE"]}
        return urllib.request.Request(self.browser.address + path, environ["wsgi.input"].read(), headers)

    def send_at_once(self, path: str, data: dict[str, Any]) -> list[Answer]:
        """The same bytes in every request, as of a button that was pressed ten times."""
        form = self.form(path, {**data, "once_key": KEY})
        copies = [urllib.request.Request(form.full_url, form.data, dict(form.header_items())) for _ in range(TIMES)]
        with ThreadPoolExecutor(TIMES) as pool:
            return list(pool.map(self.browser.ask, copies))


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ten-times") / "instance"


@pytest.fixture(scope="module")
def portal(instance: Path) -> Iterator[RunningPortal]:
    command = Path(sys.executable).parent / "portal"
    with running(command, instance, "--threads", str(TIMES), cwd=instance.parent) as portal:
        yield portal


@pytest.fixture(scope="module")
def office(portal: RunningPortal, instance: Path) -> Iterator[Visitor]:
    """The same database from the inside, for the steps of the staff."""
    app = create_app(instance=instance)
    yield Visitor(cast("FlaskClient", Pages(Browser(portal.address))), app, Watch(datetime.now(UTC)))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def visitor(office: Visitor) -> Visitor:
    office.employ()
    return office


def pages_of(visitor: Visitor) -> Pages:
    return cast("Pages", visitor.client)


def events(app: Flask, after: int = 0) -> list[Event]:
    with app.app_context(), reading():
        return [event for event in ledger.events_after(after) if event.subject.startswith(("case/", "inquiry/"))]


def last(app: Flask) -> int:
    with app.app_context(), reading():
        return ledger.last_seq()


def laid_down(instance: Path) -> set[Path]:
    return {file for file in (instance / "uploads").rglob("*") if file.is_file()}


def one_answer(answers: list[Answer]) -> str:
    """Where all of them lead."""
    assert [answer.status_code for answer in answers] == [303] * TIMES, answers
    (place,) = {answer.location for answer in answers}
    return place


def test_a_hand_in_pressed_ten_times_is_one_case(visitor: Visitor) -> None:
    page, before = visitor.fill_in("food-licence"), last(visitor.app)
    place = one_answer(pages_of(visitor).send_at_once(page, {"is_true": "y"}))
    kinds = [event.kind for event in events(visitor.app, before)]
    assert kinds == ["submitted", "received"]
    assert visitor.get(place).status_code == 200


def test_a_material_supplied_ten_times_is_there_once(visitor: Visitor, instance: Path) -> None:
    number, staff = visitor.hand_in("food-licence"), visitor.staff
    day = (visitor.watch.now.astimezone(SHANGHAI) + timedelta(days=7)).date()
    visitor.watch.now = datetime.now(UTC)
    visitor.handle(number, "accept_tolerantly", staff.by("clerk"), deferred=("safety-rules",), due_on=day)
    before, there = last(visitor.app), laid_down(instance)
    place = one_answer(pages_of(visitor).send_at_once(f"/cases/{number}/supply", {"m_safety-rules": pdf()}))
    assert place == f"/cases/{number}"
    assert len(events(visitor.app, before)) == 1
    assert len(laid_down(instance) - there) == 1, "what the other nine sent is thrown away"


def test_an_inquiry_sent_ten_times_is_one(visitor: Visitor) -> None:
    today = datetime.now(SHANGHAI)
    told = {"item": "food-licence", "office": "market-supervision", "said": "去别处问", "question": "去哪里问？"}
    told |= {f"happened-{part}": str(getattr(today, part)) for part in ("year", "month", "day")}
    before = last(visitor.app)
    place = one_answer(pages_of(visitor).send_at_once("/sent-away", told))
    asked = events(visitor.app, before)
    assert len({event.subject for event in asked}) == 1
    assert len(asked) == len({event.kind for event in asked})
    assert visitor.get(place).status_code == 200
