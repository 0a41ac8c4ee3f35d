"""A hall's server is killed in the middle of calls, again and again; what was told to anybody is there afterwards.

People take numbers at the kiosk and from their phones, two clerks call, begin and finish, all over HTTP. Whoever gets
no answer sends the very same form again, with the same key, until there is one.
"""

from __future__ import annotations

import re
import secrets
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import TypeVar
from urllib.parse import urlencode
from urllib.request import Request

import pytest
from sqlalchemy import func, select

from portal import create_app, store
from portal.accounts import operations as accounts
from portal.accounts.sign_ins.tables import SignInRow
from portal.hall.model.tickets import TicketState
from portal.hall.queries.tickets import TICKETS, all_of
from portal.ledger import queries as ledger
from portal.store import db, reading, transaction
from tests.cases.city import Staff, employ
from tests.databases import dispose, make_app
from tests.hall.hall_city import HALL, ITEM, SOCIAL, WINDOWS
from tests.hall.standing_checks import faults
from tests.requirements.browsing import Answer, Browser
from tests.running import RunningPortal, running
from tests.web.office import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
LOST = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError)
PATIENCE = 240.0  # seconds until somebody gives up; never reached unless something is broken
HERE = f"/halls/{HALL}"
MANAGER, CLERKS = "government-services.hall-manager.1", tuple(f"{SOCIAL}.clerk.{which}" for which in (1, 2))
Found = TypeVar("Found")


@dataclass
class Server:
    """One portal on one folder; killed and started again at another port, where everybody finds it."""

    folder: Path
    portal: RunningPortal | None = None

    @property
    def address(self) -> str:
        if self.portal is None:
            raise ConnectionError
        return self.portal.address

    @contextmanager
    def up(self) -> Iterator[None]:
        command = Path(sys.executable).parent / "portal"
        with running(command, self.folder, "--demo", "--threads", "8", cwd=ROOT) as portal:
            self.portal = portal
            try:
                yield
            finally:
                self.portal = None

    def kill(self) -> None:
        """With every process it has started."""
        assert self.portal is not None
        self.portal.kill()


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "nothing goes on any more"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it went out, to be sent again as it was, and where its answer led."""

    browser: Browser
    path: str
    body: bytes
    led_to: str = ""


@dataclass
class Hall:
    """Everybody's diary. What one is told is written down at once; ``statuses`` are of all that was ever answered."""

    server: Server
    wanted: int
    issued: list[str] = field(default_factory=list)  # ids
    called: dict[str, list[str]] = field(default_factory=lambda: {window: [] for window in WINDOWS})  # printed
    served: list[str] = field(default_factory=list)  # printed
    sent: list[Sent] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    failures: list[BaseException] = field(default_factory=list)
    is_given_up: bool = False

    @property
    def told(self) -> int:
        return len(self.issued) + sum(map(len, self.called.values())) + len(self.served)

    def is_over(self) -> bool:
        return len(self.served) >= self.wanted or bool(self.failures)

    def is_as_far_as(self, many: int) -> bool:
        return self.told >= many or bool(self.failures)

    def until(self, act: Callable[[], Found | None]) -> Found:
        """Again and again, wherever the portal is now."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.is_given_up:
            try:
                found = act()
            except LOST:
                found = None
            if found is not None:
                return found
            time.sleep(0.05)
        raise TimeoutError

    def look(self, browser: Browser, path: str) -> str:
        return self.until(partial(self._looked, browser, path))

    def _looked(self, browser: Browser, path: str) -> str | None:
        browser.address = self.server.address
        browser.get(path)
        self.statuses.add(browser.status)
        return browser.text if browser.status == 200 else None

    def send(self, browser: Browser, to: str, **fields: str) -> str:
        """The form of the open page that goes there; where its answer leads."""
        values = {**browser.form(to).values, **fields, "once_key": secrets.token_urlsafe(24)}
        sent = Sent(browser, to, urlencode(values).encode())
        led_to = self.until(partial(self._answered, sent)).location
        self.sent.append(Sent(browser, to, sent.body, led_to))
        return led_to

    def _answered(self, sent: Sent) -> Answer | None:
        answer = sent.browser.ask(Request(self.server.address + sent.path, sent.body))
        self.statuses.add(answer.status_code)
        return answer if answer.status_code == 303 else None

    def sent_again(self) -> list[str]:
        """Where each form leads that is sent once more, in the order in which they were answered."""
        return [self.until(partial(self._answered, one)).location for one in self.sent]


def kiosk(hall: Hall, browser: Browser, many: int) -> None:
    for _ in range(many):
        hall.look(browser, f"{HERE}/kiosk/office/{SOCIAL}")
        led_to = hall.send(browser, f"{HERE}/kiosk/take", item=ITEM, ground="", matters="1")
        hall.issued.append(re.fullmatch(rf"{HERE}/kiosk/slip/(\w+)", led_to)[1])  # type: ignore[index]


def phones(hall: Hall, many: int) -> None:
    for _ in range(many):
        browser = Browser("")
        hall.look(browser, f"{HERE}/number/{ITEM}")
        led_to = hall.send(
            browser, f"{HERE}/number/{ITEM}", matters="1", whose="myself", ground="none", situation="unknown"
        )
        hall.issued.append(re.fullmatch(r"/t/(\w+)/slip", led_to)[1])  # type: ignore[index]


def clerk(hall: Hall, browser: Browser, window: str) -> None:
    """Goes on where the window's page says that it stands, whatever has happened meanwhile."""
    desk = f"/clerk/window/{HALL}/{window}"
    while not hall.is_over():
        page = hall.look(browser, desk)
        at_window = re.search(r'desk-now__number">(\w+)<', page)
        if at_window is None:
            hall.send(browser, f"{desk}/next")
            found = re.search(r'desk-now__number">(\w+)<', hall.look(browser, desk))
            if found is not None:
                hall.called[window].append(found[1])
        elif f'action="{desk}/start"' in page:
            hall.send(browser, f"{desk}/start")
        else:
            hall.send(browser, f"{desk}/serve", **{"serve-outcome": "information", "serve-is_confirmed": "y"})
            hall.served.append(at_window[1])


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A city with its staff, and a hall that is open round the clock, on a clock on which it is about noon."""
    now = datetime.now(UTC)
    ahead = 12 - now.hour
    days = [(now + timedelta(hours=ahead, days=day)).date() for day in (-1, 0, 1, 2)]
    offices = tmp_path / "offices"
    offices.mkdir()
    round_the_clock = '[["00:00", "23:59"]]'
    lines = [
        'name = "Round the clock"',
        f'timezone = "Etc/GMT{-ahead:+d}"',
        f'[week]\n"1-7" = {round_the_clock}',
        "[hours_overrides]",
        *(f"{day} = {round_the_clock}" for day in days),
    ]
    (offices / "default.toml").write_text("\n".join(lines), encoding="utf-8")
    app = create_app({"DEMONSTRATION": True}, instance=tmp_path)
    store.upgrade(app)
    with app.app_context(), transaction():
        staff: Staff = employ()
        for role, office, which in (
            ("hall-manager", "government-services", 1),
            *(("clerk", SOCIAL, n) for n in (1, 2)),
        ):
            accounts.set_password(staff.by(role, office, which).actor, PASSWORD, at=now)
    dispose(app)
    return Server(tmp_path)


def entered(hall: Hall, name: str) -> Browser:
    browser = Browser("")
    hall.look(browser, "/sign-in?lang=en")
    hall.send(browser, "/sign-in", name=name, password=PASSWORD)
    return browser


def opened(hall: Hall) -> list[Callable[[], None]]:
    """The kiosk stands and the clerks sit at their windows; what each of them does from now on."""
    at_kiosk = entered(hall, MANAGER)
    hall.look(at_kiosk, f"{HERE}/kiosk/enrol")
    hall.send(at_kiosk, f"{HERE}/kiosk/enrol", name="entrance")
    half = hall.wanted // 2
    acts = [partial(kiosk, hall, at_kiosk, half), partial(phones, hall, hall.wanted - half)]
    for name, window in zip(CLERKS, WINDOWS, strict=True):
        browser = entered(hall, name)
        hall.look(browser, f"/clerk/window/{HALL}/{window}")
        hall.send(browser, f"/clerk/window/{HALL}/{window}/open")
        acts.append(partial(clerk, hall, browser, window))
    hall.sent.clear()  # to sign in again or to enrol again would be another act
    return list(acts)


def lived_through(server: Server, *, people: int, kills: int, seed: int) -> Hall:
    """The server is killed as often as told, spread over the day, and each time started again."""
    chance, hall, threads = Random(seed), Hall(server, people), list[threading.Thread]()
    whole = 3 * people  # a number is told when it is issued, called and served
    try:
        for nth in range(kills):
            with server.up():
                threads += begun(hall) if nth == 0 else ()
                wait_for(partial(hall.is_as_far_as, whole * (nth + 1) // (kills + 2)))
                time.sleep(chance.uniform(0.0, 0.05))
                server.kill()
        with server.up():
            for thread in threads:
                thread.join()
            assert hall.failures == []
            before = counted(server)
            assert hall.sent_again() == [one.led_to for one in hall.sent]
            assert counted(server) == before, "a form that was sent again had an effect"
    finally:
        hall.is_given_up = True
    return hall


def begun(hall: Hall) -> list[threading.Thread]:
    """Everybody at work."""

    def guarded(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 -- told at the end
            hall.failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in opened(hall)]
    for thread in threads:
        thread.start()
    return threads


@contextmanager
def stored(server: Server) -> Iterator[None]:
    app = make_app(f"sqlite:///{server.folder / 'portal.sqlite'}")
    with app.app_context(), reading():
        yield
    dispose(app)


def counted(server: Server) -> int:
    """Events of the hall and its numbers."""
    with stored(server):
        events = [event for batch in ledger.stream() for event in batch]
        return sum(event.subject.startswith(("ticket/", "hall/")) for event in events)


def nothing_is_lost(hall: Hall) -> None:
    with stored(hall.server):
        tickets = {one.id: one for one in all_of(TICKETS)}
        by_number = {one.printed: one.id for one in tickets.values()}
        told = [{"what": "issued", "ticket": one} for one in hall.issued]
        told += [{"what": "called", "ticket": by_number[one]} for each in hall.called.values() for one in each]
        told += [{"what": "served", "ticket": by_number[one]} for one in hall.served]
        assert faults(told) == []
        assert sorted(hall.issued) == sorted(tickets), "a number that nobody was told, or one that was told twice"
        assert sorted(by_number) == [f"A{nth:03d}" for nth in range(1, hall.wanted + 1)]
        assert {one.state for one in tickets.values()} == {TicketState.SERVED}
        assert sorted(hall.served) == sorted(by_number)
        events = [event for batch in ledger.stream() for event in batch if event.kind == "ticket-called"]
        for window, called in hall.called.items():
            assert [tickets[one.number].printed for one in events if one.window == window] == called
        assert db.session.scalar(select(func.count()).select_from(SignInRow)) == 1 + len(CLERKS), "they stay signed in"
    assert hall.statuses == {200, 303}


def test_a_hall_whose_server_is_killed_in_the_middle_of_calls_loses_and_doubles_nothing(server: Server) -> None:
    nothing_is_lost(lived_through(server, people=14, kills=2, seed=5))


@pytest.mark.soak
def test_a_hall_whose_server_is_killed_twenty_times(server: Server) -> None:
    begin = time.monotonic()
    # more from one telephone would be over what an address may take in an hour
    nothing_is_lost(lived_through(server, people=80, kills=20, seed=6))
    print(f"\n80 people, 20 kills in {time.monotonic() - begin:.0f} s: no number lost, none twice, nobody called twice")
