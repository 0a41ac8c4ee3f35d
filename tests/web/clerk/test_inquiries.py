"""Somebody asks: the first responder is named until another office has taken over."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal.appeals import queries
from portal.ledger.model import Event
from portal.store import reading
from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse, links

OFFICE = "centre-a"


def asked(house: OfficeHouse) -> str:
    return str(house.make_inquiry(office=OFFICE, moment=MONDAY, question="Where do I change it?"))


def last(number: str) -> Event:
    with reading():
        return queries.inquiry_page(number).timeline[-1].event


def test_who_records_an_inquiry_becomes_first_responder_and_gets_a_slip(house: OfficeHouse) -> None:
    client = house.signed_in("clerk", OFFICE)
    typed = {"item": "insurance-change", "channel": "phone", "question": "Which form?", "phone": "138 0000 0001"}
    answer = client.post("/clerk/inquiries/new", data=typed)
    assert answer.status_code == 303
    slip = client.get(answer.location).text
    number, code = re.search(r'id="number">([^<]+)<', slip), re.search(r'id="code">([^<]+)<', slip)
    assert number is not None
    assert code is not None
    with reading():
        found = queries.follow_inquiry(number[1], code[1])
    assert found.inquiry.first_responder.actor == house.by("clerk", OFFICE).actor
    assert found.inquiry.channel == "phone"
    page = client.get(f"/clerk/inquiries/{number[1]}").text
    assert "Which form?" in page
    assert "13800000001" not in page


def test_the_code_is_on_the_slip_only_for_who_recorded_it(house: OfficeHouse) -> None:
    client = house.signed_in("clerk", OFFICE)
    typed = {"item": "unknown", "channel": "window", "question": "Who helps?"}
    address = client.post("/clerk/inquiries/new", data=typed).location
    assert 'id="code"' in client.get(address).text
    assert 'id="code"' not in house.signed_in("clerk", OFFICE, which=2).get(address).text


def test_an_inquiry_without_a_question_keeps_the_rest(house: OfficeHouse) -> None:
    typed = {"item": "insurance-change", "channel": "phone", "question": "", "phone": "12"}
    answer = house.signed_in("clerk", OFFICE).post("/clerk/inquiries/new", data=typed)
    assert answer.status_code == 422
    assert 'href="#question"' in answer.text
    assert 'href="#phone"' in answer.text
    assert 'value="insurance-change" selected' in answer.text


def test_a_foreign_office_finds_no_inquiry(house: OfficeHouse) -> None:
    number = asked(house)
    client = house.signed_in("clerk", "approval-bureau")
    assert client.get(f"/clerk/inquiries/{number}").status_code == 404
    assert client.get("/clerk/inquiries/990100-2026-Q999999").status_code == 404
    assert client.post(f"/clerk/inquiries/{number}/steps/answer").status_code == 404
    assert number not in client.get("/clerk/inquiries/").text


ANSWER = {"outcome": "answered", "text": "At window 3, form A.", "covers": ["item", "place"], "cites": "y"}


@pytest.mark.parametrize(
    ("step", "typed", "kind"),
    [
        ("answer", ANSWER, "inquiry-answered"),
        (
            "hand-over-inquiry",
            {"to_office": "centre-b", "reason": "theirs", "summary": "form A is filled in"},
            "inquiry-handed-over",
        ),
        ("chase-inquiry", {"text": "asked again at the window"}, "inquiry-chased"),
    ],
)
def test_a_step_of_an_inquiry_is_recorded(house: OfficeHouse, step: str, typed: dict[str, Any], kind: str) -> None:
    number = asked(house)
    client = house.signed_in("clerk", OFFICE)
    assert f"/clerk/inquiries/{number}/steps/{step}" in links(client.get(f"/clerk/inquiries/{number}").text)
    assert client.get(f"/clerk/inquiries/{number}/steps/{step}").status_code == 200
    assert client.post(f"/clerk/inquiries/{number}/steps/{step}", data=typed).status_code == 303
    assert last(number).kind == kind


def test_an_answer_says_what_it_covers_and_which_guide_was_handed_out(house: OfficeHouse) -> None:
    number = asked(house)
    house.signed_in("clerk", OFFICE).post(f"/clerk/inquiries/{number}/steps/answer", data=ANSWER)
    event = last(number)
    assert event.texts("covers") == ("item", "place")
    assert (event.text("cited_version") or "").startswith("insurance-change@")


def test_an_empty_answer_is_pointed_at(house: OfficeHouse) -> None:
    number = asked(house)
    answer = house.signed_in("clerk", OFFICE).post(f"/clerk/inquiries/{number}/steps/answer", data={})
    assert answer.status_code == 422
    assert 'href="#outcome' in answer.text
    assert last(number).kind == "inquired"


def test_the_first_responder_stays_named_until_the_other_office_takes_over(house: OfficeHouse) -> None:
    number = asked(house)
    first, then = house.signed_in("clerk", OFFICE), house.signed_in("clerk", "centre-b")
    typed = {"to_office": "centre-b", "reason": "theirs", "summary": "form A is filled in"}
    first.post(f"/clerk/inquiries/{number}/steps/hand-over-inquiry", data=typed)
    named = house.by("clerk", OFFICE).post
    text = first.get(f"/clerk/inquiries/{number}").text
    assert "still answers" in text
    assert "The applicant has not been told" in text
    first.post(f"/clerk/inquiries/{number}/steps/tell-inquirer", data={"text": "centre B calls you"})
    assert "The applicant was told on" in first.get(f"/clerk/inquiries/{number}").text
    with reading():
        assert queries.inquiry_page(number).inquiry.first_responder.post == named
    assert number in then.get("/clerk/to-acknowledge").text
    assert then.post(f"/clerk/inquiries/{number}/steps/acknowledge-inquiry").status_code == 303
    with reading():
        assert queries.inquiry_page(number).inquiry.first_responder.post == house.by("clerk", "centre-b").post


def test_an_impossible_step_of_an_inquiry_names_the_possible_ones(house: OfficeHouse) -> None:
    number = asked(house)
    client = house.signed_in("clerk", OFFICE)
    client.post(f"/clerk/inquiries/{number}/steps/answer", data=ANSWER)
    answer = client.post(f"/clerk/inquiries/{number}/steps/answer", data=ANSWER)
    assert answer.status_code == 409
    assert f"/clerk/inquiries/{number}/steps/hand-over-inquiry" in links(answer.text)


def test_an_inquiry_answered_leaves_the_open_list_and_a_silent_one_is_marked(house: OfficeHouse) -> None:
    answered, silent = asked(house), asked(house)
    client = house.signed_in("clerk", OFFICE)
    client.post(f"/clerk/inquiries/{answered}/steps/answer", data=ANSWER)
    text = client.get("/clerk/inquiries/").text
    assert answered not in text
    assert silent in text
    assert "silent for a working day" not in text
    assert answered in client.get("/clerk/inquiries/?state=answered").text
    house.now = MONDAY.replace(day=5)
    assert "silent for a working day" in house.signed_in("clerk", OFFICE).get("/clerk/inquiries/").text


def test_who_supervises_sees_the_course_but_not_the_words(house: OfficeHouse) -> None:
    number = asked(house)
    text = house.signed_in("supervisor").get(f"/clerk/inquiries/{number}").text
    assert "Where do I change it?" not in text
    assert "Asked" in text
