"""Games that people play with a log to be in time: each leaves the finding where it was."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.log import Log
from portal.compliance.rules import v04_acceptance_overdue, v08_feedback_overdue, v09_decision_overdue
from tests.compliance.record import event, found, limit, on, record

RULES = (v04_acceptance_overdue.RULE, v08_feedback_overdue.RULE, v09_decision_overdue.RULE)
CITIZEN: dict[str, Any] = {"actor": "li", "role": "applicant", "office": None}
RECEIVED = event("received", "Monday 2020-06-01 10:00", actor="anna")
ACCEPTED = event("accepted", "Tuesday 2020-06-02 10:00", actor="anna")
HALTED: dict[str, Any] = {"pause_type": "appraisal", "notice_no": "N", "approved_by": "head"}


def log_of(*events: dict[str, Any], as_of: str = "Tuesday 2020-06-30 17:00") -> Log:
    item = {"item_type": "permit", "pauses": "appraisal"}
    return record(list(events), *(limit(clock, 5, **item) for clock in ("accept", "feedback", "decide")), as_of=as_of)


def judged(*events: dict[str, Any], as_of: str = "Tuesday 2020-06-30 17:00") -> list[Finding]:
    return found(log_of(*events, as_of=as_of), *RULES)


def due_days(*events: dict[str, Any]) -> dict[str, int]:
    return {finding.rule: int(finding.numbers["due_on"] or 0) for finding in judged(*events)}


PLAIN = {"V08": on("Monday 2020-06-08"), "V09": on("Tuesday 2020-06-09")}


def test_without_a_game_both_are_late() -> None:
    assert due_days(RECEIVED, ACCEPTED) == PLAIN


@pytest.mark.parametrize(
    "act",
    [
        event("paused", "Thursday 2020-06-25 10:00", actor="rita", from_on="2020-06-02", days=30, **HALTED),
        event("wait-requested", "Thursday 2020-06-25 10:00", from_on="2020-06-02", until_on="2020-06-30", **CITIZEN),
    ],
    ids=lambda act: str(act["kind"]),
)
def test_nothing_is_paused_backwards(act: dict[str, Any]) -> None:
    assert due_days(RECEIVED, ACCEPTED, act) == PLAIN


def test_a_procedure_noted_late_begins_on_the_day_it_was_noted() -> None:
    act = event("paused", "Thursday 2020-06-04 10:00", actor="rita", from_on="2020-06-02", days=2, **HALTED)
    # the 4th and the 5th, and not the 2nd and the 3rd
    assert due_days(RECEIVED, ACCEPTED, act) == {"V08": on("Wednesday 2020-06-10"), "V09": on("Thursday 2020-06-11")}


@pytest.mark.parametrize("days", [None, 0])
def test_a_procedure_without_its_days_stops_no_clock(days: int | None) -> None:
    act = event("paused", "Wednesday 2020-06-03 10:00", actor="rita", from_on="2020-06-04", days=days, **HALTED)
    assert due_days(RECEIVED, ACCEPTED, act) == PLAIN


def test_whoever_goes_on_with_the_work_has_ended_the_procedure() -> None:
    halted = event("paused", "Wednesday 2020-06-03 10:00", actor="rita", from_on="2020-06-04", days=15, **HALTED)
    resumed = event("resumed", "Friday 2020-06-05 10:00", actor="rita", until_on="2020-06-24")
    # the 4th and the 5th
    assert due_days(RECEIVED, ACCEPTED, halted, resumed) == {
        "V08": on("Wednesday 2020-06-10"), "V09": on("Thursday 2020-06-11"),
    }  # fmt: skip


# --- the day of receipt ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted_from", "due"),
    [
        (None, "Monday 2020-06-08"),
        ("2020-06-02", "Tuesday 2020-06-09"),  # received after closing
        ("2020-06-03", "Wednesday 2020-06-10"),  # where the office keeps days of its own
        ("2020-06-04", "Wednesday 2020-06-10"),
        ("2020-12-31", "Wednesday 2020-06-10"),
        ("2020-05-29", "Friday 2020-06-05"),  # to its own harm
    ],
)
def test_the_count_begins_soon_after_the_receipt_whatever_the_receipt_says(counted_from: str | None, due: str) -> None:
    received = event("received", "Monday 2020-06-01 10:00", counted_from=counted_from)
    (finding,) = [f for f in judged(received, ACCEPTED) if f.rule == "V08"]
    assert finding.numbers["due_on"] == on(due)


def test_over_a_holiday_the_next_working_day_is_far_and_still_believed() -> None:
    received = event("received", "Wednesday 2020-09-30 20:00", counted_from="2020-10-09")
    (finding,) = found(log_of(received, as_of="Friday 2020-10-30 17:00"), v08_feedback_overdue.RULE)
    assert finding.numbers["started_on"] == on("Friday 2020-10-09")


# --- twins -----------------------------------------------------------------------------------------------------------


def twin(subject: str, of: str) -> list[dict[str, Any]]:
    received = event("received", "Monday 2020-06-01 10:00", subject=subject, actor="anna")
    return [received, event("marked-duplicate", "Tuesday 2020-06-02 10:00", subject=subject, actor="head", of=of)]


@pytest.mark.parametrize("of", ["case/1", "1"])
def test_nothing_is_a_duplicate_of_itself(of: str) -> None:
    assert {f.subject for f in judged(*twin("case/1", of))} == {"case/1"}


@pytest.mark.parametrize("sort", ["case/", ""])
def test_two_that_are_called_each_others_duplicates_are_both_judged(sort: str) -> None:
    both = [*twin("case/1", f"{sort}2"), *twin("case/2", f"{sort}1")]
    assert {f.subject for f in judged(*both)} == {"case/1", "case/2"}


def test_of_a_true_duplicate_the_original_is_judged() -> None:
    both = [event("received", "Monday 2020-06-01 09:00", subject="case/1"), *twin("case/2", "case/1")]
    assert {f.subject for f in judged(*both)} == {"case/1"}
    assert judged(*twin("case/3", "case/of-another-extract")) == []


# --- acceptance that is taken back -----------------------------------------------------------------------------------


def test_reviewing_or_assigning_before_acceptance_accepts_nothing() -> None:
    idle = [event(kind, "Tuesday 2020-06-02 10:00", actor="eva") for kind in ("assigned", "opened", "reviewed")]
    assert "V04" in {f.rule for f in judged(RECEIVED, *idle)}


def test_passing_the_case_round_resets_no_clock() -> None:
    round_about = [
        event(kind, f"2020-06-{day:02} {hour}:00", actor=actor, office=office, to_office=to, reason="R")
        for day, giver, taker in ((2, "A", "B"), (4, "B", "A"), (8, "A", "B"))
        for kind, hour, actor, office, to in (
            ("handed-over", 10, f"giver-{giver}", giver, taker),
            ("handover-acknowledged", 11, f"taker-{taker}", taker, None),
        )
    ]
    plain, passed = judged(RECEIVED), judged(RECEIVED, *round_about)
    assert [(f.rule, f.first_seq, f.numbers["due_on"]) for f in plain] == [
        (f.rule, f.first_seq, f.numbers["due_on"]) for f in passed
    ]
