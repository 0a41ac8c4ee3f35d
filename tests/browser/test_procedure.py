"""A finding answered, judged and put in the list of what is due, in a real browser: both sides, both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts import operations as accounts
from portal.basis import By
from portal.compliance.procedure.model import Stage, Step
from portal.store import transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.compliance.procedure.finding import WATCHING, People, act, brought_to

PASSWORD = "a long road to hall 3"
WORDS = {
    "zh": {"error": "有误：", "answered": "单位已答复", "confirmed": "已认定", "due": "按剩余时间查看待办事项"},
    "en": {
        "error": "Error: ",
        "answered": "Answered by the office",
        "confirmed": "Confirmed",
        "due": "What is due next, by the days left",
    },
}
_numbers = count(1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("procedures")) as city:
        with city.app.app_context(), transaction():
            for by in (city.staff.by("hall-manager"), city.staff.by("supervisor", WATCHING)):
                accounts.set_password(by.actor, PASSWORD, at=THURSDAY)
        yield city


def sign_in(walk: Walk, by: By) -> None:
    walk.open("/sign-in")
    walk.page.locator("#name").fill(str(by.post))
    walk.page.locator("#password").fill(PASSWORD)
    walk.go_on()


def step(walk: Walk, name: str) -> None:
    """By its button on the page of the finding."""
    with walk.page.expect_navigation():
        walk.main.locator(f"a[href$='/{name}']").click()


@LOOKS
def test_an_office_answers_and_its_answer_is_judged(
    browser: Browser, page: Page, city: City, complaints: list[str], language: str, width: int
) -> None:
    number, said = f"{next(_numbers):06d}", WORDS[language]
    with city.app.app_context():
        people, other = People(city.staff), f"{int(number) + 500:06d}"
        moment = brought_to(Stage.RECTIFYING, people, other, THURSDAY - timedelta(days=30))
        act(other, Step.PUBLISH, people.first, moment)
        city.now = brought_to(Stage.NOTIFIED, people, number, THURSDAY) + timedelta(hours=1)
    office = Walk(page, city, language, width)
    office.open("/open/findings")
    expect(office.main).to_contain_text("Cases were left.")
    office.examine()
    sign_in(office, city.staff.by("hall-manager"))
    office.open("/clerk/findings")
    office.examine()
    office.open(f"/clerk/findings/{number}")
    office.examine()
    step(office, "explain-finding")
    office.go_on()
    assert page.title().startswith(said["error"])
    office.examine()
    page.locator("#statement").fill("当天线路中断")
    office.go_on()
    expect(office.main).to_contain_text(said["answered"])
    expect(office.main).to_contain_text("当天线路中断")
    office.examine()

    with browser.new_context() as context:
        watching = Walk(context.new_page(), city, language, width)
        sign_in(watching, city.staff.by("supervisor", WATCHING))
        watching.open("/supervisor/findings")
        watching.examine()
        with watching.page.expect_navigation():
            watching.page.get_by_role("link", name=said["due"]).click()
        watching.examine()
        watching.open(f"/supervisor/findings/{number}")
        watching.examine()
        step(watching, "propose-dismissal")
        watching.examine()
        watching.open(f"/supervisor/findings/{number}")
        step(watching, "confirm-finding")
        watching.examine()
        watching.page.locator("#reason").fill("记录清楚")
        watching.go_on()
        expect(watching.main).to_contain_text(said["confirmed"])
        watching.examine()
    assert all("422" in complaint for complaint in complaints), "one form was sent empty on purpose"
