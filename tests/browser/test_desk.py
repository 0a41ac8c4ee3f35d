"""The clerk's window in a real browser: single keys, and what is known of the next person before the call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, expect

from portal.accounts import operations as accounts
from portal.store import transaction
from tests.browser.citizen_city import City, running_city
from tests.browser.hall_people import Clerk
from tests.browser.looks import LOOKS
from tests.cases.city import at
from tests.hall.hall_city import WINDOWS, issued
from tests.web.office import PASSWORD

TEN = at("Tuesday 2026-03-03 10:00")
AGENT = {"zh": "代办人申请", "en": "By an agent"}


@pytest.fixture
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("desk")) as city:
        city.now = TEN
        with city.app.app_context(), transaction():
            accounts.set_password(city.staff.by("clerk", "social-insurance").actor, PASSWORD, at=TEN)
        yield city


def at_the_window(browser: Browser, city: City, language: str = "en", width: int = 1280) -> Clerk:
    name = str(city.staff.by("clerk", "social-insurance").post)
    clerk = Clerk(browser, city, name, WINDOWS[0])
    clerk.language, clerk.width = language, width
    clerk.page.set_viewport_size({"width": width, "height": 800})
    clerk.open(clerk.desk)
    return clerk


def wait_in_line(city: City, many: int = 1) -> None:
    with city.app.app_context():
        for _ in range(many):
            issued(TEN)


def test_a_single_key_calls_the_next_and_does_nothing_in_a_field(browser: Browser, city: City) -> None:
    clerk = at_the_window(browser, city)
    wait_in_line(city)
    clerk.main.locator("details:has(form[action$='/pause']) > summary").click()
    box = clerk.page.locator("[name='pause-reason']")
    box.press("n")
    expect(box).to_have_value("n")
    expect(clerk.page.locator("#now")).to_have_text("Nobody is at the window")
    clerk.page.locator("h1").click()
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("n")
    expect(clerk.page.locator(".desk-now__number")).to_have_text("A001")


@LOOKS
def test_switched_off_no_key_does_anything_and_the_buttons_stay(
    browser: Browser, city: City, language: str, width: int
) -> None:
    clerk = at_the_window(browser, city, language, width)
    wait_in_line(city)
    clerk.open(clerk.desk)
    clerk.examine()
    clerk.follow("a[href$='keys=off']")
    clerk.examine()
    clerk.open(clerk.desk)
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method != "GET" or request.is_navigation_request():  # a late icon is neither
            asked.append(request.url)

    clerk.page.on("request", note)
    for key in "nsrafpt":
        clerk.page.keyboard.press(key)
    clerk.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert asked == []
    expect(clerk.page.locator("#now")).to_be_visible()
    clerk.click("next")
    expect(clerk.page.locator(".desk-now__number")).to_have_text("A001")
    clerk.follow("a[href$='keys=on']")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("s")
    expect(clerk.page.locator("button[data-key=a]")).to_have_count(0)


@LOOKS
def test_who_comes_next_is_known_with_situation_and_materials_before_the_call(
    browser: Browser, city: City, language: str, width: int
) -> None:
    clerk = at_the_window(browser, city, language, width)
    with city.app.app_context():
        issued(TEN, situation="by-agent")
    wait_in_line(city, 11)
    clerk.open(clerk.desk)
    expect(clerk.page.locator(".desk-next")).to_contain_text(AGENT[language])
    clerk.examine()
    clerk.click("next")
    expect(clerk.page.locator(".desk-now")).to_contain_text(AGENT[language])
    expect(clerk.page.locator(".desk-next")).to_contain_text("A002")
    clerk.examine()
    clerk.click("start")
    clerk.fill_in("serve", outcome="information", is_confirmed="y")
    clerk.fill_in("call", number="a12", ground="elderly")
    expect(clerk.page.locator(".desk-now__number")).to_have_text("A012")
