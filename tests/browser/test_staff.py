"""The work of an office in a real browser: a clerk's, a head's and a supervisor's, in both languages and widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts import operations as accounts
from portal.appeals import operations as appeals
from portal.basis import By
from portal.cases.model import HandedIn
from portal.compliance.findings import operations as register
from portal.store import transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.cases.city import hand_in

PASSWORD = "a long road to hall 3"
LATER = timedelta(days=40)
WORDS = {
    "zh": {
        "worklist": "待办",
        "correcting": "待补正",
        "handed over": "转办中",
        "take over": "待接收",
        "overview": "总览",
        "overdue": "超期",
        "report": "审计报告",
        "error": "有误：",
        "signed out": "已退出登录。",
    },
    "en": {
        "worklist": "Worklist",
        "correcting": "Waiting for your correction",
        "handed over": "Being handed over",
        "take over": "To take over",
        "overview": "Overview",
        "overdue": "Overdue",
        "report": "Audit report",
        "error": "Error: ",
        "signed out": "You have signed out.",
    },
}
_people = count(1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("offices")) as city:
        with city.app.app_context(), transaction():
            for role, office in (
                ("clerk", "market-supervision"),
                ("clerk", "approval-bureau"),
                ("head", "market-supervision"),
                ("supervisor", "market-supervision"),
            ):
                accounts.set_password(city.staff.by(role, office).actor, PASSWORD, at=THURSDAY)
        yield city


@pytest.fixture(autouse=True)
def thursday(city: City) -> None:
    city.now = THURSDAY


def new_case(city: City) -> str:
    """Handed in online with one material only."""
    with city.app.app_context(), transaction():
        materials = (HandedIn("layout", document_no="1"),)
        return hand_in(moment=THURSDAY, materials=materials, person=f"browser-{next(_people)}").number


def sign_in(walk: Walk, by: By) -> None:
    walk.open("/sign-in")
    walk.examine()
    walk.page.locator("#name").fill(str(by.post))
    walk.page.locator("#password").fill(PASSWORD)
    walk.go_on()


def step(walk: Walk, number: str, name: str) -> None:
    """By the link on the page of the case."""
    walk.open(f"/clerk/cases/{number}")
    with walk.page.expect_navigation():
        walk.page.locator(f"a[href$='/steps/{name}']").click()


@LOOKS
def test_a_clerk_asks_for_a_correction_and_hands_a_case_over(
    page: Page, browser: Browser, city: City, complaints: list[str], language: str, width: int
) -> None:
    said, walk = WORDS[language], Walk(page, city, language, width)
    noticed, passed = new_case(city), new_case(city)
    sign_in(walk, city.staff.by("clerk"))
    expect(page.get_by_role("heading", level=1)).to_have_text(said["worklist"])
    walk.examine()
    walk.open(f"/clerk/?number={noticed}")
    expect(page).to_have_url(re.compile(f"/clerk/cases/{noticed}"))
    walk.open(f"/clerk/cases/{noticed}")
    walk.examine()

    step(walk, noticed, "notice-correction")
    walk.examine()
    for box in walk.main.locator("input[type=checkbox]").all():
        box.uncheck()
    walk.go_on()
    assert page.title().startswith(said["error"])
    walk.examine()
    page.locator(".govuk-error-summary a").first.click()
    expect(walk.main.locator("input[type=checkbox]").first).to_be_focused()
    walk.main.locator("input[type=checkbox]").first.check()
    walk.go_on()
    expect(page.get_by_role("heading", level=1)).to_contain_text(said["correcting"])
    walk.examine()

    step(walk, passed, "hand-over")
    walk.examine()
    page.locator("#to_office").select_option("approval-bureau")
    page.locator("#reason").fill("competent there")
    page.locator("#summary").fill("all papers are in")
    walk.go_on()
    expect(page.get_by_role("heading", level=1)).to_contain_text(said["handed over"])

    other = Walk(browser.new_context().new_page(), city, language, width)
    sign_in(other, city.staff.by("clerk", "approval-bureau"))
    other.open("/clerk/to-acknowledge")
    expect(other.page.get_by_role("heading", level=1)).to_have_text(said["take over"])
    other.examine()
    with other.page.expect_navigation():
        other.main.locator(f"form[action*='{passed}'] button").click()
    expect(other.main).to_contain_text(passed)
    other.page.context.close()
    assert [complaint for complaint in complaints if "422" not in complaint] == []  # the empty form above, on purpose


@LOOKS
def test_a_clerk_records_an_inquiry_and_answers_it(
    page: Page, city: City, complaints: list[str], language: str, width: int
) -> None:
    walk = Walk(page, city, language, width)
    sign_in(walk, city.staff.by("clerk"))
    walk.open("/clerk/inquiries/new")
    walk.examine()
    page.locator("#item").select_option("food-licence")
    page.locator("#question").fill("Where do I hand in the layout?")
    walk.go_on()
    walk.examine()
    number = page.locator("#number").inner_text()
    assert re.fullmatch(r"[2-9A-Z]{8}", page.locator("#code").inner_text())
    walk.open(f"/clerk/inquiries/{number}")
    walk.examine()
    walk.open(f"/clerk/inquiries/{number}/steps/answer")
    walk.examine()
    walk.main.locator("input[value=answered]").check()
    page.locator("#text").fill("Online, or at window 2.")
    walk.go_on()
    expect(walk.main).to_contain_text("Online, or at window 2.")
    walk.open("/clerk/inquiries/?state=answered")
    expect(walk.main).to_contain_text(number)
    walk.examine()
    assert complaints == []


@LOOKS
def test_a_supervisor_sees_what_went_wrong_and_audits_the_period(
    page: Page, city: City, complaints: list[str], language: str, width: int
) -> None:
    said, walk = WORDS[language], Walk(page, city, language, width)
    number = new_case(city)
    with city.app.app_context():
        with transaction():
            appeals.inquire(
                "asker", "food-licence", office="centre-a", by=city.staff.by("clerk", "centre-a"), at=THURSDAY
            )
        with transaction():
            register.examine([f"case/{number}"], at=THURSDAY + LATER)
    city.now = THURSDAY + LATER
    sign_in(walk, city.staff.by("supervisor"))
    expect(page.get_by_role("heading", level=1)).to_have_text(said["overview"])
    expect(walk.main).to_contain_text(said["overdue"])
    walk.examine()
    for path in ("/supervisor/findings", "/supervisor/approvals", "/clerk/", "/clerk/inquiries/", "/supervisor/audits"):
        walk.open(path)
        walk.examine()
    walk.open("/supervisor/findings")
    with page.expect_navigation():
        walk.main.locator("h2 a").first.click()
    walk.examine()
    with page.expect_navigation():
        walk.main.locator(".govuk-summary-list a").first.click()
    walk.examine()
    walk.open("/supervisor/audits")
    walk.go_on()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["report"])
    walk.examine()
    with page.expect_download() as download:
        page.get_by_role("link", name="findings.csv").click()
    assert download.value.suggested_filename.endswith("findings.csv")
    assert complaints == []


def test_the_work_of_an_office_needs_no_script(browser: Browser, city: City) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page, number = context.new_page(), new_case(city)
    page.goto(f"{city.address}/sign-in?lang=en")
    page.locator("#name").fill(str(city.staff.by("clerk").post))
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{city.address}/clerk/cases/{number}/steps/accept")
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accepted")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text(WORDS["en"]["signed out"])
    page.goto(f"{city.address}/clerk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in first")
    context.close()
