"""The nation's days: every day of 23 years against two compilations, every notice by its date, every disputed day."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from portal.worktime import (
    CalendarNotPublished,
    DayStatus,
    WorkCalendar,
    doubts_about,
    editions,
    national,
    plain,
    regional,
)
from portal.worktime.national import national_rules
from tests.worktime.spoken import on

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
SHARED = Path(os.environ.get("YINUO_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    return (first + timedelta(number) for number in range((last - first).days + 1))


def works(calendar: WorkCalendar, day: date) -> bool:
    return calendar.is_workday(day, provisional=True)


def test_chinesecalendar_disagrees_on_one_day_in_23_years_and_is_wrong_there(calendar: WorkCalendar) -> None:
    apart = [day for day in days() if chinese_calendar.is_workday(day) != works(calendar, day)]
    assert apart == [on("Saturday 2005-12-31")]
    assert works(calendar, date(2005, 12, 31))


def test_holidays_agrees_on_every_day_of_23_years(calendar: WorkCalendar) -> None:
    china = holidays.country_holidays("CN", years=range(2004, 2028))
    assert [day for day in days() if china.is_working_day(day) != works(calendar, day)] == []


def test_the_published_list_of_days_off_and_make_up_days_is_this_calendar(calendar: WorkCalendar) -> None:
    source = SHARED / "cn_holidays" / "holidays.csv"
    if not source.is_file():
        pytest.skip(f"{source} is missing: set YINUO_SHARED_DATA to the folder of shared data")
    with source.open(encoding="utf-8", newline="") as file:
        is_off = {date.fromisoformat(row["date"]): row["is_off"] == "1" for row in csv.DictReader(file)}
    first = date(2007, 1, 1)
    assert len(is_off) == 678
    assert [d for d in days(first) if works(calendar, d) is is_off.get(d, d.weekday() > 4)] == []


DISPUTED = [
    ("Saturday 2005-12-31", True),
    ("Friday 2020-01-31", False),
    ("Saturday 2020-02-01", False),
    ("Sunday 2019-04-28", True),
    ("Thursday 2019-05-02", False),
    ("Friday 2019-05-03", False),
    ("Sunday 2019-05-05", True),
    ("Thursday 2015-09-03", False),
    ("Friday 2015-09-04", False),
    ("Tuesday 2014-06-03", True),
    ("Wednesday 2014-06-04", True),
    ("Tuesday 2014-09-09", True),
    ("Wednesday 2014-09-10", True),
    ("Saturday 2014-10-11", True),
    ("Saturday 2011-12-31", True),
    ("Sunday 2012-01-29", True),
    ("Saturday 2012-03-31", True),
    ("Sunday 2012-04-01", True),
    ("Saturday 2012-04-28", True),
    ("Monday 2012-10-08", True),
    ("Sunday 2012-09-30", False),
    ("Wednesday 2007-05-02", False),
    ("Thursday 2007-05-03", False),
    ("Friday 2007-05-04", False),
    ("Saturday 2007-12-29", True),
    ("Sunday 2008-05-04", True),
    ("Monday 2007-12-31", False),
    ("Saturday 2008-06-07", False),
    ("Saturday 2008-09-13", False),
    ("Friday 2004-01-02", True),
    ("Sunday 2004-04-25", False),
    ("Sunday 2004-05-09", True),
    ("Sunday 2004-09-26", False),
    ("Sunday 2004-10-10", True),
    ("Sunday 2009-01-04", True),
    ("Sunday 2009-09-27", True),
    ("Sunday 2015-01-04", True),
    ("Saturday 2016-04-02", False),
    ("Saturday 2018-06-16", False),
    ("Saturday 2018-09-22", False),
    ("Thursday 2010-09-23", False),
    ("Friday 2013-04-05", False),
    ("Friday 2013-09-20", False),
    ("Saturday 2011-01-29", False),
    ("Saturday 2011-02-12", True),
    ("Saturday 2011-04-02", True),
    ("Sunday 2013-04-07", True),
    ("Saturday 2013-04-27", True),
    ("Sunday 2013-04-28", True),
    ("Saturday 2013-06-08", True),
    ("Sunday 2013-06-09", True),
    ("Saturday 2013-10-12", True),
    ("Sunday 2013-12-29", False),
    ("Monday 2018-01-01", False),
    ("Tuesday 2023-01-03", True),
]


@pytest.mark.parametrize(("day", "is_worked"), DISPUTED)
def test_each_day_on_which_compilations_differ_follows_the_notice(
    calendar: WorkCalendar, day: str, is_worked: bool
) -> None:
    assert works(calendar, on(day)) is is_worked


def test_the_disputed_days_are_all_55() -> None:
    assert len({day for day, _ in DISPUTED}) == 55


def test_only_2020_departs_from_the_shape_that_published_years_have_had(calendar: WorkCalendar) -> None:
    doubts = {year: doubts_about(year, calendar) for year in range(2008, 2027)}
    assert {year for year, sentences in doubts.items() if sentences} == {2020}
    assert doubts[2020] == ["13 weekdays off beyond those made up for; the law gives 11"]


def test_a_year_without_a_notice_is_doubted_as_a_whole(calendar: WorkCalendar) -> None:
    words = "the notice of 2027 is not loaded: add portal/worktime/nation/2027.toml whose notice settles 2027"
    assert doubts_about(2027, calendar) == [words]


def test_a_year_of_weekdays_only_raises_every_doubt_a_forgotten_notice_would() -> None:
    assert doubts_about(2025, plain(date(2025, 1, 1), date(2025, 12, 31))) == [
        "261 working days; other years had 248 to 251",
        "0 make-up days on weekends; other years had 5 to 12",
        "0 weekdays off beyond those made up for; the law gives 13",
    ]


def test_runs_that_are_too_long_are_doubted() -> None:
    week = plain(date(2025, 1, 1), date(2025, 12, 31), week=frozenset({1, 2, 3, 4, 5, 6, 7}))
    assert doubts_about(2025, week)[-1] == "365 working days in a row; no other year had over 9"


def test_every_make_up_day_is_a_saturday_or_sunday() -> None:
    assert [rule.day for rule in national_rules() if rule.works and rule.day.weekday() < 5] == []


def test_nothing_before_29_december_was_ever_moved_by_the_next_years_notice() -> None:
    early = [rule.day for rule in national_rules() if rule.notice.settles and rule.day.year < rule.notice.settles]
    assert early
    assert min((day.month, day.day) for day in early) == (12, 29)


def test_each_year_has_one_notice_that_settles_it_published_before_it_began() -> None:
    notices = {rule.notice for rule in national_rules() if rule.notice.settles}
    assert sorted(notice.settles or 0 for notice in notices) == list(range(2004, 2027))
    assert all(notice.published < date(notice.settles or 0, 1, 1) for notice in notices)


def test_each_notice_has_a_source_and_only_the_early_years_are_secondary() -> None:
    notices = {rule.notice for rule in national_rules()}
    assert all(notice.source.startswith("http") for notice in notices)
    assert {notice.settles for notice in notices if notice.secondary} == {2004, 2005, 2006}
    assert {notice.settles for notice in notices if not notice.published_seen} == {2004, 2005}


@pytest.mark.parametrize(
    ("day", "before", "after", "published"),
    [
        ("Friday 2020-01-31", True, False, "Sunday 2020-01-26"),
        ("Saturday 2020-02-01", True, False, "Sunday 2020-01-26"),
        ("Thursday 2019-05-02", True, False, "Friday 2019-03-22"),
        ("Friday 2019-05-03", True, False, "Friday 2019-03-22"),
        ("Sunday 2019-04-28", False, True, "Friday 2019-03-22"),
        ("Sunday 2019-05-05", False, True, "Friday 2019-03-22"),
        ("Wednesday 2019-05-01", False, False, "Friday 2019-03-22"),
        ("Thursday 2015-09-03", True, False, "Wednesday 2015-05-13"),
        ("Friday 2015-09-04", True, False, "Wednesday 2015-05-13"),
        ("Sunday 2015-09-06", False, True, "Wednesday 2015-05-13"),
        ("Saturday 2017-04-01", True, True, "Wednesday 2017-05-10"),
    ],
)
def test_an_amendment_is_known_from_the_day_it_is_published(
    day: str, before: bool, after: bool, published: str
) -> None:
    assert national(on(published) - timedelta(1)).is_workday(on(day)) is before
    assert national(on(published)).is_workday(on(day)) is after


def test_a_calendar_is_certain_to_28_december_of_the_last_year_published(calendar: WorkCalendar) -> None:
    assert calendar.certain_until == on("Monday 2026-12-28")
    assert calendar.status(date(2026, 12, 28)) is DayStatus.CERTAIN
    assert calendar.status(date(2026, 12, 29)) is DayStatus.PROVISIONAL
    assert calendar.status(calendar.last + timedelta(1)) is DayStatus.UNKNOWN
    assert calendar.status(date(2003, 12, 31)) is DayStatus.UNKNOWN


def test_before_the_notice_of_the_next_year_its_december_days_are_not_certain() -> None:
    before = national(date(2018, 12, 5))
    assert before.certain_until == date(2018, 12, 28)
    assert not works(before, on("Saturday 2018-12-29"))
    assert national(date(2018, 12, 6)).is_workday(on("Saturday 2018-12-29"))


def test_before_the_first_notice_nothing_is_certain() -> None:
    with pytest.raises(CalendarNotPublished, match="load the holiday notice"):
        national(date(2003, 1, 1)).is_workday(date(2004, 1, 2))


def test_two_days_between_notices_share_one_calendar() -> None:
    assert national(date(2020, 2, 1)) is national(date(2020, 9, 1))
    assert national(date(2020, 1, 25)).version != national(date(2020, 1, 26)).version


def test_the_editions_of_a_period_begin_with_the_one_in_force_and_follow_the_notices() -> None:
    found = editions(date(2019, 3, 1), date(2020, 1, 31))
    assert [day for day, _ in found] == [date(2019, 3, 1), date(2019, 3, 22), date(2019, 11, 21), date(2020, 1, 26)]
    assert [calendar.version for _, calendar in found] == [national(day).version for day, _ in found]
    assert len({calendar.version for _, calendar in found}) == 4


def test_guangxi_in_2017_takes_days_off_and_gives_a_national_make_up_day_back() -> None:
    nation, guangxi = national(), regional(["450000"])
    apart = {day: guangxi.is_workday(day) for day in days(date(2017, 1, 1), date(2017, 12, 28))
             if guangxi.is_workday(day) != nation.is_workday(day)}  # fmt: skip
    assert apart == {
        on("Thursday 2017-03-30"): False,
        on("Friday 2017-03-31"): False,
        on("Saturday 2017-04-01"): False,
        on("Saturday 2017-04-08"): True,
    }
    assert regional(["450000"], known_at=date(2017, 2, 9)).is_workday(on("Saturday 2017-04-01"))


def test_the_editions_of_a_region_follow_its_own_notices_too() -> None:
    found = editions(date(2016, 12, 15), date(2017, 12, 31), ["450000"])
    assert [day for day, _ in found] == [date(2016, 12, 15), date(2017, 2, 10), date(2017, 11, 30)]
    assert [calendar.is_workday(on("Saturday 2017-04-08")) for _, calendar in found] == [False, True, True]


def test_a_later_layer_has_the_last_word_and_an_area_without_a_file_follows_the_wider(tmp_path: Path) -> None:
    (tmp_path / "450100.toml").write_text(
        '[[notice]]\npublished = 2017-02-20\nsource = "a city"\n'
        '[[notice.holiday]]\nname = "a day of the city"\nwork = [2017-04-01]\n',
        encoding="utf-8",
    )
    nanning = regional(["450000", "450100", "450102"], folder=tmp_path)
    assert nanning.is_workday(on("Saturday 2017-04-01"))
    assert not nanning.is_workday(on("Friday 2017-03-31"))


def test_a_plain_calendar_knows_no_holiday_and_is_certain_throughout() -> None:
    calendar = plain(date(2011, 1, 1), date(2012, 12, 31))
    assert calendar.is_workday(on("Monday 2011-07-04"))
    assert calendar.workdays_between(date(2011, 1, 1), date(2011, 12, 31)) == 260
    assert calendar.certain_until == date(2012, 12, 31)
