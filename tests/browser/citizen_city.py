"""The portal in this very process, on a standing clock and a database that a test can reach; and a walk through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, Page

from portal import create_app, store
from portal.cases import operations
from portal.store import transaction
from tests.cases.city import Staff, at, employ
from tests.papers import PDF
from tests.serving import listening
from tests.web.citizen.visits import CREDIT_CODE

THURSDAY = at("Thursday 2026-09-24 10:00")
NARROW = 320
# Without "preload" it does not look for style sheets in wrong places; what is in order need not be told.
ONLY_BARRIERS = {"preload": False, "resultTypes": ["violations"]}
DETAILS = {
    "f_firm-name": "例州市好菌食品有限公司",
    "f_credit-code": CREDIT_CODE,
    "f_contact-name": "欧阳·阿依古丽",
    "f_contact-phone": "138 0013 8000",
    "f_categories": "蔬菜制品/食用菌制品/干制食用菌",
    "f_premises": "甲区东街11号",
}
GOOD_FILE: Any = {"name": "申请书.pdf", "mimeType": "application/pdf", "buffer": PDF}
BAD_FILE: Any = {"name": "申请书.pdf", "mimeType": "application/pdf", "buffer": b"no pdf at all"}


@dataclass
class City:
    app: Flask
    address: str
    staff: Staff = field(default_factory=Staff)
    now: datetime = THURSDAY

    def handle(self, number: str, step: str, role: str, **facts: Any) -> None:
        """A step that the office of the food licence takes."""
        with self.app.app_context(), transaction():
            operations.record(number, step, by=self.staff.by(role), at=self.now, **facts)


@contextmanager
def running_city(instance: Path) -> Iterator[City]:
    clock: list[City] = []
    app = create_app({"CLOCK": lambda: clock[0].now, "DEMONSTRATION": True}, instance=instance)
    store.upgrade(app)
    with listening(app) as address:
        city = City(app, address)
        clock.append(city)
        with app.app_context(), transaction():
            city.staff = employ()
        yield city


class Walk:
    """A citizen at a browser of some width; every page that is looked at is also examined."""

    def __init__(self, page: Page, city: City, language: str, width: int) -> None:
        self.page, self.city, self.language, self.width = page, city, language, width
        self.seen: list[str] = []
        page.set_viewport_size({"width": width, "height": 800})

    def open(self, path: str) -> None:
        self.page.goto(f"{self.city.address}{path}{'&' if '?' in path else '?'}lang={self.language}")

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def go_on(self) -> None:
        """Press the button that goes on: the green one."""
        with self.page.expect_navigation():
            self.main.locator("button.govuk-button:not(.govuk-button--secondary):not([aria-hidden])").last.click()

    def follow(self, link: str) -> None:
        """Press a link and be where it leads."""
        with self.page.expect_navigation():
            self.main.locator(link).first.click()

    def examine(self) -> None:
        """No barrier that axe knows, one heading, nothing wider than the screen, here and at 320 pixels."""
        self.page.wait_for_load_state("load")
        self.seen.append(self.page.url)
        found = Axe().run(self.page, options=ONLY_BARRIERS)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        assert self.page.locator("h1").count() == 1
        for width in (NARROW, self.width):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{self.page.url} at {width}"

    def choose_first(self) -> None:
        self.main.locator("input[type=radio]").first.check()

    def fill_details(self) -> None:
        for name, value in DETAILS.items():
            self.page.locator(f"[id='{name}']").fill(value)

    def choose_files(self, file: Any) -> None:
        for box in self.main.locator("input[type=file]").all():
            box.set_input_files(file)

    def to_details(self) -> None:
        """From the guide of the food licence through its questions."""
        self.open("/items/food-licence")
        self.follow("#start")
        while "/question/" in self.page.url:
            self.choose_first()
            self.go_on()

    def hand_in(self) -> tuple[str, str]:
        """The whole way without detours; number and query code."""
        self.to_details()
        self.fill_details()
        self.go_on()
        self.choose_files(GOOD_FILE)
        self.go_on()
        self.main.locator("input[type=checkbox]").check()
        self.go_on()
        return self.page.locator("#number").inner_text(), self.page.locator("#code").inner_text()
