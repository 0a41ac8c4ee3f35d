"""V31: what takes two people is not done by one."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v31_one_pair_of_hands import RULE
from tests.compliance.record import event, found, record

Entry = dict[str, Any]


def log_of(*entries: Entry, item_type: str = "benefit", **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": "2024-06-28 10:00", "item_type": item_type} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def accepted(by: str = "anna", when: str = "Monday 2024-06-03 09:00", kind: str = "accepted", **facts: Any) -> Entry:
    return event(kind, when, **({"actor": by, "office": "si"} | facts))


def decided(by: str = "anna", when: str = "Wednesday 2024-06-05 10:00", **facts: Any) -> Entry:
    return event("decided", when, **({"actor": by, "office": "si"} | facts))


@pytest.mark.parametrize("kind", ["accepted", "tolerantly-accepted", "promise-accepted"])
@pytest.mark.parametrize(("by", "count"), [("anna", 1), ("bert", 0)])
def test_who_accepted_it_does_not_decide_it(kind: str, by: str, count: int) -> None:
    assert len(said(accepted(kind=kind), decided(by))) == count


def test_the_office_answers_and_both_acts_are_the_evidence() -> None:
    (one,) = said(accepted(), decided())
    assert (one.variant, one.severity, one.office, one.post, one.actor) == ("same-hand", "yellow", "si", None, None)
    assert (one.first_seq, one.last_seq) == (1, 2)


def test_the_last_decision_counts_and_the_acceptance_before_it() -> None:
    assert said(accepted(), decided(), decided("bert", "2024-06-06 10:00")) == []
    assert said(accepted("bert"), accepted("anna", "2024-06-06 10:00"), decided()) == []
    assert len(said(accepted("bert"), accepted("anna", "2024-06-04 10:00"), decided())) == 1


@pytest.mark.parametrize(
    ("when", "is_instant", "count"),
    [
        ("Monday 2024-06-03 16:59", True, 0),
        ("Tuesday 2024-06-04 09:00", True, 1),  # another day is no instant
        ("Monday 2024-06-03 16:59", False, 1),
    ],
)
def test_an_instant_case_is_decided_by_whoever_accepts_it(when: str, is_instant: bool, count: int) -> None:
    assert len(said(accepted(is_instant=is_instant), decided(when=when))) == count


@pytest.mark.parametrize("item_type", ["permit", "appeal"])
def test_only_the_review_of_benefits_goes_by_grades(item_type: str) -> None:
    assert said(accepted(), decided(), item_type=item_type) == []


@pytest.mark.parametrize(("day", "count"), [("Thursday 2023-11-30", 0), ("Friday 2023-12-01", 1)])
def test_before_the_regulation_one_hand_was_allowed(day: str, count: int) -> None:
    assert len(said(accepted(when="2023-11-29 10:00"), decided(when=f"{day} 10:00"))) == count


def test_what_the_portal_does_by_itself_is_nobodys_hand() -> None:
    machine = {"role": "system"}
    assert said(accepted("system", **machine), decided("system", **machine)) == []


# --- on the spot -----------------------------------------------------------------------------------------------------


def checked(*people: str, when: str = "Tuesday 2020-06-02 10:00", **facts: Any) -> Entry:
    known = {"inspectors": list(people), "actor": "anna", "office": "market"}
    return event("site-checked", when, **(known | facts))


@pytest.mark.parametrize(
    ("people", "told"), [(("a", "b"), []), (("a", "b", "c"), []), (("a",), [1]), (("a", "a"), [1]), ((), [1])]
)
def test_two_people_look_at_it_on_the_spot(people: tuple[str, ...], told: list[int]) -> None:
    found_ = said(checked(*people), item_type="permit")
    assert [one.numbers["inspectors"] for one in found_] == told
    assert all((one.variant, one.office, one.numbers["allowed"]) == ("alone", "market", 2) for one in found_)


def test_each_check_is_told_and_that_of_a_benefit_may_be_one_persons() -> None:
    assert len(said(checked("a"), checked("b", when="2020-06-03 10:00"), item_type="permit")) == 2
    assert said(checked("a"), item_type="benefit") == []


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2004-06-30", "330100", "notice"), ("2004-07-01", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    rows = [checked("a", when=f"{day} 10:00")]
    (one,) = found(record(rows, as_of=f"{day} 17:00", item_type="permit", area=area), RULE)
    assert one.severity == severity


@pytest.mark.parametrize("item_type", ["benefit", "permit"])
def test_duckdb_says_the_same(item_type: str) -> None:
    rows = [accepted(), decided(), checked("a"), checked("a", "b", subject="case/2"), accepted(subject="case/3"),
            decided("bert", subject="case/3")]  # fmt: skip
    log = log_of(*rows, item_type=item_type)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
