"""Opening hours as written by people: what is read, what is refused, and that the refusal says where."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.worktime import BadTimetable, Timetable, read_office
from portal.worktime.timetable import OFFICES, Session, read_timetable

MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


def parse(**table: Any) -> Timetable:
    return Timetable.parse({"week": {"1-5": [["09:00", "17:00"]]}} | table)


@pytest.mark.parametrize(
    ("key", "weekdays"),
    [("1-5", {1, 2, 3, 4, 5}), ("6", {6}), ("1,3,5", {1, 3, 5}), ("1-2, 7", {1, 2, 7}), ("7", {7})],
)
def test_weekdays_are_named_by_spans_and_lists(key: str, weekdays: set[int]) -> None:
    assert parse(week={key: [["09:00", "12:00"]]}).weekdays == weekdays


def test_a_weekday_without_hours_is_no_working_weekday() -> None:
    assert parse(week={"1-4": [["09:00", "12:00"]], "5": []}).weekdays == {1, 2, 3, 4}


def test_openings_are_sorted_and_joined_where_they_touch() -> None:
    week = {"1": [["13:00", "17:00"], ["09:00", "12:00"], ["12:00", "13:00"]]}
    assert parse(week=week).sessions(MONDAY, works=True) == (Session(9 * 3600, 17 * 3600),)


def test_a_day_may_be_open_to_its_end() -> None:
    assert parse(week={"1": [["00:00", "24:00"]]}).sessions(MONDAY, works=True) == (Session(0, 86_400),)


def test_a_make_up_day_has_mondays_hours_or_its_own_exception() -> None:
    plain = parse(week={"1": [["08:00", "12:00"]], "2-5": [["09:00", "17:00"]]})
    assert plain.sessions(SATURDAY, works=True) == (Session(8 * 3600, 12 * 3600),)
    own = parse(hours_overrides={"2026-03-07": [["10:00", "11:00"]]})
    assert own.sessions(SATURDAY, works=True) == (Session(10 * 3600, 11 * 3600),)
    assert own.sessions(SATURDAY, works=False) == (Session(10 * 3600, 11 * 3600),)


def test_a_weekday_expressly_shut_is_shut_but_on_a_make_up_day() -> None:
    timetable = parse(week={"1-4": [["09:00", "12:00"]], "5": []})
    friday = date(2026, 3, 6)
    assert timetable.sessions(friday, works=True) == ()
    assert timetable.sessions(friday, works=True, is_moved=True) == (Session(9 * 3600, 12 * 3600),)
    unnamed = parse(week={"1-4": [["09:00", "12:00"]]})
    assert unnamed.sessions(friday, works=True) == (Session(9 * 3600, 12 * 3600),)


def test_a_week_without_a_monday_lends_a_make_up_day_its_first_hours() -> None:
    assert parse(week={"3": [["09:00", "10:00"]]}).sessions(SATURDAY, works=True) == (Session(9 * 3600, 10 * 3600),)


def test_a_season_may_have_a_week_of_its_own() -> None:
    season = {"from": "03-01", "to": "03-31", "hours": {"1-3": [["10:00", "11:00"]]}}
    timetable = parse(seasons=[season])
    assert timetable.sessions(MONDAY, works=True) == (Session(10 * 3600, 11 * 3600),)
    assert timetable.sessions(date(2026, 3, 6), works=True) == ()  # a Friday the season shuts
    assert timetable.sessions(SATURDAY, works=True) == (Session(10 * 3600, 11 * 3600),)


def test_the_first_of_two_seasons_that_hold_decides() -> None:
    seasons = [
        {"from": "03-01", "to": "03-31", "hours": [["10:00", "11:00"]]},
        {"from": "02-01", "to": "12-31", "hours": [["08:00", "09:00"]]},
    ]
    assert parse(seasons=seasons).sessions(MONDAY, works=True) == (Session(10 * 3600, 11 * 3600),)


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": 8}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"week": [["09:00", "12:00"]]}, "week"),
        ({"week": {"0-5": [["09:00", "12:00"]]}}, "week"),
        ({"week": {"5-1": [["09:00", "12:00"]]}}, "week"),
        ({"week": {"1-5": [["09:00", "12:00"]], "5": []}}, "week"),
        ({"week": {"1": [["09:00", "12:00"], ["11:59", "13:00"]]}}, "week"),
        ({"week": {"1": [["12:00", "09:00"]]}}, "week"),
        ({"week": {"1": [["09:00", "09:00"]]}}, "week"),
        ({"week": {"1": [["22:00", "06:00"]]}}, "week"),
        ({"week": {"1": [["09:00", "24:01"]]}}, "week"),
        ({"week": {"1": [["9:00", "12:00"]]}}, "week"),
        ({"week": {"1": [["09:60", "12:00"]]}}, "week"),
        ({"week": {"1": [["09:00"]]}}, "week"),
        ({"week": {"1": ["09:00-12:00"]}}, "week"),
        ({"week": {"1": "09:00-12:00"}}, "week"),
        ({"week": {"1": None}}, "week"),
        ({"seasons": {}}, "seasons"),
        ({"seasons": [{"from": "05-01", "to": "09-30"}]}, "seasons"),
        ({"seasons": [{"from": "05-32", "to": "09-30", "hours": []}]}, "seasons"),
        ({"seasons": [{"from": "2026-05-01", "to": "09-30", "hours": []}]}, "seasons"),
        ({"seasons": ["summer"]}, "seasons"),
        ({"hours_overrides": {"2026-02-30": []}}, "hours_overrides"),
        ({"hours_overrides": {"02-16": []}}, "hours_overrides"),
        ({"hours_overrides": []}, "hours_overrides"),
    ],
)
def test_a_timetable_that_cannot_be_kept_is_refused_by_the_name_of_its_part(table: dict[str, Any], field: str) -> None:
    with pytest.raises(BadTimetable) as refused:
        parse(**table)
    assert refused.value.field == field
    assert field in str(refused.value)


@pytest.mark.parametrize("path", sorted(OFFICES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_timetable_shipped_can_be_kept(path: Path) -> None:
    assert read_timetable(path).weekdays


def test_a_deployments_own_folder_comes_before_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "default.toml").write_text('[week]\n"1-5" = [["08:00", "16:00"]]\n', encoding="utf-8")
    assert read_office("default", tmp_path).usual(MONDAY) == (Session(8 * 3600, 16 * 3600),)
    assert read_office("no such office", tmp_path / "nowhere") == read_office("default")


def test_the_version_follows_the_hours() -> None:
    assert parse().version == parse().version
    assert parse().version != parse(hours_overrides={"2026-03-07": []}).version
    assert parse().version != parse(timezone="Europe/Berlin").version
