"""Each step as a form: what is typed is kept, what is missing is pointed at, and one event comes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.cases import operations, queries
from portal.cases.model import CaseState, HandedIn, Step
from portal.ledger.model import Event
from portal.store import reading, transaction
from portal.web.clerk.plans import PLANS
from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse

HOUR = timedelta(hours=1)
Prepared = Callable[[OfficeHouse], str]


def last(number: str, house: OfficeHouse) -> Event:
    with reading():
        return queries.timeline(number, at=house.now)[-1].event


def at_state(state: CaseState, **more: Any) -> Prepared:
    return lambda house: house.make_case(to=state, **more)


DAY = {"year": "2026", "month": "3"}


def dated(name: str, day: int) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in {**DAY, "day": str(day)}.items()}


def after_an_outage(house: OfficeHouse) -> str:
    """The case came in after the outage was declared, so that it was not linked then."""
    day = MONDAY.date()
    with transaction():
        operations.declare_outage(
            offices=["market-supervision"], from_on=day, until_on=day, cause="c", evidence="e",
            by=house.by("supervisor"), at=MONDAY - HOUR,
        )  # fmt: skip
    return house.make_case()


R, A, V, D = CaseState.RECEIVED, CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.DECIDED
STEPS: list[tuple[str, str, Prepared, dict[str, Any], str]] = [
    ("clerk", "notice-correction", at_state(R), {"demands": ["layout"]}, "correction-noticed"),
    ("clerk", "submit-correction", at_state(CaseState.CORRECTING), {"materials": ["layout"]}, "correction-submitted"),
    ("clerk", "accept", at_state(R), {}, "accepted"),
    ("clerk", "refuse", at_state(R), {"reason": "r", "basis": "b", "remedies": "m"}, "refused"),
    ("clerk", "hand-over", at_state(R), {"to_office": "approval-bureau", "reason": "r", "summary": "s"}, "handed-over"),
    ("clerk", "withdraw", at_state(R), {"wish_no": "W-1"}, "withdrawn"),
    ("clerk", "comment", at_state(R), {"comment": "c"}, "commented"),
    ("clerk", "chase", at_state(R), {"place": "phone"}, "chased"),
    ("clerk", "assign", at_state(A), {"assignee": "u-market-supervision.reviewer.1"}, "assigned"),
    ("reviewer", "open", at_state(A), {}, "opened"),
    (
        "reviewer",
        "review",
        at_state(V),
        {"conclusion": "correct", "demands": ["layout"], "amount": "1,200.50"},
        "reviewed",
    ),
    (
        "reviewer",
        "check-site",
        at_state(V),
        {"inspectors": ["u-market-supervision.reviewer.1", "u-market-supervision.reviewer.2"]},
        "site-checked",
    ),
    ("decider", "decide", at_state(CaseState.REVIEWING), {"conclusion": "grant"}, "decided"),
    ("clerk", "produce-licence", at_state(D), {"licence_no": "SC1"}, "licence-produced"),
    ("clerk", "deliver", at_state(D), {"delivery_channel": "window", "proof": "slip 7"}, "delivered"),
    ("clerk", "notice-collection", at_state(D), {}, "collection-noticed"),
    ("reviewer", "resume", at_state(CaseState.PAUSED), {}, "resumed"),
    ("decider", "reopen", at_state(D), {"reason": "r"}, "reopened"),
    ("dispatcher", "designate", at_state(R), {"to_office": "approval-bureau"}, "designated"),
    ("dispatcher", "request-wait", at_state(R), {**dated("from_on", 3), **dated("until_on", 5)}, "wait-requested"),
    ("dispatcher", "uphold-objection", at_state(CaseState.HANDED_OVER), {}, "objection-upheld"),
    (
        "supervisor",
        "link-outage",
        after_an_outage,
        {"outage": "O2026-0001"},
        "outage-linked",
    ),
    ("supervisor", "mark-test", at_state(R), {}, "marked-test"),
    ("supervisor", "pause", at_state(V), {"pause_type": "test", "days": "4", **dated("from_on", 2)}, "paused"),
    ("head", "extend", at_state(V), {"clock": "decide", "days": "3", "reason": "r"}, "extended"),
]


@pytest.mark.parametrize(("role", "step", "prepare", "typed", "kind"), STEPS, ids=[step[1] for step in STEPS])
def test_a_step_that_is_filled_in_is_recorded(
    house: OfficeHouse, role: str, step: str, prepare: Prepared, typed: dict[str, Any], kind: str
) -> None:
    number = prepare(house)
    if step == "decide":
        with transaction():
            operations.record(number, Step.REVIEW, by=house.by("reviewer"), at=MONDAY + HOUR, conclusion="approve")
    house.now = MONDAY + 2 * HOUR
    client = house.signed_in(role)
    answer = client.post(f"/clerk/cases/{number}/steps/{step}", data=typed)
    assert answer.status_code == 303, answer.text
    event = last(number, house)
    assert (event.kind, event.actor, event.post) == (kind, house.by(role).actor, house.by(role).post)


NEEDING = [(role, step, prepare, kind) for role, step, prepare, typed, kind in STEPS if typed]


@pytest.mark.parametrize(("role", "step", "prepare", "kind"), NEEDING, ids=[step[1] for step in NEEDING])
def test_a_step_left_empty_points_at_its_fields_and_records_nothing(
    house: OfficeHouse, role: str, step: str, prepare: Prepared, kind: str
) -> None:
    number = prepare(house)
    if step == "decide":
        with transaction():
            operations.record(number, Step.REVIEW, by=house.by("reviewer"), at=MONDAY + HOUR, conclusion="approve")
    house.now = MONDAY + 2 * HOUR
    before = last(number, house)
    answer = house.signed_in(role).post(f"/clerk/cases/{number}/steps/{step}", data={})
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
    assert 'href="#' in answer.text
    assert last(number, house) == before
    assert kind != before.kind


def test_what_was_typed_stays_when_something_is_missing(house: OfficeHouse) -> None:
    number = house.make_case()
    typed = {"reason": "not a food business", "basis": "", "remedies": "review within 60 days"}
    answer = house.signed_in("clerk").post(f"/clerk/cases/{number}/steps/refuse", data=typed)
    assert answer.status_code == 422
    assert "not a food business" in answer.text
    assert 'href="#basis"' in answer.text


def test_a_refusal_of_the_operation_is_told_at_its_field(house: OfficeHouse) -> None:
    number = house.make_case(to=V)
    typed = {"clock": "decide", "days": "90", "reason": "much to read"}
    answer = house.signed_in("head").post(f"/clerk/cases/{number}/steps/extend", data=typed)
    assert answer.status_code == 422
    assert 'href="#days"' in answer.text
    assert "much to read" in answer.text


def test_the_checklist_ticks_what_is_missing(house: OfficeHouse) -> None:
    number = house.make_case(materials=(HandedIn("layout"),))
    text = house.signed_in("clerk").get(f"/clerk/cases/{number}/steps/notice-correction").text
    boxes = {box.split('"')[0]: "checked" in box.split(">")[0] for box in text.split('type="checkbox" value="')[1:]}
    assert not boxes["layout"]
    assert any(boxes.values())


def test_one_notice_carries_every_defect(house: OfficeHouse) -> None:
    number = house.make_case()
    with reading():
        page = queries.case_page(number, at=house.now)
    codes = sorted(material.code for material in page.version.materials_for(page.case.situation))[:2]
    house.signed_in("clerk").post(f"/clerk/cases/{number}/steps/notice-correction", data={"demands": codes})
    event = last(number, house)
    assert sorted(event.texts("demands")) == sorted(event.texts("determinable")) == codes


def test_a_second_notice_waits_for_the_supervisor(house: OfficeHouse) -> None:
    number = house.make_case(to=CaseState.CORRECTING)
    house.now = MONDAY + HOUR
    clerk = house.signed_in("clerk")
    address = f"/clerk/cases/{number}/steps/notice-correction"
    assert "needs the consent of: Supervisor" in clerk.get(address).text
    assert clerk.post(address, data={"demands": ["layout"], "is_new_fact": "y"}).status_code == 303
    assert last(number, house).kind == "correction-noticed"
    with reading():
        assert len(queries.proposals(number=number)) == 1
    assert "waits for the consent of: Supervisor" in clerk.get(f"/clerk/cases/{number}").text
    assert clerk.post(address, data={"demands": ["layout"]}).status_code == 303
    with reading():
        assert len(queries.proposals(number=number)) == 1


def test_a_day_the_calendar_does_not_have_is_a_mistake(house: OfficeHouse) -> None:
    number = house.make_case(to=V)
    typed = {"pause_type": "test", "days": "4", **dated("from_on", 32)}
    answer = house.signed_in("supervisor").post(f"/clerk/cases/{number}/steps/pause", data=typed)
    assert answer.status_code == 422
    assert 'value="32"' in answer.text


def test_deferred_material_is_taken_in(house: OfficeHouse) -> None:
    number = house.make_case()
    clerk = house.signed_in("clerk")
    with reading():
        page = queries.case_page(number, at=house.now)
    codes = [m.code for m in page.version.materials_for(page.case.situation) if m.may_follow_later]
    if not codes:
        pytest.fail("the licence of the tests has no deferrable material; choose another item")
    typed = {"deferred": codes[:1], **dated("due_on", 20)}
    assert clerk.post(f"/clerk/cases/{number}/steps/accept-tolerantly", data=typed).status_code == 303
    assert clerk.post(f"/clerk/cases/{number}/steps/supply", data={"materials": codes[:1]}).status_code == 303
    assert last(number, house).kind == "supplied"


def test_every_step_that_staff_may_ever_take_has_a_form() -> None:
    elsewhere = {Step.SUBMIT, Step.VIEW, Step.RATE}  # the citizen's form; the button that unmasks; the citizen's own
    system = {Step.REMIND, Step.ARCHIVE, Step.MOVE_DUE, Step.DEEM_ACCEPTED, Step.DEEM_WITHDRAWN, Step.DEEM_RENEWED}
    assert set(PLANS) == set(Step) - elsewhere - system
