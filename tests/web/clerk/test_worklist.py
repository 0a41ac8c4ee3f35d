"""The worklist: what lies with an office, by time left, in words and shapes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.cases.model import CaseState
from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse, links


def test_an_office_sees_its_own_cases_and_no_others(house: OfficeHouse) -> None:
    own, foreign = house.make_case(), house.make_case("unemployment-subsidy")
    text = house.signed_in("clerk").get("/clerk/").text
    assert own in text
    assert foreign not in text


def test_a_light_is_a_word_and_a_shape(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    house.now = MONDAY + timedelta(days=60)
    client = house.signed_in("clerk")
    text = client.get("/clerk/").text
    assert number in text
    assert "▲" in text
    assert "Overdue" in text
    assert "working days late" in text


def test_each_number_opens_the_list_that_it_counts(house: OfficeHouse) -> None:
    for _ in range(3):
        house.make_case()
    house.make_case(to=CaseState.PAUSED)
    client = house.signed_in("clerk")
    text = client.get("/clerk/").text
    found = re.findall(r'href="(/clerk/\?light=[^"]+)".*?staff-lights__number">(\d+)<', text, re.DOTALL)
    assert {address.split("=")[1]: int(number) for address, number in found}["paused"] == 1
    for address, number in found:
        assert len(re.findall(r"/clerk/cases/[^\"]+", client.get(address).text)) == int(number)


def test_filters_narrow_the_list_and_are_kept(house: OfficeHouse) -> None:
    received, accepted = house.make_case(), house.make_case(to=CaseState.ACCEPTED)
    text = house.signed_in("clerk").get("/clerk/?state=accepted").text
    assert accepted in text
    assert received not in text
    assert re.search(r'value="accepted" selected', text)


@pytest.mark.parametrize("query", ["light=purple", "state=nowhere", "page=-1", "page=999", "page=x", "office=centre-b"])
def test_an_address_typed_by_hand_shows_the_list_all_the_same(house: OfficeHouse, query: str) -> None:
    number = house.make_case()
    answer = house.signed_in("clerk").get(f"/clerk/?{query}")
    assert answer.status_code == 200
    assert number in answer.text


def test_a_long_list_comes_in_pages(house: OfficeHouse) -> None:
    numbers = {house.make_case() for _ in range(27)}
    client = house.signed_in("clerk")
    pages = [client.get(f"/clerk/?page={page}").text for page in (1, 2)]
    shown = [set(re.findall(r"/clerk/cases/([^\"]+)\"", text)) for text in pages]
    assert [len(page) for page in shown] == [25, 2]
    assert shown[0] | shown[1] == numbers


def test_a_number_typed_in_opens_its_case(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    assert client.get("/clerk/", query_string={"number": f" {number.lower()} "}).location == f"/clerk/cases/{number}"
    assert client.get("/clerk/?number=990100-2026-Q000001").location == "/clerk/inquiries/990100-2026-Q000001"


def test_a_dispatcher_and_a_supervisor_see_every_office(house: OfficeHouse) -> None:
    numbers = [house.make_case(), house.make_case("unemployment-subsidy")]
    for role in ("dispatcher", "supervisor"):
        client = house.signed_in(role)
        assert all(number in client.get("/clerk/").text for number in numbers)
        assert numbers[0] not in client.get("/clerk/?office=social-insurance").text


def test_what_is_handed_over_waits_at_the_other_office_until_taken_over(house: OfficeHouse) -> None:
    number = house.make_case(to=CaseState.HANDED_OVER)
    receiver = house.signed_in("clerk", "approval-bureau")
    assert "1 hand-over waits" in receiver.get("/clerk/").text
    text = receiver.get("/clerk/to-acknowledge").text
    address = f"/clerk/cases/{number}/steps/acknowledge"
    assert address in links(text)
    assert receiver.post(address).status_code == 303
    assert number not in receiver.get("/clerk/to-acknowledge").text
    assert number in receiver.get("/clerk/").text


def test_navigation_shows_only_what_the_role_may_open(house: OfficeHouse) -> None:
    for role, office in (
        ("clerk", "market-supervision"),
        ("head", "market-supervision"),
        ("auditor", "market-supervision"),
    ):
        client = house.signed_in(role, office)
        home = client.get("/supervisor/" if role == "auditor" else "/clerk/")
        menu = re.search(r'<ul class="govuk-service-navigation__list".*?</ul>', home.text, re.DOTALL)
        assert menu is not None
        offered = links(menu[0])
        assert offered
        seen = {address: client.get(address, follow_redirects=True).status_code for address in offered}
        assert seen == dict.fromkeys(offered, 200)


def test_a_state_in_which_cases_have_ended_lists_them(house: OfficeHouse) -> None:
    ended, running = house.make_case(to=CaseState.REFUSED), house.make_case()
    clerk = house.signed_in("clerk")
    listed = clerk.get("/clerk/?state=refused").text
    assert ended in listed
    assert running not in listed
    assert ended not in clerk.get("/clerk/").text
    assert "No case fits." in clerk.get("/clerk/?state=withdrawn").text
