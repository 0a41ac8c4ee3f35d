"""The page of a case: what it shows, to whom, and which steps it offers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal import vault
from portal.cases import operations, queries
from portal.cases.model import CaseState, HandedIn, Step
from portal.cases.uploads import keep_upload
from portal.store import reading, transaction
from tests.cases.city import MONDAY, applicant
from tests.web.office import OfficeHouse, links


def test_a_case_of_a_foreign_office_is_not_there(house: OfficeHouse) -> None:
    number = house.make_case("unemployment-subsidy")
    client = house.signed_in("clerk")
    foreign, missing = client.get(f"/clerk/cases/{number}"), client.get("/clerk/cases/990100-2026-999999")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text.replace("990100-2026-999999", number)
    for address in ("steps/accept", "receipt", "papers/0"):
        assert client.get(f"/clerk/cases/{number}/{address}").status_code == 404
    for address in ("steps/accept", "show"):
        assert client.post(f"/clerk/cases/{number}/{address}").status_code == 404


WALKED_TO = [
    state
    for state in CaseState
    if state
    not in {
        CaseState.DRAFT,
        CaseState.SUBMITTED,
        CaseState.RATED,
        CaseState.ARCHIVED,
        CaseState.DEEMED_WITHDRAWN,
        CaseState.DEEMED_RENEWED,
    }
]


@pytest.mark.parametrize("role", ["clerk", "reviewer", "decider", "head", "dispatcher", "supervisor"])
def test_exactly_the_allowed_steps_are_offered_and_their_forms_open(house: OfficeHouse, role: str) -> None:
    numbers = {state: house.make_case(to=state) for state in WALKED_TO}
    house.now = MONDAY + timedelta(minutes=30)
    which = 2 if role in ("head", "supervisor") else 1  # the first of them has worked on some of these cases
    client = house.signed_in(role, which=which)
    for state, number in numbers.items():
        text = client.get(f"/clerk/cases/{number}").text
        with reading():
            possible = queries.possible_steps(number, house.by(role, which=which), house.now)
        offered = {address.rsplit("/", 1)[1] for address in links(text) if "/steps/" in address}
        assert offered == {step.value.replace("_", "-") for step in possible if step is not Step.VIEW}, state
        answers = {step: client.get(f"/clerk/cases/{number}/steps/{step}").status_code for step in offered}
        assert answers == dict.fromkeys(offered, 200), state


def test_personal_facts_are_masked_until_asked_for_and_the_look_is_on_record(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    assert "13800000000" not in client.get(f"/clerk/cases/{number}").text
    assert "138****0000" in client.get(f"/clerk/cases/{number}").text
    assert client.post(f"/clerk/cases/{number}/show", data={"reason": "handling"}).status_code == 303
    assert "13800000000" in client.get(f"/clerk/cases/{number}").text
    with reading():
        assert queries.timeline(number, at=house.now)[-1].event.kind == "viewed"
    house.now += timedelta(minutes=5)
    assert "13800000000" not in client.get(f"/clerk/cases/{number}").text


def test_who_supervises_sees_personal_facts_masked_only(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("supervisor")
    assert "13800000000" not in client.get(f"/clerk/cases/{number}").text
    assert client.post(f"/clerk/cases/{number}/show").status_code == 403


def test_a_file_is_downloaded_and_never_shown_in_the_browser(house: OfficeHouse) -> None:
    draft = vault.Holder("draft", "draft/1")
    with transaction():
        vault.prepare(draft, at=house.now)
    stored = keep_upload(b"%PDF-1.7 layout", "厂房布局.pdf", holder=draft, folder=Path(house.app.instance_path))
    number = house.make_case(materials=(HandedIn("layout", file=stored),))
    client = house.signed_in("clerk")
    assert f"/clerk/cases/{number}/papers/0" in links(client.get(f"/clerk/cases/{number}").text)
    assert client.get(f"/clerk/cases/{number}/papers/0").location == f"/clerk/cases/{number}/show"
    client.post(f"/clerk/cases/{number}/show", data={"reason": "handling"})
    answer = client.get(f"/clerk/cases/{number}/papers/0")
    assert answer.data == b"%PDF-1.7 layout"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/clerk/cases/{number}/papers/1").status_code == 404
    assert house.signed_in("auditor").get(f"/clerk/cases/{number}/papers/0").status_code == 403


def test_the_limit_is_shown_with_its_trace(house: OfficeHouse) -> None:
    number = house.make_case(to=CaseState.ACCEPTED)
    text = house.signed_in("clerk").get(f"/clerk/cases/{number}").text
    assert "Day by day" in text
    assert "Weekend" in text
    assert "Monday 2 March 2026" in text


def test_the_receipt_can_be_printed_without_the_query_code(house: OfficeHouse) -> None:
    number = house.make_case()
    text = house.signed_in("clerk").get(f"/clerk/cases/{number}/receipt").text
    assert f"{number}-S" in text
    assert "How this date was counted" in text


def test_an_impossible_step_names_the_possible_ones(house: OfficeHouse) -> None:
    number = house.make_case()
    answer = house.signed_in("clerk").post(f"/clerk/cases/{number}/steps/deliver", data={})
    assert answer.status_code == 409
    assert f"/clerk/cases/{number}/steps/accept" in links(answer.text)


def test_a_step_of_another_role_is_not_allowed_and_an_unknown_one_not_there(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    assert client.get(f"/clerk/cases/{number}/steps/review").status_code == 403
    assert client.get(f"/clerk/cases/{number}/steps/shred").status_code == 404
    assert client.get(f"/clerk/cases/{number}/steps/archive").status_code == 404


def test_what_another_did_meanwhile_is_told_with_the_steps_that_remain(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    assert client.get(f"/clerk/cases/{number}/steps/accept").status_code == 200
    with transaction():
        operations.record(number, Step.WITHDRAW, by=house.by("clerk", which=2), at=house.now, wish_no="W-1")
    assert client.post(f"/clerk/cases/{number}/steps/accept").status_code == 409


def test_a_comment_is_read_by_staff(house: OfficeHouse) -> None:
    number = house.make_case()
    client = house.signed_in("clerk")
    client.post(f"/clerk/cases/{number}/steps/comment", data={"comment": "asked the colleague about the layout"})
    assert "asked the colleague about the layout" in house.signed_in("reviewer").get(f"/clerk/cases/{number}").text


def test_an_official_sees_nothing_to_do_in_a_matter_of_his_own(house: OfficeHouse) -> None:
    clerk = house.by("clerk")
    number = house.make_case(person=clerk.actor, by=applicant().__class__(clerk.actor, applicant().role))
    client = house.signed_in("clerk")
    assert not [a for a in links(client.get(f"/clerk/cases/{number}").text) if "/steps/" in a]
    assert client.post(f"/clerk/cases/{number}/steps/accept").status_code in (403, 404)
