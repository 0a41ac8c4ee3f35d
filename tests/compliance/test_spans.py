"""Clocks: when they fall due, what stops them, what does not count, and by which calendar they are judged."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.log import spans, targets
from tests.compliance.record import at, event, limit, on, record, row, rows, spoken

HEARING: dict[str, Any] = {"pause_type": "hearing", "notice_no": "N1", "approved_by": "supervisor"}


def feedback(events: list[dict[str, Any]], *limits: dict[str, Any], as_of: str | None = None, **options: Any) -> Any:
    log = record(events, *(limits or (limit("feedback", 5),)), as_of=as_of)
    return row(spans(log, start="received", stop="delivered", limit="feedback", **options))


@pytest.mark.parametrize(
    ("received", "n", "due"),
    [
        ("Monday 2020-09-14 10:00", 5, "Monday 2020-09-21"),
        ("Monday 2020-09-14 10:00", 10, "Sunday 2020-09-27"),  # a make-up working day
        ("Monday 2020-09-14 10:00", 17, "Tuesday 2020-10-13"),
        ("Friday 2020-09-25 10:00", 5, "Friday 2020-10-09"),  # 1st to 8th are off
        ("Friday 2020-04-24 10:00", 5, "Thursday 2020-04-30"),  # Sunday 26th is worked
        ("Saturday 2020-10-03 10:00", 1, "Friday 2020-10-09"),
        ("Monday 2020-09-14 10:00", 0, "Monday 2020-09-14"),
        ("Saturday 2020-10-03 10:00", 0, "Saturday 2020-10-03"),
    ],
)
def test_a_limit_runs_from_the_next_working_day(received: str, n: int, due: str) -> None:
    span = feedback([event("received", received)], limit("feedback", n), as_of="Friday 2020-10-30 17:00")
    assert spoken(span["due_on"]) == due


@pytest.mark.parametrize(
    ("delivered", "taken", "overdue", "is_late"),
    [
        ("Friday 2020-09-18 16:00", 4, 0, 0),
        ("Monday 2020-09-21 23:59", 5, 0, 0),
        ("Tuesday 2020-09-22 00:00", 6, 1, 1),
        ("Tuesday 2020-10-13 16:00", 17, 12, 1),
    ],
)
def test_dates_are_compared_and_not_moments(delivered: str, taken: int, overdue: int, is_late: int) -> None:
    span = feedback([event("received", "Monday 2020-09-14 10:00"), event("delivered", delivered)])
    assert (span["taken"], span["overdue"], span["is_late"]) == (taken, overdue, is_late)


def test_an_answer_on_the_saturday_after_a_due_friday_is_late_though_no_working_day_passed() -> None:
    span = feedback([event("received", "Friday 2020-07-03 09:00"), event("delivered", "Saturday 2020-07-11 09:00")])
    assert (spoken(span["due_on"]), span["overdue"], span["is_late"]) == ("Friday 2020-07-10", 0, 1)


def test_the_day_of_receipt_by_the_channels_rule_is_the_one_that_does_not_count() -> None:
    night = event("received", "Monday 2020-09-14 22:00", counted_from="Tuesday 2020-09-15")
    span = feedback([night, event("delivered", "Tuesday 2020-09-22 09:00")])
    assert (spoken(span["due_on"]), span["is_late"]) == ("Tuesday 2020-09-22", 0)


def test_an_open_clock_is_judged_as_of_the_day_of_judgement() -> None:
    received = [event("received", "Monday 2020-09-14 10:00")]
    assert feedback(received, as_of="Monday 2020-09-21 23:00")["is_late"] == 0
    span = feedback(received, as_of="Tuesday 2020-09-22 00:01")
    assert (span["is_late"], span["is_open"], span["last_seq"]) == (1, 1, 1)


def test_what_happens_after_the_moment_of_judgement_is_not_known_to_it() -> None:
    events = [event("received", "Monday 2020-09-14 10:00"), event("delivered", "Wednesday 2020-09-16 10:00")]
    assert feedback(events, as_of="Tuesday 2020-09-15 10:00")["is_open"] == 1


@pytest.mark.parametrize(
    ("first", "days", "resumed", "due"),
    [
        ("Wednesday 2020-09-16", 3, None, "Thursday 2020-09-24"),  # resumes by itself when the declared days end
        ("Wednesday 2020-09-16", 3, "Thursday 2020-09-17", "Wednesday 2020-09-23"),
        ("Wednesday 2020-09-16", 3, "Friday 2020-09-25", "Thursday 2020-09-24"),  # no longer than declared
        ("Monday 2020-09-21", 2, None, "Wednesday 2020-09-23"),  # begins on the last day of the limit
        ("Tuesday 2020-09-22", 2, None, "Monday 2020-09-21"),  # begins when the limit is used up
        ("Saturday 2020-09-19", 1, None, "Tuesday 2020-09-22"),
    ],
)
def test_a_pause_moves_the_due_date_by_its_working_days(first: str, days: int, resumed: str | None, due: str) -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("paused", "Tuesday 2020-09-15 10:00", from_on=first, days=days, **HEARING),
    ]
    if resumed:
        events.append(event("resumed", "Monday 2020-09-28 10:00", until_on=resumed))
    span = feedback(events, as_of="Tuesday 2020-10-27 17:00")
    assert spoken(span["due_on"]) == due


def test_pauses_that_overlap_count_once() -> None:
    def wait(first: str, last: str) -> dict[str, Any]:
        return event(
            "wait-requested", "Monday 2020-09-14 11:00", actor="li", role="applicant", from_on=first, until_on=last
        )

    events = [
        event("received", "Monday 2020-09-14 10:00"),
        wait("Wednesday 2020-09-16", "Friday 2020-09-18"),
        wait("Thursday 2020-09-17", "Thursday 2020-09-17"),
        wait("Friday 2020-09-18", "Monday 2020-09-21"),
        wait("Thursday 2020-09-24", "Thursday 2020-09-24"),
        event("delivered", "Tuesday 2020-09-29 10:00"),
    ]
    span = feedback(events)
    # 15, 22, 23, 25, 27 (Sunday, worked) are the five days
    assert (spoken(span["due_on"]), span["taken"], span["overdue"]) == ("Sunday 2020-09-27", 7, 2)


def test_one_outage_counts_once_however_often_it_is_linked() -> None:
    linked: dict[str, Any] = {"outage": "O1", "actor": "system", "role": "system", "office": None}
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("outage-linked", "Tuesday 2020-09-15 10:00", from_on="2020-09-15", until_on="2020-09-15", **linked),
        event("outage-linked", "Friday 2020-09-18 10:00", from_on="2020-09-16", until_on="2020-09-18", **linked),
    ]
    assert spoken(feedback(events, as_of="Friday 2020-10-30 17:00")["due_on"]) == "Tuesday 2020-09-22"


@pytest.mark.parametrize(
    ("extension", "due"),
    [
        ({"days": 10, "approved_by": "head"}, "Saturday 2020-10-10"),  # a make-up working day
        ({"days": 11, "approved_by": "head"}, "Monday 2020-09-21"),  # more than the item allows
        ({"days": 10, "approved_by": "clerk"}, "Monday 2020-09-21"),  # approved by who handles it
        ({"days": 10}, "Monday 2020-09-21"),
        ({"days": 10, "approved_by": "head", "notice_no": None}, "Monday 2020-09-21"),  # the applicant was not told
        ({"days": 10, "approved_by": "head", "clock": "decide"}, "Monday 2020-09-21"),  # of another clock
    ],
)
def test_an_extension_counts_only_when_it_is_lawful(extension: dict[str, Any], due: str) -> None:
    told: dict[str, Any] = {"clock": "feedback", "reason": "R", "notice_no": "N2"} | extension
    events = [event("received", "Monday 2020-09-14 10:00"), event("extended", "Monday 2020-09-21 16:00", **told)]
    span = feedback(events, limit("feedback", 5, extension_n=10), as_of="Friday 2020-10-30 17:00")
    assert spoken(span["due_on"]) == due
    assert spoken(span["base_due_on"]) == "Monday 2020-09-21"


def test_an_extension_after_the_limit_ran_out_is_none() -> None:
    late: dict[str, Any] = {"clock": "feedback", "days": 10, "approved_by": "head", "reason": "R", "notice_no": "N2"}
    events = [event("received", "Monday 2020-09-14 10:00"), event("extended", "Tuesday 2020-09-22 09:00", **late)]
    span = feedback(events, limit("feedback", 5, extension_n=10), as_of="Friday 2020-10-09 17:00")
    assert (spoken(span["due_on"]), span["extension"]) == ("Monday 2020-09-21", 0)


def test_only_the_first_extension_counts() -> None:
    lawful: dict[str, Any] = {"clock": "feedback", "approved_by": "head", "reason": "R", "notice_no": "N2"}
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("extended", "Tuesday 2020-09-15 09:00", days=2, **lawful),
        event("extended", "Wednesday 2020-09-16 09:00", days=3, **lawful),
    ]
    span = feedback(events, limit("feedback", 5, extension_n=10), as_of="Friday 2020-10-09 17:00")
    assert (spoken(span["due_on"]), span["allowed"]) == ("Wednesday 2020-09-23", 7)


def test_a_pause_that_begins_within_the_extension_moves_only_the_extended_due_date() -> None:
    lawful: dict[str, Any] = {"clock": "feedback", "approved_by": "head", "reason": "R", "notice_no": "N2", "days": 2}
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("extended", "Tuesday 2020-09-15 09:00", **lawful),
        event("paused", "Tuesday 2020-09-22 10:00", from_on="Wednesday 2020-09-23", days=1, **HEARING),
    ]
    span = feedback(events, limit("feedback", 5, extension_n=10), as_of="Friday 2020-10-09 17:00")
    assert (spoken(span["base_due_on"]), spoken(span["due_on"])) == ("Monday 2020-09-21", "Thursday 2020-09-24")


def test_the_same_clock_can_be_judged_without_pauses_and_without_extensions() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event(
            "extended",
            "Tuesday 2020-09-15 09:00",
            clock="feedback",
            days=2,
            approved_by="head",
            reason="R",
            notice_no="N",
        ),
        event("paused", "Tuesday 2020-09-15 10:00", from_on="Wednesday 2020-09-16", days=1, **HEARING),
    ]
    item = limit("feedback", 5, extension_n=10)
    judged = {"as_of": "Friday 2020-10-09 17:00"}
    assert spoken(feedback(events, item, **judged)["due_on"]) == "Thursday 2020-09-24"
    assert spoken(feedback(events, item, pausing=False, **judged)["due_on"]) == "Wednesday 2020-09-23"
    assert spoken(feedback(events, item, extending=False, **judged)["due_on"]) == "Tuesday 2020-09-22"


def test_withdrawal_stops_a_clock_and_erases_no_breach() -> None:
    received = event("received", "Monday 2020-09-14 10:00")
    gone = {"actor": "li", "role": "applicant"}
    in_time = [received, event("withdrawn", "Monday 2020-09-21 10:00", **gone)]
    too_late = [received, event("withdrawn", "Tuesday 2020-09-22 10:00", **gone)]
    assert feedback(in_time, as_of="Friday 2020-10-30 10:00")["is_late"] == 0
    span = feedback(too_late, as_of="Friday 2020-10-30 10:00")
    assert (span["is_late"], span["stopped_by"], span["taken"]) == (1, "withdrawn", 6)


def test_reopening_keeps_the_start_and_does_not_count_the_time_after_the_closing() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("delivered", "Wednesday 2020-09-16 10:00"),
        event("reopened", "Monday 2020-10-12 10:00"),
        event("delivered", "Thursday 2020-10-15 10:00"),
    ]
    log = record(events, limit("feedback", 5))
    first, again = rows(spans(log, start="received", stop="delivered", limit="feedback", reopening=True), "leg")
    assert (first["taken"], first["is_late"]) == (2, 0)
    assert (again["taken"], again["is_late"], spoken(again["due_on"])) == (5, 0, "Thursday 2020-10-15")
    assert first["first_seq"] == again["first_seq"] == 1


def test_closing_late_and_opening_again_keeps_the_old_breach() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("delivered", "Wednesday 2020-09-23 10:00"),
        event("reopened", "Thursday 2020-09-24 10:00"),
    ]
    log = record(events, limit("feedback", 5), as_of="Friday 2020-09-25 10:00")
    first, again = rows(spans(log, start="received", stop="delivered", limit="feedback", reopening=True), "leg")
    assert (first["is_late"], first["is_open"], first["taken"]) == (1, 0, 7)
    assert (again["is_late"], again["is_open"], again["taken"]) == (1, 1, 8)


@pytest.mark.parametrize(
    ("n", "unit", "roll", "due"),
    [
        (15, "calendar-day", 1, "Tuesday 2020-09-29"),
        (20, "calendar-day", 1, "Friday 2020-10-09"),  # 4 October lies in the holiday
        (20, "calendar-day", 0, "Sunday 2020-10-04"),
        (13, "calendar-day", 1, "Sunday 2020-09-27"),  # a Sunday that is worked
        (1, "month", 1, "Wednesday 2020-10-14"),
        (6, "month", 1, "Monday 2021-03-15"),  # 14 March is a Sunday
    ],
)
def test_calendar_days_and_months_end_on_a_working_day_where_the_limit_says_so(
    n: int, unit: str, roll: int, due: str
) -> None:
    span = feedback(
        [event("received", "Monday 2020-09-14 10:00")], limit("feedback", n, unit, roll=roll), as_of="2021-06-30 10:00"
    )
    assert spoken(span["due_on"]) == due


def test_a_month_without_that_day_ends_on_its_last() -> None:
    received = [event("received", "Thursday 2019-10-31 10:00")]
    span = feedback(received, limit("feedback", 1, "month"), as_of="2020-06-30 10:00")
    assert spoken(span["due_on"]) == "Monday 2019-12-02"  # 30 November is a Saturday


@pytest.mark.parametrize(("delivered", "is_late"), [("Tuesday 2020-09-15 10:00", 0), ("Tuesday 2020-09-15 10:01", 1)])
def test_hours_are_judged_by_the_moment(delivered: str, is_late: int) -> None:
    events = [event("received", "Monday 2020-09-14 10:00"), event("delivered", delivered)]
    assert feedback(events, limit("feedback", 24, "hour"))["is_late"] == is_late


def test_a_paused_day_gives_twenty_four_hours_more() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event(
            "wait-requested",
            "Monday 2020-09-14 12:00",
            actor="li",
            role="applicant",
            from_on="2020-09-15",
            until_on="2020-09-15",
        ),
        event("delivered", "Wednesday 2020-09-16 10:00"),
    ]
    span = feedback(events, limit("feedback", 24, "hour"))
    assert (span["is_late"], span["taken"]) == (0, 24 * 60)


@pytest.mark.parametrize(("decided", "is_late"), [("Monday 2020-09-21 12:00", 0), ("Monday 2020-09-21 12:01", 1)])
def test_a_target_of_its_own_is_compared_by_the_moment(decided: str, is_late: int) -> None:
    promised = event("received", "Monday 2020-09-14 10:00", target_at=at("Monday 2020-09-21 12:00"))
    log = record([promised, event("decided", decided)])
    assert row(targets(log, stop="decided", unless="feedback"))["is_late"] == is_late


def test_an_own_target_replaces_the_limit_of_the_item() -> None:
    promised = event("received", "Monday 2020-09-14 10:00", target_at=at("Tuesday 2020-09-29 12:00"))
    delivered = event("delivered", "Tuesday 2020-09-29 11:00")
    assert feedback([promised, delivered])["is_late"] == 1
    assert feedback([promised, delivered], own_target=True)["is_late"] == 0


def test_each_start_opens_a_clock_of_its_own_when_asked() -> None:
    events = [
        event("handed-over", "Monday 2020-09-14 10:00", to_office="b"),
        event("handover-acknowledged", "Tuesday 2020-09-15 10:00", office="b"),
        event("handed-over", "Wednesday 2020-09-16 10:00", to_office="c", office="b"),
    ]
    log = record(events, as_of="Friday 2020-09-18 10:00")
    found = rows(
        spans(log, start="handed-over", stop=("handover-acknowledged", "handover-returned"), n=1, every=True),
        "first_seq",
    )
    assert [(span["first_seq"], span["is_late"], span["stop_office"]) for span in found] == [(1, 0, "b"), (3, 1, None)]


def test_the_limit_of_the_situation_stands_before_the_general_one() -> None:
    events = [
        event("submitted", "Monday 2020-09-14 09:00", actor="li", role="applicant", situation="joint"),
        event("received", "Monday 2020-09-14 10:00"),
    ]
    limits = (limit("feedback", 5), limit("feedback", 10, situation="joint"))
    assert feedback(events, *limits, as_of="Friday 2020-10-30 10:00")["limit_n"] == 10


def test_a_case_without_such_a_limit_is_not_judged() -> None:
    log = record([event("received", "Monday 2020-09-14 10:00")], limit("decide", 5))
    assert rows(spans(log, start="received", stop="delivered", limit="feedback")) == []


def test_a_clock_is_judged_by_the_calendar_that_was_known_when_it_stopped() -> None:
    """On 26 January 2020 the holiday was made longer: 31 January and Saturday 1 February became rest days."""
    received = event("received", "Thursday 2020-01-23 10:00")
    closed_before = feedback([received, event("delivered", "Saturday 2020-01-25 10:00")], limit("feedback", 2))
    assert spoken(closed_before["due_on"]) == "Saturday 2020-02-01"
    closed_after = feedback([received, event("delivered", "Monday 2020-02-03 10:00")], limit("feedback", 2))
    assert (spoken(closed_after["due_on"]), closed_after["is_late"]) == ("Tuesday 2020-02-04", 0)
    assert closed_before["calendar"] != closed_after["calendar"]


def test_a_due_date_beyond_the_notices_of_that_day_is_not_certain() -> None:
    received = [event("received", "Thursday 2019-10-10 10:00")]
    unknown = feedback(received, limit("feedback", 60), as_of="Friday 2019-11-01 10:00")  # no notice for 2020 yet
    assert unknown["is_certain"] == 0
    assert feedback(received, limit("feedback", 60), as_of="Friday 2019-12-20 10:00")["is_certain"] == 1


def test_the_days_in_the_span_are_whole_numbers() -> None:
    span = feedback([event("received", "Monday 2020-09-14 10:00")], as_of="Tuesday 2020-09-15 10:00")
    assert span["started_on"] == on("Monday 2020-09-14")
    assert all(isinstance(value, int | str | None) for value in span.values())


def test_a_full_resubmission_lets_the_clock_begin_anew_where_the_item_says_so() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("correction-noticed", "Tuesday 2020-09-15 10:00"),
        event("correction-submitted", "Thursday 2020-09-17 10:00", actor="li", role="applicant", is_complete=False),
        event("correction-submitted", "Monday 2020-09-21 10:00", actor="li", role="applicant", is_complete=True),
    ]
    judged = {"as_of": "Friday 2020-10-30 10:00"}
    anew = feedback(events, limit("feedback", 5, restarts_on="correction-submitted"), **judged)
    assert (spoken(anew["started_on"]), spoken(anew["due_on"]), anew["first_seq"]) == (
        "Monday 2020-09-21",
        "Sunday 2020-09-27",
        1,
    )
    assert spoken(feedback(events, **judged)["due_on"]) == "Monday 2020-09-21"


def test_the_days_of_a_petition_end_where_they_end() -> None:
    received = [event("received", "Friday 2020-08-07 10:00")]
    limits = limit("feedback", 60, "calendar-day", item_type="petition")
    assert spoken(feedback(received, limits, as_of="Friday 2020-12-18 10:00")["due_on"]) == "Tuesday 2020-10-06"
