"""Pages, lists, lights and consents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.basis import NotAllowed, Role
from portal.cases import operations, queries
from portal.cases.model import ApprovalMissing, CaseNotFound, CaseState, FactUnfit, Step, StepNotPossible
from portal.cases.operations.proposals import ProposalAnswered
from portal.cases.queries import Light
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.cases.city import MONDAY, Maker, Staff, at, local, on


@pytest.mark.parametrize(
    ("when", "light", "days_left"),
    [
        ("Monday 2026-03-02 12:00", Light.IN_TIME, 5),
        ("Thursday 2026-03-05 12:00", Light.IN_TIME, 2),
        ("Friday 2026-03-06 09:00", Light.SOON, 1),
        ("Sunday 2026-03-08 09:00", Light.SOON, 1),
        ("Monday 2026-03-09 09:00", Light.DUE_TODAY, 0),
        ("Monday 2026-03-09 23:59", Light.DUE_TODAY, 0),
        ("Tuesday 2026-03-10 00:00", Light.OVERDUE, -1),
    ],
)
def test_a_light_is_worked_out_when_somebody_looks(when: str, light: Light, days_left: int, make_case: Maker) -> None:
    number = make_case()
    with reading():
        (item,) = queries.worklist(at=at(when))
        assert (item.number, item.light, item.days_left) == (number, light, days_left)
        assert queries.counts(at=at(when))["market-supervision"][light] == 1


def test_a_paused_case_and_a_provisional_date_have_lights_of_their_own(make_case: Maker) -> None:
    paused = make_case(to=CaseState.PAUSED)
    with reading():
        assert [(item.number, item.light) for item in queries.worklist(at=MONDAY + timedelta(hours=1))] == [
            (paused, Light.PAUSED)
        ]
    beyond = make_case("unemployment-subsidy", moment=at("Wednesday 2026-12-23 10:00"))
    with reading():
        found = queries.worklist(at=at("Wednesday 2026-12-23 11:00"), offices=["social-insurance"])
        assert [(item.number, item.light) for item in found] == [(beyond, Light.PROVISIONAL)]


def test_the_worklist_is_ordered_by_time_left_and_filtered_as_it_is_counted(make_case: Maker, staff: Staff) -> None:
    later = make_case(moment=at("Wednesday 2026-03-04 10:00"))
    sooner = make_case(moment=at("Monday 2026-03-02 10:00"))
    no_limit = make_case("contribution-base", moment=at("Monday 2026-03-02 10:00"))
    passed = make_case(to=CaseState.HANDED_OVER, moment=at("Monday 2026-02-02 10:00"))
    now = at("Wednesday 2026-03-04 12:00")
    with reading():
        assert [item.number for item in queries.worklist(at=now)] == [passed, sooner, later, no_limit]
        assert [item.number for item in queries.worklist(at=now, limit=1, offset=1)] == [sooner]
        assert [item.number for item in queries.worklist(at=now, offices=["social-insurance"])] == [no_limit]
        assert [item.number for item in queries.worklist(at=now, lights=[Light.OVERDUE])] == [passed]
        receiver = staff.by("clerk", "approval-bureau")
        assert [item.number for item in queries.worklist(at=now, by=receiver)] == [passed]
        assert [item.number for item in queries.to_acknowledge("approval-bureau", at=now)] == [passed]
        assert queries.count_work(at=now) == 4
        assert queries.count_work(at=now, lights=[Light.NO_LIMIT]) == 1
        assert queries.count_work(at=now, states=[CaseState.RECEIVED], item="food-licence") == 2
        assert queries.most_handed_in(at("Sunday 2026-02-01 00:00")) == [("food-licence", 3), ("contribution-base", 1)]


def test_a_page_shows_the_timeline_the_papers_and_the_sealed_words(make_case: Maker) -> None:
    number = make_case(to=CaseState.REVIEWING)
    with reading():
        page = queries.case_page(number, at=MONDAY + timedelta(hours=1))
    assert [entry.title for entry in page.timeline] == ["Handed in", "Received", "Accepted", "Taken up"]
    assert [entry.state.value for entry in page.timeline] == ["submitted", "received", "accepted", "reviewing"]
    assert {paper.code for paper in page.papers} == {"application", "layout", "process", "safety-rules"}
    assert page.personal["name"] == "张女士"
    assert page.answers == {"action": "new", "food": "general"}
    promised = page.promised
    assert promised is not None
    assert promised.key == "decide.1.promised"
    assert page.trace(promised)[-1].day == promised.due_on
    assert page.days_left(promised) == 15


def test_a_number_that_does_not_exist_has_no_page(database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(CaseNotFound), reading():
        queries.case_page("990100-2026-000009", at=MONDAY)


def test_time_alone_brings_a_case_before_the_rules(make_case: Maker) -> None:
    """Z4: no acceptance limit; nothing done since Wednesday 1 July, stuck from Tuesday the 7th, red from the 8th."""
    number = make_case("contribution-base", moment=at("Wednesday 2020-07-01 09:30"))

    def judged(after: str, until: str) -> list[str]:
        with reading():
            return queries.subjects_to_judge(at(after), at(until))

    assert judged("Wednesday 2020-07-01 09:30", "Monday 2020-07-06 23:59") == []
    assert judged("Monday 2020-07-06 23:59", "Tuesday 2020-07-07 00:00") == [f"case/{number}"]
    assert judged("Tuesday 2020-07-07 00:01", "Wednesday 2020-07-08 00:00") == [f"case/{number}"]
    with reading():
        assert queries.open_subjects() == [f"case/{number}"]


def test_the_guide_promises_the_same_day_as_the_receipt(make_case: Maker) -> None:
    version = catalogue().in_force("food-licence", on("Monday 2026-03-02"))
    preview = {clock.key: clock.due_on for clock in queries.promised(version, "new-general", at=MONDAY)}
    number = make_case(moment=MONDAY)
    with reading():
        kept = {clock.key: clock.due_on for clock in queries.case_page(number, at=MONDAY).clocks}
    assert kept.items() <= preview.items()
    assert preview["decide.1.promised"] == on("Monday 2026-03-30")  # accepted on Monday the 9th, 15 working days
    evening = queries.promised(version, "new-general", at=at("Friday 2026-03-06 18:00"))
    assert local(evening[0].due_at) == "Monday 2026-03-16 17:00"  # counts as come on Monday the 9th


PAUSE: dict[str, Any] = {"pause_type": "test", "days": 3}


def test_a_step_that_needs_consent_is_written_when_the_other_person_agrees(make_case: Maker, staff: Staff) -> None:
    number, reviewer, now = make_case(to=CaseState.REVIEWING), staff.by("reviewer"), MONDAY + timedelta(hours=1)
    with transaction():
        proposal = operations.propose(number, Step.PAUSE, by=reviewer, at=now, **PAUSE)
    with reading():
        (waiting,) = queries.proposals(Role.SUPERVISOR)
        assert (waiting.number, waiting.kind, waiting.proposed_by) == (number, "paused", reviewer.actor)
        assert queries.proposals(Role.HEAD) == []
    with pytest.raises(NotAllowed), transaction():
        operations.approve(proposal, by=staff.by("head"), at=now)
    with transaction():
        event = operations.approve(proposal, by=staff.by("supervisor"), at=now + timedelta(minutes=5))
    assert (event.kind, event.actor, event.text("approved_by")) == (
        "paused",
        reviewer.actor,
        staff.by("supervisor").actor,
    )
    with pytest.raises(ProposalAnswered), transaction():
        operations.approve(proposal, by=staff.by("supervisor", which=2), at=now)


def test_a_rejected_proposal_writes_nothing(make_case: Maker, staff: Staff) -> None:
    number, now = make_case(to=CaseState.REVIEWING), MONDAY + timedelta(hours=1)
    with transaction():
        proposal = operations.propose(
            number, "extend", by=staff.by("reviewer"), at=now, clock="decide", days=5, reason="laboratory"
        )
        seq = ledger.last_seq()
        operations.reject(proposal, "no need", by=staff.by("head"), at=now)
        assert ledger.last_seq() == seq
    with reading():
        assert queries.proposals(number=number) == []


def test_only_what_needs_consent_and_is_possible_can_be_proposed(make_case: Maker, staff: Staff) -> None:
    number, now = make_case(), MONDAY + timedelta(hours=1)
    with pytest.raises(FactUnfit), transaction():
        operations.propose(number, Step.ACCEPT, by=staff.by("clerk"), at=now)
    with pytest.raises(StepNotPossible), transaction():
        operations.propose(number, Step.PAUSE, by=staff.by("reviewer"), at=now, **PAUSE)
    assert operations.needs_consent(Step.NOTICE_CORRECTION, 0) is None
    assert operations.needs_consent(Step.NOTICE_CORRECTION, 1) is Role.SUPERVISOR


def test_consent_does_not_replace_the_guards(make_case: Maker, staff: Staff) -> None:
    number, now = make_case(to=CaseState.REVIEWING), MONDAY + timedelta(hours=1)
    supervisor = staff.by("supervisor")
    with transaction():
        proposal = operations.propose(
            number, Step.PAUSE, by=staff.by("reviewer"), at=now, pause_type="test", days=3, approved_by="forged"
        )
    with transaction():
        assert operations.approve(proposal, by=supervisor, at=now).text("approved_by") == supervisor.actor
    with pytest.raises((ApprovalMissing, StepNotPossible)), transaction():
        operations.record(number, Step.PAUSE, by=staff.by("reviewer"), at=now, **PAUSE)


@pytest.mark.parametrize("answer", ["open", "refused", "of another case", "of another step", "none"])
def test_nobody_is_named_as_consenting_who_has_not_answered_a_proposal_of_this_step(
    answer: str, make_case: Maker, staff: Staff
) -> None:
    """Separation of duties holds in the ledger: a form or a caller cannot write a supervisor's name."""
    number, now = make_case(to=CaseState.REVIEWING), MONDAY + timedelta(hours=1)
    reviewer, supervisor = staff.by("reviewer"), staff.by("supervisor")
    forged = {**PAUSE, "approved_by": supervisor.actor}
    with pytest.raises(ApprovalMissing), transaction():
        operations.record(number, Step.PAUSE, by=reviewer, at=now, **forged)
    elsewhere = make_case(to=CaseState.REVIEWING) if answer == "of another case" else number
    with transaction():
        kind: dict[str, Any] = {"clock": "decide", "days": 5, "reason": "laboratory"}
        is_other = answer == "of another step"
        proposal = operations.propose(
            elsewhere, Step.EXTEND if is_other else Step.PAUSE, by=reviewer, at=now, **(kind if is_other else PAUSE)
        )
        if answer == "refused":
            operations.reject(proposal, "no need", by=supervisor, at=now)
        elif answer.startswith("of"):
            operations.approve(proposal, by=staff.by("head") if is_other else supervisor, at=now)
    consent = 4711 if answer == "none" else proposal
    with pytest.raises(ApprovalMissing), transaction():
        operations.record(number, Step.PAUSE, by=reviewer, at=now, consent=consent, **forged)
