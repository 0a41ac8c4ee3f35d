"""Two people, an authorisation and its end, in a real browser: every page of an account is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from portal.accounts.persons import operations as persons
from portal.accounts.persons.documents import DocumentKind, checked
from portal.accounts.persons.model import Details
from portal.store import transaction
from tests.browser.citizen_city import GOOD_FILE, THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.web.citizen.people import CARDS, NAMES, PASSWORD


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("agents")) as city:
        with city.app.app_context(), transaction():
            for name in ("owner", "agent"):
                document = checked(DocumentKind.IDENTITY_CARD, CARDS[name], on=THURSDAY.date())
                told = Details(NAMES[name], document, "13800138000", "甲区东街11号")
                persons.register(name, PASSWORD, told, at=THURSDAY)
        yield city


def sign_in(walk: Walk, name: str) -> None:
    walk.open("/sign-in?next=/mine/")
    walk.page.locator("#name").fill(name)
    walk.page.locator("#password").fill(PASSWORD)
    walk.go_on()
    expect(walk.page.locator("h1")).to_be_visible()
    walk.examine()


def give_paper(walk: Walk) -> str:
    """From the navigation to the printed authorisation, past a form left empty."""
    expect(walk.page.locator(".govuk-service-navigation__link[href='/mine/']")).to_have_count(1)  # folded on a phone
    for page in ("", "details", "contact", "agents/"):
        walk.open(f"/mine/{page}")
        walk.examine()
    walk.open("/mine/agents/new")
    walk.examine()
    walk.go_on()
    walk.examine()
    walk.page.locator("#agent").fill("agent")
    walk.main.locator("input[name=sort][value=family]").check()
    for part, value in (("year", "2026"), ("month", "12"), ("day", "31")):
        walk.page.locator(f"#until_on-{part}").fill(value)
    walk.page.locator("#password").fill(PASSWORD)
    walk.go_on()
    walk.examine()
    return walk.page.url.rsplit("/", 1)[1].partition("?")[0]


@LOOKS
def test_somebody_is_let_act_hands_in_and_is_stopped(browser: Browser, city: City, language: str, width: int) -> None:
    owner = Walk(browser.new_context().new_page(), city, language, width)
    agent = Walk(browser.new_context().new_page(), city, language, width)
    sign_in(owner, "owner")
    given = give_paper(owner)
    sign_in(agent, "agent")
    agent.open("/mine/agents/")
    agent.examine()
    agent.page.locator(f"form[action='/mine/agents/{given}/act'] button").click()
    agent.open("/mine/")
    agent.examine()
    agent.to_details()
    expect(agent.main.locator(".govuk-inset-text", has_text=given)).to_be_visible()
    agent.examine()
    agent.fill_details()
    agent.go_on()
    agent.choose_files(GOOD_FILE)
    agent.go_on()
    agent.main.locator("input[type=checkbox]").check()
    agent.go_on()
    agent.examine()
    number = agent.page.locator("#number").inner_text()
    owner.open(f"/cases/{number}")
    expect(owner.main.get_by_text(given)).to_be_visible()
    owner.examine()
    owner.open(f"/mine/agents/{given}")
    with owner.page.expect_navigation():
        owner.main.locator("button.govuk-button--warning").click()
    owner.examine()
    agent.open(f"/cases/{number}")
    expect(agent.main.get_by_text(given)).to_have_count(0)
    agent.examine()
    for walk in (owner, agent):
        walk.page.context.close()
