"""A hall's day in real browsers, two clerks and five people, from opening through closing time; nobody is lost.

What every page shows is what the ledger says at the end, and the one promise that was broken is the one thing found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from portal.accounts import operations as accounts
from portal.accounts.sign_ins.model import Limits
from portal.basis import By, Role
from portal.compliance.findings import queries as findings
from portal.hall import operations
from portal.hall.places import places
from portal.hall.queries.queue import in_the_hall
from portal.ledger import queries as ledger
from portal.scheduler.jobs import mind_halls
from portal.scheduler.judging import examine
from portal.store import reading, transaction
from tests.browser.citizen_city import City, running_city
from tests.browser.hall_people import HERE, Clerk, Kiosk, Paper, Phone, Screen, press_together
from tests.cases.city import at, on
from tests.hall.hall_city import HALL, ITEM, SOCIAL, WINDOWS, minutes
from tests.hall.standing_checks import faults
from tests.web.office import PASSWORD

EVE = at("Monday 2026-03-02 10:00")
DAY, NEXT_DAY = on("Tuesday 2026-03-03"), on("Wednesday 2026-03-04")
OTHER_HALL = "centre-b-hall"
OTHER_SERVICE = "pension-claim"


@pytest.fixture
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("day")) as city:
        city.now = EVE
        # Five minutes here are a second there; how long a sign-in lasts has tests of its own.
        city.app.config["SIGN_IN_LIMITS"] = Limits(idle_staff=minutes(24 * 60), longest=minutes(24 * 60))
        with city.app.app_context(), transaction():
            for by in (manager(city), *(city.staff.by("clerk", SOCIAL, which) for which in (1, 2))):
                accounts.set_password(by.actor, PASSWORD, at=EVE)
            planned(city)
        yield city


def manager(city: City) -> By:
    return city.staff.by("hall-manager", "government-services")


def planned(city: City) -> None:
    """That day the hall has two windows, and in the other hall one is open."""
    staffed = {(HALL, window) for window in WINDOWS} | {(OTHER_HALL, "window-1")}
    for place in places():
        by = By("manager", Role.HALL_MANAGER, office=place.hall.run_by)
        for window in place.windows:
            if (place.code, window) not in staffed:
                operations.set_shift(place.code, window, DAY, [], by=by, at=EVE)
    there = city.staff.by("clerk", "centre-b")
    operations.open_window(OTHER_HALL, "window-1", by=there, at=at("Tuesday 2026-03-03 08:55"))


class Cast(NamedTuple):
    city: City
    clerks: tuple[Clerk, Clerk]
    kiosk: Kiosk
    screen: Screen
    li: Phone
    wang: Phone
    qian: Phone
    zhao: Phone
    sun: Phone

    def clock(self, time: str) -> None:
        """It is that time; the scheduler has minded the halls."""
        self.city.now = at(f"Tuesday 2026-03-03 {time}")
        with self.city.app.app_context():
            mind_halls(self.city.now)

    def found(self) -> list[tuple[str, str | None, str]]:
        """What the rules find of all that is in the ledger: rule, what is wrong, and whose it is."""
        with self.city.app.app_context():
            examine(self.city.now)
            with reading():
                return [(one.rule, one.variant, one.about) for one in findings.findings(limit=100)]


def test_a_halls_day_through_closing_time(browser: Browser, city: City) -> None:
    zhao = Phone(browser, city)
    booked = appointment_of(zhao)
    city.now = at("Tuesday 2026-03-03 08:50")
    kiosk = Kiosk(browser, city, str(manager(city).post))
    clerks = [
        Clerk(browser, city, str(city.staff.by("clerk", SOCIAL, which).post), WINDOWS[which - 1]) for which in (1, 2)
    ]
    phones = [Phone(browser, city, language) for language in ("en", "en", "zh", "en")]
    screen = Screen(browser, city)
    expect(screen.page.locator("[data-en]").first).to_have_text("Nobody has been called yet today.")
    li, wang, qian, sun = phones
    cast = Cast(city, (clerks[0], clerks[1]), kiosk, screen, li, wang, qian, zhao, sun)
    the_first_two(cast)
    one_comes_by_appointment_and_one_does_not_come(cast, booked)
    one_gives_the_number_up(cast)
    last = the_last_number(cast)
    the_hall_closes(cast, last)
    what_the_ledger_says(cast)


def appointment_of(zhao: Phone) -> tuple[str, str]:
    """Booked the day before, for half past nine: number and code."""
    zhao.open(f"{HERE}/appointment/{ITEM}/{DAY}/0930")
    zhao.go_on()
    return zhao.page.locator("#number").inner_text(), zhao.page.locator("#code").inner_text()


def the_first_two(cast: Cast) -> None:
    """Priority goes first, two clerks get two people, and who is passed on is called before who came later."""
    cast.clock("09:00")
    papers = {"li": cast.kiosk.take_number(), "wang": cast.wang.take_number()}
    cast.li.scan(papers["li"])
    cast.clock("09:02")
    papers["qian"] = cast.kiosk.take_number(ground="elderly")
    cast.qian.scan(papers["qian"])
    assert [papers[name].number for name in ("li", "wang", "qian")] == ["A001", "A002", "Y001"]
    cast.qian.expects("等候")

    cast.clock("09:04")
    got = press_together(cast.city, *cast.clerks)
    assert sorted(got) == ["A001", "Y001"], "two people, of whom one holds priority, and not who came after them"
    desk = dict(zip(got, cast.clerks, strict=True))
    window = {number: got.index(number) + 1 for number in got}
    cast.li.expects(f"Come now to Social insurance window {window['A001']}")
    cast.qian.expects(f"请现在到社保窗口{window['Y001']}")
    cast.wang.expects("Waiting")
    expect(cast.screen.page.locator("[data-number]:visible")).to_have_count(2)

    cast.clock("09:06")
    for number in got:
        desk[number].click("start")
    desk["A001"].fill_in("pass-on", to_item=OTHER_SERVICE, reason="a pension, not a subsidy")
    cast.li.expects("Waiting")
    cast.clock("09:10")
    desk["Y001"].finish()
    cast.qian.expects("已办")
    assert desk["Y001"].call_next() == "A001", "the place is kept"
    cast.screen.shows("A001", "Y001")
    assert cast.screen.size(".board__number") > 2 * cast.screen.size(".board__line-number"), "the last call is biggest"
    cast.clock("09:11")
    assert desk["A001"].call_next() == "A002"
    cast.wang.expects("Come now")
    cast.screen.shows("A002", "A001", "Y001")
    for clerk in cast.clerks:
        clerk.click("start")
    cast.clock("09:17")
    for clerk in cast.clerks:
        clerk.finish()


def one_comes_by_appointment_and_one_does_not_come(cast: Cast, booked: tuple[str, str]) -> None:
    one, two = cast.clerks
    cast.clock("09:18")
    assert cast.sun.take_number().number == "A003"
    cast.clock("09:19")
    paper = cast.kiosk.check_in(*booked)
    assert paper.number == "P001"
    cast.zhao.scan(paper)
    assert one.call_next() == "P001", "an appointment goes before who came a minute earlier"
    cast.zhao.expects("Come now to Social insurance window 1")
    one.click("start")
    assert two.call_next() == "A003"
    cast.sun.expects("Come now to Social insurance window 2")
    two.click("recall")
    two.told("may be called again 3 minutes after the last call")
    two.click("absent")
    two.told("absent only after 3 calls")
    for time in ("09:22", "09:25"):
        cast.clock(time)
        two.click("recall")
    expect(cast.sun.page.locator("[data-state]")).to_contain_text("called 3 times")
    cast.clock("09:27")
    one.finish()
    cast.clock("09:28")
    two.click("absent")
    cast.sun.expects("You were called and did not come")


def one_gives_the_number_up(cast: Cast) -> None:
    cast.clock("09:30")
    assert cast.li.take_number().number == "A004"
    cast.li.follow("a[href$='/give-up']")
    with cast.li.page.expect_navigation():
        cast.li.main.locator("form button").click()
    cast.li.expects("Given up")
    for clerk in cast.clerks:
        clerk.open(clerk.desk)
        clerk.click("next")
        clerk.told("Nobody waits for this window.")


def the_last_number(cast: Cast) -> Paper:
    """One window is busy for long, the other one leaves although it is told whose promise breaks."""
    one, two = cast.clerks
    cast.clock("16:20")
    assert cast.wang.take_number().number == "A005"
    assert one.call_next() == "A005"
    one.click("start")
    cast.clock("16:36")
    last = cast.kiosk.take_number()
    assert last.number == "A006"
    cast.qian.scan(last)

    cast.clock("16:45")
    cast.sun.ask_for_number()
    expect(cast.sun.page.locator("h1")).to_have_text("No number could be issued")
    expect(cast.sun.page).to_have_url(re.compile(f"{HERE}/refusals/"))
    expect(cast.sun.main).to_contain_text("could not be sure to be served before closing time")
    expect(cast.sun.main.locator(f"form[action^='{HERE}/appointment/{ITEM}/{NEXT_DAY}']")).to_have_count(3)
    expect(cast.sun.main.locator(f"a[href='/halls/{OTHER_HALL}/number/{ITEM}']")).to_be_visible()
    expect(cast.sun.main.locator(f"a[href='/items/{ITEM}#start']")).to_be_visible()
    cast.sun.examine()

    cast.clock("16:52")
    two.open(two.desk)
    two.fill_in("close")
    two.told("Without this window 1 numbers could not be called before closing time: A006.")
    two.fill_in("close", reason="taken ill")
    return last


def the_hall_closes(cast: Cast, last: Paper) -> None:
    """Who is served at closing time is served to the end; who still waits is told the truth."""
    one = cast.clerks[0]
    cast.clock("17:00")
    assert cast.found() == []
    cast.clock("17:05")
    cast.qian.expects("等候")  # a window is still open and may serve on
    one.open(one.desk)
    one.finish()
    one.fill_in("close")
    cast.clock("17:06")
    qian = cast.qian
    qian.expects("我们没有兑现承诺")
    expect(qian.main).to_contain_text("大厅已关闭而没有叫到您。这是我们的过错，不是您的，我们深表歉意。")
    qian.examine()
    expect(cast.screen.page.locator("[data-notice-en]")).to_have_text("The hall is closed.")
    figures_of_the_day(cast)

    qian.follow("a[href*='/carry-over']")
    expect(qian.page.locator("[name=code]")).to_have_value(last.code)
    assert last.code not in qian.page.url
    qian.examine()
    qian.go_on()
    expect(qian.page.locator("h1")).to_have_text("您的号是 S001")
    cast.li.open(last.path)
    cast.li.expects("Carried over to another day")
    figures_of_the_day(cast)  # a breach that was made good was one all the same
    with cast.city.app.app_context(), reading():
        assert [one.printed for one in in_the_hall(HALL, NEXT_DAY)] == ["S001"]


def figures_of_the_day(cast: Cast) -> None:
    visitor = cast.zhao
    visitor.open(f"{HERE}/figures")
    cells = visitor.main.locator("tbody tr").first.locator("td").all_inner_texts()
    shares = [re.sub(r"\s+", " ", cell) for cell in cells]
    assert shares[0] == "8"
    assert shares[1].startswith("5 of 8")
    assert shares[2].startswith("1 of 9")
    assert shares[3].startswith("1 of 8")
    assert shares[-2:] == ["09:00–12:00, 13:30–17:00", "08:50–17:05"]


def what_the_ledger_says(cast: Cast) -> None:
    cast.clock("17:30")
    with cast.city.app.app_context(), reading():
        assert faults([]) == []
        events = [event for batch in ledger.stream() for event in batch]
        here = [event for event in events if event.subject.startswith(("ticket/", f"hall/{HALL}"))]
        (closed,) = [event for event in here if event.kind == "hall-closed"]
        counted = {name: closed.integer(name) for name in ("issued", "served", "refused", "unserved")}
        assert counted == {"issued": 8, "served": 5, "refused": 1, "unserved": 1}
        kinds = Counter(event.kind for event in here)
        assert {kind: kinds[kind] for kind in ENDS} == ENDS
        (unserved,) = [event for event in here if event.kind == "ticket-closed-unserved"]
        fault = [unserved.text(name) for name in ("cause", "fault_office", "fault_window")]
        assert fault == ["window-withdrawn", SOCIAL, WINDOWS[1]]
    assert cast.found() == [("V23", "unserved", unserved.subject)]


ENDS = {
    "ticket-issued": 9,  # with the one for the next day
    "ticket-called": 9,  # of eight numbers six were called, one twice at two windows, one three times
    "ticket-transferred": 1,
    "ticket-served": 5,
    "ticket-absent": 1,
    "ticket-released": 1,
    "ticket-refused": 1,
    "ticket-closed-unserved": 1,
    "ticket-carried-over": 1,
}
