"""The clerk's window: what is offered in each state, and that a click does what the button says, once."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from portal.basis import By, Role
from portal.cases.model import CaseState
from portal.cases.queries import case_page
from portal.hall import operations
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import TicketState
from portal.hall.queries.tickets import ticket
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.hall.hall_city import HALL, TEN, WINDOWS, issued, minutes, seat
from tests.web.office import OfficeHouse

DESK = f"/clerk/window/{HALL}/{WINDOWS[0]}"


@pytest.fixture
def at_ten(house: OfficeHouse) -> OfficeHouse:
    house.now = TEN
    return house


@pytest.fixture
def clerk(at_ten: OfficeHouse) -> FlaskClient:
    client = at_ten.signed_in("clerk", "social-insurance")
    assert client.post(f"{DESK}/open").status_code == 303
    return client


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_clerk_chooses_among_the_windows_of_the_own_office(at_ten: OfficeHouse) -> None:
    page = at_ten.signed_in("clerk", "social-insurance").get("/clerk/window/").text
    assert "Social insurance window 1" in page
    assert "Market supervision window" not in page


@pytest.mark.parametrize("address", [f"{HALL}/market-1", f"{HALL}/no", "no/window-1"])
def test_a_window_of_another_office_is_not_there(at_ten: OfficeHouse, address: str) -> None:
    address = f"/clerk/window/{address}"
    client = at_ten.signed_in("clerk", "social-insurance")
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/next").status_code == 404


def test_the_whole_of_a_visit(at_ten: OfficeHouse, clerk: FlaskClient) -> None:
    one, two = issued(TEN), issued(TEN, rank=Rank.PRIORITY, ground=Ground.ELDERLY)
    page = said(clerk.get(DESK).text)
    assert "2 wait for this window" in page
    assert f"Comes next {two.ticket.printed}" in page  # priority first
    clerk.post(f"{DESK}/next")
    assert "Called 1 time" in said(clerk.get(DESK).text)
    clerk.post(f"{DESK}/start")
    at_ten.now = TEN + minutes(7)
    answer = clerk.post(f"{DESK}/serve", data={"serve-outcome": "case", "serve-reference": "990100-2026-000001"})
    assert answer.status_code == 303
    done = ticket(two.ticket.id)
    assert (done.state, done.reference, done.served_seconds) == (TicketState.SERVED, "990100-2026-000001", 420)
    assert ticket(one.ticket.id).state is TicketState.WAITING


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(clerk: FlaskClient) -> None:
    issued(TEN)
    clerk.post(f"{DESK}/next")
    clerk.post(f"{DESK}/start")
    answer = clerk.post(f"{DESK}/serve", data={"serve-outcome": "inquiry", "serve-reference": ""})
    assert answer.status_code == 422
    assert "Give the number of the request" in answer.text
    assert re.search(r'value="inquiry"[^>]*checked', answer.text)


def test_a_click_sent_twice_counts_once(clerk: FlaskClient) -> None:
    issued(TEN), issued(TEN)
    clerk.post(f"{DESK}/next", data={"once_key": "k" * 24})
    clerk.post(f"{DESK}/start")
    clerk.post(f"{DESK}/serve", data={"serve-outcome": "information", "serve-is_confirmed": "y"})
    clerk.post(f"{DESK}/next", data={"once_key": "k" * 24})
    assert "Nobody is at the window" in clerk.get(DESK).text


def test_a_click_that_cannot_be_says_why(clerk: FlaskClient) -> None:
    issued(TEN)
    clerk.post(f"{DESK}/next")
    answer = clerk.post(f"{DESK}/recall", follow_redirects=True)
    assert "3 minutes after the last call" in answer.text


def test_an_empty_queue_is_told(clerk: FlaskClient) -> None:
    assert "Nobody waits for this window." in clerk.post(f"{DESK}/next", follow_redirects=True).text


def test_parking_and_taking_up_again(clerk: FlaskClient) -> None:
    one = issued(TEN)
    clerk.post(f"{DESK}/next")
    clerk.post(f"{DESK}/park", data={"park-reason": "fills in a form"})
    assert "fills in a form" in clerk.get(DESK).text
    clerk.post(f"{DESK}/resume", data={"ticket": one.ticket.id})
    assert ticket(one.ticket.id).state is TicketState.SERVING


def test_a_number_of_nowhere_cannot_be_taken_up(clerk: FlaskClient) -> None:
    answer = clerk.post(f"{DESK}/resume", data={"ticket": "elsewhere"}, follow_redirects=True)
    assert "no such number" in answer.text


def test_passing_on_to_another_service_keeps_the_turn(clerk: FlaskClient) -> None:
    one = issued(TEN)
    clerk.post(f"{DESK}/next")
    clerk.post(f"{DESK}/pass-on", data={"pass-on-to_item": "food-licence", "pass-on-to_window": ""})
    found = ticket(one.ticket.id)
    assert (found.state, found.item, found.turn_at) == (TicketState.WAITING, "food-licence", one.ticket.turn_at)


def test_promises_that_would_break_are_listed_before_the_window_closes(at_ten: OfficeHouse, clerk: FlaskClient) -> None:
    from tests.hall.hall_city import tried

    while isinstance(tried(TEN + minutes(330)), operations.Slip):
        pass
    at_ten.now = TEN + minutes(330)
    answer = clerk.post(f"{DESK}/close", data={"close-reason": ""})
    assert answer.status_code == 422
    assert "could not be called before closing time" in answer.text
    assert clerk.post(f"{DESK}/close", data={"close-reason": "taken ill"}).status_code == 303


def test_who_sits_down_elsewhere_is_shown_the_promises_of_the_window_that_is_left(
    at_ten: OfficeHouse, clerk: FlaskClient
) -> None:
    from portal.hall.places import place
    from tests.hall.hall_city import ITEM, MANAGER, tried

    with transaction():
        for window in place(HALL).windows_for(ITEM) - {WINDOWS[0]}:
            operations.set_shift(HALL, window, TEN.date(), [], by=MANAGER, at=TEN)
    while isinstance(tried(TEN + minutes(330)), operations.Slip):
        pass
    at_ten.now = TEN + minutes(330)
    other = DESK.replace(WINDOWS[0], WINDOWS[1])
    answer = clerk.post(f"{other}/open")
    assert answer.status_code == 422
    assert "could not be called before closing time" in answer.text
    assert "leave the other window" in said(answer.text)
    assert clerk.post(f"{other}/move", data={"move-reason": ""}).status_code == 422
    assert clerk.post(f"{other}/move", data={"move-reason": "the screen is broken"}).status_code == 303
    assert "Call the next" in clerk.get(other).text


def test_who_takes_a_window_over_is_checked(at_ten: OfficeHouse, clerk: FlaskClient) -> None:
    sent = {"pass-window-to_actor": at_ten.by("clerk", "social-insurance", 2).actor}
    with transaction():
        operations.open_window(HALL, WINDOWS[1], by=at_ten.by("clerk", "social-insurance", 2), at=TEN)
    answer = clerk.post(f"{DESK}/pass-window", data=sent)
    assert answer.status_code == 422
    assert "sits at another window" in answer.text


def test_a_colleague_takes_the_window_over(at_ten: OfficeHouse, clerk: FlaskClient) -> None:
    colleague = at_ten.by("clerk", "social-insurance", 2)
    clerk.post(f"{DESK}/pass-window", data={"pass-window-to_actor": colleague.actor})
    assert "Somebody else works at this window" in clerk.get(DESK).text
    issued(TEN)
    other = at_ten.signed_in("clerk", "social-insurance", 2)
    assert other.post(f"{DESK}/next").status_code == 303
    assert "Called 1 time" in said(other.get(DESK).text)


def test_the_situation_and_what_it_asks_for_are_known_before_the_call(clerk: FlaskClient) -> None:
    issued(TEN, situation="by-agent"), issued(TEN), issued(TEN, situation="after-benefit")
    page = said(clerk.get(DESK).text)
    assert "Situation: By an agent Asked for in this situation: Authorisation signed by the claimant" in page
    clerk.post(f"{DESK}/next")
    page = said(clerk.get(DESK).text)
    now, _, comes = page.partition("Comes next")
    assert "Situation: By an agent" in now  # stays while the visit lasts
    assert "Situation: not told; ask" in comes
    assert "Authorisation" not in comes
    assert "No material has to be brought." not in comes
    clerk.post(f"{DESK}/start")
    clerk.post(f"{DESK}/serve", data={"serve-outcome": "information", "serve-is_confirmed": "y"})
    clerk.post(f"{DESK}/next")
    _, _, comes = said(clerk.get(DESK).text).partition("Comes next")
    assert "Situation: After unemployment benefit No material has to be brought." in comes


def test_passed_on_to_another_service_the_situation_is_not_that_services(clerk: FlaskClient) -> None:
    one = issued(TEN, situation="by-agent")
    clerk.post(f"{DESK}/next")
    clerk.post(f"{DESK}/pass-on", data={"pass-on-to_item": "", "pass-on-to_window": WINDOWS[1]})
    assert ticket(one.ticket.id).situation == "by-agent"
    clerk.post(f"{DESK}/next")
    other = issued(TEN, situation="by-agent")
    clerk.post(f"{DESK}/next")
    clerk.post(f"{DESK}/pass-on", data={"pass-on-to_item": "food-licence", "pass-on-to_window": ""})
    assert (ticket(other.ticket.id).item, ticket(other.ticket.id).situation) == ("food-licence", None)


def test_what_the_holder_still_owes_is_shown_before_he_is_called(at_ten: OfficeHouse, clerk: FlaskClient) -> None:
    owed = at_ten.make_case("unemployment-subsidy", to=CaseState.CORRECTING, moment=TEN - minutes(3000))
    with reading():
        applicant = By(case_page(owed, at=TEN).case.applicant, Role.APPLICANT)
    with transaction():
        operations.issue(HALL, "unemployment-subsidy", by=applicant, at=TEN, holder=applicant.actor)
    page = said(clerk.get(DESK).text)
    assert f"{owed} : still missing" in page


@pytest.mark.parametrize("typed", ["A012", "a012", " A 12 ", "Ａ０１２", "A-12"])
def test_anybody_who_waits_can_be_called_before_the_turn_by_the_number_of_the_slip(
    clerk: FlaskClient, typed: str
) -> None:
    slips = [issued(TEN) for _ in range(12)]
    assert "4 more wait after them." in said(clerk.get(DESK).text)
    answer = clerk.post(f"{DESK}/call", data={"call-number": typed, "call-ground": "elderly"})
    assert answer.status_code == 303
    called = ticket(slips[11].ticket.id)
    assert (called.printed, called.state) == ("A012", TicketState.CALLED)
    assert ledger.events(f"ticket/{called.id}")[-1].text("ground") == "elderly"


@pytest.mark.parametrize("typed", ["A013", "twelve", "012", "Z001", "A999999"])
def test_a_number_that_nobody_holds_is_told_at_its_field(clerk: FlaskClient, typed: str) -> None:
    for _ in range(12):
        issued(TEN)
    answer = clerk.post(f"{DESK}/call", data={"call-number": typed, "call-ground": "elderly"})
    assert answer.status_code == 422
    assert f"Nobody waits for this window with number {typed}." in answer.text
    assert f'value="{typed}"' in answer.text


def test_before_the_turn_nobody_is_called_without_a_ground_nor_from_another_window(clerk: FlaskClient) -> None:
    seat(1, TEN, window="market-1", office="market-supervision")
    one, other = issued(TEN).ticket.printed, issued(TEN, item="food-licence").ticket.printed
    for typed, ground in ((one, ""), (one, "made-up"), (other, "elderly")):
        answer = clerk.post(f"{DESK}/call", data={"call-number": typed, "call-ground": ground})
        assert answer.status_code == 422, typed


def test_single_keys_are_on_until_they_are_switched_off_and_that_is_kept(clerk: FlaskClient) -> None:
    page = clerk.get(DESK).text
    assert 'data-key="n"' in page
    assert "(key N)" in page
    assert f'href="{DESK}?keys=off"' in page
    off = clerk.get(f"{DESK}?keys=off").text
    for page in (off, clerk.get(DESK).text, clerk.post(f"{DESK}/pause", data={"pause-reason": "x" * 301}).text):
        assert "data-key" not in page
        assert "(key " not in page
        assert f'href="{DESK}?keys=on"' in page
    clerk.get(f"{DESK}?keys=on")
    assert 'data-key="n"' in clerk.get(DESK).text


def test_an_unknown_choice_of_keys_changes_nothing(clerk: FlaskClient) -> None:
    answer = clerk.get(f"{DESK}?keys=perhaps")
    assert 'data-key="n"' in answer.text
    assert "desk-keys" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_every_key_of_the_list_is_on_a_button(clerk: FlaskClient) -> None:
    from portal.web.clerk.keys import STEPS

    issued(TEN)
    pages = [clerk.get(DESK).text]
    for step in ("next", "start"):
        clerk.post(f"{DESK}/{step}")
        pages.append(clerk.get(DESK).text)
    assert set(re.findall(r'data-key="(\w)"', "".join(pages))) == set(STEPS)
    assert all(f"<kbd>{key.upper()}</kbd>" in pages[0] for key in STEPS)
