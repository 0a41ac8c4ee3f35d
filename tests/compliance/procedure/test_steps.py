"""From suspicion to cure or dismissal: every step from every stage, the order of things, and what is kept of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import vault
from portal.compliance.findings import operations as register
from portal.compliance.findings.queries import FindingUnknown
from portal.compliance.procedure import operations, queries
from portal.compliance.procedure.model import (
    Due,
    Ground,
    NoExemption,
    NoLongerFound,
    OfficeNotHeard,
    ProcedureRefusal,
    Stage,
    Step,
    StepFactMissing,
)
from portal.compliance.procedure.rows import follow, rebuild_procedures
from portal.compliance.procedure.seeing import seen_at
from portal.compliance.procedure.tables import ProcedureRow
from portal.ledger import queries as ledger
from portal.store import db, reading, transaction
from tests.cases.city import at
from tests.compliance.procedure.finding import (
    ACCUSED_OFFICE,
    RAISED,
    People,
    act,
    acts_of,
    brought_to,
    judged,
    now,
)

N = "000001"
# Which steps the table of this test lets follow, written apart from the code's own.
MAY_FOLLOW = {
    Stage.SUSPECTED: "notify_finding propose_dismissal",
    Stage.NOTIFIED: "explain_finding propose_dismissal",
    Stage.EXPLAINED: "confirm_finding propose_dismissal",
    Stage.CONFIRMED: "appeal_finding waive_appeal propose_dismissal",
    Stage.RECTIFYING: "extend_rectification report_rectification propose_dismissal publish_finding",
    Stage.CURED: "publish_finding",
    Stage.DISMISSED: "",
}
ALL = [step for step in Step if step is not Step.WITHDRAW]


def rows() -> list[dict[str, Any]]:
    names = ProcedureRow.__table__.columns.keys()
    with reading():
        found = db.session.scalars(select(ProcedureRow).order_by(ProcedureRow.number))
        return [{name: getattr(row, name) for name in names} for row in found]


def entry(number: str, moment: Any, kind: str) -> queries.Entry:
    with reading():
        page = queries.procedure_page(number, at=moment)
    return next(one for one in page.timeline if one.event.kind == kind)


@pytest.mark.parametrize("stage", MAY_FOLLOW)
def test_from_each_stage_some_steps_may_be_taken_and_no_others(people: People, stage: Stage) -> None:
    moment = brought_to(stage, people)
    assert now(N, moment).stage is stage
    taken = set()
    for step in ALL:
        with pytest.raises((_TakenBack, ProcedureRefusal)) as stopped, transaction():
            _taken_back(step, people, moment)
        if stopped.type is _TakenBack:
            taken.add(step.value)
    assert taken == set(MAY_FOLLOW[stage].split())
    assert now(N, moment).stage is stage, "what was refused or taken back has changed nothing"


class _TakenBack(Exception):
    """The step could be taken; nothing of it stays."""


def _taken_back(step: Step, people: People, moment: Any) -> None:
    acts_of(N, people.of(step), moment)[step]()
    raise _TakenBack


def test_the_whole_way_ends_with_a_cure_and_the_finding_stays_found(people: People) -> None:
    moment = brought_to(Stage.CURED, people)
    cured = now(N, moment)
    assert (cured.stage, cured.is_standing) == (Stage.CURED, True)
    assert cured.due is None
    with reading():
        kinds = [event.kind for event in seen_at(N, moment).events]
        page = queries.procedure_page(N, at=moment)
    assert kinds == [
        "finding-raised",
        "finding-notified",
        "finding-explained",
        "finding-confirmed",
        "rectification-ordered",
        "rectification-reported",
        "rectification-rechecked",
    ]
    assert [one.event.kind for one in page.timeline] == kinds[1:]


def test_an_office_that_is_silent_is_judged_after_its_last_day_and_not_on_it(people: People) -> None:
    brought_to(Stage.NOTIFIED, people)  # on Monday: three working days end on Thursday
    with pytest.raises(OfficeNotHeard, match="2026-03-05"):
        act(N, Step.CONFIRM, people.first, at("Thursday 2026-03-05 16:59"))
    act(N, Step.CONFIRM, people.first, at("Friday 2026-03-06 09:00"))
    assert now(N, RAISED).stage is Stage.CONFIRMED


def test_a_late_answer_is_heard_as_long_as_nobody_has_judged(people: People) -> None:
    brought_to(Stage.NOTIFIED, people)
    act(N, Step.EXPLAIN, people.hall_manager, at("Tuesday 2026-03-17 09:00"))
    assert now(N, RAISED).stage is Stage.EXPLAINED


def test_an_upheld_appeal_is_the_only_one_and_opens_the_order(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    act(N, Step.APPEAL, people.head, moment)
    with pytest.raises(ProcedureRefusal, match="appeal"):
        act(N, Step.ORDER, people.first, moment + timedelta(days=30))
    act(N, Step.DECIDE_APPEAL, people.second, moment)
    assert now(N, moment).stage is Stage.CONFIRMED
    with pytest.raises(ProcedureRefusal, match="one appeal"):
        act(N, Step.APPEAL, people.head, moment)
    act(N, Step.ORDER, people.first, moment)
    assert now(N, moment).stage is Stage.RECTIFYING


def test_an_overturned_finding_is_dismissed(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    act(N, Step.APPEAL, people.head, moment)
    act(N, Step.DECIDE_APPEAL, people.second, moment, conclusion="overturned")
    assert (now(N, moment).stage, now(N, moment).ground) == (Stage.DISMISSED, Ground.UNFOUNDED)


def test_an_office_that_does_without_an_appeal_gets_its_order_at_once(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    with pytest.raises(ProcedureRefusal, match="can still appeal"):
        act(N, Step.ORDER, people.first, moment)
    act(N, Step.WAIVE_APPEAL, people.head, moment)
    with pytest.raises(ProcedureRefusal, match="one appeal"):
        act(N, Step.APPEAL, people.head, moment)
    act(N, Step.ORDER, people.first, moment)


def test_what_fails_the_check_is_still_to_be_put_right(people: People) -> None:
    moment = brought_to(Stage.RECTIFYING, people)
    with pytest.raises(ProcedureRefusal, match="nothing to look at"):
        act(N, Step.RECHECK, people.second, moment)
    act(N, Step.REPORT, people.head, moment)
    act(N, Step.RECHECK, people.second, moment, conclusion="failed")
    found = now(N, moment)
    assert (found.stage, found.cured_at) == (Stage.RECTIFYING, None)
    assert found.due is not None
    assert found.due[0] is Due.RECTIFICATION
    act(N, Step.REPORT, people.head, moment)
    act(N, Step.RECHECK, people.second, moment)
    assert now(N, moment).stage is Stage.CURED


def test_more_time_is_given_before_the_last_day_is_over_and_never_less(people: People) -> None:
    moment = brought_to(Stage.RECTIFYING, people)
    last_on = now(N, moment).order_due_on
    assert last_on is not None
    with pytest.raises(StepFactMissing, match="later day"):
        act(N, Step.EXTEND, people.second, moment, until=last_on)
    act(N, Step.EXTEND, people.second, moment, until=last_on + timedelta(days=7))
    assert now(N, moment).due == (Due.RECTIFICATION, last_on + timedelta(days=7))
    with pytest.raises(ProcedureRefusal, match="last day is over"):
        act(N, Step.EXTEND, people.second, moment + timedelta(days=60), until=last_on + timedelta(days=90))


@pytest.mark.parametrize("stage", [s for s in MAY_FOLLOW if s not in (Stage.CURED, Stage.DISMISSED)])
def test_two_people_dismiss_and_an_order_is_taken_back_with_it(people: People, stage: Stage) -> None:
    moment = brought_to(stage, people)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment)
    assert now(N, moment).stage is stage
    assert now(N, moment).due is not None
    act(N, Step.DISMISS, people.second, moment)
    assert now(N, moment).stage is Stage.DISMISSED
    withdrawn = [event.kind for event in ledger.events(f"order/{N}")].count("rectification-withdrawn")
    assert withdrawn == (1 if stage is Stage.RECTIFYING else 0)


def test_while_a_dismissal_waits_nobody_else_judges_and_the_office_may_still_speak(people: People) -> None:
    moment = brought_to(Stage.EXPLAINED, people)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment)
    with pytest.raises(ProcedureRefusal, match="second person answers that first"):
        act(N, Step.CONFIRM, people.second, moment)
    act(N, Step.REFUSE_DISMISSAL, people.second, moment)
    act(N, Step.CONFIRM, people.second, moment)
    assert now(N, moment).stage is Stage.CONFIRMED


def test_what_the_rules_no_longer_find_is_neither_notified_nor_goes_on(people: People) -> None:
    brought_to(Stage.EXPLAINED, people)
    moment = RAISED + timedelta(days=1)
    with transaction():
        follow([judged(N, kind="finding-cleared", at=moment)])
    assert (now(N, moment).stage, now(N, moment).is_standing, rows()) == (Stage.SUSPECTED, False, [])
    with pytest.raises(NoLongerFound):
        act(N, Step.NOTIFY, people.first, moment)
    with pytest.raises(NoLongerFound):
        act(N, Step.PROPOSE_DISMISSAL, people.first, moment)
    with transaction():
        follow([judged(N, kind="finding-changed", at=moment)])
    act(N, Step.NOTIFY, people.first, moment)
    assert now(N, moment).explained_by is None, "the office is heard anew"


def test_against_another_office_everything_begins_anew(people: People) -> None:
    moment = brought_to(Stage.EXPLAINED, people)
    with transaction():
        follow([judged(N, kind="finding-changed", at=moment, severity="red")])
    assert now(N, moment).stage is Stage.EXPLAINED, "the grade alone ends nothing"
    with transaction():
        follow([judged(N, kind="finding-changed", at=moment, office="social-insurance")])
    assert (now(N, moment).stage, rows()) == (Stage.SUSPECTED, [])


def test_what_was_confirmed_stays_so_when_the_rules_no_longer_find_it(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    with transaction():
        follow([judged(N, kind="finding-cleared", at=moment, office="social-insurance")])
    found = now(N, moment)
    assert (found.stage, found.office, found.is_standing) == (Stage.CONFIRMED, ACCUSED_OFFICE, False)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment)


def test_an_examination_itself_ends_the_procedure(people: People) -> None:
    """Through the register, as the scheduler does it."""
    moment = brought_to(Stage.NOTIFIED, people)
    with transaction():
        written = register.examine(["case/330106-2026-000001"], at=moment)  # nobody ever handed that case in
    assert [event.kind for event in written] == ["finding-cleared"]
    assert (now(N, moment).stage, rows()) == (Stage.SUSPECTED, [])


def test_a_finding_that_names_no_office_is_dismissed_and_asks_nobody(people: People) -> None:
    moment = brought_to(Stage.SUSPECTED, people, office=None)
    with pytest.raises(ProcedureRefusal, match="names no office"):
        act(N, Step.NOTIFY, people.first, moment)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment)
    act(N, Step.DISMISS, people.second, moment)


def test_nothing_begins_for_a_number_that_nobody_gave(people: People) -> None:
    for number in ("", "999999"):
        with pytest.raises(FindingUnknown):
            act(number, Step.NOTIFY, people.first, RAISED)


@pytest.mark.parametrize(
    ("facts", "to", "refused"),
    [
        ({}, Stage.NOTIFIED, None),
        ({"severity": "notice"}, Stage.EXPLAINED, None),
        ({"severity": "red"}, Stage.NOTIFIED, "red card"),
        ({"is_open": True}, Stage.NOTIFIED, "still goes on"),
        ({}, Stage.CONFIRMED, "confirmed already"),
    ],
)
def test_a_first_minor_breach_may_be_let_pass(
    people: People, facts: dict[str, Any], to: Stage, refused: str | None
) -> None:
    moment = brought_to(to, people, **facts)
    if refused is None:
        act(N, Step.PROPOSE_DISMISSAL, people.first, moment, ground="first-minor")
        assert now(N, moment).ground is Ground.FIRST_MINOR
    else:
        with pytest.raises(NoExemption, match=refused):
            act(N, Step.PROPOSE_DISMISSAL, people.first, moment, ground="first-minor")


@pytest.mark.parametrize(
    ("moment", "is_first"),
    [("Friday 2028-03-10 09:00", False), ("Monday 2028-03-13 09:00", True)],  # confirmed on 2026-03-10
)
def test_the_first_is_the_first_in_two_years_of_this_rule_and_office(
    people: People, moment: str, is_first: bool
) -> None:
    brought_to(Stage.CONFIRMED, people, moment=at("Tuesday 2026-03-10 09:00"))
    for number, more in (("000002", {}), ("000003", {"rule": "V04"}), ("000004", {"office": "social-insurance"})):
        brought_to(Stage.NOTIFIED, people, number, at(moment), **more)
        proposed = (number, Step.PROPOSE_DISMISSAL, people.first, at(moment) + timedelta(hours=1))
        if is_first or number != "000002":
            act(*proposed, ground="first-minor")
        else:
            with pytest.raises(NoExemption, match="not the first"):
                act(*proposed, ground="first-minor")


def test_what_was_let_pass_once_is_the_first_no_more(people: People) -> None:
    moment = brought_to(Stage.NOTIFIED, people)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment, ground="first-minor")
    act(N, Step.DISMISS, people.second, moment)
    moment = brought_to(Stage.NOTIFIED, people, "000002", moment)
    with pytest.raises(NoExemption, match="not the first"):
        act("000002", Step.PROPOSE_DISMISSAL, people.first, moment, ground="first-minor")


def test_a_guard_names_an_event_that_the_accused_office_did_not_make(people: People) -> None:
    moment = brought_to(Stage.NOTIFIED, people)
    ours = act(N, Step.EXPLAIN, people.head, moment).seq
    with transaction():
        theirs = judged("000007", at=moment).seq
    for seq in (None, 10**6, 2**70, -1, ours):
        with pytest.raises(StepFactMissing):
            act(N, Step.PROPOSE_DISMISSAL, people.first, moment, ground="guard", evidence=seq)
    act(N, Step.PROPOSE_DISMISSAL, people.first, moment, ground="guard", evidence=theirs)
    assert entry(N, moment, "finding-dismissal-proposed").event.integer("evidence_seq") == theirs


@pytest.mark.parametrize(
    ("began_on", "rule", "stage"),
    [
        (date(2026, 3, 11), "V12", Stage.REPEATED),  # the day after it was put right
        (date(2026, 6, 8), "V12", Stage.REPEATED),  # the ninetieth
        (date(2026, 6, 9), "V12", Stage.CONFIRMED),
        (date(2026, 3, 10), "V12", Stage.CONFIRMED),  # it had begun before that
        (date(2026, 3, 11), "V04", Stage.CONFIRMED),
    ],
)
def test_the_same_soon_after_it_was_put_right_is_repeated(
    people: People, began_on: date, rule: str, stage: Stage
) -> None:
    brought_to(Stage.CURED, people)
    assert now(N, RAISED).cured_at is not None
    moment = brought_to(Stage.CONFIRMED, people, "000002", at("Monday 2026-06-15 09:00"), began_on=began_on, rule=rule)
    found = now("000002", moment)
    assert (found.stage, found.repeats) == (stage, N if stage is Stage.REPEATED else None)
    act("000002", Step.ORDER, people.first, moment + timedelta(days=12))
    assert now("000002", moment).stage is Stage.RECTIFYING


def test_what_people_write_is_sealed_and_gone_with_its_key(people: People) -> None:
    moment = brought_to(Stage.CURED, people)
    said = entry(N, moment, "finding-explained")
    assert said.words == {"statement": "the line was down"}
    for number in range(1, ledger.last_seq() + 1):
        event = ledger.event(number)
        assert event is not None
        assert "line was down" not in str(event.payload)
        assert b"line was down" not in (event.sealed or b"")
    with transaction():
        vault.destroy(f"finding/{N}", why="asked", by=people.first.actor, at=moment)
    assert entry(N, moment, "finding-explained").words == {}


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_who_judges_says_why(people: People, text: str) -> None:
    moment = brought_to(Stage.EXPLAINED, people)
    with pytest.raises(StepFactMissing), transaction():
        operations.confirm(N, text, by=people.first, at=moment)
    assert now(N, moment).stage is Stage.EXPLAINED


def test_the_projection_is_made_again_from_the_ledger(people: People) -> None:
    for place, stage in enumerate(MAY_FOLLOW, start=1):
        brought_to(stage, people, f"{place:06d}")
    moment = brought_to(Stage.NOTIFIED, people, "000020")
    with transaction():
        follow([judged("000020", kind="finding-cleared", at=moment)])
    before = rows()
    assert [row["number"] for row in before] == [f"{place:06d}" for place in range(2, 8)]
    with transaction():
        assert rebuild_procedures() == len(before)
    assert rows() == before
