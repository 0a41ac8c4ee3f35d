"""A browser becomes a kiosk by the hall manager's hand only; two taps to a number; a failed slip keeps its turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.basis import SYSTEM, Bilingual, Role
from portal.hall import operations
from portal.hall.model.tickets import Source, Ticket, TicketState
from portal.hall.queries.tickets import ticket as load
from portal.store import reading, transaction
from portal.web.citizen.items import in_force
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, WINDOWS, citizen, clerk
from tests.web.citizen.hall_visits import ONCE, PATH, TEN
from tests.web.citizen.visits import texts
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened

KIOSK = f"{PATH}/kiosk"
OFFICE = "government-services"


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    for house in opened(sqlite_url, tmp_path):
        house.now = at("Tuesday 2026-03-03 08:55")
        with transaction():
            for office in (OFFICE, "approval-bureau"):
                account = accounts.create_account(
                    f"m-{office}", "管理员", AccountKind.STAFF, at=house.now, by=SYSTEM, password=PASSWORD
                )
                post = f"{office}.manager.1"
                accounts.create_post(
                    post, office, Role.HALL_MANAGER, Bilingual("大厅", "Hall"), by=SYSTEM, at=house.now
                )
                accounts.appoint(account.id, post, house.now.date(), by=SYSTEM, at=house.now)
            operations.open_window(HALL, WINDOWS[0], by=clerk(1), at=house.now)
        house.now = TEN
        yield house


def manager(house: OfficeHouse, office: str = OFFICE) -> FlaskClient:
    client = house.app.test_client()
    client.get("/?lang=en")
    answer = client.post("/sign-in", data={"name": f"m-{office}", "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def kiosk(house: OfficeHouse) -> FlaskClient:
    client = manager(house)
    answer = client.post(f"{KIOSK}/enrol", data={"name": "entrance, left"})
    assert (answer.status_code, answer.location) == (303, KIOSK)
    return client


def take(kiosk: FlaskClient, item: str = ITEM, **more: str) -> str:
    answer = kiosk.post(f"{KIOSK}/take", data={"item": item, "once_key": next(ONCE), **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def ticket_at(address: str) -> Ticket:
    with reading():
        return load(address.rsplit("/", 1)[-1])


def test_no_browser_is_a_kiosk_by_itself(house: OfficeHouse) -> None:
    stranger = house.app.test_client()
    for path in (KIOSK, f"{KIOSK}/office/{OFFICE}", f"{KIOSK}/slip/x", f"{KIOSK}/appointment", f"{KIOSK}/sent-away"):
        assert stranger.get(path).status_code == 403, path
    assert stranger.post(f"{KIOSK}/take", data={"item": ITEM, "once_key": next(ONCE)}).status_code == 403
    stranger.set_cookie("kiosk", "made up", path=KIOSK)
    assert stranger.get(KIOSK).status_code == 403


def test_only_the_manager_of_this_hall_makes_a_browser_its_kiosk(house: OfficeHouse) -> None:
    assert house.app.test_client().get(f"{KIOSK}/enrol").status_code == 401
    other, own = manager(house, "approval-bureau"), manager(house)
    assert other.get(f"{KIOSK}/enrol").status_code == 403
    assert other.post(f"{KIOSK}/enrol", data={"name": "mine"}).status_code == 403
    assert house.signed_in("clerk").get(f"{KIOSK}/enrol").status_code == 403
    assert own.get(f"{KIOSK}/enrol").status_code == 200
    assert own.post(f"{KIOSK}/enrol", data={"name": " "}).status_code == 422


def test_enrolled_it_serves_visitors_and_the_manager_is_signed_out(kiosk: FlaskClient) -> None:
    assert kiosk.get(KIOSK).status_code == 200
    assert kiosk.get(f"{KIOSK}/enrol").status_code == 401
    assert kiosk.get("/halls/jia-hall/kiosk").status_code in (403, 404)
    cookie = kiosk.get_cookie("kiosk", path=KIOSK)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"


def test_withdrawn_from_elsewhere_it_issues_nothing_any_more(house: OfficeHouse, kiosk: FlaskClient) -> None:
    desk = manager(house)
    page = desk.get(f"{KIOSK}/enrol")
    assert "entrance, left" in page.text
    action = re.search(rf'action="({KIOSK}/\d+/withdraw)"', page.text)
    assert action is not None
    assert desk.post(action[1], data={"once_key": next(ONCE)}).status_code == 303
    assert "None yet." in texts(desk.get(f"{KIOSK}/enrol"))
    assert kiosk.get(KIOSK).status_code == 403


def test_three_taps_lead_to_a_printed_number_with_its_situation(kiosk: FlaskClient) -> None:
    first = kiosk.get(KIOSK)
    assert f"{KIOSK}/office/social-insurance" in first.text
    second = kiosk.get(f"{KIOSK}/office/social-insurance?ground=disabled&matters=2")
    asks = re.search(rf'href="({KIOSK}/situation/{ITEM}[^"]*)"', second.text)
    assert asks is not None
    third = kiosk.get(unescape(asks[1])).text
    assert re.findall(r'name="situation" value="([^"]*)"', third) == ["after-benefit", "not-entitled", "by-agent", ""]
    assert third.count('name="ground" value="disabled"') == third.count('name="matters" value="2"') == 4
    found = ticket_at(take(kiosk, situation="by-agent"))
    assert (found.printed, found.situation) == ("A001", "by-agent")


def test_who_does_not_know_the_situation_gets_a_number_all_the_same(kiosk: FlaskClient) -> None:
    assert ticket_at(take(kiosk, situation="")).situation is None


def test_a_situation_that_the_service_does_not_have_is_told_and_no_number_is_issued(kiosk: FlaskClient) -> None:
    answer = kiosk.post(f"{KIOSK}/take", data={"item": ITEM, "situation": "made-up", "once_key": next(ONCE)})
    assert answer.status_code == 409
    assert "This service has no such situation" in texts(answer)
    assert ticket_at(take(kiosk)).printed == "A001"


def test_a_service_with_one_situation_is_two_taps_away(kiosk: FlaskClient) -> None:
    page = kiosk.get(f"{KIOSK}/office/social-insurance").text
    one = next(
        version for version in in_force() if version.office == "social-insurance" and len(version.situations) == 1
    )
    assert f'name="item" value="{one.code}"' in page
    assert f"{KIOSK}/situation/{one.code}" not in page


def test_another_slip_for_what_was_not_printed_has_the_same_situation(kiosk: FlaskClient) -> None:
    first = ticket_at(take(kiosk, situation="by-agent"))
    answer = kiosk.post(f"{KIOSK}/slip/{first.id}/failed", data={"once_key": next(ONCE)})
    assert ticket_at(str(answer.location)).situation == "by-agent"


def test_a_slip_is_printed_and_the_kiosk_waits_for_the_next(kiosk: FlaskClient) -> None:
    address = take(kiosk)
    slip = kiosk.get(address)
    assert "Your number is A001" in texts(slip)
    assert operations.holders_code(f"ticket/{ticket_at(address).id}") in slip.text
    assert f'content="15;url={KIOSK}"' in slip.text
    assert ticket_at(address).source is Source.WALK_IN


def test_a_double_tap_is_one_number(kiosk: FlaskClient) -> None:
    key = next(ONCE)
    places = {kiosk.post(f"{KIOSK}/take", data={"item": ITEM, "once_key": key}).location for _ in range(2)}
    assert len(places) == 1
    assert take(kiosk) not in places
    assert ticket_at(places.pop() or "").printed == "A001"


def test_priority_and_several_matters_are_touched_first(kiosk: FlaskClient) -> None:
    page = kiosk.get(f"{KIOSK}/office/social-insurance?ground=disabled&matters=3")
    assert 'name="ground" value="disabled"' in page.text
    found = ticket_at(take(kiosk, ground="disabled", matters="3"))
    assert (found.printed, found.ground, found.matters) == ("Y001", "disabled", 3)
    plain = ticket_at(take(kiosk, ground="made-up", matters="99"))
    assert (plain.ground, plain.matters) == (None, 1)


def test_nothing_of_a_visitor_stays_in_the_kiosk(house: OfficeHouse, kiosk: FlaskClient) -> None:
    address = take(kiosk)
    assert ticket_at(address).id not in kiosk.get("/follow").text
    assert kiosk.get(f"/t/{ticket_at(address).id}/slip").status_code == 303
    house.now += timedelta(minutes=3)
    assert kiosk.get(address).location == KIOSK


@pytest.mark.parametrize("page", ["", "/office/social-insurance", f"/situation/{ITEM}", "/appointment", "/sent-away"])
def test_once_another_page_was_opened_the_slip_is_not_shown_again(
    house: OfficeHouse, kiosk: FlaskClient, page: str
) -> None:
    kiosk.get(KIOSK)
    house.now += timedelta(seconds=10)
    address = take(kiosk)
    house.now += timedelta(seconds=5)
    assert kiosk.get(f"{address}?lang=en").status_code == 200  # its holder may still choose another language
    assert kiosk.get(f"{KIOSK}{page}").status_code == 200
    assert kiosk.get(address).location == KIOSK
    house.now += timedelta(seconds=5)
    second = take(kiosk)  # the next visitor's own
    assert kiosk.get(second).status_code == 200
    assert kiosk.get(address).location == KIOSK


def test_a_slip_is_not_kept_by_any_cache(kiosk: FlaskClient) -> None:
    assert kiosk.get(take(kiosk)).headers["Cache-Control"] == "no-store"


def test_a_slip_that_was_not_printed_is_void_and_its_turn_is_kept(house: OfficeHouse, kiosk: FlaskClient) -> None:
    first = ticket_at(take(kiosk))
    house.now += timedelta(seconds=30)
    behind = ticket_at(take(kiosk))
    house.now += timedelta(seconds=30)
    key = next(ONCE)
    answers = {kiosk.post(f"{KIOSK}/slip/{first.id}/failed", data={"once_key": key}).location for _ in range(2)}
    new = ticket_at(answers.pop() or "")
    assert answers == set()
    void = ticket_at(first.id)
    assert (void.state, void.reason) == (TicketState.VOID, "The kiosk did not print the slip.")
    assert (new.printed, new.turn_at, new.from_ticket, new.ground) == ("A003", first.turn_at, first.id, "void-before")
    with transaction():
        called = operations.call_next(HALL, WINDOWS[0], by=clerk(1), at=house.now)
    assert called is not None
    assert called.id == new.id != behind.id


def test_a_number_that_may_be_in_somebodys_hand_is_not_replaced(house: OfficeHouse, kiosk: FlaskClient) -> None:
    first = ticket_at(take(kiosk))
    house.now += timedelta(minutes=6)
    answer = kiosk.post(f"{KIOSK}/slip/{first.id}/failed", data={"once_key": next(ONCE)})
    assert answer.status_code == 409
    assert ticket_at(first.id).state is TicketState.WAITING


def test_a_refusal_at_the_kiosk_shows_the_ways_out(house: OfficeHouse, kiosk: FlaskClient) -> None:
    house.now = at("Tuesday 2026-03-03 16:58")
    take(kiosk)
    with transaction():
        operations.call_next(HALL, WINDOWS[0], by=clerk(1), at=house.now)  # else a free window would call at once
    page = kiosk.get(take(kiosk))
    assert "No number could be issued" in texts(page)
    assert "tomorrow 09:00" in texts(page)
    assert "data:image/svg+xml" in page.text


def test_an_appointment_is_checked_in_with_six_figures_and_code(house: OfficeHouse, kiosk: FlaskClient) -> None:
    with transaction():
        booked = operations.book(HALL, ITEM, at("Tuesday 2026-03-03 10:30"), by=citizen(), at=TEN)
    house.now = at("Tuesday 2026-03-03 10:10")
    wrong = kiosk.post(f"{KIOSK}/appointment", data={"number": "1", "code": "AAAAAAAA", "once_key": next(ONCE)})
    assert wrong.status_code == 422
    fields = {"number": booked.appointment.number[-6:], "code": booked.code, "once_key": next(ONCE)}
    answer = kiosk.post(f"{KIOSK}/appointment", data=fields)
    assert answer.status_code == 303, texts(answer)
    assert ticket_at(str(answer.location)).printed == "P001"
    again = kiosk.post(f"{KIOSK}/appointment", data={**fields, "once_key": next(ONCE)})
    assert again.status_code == 422


def test_the_servers_clock_counts(kiosk: FlaskClient) -> None:
    """A kiosk sends no time: whatever its clock says, the number is of the server's moment and day."""
    found = ticket_at(take(kiosk, day="2020-01-01", at="2020-01-01T00:00"))
    assert (found.issued_at, found.day.isoformat()) == (TEN, "2026-03-03")
