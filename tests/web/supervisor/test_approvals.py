"""Steps of two people: one proposes, another consents or refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.cases import operations, queries
from portal.cases.model import CaseState, Step
from portal.store import reading, transaction
from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse, links

HOUR = timedelta(hours=1)


def proposed(house: OfficeHouse) -> tuple[str, int]:
    """A pause that a reviewer proposes."""
    number = house.make_case(to=CaseState.REVIEWING)
    house.now = MONDAY + HOUR
    with transaction():
        facts = {"pause_type": "test", "days": 4}
        proposal = operations.propose(number, Step.PAUSE, by=house.by("reviewer"), at=house.now, **facts)
    return number, proposal


def last_kind(number: str, house: OfficeHouse) -> str:
    with reading():
        return queries.timeline(number, at=house.now)[-1].event.kind


def test_a_supervisor_sees_what_is_proposed_and_consents(house: OfficeHouse) -> None:
    number, proposal = proposed(house)
    client = house.signed_in("supervisor")
    assert f"/supervisor/approvals/{proposal}" in links(client.get("/supervisor/approvals").text)
    text = client.get(f"/supervisor/approvals/{proposal}").text
    assert "Special procedure" in text
    assert number in text
    assert client.post(f"/supervisor/approvals/{proposal}", data={"answer": "yes"}).status_code == 303
    with reading():
        event = queries.timeline(number, at=house.now)[-1].event
    assert (event.kind, event.actor) == ("paused", house.by("reviewer").actor)
    assert event.text("approved_by") == house.by("supervisor").actor
    assert client.get(f"/supervisor/approvals/{proposal}").status_code == 404


def test_a_refusal_needs_a_reason_and_records_nothing(house: OfficeHouse) -> None:
    number, proposal = proposed(house)
    client = house.signed_in("supervisor")
    answer = client.post(f"/supervisor/approvals/{proposal}", data={"answer": "no"})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert client.post(f"/supervisor/approvals/{proposal}", data={}).status_code == 422
    typed = {"answer": "no", "reason": "the test is not needed"}
    assert client.post(f"/supervisor/approvals/{proposal}", data=typed).status_code == 303
    assert last_kind(number, house) == "opened"
    with reading():
        assert queries.proposals(number=number) == []


@pytest.mark.parametrize("role", ["head", "auditor"])
def test_nobody_else_consents(house: OfficeHouse, role: str) -> None:
    number, proposal = proposed(house)
    assert house.signed_in(role).post(f"/supervisor/approvals/{proposal}", data={"answer": "yes"}).status_code in (
        403,
        404,
    )
    assert last_kind(number, house) == "opened"


def test_a_head_consents_to_an_extension_of_the_own_office(house: OfficeHouse) -> None:
    number = house.make_case(to=CaseState.REVIEWING)
    house.now = MONDAY + HOUR
    reviewer = house.signed_in("reviewer")
    typed = {"clock": "decide", "days": "3", "reason": "many papers"}
    assert reviewer.post(f"/clerk/cases/{number}/steps/extend", data=typed).status_code == 303
    with reading():
        (proposal,) = queries.proposals(number=number)
    assert house.signed_in("head", "social-insurance").get("/supervisor/approvals").text.count(number) == 0
    client = house.signed_in("head")
    assert client.post(f"/supervisor/approvals/{proposal.id}", data={"answer": "yes"}).status_code == 303
    assert last_kind(number, house) == "extended"


def test_what_has_become_impossible_is_told(house: OfficeHouse) -> None:
    number, proposal = proposed(house)
    client = house.signed_in("supervisor")
    with transaction():
        operations.record(number, Step.WITHDRAW, by=house.by("clerk", which=2), at=house.now, wish_no="W-1")
    assert client.post(f"/supervisor/approvals/{proposal}", data={"answer": "yes"}).status_code == 409
    assert last_kind(number, house) == "withdrawn"
