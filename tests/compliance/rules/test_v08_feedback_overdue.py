"""V08: the result reaches the applicant within the feedback limit."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.rule import Severity
from portal.compliance.rules.v08_feedback_overdue import RULE
from tests.compliance.record import at, event, found, limit, on, record

RECEIVED = event("received", "Monday 2020-09-14 10:00", actor="anna", office="front")
ACCEPTED = event("accepted", "Tuesday 2020-09-15 09:00", actor="bert", office="centre")


def judged(*events: dict[str, Any], as_of: str | None = None, n: int = 5, **item: Any) -> list[Finding]:
    return found(record(list(events), limit("feedback", n, **item), as_of=as_of), RULE)


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "overdue"),
    [
        ("Tuesday 2020-09-22 12:00", "yellow", 6, 1),
        ("Friday 2020-09-25 12:00", "yellow", 9, 4),
        ("Saturday 2020-09-26 12:00", "yellow", 9, 4),
        ("Sunday 2020-09-27 12:00", "red", 10, 5),  # a make-up working day, the tenth: twice the limit
        ("Monday 2020-09-28 12:00", "red", 11, 6),
    ],
)
def test_mr_li_waits_for_his_unemployment_subsidy(as_of: str, severity: str, taken: int, overdue: int) -> None:
    (finding,) = judged(RECEIVED, ACCEPTED, as_of=as_of)
    assert (finding.severity.value, finding.numbers["taken"], finding.numbers["overdue"]) == (severity, taken, overdue)
    assert (finding.is_open, finding.office, finding.post, finding.actor) == (True, "centre", None, None)


def test_mr_lis_answer_after_the_holiday_is_twelve_working_days_late() -> None:
    (finding,) = judged(RECEIVED, ACCEPTED, event("delivered", "Tuesday 2020-10-13 16:00"))
    assert (finding.severity, finding.is_open, finding.first_seq, finding.last_seq) == (Severity.RED, False, 1, 3)
    wanted = {
        "taken": 17,
        "allowed": 5,
        "overdue": 12,
        "due_on": on("Monday 2020-09-21"),
        "front_desk": 1,
        "back_office": 16,
    }
    assert {name: finding.numbers[name] for name in wanted} == wanted


@pytest.mark.parametrize("as_of", ["Friday 2020-09-18 17:00", "Monday 2020-09-21 23:59"])
def test_up_to_the_end_of_the_due_day_nothing_is_found(as_of: str) -> None:
    assert judged(RECEIVED, ACCEPTED, as_of=as_of) == []


def test_a_status_change_is_no_feedback() -> None:
    closed = event("archived", "Wednesday 2020-09-16 10:00")
    decided = event("decided", "Wednesday 2020-09-16 10:00")
    assert len(judged(RECEIVED, decided, closed, as_of="Tuesday 2020-09-22 12:00")) == 1


def test_a_saturday_answer_after_a_due_friday_is_late_by_no_working_day() -> None:
    start = event("received", "Friday 2020-07-03 09:00")
    (finding,) = judged(start, event("delivered", "Saturday 2020-07-11 09:00"))
    assert (finding.severity, finding.numbers["overdue"]) == (Severity.YELLOW, 0)


DAY_AFTER: dict[str, Any] = {"from_on": "2020-09-15", "until_on": "2020-09-15"}
PAUSED: dict[str, Any] = {"pause_type": "appraisal", "from_on": "2020-09-15", "days": 1, "notice_no": "N"}
EXTENDED: dict[str, Any] = {"clock": "feedback", "days": 1, "reason": "R", "notice_no": "N"}
NOON, NEXT = "Monday 2020-09-14 12:00", "Tuesday 2020-09-22 09:00"


@pytest.mark.parametrize(
    "guard",
    [
        event("wait-requested", NOON, actor="li", role="applicant", **DAY_AFTER),
        event("outage-linked", NOON, actor="system", role="system", outage="O", **DAY_AFTER),
        event("paused", NOON, approved_by="head", **PAUSED),
        event("extended", NOON, approved_by="head", **EXTENDED),
        event("withdrawn", "Monday 2020-09-21 12:00", actor="li", role="applicant"),
        event("refused", "Tuesday 2020-09-15 12:00", reason="R"),
        event("marked-test", NEXT, actor="head"),
        event("marked-duplicate", NEXT, actor="head", of="case/0"),
    ],
    ids=lambda guard: str(guard["kind"]),
)
def test_a_guard_recorded_by_somebody_else_excuses(guard: dict[str, Any]) -> None:
    late = event("delivered", "Tuesday 2020-09-22 10:00", actor="carl")
    assert judged(RECEIVED, guard, late, extension_n=5) == []


@pytest.mark.parametrize(
    "guard",
    [
        event("wait-requested", NOON, actor="anna", **DAY_AFTER),
        event("outage-linked", NOON, actor="anna", outage="O", **DAY_AFTER),
        event("paused", NOON, approved_by="anna", **PAUSED),
        event("extended", NOON, approved_by="anna", **EXTENDED),
        event("marked-test", NEXT, actor="anna"),
        event("marked-duplicate", NEXT, actor="carl", of="case/0"),
    ],
    ids=lambda guard: str(guard["kind"]),
)
def test_a_guard_of_ones_own_making_excuses_nothing(guard: dict[str, Any]) -> None:
    late = event("delivered", "Tuesday 2020-09-22 10:00", actor="carl")
    assert len(judged(RECEIVED, guard, late, extension_n=5)) == 1


def test_closing_and_opening_again_resets_no_clock() -> None:
    events = [
        RECEIVED,
        event("delivered", "Wednesday 2020-09-16 10:00"),
        event("reopened", "Thursday 2020-09-17 10:00"),
        event("delivered", "Friday 2020-09-25 10:00"),
    ]
    (finding,) = judged(*events)
    # the 15th, 16th, 18th, 21st, 22nd were the five; the 17th was nobody's
    assert (finding.first_seq, finding.numbers["due_on"], finding.numbers["overdue"]) == (
        1,
        on("Tuesday 2020-09-22"),
        3,
    )


@pytest.mark.parametrize(("delivered", "count"), [("Wednesday 2020-09-16 12:00", 0), ("Wednesday 2020-09-16 12:01", 1)])
def test_a_promised_moment_is_kept_to_the_minute(delivered: str, count: int) -> None:
    promised = event("received", "Monday 2020-09-14 10:00", target_at=at("Wednesday 2020-09-16 12:00"))
    findings = judged(promised, event("delivered", delivered))
    assert [finding.variant for finding in findings] == ["moment"] * count


def test_before_the_rules_of_2015_it_is_only_a_notice() -> None:
    (finding,) = judged(event("received", "Monday 2014-09-15 10:00"), event("delivered", "Friday 2014-10-31 10:00"))
    assert (finding.severity, finding.lowered) == (Severity.NOTICE, "source")


def test_a_moment_that_passed_says_when_the_result_came_unless_it_has_not_come() -> None:
    promised = event("received", "Monday 2020-09-14 10:00", target_at=at("Wednesday 2020-09-16 12:00"))
    came = at("Wednesday 2020-09-16 12:30")
    (closed,) = judged(promised, event("delivered", "Wednesday 2020-09-16 12:30"))
    (still,) = judged(promised, as_of="Thursday 2020-09-17 12:00")
    assert (closed.numbers["ended_at"], closed.numbers["overdue"]) == (int(came.timestamp()) * 1_000_000, 30)
    assert (still.variant, still.numbers["ended_at"]) == ("moment-open", None)
