"""A hall in a real browser: a number from a phone to its call, an appointment, the kiosk, the screen; no barrier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.basis import SYSTEM, Bilingual, Role
from portal.hall import operations
from portal.hall.operations.planning import Cause
from portal.store import transaction
from tests.browser.citizen_city import City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, MANAGER, WINDOWS, citizen, clerk
from tests.web.office import PASSWORD

TEN = at("Tuesday 2026-03-03 10:00")
HERE = f"/halls/{HALL}"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
COME = {"zh": "请现在到社保窗口1", "en": "Come now to Social insurance window 1"}


@pytest.fixture
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("hall")) as city:
        city.now = TEN
        with city.app.app_context(), transaction():
            operations.open_window(HALL, WINDOWS[0], by=clerk(1), at=TEN)
            account = accounts.create_account(
                "hall-manager", "管理员", AccountKind.STAFF, at=TEN, by=SYSTEM, password=PASSWORD
            )
            title = Bilingual("大厅管理员", "Hall manager")
            accounts.create_post("manager", "government-services", Role.HALL_MANAGER, title, by=SYSTEM, at=TEN)
            accounts.appoint(account.id, "manager", TEN.date(), by=SYSTEM, at=TEN)
            operations.declare_closure(
                HALL, Cause.ANNOUNCED, at("Thursday 2026-03-05 09:00"), at("Thursday 2026-03-05 23:00"), "全员培训",
                by=MANAGER, at=TEN,
            )  # fmt: skip
        yield city


def call(city: City) -> None:
    with city.app.app_context(), transaction():
        assert operations.call_next(HALL, WINDOWS[0], by=clerk(1), at=city.now) is not None


@LOOKS
def test_a_number_is_taken_waited_with_and_called(browser: Browser, city: City, language: str, width: int) -> None:
    with browser.new_context() as context:
        walk = Walk(context.new_page(), city, language, width)
        for path in ("/halls", HERE, f"{HERE}/number", f"{HERE}/figures"):
            walk.open(path)
            walk.examine()
        walk.open(f"{HERE}/number/{ITEM}")
        walk.examine()
        walk.go_on()
        walk.examine()
        code = walk.page.locator(".portal-slip__code").inner_text()
        number = walk.page.url.split("/t/")[1].split("/")[0]
        walk.open(f"/t/{number}")
        walk.examine()
        call(city)
        expect(walk.page.locator("[data-say]")).to_have_text(COME[language])
        expect(walk.page.locator("[data-announce]")).to_have_text(COME[language])
        assert walk.page.title().startswith("● A001")
        walk.examine()
        assert code not in walk.page.content()


@LOOKS
def test_refused_booked_moved_and_cancelled(browser: Browser, city: City, language: str, width: int) -> None:
    city.now = at("Tuesday 2026-03-03 16:57")
    with browser.new_context() as context:
        walk = Walk(context.new_page(), city, language, width)
        walk.open(f"{HERE}/number/{ITEM}")
        walk.go_on()
        walk.examine()
        for path in ("", f"/{ITEM}", f"/{ITEM}/2026-03-04", f"/{ITEM}/2026-03-04/0930"):
            walk.open(f"{HERE}/appointment{path}")
            walk.examine()
        walk.go_on()
        walk.examine()
        address = walk.page.url.removeprefix(city.address)
        code = walk.page.locator("#code").inner_text()
        walk.open(f"{address}/move?day=2026-03-06")
        walk.examine()
        walk.choose_first()
        walk.go_on()
        walk.open(f"{address}/cancel")
        walk.examine()
        walk.open("/follow")
        walk.examine()
    with browser.new_context() as elsewhere:
        other = Walk(elsewhere.new_page(), city, language, width)
        other.page.goto(f"{city.address}{address}#q={code}")
        expect(other.page.locator("[name=code]")).to_have_value(code)
        assert code not in other.page.url
        other.examine()


def test_without_scripts_a_number_is_taken_and_read(browser: Browser, city: City) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{city.address}{HERE}/number/{ITEM}?lang=en")
        page.get_by_role("button", name="Take the number").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your number is A001")
        page.get_by_role("button", name="See where it stands").click()
        expect(page.get_by_text("nobody: you are next")).to_be_visible()
        call(city)
        page.reload()
        expect(page.get_by_text("Come now to Social insurance window 1")).to_be_visible()


def enrol(page: Page, city: City) -> None:
    page.goto(f"{city.address}/sign-in?lang=en")
    page.locator("[name=name]").fill("hall-manager")
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    page.goto(f"{city.address}{HERE}/kiosk/enrol")
    page.locator("main [name=name]").fill("entrance")
    page.get_by_role("button", name="Make it a kiosk").click()
    page.wait_for_url("**/kiosk")


@LANGUAGES
def test_three_taps_at_the_kiosk_and_it_waits_for_the_next(browser: Browser, city: City, language: str) -> None:
    with browser.new_context() as context:
        walk = Walk(context.new_page(), city, language, 1080)
        enrol(walk.page, city)
        walk.open(f"{HERE}/kiosk")
        walk.examine()
        for button in walk.page.locator("main a, main button").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44
        walk.page.clock.install()
        walk.page.locator(".portal-kiosk__grid a").first.click()
        walk.page.locator(".portal-kiosk__grid a[href*='/situation/']").first.click()
        walk.examine()
        walk.page.locator(".portal-kiosk__grid button").first.click()
        expect(walk.page.locator(".portal-slip__number")).to_contain_text("A001")
        walk.examine()
        walk.page.clock.run_for(16_000)
        walk.page.wait_for_url(f"**{HERE}/kiosk")
        for path in ("appointment", "sent-away"):
            walk.open(f"{HERE}/kiosk/{path}")
            walk.examine()


@pytest.mark.parametrize("leave", ["done", "by itself", "away"])
def test_the_way_back_never_leads_to_the_slip_of_another(browser: Browser, city: City, leave: str) -> None:
    """By the button, when the page closes by itself, and when its holder goes away by an address."""
    with browser.new_context() as context:
        page = context.new_page()
        enrol(page, city)
        walk = Walk(page, city, "en", 1080)
        walk.open(f"{HERE}/kiosk")
        city.now += timedelta(seconds=5)
        page.clock.install()
        walk.follow(".portal-kiosk__grid a[href*='/office/social-insurance']")
        walk.follow(".portal-kiosk__grid a[href*='/situation/']")
        page.locator(".portal-kiosk__grid button").first.click()
        expect(page.locator(".portal-slip__number")).to_contain_text("A001")
        code = page.locator(".portal-slip__code").inner_text()
        slip = page.url
        city.now += timedelta(seconds=5)
        if leave == "done":
            page.get_by_role("link", name="Done").click()
        elif leave == "by itself":
            page.clock.run_for(16_000)
        else:
            walk.open(f"{HERE}/kiosk")
        page.wait_for_url(f"**{HERE}/kiosk*")
        for _ in range(3):
            page.go_back()
            assert code not in page.content()
            expect(page.locator(".portal-slip")).to_have_count(0)
        for _ in range(3):
            page.go_forward()
            assert code not in page.content()
            expect(page.locator(".portal-slip")).to_have_count(0)
        page.goto(slip)
        page.wait_for_url(f"**{HERE}/kiosk")


def test_the_screen_follows_calls_speaks_one_after_the_other_and_says_when_it_is_cut_off(
    browser: Browser, city: City
) -> None:
    for _ in range(2):
        with city.app.app_context(), transaction():
            operations.issue(HALL, ITEM, by=citizen(), at=city.now)
    with browser.new_context() as context:
        page = context.new_page()
        spoken: list[str] = []
        page.expose_function("heard", lambda words: spoken.append(words))  # noqa: PLW0108 -- Playwright cannot take a method of C
        page.add_init_script("speechSynthesis.speak = (words) => window.heard(`${words.lang} ${words.text}`)")
        walk = Walk(page, city, "zh", 1920)
        walk.open(f"{HERE}/display")
        walk.examine()
        page.get_by_role("button", name="打开声音").click()
        call(city)
        expect(page.locator(".board__number")).to_have_text("A001")
        expect(page.locator(".board__window")).to_contain_text("Social insurance window 1")
        assert spoken[1:] == [
            "zh-CN 请 A 0 0 1 号到社保窗口1办理。",
            "en-GB Number A 0 0 1, please come to Social insurance window 1.",
        ]
        page.route("**/display.json", lambda route: route.abort())
        expect(page.locator("[data-away]")).to_be_visible()
        expect(page.locator(".board__number")).to_have_text("A001")
        page.unroute("**/display.json")
        expect(page.locator("[data-away]")).to_be_hidden()
