"""Every state, every step, every role: what may be done, written down here a second time, by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.policy import may
from portal.basis import SYSTEM, By, NotAllowed, Refusal, Role
from portal.cases import operations, queries
from portal.cases.duties import target_of
from portal.cases.model import KIND_OF, TRANSITIONS, AskedToday, CaseState, HandedIn, Step, StepNotPossible
from portal.ledger import queries as ledger
from portal.ledger.kinds import KINDS, Sort
from portal.store import reading, transaction
from tests.cases.city import MONDAY, Staff, applicant, at, case_maker, employ, hand_in, on, take

NOTES = "view comment mark_duplicate mark_test"
RUNNING = f"{NOTES} chase remind link_outage move_due request_wait"
LEAVING = "withdraw terminate"
PASSING = "designate hand_over"
LAPSING = "deem_withdrawn deem_renewed"
WORKING = f"{RUNNING} {LEAVING} {PASSING} {LAPSING} assign open review check_site give_joint_opinion pause extend"
DONE = f"{RUNNING} notice_collection deliver reopen"
# A food licence handed in whole: nothing is deferred, nobody objected, nothing was promised, no opinion given yet.
POSSIBLE = {
    CaseState.SUBMITTED: f"{RUNNING} {LEAVING} receive",
    CaseState.RECEIVED: f"{RUNNING} {LEAVING} {PASSING} accept accept_tolerantly accept_promise deem_accepted refuse "
    "notice_correction assign open",
    CaseState.CORRECTING: f"{RUNNING} {LEAVING} accept accept_tolerantly submit_correction notice_correction "
    "deem_withdrawn",
    CaseState.ACCEPTED: WORKING,
    CaseState.REVIEWING: WORKING,
    CaseState.PAUSED: f"{RUNNING} {LEAVING} {LAPSING} assign check_site give_joint_opinion extend resume",
    CaseState.HANDED_OVER: f"{RUNNING} {LEAVING} {LAPSING} acknowledge return_handover uphold_objection designate",
    CaseState.DECIDED: f"{DONE} produce_licence",
    CaseState.PRODUCED: DONE,
    CaseState.DELIVERED: f"{NOTES} rate move_due reopen archive",
    CaseState.RATED: f"{NOTES} move_due reopen archive",
    CaseState.ARCHIVED: f"{NOTES} rate move_due reopen",
    CaseState.REFUSED: f"{NOTES} reopen archive",
    CaseState.WITHDRAWN: f"{NOTES} reopen archive",
    CaseState.DEEMED_WITHDRAWN: f"{NOTES} reopen archive",
    CaseState.TERMINATED: f"{NOTES} reopen archive",
    CaseState.DEEMED_RENEWED: f"{DONE} produce_licence",
}
ROLES = {
    "applicant": "submit submit_correction supply chase rate withdraw reopen request_wait",
    "clerk": "submit receive notice_correction submit_correction accept refuse accept_tolerantly accept_promise "
    "supply hand_over assign open view comment chase produce_licence notice_collection deliver "
    "contact_rater fix_rating withdraw",
    "reviewer": "notice_correction post_check hand_over open view comment review check_site pause resume extend",
    "decider": "open view comment decide terminate reopen",
    "head": "assign view comment extend decide contact_rater fix_rating",
    "dispatcher": "designate hand_over uphold_objection view chase request_wait",
    "supervisor": "view comment pause reopen link_outage mark_duplicate mark_test",
    "auditor": "view",
    "system": "receive deem_accepted deem_withdrawn deem_renewed remind resume notice_collection deliver archive "
    "link_outage move_due",
}
RECEIVER = "acknowledge return_handover view chase"
DAYS = {"old_on": on("Monday 2026-03-02"), "new_on": on("Tuesday 2026-03-03")}
FACTS: dict[Step, dict[str, Any]] = {
    Step.NOTICE_CORRECTION: {"demands": ("layout",), "approved_by": "u-market-supervision.supervisor.1"},
    Step.SUBMIT_CORRECTION: {"materials": (HandedIn("layout"),)},
    Step.REFUSE: {"reason": "r", "basis": "b", "remedies": "m"},
    Step.ACCEPT_TOLERANTLY: {"deferred": ("safety-rules",), "due_on": on("Monday 2026-03-16")},
    Step.ACCEPT_PROMISE: {"promise_no": "P1"},
    Step.DESIGNATE: {"to_office": "approval-bureau"},
    Step.HAND_OVER: {"to_office": "approval-bureau", "reason": "r", "summary": "s"},
    Step.ASSIGN: {"assignee": "u-market-supervision.reviewer.1"},
    Step.REMIND: {"clock": "accept.1.promised", "level": "soon"},
    Step.REVIEW: {"conclusion": "approve"},
    Step.CHECK_SITE: {"inspectors": ("a", "b")},
    Step.GIVE_JOINT_OPINION: {"department": "fire brigade", "conclusion": "agreed"},
    Step.PAUSE: {"pause_type": "test", "days": 3, "approved_by": "u-market-supervision.supervisor.1"},
    Step.EXTEND: {"clock": "decide", "days": 5, "reason": "r", "approved_by": "u-market-supervision.head.1"},
    Step.PRODUCE_LICENCE: {"licence_no": "SC1"},
    Step.DELIVER: {"delivery_channel": "post", "proof": "EMS1"},
    Step.RATE: {"score": 5},
    Step.WITHDRAW: {"wish_no": "W1"},
    Step.TERMINATE: {"reason": "r", "approved_by": "u-market-supervision.supervisor.1"},
    Step.REOPEN: {"reason": "r"},
    Step.REQUEST_WAIT: {"from_on": on("Tuesday 2026-03-03"), "until_on": on("Wednesday 2026-03-04")},
    Step.LINK_OUTAGE: {"outage": "O1", "from_on": on("Monday 2026-03-02"), "until_on": on("Monday 2026-03-02")},
    Step.MOVE_DUE: {
        "clock": "x",
        "old_on": on("Monday 2026-03-02"),
        "new_on": on("Tuesday 2026-03-03"),
        "calendar": "c",
    },
}
NOW = at("Monday 2026-03-02 15:00")


class Undone(Exception):
    """Ends a transaction without keeping what was written."""


@pytest.fixture
def city(sqlite_database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


def brought_to(state: CaseState, staff: Staff) -> str:
    make = case_maker(staff)
    if state is CaseState.SUBMITTED:
        return make(channel="window", by=staff.by("clerk"), person="citizen-1", to=CaseState.RECEIVED)
    system = {
        CaseState.DEEMED_WITHDRAWN: (CaseState.CORRECTING, Step.DEEM_WITHDRAWN),
        CaseState.DEEMED_RENEWED: (CaseState.REVIEWING, Step.DEEM_RENEWED),
        CaseState.ARCHIVED: (CaseState.DELIVERED, Step.ARCHIVE),
        CaseState.RATED: (CaseState.DELIVERED, Step.RATE),
    }
    before, step = system.get(state, (state, None))
    number = make(to=before, person="citizen-1")
    if step:
        by = applicant() if step is Step.RATE else SYSTEM
        with transaction():
            operations.record(number, step, by=by, at=MONDAY + timedelta(minutes=30), **FACTS.get(step, {}))
    return number


def actor(role: str, staff: Staff) -> By:
    """Somebody of that role who has not worked on the case, so that no duty has to be kept apart."""
    if role == "system":
        return SYSTEM
    return applicant() if role == "applicant" else staff.by(role, which=2 if role in SECOND else 1)


SECOND = ("clerk", "reviewer", "head", "supervisor")


def test_every_step_of_the_ledger_is_a_step_of_the_life_cycle() -> None:
    written = [kind for kind in KINDS.values() if kind.sort is Sort.CASE and not kind.is_to_come]
    listed = {kind.step: kind.name for kind in written}
    assert {step.value: KIND_OF[step] for step in Step} == listed


def test_every_state_can_be_reached_and_every_step_taken_somewhere() -> None:
    reached = {goal for row in TRANSITIONS.values() for goal in row.values() if isinstance(goal, CaseState)}
    assert reached | {CaseState.DRAFT} == set(CaseState)
    assert {step for row in TRANSITIONS.values() for step in row} == set(Step)


@pytest.mark.parametrize("state", POSSIBLE, ids=lambda state: state.value)
def test_each_role_is_shown_exactly_the_steps_it_may_take_now(state: CaseState, city: Staff) -> None:
    number = brought_to(state, city)
    with reading():
        page = queries.case_page(number, at=NOW)
        assert page.case.state is state
        for role, steps in ROLES.items():
            expected = set(POSSIBLE[state].split()) & set(steps.split())
            assert set(page.possible_steps(actor(role, city))) == expected, role
        if state is CaseState.HANDED_OVER:
            assert set(page.possible_steps(city.by("clerk", "approval-bureau"))) == set(RECEIVER.split())
        else:
            assert set(page.possible_steps(city.by("clerk", "approval-bureau"))) <= {Step.CHASE}


@pytest.mark.parametrize("state", POSSIBLE, ids=lambda state: state.value)
def test_a_step_is_recorded_where_it_is_possible_and_refused_with_the_others_where_it_is_not(
    state: CaseState, city: Staff
) -> None:
    number = brought_to(state, city)
    with reading():
        page = queries.case_page(number, at=NOW)
    for step in Step:
        by = _somebody(step, city, page)
        if by is None:
            continue
        facts = {
            Step.CHASE: {"place": "web"},
            Step.MARK_DUPLICATE: {"of": queries.cases_of("citizen-2")[0]},
            **FACTS,
        }.get(step, {})
        if step.value in POSSIBLE[state].split():
            with pytest.raises(Undone):
                _record_and_undo(number, step, by, facts)
        else:
            with pytest.raises(StepNotPossible) as caught, transaction():
                take(number, step, by=by, at=NOW, **facts)
            assert set(caught.value.possible) == set(page.possible_steps(by))


@pytest.mark.parametrize("role", ROLES)
def test_no_role_takes_a_step_that_is_not_its_own(role: str, city: Staff) -> None:
    number = case_maker(city)(to=CaseState.REVIEWING, person="citizen-1")
    for step in Step:
        if step.value in ROLES[role].split() or step.value == "decide":
            continue
        with pytest.raises(NotAllowed), transaction():
            take(number, step, by=actor(role, city), at=NOW, **FACTS.get(step, {}))


def _record_and_undo(number: str, step: Step, by: By, facts: dict[str, Any]) -> None:
    with transaction():
        assert take(number, step, by=by, at=NOW, **facts).kind == KIND_OF[step]
        raise Undone


def _somebody(step: Step, staff: Staff, page: queries.CasePage) -> By | None:
    """Anybody whom the policy lets take this step in this case."""
    target = target_of(page.case, page.version)
    people = [actor(role, staff) for role in ROLES]
    people += [staff.by("clerk", "approval-bureau"), staff.by("reviewer", "approval-bureau")]
    return next((by for by in people if may(by, step.value, target)), None)


@pytest.fixture(autouse=True)
def _another_case(request: pytest.FixtureRequest) -> None:
    if "city" in request.fixturenames:
        request.getfixturevalue("city")
        with transaction():
            hand_in(moment=MONDAY, person="citizen-2", by=applicant(2))


def test_an_impossible_step_names_the_possible_ones(city: Staff) -> None:
    number = case_maker(city)(to=CaseState.DELIVERED, person="citizen-1")
    with pytest.raises(StepNotPossible) as caught, transaction():
        operations.record(number, Step.DELIVER, by=city.by("clerk", which=2), at=NOW, **FACTS[Step.DELIVER])
    assert caught.value.possible == (Step.VIEW, Step.COMMENT)
    assert "Viewed, Commented" in str(caught.value)
    assert isinstance(caught.value, Refusal)


def test_an_applicant_asks_where_it_stands_once_a_day_however_many_requests_come_at_once(make_case: Any) -> None:
    """Each of them had looked before any of the others was written."""
    number, who = make_case(moment=MONDAY, person="zhang"), By("zhang", Role.APPLICANT)
    with transaction():
        take(number, "chase", by=who, at=MONDAY + timedelta(hours=1))
    with pytest.raises(AskedToday), transaction():
        take(number, "chase", by=who, at=MONDAY + timedelta(hours=2))
    with transaction():
        take(number, "chase", by=who, at=MONDAY + timedelta(days=1))
    with reading():
        assert [event.kind for event in ledger.events(f"case/{number}")].count("chased") == 2
