"""Channels in a real browser: declared by who watches, read by all, in both languages and widths, without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts import operations as accounts
from portal.channels import operations
from portal.store import transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.browser.test_staff import PASSWORD, sign_in
from tests.channels.conftest import seen

WINDOW = "food-licence:window"
WORDS = {
    "zh": {"away": "目前有办理渠道不能使用", "stopped": "停办", "history": "历史记录", "status": "办理渠道状态"},
    "en": {
        "away": "Not every way works now",
        "stopped": "Stopped",
        "history": "History",
        "status": "State of all ways",
    },
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("channels")) as city:
        with city.app.app_context(), transaction():
            accounts.set_password(city.staff.by("supervisor").actor, PASSWORD, at=THURSDAY)
            operations.list_channels(THURSDAY, THURSDAY.date(), operator="government-services")
        with city.app.app_context():
            for nth in range(10):
                moment = THURSDAY - timedelta(minutes=40 - 2 * nth)
                with transaction():
                    operations.record_probes(seen(moment, "submit"), at=moment)
        yield city


def restore(city: City) -> None:
    """Each walk begins with a counter that is open."""
    with city.app.app_context(), transaction():
        if operations.channel_now(WINDOW).is_away(city.now):
            operations.bring_back(WINDOW, reason="again", by=city.staff.by("supervisor"), at=city.now)


@LOOKS
def test_a_counter_is_stopped_and_everybody_reads_what_works_instead(
    page: Page, city: City, complaints: list[str], language: str, width: int
) -> None:
    said, walk = WORDS[language], Walk(page, city, language, width)
    restore(city)
    sign_in(walk, city.staff.by("supervisor"))
    for path in ("/supervisor/channels", "/supervisor/channels?show=away", "/supervisor/channels/platform:web"):
        walk.open(path)
        walk.examine()
    for step in ("maintenance", "down", "stop", "refused", "shown"):
        walk.open(f"/supervisor/channels/{WINDOW}/{step}")
        walk.examine()
    walk.open(f"/supervisor/channels/{WINDOW}/stop")
    walk.go_on()
    walk.examine()  # nothing was said: a mistake, with its summary
    page.locator("#reason").fill("修缮大厅")
    page.locator("#basis").fill("条例 第九条")
    walk.go_on()
    expect(walk.main).to_contain_text(said["stopped"])
    expect(walk.main).to_contain_text(said["history"])
    walk.examine()
    for path in ("/items/food-licence", "/"):
        walk.open(path)
        expect(walk.main).to_contain_text(said["away"])
        walk.examine()
    walk.open("/open/status")
    expect(page.get_by_role("heading", level=1)).to_have_text(said["status"])
    expect(walk.main).to_contain_text(said["stopped"])
    walk.examine()
    assert [complaint for complaint in complaints if "422" not in complaint] == []  # the empty form, on purpose


def test_declaring_and_reading_need_no_script(browser: Browser, city: City) -> None:
    restore(city)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{city.address}/sign-in?lang=en")
    page.locator("#name").fill(str(city.staff.by("supervisor").post))
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{city.address}/supervisor/channels/{WINDOW}")
    page.get_by_role("button", name="Stop it").click()
    page.locator("#reason").fill("repairs")
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator("main")).to_contain_text("It is noted that this way is stopped.")
    page.goto(f"{city.address}/items/food-licence")
    expect(page.locator("main")).to_contain_text("at the window: Stopped")
    context.close()
