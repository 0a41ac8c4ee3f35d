"""The hall manager's day in a real browser, in both languages and widths; every page is examined for barriers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.accounts import operations as accounts
from portal.basis import By
from portal.hall import operations
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import Outcome
from portal.hall.queries.appointments import first_free_slots
from portal.hall.queries.queue import in_the_hall
from portal.store import reading, transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.hall.hall_city import HALL, ITEM, WINDOWS, citizen

PASSWORD = "a long road to hall 3"
PAGE = f"/clerk/hall/{HALL}"
SHOTS = os.environ.get("SCREENSHOTS")  # a folder; pictures are kept for whoever wants to look


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("manager")) as city:
        with city.app.app_context(), transaction():
            accounts.set_password(manager(city).actor, PASSWORD, at=THURSDAY)
        yield city


@pytest.fixture(autouse=True)
def thursday(city: City) -> None:
    """A morning on which two windows are open, one has somebody, and a dozen people wait."""
    city.now = THURSDAY
    with city.app.app_context():
        with reading():
            is_full = bool(in_the_hall(HALL, THURSDAY.date()))
        if is_full:
            return
        clerks = [city.staff.by("clerk", "social-insurance", which) for which in (1, 2)]
        with transaction():
            for window, by in zip(WINDOWS, clerks, strict=True):
                operations.open_window(HALL, window, by=by, at=THURSDAY - timedelta(hours=1))
            for nth in range(14):
                rank = (Rank.PRIORITY, Ground.ELDERLY) if nth % 5 == 0 else (Rank.NORMAL, None)
                operations.issue(
                    HALL, ITEM, by=citizen(), at=THURSDAY - timedelta(minutes=40 - nth), rank=rank[0], ground=rank[1]
                )
        serve(clerks[0])
        with transaction():
            operations.call_next(HALL, WINDOWS[1], by=clerks[1], at=THURSDAY - timedelta(minutes=2))
            for _ in range(3):
                slot = first_free_slots(HALL, ITEM, THURSDAY, 1)[0]
                operations.book(HALL, ITEM, slot, by=citizen(), at=THURSDAY)


def serve(by: By) -> None:
    at = THURSDAY - timedelta(minutes=20)
    with transaction():
        one = operations.call_next(HALL, WINDOWS[0], by=by, at=at)
        assert one is not None
        operations.start(one.id, by=by, at=at)
        operations.serve(one.id, Outcome.INFORMATION, by=by, at=at + timedelta(minutes=9), is_confirmed=True)


def manager(city: City) -> By:
    return city.staff.by("hall-manager", "government-services")


class Round(Walk):
    """A walk that keeps a picture of each page if a folder for them is given."""

    def examine(self) -> None:
        super().examine()
        if SHOTS:
            name = re.sub(r"\W+", "-", self.page.url.split("/clerk/")[-1].split("?")[0])
            file = f"{len(self.seen):02d}-{name}-{self.language}-{self.width}.png"
            self.page.screenshot(path=Path(SHOTS) / file, full_page=True)


@LOOKS
def test_the_hall_managers_round(page: Page, city: City, complaints: list[str], language: str, width: int) -> None:
    walk = Round(page, city, language, width)
    walk.open("/sign-in")
    page.locator("#name").fill(str(manager(city).post))
    page.locator("#password").fill(PASSWORD)
    walk.go_on()
    expect(page).to_have_url(re.compile(f"{PAGE}$"))
    walk.examine()

    walk.open(f"{PAGE}/issue")
    page.locator("#item").select_option(ITEM)
    page.locator("#ground").select_option("disabled")
    page.locator("#matters").select_option("2")
    walk.examine()
    walk.go_on()
    page.locator("input[name='situation'][value='by-agent']").check()  # asked once the service is chosen
    walk.examine()
    walk.go_on()
    expect(page.locator(".portal-slip__code")).to_have_text(re.compile(r"^[A-Z0-9]{8}$"))
    walk.examine()

    walk.open(PAGE)
    walk.follow(".hall-list tbody a")
    walk.examine()
    walk.open(f"{PAGE}/windows/{WINDOWS[0]}/pause")
    walk.examine()

    for address in ("needed", "issuing", "surge", "end", "paper"):
        walk.open(f"{PAGE}/{address}")
        walk.examine()
    paper(walk, page, f"{language}{width}")
    shifts(walk, page)
    closure(walk, page)

    walk.open(f"{PAGE}/days/{THURSDAY.date()}")
    walk.examine()
    walk.follow(".staff-figures a")
    walk.examine()
    walk.open("/clerk/hall/")
    expect(page).to_have_url(re.compile(f"{PAGE}"))
    assert [one for one in complaints if "422" not in one] == []


def paper(walk: Round, page: Page, block: str) -> None:
    """A wrong line first: it is named, and the good one stays as it was typed."""
    walk.open(f"{PAGE}/paper")
    page.locator("#block").fill(block)
    for part, value in (("year", 2026), ("month", 9), ("day", 24)):
        page.locator(f"#on-{part}").fill(str(value))
    page.locator("#from_at").fill("09:05")
    page.locator("#until_at").fill("09:40")
    page.locator("#cause").fill("the line was down")
    walk.go_on()
    first = {"zh375": 1, "zh1280": 3, "en375": 5, "en1280": 7}[block]
    for nth, issued in ((1, "09:10"), (2, "soon")):
        page.locator(f"#line{nth}-number").fill(str(first + nth - 1))
        page.locator(f"#line{nth}-item").select_option(ITEM)
        page.locator(f"#line{nth}-issued").fill(issued)
    walk.go_on()
    walk.examine()
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("#line2-issued")).to_be_focused()
    expect(page.locator("#line1-issued")).to_have_value("09:10")
    page.locator("#line2-issued").fill("09:20")
    walk.go_on()
    expect(page.locator(".hall-list tbody tr").last).to_contain_text(f"Z00{first + 1}")
    walk.examine()


def shifts(walk: Round, page: Page) -> None:
    walk.open(f"{PAGE}/shifts")
    cell = page.locator(f"#spans-{WINDOWS[0]}-2026-09-25")
    cell.fill("9 to 12")
    save = walk.main.locator("button.govuk-button:not(.govuk-button--secondary)").first
    with page.expect_navigation():
        save.click()
    walk.examine()
    page.locator(".govuk-error-summary a").first.click()
    expect(cell).to_be_focused()
    expect(cell).to_have_value("9 to 12")
    cell.fill("09:00-11:30\n12:00-17:00")
    with page.expect_navigation():
        walk.main.locator("button.govuk-button:not(.govuk-button--secondary)").first.click()
    walk.examine()
    expect(cell).to_have_value("09:00-11:30\n12:00-17:00")


def closure(walk: Round, page: Page) -> None:
    """On the Monday of the appointments: shown first, declared, and withdrawn again for the round after this."""
    walk.open(f"{PAGE}/closures/new")
    page.locator("[name=cause][value=emergency]").check()
    for name in ("from", "until"):
        for part, value in (("year", 2026), ("month", 9), ("day", 28)):
            page.locator(f"#{name}_on-{part}").fill(str(value))
    page.locator("#from_at").fill("08:00")
    page.locator("#until_at").fill("20:00")
    page.locator("#reason").fill("no electricity")
    walk.go_on()
    expect(walk.main.locator(".hall-risk li")).to_have_count(3)  # the three appointments of that Monday
    walk.examine()
    walk.go_on()
    expect(page).to_have_url(re.compile(r"/closures/city-hall-C\d+"))
    walk.examine()
    with page.expect_navigation():
        walk.main.locator("form[action$='/withdraw'] button").click()
