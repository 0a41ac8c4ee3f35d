"""Nobody judges what he did himself, what his office or his post is accused of, or a step of his own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.accounts import operations as accounts
from portal.basis import SYSTEM, Bilingual, By, NotAllowed, Role
from portal.compliance.procedure.model import Stage, Step
from portal.compliance.procedure.people import is_partial, possible_steps
from portal.compliance.procedure.seeing import seen_at
from portal.store import reading, transaction
from tests.compliance.procedure.finding import ACCUSED_OFFICE, RAISED, WATCHING, People, act, brought_to

N = "000001"
JUDGING = {
    Stage.EXPLAINED: Step.CONFIRM,
    Stage.NOTIFIED: Step.PROPOSE_DISMISSAL,
    Stage.CONFIRMED: Step.PROPOSE_DISMISSAL,
    Stage.RECTIFYING: Step.EXTEND,
    Stage.CURED: Step.PUBLISH,
}


def possible(by: By, moment: object = RAISED) -> set[Step]:
    with reading():
        return set(possible_steps(seen_at(N, moment), by))  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", JUDGING)
def test_who_is_of_the_accused_office_judges_nothing(people: People, stage: Stage) -> None:
    moment = brought_to(stage, people)
    own = people.staff.by("supervisor", ACCUSED_OFFICE)
    with pytest.raises(NotAllowed):
        act(N, JUDGING[stage], own, moment)
    with reading():
        assert is_partial(seen_at(N, moment), own)
        assert not is_partial(seen_at(N, moment), people.first)
    act(N, JUDGING[stage], people.first, moment)


@pytest.mark.parametrize("stage", JUDGING)
def test_the_accused_judges_nothing_from_another_post(people: People, stage: Stage) -> None:
    moment = brought_to(stage, people)
    accused = replace(people.first, actor=f"u-{ACCUSED_OFFICE}.clerk.1")
    with pytest.raises(NotAllowed):
        act(N, JUDGING[stage], accused, moment)


def test_who_held_the_accused_post_when_it_began_or_holds_it_now_judges_nothing(people: People) -> None:
    post = f"{ACCUSED_OFFICE}.clerk.1"
    with transaction():
        accounts.end_holding(f"u-{post}", post, date(2026, 3, 3), by=SYSTEM, at=RAISED)
        accounts.appoint("u-centre-a.clerk.1", post, date(2026, 3, 3), by=SYSTEM, at=RAISED)
    moment = brought_to(Stage.EXPLAINED, people)  # of conduct that began on the second
    for holder in (f"u-{post}", "u-centre-a.clerk.1"):
        with pytest.raises(NotAllowed):
            act(N, Step.CONFIRM, replace(people.first, actor=holder), moment.replace(day=5))
    act(N, Step.CONFIRM, people.first, moment.replace(day=5))


def test_a_second_post_in_the_accused_office_bars_the_first(people: People) -> None:
    moment = brought_to(Stage.EXPLAINED, people)
    with transaction():
        accounts.create_post("side", ACCUSED_OFFICE, Role.REVIEWER, Bilingual("side", "side"), by=SYSTEM, at=RAISED)
        accounts.appoint(people.first.actor, "side", date(2026, 1, 1), by=SYSTEM, at=RAISED)
    with pytest.raises(NotAllowed):
        act(N, Step.CONFIRM, people.first, moment)
    act(N, Step.CONFIRM, people.second, moment)


def test_the_head_who_answered_and_then_watches_does_not_judge_the_answer(people: People) -> None:
    moment = brought_to(Stage.EXPLAINED, people)
    with pytest.raises(NotAllowed):
        act(N, Step.CONFIRM, replace(people.first, actor=people.head.actor), moment)


def test_another_person_than_who_confirmed_decides_the_appeal(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    act(N, Step.APPEAL, people.head, moment)
    with pytest.raises(NotAllowed):
        act(N, Step.DECIDE_APPEAL, people.first, moment)
    act(N, Step.DECIDE_APPEAL, people.auditor, moment)


@pytest.mark.parametrize("step", [Step.DISMISS, Step.REFUSE_DISMISSAL])
def test_nobody_is_the_second_person_of_his_own_proposal(people: People, step: Step) -> None:
    moment = brought_to(Stage.NOTIFIED, people)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment)
    with pytest.raises(NotAllowed):
        act(N, step, people.first, moment)
    act(N, step, people.auditor, moment)


def test_another_person_than_who_ordered_and_who_reported_looks_again(people: People) -> None:
    moment = brought_to(Stage.RECTIFYING, people)
    act(N, Step.REPORT, people.head, moment)
    for by in (people.first, replace(people.second, actor=people.head.actor)):
        with pytest.raises(NotAllowed):
            act(N, Step.RECHECK, by, moment)
    act(N, Step.RECHECK, people.second, moment)


@pytest.mark.parametrize("step", [Step.EXPLAIN, Step.APPEAL, Step.WAIVE_APPEAL, Step.REPORT])
def test_the_accused_office_alone_speaks_for_itself_and_by_its_head_or_hall_manager(people: People, step: Step) -> None:
    stage = {Step.EXPLAIN: Stage.NOTIFIED, Step.REPORT: Stage.RECTIFYING}.get(step, Stage.CONFIRMED)
    moment = brought_to(stage, people)
    others = [people.staff.by("head", "social-insurance"), people.staff.by("clerk", ACCUSED_OFFICE), people.first]
    for by in others:
        with pytest.raises(NotAllowed):
            act(N, step, by, moment)
    act(N, step, people.hall_manager, moment)


def test_a_page_offers_each_person_only_what_is_his(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    assert possible(people.head, moment) == {Step.APPEAL, Step.WAIVE_APPEAL}
    assert possible(people.first, moment) == {Step.PROPOSE_DISMISSAL}
    act(N, Step.APPEAL, people.head, moment)
    assert possible(people.head, moment) == set()
    assert possible(people.first, moment) == set(), "who confirmed does not decide the appeal"
    assert possible(people.second, moment) == {Step.DECIDE_APPEAL}
    assert possible(people.staff.by("clerk", WATCHING), moment) == set()
