"""V05: everything that is missing is told once."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v05_repeated_correction import RULE
from tests.compliance.record import event, found, on, record

CITIZEN: dict[str, Any] = {"actor": "li", "role": "applicant", "office": None}
SUBMITTED = event("submitted", "Monday 2020-06-01 09:00", materials=["form", "identity"], **CITIZEN)


def noticed(when: str, *demands: str, **more: Any) -> dict[str, Any]:
    facts = {"actor": "rita", "post": "review", "determinable": list(demands), **more}
    return event("correction-noticed", when, demands=list(demands), **facts)


def brought(when: str, *materials: str, kind: str = "correction-submitted", **more: Any) -> dict[str, Any]:
    return event(kind, when, materials=list(materials), **{**CITIZEN, **more})


FIRST = noticed("Wednesday 2020-06-03 10:00", "seal")
BACK = brought("Friday 2020-06-05 10:00", "seal")
SECOND = noticed("Monday 2020-06-08 10:00", "map")


def judged(*events: dict[str, Any], item_type: str = "permit") -> list[Finding]:
    return found(record([SUBMITTED, *events], item_type=item_type), RULE)


def test_a_second_demand_that_the_first_hand_in_showed_is_yellow() -> None:
    (finding,) = judged(FIRST, BACK, SECOND)
    assert (finding.severity, finding.actor, finding.post) == ("yellow", "rita", "review")
    assert (finding.first_seq, finding.last_seq) == (2, 4)
    assert dict(finding.numbers) == {"notices": 2, "demands": "map", "noticed_on": on("Monday 2020-06-08")}


def test_one_notice_is_what_the_law_asks_for() -> None:
    assert judged(noticed("Wednesday 2020-06-03 10:00", "seal", "map", "lease"), BACK) == []


def test_three_notices_are_red_and_name_who_wrote_the_last() -> None:
    third = noticed("Monday 2020-06-15 10:00", "lease", actor="sven")
    (finding,) = judged(FIRST, BACK, SECOND, brought("Wednesday 2020-06-10 10:00", "map"), third)
    assert (finding.severity, finding.actor, finding.numbers["notices"]) == ("red", "sven", 3)
    assert (finding.first_seq, finding.on.isoformat()) == (2, "2020-06-08")


def test_only_what_is_new_is_held_against_it() -> None:
    (finding,) = judged(FIRST, BACK, noticed("Monday 2020-06-08 10:00", "seal", "plan", "map"))
    assert finding.numbers["demands"] == "map|plan"


def test_the_finding_keeps_its_key_when_a_third_notice_comes() -> None:
    third = noticed("Monday 2020-06-15 10:00", "lease")
    assert [f.key for f in judged(FIRST, BACK, SECOND)] == [f.key for f in judged(FIRST, BACK, SECOND, third)]


def test_who_is_sent_for_more_without_waiting_is_caught_as_well() -> None:
    assert len(judged(FIRST, noticed("Wednesday 2020-06-03 15:00", "map"))) == 1


# --- the first correction was itself defective -----------------------------------------------------------------------


def test_asking_again_for_what_came_back_defective_is_lawful() -> None:
    again = noticed("Monday 2020-06-08 10:00", "seal")
    assert judged(FIRST, BACK, again) == []
    assert judged(FIRST, BACK, again, noticed("Monday 2020-06-15 10:00", "seal")) == []


def test_a_lawful_repetition_is_not_counted_among_the_notices() -> None:
    repeated = noticed("Monday 2020-06-08 10:00", "seal")
    (finding,) = judged(FIRST, BACK, repeated, noticed("Monday 2020-06-15 10:00", "map"))
    assert (finding.severity, finding.numbers["notices"]) == ("yellow", 2)


# --- new facts, new law ----------------------------------------------------------------------------------------------


def excusing(flag: str, **more: Any) -> dict[str, Any]:
    return noticed("Monday 2020-06-08 10:00", "map", **{"determinable": [], flag: True, "approved_by": "head", **more})


def test_new_facts_that_the_applicant_brought_excuse() -> None:
    assert judged(FIRST, BACK, excusing("is_new_fact")) == []


def test_a_new_law_excuses_without_anything_being_brought() -> None:
    assert judged(FIRST, excusing("is_law_changed")) == []


@pytest.mark.parametrize("flag", ["is_new_fact", "is_law_changed"])
@pytest.mark.parametrize("approver", [None, "rita", "front"])
def test_nobody_excuses_himself(flag: str, approver: str | None) -> None:
    """Approved by nobody, by the author, or by somebody else who handles the case."""
    opened = event("opened", "Tuesday 2020-06-02 10:00", actor="front")
    assert len(judged(opened, FIRST, BACK, excusing(flag, approved_by=approver))) == 1


def test_new_facts_need_something_new() -> None:
    assert len(judged(FIRST, excusing("is_new_fact"))) == 1
    by_himself = brought("Friday 2020-06-05 10:00", "seal", actor="rita", role="reviewer")
    assert len(judged(FIRST, by_himself, excusing("is_new_fact"))) == 1
    before = brought("Tuesday 2020-06-02 10:00", "lease")
    assert len(judged(before, FIRST, excusing("is_new_fact"))) == 1


def test_an_excuse_covers_nothing_that_the_notice_itself_lists_as_shown() -> None:
    notice = excusing("is_new_fact", determinable=["map"])
    assert [f.numbers["demands"] for f in judged(FIRST, BACK, notice)] == ["map"]


def test_saying_that_nothing_was_to_be_seen_at_first_excuses_nothing() -> None:
    assert len(judged(FIRST, BACK, noticed("Monday 2020-06-08 10:00", "map", determinable=[]))) == 1
    hidden = noticed("Monday 2020-06-08 10:00", "seal", "map", determinable=["seal"])
    assert [f.numbers["demands"] for f in judged(FIRST, BACK, hidden)] == ["map"]


def test_of_a_list_that_names_some_only_these_are_held_against_it() -> None:
    notice = noticed("Monday 2020-06-08 10:00", "map", "permit-of-landlord", determinable=["map"])
    assert [f.numbers["demands"] for f in judged(FIRST, BACK, notice)] == ["map"]


@pytest.mark.parametrize("kind", ["correction-submitted", "supplied"])
def test_papers_first_handed_in_later_can_only_be_judged_later(kind: str) -> None:
    lease = brought("Friday 2020-06-05 10:00", "seal", "lease", kind=kind)
    notice = noticed("Monday 2020-06-08 10:00", "lease", determinable=[])
    assert judged(FIRST, lease, notice) == []
    again = brought("Friday 2020-06-05 10:00", "seal", "identity", kind=kind)
    handed_in_at_first = noticed("Monday 2020-06-08 10:00", "identity", determinable=[])
    assert len(judged(FIRST, again, handed_in_at_first)) == 1


# --- other guards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["marked-test", "marked-duplicate"])
@pytest.mark.parametrize(("actor", "count"), [("head", 0), ("rita", 1)])
def test_tests_and_duplicates_are_marked_by_outsiders(kind: str, actor: str, count: int) -> None:
    mark = event(kind, "Tuesday 2020-06-09 10:00", actor=actor)
    assert len(judged(FIRST, BACK, SECOND, mark)) == count


@pytest.mark.parametrize("kind", ["paused", "extended", "wait-requested", "outage-linked", "withdrawn"])
def test_what_moves_a_date_moves_no_demand(kind: str) -> None:
    act = event(kind, "Friday 2020-06-05 12:00", actor="head")
    assert len(judged(FIRST, BACK, act, SECOND)) == 1


@pytest.mark.parametrize(
    ("year", "item_type", "severity"),
    [("2010", "permit", "yellow"), ("2010", "benefit", "notice"), ("2020", "benefit", "yellow")],
)
def test_the_licensing_law_judges_no_benefit(year: str, item_type: str, severity: str) -> None:
    notices = [noticed(f"{year}-06-03 10:00", "seal"), noticed(f"{year}-06-08 10:00", "map")]
    (finding,) = found(record(notices, item_type=item_type), RULE)
    assert finding.severity == severity


def test_duckdb_says_the_same() -> None:
    log = record([SUBMITTED, FIRST, BACK, SECOND, noticed("Monday 2020-06-15 10:00", "lease", "plan")])
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []


# --- ended by the office, handed in again ----------------------------------------------------------------------------


def twice(
    *between: dict[str, Any], second: tuple[str, ...] = ("map",), again: str = "Monday 2020-06-15 09:00", **facts: Any
) -> list[Finding]:
    """Case 1 gets a notice, then what is told in between; case 2 of the same matter gets one more notice."""
    first = {"applicant": "li", "matter": "licence:new"}
    told = {**first, "materials": ["form", "identity"], **facts}
    events = [
        event("submitted", "Monday 2020-06-01 09:00", materials=["form", "identity"], **first, **CITIZEN),
        FIRST,
        *between,
        event("submitted", again, subject="case/2", **told, **CITIZEN),
        event("correction-noticed", f"{again.split()[1]} 16:00", subject="case/2", actor="sven", demands=list(second)),
    ]
    return found(record(events, item_type="permit"), RULE)


ENDED = event("terminated", "Monday 2020-06-08 10:00", actor="rita", approved_by="head")
PUT_ASIDE = event("withdrawn", "Monday 2020-06-08 10:00", actor="rita")
LEFT = event("withdrawn", "Monday 2020-06-08 10:00", **CITIZEN)


@pytest.mark.parametrize("ending", [ENDED, PUT_ASIDE], ids=["terminated", "withdrawn by the office"])
def test_an_office_that_ends_the_case_does_not_begin_anew_with_the_next(ending: dict[str, Any]) -> None:
    (finding,) = twice(ending)
    assert (finding.subject, finding.first_seq, finding.last_seq) == ("case/1", 2, 5)
    assert (finding.severity, finding.actor, finding.numbers["notices"]) == ("yellow", "sven", 2)


@pytest.mark.parametrize(
    ("between", "facts"),
    [
        ((LEFT,), {}),  # he withdrew by himself
        ((), {}),  # the first one still runs beside it
        ((ENDED,), {"matter": "licence:other"}),
        ((ENDED,), {"applicant": "wang"}),
        ((ENDED,), {"materials": ["form", "identity", "map"]}),  # a paper that came only now
        ((ENDED,), {"second": ("seal",)}),  # what the first notice had asked for already
    ],
)
def test_what_is_new_or_another_matter_is_no_repetition(between: tuple[dict[str, Any], ...], facts: Any) -> None:
    assert twice(*between, **facts) == []


@pytest.mark.parametrize(("again", "count"), [("Sunday 2020-09-06 09:00", 1), ("Monday 2020-09-07 09:00", 0)])
def test_after_ninety_days_it_is_another_case(again: str, count: int) -> None:
    assert len(twice(ENDED, again=again)) == count


def test_three_cases_in_a_row_are_red() -> None:
    first: dict[str, Any] = {"applicant": "li", "matter": "licence:new", "materials": ["form"]}
    events = [
        told
        for n, paper in enumerate(("seal", "map", "plan"), 1)
        for told in (
            event("submitted", f"2020-06-{n:02} 09:00", subject=f"case/{n}", **first, **CITIZEN),
            event("correction-noticed", f"2020-06-{n:02} 10:00", subject=f"case/{n}", demands=[paper]),
            event("terminated", f"2020-06-{n:02} 16:00", subject=f"case/{n}", approved_by="head"),
        )
    ]
    log = record(events, item_type="permit")
    (finding,) = found(log, RULE)
    assert (finding.severity, finding.numbers["notices"], finding.subject) == ("red", 3, "case/1")
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == [finding]
