"""Which backups are kept: of each hour, day and month the newest, as far back as the parameters say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.backup.model import DAYS, HOURS, MONTHS, file_name, taken_at, to_discard

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_two_years_of_hourly_backups_leave_hours_days_and_months() -> None:
    hourly = [NOW - timedelta(hours=n) for n in range(24 * 730)]
    kept = sorted(set(hourly) - to_discard(hourly), reverse=True)
    assert kept[:HOURS] == hourly[:HOURS]
    assert {at.date() for at in kept} >= {(NOW - timedelta(days=n)).date() for n in range(DAYS)}
    assert len({(at.year, at.month) for at in kept}) == MONTHS
    assert len(kept) < HOURS + DAYS + MONTHS
    assert all(at.hour == 23 for at in kept[HOURS:]), "of a day that is over, its last backup"


@given(st.lists(st.timedeltas(timedelta(), timedelta(days=3650)).map(lambda age: NOW - age), max_size=60))
def test_the_newest_is_always_kept_and_thinning_twice_takes_nothing_more(taken: list[datetime]) -> None:
    discarded = to_discard(taken)
    assert not taken or max(taken) not in discarded
    assert not to_discard(set(taken) - discarded)


def test_a_name_tells_when_it_was_taken_and_other_files_are_left_alone() -> None:
    assert taken_at(file_name(NOW)) == NOW
    assert taken_at("holiday.tar.gz.age") is None
    assert taken_at("yinuo-yesterday.tar.gz.age") is None
