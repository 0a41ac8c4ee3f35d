"""Each row of the life cycle, walked by the real operations; what is stored is tested on both databases elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import vault
from portal.basis import By, NotAllowed, Refusal, Role
from portal.cases import operations, queries
from portal.cases.model import (
    Acceptance,
    ApprovalMissing,
    Case,
    CaseNotFound,
    CaseState,
    DutiesNotSeparated,
    FactMissing,
    FactUnfit,
    HandedIn,
    Holder,
    NotReady,
    Step,
    StepNotPossible,
)
from portal.catalogue.model import PauseKind, name_of
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import reading, transaction
from tests.cases.city import MONDAY, Maker, Staff, applicant, at, employ, hand_in, on, take

SUPERVISOR = "u-market-supervision.supervisor.1"
HEAD = "u-market-supervision.head.1"
NOON = at("Monday 2026-03-02 12:00")


@pytest.fixture
def staff(sqlite_database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


def record(number: str, step: Step, by: By, when: Any = NOON, **facts: Any) -> Event:
    with transaction():
        return take(number, step, by=by, at=when, **facts)


def case_of(number: str, when: Any = NOON) -> Case:
    with reading():
        return queries.case_page(number, at=when).case


def test_what_comes_online_is_received_at_once_and_what_comes_to_a_window_by_the_clerk(staff: Staff) -> None:
    with transaction():
        online = hand_in(moment=MONDAY)
        counter = hand_in(moment=MONDAY, channel="window", by=staff.by("clerk"), person="citizen-7")
    assert online.receipt_no == f"{online.number}-S"
    assert counter.receipt_no is None
    assert case_of(counter.number).state is CaseState.SUBMITTED
    received = record(counter.number, Step.RECEIVE, staff.by("clerk"), channel="window")
    assert received.text("receipt_no") == f"{counter.number}-S"
    assert case_of(counter.number).first_responder == Holder(
        "market-supervision", "market-supervision.clerk.1", "u-market-supervision.clerk.1"
    )


@pytest.mark.parametrize(
    ("handed_in", "channel", "counted_from"),
    [
        ("Tuesday 2025-09-30 20:00", "window", "Tuesday 2025-09-30"),
        ("Tuesday 2025-09-30 20:00", "web", "Thursday 2025-10-09"),
        ("Saturday 2020-09-19 10:00", "web", "Monday 2020-09-21"),
        ("Sunday 2020-09-27 10:00", "web", "Sunday 2020-09-27"),  # a make-up working day
        ("Monday 2020-09-14 16:59", "web", "Monday 2020-09-14"),
        ("Monday 2020-09-14 17:00", "web", "Tuesday 2020-09-15"),
        ("Monday 2020-09-14 12:30", "web", "Monday 2020-09-14"),  # the noon break is no closing
    ],
)
def test_the_day_of_receipt_follows_the_rule_of_the_channel(
    handed_in: str, channel: str, counted_from: str, staff: Staff
) -> None:
    clerk, moment = staff.by("clerk", "social-insurance"), at(handed_in)
    with transaction():
        by = None if channel == "web" else clerk
        receipt = hand_in("unemployment-subsidy", moment=moment, channel=channel, by=by, person="citizen-1")
        if channel == "window":
            operations.record(receipt.number, Step.RECEIVE, by=clerk, at=moment, channel="window")
    assert case_of(receipt.number, moment).counted_from == on(counted_from)


def test_a_second_correction_notice_needs_the_supervisor(make_case: Maker, staff: Staff) -> None:
    number, clerk = make_case(to=CaseState.CORRECTING, person="citizen-1"), staff.by("clerk")
    event = record(number, Step.SUBMIT_CORRECTION, applicant(), materials=(HandedIn("layout", "new-layout"),))
    assert event.has("is_complete")
    with pytest.raises(ApprovalMissing):
        record(number, Step.NOTICE_CORRECTION, clerk, demands=("process",))
    with pytest.raises(ApprovalMissing):
        record(number, Step.NOTICE_CORRECTION, clerk, demands=("process",), approved_by=HEAD)
    second = record(number, Step.NOTICE_CORRECTION, clerk, demands=("process",), approved_by=SUPERVISOR)
    assert second.text("notice_no") == f"{number}-B2"
    assert len(case_of(number).notices) == 2


def test_a_correction_counts_as_full_only_when_all_that_was_demanded_is_there(make_case: Maker, staff: Staff) -> None:
    number = make_case(person="citizen-1")
    record(number, Step.NOTICE_CORRECTION, staff.by("clerk"), demands=("layout", "process"))
    half = record(number, Step.SUBMIT_CORRECTION, applicant(), materials=(HandedIn("layout"),))
    assert not half.has("is_complete")
    assert case_of(number).state is CaseState.CORRECTING
    assert case_of(number).demanded == {"process"}
    assert record(number, Step.SUBMIT_CORRECTION, applicant(), materials=(HandedIn("process"),)).has("is_complete")
    assert case_of(number).state is CaseState.RECEIVED


def test_accepting_issues_a_numbered_dated_and_sealed_paper(make_case: Maker, staff: Staff) -> None:
    number = make_case()
    event = record(number, Step.ACCEPT, staff.by("clerk"))
    assert event.text("document_no") == f"{number}-A"
    assert event.date("document_on") == on("Monday 2026-03-02")
    assert event.has("is_sealed")


def test_a_paper_left_out_on_purpose_is_recorded_as_missing(make_case: Maker, staff: Staff) -> None:
    event = record(make_case(), Step.ACCEPT, staff.by("clerk"), document_no=None, document_on=None, is_sealed=None)
    assert event.text("document_no") is None  # no guard: this is a finding (V06)


@pytest.mark.parametrize("missing", ["reason", "basis", "remedies"])
def test_refusing_needs_reason_basis_and_remedies(missing: str, make_case: Maker, staff: Staff) -> None:
    facts = {"reason": "not ours", "basis": "第三十二条", "remedies": "within 60 days", missing: ""}
    with pytest.raises(FactMissing) as caught:
        record(make_case(), Step.REFUSE, staff.by("clerk"), **facts)
    assert caught.value.field == missing


def test_the_result_is_held_until_deferred_material_is_handed_in(make_case: Maker, staff: Staff) -> None:
    number, clerk = make_case(person="citizen-1"), staff.by("clerk")
    with pytest.raises(FactUnfit):  # a main material may not follow later
        record(number, Step.ACCEPT_TOLERANTLY, clerk, deferred=("layout",), due_on=on("Monday 2026-03-16"))
    with pytest.raises(FactUnfit):
        record(number, Step.ACCEPT_TOLERANTLY, clerk, deferred=("safety-rules",), due_on=on("Monday 2026-03-02"))
    record(number, Step.ACCEPT_TOLERANTLY, clerk, deferred=("safety-rules",), due_on=on("Monday 2026-03-16"))
    record(number, Step.REVIEW, staff.by("reviewer"), conclusion="approve")
    record(number, Step.DECIDE, staff.by("decider"), conclusion="grant")
    with pytest.raises(StepNotPossible) as held:
        record(number, Step.DELIVER, clerk, delivery_channel="post", proof="EMS1")
    assert isinstance(held.value.because, NotReady)
    with pytest.raises(FactUnfit):
        record(number, Step.SUPPLY, applicant(), materials=(HandedIn("layout"),))
    record(number, Step.SUPPLY, applicant(), materials=(HandedIn("safety-rules"),))
    record(number, Step.DELIVER, clerk, delivery_channel="post", proof="EMS1")
    assert case_of(number).acceptance is Acceptance.TOLERANT


def test_on_a_promise_it_is_decided_on_the_spot_and_checked_afterwards(make_case: Maker, staff: Staff) -> None:
    number = make_case(answers={"action": "change", "changed": "name"})
    record(number, Step.ACCEPT_PROMISE, staff.by("clerk"), promise_no="P1")
    record(number, Step.DECIDE, staff.by("decider"), conclusion="grant")
    assert record(number, Step.POST_CHECK, staff.by("reviewer"), conclusion="true").kind == "post-checked"
    assert case_of(number).acceptance is Acceptance.PROMISE


def test_nobody_reviews_or_decides_his_own_work_on_a_graded_item(make_case: Maker, staff: Staff) -> None:
    number, clerk = make_case(to=CaseState.REVIEWING), staff.by("clerk")
    with pytest.raises(StepNotPossible) as early:
        record(number, Step.DECIDE, staff.by("decider"), conclusion="grant")
    assert isinstance(early.value.because, NotReady)
    with pytest.raises(NotAllowed):
        record(number, Step.REVIEW, By(clerk.actor, Role.REVIEWER, clerk.office), conclusion="approve")
    record(number, Step.REVIEW, staff.by("reviewer"), conclusion="approve")
    for author in (clerk, staff.by("reviewer")):
        with pytest.raises((NotAllowed, DutiesNotSeparated)):
            record(number, Step.DECIDE, By(author.actor, Role.DECIDER, author.office), conclusion="grant")
    assert record(number, Step.DECIDE, staff.by("decider"), conclusion="grant").text("rule_version") == "food-licence@1"


def test_a_denial_needs_reason_basis_and_remedies_and_produces_no_licence(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.REVIEWING)
    record(number, Step.REVIEW, staff.by("reviewer"), conclusion="reject")
    with pytest.raises(FactMissing):
        record(number, Step.DECIDE, staff.by("decider"), conclusion="deny", reason="unsafe", basis="第三十八条")
    record(number, Step.DECIDE, staff.by("decider"), conclusion="deny", reason="r", basis="b", remedies="m")
    with pytest.raises(StepNotPossible):
        record(number, Step.PRODUCE_LICENCE, staff.by("clerk"), licence_no="SC1")


def test_a_late_decision_is_recorded_for_it_is_a_finding_and_no_impossibility(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.REVIEWING)
    record(number, Step.REVIEW, staff.by("reviewer"), at("Monday 2026-06-01 10:00"), conclusion="approve")
    record(number, Step.DECIDE, staff.by("decider"), at("Monday 2026-06-01 11:00"), conclusion="grant")
    assert case_of(number, at("Monday 2026-06-01 12:00")).state is CaseState.DECIDED


PAUSE: dict[str, Any] = {"pause_type": "test", "days": 3, "approved_by": SUPERVISOR}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"pause_type": "lunch"}, FactUnfit),
        ({"days": 0}, FactUnfit),
        ({"days": None}, FactMissing),
        ({"notice_no": None}, FactMissing),  # the applicant is told in writing, with the days
        ({"approved_by": None}, ApprovalMissing),
        ({"approved_by": HEAD}, ApprovalMissing),
        ({"approved_by": "nobody"}, ApprovalMissing),
        ({"from_on": on("Friday 2026-02-27")}, FactUnfit),
    ],
)
def test_a_special_procedure_is_the_items_own_notified_and_approved(
    changes: dict[str, Any], error: type[Refusal], make_case: Maker, staff: Staff
) -> None:
    with pytest.raises(error):
        record(make_case(to=CaseState.REVIEWING), Step.PAUSE, staff.by("reviewer"), **{**PAUSE, **changes})


def test_a_refusal_calls_materials_procedures_and_roles_by_their_names(make_case: Maker, staff: Staff) -> None:
    number, clerk = make_case(), staff.by("clerk")
    with pytest.raises(FactUnfit) as late:
        record(number, Step.ACCEPT_TOLERANTLY, clerk, deferred=("layout",), due_on=on("Monday 2026-03-16"))
    assert str(late.value) == "Only these materials may follow later: List of food safety rules."
    assert late.value.values["codes"] == (catalogue().version("food-licence@1").material("safety-rules").name,)  # type: ignore[union-attr]
    number = make_case(to=CaseState.REVIEWING)
    with pytest.raises(FactUnfit, match="allows only these special procedures: ") as lunch:
        record(number, Step.PAUSE, staff.by("reviewer"), **{**PAUSE, "pause_type": "lunch"})
    assert name_of(PauseKind.TEST) in lunch.value.values["kinds"]  # type: ignore[operator]
    with pytest.raises(ApprovalMissing, match="needs the consent of a Head"):
        record(number, Step.EXTEND, staff.by("reviewer"), **{**EXTENSION, "approved_by": None})


def test_a_case_resumed_before_its_declared_end_counts_that_day_again(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.PAUSED)
    event = record(number, Step.RESUME, staff.by("reviewer"), at("Wednesday 2026-03-04 10:00"))
    assert event.date("until_on") == on("Tuesday 2026-03-03")
    assert case_of(number).state is CaseState.REVIEWING


EXTENSION: dict[str, Any] = {"clock": "decide", "days": 10, "reason": "laboratory", "approved_by": HEAD}


@pytest.mark.parametrize(
    ("changes", "when", "error"),
    [
        ({"days": 11}, "Monday 2026-03-02 12:00", FactUnfit),
        ({"clock": "deliver"}, "Monday 2026-03-02 12:00", FactUnfit),
        ({"reason": ""}, "Monday 2026-03-02 12:00", FactMissing),
        ({"notice_no": None}, "Monday 2026-03-02 12:00", FactMissing),
        ({"approved_by": SUPERVISOR}, "Monday 2026-03-02 12:00", ApprovalMissing),
        ({"approved_by": "u-market-supervision.reviewer.1"}, "Monday 2026-03-02 12:00", ApprovalMissing),
        ({}, "Tuesday 2026-03-24 10:00", FactUnfit),  # the promise ran out on Monday the 23rd
    ],
)
def test_an_extension_is_within_measure_reasoned_told_and_approved_by_the_head(
    changes: dict[str, Any], when: str, error: type[Refusal], make_case: Maker, staff: Staff
) -> None:
    with pytest.raises(error):
        record(
            make_case(to=CaseState.REVIEWING), Step.EXTEND, staff.by("reviewer"), at(when), **{**EXTENSION, **changes}
        )


def test_a_limit_is_extended_once(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.REVIEWING)
    record(number, Step.EXTEND, staff.by("reviewer"), at("Monday 2026-03-23 16:00"), **EXTENSION)
    with pytest.raises(StepNotPossible):
        record(number, Step.EXTEND, staff.by("reviewer"), at("Monday 2026-03-23 16:30"), **EXTENSION)


def test_a_head_who_handled_the_case_does_not_extend_it(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.REVIEWING)
    record(number, Step.ASSIGN, staff.by("head"), assignee="u-market-supervision.reviewer.1")
    with pytest.raises(ApprovalMissing):
        record(number, Step.EXTEND, staff.by("reviewer"), **EXTENSION)
    with pytest.raises(NotAllowed):
        record(number, Step.EXTEND, staff.by("head"), **{**EXTENSION, "approved_by": None})
    record(number, Step.EXTEND, staff.by("reviewer"), **{**EXTENSION, "approved_by": "u-market-supervision.head.2"})


def test_the_first_responder_stays_named_until_the_receiver_acknowledges(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.HANDED_OVER)
    first = case_of(number).first_responder
    assert first is not None
    assert first.actor == "u-market-supervision.clerk.1"
    record(number, Step.ACKNOWLEDGE, staff.by("clerk", "approval-bureau"))
    after = case_of(number)
    assert (
        after.first_responder
        == after.holder
        == Holder("approval-bureau", "approval-bureau.clerk.1", "u-approval-bureau.clerk.1")
    )
    assert after.state is CaseState.REVIEWING
    assert after.hand_overs == 1


def test_a_hand_over_sent_back_returns_to_where_it_came_from(make_case: Maker, staff: Staff) -> None:
    number = make_case()
    elsewhere = {"to_office": "approval-bureau", "reason": "r", "summary": "s"}
    record(number, Step.HAND_OVER, staff.by("clerk"), **elsewhere)
    with pytest.raises(NotAllowed):  # an office that was not asked
        record(number, Step.RETURN_HANDOVER, staff.by("clerk", "centre-a"))
    record(number, Step.RETURN_HANDOVER, staff.by("clerk", "approval-bureau"))  # without reason: a finding (V07)
    case = case_of(number)
    assert (case.state, case.holder.office, case.returns) == (CaseState.RECEIVED, "market-supervision", 1)


@pytest.mark.parametrize(
    "facts", [{"to_office": "nowhere"}, {"to_office": "market-supervision"}, {"reason": ""}, {"summary": ""}]
)
def test_a_hand_over_names_another_office_a_reason_and_a_summary(
    facts: dict[str, str], make_case: Maker, staff: Staff
) -> None:
    whole = {"to_office": "approval-bureau", "reason": "r", "summary": "s"}
    with pytest.raises(Refusal):
        record(make_case(), Step.HAND_OVER, staff.by("clerk"), **{**whole, **facts})


@pytest.mark.parametrize(
    "state", [CaseState.RECEIVED, CaseState.CORRECTING, CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.PAUSED]
)
def test_an_applicant_withdraws_at_any_time_before_the_decision(state: CaseState, make_case: Maker) -> None:
    number = make_case(to=state, person="citizen-1")
    with pytest.raises(NotAllowed):
        record(number, Step.WITHDRAW, applicant(2))
    record(number, Step.WITHDRAW, applicant())
    assert case_of(number).state is CaseState.WITHDRAWN


def test_after_the_decision_there_is_nothing_to_withdraw(make_case: Maker) -> None:
    with pytest.raises(StepNotPossible):
        record(make_case(to=CaseState.DECIDED, person="citizen-1"), Step.WITHDRAW, applicant())


def test_a_reopened_case_keeps_its_start(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.DELIVERED)
    record(number, Step.REOPEN, staff.by("supervisor"), at("Friday 2026-03-06 10:00"), reason="wrong address")
    case = case_of(number)
    assert (case.state, case.counted_from, case.reopenings) == (CaseState.REVIEWING, on("Monday 2026-03-02"), 1)
    with reading():
        clocks = {clock.key: clock for clock in queries.case_page(number, at=NOON).clocks}
    assert clocks["decide.2.promised"].counted_from == clocks["decide.1.promised"].counted_from


def test_a_case_is_rated_once_and_only_a_bad_rating_is_followed_up(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.DELIVERED, person="citizen-1")
    with pytest.raises(FactUnfit):
        record(number, Step.RATE, applicant(), score=6)
    record(number, Step.RATE, applicant(), score=4)
    for step, by, facts in (
        (Step.RATE, applicant(), {"score": 5}),
        (Step.CONTACT_RATER, staff.by("clerk", which=2), {}),
    ):
        with pytest.raises(StepNotPossible):
            record(number, step, by, **facts)


def test_an_unknown_number_is_not_found(staff: Staff) -> None:
    for number in ("990100-2026-999999", "", "x"):
        with pytest.raises(CaseNotFound):
            record(number, Step.VIEW, staff.by("clerk"))


def test_nothing_happens_to_a_case_before_it_was_handed_in(make_case: Maker, staff: Staff) -> None:
    with pytest.raises(FactUnfit):
        record(make_case(), Step.ACCEPT, staff.by("clerk"), occurred_at=MONDAY - timedelta(seconds=1))


def test_what_is_written_down_later_keeps_both_times(make_case: Maker, staff: Staff) -> None:
    event = record(make_case(), Step.ACCEPT, staff.by("clerk"), occurred_at=MONDAY + timedelta(minutes=5))
    assert (event.occurred_at, event.recorded_at) == (MONDAY + timedelta(minutes=5), NOON)


def test_personal_words_are_sealed_and_never_in_the_payload(make_case: Maker, staff: Staff) -> None:
    number = make_case()
    event = record(number, Step.COMMENT, staff.by("clerk"), personal={"text": "call 13800000000"})
    assert event.sealed is not None
    assert b"13800000000" not in event.sealed
    assert vault.words(event.sealed, vault.purpose_of(event.subject, event.kind)) == {
        "personal": {"text": "call 13800000000"}
    }
    for kept in ledger.events(f"case/{number}"):
        assert "13800000000" not in str(dict(kept.payload))
        assert "张女士" not in str(dict(kept.payload))


def test_the_applicants_own_withdrawal_needs_no_number_and_staff_need_one(make_case: Maker, staff: Staff) -> None:
    own, written = make_case(person="citizen-1"), make_case(person="citizen-2", to=CaseState.ACCEPTED)
    with transaction():
        operations.record(own, Step.WITHDRAW, by=applicant(), at=NOON)
    handler, colleague = staff.by("clerk"), staff.by("clerk", which=2)
    with pytest.raises(NotAllowed), transaction():
        operations.record(written, Step.WITHDRAW, by=handler, at=NOON, wish_no="W7")
    with pytest.raises(Refusal) as caught, transaction():
        operations.record(written, Step.WITHDRAW, by=colleague, at=NOON)
    assert caught.value.field == "wish_no"
    with transaction():
        assert operations.record(written, Step.WITHDRAW, by=colleague, at=NOON, wish_no="W7").text("wish_no") == "W7"


def test_only_the_system_deems_a_case_withdrawn_and_nobody_terminates_one_alone(make_case: Maker, staff: Staff) -> None:
    number = make_case(to=CaseState.CORRECTING)
    for role in ("clerk", "reviewer", "decider", "head", "supervisor", "dispatcher"):
        with pytest.raises(NotAllowed):
            record(number, Step.DEEM_WITHDRAWN, staff.by(role))
    with pytest.raises(ApprovalMissing):
        record(number, Step.TERMINATE, staff.by("decider"), reason="gone")
    with transaction():
        proposal = operations.propose(number, Step.TERMINATE, by=staff.by("decider"), at=NOON, reason="gone")
    with pytest.raises(NotAllowed), transaction():
        operations.approve(proposal, by=staff.by("head"), at=NOON)
    with transaction():
        ended = operations.approve(proposal, by=staff.by("supervisor"), at=NOON)
    assert (ended.kind, ended.actor, ended.text("approved_by")) == ("terminated", staff.by("decider").actor, SUPERVISOR)


def test_what_the_first_hand_in_showed_is_worked_out_and_not_for_the_author_to_choose(
    make_case: Maker, staff: Staff
) -> None:
    """Missing or there to be seen counts; what the applicant brought only later could not be judged at first."""
    clerk, number = staff.by("clerk"), make_case(person="citizen-1", materials=(HandedIn("layout"),))
    first = record(number, Step.NOTICE_CORRECTION, clerk, demands=("process", "layout"), determinable=())
    assert set(first.texts("determinable")) == {"process", "layout"}
    record(number, Step.SUBMIT_CORRECTION, applicant(), materials=(HandedIn("process"), HandedIn("layout", "anew")))
    demands = ("process", "layout", "safety-rules")
    with transaction():
        proposal = operations.propose(number, Step.NOTICE_CORRECTION, by=clerk, at=NOON, demands=demands)
        second = operations.approve(proposal, by=staff.by("supervisor"), at=NOON)
    assert set(second.texts("determinable")) == {"layout", "safety-rules"}
    with transaction():
        facts = {"demands": ("layout",), "is_law_changed": True}
        proposal = operations.propose(number, Step.NOTICE_CORRECTION, by=clerk, at=NOON, **facts)
        assert operations.approve(proposal, by=staff.by("supervisor"), at=NOON).texts("determinable") == ()
