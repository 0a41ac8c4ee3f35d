"""Counting working days: rows with their weekdays, pauses, the edge of the calendar, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.worktime import (
    BadPeriod,
    CalendarNotPublished,
    DayReason,
    DayStatus,
    NoWorkingTime,
    WorkCalendar,
    national,
    plain,
)
from tests.worktime.spoken import on

NATION = national()
days = st.dates(date(2005, 1, 1), date(2025, 6, 30))
counts = st.integers(0, 80)
ranges = st.lists(
    st.tuples(days, st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1]))), max_size=4
)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("Monday 2020-09-14", 5, "Monday 2020-09-21"),
        ("Monday 2020-09-14", 10, "Sunday 2020-09-27"),  # a make-up working day
        ("Monday 2020-09-14", 17, "Tuesday 2020-10-13"),
        ("Monday 2020-09-14", 20, "Friday 2020-10-16"),
        ("Friday 2020-09-25", 5, "Friday 2020-10-09"),
        ("Friday 2020-04-24", 5, "Thursday 2020-04-30"),
        ("Friday 2020-04-24", 10, "Monday 2020-05-11"),
        ("Thursday 2020-09-24", 5, "Wednesday 2020-09-30"),
        ("Wednesday 2020-09-30", 1, "Friday 2020-10-09"),
        ("Saturday 2020-10-03", 1, "Friday 2020-10-09"),  # a rest-day start: the first working day is day one
        ("Tuesday 2025-09-30", 5, "Tuesday 2025-10-14"),
        ("Sunday 2020-10-04", 0, "Friday 2020-10-09"),
        ("Sunday 2020-09-27", 0, "Sunday 2020-09-27"),
        ("Friday 2020-10-09", -1, "Wednesday 2020-09-30"),
        ("Sunday 2020-10-04", -1, "Wednesday 2020-09-30"),
        ("Monday 2020-09-28", -1, "Sunday 2020-09-27"),
        ("Friday 2005-12-30", 1, "Saturday 2005-12-31"),
        ("Saturday 2024-02-10", 1, "Sunday 2024-02-18"),
    ],
)
def test_a_limit_runs_from_the_next_working_day(start: str, n: int, due: str) -> None:
    assert NATION.add_workdays(on(start), n) == on(due)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("Monday 2020-09-14", "Tuesday 2020-10-13", 17),
        ("Tuesday 2020-10-13", "Monday 2020-09-14", -17),
        ("Wednesday 2020-09-30", "Thursday 2020-10-08", 0),
        ("Thursday 2020-10-01", "Friday 2020-10-09", 1),
        ("Monday 2020-09-14", "Monday 2020-09-14", 0),
        ("Saturday 2020-09-26", "Sunday 2020-09-27", 1),
    ],
)
def test_the_days_between_leave_out_the_start_and_take_in_the_end(start: str, end: str, count: int) -> None:
    assert NATION.workdays_between(on(start), on(end)) == count


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "Monday 2020-09-21"),
        ([("Wednesday 2020-09-16", "Wednesday 2020-09-16")], "Tuesday 2020-09-22"),
        ([("Wednesday 2020-09-16", "Thursday 2020-09-17"), ("Thursday 2020-09-17", "Friday 2020-09-18")],
         "Thursday 2020-09-24"),
        ([("Thursday 2020-09-17", "Friday 2020-09-18"), ("Wednesday 2020-09-16", "Thursday 2020-09-17")],
         "Thursday 2020-09-24"),
        ([("Saturday 2020-09-19", "Sunday 2020-09-20")], "Monday 2020-09-21"),  # touches no working day
        ([("Tuesday 2020-09-01", "Monday 2020-09-14")], "Monday 2020-09-21"),  # over before the first counted day
        ([("Tuesday 2020-09-22", "Friday 2020-09-25")], "Monday 2020-09-21"),  # begins when all is done
        ([("Monday 2020-09-21", "Sunday 2020-09-27")], "Monday 2020-09-28"),
    ],
)  # fmt: skip
def test_a_paused_day_does_not_count_and_counts_as_paused_once(pauses: list[tuple[str, str]], due: str) -> None:
    spans = [(on(first), on(last)) for first, last in pauses]
    assert NATION.add_workdays(on("Monday 2020-09-14"), 5, pauses=spans) == on(due)


def test_a_paused_day_is_not_the_next_working_day_either() -> None:
    pause = (on("Friday 2020-10-09"), on("Saturday 2020-10-10"))
    assert NATION.add_workdays(on("Sunday 2020-10-04"), 0, pauses=[pause]) == on("Monday 2020-10-12")


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadPeriod, match="swap the two"):
        NATION.add_workdays(date(2020, 9, 14), 5, pauses=[(date(2020, 9, 16), date(2020, 9, 15))])


def test_a_limit_past_the_published_notices_is_refused_unless_a_provisional_date_is_asked_for() -> None:
    start = on("Friday 2026-12-25")
    assert NATION.add_workdays(start, 1) == on("Monday 2026-12-28")
    with pytest.raises(CalendarNotPublished, match="2026-12-29"):
        NATION.add_workdays(start, 2)
    assert NATION.add_workdays(start, 2, provisional=True) == on("Tuesday 2026-12-29")
    with pytest.raises(CalendarNotPublished):
        NATION.workdays_between(start, on("Tuesday 2026-12-29"))
    assert NATION.workdays_between(start, on("Tuesday 2026-12-29"), provisional=True) == 2
    with pytest.raises(CalendarNotPublished):
        NATION.add_workdays(on("Thursday 2026-12-31"), -1)
    with pytest.raises(CalendarNotPublished):
        NATION.is_workday(on("Tuesday 2026-12-29"))


@pytest.mark.parametrize(
    ("start", "n"),
    [
        (date(2020, 1, 1), 10**9),
        (date(2020, 1, 1), -(10**9)),
        (date(2003, 12, 31), 1),
        (date(2003, 12, 31), -1),
        (date(1, 1, 1), 5),
        (date(9999, 12, 31), 5),
        (date(2036, 12, 31), 1),
        (date(2004, 1, 1), -1),
    ],
)
def test_beyond_the_tables_there_is_no_answer_not_even_a_provisional_one(start: date, n: int) -> None:
    with pytest.raises(CalendarNotPublished, match="reaches only from 2004-01-01 to"):
        NATION.add_workdays(start, n, provisional=True)


def test_an_endless_pause_leaves_no_due_day() -> None:
    with pytest.raises(CalendarNotPublished):
        NATION.add_workdays(date(2020, 9, 14), 5, pauses=[(date(2020, 9, 16), date(9000, 1, 1))], provisional=True)


def test_a_calendar_in_which_nobody_works_is_refused() -> None:
    with pytest.raises(NoWorkingTime, match="give it a working week"):
        plain(date(2020, 1, 1), date(2020, 12, 31), week=frozenset())


def test_the_trace_names_every_day_and_the_notice_that_moved_it(calendar: WorkCalendar) -> None:
    notes = calendar.why(on("Thursday 2020-09-24"), on("Friday 2020-10-09"))
    assert [note.day for note in notes] == [date(2020, 9, 24) + timedelta(i) for i in range(16)]
    assert [(note.number, note.reason) for note in notes if note.counted] == [
        (1, DayReason.WORKING_DAY),
        (2, DayReason.MAKE_UP_DAY),
        (3, DayReason.WORKING_DAY),
        (4, DayReason.WORKING_DAY),
        (5, DayReason.WORKING_DAY),
        (6, DayReason.WORKING_DAY),
    ]
    assert notes[0].reason is DayReason.START
    assert notes[2].reason is DayReason.WEEKEND
    assert notes[7].reason is DayReason.HOLIDAY
    assert notes[7].name == "国庆节、中秋节"
    assert notes[7].notice is not None
    assert str(notes[7].notice) == "http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm"


def test_the_trace_shows_paused_and_provisional_days(calendar: WorkCalendar) -> None:
    notes = calendar.why(date(2026, 12, 25), date(2027, 1, 4), pauses=[(date(2026, 12, 28), date(2026, 12, 29))])
    assert {note.day.day for note in notes if note.reason is DayReason.PAUSED} == {28, 29}
    assert [note.status for note in notes[3:5]] == [DayStatus.CERTAIN, DayStatus.PROVISIONAL]


def test_the_version_follows_the_rules_and_nothing_else(calendar: WorkCalendar) -> None:
    again = WorkCalendar(calendar.rules, first=calendar.first, last=calendar.last, certain_until=calendar.certain_until)
    assert again.version == calendar.version
    fewer = {day: rule for day, rule in calendar.rules.items() if day != date(2020, 10, 1)}
    other = WorkCalendar(fewer, first=calendar.first, last=calendar.last, certain_until=calendar.certain_until)
    assert other.version != calendar.version


@given(start=days, n=counts, m=counts)
def test_a_longer_limit_is_never_due_earlier(start: date, n: int, m: int) -> None:
    low, high = sorted((n, m))
    assert NATION.add_workdays(start, low) <= NATION.add_workdays(start, high)


@given(start=days, later=st.integers(0, 60), n=counts)
def test_a_later_start_is_never_due_earlier(start: date, later: int, n: int) -> None:
    assert NATION.add_workdays(start, n) <= NATION.add_workdays(start + timedelta(later), n)


@given(start=days, n=st.integers(1, 80), pauses=ranges)
def test_adding_days_and_counting_them_are_inverse_whatever_is_paused(
    start: date, n: int, pauses: list[tuple[date, date]]
) -> None:
    due = NATION.add_workdays(start, n, pauses=pauses)
    assert NATION.workdays_between(start, due, pauses=pauses) == n
    assert NATION.workdays_between(start, due - timedelta(1), pauses=pauses) == n - 1


@given(start=days, n=st.integers(1, 80), pauses=ranges)
def test_going_back_is_going_forward_in_a_mirror(start: date, n: int, pauses: list[tuple[date, date]]) -> None:
    begin = NATION.add_workdays(start, -n, pauses=pauses)
    assert NATION.workdays_between(begin - timedelta(1), start - timedelta(1), pauses=pauses) == n


@given(a=days, b=days, c=days)
def test_counts_add_up_over_any_three_days(a: date, b: date, c: date) -> None:
    assert NATION.workdays_between(a, b) + NATION.workdays_between(b, c) == NATION.workdays_between(a, c)


@given(start=days, n=st.integers(1, 40), pause=st.tuples(days, st.integers(0, 30)))
def test_a_pause_adds_exactly_the_working_days_it_takes(start: date, n: int, pause: tuple[date, int]) -> None:
    first, last = pause[0], pause[0] + timedelta(pause[1])
    due = NATION.add_workdays(start, n, pauses=[(first, last)])
    taken = NATION.workdays_between(max(first - timedelta(1), start), min(last, due)) if last > start else 0
    assert NATION.workdays_between(start, due) == n + max(taken, 0)
