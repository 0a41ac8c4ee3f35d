"""An office answers for itself: its head and its hall manager see what it is accused of, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.compliance.procedure.model import Stage, Step
from portal.compliance.procedure.seeing import seen_at
from portal.store import reading, transaction
from tests.compliance.procedure.finding import RAISED, People, act, brought_to, judged
from tests.web.office import OfficeHouse

N = "000001"
PAGE = f"/clerk/findings/{N}"


def listed(house: OfficeHouse, role: str, office: str = "market-supervision") -> list[str]:
    text = house.signed_in(role, office).get("/clerk/findings").text
    return re.findall(r'href="/clerk/findings/(\d+)"', text)


def test_head_and_hall_manager_see_what_their_office_was_asked_the_most_urgent_first(house: OfficeHouse) -> None:
    people = People(house.staff)
    with transaction():
        judged("000009")  # nobody has asked about it
    brought_to(Stage.NOTIFIED, people, "000001", RAISED + timedelta(days=1))
    brought_to(Stage.NOTIFIED, people, "000002", RAISED)
    brought_to(Stage.NOTIFIED, people, "000003", RAISED, office="social-insurance")
    for role in ("head", "hall-manager"):
        assert listed(house, role) == ["000002", "000001"]
    assert listed(house, "head", "social-insurance") == ["000003"]
    assert listed(house, "head", "centre-a") == []
    assert "Nobody has asked the office" in house.signed_in("head", "centre-a").get("/clerk/findings").text


@pytest.mark.parametrize("role", ["clerk", "reviewer", "supervisor"])
def test_nobody_else_has_the_list_or_the_finding(house: OfficeHouse, role: str) -> None:
    brought_to(Stage.NOTIFIED, People(house.staff))
    client = house.signed_in(role)
    for path in ("/clerk/findings", PAGE, f"{PAGE}/explain-finding"):
        assert client.get(path).status_code == 403
    assert "/clerk/findings" not in client.get("/clerk/").text


def test_a_hall_manager_answers_does_without_an_appeal_and_reports(house: OfficeHouse) -> None:
    people = People(house.staff)
    client = house.signed_in("hall-manager")
    house.now = brought_to(Stage.NOTIFIED, people)
    assert re.findall(rf'href="{PAGE}/([a-z-]+)"', client.get(PAGE).text) == ["explain-finding"]
    answer = client.post(f"{PAGE}/explain-finding", data={"statement": ""})
    assert (answer.status_code, "Write something here" in answer.text) == (422, True)
    answer = client.post(f"{PAGE}/explain-finding", data={"statement": "the line was down"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = client.get(PAGE).text
    for said in ("the line was down", "Your answer stands in the ledger.", "Answered by the office"):
        assert said in page, said
    act(N, Step.CONFIRM, people.first, house.now)
    assert client.post(f"{PAGE}/waive-appeal").status_code == 303
    act(N, Step.ORDER, people.first, house.now)
    assert client.post(f"{PAGE}/report-rectification", data={"statement": "done"}).status_code == 303
    with reading():
        assert seen_at(N, RAISED).procedure.reported_by == people.hall_manager.actor


def test_no_step_of_those_who_watch_is_taken_through_this_door(house: OfficeHouse) -> None:
    brought_to(Stage.EXPLAINED, People(house.staff))
    client = house.signed_in("head")
    assert client.post(f"{PAGE}/confirm-finding", data={"reason": "it is so"}).status_code == 403
    with reading():
        assert seen_at(N, RAISED).procedure.stage is Stage.EXPLAINED


def test_another_offices_finding_is_not_there(house: OfficeHouse) -> None:
    brought_to(Stage.NOTIFIED, People(house.staff))
    client = house.signed_in("head", "social-insurance")
    for path in (PAGE, f"{PAGE}/explain-finding", "/clerk/findings/999999"):
        assert client.get(path).status_code == 404
