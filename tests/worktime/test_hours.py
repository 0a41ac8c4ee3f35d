"""Minutes of service: closing times, seasons and exceptions, pauses, and clocks that change twice a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.worktime import CalendarNotPublished, NoWorkingTime, OfficeHours, Timetable, national, plain, read_office
from tests.worktime.spoken import SHANGHAI, at, on

NATION = OfficeHours(national(), read_office("default"))
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
FROM = datetime(2005, 1, 1, tzinfo=UTC)
instants = st.integers(0, 20 * 365 * 86_400).map(lambda seconds: FROM + timedelta(seconds=seconds))
spans = st.lists(
    st.tuples(instants, st.integers(0, 20_000)).map(lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))),
    max_size=4,
)


def office(zone: str, week: dict[str, list[list[str]]], first: date, last: date) -> OfficeHours:
    timetable = Timetable.parse({"timezone": zone, "week": week})
    return OfficeHours(plain(first, last, week=timetable.weekdays), timetable)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("Monday 2020-09-14 10:00", 60, "Monday 2020-09-14 11:00"),
        ("Monday 2020-09-14 11:30", 60, "Monday 2020-09-14 14:00"),
        ("Wednesday 2020-09-30 16:00", 60, "Wednesday 2020-09-30 17:00"),  # ends at closing, not at the next opening
        ("Wednesday 2020-09-30 16:00", 61, "Friday 2020-10-09 09:01"),
        ("Monday 2020-09-14 11:00", 60, "Monday 2020-09-14 12:00"),
        ("Saturday 2020-09-26 10:00", 30, "Sunday 2020-09-27 09:30"),  # a make-up day has Monday's hours
        ("Monday 2020-09-14 12:00", 0, "Monday 2020-09-14 13:30"),
        ("Monday 2020-09-14 11:59", 0, "Monday 2020-09-14 11:59"),
        ("Monday 2020-09-14 17:00", 0, "Tuesday 2020-09-15 09:00"),
        ("Monday 2020-09-14 10:00", -60, "Monday 2020-09-14 09:00"),
        ("Monday 2020-09-14 10:00", -61, "Friday 2020-09-11 16:59"),
        ("Monday 2020-09-14 09:00", 390, "Monday 2020-09-14 17:00"),
    ],
)
def test_minutes_run_only_while_the_office_is_open(start: str, n: int, end: str) -> None:
    assert NATION.add_minutes(at(start), n) == at(end)


@pytest.mark.parametrize(
    ("start", "n", "begin"),
    [
        ("Friday 2020-10-09 10:00", 60, "Friday 2020-10-09 09:00"),
        ("Friday 2020-10-09 10:00", 61, "Wednesday 2020-09-30 16:59"),
        ("Friday 2020-10-09 08:00", 0, "Wednesday 2020-09-30 17:00"),
        ("Friday 2020-10-09 12:00", 0, "Friday 2020-10-09 12:00"),
        ("Friday 2020-10-09 13:00", 0, "Friday 2020-10-09 12:00"),
        ("Friday 2020-10-09 09:00", 0, "Friday 2020-10-09 09:00"),
        ("Friday 2020-10-09 10:00", -60, "Friday 2020-10-09 11:00"),
    ],
)
def test_going_back_stops_at_the_opening_it_just_reaches(start: str, n: int, begin: str) -> None:
    assert NATION.subtract_minutes(at(start), n) == at(begin)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("Monday 2020-09-14 09:00", "Monday 2020-09-14 17:00", 390),
        ("Monday 2020-09-14 17:00", "Monday 2020-09-14 09:00", -390),
        ("Wednesday 2020-09-30 16:59", "Friday 2020-10-09 09:01", 2),
        ("Saturday 2020-09-26 00:00", "Monday 2020-09-28 00:00", 390),
        ("Monday 2020-09-14 12:00", "Monday 2020-09-14 13:30", 0),
    ],
)
def test_minutes_between_count_open_time_only(start: str, end: str, minutes: int) -> None:
    assert NATION.minutes_between(at(start), at(end)) == minutes


def test_seconds_count_where_minutes_round_towards_nothing() -> None:
    start, end = at("Monday 2020-09-14 10:00:30"), at("Monday 2020-09-14 10:02:00")
    assert NATION.seconds_between(start, end) == 90
    assert NATION.minutes_between(start, end) == 1
    assert NATION.minutes_between(end, start) == -1
    assert NATION.add_seconds(start, 90) == end


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        NATION.is_open(datetime(2020, 9, 14, 10))  # noqa: DTZ001 -- the point of the test


def test_the_door_is_open_from_the_opening_to_just_before_the_closing() -> None:
    assert NATION.is_open(at("Monday 2020-09-14 09:00"))
    assert not NATION.is_open(at("Monday 2020-09-14 12:00"))
    assert NATION.is_open(at("Monday 2020-09-14 11:59:59"))
    assert not NATION.is_open(at("Thursday 2020-10-01 10:00"))
    assert NATION.next_opening(at("Thursday 2020-10-01 10:00")) == at("Friday 2020-10-09 09:00")
    assert NATION.last_closing(at("Thursday 2020-10-01 10:00")) == at("Wednesday 2020-09-30 17:00")


def test_pauses_are_half_open_and_shared_minutes_are_left_out_once() -> None:
    start = at("Monday 2020-09-14 09:00")
    pause = (at("Monday 2020-09-14 10:00"), at("Monday 2020-09-14 11:00"))
    overlapping = (at("Monday 2020-09-14 10:30"), at("Monday 2020-09-14 11:30"))
    assert NATION.add_minutes(start, 60, pauses=[pause]) == at("Monday 2020-09-14 10:00")
    assert NATION.add_minutes(start, 61, pauses=[pause]) == at("Monday 2020-09-14 11:01")
    assert NATION.add_minutes(start, 61, pauses=[overlapping, pause]) == at("Monday 2020-09-14 11:31")
    assert NATION.minutes_between(start, at("Monday 2020-09-14 12:00"), pauses=[overlapping, pause]) == 90
    assert NATION.minutes_between(at("Monday 2020-09-14 12:00"), start, pauses=[overlapping, pause]) == -90
    assert NATION.add_minutes(at("Monday 2020-09-14 10:15"), 0, pauses=[pause]) == pause[1]
    assert NATION.subtract_minutes(at("Monday 2020-09-14 10:15"), 0, pauses=[pause]) == pause[0]
    assert NATION.subtract_minutes(at("Monday 2020-09-14 11:30"), 45, pauses=[pause]) == at("Monday 2020-09-14 09:45")


@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("Monday 2020-09-14", "Monday 2020-09-14 17:00"),
        ("Sunday 2020-09-27", "Sunday 2020-09-27 17:00"),
        ("Thursday 2020-10-01", "Friday 2020-10-02 00:00"),  # a rest day ends at midnight
    ],
)
def test_a_day_closes_when_the_office_stops_work(day: str, closing: str) -> None:
    assert NATION.closes_at(on(day)) == at(closing)


def test_a_closure_moves_minutes_and_no_working_day() -> None:
    closed = on("Tuesday 2020-09-15")
    timetable = Timetable.parse(
        {"week": {"1-5": [["09:00", "12:00"], ["13:30", "17:00"]]}, "hours_overrides": {closed.isoformat(): []}}
    )
    hours = OfficeHours(national(), timetable)
    assert hours.calendar.is_workday(closed)
    assert hours.add_minutes(at("Monday 2020-09-14 16:00"), 61) == at("Wednesday 2020-09-16 09:01")
    assert hours.closes_at(closed) == at("Tuesday 2020-09-15 17:00")  # limits of that day end as on other days


def test_a_saturday_window_opens_the_door_without_making_a_working_day() -> None:
    timetable = Timetable.parse({"week": {"1-5": [["09:00", "17:00"]], "6": [["09:00", "12:00"]]}})
    hours = OfficeHours(national(), timetable)
    assert hours.is_open(at("Saturday 2020-09-19 10:00"))
    assert not hours.calendar.is_workday(on("Saturday 2020-09-19"))
    assert not hours.is_open(at("Saturday 2020-10-03 10:00"))  # a holiday
    assert hours.minutes_between(at("Friday 2020-09-18 17:00"), at("Monday 2020-09-21 09:00")) == 180


@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("Thursday 2021-04-29", "17:00"),
        ("Saturday 2021-05-08", "18:00"),  # a make-up day in the season
        ("Thursday 2021-09-30", "18:00"),
        ("Friday 2021-10-08", "17:00"),
    ],
)
def test_a_season_holds_on_its_first_and_last_day(day: str, closing: str) -> None:
    hours = OfficeHours(national(), read_office("summer"))
    assert hours.closes_at(on(day)) == at(f"{day} {closing}")


def test_a_season_may_run_over_the_turn_of_the_year() -> None:
    timetable = Timetable.parse({
        "week": {"1-5": [["08:00", "18:00"]]},
        "seasons": [{"from": "10-01", "to": "04-30", "hours": [["09:00", "16:00"]]}],
    })  # fmt: skip
    hours = OfficeHours(national(), timetable)
    for day, closing in [("Thursday 2020-12-31", 16), ("Monday 2021-01-04", 16), ("Friday 2021-04-30", 16)]:
        assert hours.closes_at(on(day)) == at(f"{day} {closing}:00")
    assert hours.closes_at(on("Thursday 2021-05-06")) == at("Thursday 2021-05-06 18:00")


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        (BERLIN, "Sunday 2024-03-31", 23 * 60),
        (BERLIN, "Sunday 2024-10-27", 25 * 60),
        (NEW_YORK, "Sunday 2024-03-10", 23 * 60),
        (NEW_YORK, "Sunday 2024-11-03", 25 * 60),
        (SHANGHAI, "Sunday 1986-05-04", 23 * 60),
        (SHANGHAI, "Sunday 1991-09-15", 25 * 60),
        (SHANGHAI, "Sunday 2024-03-31", 24 * 60),
    ],
)
def test_a_day_on_which_the_clock_changes_is_as_long_as_it_really_was(zone: ZoneInfo, day: str, minutes: int) -> None:
    year = on(day).year
    hours = office(zone.key, {"1-7": [["00:00", "24:00"]]}, date(year, 1, 1), date(year, 12, 31))
    begin = datetime.combine(on(day), datetime.min.time(), zone)
    after = datetime.combine(on(day) + timedelta(1), datetime.min.time(), zone)
    assert hours.minutes_between(begin, after) == minutes
    assert hours.add_minutes(begin, minutes) == after
    assert hours.subtract_minutes(after, minutes) == begin


def test_a_night_shift_over_the_missing_hour_is_an_hour_shorter() -> None:
    hours = office("Europe/Berlin", {"1-7": [["01:00", "04:00"]]}, date(2024, 1, 1), date(2024, 12, 31))
    assert hours.add_minutes(at("Sunday 2024-03-31 01:00", BERLIN), 90) == at("Sunday 2024-03-31 03:30", BERLIN)
    assert hours.minutes_between(at("Sunday 2024-03-31 00:00", BERLIN), at("Monday 2024-04-01 00:00", BERLIN)) == 120
    assert hours.minutes_between(at("Sunday 2024-10-27 00:00", BERLIN), at("Monday 2024-10-28 00:00", BERLIN)) == 240


def test_shanghai_kept_summer_time_from_1986_to_1991() -> None:
    hours = office("Asia/Shanghai", {"1-5": [["09:00", "17:00"]]}, date(1985, 1, 1), date(1993, 12, 31))
    assert hours.next_opening(datetime(1988, 7, 1, 0, 0, tzinfo=UTC)) == datetime(1988, 7, 1, 0, 0, tzinfo=UTC)
    assert hours.next_opening(datetime(1992, 7, 1, 0, 0, tzinfo=UTC)) == datetime(1992, 7, 1, 1, 0, tzinfo=UTC)
    opening = {year: hours.next_opening(datetime(year, 7, 1, 16, tzinfo=UTC)).hour for year in range(1985, 1994)}
    assert opening == {year: 0 if 1986 <= year <= 1991 else 1 for year in range(1985, 1994)}


def test_past_the_published_notices_minutes_are_refused_unless_provisional() -> None:
    late = at("Monday 2026-12-28 16:00")
    assert NATION.add_minutes(late, 60) == at("Monday 2026-12-28 17:00")
    with pytest.raises(CalendarNotPublished):
        NATION.add_minutes(late, 61)
    assert NATION.add_minutes(late, 61, provisional=True) == at("Tuesday 2026-12-29 09:01")
    with pytest.raises(CalendarNotPublished):
        NATION.next_opening(at("Monday 2026-12-28 18:00"))
    with pytest.raises(CalendarNotPublished):
        NATION.is_open(at("Tuesday 2026-12-29 00:00"))
    with pytest.raises(CalendarNotPublished):
        NATION.minutes_between(late, at("Tuesday 2026-12-29 10:00"))
    with pytest.raises(CalendarNotPublished):
        NATION.closes_at(date(2040, 1, 1))
    with pytest.raises(CalendarNotPublished):
        NATION.subtract_minutes(at("Friday 2004-01-02 09:30"), 40_000)


def test_hours_that_never_open_are_refused() -> None:
    with pytest.raises(NoWorkingTime, match="opening hours"):
        OfficeHours(plain(date(2020, 1, 1), date(2020, 12, 31)), Timetable.parse({"week": {}}))


@given(start=instants, n=st.integers(1, 20_000), pauses=spans)
def test_adding_minutes_and_counting_them_are_inverse_whatever_is_paused(
    start: datetime, n: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    end = NATION.add_minutes(start, n, pauses=pauses)
    assert NATION.minutes_between(start, end, pauses=pauses) == n
    assert NATION.seconds_between(start, end - timedelta(seconds=1), pauses=pauses) == 60 * n - 1


@given(start=instants, n=st.integers(1, 20_000), pauses=spans)
def test_subtracting_minutes_and_counting_them_are_inverse(
    start: datetime, n: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    begin = NATION.subtract_minutes(start, n, pauses=pauses)
    assert NATION.minutes_between(begin, start, pauses=pauses) == n
    assert NATION.seconds_between(begin + timedelta(seconds=1), start, pauses=pauses) == 60 * n - 1


@given(a=instants, b=instants, c=instants)
def test_seconds_add_up_over_any_three_moments(a: datetime, b: datetime, c: datetime) -> None:
    assert NATION.seconds_between(a, b) + NATION.seconds_between(b, c) == NATION.seconds_between(a, c)


@given(start=instants, later=st.integers(0, 100_000), n=st.integers(0, 5_000))
def test_a_later_start_never_ends_earlier(start: datetime, later: int, n: int) -> None:
    assert NATION.add_minutes(start, n) <= NATION.add_minutes(start + timedelta(seconds=later), n)


@pytest.mark.parametrize("far", [datetime(2500, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("provisional", [False, True])
def test_a_moment_outside_the_calendar_is_refused_by_every_question(far: datetime, provisional: bool) -> None:
    near = at("Monday 2020-09-14 10:00")
    for question in (
        lambda: NATION.add_minutes(far, 5, provisional=provisional),
        lambda: NATION.add_minutes(far, 0, provisional=provisional),
        lambda: NATION.subtract_minutes(far, 5, provisional=provisional),
        lambda: NATION.minutes_between(near, far, provisional=provisional),
        lambda: NATION.minutes_between(far, near, provisional=provisional),
        lambda: NATION.is_open(far, provisional=provisional),
        lambda: NATION.last_closing(far, provisional=provisional),
    ):
        with pytest.raises(CalendarNotPublished):
            question()


def test_a_pause_may_reach_beyond_the_calendar_where_the_answer_does_not() -> None:
    near = at("Monday 2020-09-14 10:00")
    ages = (datetime(1970, 1, 1, tzinfo=UTC), at("Monday 2020-09-14 09:00"))
    assert NATION.add_minutes(near, 60, pauses=[ages]) == at("Monday 2020-09-14 11:00")
    forever = (at("Monday 2020-09-14 11:00"), datetime(2500, 1, 1, tzinfo=UTC))
    assert NATION.add_minutes(near, 60, pauses=[forever]) == at("Monday 2020-09-14 11:00")
    assert NATION.subtract_minutes(near, 60, pauses=[forever]) == at("Monday 2020-09-14 09:00")
    with pytest.raises(CalendarNotPublished):
        NATION.add_minutes(near, 61, pauses=[forever], provisional=True)
    with pytest.raises(CalendarNotPublished):
        NATION.subtract_minutes(near, 61, pauses=[ages], provisional=True)
