"""V09: the decision is taken within the promised limit and within the one of the law."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.rule import Severity
from portal.compliance.rules.v09_decision_overdue import RULE
from tests.compliance.record import at, event, found, limit, on, record

ACCEPTED = event("accepted", "Monday 2020-09-14 10:00", actor="anna", office="front", post="front/1")
PERMIT: dict[str, Any] = {"item_type": "permit", "statutory_n": 20, "statutory_unit": "working-day", "extension_n": 10}


def decided(when: str) -> dict[str, Any]:
    return event("decided", when, actor="dora", office="bureau", post="bureau/decider", role="decider")


def judged(*events: dict[str, Any], as_of: str | None = None, n: int = 10) -> list[Finding]:
    return found(record(list(events), limit("decide", n, **PERMIT), as_of=as_of), RULE)


@pytest.mark.parametrize(
    ("when", "severity"),
    [
        ("Sunday 2020-09-27 17:00", None),  # the tenth working day
        ("Monday 2020-09-28 09:00", "yellow"),
        ("Friday 2020-10-16 23:00", "yellow"),  # the twentieth
        ("Saturday 2020-10-17 09:00", "red"),  # by date, though no working day passed
        ("Monday 2020-10-19 09:00", "red"),
    ],
)
def test_yellow_over_the_promise_and_red_over_the_law(when: str, severity: str | None) -> None:
    assert [finding.severity.value for finding in judged(ACCEPTED, decided(when))] == ([severity] if severity else [])


def test_the_decider_is_named_with_the_numbers_of_the_standard_that_was_broken() -> None:
    (finding,) = judged(ACCEPTED, decided("Monday 2020-10-19 09:00"))
    assert (finding.actor, finding.office, finding.post) == ("dora", "bureau", "bureau/decider")
    assert (finding.variant, finding.numbers["allowed"], finding.numbers["taken"]) == ("statutory", 20, 21)
    assert finding.numbers["due_on"] == on("Friday 2020-10-16")


def test_an_open_case_is_judged_as_of_now_and_names_who_accepted_it() -> None:
    (finding,) = judged(ACCEPTED, as_of="Monday 2020-09-28 09:00")
    assert (finding.severity, finding.is_open, finding.actor) == (Severity.YELLOW, True, "anna")


def test_a_valid_extension_moves_both_limits_once() -> None:
    extended = event(
        "extended", "Friday 2020-09-25 10:00", clock="decide", days=10, approved_by="head", reason="R", notice_no="N"
    )
    assert judged(ACCEPTED, extended, decided("Friday 2020-10-16 17:00")) == []
    (late,) = judged(ACCEPTED, extended, decided("Monday 2020-10-19 09:00"))
    assert (late.severity, late.numbers["allowed"]) == (Severity.YELLOW, 20)


def test_an_extension_approved_by_who_accepted_the_case_excuses_nothing() -> None:
    extended = event(
        "extended", "Friday 2020-09-25 10:00", clock="decide", days=10, approved_by="anna", reason="R", notice_no="N"
    )
    assert len(judged(ACCEPTED, extended, decided("Friday 2020-10-16 17:00"))) == 1


def test_deemed_acceptance_counts_from_the_day_of_receipt() -> None:
    deemed = event(
        "deemed-accepted", "Tuesday 2020-09-22 00:01", actor="system", role="system", counted_from="Monday 2020-09-14"
    )
    assert judged(deemed, decided("Sunday 2020-09-27 17:00")) == []
    (late,) = judged(deemed, decided("Monday 2020-09-28 09:00"))
    assert late.numbers["started_on"] == on("Monday 2020-09-14")


def test_accepting_again_does_not_start_the_clock_again() -> None:
    again = event("accepted", "Friday 2020-09-25 10:00")
    assert len(judged(ACCEPTED, again, decided("Monday 2020-09-28 09:00"))) == 1


@pytest.mark.parametrize(("when", "count"), [("Monday 2020-09-21 12:00", 0), ("Monday 2020-09-21 12:01", 1)])
def test_a_promised_moment_replaces_the_promised_days(when: str, count: int) -> None:
    promised = event("received", "Friday 2020-09-11 10:00", target_at=at("Monday 2020-09-21 12:00"))
    findings = judged(promised, ACCEPTED, decided(when))
    assert [finding.variant for finding in findings] == ["moment"] * count


def test_a_promised_moment_does_not_lift_the_limit_of_the_law() -> None:
    promised = event("received", "Friday 2020-09-11 10:00", target_at=at("Monday 2020-12-21 12:00"))
    (finding,) = judged(promised, ACCEPTED, decided("Monday 2020-10-19 09:00"))
    assert (finding.severity, finding.variant) == (Severity.RED, "statutory")


def test_withdrawal_in_time_leaves_nothing_to_find() -> None:
    withdrawn = event("withdrawn", "Friday 2020-09-25 10:00", actor="li", role="applicant")
    assert judged(ACCEPTED, withdrawn, as_of="Friday 2020-10-30 10:00") == []


def test_the_denominators_are_stated() -> None:
    events = [ACCEPTED, decided("Sunday 2020-09-27 17:00")]
    for number, end in ((2, "Monday 2020-09-28 09:00"), (3, None)):
        events.append(event("accepted", "Monday 2020-09-14 10:00", subject=f"case/{number}"))
        if end:
            events.append(event("decided", end, subject=f"case/{number}"))
    log = record(events, limit("decide", 10, **PERMIT), as_of="Tuesday 2020-09-29 10:00")
    judged = judge(log, [RULE]).populations["V09"]
    assert (judged.closed, judged.closed_late, judged.open, judged.open_late) == (2, 1, 1, 1)


def test_a_moment_that_passed_says_when_it_was_decided_unless_it_is_not() -> None:
    promised = event("received", "Friday 2020-09-11 10:00", target_at=at("Monday 2020-09-21 12:00"))
    came = at("Monday 2020-09-21 12:30")
    (closed,) = judged(promised, ACCEPTED, decided("Monday 2020-09-21 12:30"))
    (still,) = judged(promised, ACCEPTED, as_of="Tuesday 2020-09-22 12:00")
    assert closed.numbers["ended_at"] == int(came.timestamp()) * 1_000_000
    assert (still.variant, still.numbers["ended_at"]) == ("moment-open", None)
