"""Limits of every unit: when they fall due, what pauses and extensions do to them, and the trace that explains it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.basis import CalendarDays, Hours, Limit, Months, WorkingDays, WorkingMinutes
from portal.worktime import (
    PETITION,
    PROCEDURE,
    BeyondTime,
    CalendarNotPublished,
    Counting,
    DayReason,
    DayStatus,
    OfficeHours,
    ReceiptRule,
    add_calendar_days,
    add_months,
    due,
    explicit_target,
    received_on,
)
from portal.worktime.due import CIVIL
from tests.worktime.spoken import at, on


@pytest.mark.parametrize(
    ("received", "limit", "due_at"),
    [
        ("Thursday 2020-09-24 10:00", WorkingDays(5), "Wednesday 2020-09-30 17:00"),
        ("Wednesday 2020-09-30 10:00", WorkingDays(1), "Friday 2020-10-09 17:00"),
        ("Monday 2020-09-14 23:59", WorkingDays(10), "Sunday 2020-09-27 17:00"),
        ("Monday 2020-09-14 10:00", WorkingDays(0), "Monday 2020-09-14 17:00"),
        ("Tuesday 2025-09-30 20:00", WorkingDays(5), "Tuesday 2025-10-14 17:00"),
        ("Monday 2020-09-14 10:00", CalendarDays(5), "Monday 2020-09-21 17:00"),  # Saturday the 19th rolls
        ("Monday 2020-09-14 10:00", CalendarDays(13), "Sunday 2020-09-27 17:00"),  # a working Sunday does not roll
        ("Friday 2020-01-31 10:00", Months(1), "Monday 2020-03-02 17:00"),  # 29 February is a Saturday
        ("Tuesday 2023-01-31 10:00", Months(1), "Tuesday 2023-02-28 17:00"),
        ("Monday 2020-09-14 10:20", Hours(24), "Tuesday 2020-09-15 10:20"),
        ("Friday 2020-09-18 16:30", WorkingMinutes(60), "Monday 2020-09-21 09:30"),
        ("Friday 2020-09-18 16:00", WorkingMinutes(60), "Friday 2020-09-18 17:00"),
    ],
)
def test_a_limit_ends_when_the_office_closes_on_its_last_day(
    hours: OfficeHours, received: str, limit: Limit, due_at: str
) -> None:
    found = due(at(received), limit, hours)
    assert (found.on, found.at) == (at(due_at).date(), at(due_at))
    assert found.status is DayStatus.CERTAIN
    assert found.calendar == hours.calendar.version
    assert found.at.tzinfo is UTC


def test_the_day_of_receipt_is_the_date_where_the_office_is(hours: OfficeHours) -> None:
    late_in_utc = datetime(2020, 9, 14, 16, 0, tzinfo=UTC)  # Tuesday in Shanghai
    assert due(late_in_utc, WorkingDays(1), hours).on == on("Wednesday 2020-09-16")


@pytest.mark.parametrize(
    ("received", "rule", "counted_from"),
    [
        ("Tuesday 2025-09-30 20:00", ReceiptRule.AS_IS, "Tuesday 2025-09-30"),
        ("Tuesday 2025-09-30 20:00", ReceiptRule.NEXT_OPEN, "Thursday 2025-10-09"),
        ("Tuesday 2025-09-30 17:00", ReceiptRule.NEXT_OPEN, "Thursday 2025-10-09"),
        ("Tuesday 2025-09-30 16:59", ReceiptRule.NEXT_OPEN, "Tuesday 2025-09-30"),
        ("Tuesday 2025-09-30 06:00", ReceiptRule.NEXT_OPEN, "Tuesday 2025-09-30"),
        ("Tuesday 2025-09-30 12:30", ReceiptRule.NEXT_OPEN, "Tuesday 2025-09-30"),  # the noon break is not the end
        ("Saturday 2025-10-04 10:00", ReceiptRule.NEXT_OPEN, "Thursday 2025-10-09"),
        ("Sunday 2025-09-28 10:00", ReceiptRule.NEXT_OPEN, "Sunday 2025-09-28"),
    ],
)
def test_a_channel_decides_which_day_a_request_came(
    hours: OfficeHours, received: str, rule: ReceiptRule, counted_from: str
) -> None:
    assert received_on(at(received), hours, rule) == on(counted_from)
    assert due(at(received), WorkingDays(5), hours, receipt=rule).starts_on == on(counted_from)


def test_an_hour_limit_moved_by_the_receipt_rule_runs_from_the_opening(hours: OfficeHours) -> None:
    evening = at("Tuesday 2025-09-30 20:00")
    found = due(evening, Hours(24), hours, receipt=ReceiptRule.NEXT_OPEN)
    assert found.at == at("Friday 2025-10-10 09:00")
    assert due(evening, WorkingMinutes(30), hours, receipt=ReceiptRule.NEXT_OPEN).at == at("Thursday 2025-10-09 09:30")
    morning = at("Tuesday 2025-09-30 08:00")
    assert due(morning, Hours(2), hours, receipt=ReceiptRule.NEXT_OPEN).at == at("Tuesday 2025-09-30 10:00")


@pytest.mark.parametrize(
    ("counting", "limit", "due_at"),
    [
        (CIVIL, CalendarDays(5), "Monday 2022-06-06 17:00"),  # Dragon Boat, 3 to 5 June, rolls to Monday
        (PETITION, CalendarDays(5), "Saturday 2022-06-04 00:00"),  # no text rolls it: Friday the 3rd ends at midnight
        (CIVIL, Hours(10), "Sunday 2022-05-29 20:20"),
        (PROCEDURE, Hours(10), "Sunday 2022-05-29 21:00"),
    ],
)
def test_where_laws_differ_the_counting_says_which_one_holds(
    hours: OfficeHours, counting: Counting, limit: Limit, due_at: str
) -> None:
    assert due(at("Sunday 2022-05-29 10:20"), limit, hours, counting=counting).at == at(due_at)
    assert counting.source.article


def test_an_hour_that_has_just_begun_does_not_count_in_procedure(hours: OfficeHours) -> None:
    assert due(at("Monday 2022-05-30 10:00"), Hours(1), hours, counting=PROCEDURE).at == at("Monday 2022-05-30 12:00")


@pytest.mark.parametrize(
    ("limit", "due_at"),
    [
        (WorkingDays(5), "Wednesday 2020-09-23 17:00"),
        (CalendarDays(7), "Wednesday 2020-09-23 17:00"),
        (Months(1), "Friday 2020-10-16 17:00"),
        (Hours(48), "Friday 2020-09-18 10:00"),
        (WorkingMinutes(780), "Friday 2020-09-18 10:00"),
    ],
)
def test_a_pause_of_two_days_puts_every_limit_off(hours: OfficeHours, limit: Limit, due_at: str) -> None:
    pause = (on("Tuesday 2020-09-15"), on("Wednesday 2020-09-16"))
    found = due(at("Monday 2020-09-14 10:00"), limit, hours, pauses=[pause])
    assert found.at == at(due_at)


def test_a_pause_between_instants_takes_every_day_it_touches_from_a_day_limit(hours: OfficeHours) -> None:
    received = at("Monday 2020-09-14 10:00")
    pause = (at("Tuesday 2020-09-15 16:00"), at("Wednesday 2020-09-16 09:30"))
    assert due(received, WorkingDays(5), hours, pauses=[pause]).on == on("Wednesday 2020-09-23")
    to_midnight = (at("Tuesday 2020-09-15 16:00"), at("Wednesday 2020-09-16 00:00"))
    assert due(received, WorkingDays(5), hours, pauses=[to_midnight]).on == on("Tuesday 2020-09-22")
    empty = (at("Tuesday 2020-09-15 16:00"), at("Tuesday 2020-09-15 16:00"))
    assert due(received, WorkingDays(5), hours, pauses=[empty]).on == on("Monday 2020-09-21")
    assert due(received, Hours(48), hours, pauses=[pause]).at == at("Thursday 2020-09-17 03:30")


def test_calendar_limits_prolonged_into_a_later_pause_skip_that_too(hours: OfficeHours) -> None:
    pauses = [
        (on("Tuesday 2020-09-15"), on("Thursday 2020-09-17")),
        (on("Tuesday 2020-09-22"), on("Tuesday 2020-09-22")),
    ]
    found = due(at("Monday 2020-09-14 10:00"), CalendarDays(5), hours, pauses=pauses)
    assert found.on == on("Wednesday 2020-09-23")


def test_an_extension_prolongs_the_limit_and_keeps_the_first_due_day(hours: OfficeHours) -> None:
    found = due(at("Monday 2020-09-14 10:00"), WorkingDays(20), hours, extension=WorkingDays(10))
    assert (found.base_on, found.on) == (on("Friday 2020-10-16"), on("Friday 2020-10-30"))
    with pytest.raises(ValueError, match="one unit"):
        due(at("Monday 2020-09-14 10:00"), WorkingDays(20), hours, extension=CalendarDays(10))


def test_a_due_day_past_the_notices_is_provisional_and_says_so(hours: OfficeHours) -> None:
    received = at("Friday 2026-12-25 10:00")
    assert due(received, WorkingDays(1), hours).status is DayStatus.CERTAIN
    late = due(received, WorkingDays(5), hours)
    assert (late.on, late.status) == (on("Friday 2027-01-01"), DayStatus.PROVISIONAL)
    assert due(received, CalendarDays(20), hours).status is DayStatus.PROVISIONAL
    assert due(received, CalendarDays(20), hours, counting=PETITION).status is DayStatus.CERTAIN
    assert due(received, Hours(240), hours).status is DayStatus.CERTAIN
    assert due(received, WorkingMinutes(2400), hours).status is DayStatus.PROVISIONAL
    with pytest.raises(CalendarNotPublished):
        due(received, WorkingDays(5000), hours)


def test_an_explicit_target_binds_by_its_instant(hours: OfficeHours) -> None:
    target = at("Saturday 2020-09-19 23:30")
    found = explicit_target(target, hours)
    assert (found.at, found.on, found.status) == (target, target.date(), DayStatus.CERTAIN)


def test_the_trace_of_working_days_ends_on_the_due_day_with_the_last_number(hours: OfficeHours) -> None:
    found = due(at("Friday 2020-09-25 10:00"), WorkingDays(5), hours, trace=True)
    assert found.on == on("Friday 2020-10-09")
    assert [note.number for note in found.trace if note.counted] == [1, 2, 3, 4, 5]
    assert (found.trace[0].reason, found.trace[-1].day) == (DayReason.START, found.on)
    assert found._replace(trace=()) == due(at("Friday 2020-09-25 10:00"), WorkingDays(5), hours)


def test_the_trace_of_calendar_days_shows_what_was_paused_and_what_rolled(hours: OfficeHours) -> None:
    pause = (on("Wednesday 2020-09-16"), on("Wednesday 2020-09-16"))
    found = due(at("Monday 2020-09-14 10:00"), CalendarDays(4), hours, pauses=[pause], trace=True)
    assert [note.reason for note in found.trace] == [
        DayReason.START,
        DayReason.CALENDAR_DAY,
        DayReason.PAUSED,
        DayReason.CALENDAR_DAY,
        DayReason.CALENDAR_DAY,
        DayReason.CALENDAR_DAY,
        DayReason.ROLLED,
        DayReason.ROLLED,
    ]
    assert [note.number for note in found.trace if note.counted] == [1, 2, 3, 4]


def test_a_moment_without_a_zone_has_no_date(hours: OfficeHours) -> None:
    with pytest.raises(ValueError, match="aware instant"):
        due(at("Monday 2020-09-14 10:00").replace(tzinfo=None), WorkingDays(5), hours)


def test_hours_and_minutes_have_no_trace_of_days(hours: OfficeHours) -> None:
    assert due(at("Monday 2020-09-14 10:00"), Hours(48), hours, trace=True).trace == ()


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("Friday 2020-01-31", 1, "Saturday 2020-02-29"),
        ("Thursday 2019-01-31", 1, "Thursday 2019-02-28"),
        ("Saturday 2020-02-29", 12, "Sunday 2021-02-28"),
        ("Saturday 2020-02-29", 48, "Thursday 2024-02-29"),
        ("Tuesday 2020-03-31", -1, "Saturday 2020-02-29"),
        ("Tuesday 2019-12-31", 1, "Friday 2020-01-31"),
        ("Wednesday 2020-01-15", -1, "Sunday 2019-12-15"),
        ("Wednesday 2020-01-15", 0, "Wednesday 2020-01-15"),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(start: str, n: int, end: str) -> None:
    assert add_months(on(start), n) == on(end)


def test_a_number_no_date_can_hold_is_refused() -> None:
    for n in (10**7, -(10**7)):
        with pytest.raises(BeyondTime, match="smaller number"):
            add_calendar_days(date(2020, 1, 1), n)
        with pytest.raises(BeyondTime, match="smaller number"):
            add_months(date(2020, 1, 1), n)
    assert add_calendar_days(date(2020, 2, 28), 2) - date(2020, 2, 28) == timedelta(2)
