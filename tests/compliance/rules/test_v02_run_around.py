"""V02: nobody is sent round from office to office with one matter."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v02_run_around import RULE
from tests.compliance.asking import answered, asked, given, taken, told
from tests.compliance.record import event, found, on, record

LATER = "Friday 2020-07-31 17:00"


def visit(day: str, office: str, outcome: str = "told-elsewhere", **more: Any) -> list[dict[str, Any]]:
    """One asking at one office, and what was said there five minutes later."""
    subject = f"inquiry/{day}-{office}".replace(" ", "-")
    told_of = {key: more.pop(key) for key in list(more) if key not in ("applicant", "matter")}
    clerk = {"office": office, "actor": f"clerk-{office}", "subject": subject}
    return [asked(f"{day} 10:00", **clerk, **more), told(f"{day} 10:05", outcome, **clerk, **told_of)]


def whole(day: str, office: str) -> list[dict[str, Any]]:
    subject = f"inquiry/{day}-{office}".replace(" ", "-")
    return [
        asked(f"{day} 10:00", office=office, subject=subject),
        answered(f"{day} 10:05", office=office, subject=subject),
    ]


def judged(*visits: list[dict[str, Any]], as_of: str = LATER) -> list[Finding]:
    return found(record([act for acts in visits for act in acts], as_of=as_of), RULE)


FIRST = visit("Monday 2020-06-01", "A")
SECOND = visit("Wednesday 2020-06-03", "B", "refused")


def test_three_offices_in_a_fortnight_are_a_round_that_the_first_answers_for() -> None:
    (finding,) = judged(FIRST, SECOND, visit("Friday 2020-06-05", "C", "no-reply"))
    assert (finding.severity, finding.office, finding.actor) == ("red", "A", None)
    assert (finding.first_seq, finding.last_seq, finding.subject) == (1, 6, "inquiry/Monday-2020-06-01-A")
    numbers = {"chain": "A > B > C", "offices": 3, "hops": 2, "passed_by": "A|B|C"}
    days = {"started_on": on("Monday 2020-06-01"), "ended_on": on("Friday 2020-06-05")}
    assert dict(finding.numbers) == {**numbers, **days}


def test_two_offices_are_none() -> None:
    assert judged(FIRST, SECOND) == []


@pytest.mark.parametrize(("third", "count"), [("Tuesday 2020-06-16", 1), ("Wednesday 2020-06-17", 0)])
def test_the_third_comes_within_fifteen_days(third: str, count: int) -> None:
    assert len(judged(FIRST, SECOND, visit(third, "C"))) == count


def test_going_back_to_an_office_with_another_between_is_a_ring() -> None:
    (finding,) = judged(FIRST, SECOND, visit("Friday 2020-06-05", "A"))
    assert (finding.numbers["chain"], finding.numbers["offices"]) == ("A > B > A", 2)


def test_several_windows_of_one_office_are_one_office() -> None:
    assert judged(FIRST, visit("Tuesday 2020-06-02", "A"), SECOND, visit("Thursday 2020-06-04", "B")) == []


def test_an_answer_that_leaves_something_out_sends_on_as_well() -> None:
    vague = visit("Friday 2020-06-05", "C", "answered", covers=["conditions", "place"])
    assert [f.numbers["passed_by"] for f in judged(FIRST, SECOND, vague)] == ["A|B"]


# --- acceptance ------------------------------------------------------------------------------------------------------


def test_acceptance_ends_the_chain_and_does_not_undo_it() -> None:
    (finding,) = judged(FIRST, SECOND, visit("Friday 2020-06-05", "C"), visit("Monday 2020-06-08", "D", "accepted"))
    assert finding.numbers["chain"] == "A > B > C"


def test_acceptance_before_the_third_office_begins_a_new_chain() -> None:
    accepted = visit("Thursday 2020-06-04", "D", "accepted")
    assert judged(FIRST, SECOND, accepted, visit("Friday 2020-06-05", "C")) == []


def test_so_does_a_case_of_the_same_matter_that_was_accepted() -> None:
    whose = {"applicant": "li", "matter": "change"}
    case = [
        event("submitted", "Thursday 2020-06-04 09:00", actor="li", role="applicant", **whose),
        event("accepted", "Thursday 2020-06-04 10:00", office="D"),
    ]
    third = visit("Friday 2020-06-05", "C")
    assert judged(FIRST, SECOND, case, third) == []
    assert (
        len(judged(FIRST, SECOND, [{**act, "payload": {**act["payload"], "matter": "card"}} for act in case], third))
        == 1
    )


# --- who is not counted ----------------------------------------------------------------------------------------------


def test_an_office_that_named_the_competent_one_in_writing_is_not_counted() -> None:
    written = visit("Wednesday 2020-06-03", "B", right_authority="D", is_written=True)
    assert judged(FIRST, written, visit("Friday 2020-06-05", "C")) == []


def test_naming_each_other_in_writing_is_a_round_all_the_same() -> None:
    """What was named was not the competent office, for it named another one."""
    rounds = [
        visit("Monday 2020-06-01", "A", right_authority="B", is_written=True),
        visit("Wednesday 2020-06-03", "B", right_authority="C", is_written=True),
        visit("Friday 2020-06-05", "C", right_authority="A", is_written=True),
        visit("Monday 2020-06-08", "A", right_authority="B", is_written=True),
        visit("Wednesday 2020-06-10", "B", right_authority="C", is_written=True),
    ]
    (finding,) = judged(*rounds)
    assert finding.numbers["chain"] == "A > B > C > A"


def test_the_asker_is_free_to_ask_several_offices_that_answer_in_full() -> None:
    days = ("Monday 2020-06-01", "Wednesday 2020-06-03", "Friday 2020-06-05", "Monday 2020-06-08")
    assert judged(*(whole(day, office) for day, office in zip(days, "ABCA", strict=True))) == []
    assert judged(FIRST, whole("Wednesday 2020-06-03", "B"), visit("Friday 2020-06-05", "C")) == []


@pytest.mark.parametrize("other", [{"matter": "card"}, {"applicant": "wang"}])
def test_other_matters_and_other_people_are_other_chains(other: dict[str, str]) -> None:
    assert judged(FIRST, SECOND, visit("Friday 2020-06-05", "C", **other)) == []


def test_who_asked_about_nothing_named_has_no_chain() -> None:
    nothing = {"matter": ""}
    days = ("Monday 2020-06-01", "Wednesday 2020-06-03", "Friday 2020-06-05")
    assert judged(*(visit(day, office, **nothing) for day, office in zip(days, "ABC", strict=True))) == []


def test_a_visit_marked_as_a_duplicate_by_an_outsider_is_not_counted() -> None:
    third = visit("Friday 2020-06-05", "C")
    by_an_outsider = event("marked-duplicate", "Friday 2020-06-05 12:00", subject=third[0]["subject"], actor="head")
    assert judged(FIRST, SECOND, [*third, by_an_outsider]) == []
    by_the_accused = {**by_an_outsider, "actor": "clerk-C"}
    assert len(judged(FIRST, SECOND, [*third, by_the_accused])) == 1


# --- handed from office to office ------------------------------------------------------------------------------------


def along(*offices: str) -> list[dict[str, Any]]:
    """One asking, taken over by each office in turn within the day; the last one answers in full."""
    acts = [asked("Monday 2020-06-01 08:30", office=offices[0], actor=f"clerk-{offices[0]}")]
    for hour, (giver, taker) in enumerate(pairwise(offices), start=9):
        acts.append(given(f"Monday 2020-06-01 {hour:02}:00", taker, office=giver, actor=f"clerk-{giver}"))
        acts.append(taken(f"Monday 2020-06-01 {hour:02}:30", f"clerk-{taker}", taker))
    return [*acts, answered("Monday 2020-06-01 17:00", office=offices[-1], actor=f"clerk-{offices[-1]}")]


def test_two_passings_are_allowed_and_three_are_not() -> None:
    assert judged(along("A", "B", "C")) == []
    (finding,) = judged(along("A", "B", "C", "D"))
    assert (finding.office, finding.numbers["hops"], finding.numbers["passed_by"]) == ("A", 3, None)


def test_passing_it_back_is_a_ring_however_quickly_it_is_taken() -> None:
    (finding,) = judged(along("A", "B", "A"))
    assert finding.numbers["chain"] == "A > B > A"


# --- several rounds --------------------------------------------------------------------------------------------------


def test_a_round_months_later_is_a_finding_of_its_own() -> None:
    days = ("Wednesday 2020-07-01", "Thursday 2020-07-02", "Friday 2020-07-03")
    later = [visit(day, office) for day, office in zip(days, "BCD", strict=True)]
    chains = [f.numbers["chain"] for f in judged(FIRST, SECOND, visit("Friday 2020-06-05", "C"), *later)]
    assert chains == ["A > B > C", "B > C > D"]


def test_the_finding_stays_the_same_as_the_round_goes_on() -> None:
    third, fourth = visit("Friday 2020-06-05", "C"), visit("Monday 2020-06-15", "D")
    before, after = judged(FIRST, SECOND, third), judged(FIRST, SECOND, third, fourth)
    assert [f.key for f in before] == [f.key for f in after]
    assert after[0].numbers["chain"] == "A > B > C > D"


def test_a_long_chain_is_cut_short_where_it_is_shown() -> None:
    offices = [chr(ord("A") + k) for k in range(15)]
    visits = [
        [{**act, "subject": f"{act['subject']}-{office}"} for act in visit("Monday 2020-06-01", office)]
        for office in offices
    ]
    (finding,) = judged(*visits)
    assert finding.numbers["chain"] == " > ".join([*offices[:12], "…"])
    assert finding.numbers["offices"] == 15


def test_duckdb_says_the_same() -> None:
    acts = [*FIRST, *SECOND, *visit("Friday 2020-06-05", "C"), *visit("Monday 2020-06-08", "A"), *along("X", "Y", "X")]
    log = record(acts, as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []


# --- one matter under several names ----------------------------------------------------------------------------------


def round_of(*matters: str) -> list[Finding]:
    days = ("Monday 2020-06-01", "Wednesday 2020-06-03", "Friday 2020-06-05", "Monday 2020-06-08")
    return judged(
        *(visit(day, office, matter=matter) for day, office, matter in zip(days, "ABCD", matters, strict=False))
    )


@pytest.mark.parametrize(
    ("matters", "chains"),
    [
        (("change", "change:firm", "change"), ["A > B > C"]),  # the bare item belongs to the one situation named
        (("change:firm", "change", "change:firm"), ["A > B > C"]),
        (("change:firm", "change:firm", "change:farm"), []),  # two situations are two matters
        (("change:farm", "change:firm", "change", "change:firm"), ["B > C > D"]),  # the last named before it
        (("change", "change:firm", "change:farm", "change:firm"), ["A > B > D"]),  # else the first after it
        (("change", "changes:firm", "change"), []),  # another item that begins alike
    ],
)
def test_writing_down_less_or_more_of_the_matter_begins_no_new_chain(
    matters: tuple[str, ...], chains: list[str]
) -> None:
    assert [finding.numbers["chain"] for finding in round_of(*matters)] == chains


def test_on_duckdb_the_matters_are_the_same() -> None:
    acts = [visit(f"2020-06-0{n}", office, matter=matter) for n, office, matter in (
        (1, "A", "change:farm"), (2, "B", "change:firm"), (3, "C", "change"), (4, "D", "change:firm"),
    )]  # fmt: skip
    log = record([act for acts_of in acts for act in acts_of], as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []


def test_the_case_that_is_accepted_ends_the_chain_of_the_bare_item() -> None:
    case = {"subject": "case/1", "applicant": "li", "actor": "li", "role": "applicant"}
    accepted = [
        event("submitted", "Thursday 2020-06-04 09:00", matter="change:firm", **case),
        event("accepted", "Thursday 2020-06-04 10:00", subject="case/1"),
    ]
    assert judged(FIRST, SECOND, accepted, visit("Friday 2020-06-05", "C")) == []


def test_the_evidence_reaches_to_the_last_event_of_all_its_inquiries() -> None:
    third = visit("Friday 2020-06-05", "C")
    chased = event("inquiry-chased", "Thursday 2020-06-11 10:00", subject=FIRST[0]["subject"], actor="li")
    (finding,) = judged(FIRST, SECOND, third, [chased])
    assert (finding.first_seq, finding.last_seq) == (1, 7)
