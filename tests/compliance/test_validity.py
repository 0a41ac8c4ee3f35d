"""Acts that end a clock count only in the right hands; by others they leave every span as it was."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules import v04_acceptance_overdue, v08_feedback_overdue, v09_decision_overdue, v12_stuck
from tests.compliance.record import event, found, limit, record

RULES = (v04_acceptance_overdue.RULE, v08_feedback_overdue.RULE, v09_decision_overdue.RULE, v12_stuck.RULE)
RECEIVED = event("received", "Monday 2020-06-01 10:00", actor="anna")
ACCEPTED = event("accepted", "Tuesday 2020-06-02 10:00", actor="anna")
CITIZEN: dict[str, Any] = {"actor": "li", "role": "applicant", "office": None}
PORTAL: dict[str, Any] = {"actor": "system", "role": "system", "office": None}


def log_of(*events: dict[str, Any]) -> Log:
    limits = (limit(clock, 5, item_type="permit") for clock in ("accept", "feedback", "decide"))
    return record(list(events), *limits, as_of="Tuesday 2020-06-30 17:00")


def said(*events: dict[str, Any]) -> list[Finding]:
    return found(log_of(*events), *RULES)


def ended(kind: str, **more: Any) -> dict[str, Any]:
    return event(kind, "Wednesday 2020-06-03 10:00", **{"actor": "anna", **more})


VOID = {
    "a clerk's withdrawal": ended("withdrawn"),
    "a head's withdrawal": ended("withdrawn", role="head"),
    "the portal's withdrawal": ended("withdrawn", **PORTAL),
    "a wish without a number": ended("withdrawn", wish_no="  "),
    "a clerk's deemed withdrawal": ended("deemed-withdrawn"),
    "a supervisor's deemed renewal": ended("deemed-renewed", role="supervisor"),
    "the applicant's deemed withdrawal": ended("deemed-withdrawn", **CITIZEN),
    "a termination approved by nobody": ended("terminated"),
    "a termination approved by its author": ended("terminated", approved_by="anna"),
}
COUNTED = {
    "the applicant's withdrawal": ended("withdrawn", **CITIZEN),
    "the agent's withdrawal": ended("withdrawn", **{**CITIZEN, "role": "agent"}),
    "a withdrawal by signed wish": ended("withdrawn", wish_no="W-1"),
    "a deemed withdrawal": ended("deemed-withdrawn", **PORTAL),
    "a deemed renewal": ended("deemed-renewed", **PORTAL),
    "a termination by two": ended("terminated", approved_by="head"),
}


@pytest.mark.parametrize("act", VOID.values(), ids=VOID.keys())
@pytest.mark.parametrize("before", [[RECEIVED], [RECEIVED, ACCEPTED]], ids=["received", "accepted"])
def test_it_stops_no_clock_in_the_wrong_hands(before: list[dict[str, Any]], act: dict[str, Any]) -> None:
    without, with_it = said(*before), said(*before, act)
    assert without
    assert [(f.key, f.numbers) for f in with_it] == [(f.key, f.numbers) for f in without]


@pytest.mark.parametrize("act", COUNTED.values(), ids=COUNTED.keys())
@pytest.mark.parametrize("before", [[RECEIVED], [RECEIVED, ACCEPTED]], ids=["received", "accepted"])
def test_it_stops_every_clock_in_the_right_ones(before: list[dict[str, Any]], act: dict[str, Any]) -> None:
    assert said(*before, act) == []


def test_a_clerk_cannot_let_the_law_accept() -> None:
    deemed: dict[str, Any] = {"counted_from": "2020-06-01"}
    assert {f.rule for f in said(RECEIVED, ended("deemed-accepted", **deemed))} == {"V04", "V08", "V12"}
    assert "V09" in {f.rule for f in said(RECEIVED, ended("deemed-accepted", **deemed, **PORTAL))}


def test_a_void_ending_makes_no_time_of_a_reopened_case_nobodys() -> None:
    reopened = event("reopened", "Monday 2020-06-29 10:00", actor="head", role="supervisor")
    void, lawful = (said(RECEIVED, ACCEPTED, ended("withdrawn", **by), reopened) for by in ({}, CITIZEN))
    assert {f.rule for f in void} >= {"V08", "V09"}
    assert "V09" not in {f.rule for f in lawful}


def test_on_duckdb_they_are_as_void() -> None:
    log = log_of(RECEIVED, ACCEPTED, *VOID.values())
    with on_engine(log, "duckdb") as other:
        assert found(other, *RULES) == found(log, *RULES) != []
