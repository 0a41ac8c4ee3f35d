"""The procedure of a finding on its pages: each is offered what is his to do, and it is done with one form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.compliance.procedure.model import Stage, Step
from portal.compliance.procedure.seeing import seen_at
from portal.store import reading, transaction
from tests.cases.city import at
from tests.compliance.procedure.finding import RAISED, WATCHING, People, act, brought_to, judged
from tests.web.office import OfficeHouse

N = "000001"
PAGE = f"/supervisor/findings/{N}"
WHY = {"reason": "the record shows it"}


def offered(client: FlaskClient) -> set[str]:
    """The steps that the finding's page offers."""
    return set(re.findall(rf'href="{PAGE}/([a-z-]+)"', client.get(PAGE).text))


def take(client: FlaskClient, step: str, **given: str) -> None:
    answer = client.post(f"{PAGE}/{step}", data=given)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].endswith(PAGE)


def stage() -> Stage:
    with reading():
        return seen_at(N, RAISED).procedure.stage


def test_the_whole_way_is_gone_on_pages(house: OfficeHouse) -> None:
    first, second = house.signed_in("supervisor", WATCHING), house.signed_in("supervisor", WATCHING, 2)
    head = house.signed_in("head")
    with transaction():
        judged(N)
    assert offered(first) == {"notify-finding", "propose-dismissal"}
    assert offered(head) == set()
    take(first, "notify-finding")
    assert offered(head) == {"explain-finding"}
    take(head, "explain-finding", statement="the line was down")
    assert "the line was down" in first.get(PAGE).text
    assert offered(first) == {"confirm-finding", "propose-dismissal"}
    take(first, "confirm-finding", **WHY)
    take(head, "appeal-finding", statement="all day")
    assert offered(first) == set()
    assert offered(second) == {"decide-appeal"}
    take(second, "decide-appeal", conclusion="upheld", **WHY)
    day = {"due_on-year": "2026", "due_on-month": "3", "due_on-day": "20"}
    take(first, "order-rectification", measure="answer in time", **day)
    later = {"until_on-year": "2026", "until_on-month": "3", "until_on-day": "27"}
    take(second, "extend-rectification", **later, **WHY)
    take(head, "report-rectification", statement="done")
    assert "recheck-rectification" not in offered(first), "who ordered does not look again"
    take(second, "recheck-rectification", conclusion="failed", **WHY)
    take(head, "report-rectification", statement="done now")
    take(second, "recheck-rectification", conclusion="passed", **WHY)
    assert stage() is Stage.CURED
    assert "Put right" in first.get(PAGE).text


def test_two_people_dismiss_on_pages(house: OfficeHouse) -> None:
    first, second = house.signed_in("supervisor", WATCHING), house.signed_in("auditor", WATCHING)
    brought_to(Stage.NOTIFIED, People(house.staff))
    take(first, "propose-dismissal", ground="unfounded", reason="misread")
    assert first.post(f"{PAGE}/dismiss-finding").status_code == 403
    take(second, "refuse-dismissal", reason="it is so")
    take(first, "propose-dismissal", ground="first-minor", reason="the first")
    take(second, "dismiss-finding")
    assert stage() is Stage.DISMISSED
    assert offered(first) == offered(second) == set()


def test_who_is_of_the_accused_office_is_told_that_somebody_else_judges(house: OfficeHouse) -> None:
    brought_to(Stage.EXPLAINED, People(house.staff))
    own, other = house.signed_in("supervisor"), house.signed_in("supervisor", WATCHING)
    assert offered(own) == set()
    assert "somebody else judges" in own.get(PAGE).text
    assert "somebody else judges" not in other.get(PAGE).text
    assert own.post(f"{PAGE}/confirm-finding", data=WHY).status_code == 403
    assert stage() is Stage.EXPLAINED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose the ground"),
        ({"ground": "unfounded"}, "Write something here"),
        ({"ground": "guard", "reason": "x", "evidence_seq": "seven"}, "number of an event"),
        ({"ground": "guard", "reason": "x", "evidence_seq": "999999"}, "number of the ledger"),
        ({"ground": "else", "reason": "x"}, "Choose from the answers offered"),
        ({"ground": "unfounded", "reason": "x" * 2001}, "At most 2000 characters"),
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_what_was_typed(
    house: OfficeHouse, given: dict[str, str], said: str
) -> None:
    brought_to(Stage.NOTIFIED, People(house.staff))
    answer = house.signed_in("supervisor", WATCHING).post(f"{PAGE}/propose-dismissal", data=given)
    assert answer.status_code == 422
    assert said in answer.text
    assert given.get("reason", "")[:100] in answer.text


def test_a_day_gone_by_is_no_day_for_an_order(house: OfficeHouse) -> None:
    people = People(house.staff)
    house.now = brought_to(Stage.CONFIRMED, people) + timedelta(days=9)
    day = {"due_on-year": "2026", "due_on-month": "3", "due_on-day": "11"}
    client = house.signed_in("supervisor", WATCHING)
    answer = client.post(f"{PAGE}/order-rectification", data={"measure": "m", **day})
    assert (answer.status_code, "not to come" in answer.text) == (422, True)


@pytest.mark.parametrize("path", [f"{PAGE}/step-aside", "/supervisor/findings/999999/notify-finding"])
def test_what_is_not_there_is_not_found(house: OfficeHouse, path: str) -> None:
    with transaction():
        judged(N)
    assert house.signed_in("supervisor", WATCHING).get(path).status_code == 404


def test_a_head_of_another_office_meets_nothing(house: OfficeHouse) -> None:
    brought_to(Stage.NOTIFIED, People(house.staff))
    assert house.signed_in("head", "social-insurance").get(f"{PAGE}/explain-finding").status_code == 404


def test_the_list_of_what_is_due_begins_with_the_late(house: OfficeHouse) -> None:
    people = People(house.staff)
    brought_to(Stage.NOTIFIED, people, "000001", at("Thursday 2026-03-05 10:00"))
    brought_to(Stage.NOTIFIED, people, "000002", at("Monday 2026-03-02 10:00"))
    brought_to(Stage.NOTIFIED, people, "000003", at("Monday 2026-03-02 10:00"), office="social-insurance")
    house.now = at("Monday 2026-03-09 10:00")
    text = house.signed_in("supervisor", WATCHING).get("/supervisor/findings-due").text
    assert re.findall(r'href="/supervisor/findings/(\d+)"', text) == ["000002", "000003", "000001"]
    for said in ("2 working days late", "1 working day left", "2 are late."):
        assert said in text, said
    own = house.signed_in("head").get("/supervisor/findings-due").text
    assert re.findall(r'href="/supervisor/findings/(\d+)"', own) == ["000002", "000001"]


def test_the_register_is_looked_through_by_stage(house: OfficeHouse) -> None:
    people = People(house.staff)
    for number, to in (("000001", Stage.SUSPECTED), ("000002", Stage.NOTIFIED), ("000003", Stage.EXPLAINED)):
        brought_to(to, people, number)
    brought_to(Stage.SUSPECTED, people, "000004")
    act("000004", Step.PROPOSE_DISMISSAL, people.first, RAISED)
    client = house.signed_in("supervisor", WATCHING)

    def listed(which: str) -> list[str]:
        return sorted(
            re.findall(r'href="/supervisor/findings/(\d+)"', client.get(f"/supervisor/findings?{which}").text)
        )

    assert listed("stage=suspected") == ["000001", "000004"]
    assert listed("stage=notified") == ["000002"]
    assert listed("stage=explained") == ["000003"]
    assert listed("stage=cured") == []
    assert listed("stage=nonsense") == listed("") == ["000001", "000002", "000003", "000004"]
