"""Every page that anybody may open: readable by everybody, at every width, in both languages."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.citizen_city import ONLY_BARRIERS
from tests.running import RunningPortal

PAGES = ["/"]
LANGUAGES = ["zh", "en"]
WIDTHS = {"phone": 375, "desk": 1280}


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barrier_and_fits_its_width(
    page: Page, portal: RunningPortal, complaints: list[str], path: str, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{portal.address}{path}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []  # asked before axe looks: it tries inline styles, which the policy refuses
    found = Axe().run(page, options=ONLY_BARRIERS)
    assert found.violations_count == 0, found.generate_report()


def test_a_page_asks_nobody_else_for_anything(page: Page, portal: RunningPortal) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(portal.address)
    page.wait_for_load_state("networkidle")
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(portal.address).netloc}
    assert [address for address in asked if "/assets/" in address] == []


def test_the_components_wake_up_and_wear_our_colours(page: Page, portal: RunningPortal) -> None:
    page.goto(portal.address)
    page.wait_for_selector("body.govuk-frontend-supported")
    header = page.locator(".govuk-generic-header")
    assert header.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(179, 18, 29)"
    fonts = page.locator("h1").evaluate("element => getComputedStyle(element).fontFamily")
    assert "GDS" not in fonts


def test_the_keyboard_reaches_the_content_first(page: Page, portal: RunningPortal) -> None:
    page.goto(f"{portal.address}/?lang=zh")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_the_language_is_switched_by_one_link(page: Page, portal: RunningPortal) -> None:
    page.goto(f"{portal.address}/?lang=zh")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A promise with a clock")
    page.get_by_role("link", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("承诺有期，件件可查")


def test_a_page_needs_no_script(browser: Browser, portal: RunningPortal) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal.address}/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("承诺有期，件件可查")
    context.close()


def test_a_page_that_is_not_there_has_no_barrier_either(page: Page, portal: RunningPortal) -> None:
    page.goto(f"{portal.address}/nothing/here?lang=zh")
    assert Axe().run(page, options=ONLY_BARRIERS).violations_count == 0
    page.get_by_role("link", name="返回首页").click()
    expect(page).to_have_url(f"{portal.address}/")
