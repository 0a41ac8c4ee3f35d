"""An outage is declared once, by somebody it does not excuse, and made up for in the cases that it hit."""

from __future__ import annotations

from typing import Any

import pytest

from portal.basis import By, NotAllowed, Refusal, Role
from portal.cases import operations, queries
from portal.cases.model import CaseState
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import reading, transaction
from tests.cases.city import Maker, Staff, at, on

NOW = at("Wednesday 2026-03-04 10:00")
TUESDAY = on("Tuesday 2026-03-03")
FACTS: dict[str, Any] = {
    "offices": ["market-supervision"],
    "channels": ["web"],
    "from_on": TUESDAY,
    "until_on": TUESDAY,
    "cause": "the data centre had no electricity",
    "evidence": "fault report 17",
}


def declared(staff: Staff, **changes: Any) -> tuple[str, list[Event]]:
    with transaction():
        outage, linked = operations.declare_outage(by=staff.by("supervisor"), at=NOW, **{**FACTS, **changes})
    return outage.number, linked


def due_on(number: str, clock: str) -> Any:
    with reading():
        page = queries.case_page(number, at=NOW)
        return next(one.due_on for one in page.clocks if one.key == clock)


def test_a_declared_outage_gives_its_days_to_the_open_cases_it_hit_and_to_no_others(
    make_case: Maker, staff: Staff
) -> None:
    hit = make_case(to=CaseState.ACCEPTED)
    before = due_on(hit, "decide.1.promised")
    window = make_case(channel="window", by=staff.by("clerk"), person="citizen-9", to=CaseState.RECEIVED)
    elsewhere = make_case("unemployment-subsidy")
    delivered = make_case(to=CaseState.DELIVERED)
    number, linked = declared(staff)
    assert [event.subject for event in linked] == [f"case/{hit}"]
    assert linked[0].text("cause") == FACTS["cause"]
    assert (before, due_on(hit, "decide.1.promised")) == (on("Monday 2026-03-23"), on("Tuesday 2026-03-24"))
    with reading():
        for other in (window, elsewhere, delivered):
            assert queries.case_page(other, at=NOW).case.outages == frozenset(), other
        (outage,) = queries.declared_outages()
    assert (outage.number, outage.offices, outage.channels) == (number, ("market-supervision",), ("web",))
    assert (outage.cause, outage.evidence) == (FACTS["cause"], FACTS["evidence"])


def test_each_office_that_was_hit_has_the_declaration_in_its_own_record_and_numbers_go_on(
    make_case: Maker, staff: Staff
) -> None:
    make_case()
    first, _ = declared(staff, offices=["market-supervision", "centre-a"], channels=[])
    second, _ = declared(staff)
    assert (first, second) == ("O2026-0001", "O2026-0002")
    with reading():
        for office in ("market-supervision", "centre-a"):
            assert ledger.events(f"office/{office}")[0].text("outage") == first
        assert [outage.number for outage in queries.declared_outages()] == [second, first]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offices": []}, "offices"),
        ({"cause": " "}, "cause"),
        ({"evidence": ""}, "evidence"),
        ({"until_on": on("Monday 2026-03-02")}, "until_on"),
        ({"until_on": on("Thursday 2026-03-05")}, "until_on"),  # still to come
        ({"from_on": on("Monday 2025-03-03")}, "from_on"),
    ],
)
def test_an_outage_without_office_reason_or_evidence_or_of_days_that_cannot_be_is_refused(
    changes: dict[str, Any], field: str, staff: Staff
) -> None:
    with pytest.raises(Refusal) as caught:
        declared(staff, **changes)
    assert caught.value.field == field
    with reading():
        assert queries.declared_outages() == []


@pytest.mark.parametrize("role", ["clerk", "head", "auditor", "decider"])
def test_who_is_excused_by_an_outage_does_not_declare_it(role: str, staff: Staff) -> None:
    with pytest.raises(NotAllowed), transaction():
        operations.declare_outage(by=staff.by(role), at=NOW, **FACTS)


def test_a_case_on_which_the_supervisor_worked_in_another_post_is_left_to_somebody_else(
    make_case: Maker, staff: Staff
) -> None:
    make_case(to=CaseState.ACCEPTED)
    other = make_case()
    with transaction():
        by = By(staff.by("clerk").actor, Role.SUPERVISOR, office="market-supervision")
        _, linked = operations.declare_outage(by=by, at=NOW, **FACTS)
    assert [event.subject for event in linked] == [f"case/{other}"]


def test_a_case_that_has_ended_by_itself_meanwhile_is_not_linked(make_case: Maker, staff: Staff) -> None:
    make_case(
        to=CaseState.CORRECTING, moment=at("Monday 2026-01-05 10:00")
    )  # deemed withdrawn long ago, not yet written
    assert declared(staff)[1] == []
