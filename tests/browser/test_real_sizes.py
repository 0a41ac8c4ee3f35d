"""Display, kiosk and phone at the sizes they really have: nothing is cut off, and a finger finds what it points at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from portal.accounts import operations as accounts
from portal.hall import operations
from portal.store import transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.hall_people import HERE, Kiosk, Person
from tests.hall.hall_city import HALL, ITEM, SOCIAL, WINDOWS, citizen
from tests.web.office import PASSWORD

FINGER = 44
# Whatever stands by itself; a link within a sentence need not be as high.
SMALL = """(finger) => [...document.querySelectorAll(
    "button, select, summary, a.govuk-button, .portal-choices a, .portal-service a, .hall-acts a, .hall-steps > a,"
    + "input:not([type=hidden], [type=radio], [type=checkbox]), .govuk-button-group > a, .portal-banner a"
  )].filter((one) => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && box.width > 1 && (box.height < finger - 0.5 || box.width < finger - 0.5);
  }).map((one) => `${one.tagName} ${one.className} ${one.innerText} ${JSON.stringify(one.getBoundingClientRect())}`)"""
FITS = "document.documentElement.scrollHeight <= window.innerHeight"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Seven people were called, one is still there, and some wait."""
    with running_city(tmp_path_factory.mktemp("sizes")) as city:
        manager, clerk = (
            city.staff.by("hall-manager", "government-services"),
            city.staff.by("clerk", SOCIAL),
        )
        with city.app.app_context():
            with transaction():
                for by in (manager, clerk):
                    accounts.set_password(by.actor, PASSWORD, at=THURSDAY)
                operations.open_window(HALL, WINDOWS[0], by=clerk, at=THURSDAY - timedelta(hours=1))
                for _ in range(9):
                    operations.issue(HALL, ITEM, by=citizen(), at=THURSDAY - timedelta(minutes=50))
            for nth in range(7):
                moment = THURSDAY - timedelta(minutes=40 - 5 * nth)
                with transaction():
                    one = operations.call_next(HALL, WINDOWS[0], by=clerk, at=moment)
                    assert one is not None
                    operations.start(one.id, by=clerk, at=moment)
                    if nth < 6:
                        operations.park(one.id, "copies", by=clerk, at=moment + timedelta(minutes=2))
        yield city


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1366, 768), (1280, 1024)])
def test_the_display_is_on_its_screen_with_all_calls_and_its_notice(
    browser: Browser, city: City, width: int, height: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(f"{city.address}{HERE}/display")
        assert page.evaluate(FITS)
        for part in (".board__number", ".board__window", ".board__bottom", ".board__line >> nth=5"):
            box = page.locator(part).bounding_box()
            assert box is not None, part
            assert box["y"] + box["height"] <= height, part
            assert box["x"] + box["width"] <= width, part
        expect(page.locator("[data-notice-en]")).to_contain_text("17:00")


def test_a_lying_kiosk_shows_its_beginning_and_the_slip_without_scrolling(browser: Browser, city: City) -> None:
    kiosk = Kiosk(browser, city, str(city.staff.by("hall-manager", "government-services").post))
    for language in ("zh", "en"):
        kiosk.language = language
        for width, height in ((1280, 1024), (1080, 1920)):
            kiosk.page.set_viewport_size({"width": width, "height": height})
            kiosk.open(f"{HERE}/kiosk")
            assert kiosk.page.evaluate(FITS), (language, width)
            kiosk.follow(f"a[href*='/kiosk/office/{SOCIAL}']")
            kiosk.follow(f"a[href*='/kiosk/situation/{ITEM}']")
            kiosk.main.locator(".portal-kiosk__grid button").first.click()
            expect(kiosk.page.locator(".portal-slip__number")).to_be_visible()
            done = kiosk.page.locator("[data-leave].portal-kiosk__button").bounding_box()
            assert done is not None
            assert done["y"] + done["height"] <= height, (language, width)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_whatever_stands_by_itself_is_as_high_as_a_finger(
    browser: Browser, city: City, language: str
) -> None:
    with browser.new_context() as context:
        walk = Walk(context.new_page(), city, language, 390)
        for path in ("/halls", HERE, f"{HERE}/number/{ITEM}", f"{HERE}/appointment/{ITEM}", f"{HERE}/figures",
                     "/follow", f"{HERE}/appointment/{ITEM}/2026-09-25", "/open/status"):  # fmt: skip
            walk.open(path)
            assert walk.page.evaluate(SMALL, FINGER) == [], path
    staff = {
        city.staff.by("clerk", SOCIAL): (f"/clerk/window/{HALL}/{WINDOWS[0]}", "/clerk/window/"),
        city.staff.by("hall-manager", "government-services"): (
            f"/clerk/hall/{HALL}", f"/clerk/hall/{HALL}/issue", f"/clerk/hall/{HALL}/closures/new",
            f"/clerk/hall/{HALL}/windows/{WINDOWS[0]}/merge", f"/clerk/hall/{HALL}/shifts",
        ),
    }  # fmt: skip
    for by, paths in staff.items():
        person = Person(browser, city, 390, language)
        person.sign_in(str(by.post))
        for path in paths:
            person.open(path)
            person.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            assert person.page.evaluate(SMALL, FINGER) == [], path
