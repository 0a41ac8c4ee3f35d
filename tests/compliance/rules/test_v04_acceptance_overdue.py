"""V04: what was handed in is accepted, refused, or sent back for correction in time."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v04_acceptance_overdue import RULE
from tests.compliance.record import event, found, limit, on, record

RECEIVED = event("received", "Monday 2020-06-01 10:00", actor="anna", office="front", post="desk")
PERMIT: dict[str, Any] = {"item_type": "permit"}
DUE, AFTER = "Monday 2020-06-08 23:59", "Tuesday 2020-06-09 00:00"


def log_of(*events: dict[str, Any], as_of: str | None = None, n: int | None = 5, **item: Any) -> Log:
    """``n=None``: the item says nothing of acceptance."""
    row = limit("accept" if n is not None else "decide", n or 20, **{**PERMIT, **item})
    return record(list(events), row, as_of=as_of)


def judged(*events: dict[str, Any], as_of: str | None = None, n: int | None = 5, **item: Any) -> list[Finding]:
    return found(log_of(*events, as_of=as_of, n=n, **item), RULE)


# --- by the law and by the item --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "count"), [(DUE, 0), (AFTER, 1)])
@pytest.mark.parametrize("n", [5, None])
def test_five_working_days_are_given_whether_or_not_the_item_says_so(n: int | None, as_of: str, count: int) -> None:
    findings = judged(RECEIVED, as_of=as_of, n=n)
    assert [(f.severity, f.is_open, f.office, f.post, f.actor) for f in findings] == [
        ("yellow", True, "front", "desk", "anna")
    ] * count


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "overdue"),
    [
        ("Thursday 2020-06-11 12:00", "yellow", 8, 3),
        ("Wednesday 2020-06-10 12:00", "yellow", 7, 2),
    ],
)
def test_numbers_of_an_open_silence(as_of: str, severity: str, taken: int, overdue: int) -> None:
    (finding,) = judged(RECEIVED, as_of=as_of)
    wanted = {"taken": taken, "allowed": 5, "overdue": overdue, "due_on": on("Monday 2020-06-08")}
    assert {name: finding.numbers[name] for name in wanted} == wanted
    assert finding.severity == ("red" if overdue >= 3 else severity)


@pytest.mark.parametrize(
    "kind", ["accepted", "tolerantly-accepted", "promise-accepted", "refused", "correction-noticed"]
)
@pytest.mark.parametrize(("at", "count"), [("Monday 2020-06-08 23:59", 0), ("Tuesday 2020-06-09 09:00", 1)])
def test_whatever_answers_the_applicant_ends_it(kind: str, at: str, count: int) -> None:
    assert len(judged(RECEIVED, event(kind, at), as_of="Friday 2020-06-19 12:00")) == count


def test_a_saturday_after_a_due_friday_is_late_by_no_working_day() -> None:
    start = event("received", "Friday 2020-07-03 09:00")
    (finding,) = judged(start, event("accepted", "Saturday 2020-07-11 09:00"))
    assert (finding.severity, finding.numbers["overdue"]) == ("yellow", 0)


@pytest.mark.parametrize(
    ("received", "accepted", "count"),
    [
        ("Friday 2020-09-25 10:00", "Friday 2020-10-09 17:00", 0),  # the make-up Sunday counts, the holidays do not
        ("Friday 2020-09-25 10:00", "Saturday 2020-10-10 09:00", 1),
        ("Thursday 2020-12-31 10:00", "Friday 2021-01-08 17:00", 0),
        ("Thursday 2020-12-31 10:00", "Saturday 2021-01-09 09:00", 1),
    ],
)
def test_holidays_and_make_up_days(received: str, accepted: str, count: int) -> None:
    assert len(judged(event("received", received), event("accepted", accepted))) == count


def test_an_item_that_promises_less_is_held_to_it() -> None:
    late = event("accepted", "Friday 2020-06-05 09:00")
    assert judged(RECEIVED, late, n=5) == []
    (finding,) = judged(RECEIVED, late, n=3)
    assert (finding.numbers["allowed"], finding.numbers["overdue"]) == (3, 1)


def test_a_benefit_without_a_limit_has_none() -> None:
    assert judged(RECEIVED, as_of="Wednesday 2020-07-01 10:00", n=None, item_type="benefit") == []


def test_the_licensing_law_judges_no_benefit_but_its_own_promise_does() -> None:
    before_2015 = event("received", "Monday 2015-06-01 10:00")
    (benefit,) = judged(before_2015, as_of="Friday 2015-06-12 10:00", item_type="benefit")
    (permit,) = judged(before_2015, as_of="Friday 2015-06-12 10:00")
    (later,) = judged(RECEIVED, as_of="Friday 2020-06-12 10:00", item_type="benefit")
    assert (benefit.severity, permit.severity, later.severity) == ("notice", "red", "red")


# --- accepted by law -------------------------------------------------------------------------------------------------

DEEMED = event("deemed-accepted", "Tuesday 2020-06-09 00:01", actor="system", role="system", counted_from="2020-06-01")


def test_what_the_law_accepts_is_late_all_the_same() -> None:
    (finding,) = judged(RECEIVED, DEEMED, event("accepted", "Wednesday 2020-06-10 10:00"))
    assert (finding.severity, finding.numbers["taken"], finding.numbers["overdue"]) == ("yellow", 7, 2)


def test_work_on_the_case_ends_the_silence_only_after_the_law_accepted_it() -> None:
    review = event("reviewed", "Wednesday 2020-06-10 10:00", conclusion="approve")
    (closed,) = judged(RECEIVED, DEEMED, review, as_of="Tuesday 2020-06-30 10:00")
    assert (closed.severity, closed.is_open, closed.numbers["taken"]) == ("yellow", False, 7)
    early = event("reviewed", "Tuesday 2020-06-02 10:00", conclusion="approve")
    (still,) = judged(RECEIVED, early, DEEMED, as_of="Tuesday 2020-06-30 10:00")
    assert (still.severity, still.is_open) == ("red", True)


# --- local rules for what is handed in online ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "area", "channel", "item_type", "count"),
    [
        ("2022", "410500", "web", "permit", 1),
        ("2022", "410502", "app", "benefit", 1),
        ("2022", "410500", "window", "permit", 0),
        ("2022", "330100", "web", "permit", 0),  # a rule of another place
        ("2021", "410500", "web", "permit", 0),  # not in force yet
        ("2022", "410500", "web", "petition", 0),
    ],
)
def test_one_day_online_where_and_when_a_local_rule_adopted_it(
    year: str, area: str, channel: str, item_type: str, count: int
) -> None:
    received = {**event("received", f"{year}-06-07 10:00"), "channel": channel}
    accepted = event("accepted", f"{year}-06-09 10:00")  # the second working day in both years
    findings = judged(received, accepted, area=area, item_type=item_type)
    assert [(f.severity, f.numbers["allowed"]) for f in findings] == [("yellow", 1)] * count
    in_time = event("accepted", f"{year}-06-08 17:00")
    assert judged(received, in_time, area=area, item_type=item_type) == []


# --- corrections, passing on, re-opening -----------------------------------------------------------------------------

NOTICED = event("correction-noticed", "Wednesday 2020-06-03 10:00", actor="anna", office="front", demands=["seal"])
BACK: dict[str, Any] = {"actor": "li", "role": "applicant", "office": None}


def test_a_complete_correction_starts_the_clock_anew() -> None:
    back = event("correction-submitted", "Monday 2020-06-15 10:00", is_complete=True, **BACK)
    assert judged(RECEIVED, NOTICED, back, event("accepted", "Monday 2020-06-22 17:00")) == []
    (finding,) = judged(RECEIVED, NOTICED, back, event("accepted", "Tuesday 2020-06-23 09:00"))
    assert (finding.first_seq, finding.office, finding.actor) == (3, "front", "anna")


def test_a_partial_one_leaves_it_with_the_applicant() -> None:
    back = event("correction-submitted", "Monday 2020-06-15 10:00", is_complete=False, **BACK)
    assert judged(RECEIVED, NOTICED, back, as_of="Tuesday 2020-07-07 10:00") == []


def test_a_notice_that_asks_for_nothing_stops_nothing() -> None:
    empty = event("correction-noticed", "Wednesday 2020-06-03 10:00", demands=[])
    assert len(judged(RECEIVED, empty, as_of=AFTER)) == 1


OUTSIDE: dict[str, Any] = {"to_office": "right", "is_outside_jurisdiction": True, "actor": "anna", "office": "front"}
PASSED = event("handed-over", "Monday 2020-06-01 16:00", **OUTSIDE)
TAKEN = event("handover-acknowledged", "Tuesday 2020-06-02 10:00", actor="rita", office="right")


def test_what_never_belonged_there_starts_where_it_is_taken_over() -> None:
    assert judged(RECEIVED, PASSED, TAKEN, event("accepted", "Tuesday 2020-06-09 17:00")) == []
    (finding,) = judged(RECEIVED, PASSED, TAKEN, as_of="Wednesday 2020-06-10 00:00")
    assert (finding.office, finding.actor, finding.first_seq) == ("right", "rita", 3)


@pytest.mark.parametrize(
    "events",
    [
        [event("handed-over", "Monday 2020-06-01 16:00", **{**OUTSIDE, "is_outside_jurisdiction": False}), TAKEN],
        [event("handed-over", "Tuesday 2020-06-02 09:00", **OUTSIDE), TAKEN],  # not on the same day
        [PASSED],  # nobody took it over
        [PASSED, event("handover-acknowledged", "Monday 2020-06-01 16:05", actor="anna", office="right")],
        [PASSED, event("handover-acknowledged", "Monday 2020-06-01 16:05", actor="bert", office="front")],
        [
            PASSED,
            event("handover-returned", "Tuesday 2020-06-02 10:00", actor="rita", office="right", reason="R"),
            TAKEN,
        ],
    ],
)
def test_passing_it_on_in_any_other_way_stops_no_clock(events: list[dict[str, Any]]) -> None:
    (finding,) = judged(RECEIVED, *events, as_of=AFTER)
    assert finding.first_seq == 1


def test_refusing_and_opening_again_keeps_the_start() -> None:
    refused = event("refused", "Friday 2020-06-05 10:00")
    opened = event("reopened", "Monday 2020-06-15 10:00")
    assert judged(RECEIVED, refused, opened, event("accepted", "Tuesday 2020-06-16 17:00")) == []  # the fifth day
    (finding,) = judged(RECEIVED, refused, opened, event("accepted", "Wednesday 2020-06-17 09:00"))
    assert (finding.first_seq, finding.numbers["taken"], finding.numbers["overdue"]) == (1, 6, 1)


def test_opening_a_finished_case_again_asks_for_no_acceptance() -> None:
    done = [event("accepted", "Tuesday 2020-06-02 10:00"), event("delivered", "Friday 2020-06-05 10:00")]
    assert judged(RECEIVED, *done, event("reopened", "Monday 2020-06-15 10:00"), as_of="Tuesday 2020-06-30 10:00") == []


# --- guards ----------------------------------------------------------------------------------------------------------

DAY_AFTER = {"from_on": "2020-06-02", "until_on": "2020-06-02"}


def guard(kind: str, actor: str, role: str = "clerk", **facts: Any) -> dict[str, Any]:
    return event(kind, "Monday 2020-06-01 12:00", actor=actor, role=role, **facts)


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (guard("wait-requested", "li", "applicant", **DAY_AFTER), 0),
        (guard("outage-linked", "system", "system", outage="O", **DAY_AFTER), 0),
        (
            guard(
                "paused",
                "anna",
                pause_type="appraisal",
                from_on="2020-06-02",
                days=1,
                notice_no="N",
                approved_by="head",
            ),
            0,
        ),
        (guard("marked-test", "head"), 0),
        (guard("marked-duplicate", "head", of="case/0"), 0),
        (guard("wait-requested", "anna", **DAY_AFTER), 1),
        (guard("outage-linked", "anna", outage="O", **DAY_AFTER), 1),
        (
            guard(
                "paused",
                "anna",
                pause_type="appraisal",
                from_on="2020-06-02",
                days=1,
                notice_no="N",
                approved_by="anna",
            ),
            1,
        ),
        (guard("extended", "anna", clock="accept", days=5, notice_no="N", reason="R", approved_by="head"), 1),
        (guard("marked-test", "anna"), 1),
        (guard("marked-duplicate", "anna", of="case/0"), 1),
    ],
)
def test_guards_count_when_somebody_else_stands_behind_them(act: dict[str, Any], count: int) -> None:
    late = event("accepted", "Tuesday 2020-06-09 10:00", actor="carl")
    assert len(judged(RECEIVED, act, late, extension_n=5)) == count


def test_looking_and_assigning_are_no_answer() -> None:
    idle = [event(kind, "Tuesday 2020-06-02 10:00", actor="eva") for kind in ("viewed", "commented", "assigned")]
    assert len(judged(RECEIVED, *idle, as_of=AFTER)) == 1


def test_who_had_taken_it_up_when_it_fell_due_is_named() -> None:
    opened = event("opened", "Tuesday 2020-06-02 10:00", actor="eva", office="back", post="review")
    late = event("opened", "Wednesday 2020-06-10 10:00", actor="fred", office="back")
    (finding,) = judged(RECEIVED, opened, late, as_of="Thursday 2020-06-11 10:00")
    assert (finding.office, finding.post, finding.actor) == ("back", "review", "eva")


def test_of_what_the_portal_received_the_office_is_named_and_nobody_in_it() -> None:
    received = event("received", "Monday 2020-06-01 10:00", actor="system", role="system", office="front")
    (finding,) = judged(received, as_of=AFTER)
    assert (finding.office, finding.actor) == ("front", None)


def test_a_log_that_records_no_acceptance_is_not_asked() -> None:
    from portal.compliance.engine import unasked

    log = log_of(RECEIVED)
    assert unasked(RULE, log) is None
    object.__setattr__(log, "kinds", frozenset({"received", "decided"}))
    assert unasked(RULE, log) is not None


def test_duckdb_says_the_same() -> None:
    log = log_of(RECEIVED, PASSED, TAKEN, as_of="Wednesday 2020-06-17 00:00")
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
