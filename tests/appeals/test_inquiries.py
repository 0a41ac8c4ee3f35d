"""Somebody asked: the first responder answers for it until another office has taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.appeals import operations, queries
from portal.appeals.model import (
    INQUIRY_KIND_OF,
    INQUIRY_TRANSITIONS,
    AnswerOutcome,
    InquiryFactMissing,
    InquiryNotFound,
    InquiryState,
    InquiryStep,
    InquiryStepNotPossible,
    Responder,
)
from portal.appeals.tables import InquiryRow
from portal.basis import By, NotAllowed, Refusal, Role
from portal.cases.model import AskedToday
from portal.ledger import queries as ledger
from portal.ledger.kinds import KINDS, Sort
from portal.store import db, reading, transaction
from tests.cases.city import Maker, Staff, at

ASKED = at("Monday 2020-09-07 10:00")
LATER = ASKED + timedelta(hours=1)
FIRM = By("firm-1", Role.APPLICANT)
POSSIBLE = {
    InquiryState.ASKED: "answer hand_over_inquiry chase_inquiry",
    InquiryState.HANDED_OVER: "acknowledge_inquiry tell_inquirer chase_inquiry",
    InquiryState.TAKEN_OVER: "answer hand_over_inquiry tell_inquirer chase_inquiry",
    InquiryState.ANSWERED: "mark_unclear hand_over_inquiry tell_inquirer chase_inquiry",
}
OF_ROLE = {
    "applicant": "mark_unclear chase_inquiry",
    "clerk": "answer hand_over_inquiry tell_inquirer chase_inquiry",
    "supervisor": "",
    "auditor": "",
}


def state_of(number: str) -> InquiryState:
    with reading():
        return queries.inquiry_page(number).inquiry.state


def act(number: str, step: InquiryStep, by: By, when: Any = LATER) -> None:
    with transaction():
        match step:
            case InquiryStep.ANSWER:
                operations.answer(number, "answered", by=by, at=when)
            case InquiryStep.HAND_OVER:
                operations.hand_over_inquiry(number, "centre-b", reason="r", summary="s", by=by, at=when)
            case InquiryStep.ACKNOWLEDGE:
                operations.acknowledge_inquiry(number, by=by, at=when)
            case InquiryStep.TELL:
                operations.tell_inquirer(number, by=by, at=when)
            case InquiryStep.MARK_UNCLEAR:
                operations.mark_unclear(number, by=by, at=when)
            case InquiryStep.CHASE:
                operations.chase_inquiry(number, by=by, at=when)
            case InquiryStep.INQUIRE:
                raise AssertionError("an inquiry is not asked twice")


def brought_to(state: InquiryState, make: Maker, staff: Staff) -> str:
    number = make()
    clerk, receiver = staff.by("clerk", "centre-a"), staff.by("clerk", "centre-b")
    ways = {
        InquiryState.ASKED: [],
        InquiryState.ANSWERED: [(InquiryStep.ANSWER, clerk)],
        InquiryState.HANDED_OVER: [(InquiryStep.HAND_OVER, clerk)],
        InquiryState.TAKEN_OVER: [(InquiryStep.HAND_OVER, clerk), (InquiryStep.ACKNOWLEDGE, receiver)],
    }
    for step, by in ways[state]:
        act(number, step, by)
    return number


def test_every_inquiry_kind_of_the_ledger_has_a_step() -> None:
    listed = {kind.step: kind.name for kind in KINDS.values() if kind.sort is Sort.INQUIRY}
    assert {step.value: kind for step, kind in INQUIRY_KIND_OF.items()} == listed
    assert {step for row in INQUIRY_TRANSITIONS.values() for step in row} == set(InquiryStep)


@pytest.mark.parametrize("state", POSSIBLE, ids=lambda state: state.value)
def test_each_role_is_shown_exactly_what_it_may_do(state: InquiryState, make_inquiry: Maker, staff: Staff) -> None:
    number = brought_to(state, make_inquiry, staff)
    office = "centre-b" if state is InquiryState.TAKEN_OVER else "centre-a"
    with reading():
        page = queries.inquiry_page(number)
        assert page.inquiry.state is state
        for role, steps in OF_ROLE.items():
            by = FIRM if role == "applicant" else staff.by(role, office)
            assert set(page.possible_steps(by)) == set(POSSIBLE[state].split()) & set(steps.split()), role
        stranger = staff.by("clerk", "market-supervision")
        assert set(page.possible_steps(stranger)) <= {InquiryStep.CHASE}


@pytest.mark.parametrize("state", POSSIBLE, ids=lambda state: state.value)
def test_a_step_that_does_not_follow_is_refused_and_the_possible_ones_are_named(
    state: InquiryState, make_inquiry: Maker, staff: Staff
) -> None:
    number = brought_to(state, make_inquiry, staff)
    office = "centre-b" if state is InquiryState.TAKEN_OVER else "centre-a"
    clerk, receiver = staff.by("clerk", office), staff.by("clerk", "centre-b")
    for step in InquiryStep:
        if step.value in POSSIBLE[state].split() or step is InquiryStep.INQUIRE:
            continue
        by = {InquiryStep.MARK_UNCLEAR: FIRM, InquiryStep.ACKNOWLEDGE: receiver}.get(step, clerk)
        seq = ledger.last_seq()
        with pytest.raises((InquiryStepNotPossible, NotAllowed)) as caught:
            act(number, step, by)
        if isinstance(caught.value, InquiryStepNotPossible):
            with reading():
                assert set(caught.value.possible) == set(queries.inquiry_page(number).possible_steps(by))
        assert ledger.last_seq() == seq


def test_the_first_responder_stays_named_until_the_receiver_takes_over(make_inquiry: Maker, staff: Staff) -> None:
    number, clerk, receiver = make_inquiry(), staff.by("clerk", "centre-a"), staff.by("clerk", "centre-b")
    first = Responder("centre-a", clerk.post, clerk.actor)
    act(number, InquiryStep.HAND_OVER, clerk)
    act(number, InquiryStep.TELL, clerk)
    act(number, InquiryStep.CHASE, FIRM)
    with reading():
        inquiry = queries.inquiry_page(number).inquiry
        (item,) = queries.inquiries_to_acknowledge("centre-b", at=LATER)
    assert inquiry.first_responder == first
    assert (inquiry.pending is not None, inquiry.told_at, inquiry.chases) == (True, LATER, 1)
    assert (item.number, item.first_actor) == (number, clerk.actor)
    act(number, InquiryStep.ACKNOWLEDGE, receiver)
    with reading():
        inquiry = queries.inquiry_page(number).inquiry
        assert queries.inquiries_to_acknowledge("centre-b", at=LATER) == []
    assert inquiry.first_responder == inquiry.holder == Responder("centre-b", receiver.post, receiver.actor)
    assert inquiry.legs[0].sender == first
    assert (inquiry.legs[0].reason, inquiry.legs[0].summary) == ("r", "s")


def test_who_asked_online_is_answered_for_by_the_first_to_act(staff: Staff) -> None:
    with transaction():
        slip = operations.inquire("firm-1", "insurance-change", office="centre-a", by=FIRM, at=ASKED, question="How?")
    with reading():
        inquiry = queries.inquiry_page(slip.number).inquiry
    assert (inquiry.first_responder, inquiry.channel) == (Responder("centre-a"), "web")
    clerk = staff.by("clerk", "centre-a")
    with transaction():
        operations.answer(slip.number, "answered", by=clerk, at=LATER, covers=("item", "place"))
    with reading():
        assert queries.inquiry_page(slip.number).inquiry.first_responder.actor == clerk.actor


def test_a_citizen_tells_that_he_asked_and_was_sent_away(database: Flask) -> None:  # noqa: ARG001 -- its context
    went = at("Wednesday 2020-09-02 09:30")
    with transaction():
        slip = operations.inquire(
            "firm-1", "insurance-change", office="centre-a", by=FIRM, at=ASKED,
            is_self_reported=True, happened_at=went, said="go to centre B",
        )  # fmt: skip
    (event,) = ledger.events(f"inquiry/{slip.number}")
    assert event.has("is_self_reported")
    assert (event.occurred_at, event.recorded_at, event.office, event.post) == (went, ASKED, "centre-a", None)
    assert "go to centre B" not in str(dict(event.payload))
    with reading():
        page = queries.follow_inquiry(slip.number.lower(), f" {slip.query_code.lower()} ")
        assert page.timeline[0].words["said"] == "go to centre B"
        assert page.inquiry.first_responder == Responder("centre-a")  # the office; nobody in it is accused
        with pytest.raises(InquiryNotFound):
            queries.follow_inquiry(slip.number, "AAAAAAAA")


@pytest.mark.parametrize("days", [-1, 366])
def test_such_a_report_is_about_the_past_year(days: int, database: Flask) -> None:  # noqa: ARG001 -- its context
    with pytest.raises(InquiryFactMissing), transaction():
        operations.inquire(
            "firm-1", "insurance-change", office="centre-a", by=FIRM, at=ASKED,
            is_self_reported=True, happened_at=ASKED - timedelta(days=days),
        )  # fmt: skip


def test_what_was_answered_is_recorded_whole_for_the_rules(make_inquiry: Maker, staff: Staff) -> None:
    number, clerk = make_inquiry(), staff.by("clerk", "centre-a")
    with transaction():
        event = operations.answer(
            number, AnswerOutcome.TOLD_ELSEWHERE, by=clerk, at=LATER, text="third floor of centre B",
            covers=("item", "place"), cited_version="insurance-change@1", right_authority="centre-b", is_written=True,
        )  # fmt: skip
    assert dict(event.payload) == {
        "post": clerk.post, "outcome": "told-elsewhere", "right_authority": "centre-b", "is_written": True,
        "covers": ["item", "place"], "cited_version": "insurance-change@1", "is_chat": False,
    }  # fmt: skip
    with reading():
        assert queries.inquiry_page(number).title == "Sent elsewhere"
        assert queries.inquiries(at=LATER, offices=["centre-a"]) == []
        assert [item.outcome for item in queries.inquiries(at=LATER, is_open=None)] == [AnswerOutcome.TOLD_ELSEWHERE]


@pytest.mark.parametrize(
    "facts", [{"covers": ("weather",)}, {"cited_version": "insurance-change@99"}, {"outcome": "shrugged"}]
)
def test_an_answer_that_cannot_be_is_refused(facts: dict[str, Any], make_inquiry: Maker, staff: Staff) -> None:
    number = make_inquiry()
    with pytest.raises(Refusal), transaction():
        operations.answer(number, **{"outcome": "answered", "by": staff.by("clerk", "centre-a"), "at": LATER, **facts})


NAMELESS = [{"to_office": "nowhere"}, {"to_office": "centre-a"}, {"reason": " "}, {"summary": ""}]


@pytest.mark.parametrize("facts", NAMELESS)
def test_leading_on_names_another_office_a_reason_and_a_summary(
    facts: dict[str, str], make_inquiry: Maker, staff: Staff
) -> None:
    whole: dict[str, Any] = {"to_office": "centre-b", "reason": "r", "summary": "s", **facts}
    number, office = make_inquiry(), whole.pop("to_office")
    with pytest.raises(Refusal), transaction():
        operations.hand_over_inquiry(number, office, by=staff.by("clerk", "centre-a"), at=LATER, **whole)


def test_an_unclear_answer_opens_the_inquiry_again(make_inquiry: Maker, staff: Staff) -> None:
    number = brought_to(InquiryState.ANSWERED, make_inquiry, staff)
    with pytest.raises(NotAllowed):
        act(number, InquiryStep.MARK_UNCLEAR, By("firm-2", Role.APPLICANT))
    act(number, InquiryStep.MARK_UNCLEAR, FIRM)
    assert state_of(number) is InquiryState.ASKED
    act(number, InquiryStep.ANSWER, staff.by("clerk", "centre-a"))
    with reading():
        inquiry = queries.inquiry_page(number).inquiry
    assert (inquiry.answers, inquiry.unclear) == (2, 1)


def test_silence_is_seen_once_a_working_day_has_passed(make_inquiry: Maker, staff: Staff) -> None:
    number = make_inquiry(moment=at("Friday 2020-09-25 10:00"))  # Sunday 27th is worked
    before, after = at("Sunday 2020-09-27 23:59"), at("Monday 2020-09-28 00:00")
    with reading():
        assert [item.is_silent for item in queries.inquiries(at=before)] == [False]
        assert [item.is_silent for item in queries.inquiries(at=after)] == [True]
        assert queries.inquiry_subjects_to_judge(before, after) == [f"inquiry/{number}"]
    act(number, InquiryStep.ANSWER, staff.by("clerk", "centre-a"), at("Sunday 2020-09-27 10:00"))
    with reading():
        assert queries.inquiry_subjects_to_judge(before, after) == []


def test_numbers_of_inquiries_have_a_series_of_their_own(make_inquiry: Maker) -> None:
    assert [make_inquiry(), make_inquiry()] == ["990101-2020-Q000001", "990101-2020-Q000002"]  # the district's


def test_an_unknown_number_is_not_found(database: Flask) -> None:  # noqa: ARG001 -- its context is what is needed
    for number in ("", "990100-2020-Q000009"):
        with pytest.raises(InquiryNotFound), reading():
            queries.inquiry_page(number)


def test_the_projection_can_be_made_again_from_the_ledger(make_inquiry: Maker, staff: Staff) -> None:
    for state in POSSIBLE:
        brought_to(state, make_inquiry, staff)

    def rows() -> list[dict[str, Any]]:
        with reading():
            columns = InquiryRow.__table__.columns
            return [dict(row._mapping) for row in db.session.execute(select(*columns).order_by(InquiryRow.number))]

    before = rows()
    with transaction():
        assert operations.rebuild_inquiries() == 4
    assert rows() == before
    assert len(before) == 4


def test_the_guide_in_force_is_pinned_at_asking_and_again_at_answering(make_inquiry: Maker, staff: Staff) -> None:
    """``insurance-change@2`` replaced the first version on 1 December 2023; a rule sees which was in force (V03)."""
    old, new = at("Thursday 2023-11-30 10:00"), at("Friday 2023-12-01 10:00")
    number = make_inquiry(moment=old)
    with transaction():
        operations.answer(
            number, "answered", by=staff.by("clerk", "centre-a"), at=new, cited_version="insurance-change@1"
        )
    with reading():
        asked, answered = ledger.events(f"inquiry/{number}")
    assert (asked.item_version, answered.item_version) == ("insurance-change@1", "insurance-change@2")
    assert answered.text("cited_version") != answered.item_version


def test_an_inquiry_about_nothing_in_the_catalogue_pins_nothing(make_inquiry: Maker) -> None:
    number = make_inquiry(matter="unknown")
    with reading():
        (asked,) = ledger.events(f"inquiry/{number}")
    assert asked.item_version is None


def test_the_list_is_counted_by_the_database_as_it_is_filtered(make_inquiry: Maker, staff: Staff) -> None:
    first, second = make_inquiry(), make_inquiry(moment=LATER)
    elsewhere = make_inquiry(office="centre-b")
    act(second, InquiryStep.HAND_OVER, staff.by("clerk", "centre-a"), LATER)
    tomorrow = at("Wednesday 2020-09-09 10:00")
    with reading():
        for offices in (None, ["centre-a"], ["centre-b"]):
            listed = queries.inquiries(at=tomorrow, offices=offices)
            assert queries.count_inquiries(offices=offices) == len(listed)
            silent = sum(item.is_silent for item in listed)
            assert queries.count_inquiries(offices=offices, silent_at=tomorrow) == silent
        assert [item.number for item in queries.inquiries(at=tomorrow, limit=1, offset=1)] == [elsewhere]
        assert queries.count_inquiries_to_acknowledge("centre-b") == 1
        assert queries.count_inquiries(is_open=False) == 0
    assert first


def test_who_asks_again_is_on_record_once_a_day_and_a_clerk_writes_down_every_call(
    make_inquiry: Maker, staff: Staff
) -> None:
    number, clerk = make_inquiry(), staff.by("clerk", "centre-a")
    act(number, InquiryStep.CHASE, FIRM)
    with pytest.raises(AskedToday):
        act(number, InquiryStep.CHASE, FIRM)
    act(number, InquiryStep.CHASE, clerk)
    act(number, InquiryStep.CHASE, clerk)
    with transaction():
        operations.chase_inquiry(number, by=FIRM, at=LATER + timedelta(days=1))
    with reading():
        assert queries.inquiry_page(number).inquiry.chases == 4
