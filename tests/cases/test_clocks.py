"""Clocks: opened, stopped, paused and extended by events alone; every expected day was counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.basis import CalendarDays, Hours, WorkingDays
from portal.cases.model import ClockState, LimitKind
from portal.cases.model.clocks import stuck_on, trace_of
from portal.catalogue.model import ItemType, ItemVersion
from portal.worktime import national
from tests.cases.city import at, local, on
from tests.cases.histories import clocks_at, history, hours_on, known_on, only, version_of

SUBSIDY = version_of("unemployment-subsidy", "2020-09-14")
LICENCE = version_of("food-licence", "2020-09-14")
Line = tuple[str, str, dict[str, Any]]
LATER = at("Monday 2020-12-14 10:00")


def with_limit(version: ItemVersion, **changes: object) -> ItemVersion:
    """The same version with its first limit changed."""
    return replace(version, limits=(replace(version.limits[0], **changes), *version.limits[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("Monday 2020-09-14 10:00", "Monday 2020-09-21 17:00"),
        ("Friday 2020-09-25 10:00", "Friday 2020-10-09 17:00"),  # Sunday 27th is worked, 1st to 8th are off
        ("Wednesday 2020-09-30 10:00", "Wednesday 2020-10-14 17:00"),  # Saturday 10th is worked
        ("Friday 2020-04-24 10:00", "Thursday 2020-04-30 17:00"),  # Sunday 26th is worked
        ("Saturday 2020-09-19 10:00", "Friday 2020-09-25 17:00"),  # Monday is the first day after it
    ],
)
def test_a_feedback_limit_of_five_days_ends_at_closing_of_the_fifth_working_day(received: str, due: str) -> None:
    clocks = clocks_at(history(SUBSIDY, "after-benefit", ("received", received)), SUBSIDY, at(received))
    assert local(clocks["feedback.1.promised"].due_at) == due


def test_li_had_waited_seventeen_days_for_an_answer_due_on_the_fifth() -> None:
    events = history(
        SUBSIDY,
        "after-benefit",
        ("received", "Monday 2020-09-14 10:00"),
        ("accepted", "Tuesday 2020-09-15 10:00"),
        ("decided", "Tuesday 2020-10-13 15:00", {"conclusion": "grant"}),
        ("delivered", "Tuesday 2020-10-13 16:00"),
    )
    clock = clocks_at(events, SUBSIDY, LATER)["feedback.1.promised"]
    assert (clock.due_on, clock.stopped_on) == (on("Monday 2020-09-21"), on("Tuesday 2020-10-13"))
    assert clock.is_breached(LATER)
    assert clock.state is ClockState.STOPPED
    assert clock.double_at == at("Sunday 2020-09-27 00:00")  # the tenth working day; red from there on


@pytest.mark.parametrize(
    ("delivered", "is_late"),
    [
        ("Monday 2020-09-21 17:00", False),
        ("Monday 2020-09-21 23:59", False),  # dates are compared: after closing, but on the day
        ("Tuesday 2020-09-22 00:00", True),
    ],
)
def test_a_day_limit_is_judged_by_date(delivered: str, is_late: bool) -> None:
    events = history(
        SUBSIDY,
        "after-benefit",
        ("received", "Monday 2020-09-14 10:00"),
        ("accepted", "Tuesday 2020-09-15 10:00"),
        ("decided", "Monday 2020-09-21 09:00", {"conclusion": "grant"}),
        ("delivered", delivered),
    )
    assert clocks_at(events, SUBSIDY, LATER)["feedback.1.promised"].is_breached(LATER) is is_late


def test_an_answer_on_the_saturday_after_a_due_friday_is_late() -> None:
    events = history(
        SUBSIDY,
        "after-benefit",
        ("received", "Friday 2020-10-16 10:00"),
        ("accepted", "Friday 2020-10-16 11:00"),
        ("decided", "Friday 2020-10-23 09:00", {"conclusion": "grant"}),
        ("delivered", "Saturday 2020-10-24 09:00"),
    )
    clock = clocks_at(events, SUBSIDY, LATER)["feedback.1.promised"]
    assert clock.due_on == on("Friday 2020-10-23")
    assert clock.is_breached(LATER)


def test_promised_and_statutory_limits_run_side_by_side() -> None:
    events = history(
        LICENCE, "new-general", ("received", "Monday 2020-09-14 10:00"), ("accepted", "Monday 2020-09-14 11:00")
    )
    clocks = clocks_at(events, LICENCE, at("Monday 2020-09-14 12:00"))
    assert clocks["decide.1.promised"].due_on == on("Saturday 2020-10-10")  # 15 working days, a make-up Saturday
    assert clocks["decide.1.statutory"].due_on == on("Friday 2020-10-16")  # 20
    assert clocks["accept.1.promised"].stopped_by == "accepted"
    assert "feedback.1.promised" not in clocks  # no limit in the item version, no clock


def test_the_day_of_acceptance_is_not_counted() -> None:
    events = history(
        LICENCE, "new-general", ("received", "Monday 2020-09-14 10:00"), ("accepted", "Friday 2020-09-18 16:00")
    )
    assert clocks_at(events, LICENCE, LATER)["decide.1.promised"].counted_from == on("Friday 2020-09-18")


def test_a_deemed_acceptance_lets_the_decision_run_from_the_day_of_receipt() -> None:
    events = history(
        LICENCE,
        "new-general",
        ("received", "Monday 2020-09-14 10:00"),
        ("deemed-accepted", "Tuesday 2020-09-22 00:00", {"counted_from": date(2020, 9, 14)}),
        ("accepted", "Friday 2020-09-25 10:00", {"document_no": "A1"}),  # the paper that follows moves nothing
    )
    clocks = clocks_at(events, LICENCE, LATER)
    assert clocks["decide.1.promised"].due_on == on("Saturday 2020-10-10")
    assert "decide.2.promised" not in clocks
    assert clocks["accept.1.statutory"].is_open is False


def correction(*more: Line) -> list[Line]:
    return [
        ("received", "Monday 2020-09-14 10:00", {}),
        ("correction-noticed", "Wednesday 2020-09-16 10:00", {"demands": ("layout",), "notice_no": "B1"}),
        *more,
    ]


def test_a_correction_notice_stops_acceptance_and_a_full_resubmission_begins_it_anew() -> None:
    lines = correction(
        ("correction-submitted", "Friday 2020-09-18 10:00", {"materials": (), "is_complete": False}),
        ("correction-submitted", "Wednesday 2020-09-23 10:00", {"materials": ("layout",), "is_complete": True}),
    )
    clocks = clocks_at(history(LICENCE, "new-general", *lines), LICENCE, at("Thursday 2020-09-24 10:00"))
    assert clocks["accept.1.statutory"].stopped_by == "correction-noticed"
    assert clocks["accept.2.statutory"].counted_from == on("Wednesday 2020-09-23")
    assert clocks["accept.2.statutory"].due_on == on("Tuesday 2020-09-29")  # Sunday 27th is worked
    assert clocks["correction.1.promised"].stopped_on == on("Wednesday 2020-09-23")


def test_the_applicant_has_a_limit_of_his_own_to_correct() -> None:
    clocks = clocks_at(history(LICENCE, "new-general", *correction()), LICENCE, LATER)
    assert clocks["correction.1.promised"].due_on == on("Tuesday 2020-10-13")
    assert clocks["correction.1.promised"].is_applicants


def test_a_request_for_information_begins_anew_once_it_is_complete() -> None:
    version = version_of("information-disclosure", "2020-09-14")
    lines: list[Line] = [
        ("received", "Monday 2020-09-14 10:00", {}),
        ("correction-noticed", "Wednesday 2020-09-16 10:00", {"demands": ("identity-card",), "notice_no": "B1"}),
        ("correction-submitted", "Wednesday 2020-09-23 10:00", {"materials": ("identity-card",), "is_complete": True}),
    ]
    clocks = clocks_at(history(version, "request", *lines), version, LATER)
    assert clocks["feedback.1.statutory"].state is ClockState.ENDED
    assert clocks["feedback.2.statutory"].counted_from == on("Wednesday 2020-09-23")
    assert clocks["feedback.2.statutory"].due_on == on("Tuesday 2020-10-27")


PAUSED: Line = ("paused", "Wednesday 2020-09-16 10:00", {"pause_type": "test", "from_on": date(2020, 9, 16), "days": 3})


def accepted_then(*more: Line) -> list[Line]:
    return [("received", "Monday 2020-09-14 10:00", {}), ("accepted", "Monday 2020-09-14 11:00", {}), *more]


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ([PAUSED], "Wednesday 2020-10-14"),  # 16, 17, 18 are left out
        ([PAUSED, ("resumed", "Friday 2020-09-18 09:00", {"until_on": date(2020, 9, 17)})], "Tuesday 2020-10-13"),
        ([PAUSED, ("resumed", "Wednesday 2020-09-16 15:00", {"until_on": date(2020, 9, 15)})], "Saturday 2020-10-10"),
        (
            [PAUSED, ("wait-requested", "Wednesday 2020-09-16 11:00",
                      {"from_on": date(2020, 9, 17), "until_on": date(2020, 9, 21)})],
            "Thursday 2020-10-15",  # 16 to 21: an overlap counts once
        ),
        (
            [("outage-linked", "Wednesday 2020-09-16 11:00",
              {"outage": "O1", "from_on": date(2020, 9, 15), "until_on": date(2020, 9, 15)}),
             ("outage-linked", "Thursday 2020-09-17 11:00",
              {"outage": "O1", "from_on": date(2020, 9, 15), "until_on": date(2020, 9, 16)})],
            "Monday 2020-10-12",  # one outage counts once
        ),
        (
            [("wait-requested", "Wednesday 2020-09-16 11:00",
              {"from_on": date(2020, 10, 1), "until_on": date(2020, 10, 8)})],
            "Saturday 2020-10-10",  # a pause that touches no working time changes nothing
        ),
    ],
)  # fmt: skip
def test_pauses_move_the_due_day_by_the_working_days_they_leave_out(more: list[Line], due: str) -> None:
    events = history(LICENCE, "new-general", *accepted_then(*more))
    assert clocks_at(events, LICENCE, LATER)["decide.1.promised"].due_on == on(due)


def test_while_a_case_is_paused_its_due_day_is_still_shown() -> None:
    clock = clocks_at(history(LICENCE, "new-general", *accepted_then(PAUSED)), LICENCE, LATER)["decide.1.promised"]
    assert clock.state is ClockState.PAUSED
    assert clock.due_on == on("Wednesday 2020-10-14")
    assert clock.pauses == ((date(2020, 9, 16), date(2020, 9, 18)),)


def extension(when: str, days: int = 10, clock: str = "decide") -> Line:
    return ("extended", when, {"clock": clock, "days": days, "approved_by": "u9", "reason": "r", "notice_no": "Y1"})


@pytest.mark.parametrize(
    ("more", "promised", "statutory", "extended_by"),
    [
        ([extension("Friday 2020-09-18 10:00")], "Friday 2020-10-23", "Friday 2020-10-30", 10),
        ([extension("Friday 2020-09-18 10:00", 3)], "Wednesday 2020-10-14", "Wednesday 2020-10-21", 3),
        (
            [extension("Friday 2020-09-18 10:00", 3), extension("Monday 2020-09-21 10:00", 10)],
            "Wednesday 2020-10-14", "Wednesday 2020-10-21", 3,  # once
        ),
        ([extension("Friday 2020-09-18 10:00", 11)], "Saturday 2020-10-10", "Friday 2020-10-16", 0),  # too long
        ([extension("Monday 2020-10-12 10:00", 3)], "Saturday 2020-10-10", "Wednesday 2020-10-21", 0),  # after one end
        ([extension("Friday 2020-09-18 10:00", 3, "deliver")], "Saturday 2020-10-10", "Friday 2020-10-16", 0),
    ],
)  # fmt: skip
def test_a_clock_is_extended_once_within_the_items_measure_and_before_its_end(
    more: list[Line], promised: str, statutory: str, extended_by: int
) -> None:
    clocks = clocks_at(history(LICENCE, "new-general", *accepted_then(*more)), LICENCE, LATER)
    assert clocks["decide.1.promised"].due_on == on(promised)
    assert clocks["decide.1.statutory"].due_on == on(statutory)
    assert clocks["decide.1.promised"].extended_by == extended_by
    assert clocks["decide.1.promised"].base_due_on == on("Saturday 2020-10-10")


def delivered_then(delivered: str, *more: Line) -> list[Line]:
    return [
        ("received", "Monday 2020-09-14 10:00", {}),
        ("accepted", "Monday 2020-09-14 11:00", {}),
        ("decided", delivered.rsplit(" ", 1)[0] + " 09:00", {"conclusion": "grant"}),
        ("delivered", delivered, {}),
        *more,
    ]


def test_a_reopened_case_keeps_its_start_and_the_closed_days_are_not_counted() -> None:
    again: Line = ("reopened", "Monday 2020-09-28 10:00", {"reason": "wrong sum"})
    events = history(SUBSIDY, "after-benefit", *delivered_then("Friday 2020-09-18 16:00", again))
    clocks = clocks_at(events, SUBSIDY, LATER)
    assert clocks["feedback.1.promised"].is_breached(LATER) is False
    second = clocks["feedback.2.promised"]
    assert second.counted_from == on("Monday 2020-09-14")
    assert second.due_on == on("Tuesday 2020-09-29")  # four days were used, the fifth follows the re-opening


def test_an_old_breach_stands_when_a_case_is_reopened() -> None:
    again: Line = ("reopened", "Thursday 2020-10-15 10:00", {"reason": "wrong sum"})
    events = history(SUBSIDY, "after-benefit", *delivered_then("Tuesday 2020-10-13 16:00", again))
    clocks = clocks_at(events, SUBSIDY, LATER)
    assert clocks["feedback.1.promised"].is_breached(LATER)
    assert clocks["feedback.2.promised"].due_on == on("Monday 2020-09-21")


def test_passing_a_case_on_never_resets_its_clock() -> None:
    lines: list[Line] = [
        ("received", "Monday 2020-09-14 10:00", {}),
        ("handed-over", "Tuesday 2020-09-15 10:00", {"to_office": "approval-bureau", "reason": "r", "summary": "s"}),
        ("handover-acknowledged", "Wednesday 2020-09-16 10:00", {}),
    ]
    clocks = clocks_at(history(LICENCE, "new-general", *lines), LICENCE, LATER)
    assert clocks["accept.1.statutory"].stopped_by == "handed-over"
    assert clocks["accept.2.statutory"].due_on == clocks["accept.1.statutory"].due_on == on("Monday 2020-09-21")
    assert clocks["acknowledge.1.promised"].due_on == on("Wednesday 2020-09-16")
    assert clocks["acknowledge.1.promised"].is_breached(LATER) is False


def test_an_acknowledgement_two_working_days_later_is_late() -> None:
    lines = accepted_then(
        ("handed-over", "Friday 2020-09-18 10:00", {"to_office": "approval-bureau", "reason": "r", "summary": "s"}),
        ("handover-acknowledged", "Tuesday 2020-09-22 09:00", {}),
    )
    clock = clocks_at(history(LICENCE, "new-general", *lines), LICENCE, LATER)["acknowledge.1.promised"]
    assert (clock.due_on, clock.is_breached(LATER)) == (on("Monday 2020-09-21"), True)


def test_the_end_of_a_case_ends_its_clocks_and_a_breach_before_it_stays() -> None:
    lines = accepted_then(("withdrawn", "Monday 2020-10-12 10:00", {}))
    clocks = clocks_at(history(LICENCE, "new-general", *lines), LICENCE, LATER)
    assert clocks["decide.1.promised"].state is ClockState.ENDED
    assert clocks["decide.1.promised"].is_breached(LATER)  # due on Saturday 10 October
    assert clocks["decide.1.statutory"].is_breached(LATER) is False


SAFETY_RULES: dict[str, Any] = {"deferred": ("safety-rules",), "due_on": date(2020, 9, 28)}


def test_deferred_material_has_a_day_of_its_own() -> None:
    lines: list[Line] = [
        ("received", "Monday 2020-09-14 10:00", {}),
        (
            "tolerantly-accepted",
            "Monday 2020-09-14 11:00",
            SAFETY_RULES,
        ),
        ("supplied", "Thursday 2020-09-24 10:00", {"materials": ("safety-rules",)}),
    ]
    clock = clocks_at(history(LICENCE, "new-general", *lines), LICENCE, LATER)["supply.1.target"]
    assert (clock.due_on, clock.stopped_on, clock.is_applicants) == (date(2020, 9, 28), date(2020, 9, 24), True)


def test_an_explicit_promise_is_judged_by_its_instant() -> None:
    target = at("Monday 2020-10-12 15:00")
    lines: list[Line] = [
        ("received", "Monday 2020-09-14 10:00", {"target_at": target}),
        ("accepted", "Monday 2020-09-14 11:00", {}),
        ("decided", "Monday 2020-10-12 15:00", {"conclusion": "grant"}),
    ]
    in_time = clocks_at(history(LICENCE, "renewal", *lines), LICENCE, LATER)["target.1.target"]
    assert (in_time.due_at, in_time.limit_kind, in_time.is_breached(LATER)) == (target, LimitKind.TARGET, False)
    lines[2] = ("decided", "Monday 2020-10-12 15:01", {"conclusion": "grant"})
    assert clocks_at(history(LICENCE, "renewal", *lines), LICENCE, LATER)["target.1.target"].is_breached(LATER)


def test_a_clock_is_judged_by_the_calendar_known_when_it_stopped() -> None:
    version = version_of("insurance-change", "2020-01-20")
    lines: list[Line] = [("received", "Monday 2020-01-20 10:00", {}), ("accepted", "Monday 2020-01-20 11:00", {})]
    before = clocks_at(history(version, "licence-change", *lines), version, at("Thursday 2020-01-23 10:00"))
    after = clocks_at(history(version, "licence-change", *lines), version, at("Monday 2020-01-27 10:00"))
    assert before["feedback.1.promised"].due_on == on("Saturday 2020-02-01")  # by the notice of November 2019
    assert after["feedback.1.promised"].due_on == on("Tuesday 2020-02-04")  # by the notice of 26 January 2020
    lines += [
        ("decided", "Thursday 2020-01-23 09:00", {"conclusion": "grant"}),
        ("delivered", "Thursday 2020-01-23 10:00", {}),
    ]
    stopped = clocks_at(history(version, "licence-change", *lines), version, LATER)["feedback.1.promised"]
    assert stopped.due_on == on("Saturday 2020-02-01")
    assert stopped.calendar == national(date(2020, 1, 23)).version != national(date(2020, 1, 27)).version


@pytest.mark.parametrize(
    ("received", "due", "is_certain"),
    [
        ("Monday 2026-12-21 10:00", "Monday 2026-12-28", True),
        ("Tuesday 2026-12-22 10:00", "Tuesday 2026-12-29", False),  # the next notice may still move it
    ],
)
def test_a_due_day_past_the_published_calendar_is_provisional(received: str, due: str, is_certain: bool) -> None:
    version = version_of("unemployment-subsidy", "2026-12-21")
    clock = clocks_at(history(version, "after-benefit", ("received", received)), version, at(received))
    found = clock["feedback.1.promised"]
    assert (found.due_on, found.is_certain) == (on(due), is_certain)


@pytest.mark.parametrize(
    ("days", "warned"),
    [
        (1, None),
        (2, "Tuesday 2020-09-15 17:00"),
        (5, "Friday 2020-09-18 17:00"),  # 80 % and one working day before fall together
        (20, "Monday 2020-10-12 17:00"),  # 80 %: the sixteenth day
        (3, "Wednesday 2020-09-16 17:00"),
    ],
)
def test_a_warning_comes_at_eighty_per_cent_or_a_working_day_before(days: int, warned: str | None) -> None:
    version = with_limit(SUBSIDY, promised=WorkingDays(days))
    events = history(version, "after-benefit", ("received", "Monday 2020-09-14 10:00"))
    warn_at = clocks_at(events, version, LATER)["feedback.1.promised"].warn_at
    assert (local(warn_at) if warn_at else None) == warned


@pytest.mark.parametrize(
    ("item_type", "due", "warned"),
    [
        # no text moves the end of a petition's days off a rest day
        (ItemType.PETITION, "Sunday 2020-11-15", "Monday 2020-11-02 17:00"),
        (ItemType.SERVICE, "Monday 2020-11-16", "Tuesday 2020-11-03 17:00"),  # 民法典 第二百零三条
    ],
)
def test_calendar_days_end_as_the_law_of_the_item_says(item_type: ItemType, due: str, warned: str) -> None:
    version = replace(with_limit(SUBSIDY, promised=CalendarDays(62)), item_type=item_type)
    events = history(version, "after-benefit", ("received", "Monday 2020-09-14 10:00"))
    clock = clocks_at(events, version, LATER)["feedback.1.promised"]
    assert clock.due_on == on(due)
    assert clock.warn_at is not None
    assert local(clock.warn_at) == warned  # 80 % of the days there are


def test_hours_run_from_the_moment_and_are_judged_by_it() -> None:
    version = with_limit(SUBSIDY, promised=Hours(24))
    lines: list[Line] = [("received", "Friday 2020-09-18 16:00", {}), ("accepted", "Friday 2020-09-18 16:30", {})]
    clock = clocks_at(history(version, "after-benefit", *lines), version, at("Friday 2020-09-18 17:00"))
    found = clock["feedback.1.promised"]
    assert (local(found.due_at), found.warn_at) == ("Saturday 2020-09-19 16:00", None)
    assert found.is_breached(at("Saturday 2020-09-19 16:00")) is False
    assert found.is_breached(at("Saturday 2020-09-19 16:01"))


def test_bad_ratings_alone_open_the_clocks_of_contact_and_repair() -> None:
    version = version_of("hotline-appeal", "2026-03-02")
    lines: list[Line] = [
        ("received", "Monday 2026-03-02 10:00", {}),
        ("accepted", "Monday 2026-03-02 11:00", {}),
        ("decided", "Tuesday 2026-03-03 10:00", {"conclusion": "grant"}),
        ("delivered", "Tuesday 2026-03-03 11:00", {}),
    ]
    bad = [*lines, ("rated", "Wednesday 2026-03-04 10:00", {"score": 2})]
    fair = [*lines, ("rated", "Wednesday 2026-03-04 10:00", {"score": 3})]
    now = at("Wednesday 2026-03-04 12:00")
    assert clocks_at(history(version, "appeal", *bad), version, now)["rate-contact.1.promised"].due_on == on(
        "Thursday 2026-03-05"
    )
    assert "rate-contact.1.promised" not in clocks_at(history(version, "appeal", *fair), version, now)


def test_a_trace_names_every_day_and_why_it_counts() -> None:
    clock = clocks_at(history(LICENCE, "new-general", *accepted_then(PAUSED)), LICENCE, LATER)["decide.1.promised"]
    notes = trace_of(clock, LICENCE, known_on(date(2020, 9, 16)))
    assert [note.day for note in notes if note.counted][-1] == clock.due_on
    assert sum(note.counted for note in notes) == 15
    reasons = {note.day: note.reason.value for note in notes}
    assert reasons[date(2020, 9, 14)] == "start-day"
    assert reasons[date(2020, 9, 17)] == "paused"
    assert reasons[date(2020, 9, 27)] == "make-up-day"
    assert reasons[date(2020, 10, 1)] == "holiday"


@pytest.mark.parametrize(
    ("last", "stuck"),
    [
        ("Wednesday 2020-07-01", "Tuesday 2020-07-07"),  # scenario Z4: nothing on the 6th, yellow on the 7th
        ("Friday 2020-09-25", "Wednesday 2020-09-30"),  # 27th, 28th, 29th are three working days
    ],
)
def test_a_case_is_stuck_once_more_than_three_working_days_have_passed(last: str, stuck: str) -> None:
    assert stuck_on(on(last), known_on(on(last))) == on(stuck)


def test_the_same_events_give_the_same_clocks_whenever_one_looks() -> None:
    events = history(SUBSIDY, "after-benefit", *delivered_then("Friday 2020-09-18 16:00"))
    early = clocks_at(events, SUBSIDY, at("Friday 2020-09-18 17:00"))
    assert early == clocks_at(events, SUBSIDY, LATER)
    assert early == clocks_at(events, SUBSIDY, LATER, only(hours_on(national(date(2020, 9, 18))).calendar))
