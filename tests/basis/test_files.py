"""A deployment's files are looked at again after some seconds, not at every question, and never too late."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.basis import files
from portal.basis.files import listing, look_again
from portal.catalogue.queries import catalogue
from portal.worktime import read_office, regional

HOURS = 'timezone = "Asia/Shanghai"\n[week]\n"1-5" = [["{opens}", "17:00"]]\n'
DAY_OFF = """
[[notice]]
published = 2023-09-01
source = "某市关于放假的通知"
secondary = true

[[notice.holiday]]
name = "closure"
off = [[{day}, {day}]]
"""
MONDAY, TUESDAY = date(2023, 10, 16), date(2023, 10, 17)


class Watch:
    """A clock that a test moves by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(files, "LOOK_AGAIN", 2.0)
    monkeypatch.setattr(files, "monotonic", watch)
    look_again()
    return watch


def test_a_change_is_seen_once_the_last_look_is_two_seconds_old(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "a.toml").touch()
    assert list(listing(tmp_path)) == ["a.toml"]
    (tmp_path / "b.toml").touch()
    watch.now += 1.9
    assert list(listing(tmp_path)) == ["a.toml"]
    watch.now += 0.1
    assert list(listing(tmp_path)) == ["a.toml", "b.toml"]


@pytest.mark.usefixtures("watch")
def test_whoever_asks_for_a_new_look_gets_it_at_once(tmp_path: Path) -> None:
    assert not listing(tmp_path)
    (tmp_path / "a.toml").touch()
    look_again()
    assert list(listing(tmp_path)) == ["a.toml"]


def test_what_did_not_change_is_the_same_object_so_that_what_was_read_is_kept(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "a.toml").touch()
    first = listing(tmp_path)
    watch.now += 60
    assert listing(tmp_path) is first
    held = catalogue(tmp_path)
    watch.now += 60
    assert catalogue(tmp_path) is held


def test_hours_that_a_running_portal_is_given_anew_are_kept_from_the_next_look_on(tmp_path: Path, watch: Watch) -> None:
    for opens in ("08:00", "09:30"):
        (tmp_path / "default.toml").write_text(HOURS.format(opens=opens))
        watch.now += 2
        opening = read_office("default", tmp_path).usual(MONDAY)[0].opens
        assert f"{opening // 3600:02}:{opening % 3600 // 60:02}" == opens


def test_a_calendar_that_a_running_portal_is_given_anew_counts_from_the_next_look_on(
    tmp_path: Path, watch: Watch
) -> None:
    for day in (MONDAY, TUESDAY):
        (tmp_path / "330100.toml").write_text(DAY_OFF.format(day=day), encoding="utf-8")
        watch.now += 2
        calendar = regional(["330100"], folder=tmp_path)
        assert [each for each in (MONDAY, TUESDAY) if not calendar.is_workday(each)] == [day]
