"""What may stop a clock: never the accused's own word."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.log import merged_pauses, pauses
from tests.compliance.record import event, limit, record, rows, spoken

HEARING: dict[str, Any] = {
    "pause_type": "hearing",
    "from_on": "2020-09-16",
    "days": 2,
    "notice_no": "N1",
    "approved_by": "supervisor",
}
WAIT: dict[str, Any] = {"from_on": "2020-09-16", "until_on": "2020-09-17"}
START = event("received", "Monday 2020-09-14 10:00", actor="clerk")


def stretches(*events: dict[str, Any], **limits: Any) -> list[tuple[str, str, str]]:
    log = record([START, *events], limit("feedback", 5, **limits), as_of="Friday 2020-10-30 17:00")
    return [(spoken(r["first_on"]), spoken(r["last_on"]), r["cause"]) for r in rows(pauses(log), "first_on", "cause")]


def test_a_notified_and_approved_procedure_is_a_pause_of_its_declared_working_days() -> None:
    found = stretches(event("paused", "Tuesday 2020-09-15 10:00", actor="reviewer", **HEARING))
    assert found == [("Wednesday 2020-09-16", "Thursday 2020-09-17", "pause")]


def test_declared_days_are_working_days() -> None:
    found = stretches(event("paused", "Tuesday 2020-09-15 10:00", **HEARING | {"from_on": "2020-09-30", "days": 2}))
    assert found == [("Wednesday 2020-09-30", "Friday 2020-10-09", "pause")]


@pytest.mark.parametrize(
    "missing",
    [
        {"notice_no": None},
        {"approved_by": None},
        {"approved_by": "clerk"},  # who received the case
        {"pause_type": "busy"},
    ],
)
def test_a_procedure_that_nobody_told_or_nobody_else_approved_is_no_pause(missing: dict[str, Any]) -> None:
    assert stretches(event("paused", "Tuesday 2020-09-15 10:00", **HEARING | missing)) == []


def test_an_approver_who_decides_the_case_later_excuses_nobody() -> None:
    paused = event("paused", "Tuesday 2020-09-15 10:00", **HEARING)
    decided = event("decided", "Monday 2020-09-21 10:00", actor="supervisor")
    assert stretches(paused, decided) == []


def test_an_item_may_know_fewer_procedures_or_others_besides() -> None:
    hearing = event("paused", "Tuesday 2020-09-15 10:00", **HEARING)
    survey = event("paused", "Tuesday 2020-09-15 10:00", **HEARING | {"pause_type": "site-survey"})
    assert stretches(hearing, pauses="") == []
    assert stretches(survey) == []
    assert len(stretches(survey, pauses="site-survey|hearing")) == 1


def test_only_the_applicant_or_a_third_person_can_ask_to_wait() -> None:
    own = event("wait-requested", "Tuesday 2020-09-15 10:00", actor="clerk", **WAIT)
    asked = event("wait-requested", "Tuesday 2020-09-15 10:00", actor="li", role="applicant", **WAIT)
    assert stretches(own) == []
    assert stretches(asked) == [("Wednesday 2020-09-16", "Thursday 2020-09-17", "wait")]


def test_stretches_that_touch_are_one() -> None:
    waits = [("2020-09-16", "2020-09-17"), ("2020-09-18", "2020-09-20"), ("2020-09-22", "2020-09-22")]
    events = [
        event("wait-requested", "Tuesday 2020-09-15 10:00", actor="li", from_on=first, until_on=last)
        for first, last in waits
    ]
    found = rows(merged_pauses(record([START, *events])), "first_on")
    assert [(spoken(r["first_on"]), spoken(r["last_on"])) for r in found] == [
        ("Wednesday 2020-09-16", "Sunday 2020-09-20"),
        ("Tuesday 2020-09-22", "Tuesday 2020-09-22"),
    ]


def test_the_time_between_closing_and_reopening_is_nobodys() -> None:
    closed = event("delivered", "Wednesday 2020-09-16 10:00")
    found = stretches(closed, event("reopened", "Monday 2020-09-21 10:00"))
    assert found == [("Thursday 2020-09-17", "Monday 2020-09-21", "closed")]


@pytest.mark.parametrize(("marker", "remaining"), [("supervisor", 0), ("clerk", 1)])
def test_a_case_marked_as_a_test_is_left_out_unless_its_own_handler_marked_it(marker: str, remaining: int) -> None:
    log = record([START, event("marked-test", "Tuesday 2020-09-15 10:00", actor=marker)])
    assert len(rows(log.of("received"))) == remaining
    assert [r["left_out"] for r in rows(log.subjects)] == [1 - remaining]
