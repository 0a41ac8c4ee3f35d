"""Columns give what single calls give, in every block, and refuse what single calls refuse."""

from __future__ import annotations

from datetime import UTC, date

import numpy as np
import pytest

from portal.worktime import CalendarNotPublished, OfficeHours, Timetable, WorkCalendar, national, plain
from portal.worktime.batch import BLOCK, BatchCalendar, BatchHours, table

SIZE = BLOCK + 1000  # more than one block, the last one short
CHANCE = np.random.default_rng(20261123)


@pytest.fixture(scope="module")
def days() -> BatchCalendar:
    return BatchCalendar(national())


@pytest.fixture(scope="module")
def minutes(hours: OfficeHours) -> BatchHours:
    return BatchHours(hours)


@pytest.fixture(scope="module")
def starts() -> np.ndarray:
    return np.datetime64("2005-01-01") + CHANCE.integers(0, 7600, SIZE).astype("m8[D]")


@pytest.fixture(scope="module")
def moments() -> np.ndarray:
    return np.datetime64("2005-01-01T00:00") + CHANCE.integers(0, 7300 * 1440, SIZE).astype("m8[m]")


def test_due_days_of_a_column_equal_single_due_days(
    calendar: WorkCalendar, days: BatchCalendar, starts: np.ndarray
) -> None:
    for n in (CHANCE.integers(1, 61, SIZE), CHANCE.integers(-60, 61, SIZE)):
        found = days.add_workdays(starts, n)
        expected = [calendar.add_workdays(day, k) for day, k in zip(starts.tolist(), n.tolist(), strict=True)]
        assert found.tolist() == expected
        assert found.dtype == np.dtype("M8[D]")


@pytest.mark.parametrize("n", [0, 5, -5])
def test_one_limit_serves_a_whole_column(
    calendar: WorkCalendar, days: BatchCalendar, starts: np.ndarray, n: int
) -> None:
    assert days.add_workdays(starts[:500], n).tolist() == [calendar.add_workdays(d, n) for d in starts[:500].tolist()]


def test_counts_of_a_column_equal_single_counts(
    calendar: WorkCalendar, days: BatchCalendar, starts: np.ndarray
) -> None:
    ends = starts + CHANCE.integers(-90, 90, SIZE).astype("m8[D]")
    expected = [calendar.workdays_between(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert days.workdays_between(starts, ends).tolist() == expected
    assert (days.ordinals(ends) - days.ordinals(starts)).tolist() == expected


def test_whole_numbers_of_days_work_as_dates_do(days: BatchCalendar, starts: np.ndarray) -> None:
    plain_days = starts.view(np.int64)
    found = days.add_workdays(plain_days, 5)
    assert found.dtype == np.int64
    assert (found == days.add_workdays(starts, 5).view(np.int64)).all()


def test_a_result_can_be_written_where_the_caller_says(days: BatchCalendar, starts: np.ndarray) -> None:
    out = np.empty(SIZE, np.int64)
    days.add_workdays(starts, 5, out=out)
    assert (out == days.add_workdays(starts, 5).view(np.int64)).all()
    assert days.add_workdays(starts[:4].reshape(2, 2), 5).shape == (2, 2)
    assert days.add_workdays(starts[:0], 5).size == 0


def test_minutes_of_a_column_equal_single_minutes(hours: OfficeHours, minutes: BatchHours, moments: np.ndarray) -> None:
    n = CHANCE.integers(-9750, 9751, SIZE)
    n[:50] = 0
    ends = moments + CHANCE.integers(-60 * 1440, 60 * 1440, SIZE).astype("m8[m]")
    added, between = minutes.add_minutes(moments, n), minutes.minutes_between(moments, ends)
    for row in (*range(300), *range(BLOCK - 50, BLOCK + 300), *range(SIZE - 50, SIZE)):
        start, end = (column[row].item().replace(tzinfo=UTC) for column in (moments, ends))
        assert added[row].item().replace(tzinfo=UTC) == hours.add_minutes(start, int(n[row]))
        assert between[row] == hours.minutes_between(start, end)
    assert minutes.minutes_between(moments, minutes.add_minutes(moments, 1)).tolist() == [1] * SIZE


def test_a_clock_that_changes_has_its_own_pattern_that_day() -> None:
    timetable = Timetable.parse(
        {"timezone": "Europe/Berlin", "week": {"1-7": [["00:30", "03:15"], ["22:00", "24:00"]]}}
    )
    hours = OfficeHours(plain(date(2024, 1, 1), date(2024, 12, 31), week=timetable.weekdays), timetable)
    batch = BatchHours(hours)
    starts = np.datetime64("2024-03-30T00:00") + np.arange(0, 3 * 1440, 7).astype("m8[m]")
    for n in (1, 100, 500):
        expected = [hours.add_minutes(start.replace(tzinfo=UTC), n).replace(tzinfo=None) for start in starts.tolist()]
        assert batch.add_minutes(starts, n).tolist() == expected


def test_one_value_past_the_calendar_refuses_the_batch(
    days: BatchCalendar, minutes: BatchHours, starts: np.ndarray, moments: np.ndarray
) -> None:
    for stray in ("2026-12-29", "2003-12-31", "NaT", "2500-01-01"):
        column = starts[:10].copy()
        column[3] = np.datetime64(stray)
        with pytest.raises(CalendarNotPublished):
            days.workdays_between(starts[:10], column)
        with pytest.raises(CalendarNotPublished):
            days.add_workdays(column, 1)
        with pytest.raises(CalendarNotPublished):
            days.ordinals(column)
        column = moments[:10].copy()
        column[3] = np.datetime64(stray, "m") if stray == "NaT" else np.datetime64(f"{stray}T12:00")
        with pytest.raises(CalendarNotPublished):
            minutes.minutes_between(moments[:10], column)
        with pytest.raises(CalendarNotPublished):
            minutes.add_minutes(column, 1)
    for n in (10**7, -(10**7)):
        with pytest.raises(CalendarNotPublished):
            days.add_workdays(starts, n)
        with pytest.raises(CalendarNotPublished):
            minutes.add_minutes(moments, n)


def test_a_due_day_past_the_notices_needs_the_word_provisional(days: BatchCalendar, minutes: BatchHours) -> None:
    late = np.array(["2026-12-25"], "M8[D]")
    assert days.add_workdays(late, 1).tolist() == [date(2026, 12, 28)]
    with pytest.raises(CalendarNotPublished):
        days.add_workdays(late, 2)
    assert days.add_workdays(late, 2, provisional=True).tolist() == [date(2026, 12, 29)]
    evening = np.array(["2026-12-28T08:00"], "M8[m]")  # 16:00 in Shanghai
    assert minutes.add_minutes(evening, 60).tolist()[0].hour == 9
    with pytest.raises(CalendarNotPublished):
        minutes.add_minutes(evening, 61)
    assert minutes.add_minutes(evening, 61, provisional=True).tolist()[0].day == 29


def test_columns_of_another_unit_are_refused_rather_than_cut(days: BatchCalendar, minutes: BatchHours) -> None:
    with pytest.raises(TypeError, match="convert to"):
        days.ordinals(np.array(["2020-01-01T00:00"], "M8[m]"))
    with pytest.raises(TypeError, match="convert to"):
        minutes.minutes_between(*[np.array(["2020-01-01T00:00:30"], "M8[s]")] * 2)


def test_hours_that_begin_within_a_minute_have_no_minute_tables() -> None:
    timetable = Timetable.parse({"week": {"1-5": [["09:00:30", "12:00"]]}})
    with pytest.raises(ValueError, match="use OfficeHours"):
        BatchHours(OfficeHours(national(), timetable))


def test_the_table_of_a_period_holds_what_an_audit_joins_on(calendar: WorkCalendar) -> None:
    found = table(calendar, date(2026, 9, 1), date(2027, 1, 31))
    days = found.day.astype("M8[D]").tolist()
    assert (days[0], days[-1], len(days)) == (date(2026, 9, 1), date(2027, 1, 31), 153)
    assert [bool(works) for works in found.works] == [calendar.is_workday(day, provisional=True) for day in days]
    assert days[found.is_certain.tolist().index(0)] == date(2026, 12, 29)
    assert found.ordinal[30] - found.ordinal[0] == calendar.workdays_between(days[0], days[30])
    with pytest.raises(CalendarNotPublished):
        table(calendar, date(2003, 1, 1), date(2004, 12, 31))
