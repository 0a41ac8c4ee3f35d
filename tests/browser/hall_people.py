"""Who is in the hall on its day, each with a browser of their own: clerks at windows, phones, the kiosk, the screen."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from playwright.sync_api import Browser, Page, expect

from tests.browser.citizen_city import City, Walk
from tests.hall.hall_city import HALL, ITEM, SOCIAL
from tests.qr import words_in
from tests.web.office import PASSWORD

HERE = f"/halls/{HALL}"
QR = "QR code: opens the page of this number"
TOGETHER = 60.0  # seconds in which two who press at the same moment must both have arrived


@dataclass(frozen=True, slots=True)
class Paper:
    """What a slip says: the number, the query code, and the address in its picture, with the code behind ``#``."""

    number: str
    code: str
    address: str

    @classmethod
    def lying_at(cls, page: Page) -> Paper:
        """Read at one look, for the kiosk's page closes by itself."""
        page.wait_for_selector(".portal-slip")
        content = page.content()
        number = re.search(r"([A-Z]\d{3})\s*</p>", content[content.index("portal-slip__number") :])
        code = re.search(r'portal-slip__code">([A-Z0-9]{8})<', content)
        assert number is not None
        assert code is not None
        return cls(number[1], code[1], words_in(content, QR))

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.address).partition("#")[0]


class Person(Walk):
    """A browser that nobody else uses."""

    def __init__(self, browser: Browser, city: City, width: int, language: str = "en") -> None:
        super().__init__(browser.new_context().new_page(), city, language, width)

    def sign_in(self, name: str) -> None:
        self.open("/sign-in")
        self.page.locator("[name=name]").fill(name)
        self.page.locator("[name=password]").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("[name=password]").press("Enter")
        assert "/sign-in" not in self.page.url


class Phone(Person):
    def __init__(self, browser: Browser, city: City, language: str = "en") -> None:
        super().__init__(browser, city, 375, language)

    def take_number(self, item: str = ITEM) -> Paper:
        """From wherever one is; the page of the number stays open."""
        self.ask_for_number(item)
        paper = Paper.lying_at(self.page)
        self.open(paper.path)
        return paper

    def ask_for_number(self, item: str = ITEM) -> None:
        self.open(f"{HERE}/number/{item}")
        self.go_on()

    def scan(self, paper: Paper) -> None:
        """The picture on the slip; the code behind "#" leaves no trace in the address."""
        address, _, code = paper.address.partition("#")
        self.page.goto(f"{address}?lang={self.language}#{code}")
        expect(self.page).to_have_url(re.compile(r"/t/\w+\?lang=\w+$"))

    def expects(self, words: str) -> None:
        """What the page says by itself, without being loaded again."""
        expect(self.page.locator("[data-say]")).to_have_text(re.compile(re.escape(words)))


class Kiosk(Person):
    def __init__(self, browser: Browser, city: City, manager: str) -> None:
        super().__init__(browser, city, 1080)
        self.sign_in(manager)
        self.open(f"{HERE}/kiosk/enrol")
        self.page.locator("main [name=name]").fill("entrance")
        self.go_on()
        expect(self.page).to_have_url(re.compile(f"{HERE}/kiosk$"))
        answer = self.page.goto(f"{city.address}/clerk/hall/{HALL}")
        assert answer is not None
        assert answer.status == 401, "whoever stands at the kiosk is not the manager"

    def take_number(self, ground: str = "", item: str = ITEM) -> Paper:
        self.open(f"{HERE}/kiosk")
        if ground:
            self.follow(f".portal-kiosk__toggle[href*='ground={ground}']")
        self.follow(f"a[href*='/kiosk/office/{SOCIAL}']")
        if self.main.locator(f"a[href*='/kiosk/situation/{item}']").count():
            self.follow(f"a[href*='/kiosk/situation/{item}']")
        with self.page.expect_navigation():
            self.main.locator(f"form:has([name=item][value='{item}']) button").last.click()
        return Paper.lying_at(self.page)

    def check_in(self, number: str, code: str) -> Paper:
        self.open(f"{HERE}/kiosk/appointment")
        self.page.locator("[name=number]").fill(number)
        self.page.locator("[name=code]").fill(code)
        self.go_on()
        return Paper.lying_at(self.page)


class Screen(Person):
    """The public display; what it shows it shows by itself."""

    def __init__(self, browser: Browser, city: City) -> None:
        super().__init__(browser, city, 1920)
        self.page.goto(f"{city.address}{HERE}/display")

    def shows(self, number: str, *before: str) -> None:
        expect(self.page.locator(".board__number")).to_have_text(number)
        if before:
            expect(self.page.locator(".board__line-number:visible")).to_have_text(list(before))

    def size(self, what: str) -> float:
        return float(
            self.page.locator(what).first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)"),
        )


class Clerk(Person):
    """Sits at one window for the day."""

    def __init__(self, browser: Browser, city: City, name: str, window: str) -> None:
        super().__init__(browser, city, 1280)
        self.desk = f"/clerk/window/{HALL}/{window}"
        self.sign_in(name)
        self.open(self.desk)
        self.click("open")

    def click(self, step: str) -> None:
        with self.page.expect_navigation():
            self.main.locator(f"form[action='{self.desk}/{step}'] button").first.click()

    def fill_in(self, step: str, **fields: str) -> None:
        """One of the forms that are folded away."""
        form = self.main.locator(f"form[action='{self.desk}/{step}']")
        if not form.is_visible():
            self.main.locator(f"details:has(form[action='{self.desk}/{step}']) > summary").click()
        for name, value in fields.items():
            box = form.locator(f"[name='{step}-{name}']")
            kind = box.first.evaluate("(one) => one.type")
            if kind == "radio":
                form.locator(f"[name='{step}-{name}'][value='{value}']").check()
            elif kind == "checkbox":
                box.check()
            elif kind == "select-one":
                box.select_option(value)
            else:
                box.fill(value)
        with self.page.expect_navigation():
            form.locator("button").click()

    def call_next(self) -> str:
        self.open(self.desk)
        self.click("next")
        return self.number

    def finish(self) -> None:
        self.fill_in("serve", outcome="information", is_confirmed="y")
        expect(self.page.locator("#now")).to_have_text("Nobody is at the window")

    @property
    def number(self) -> str:
        return self.page.locator(".desk-now__number").inner_text()

    def told(self, words: str) -> None:
        expect(self.main).to_contain_text(words)


@contextmanager
def same_moment(city: City, step: str) -> Iterator[None]:
    """The next two clicks of that step are held at the door until both are there."""
    gate = threading.Barrier(2, timeout=TOGETHER)

    def wait() -> None:
        if request.method == "POST" and request.path.endswith(f"/{step}"):
            gate.wait()

    doors: list[Any] = city.app.before_request_funcs.setdefault(None, [])
    doors.insert(0, wait)
    try:
        yield
    finally:
        doors.remove(wait)


def press_together(city: City, *clerks: Clerk) -> list[str]:
    """Two press "call the next" at the same moment; whom each got."""
    for clerk in clerks:
        clerk.open(clerk.desk)
    with same_moment(city, "next"):
        for clerk in clerks:  # a click of Playwright would wait for the answer
            clerk.page.evaluate("() => { setTimeout(() => document.querySelector('button[data-key=n]').click()) }")
        for clerk in clerks:
            expect(clerk.page.locator(".desk-now__number")).to_be_visible(timeout=TOGETHER * 1000)
    return [clerk.number for clerk in clerks]
