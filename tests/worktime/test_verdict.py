"""Verdicts: by date for day limits, by instant for hours and targets, and never on a provisional day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.basis import Hours, Unit, WorkingDays
from portal.worktime import OfficeHours, Outcome, due, explicit_target, judge
from tests.worktime.spoken import at

LATER = at("Friday 2020-12-25 10:00")


@pytest.mark.parametrize(
    ("ended", "outcome", "overdue_by"),
    [
        ("Monday 2020-09-21 16:00", Outcome.IN_TIME, 0),
        ("Monday 2020-09-21 22:00", Outcome.IN_TIME, 0),  # the date decides, not the closing
        ("Tuesday 2020-09-22 00:00", Outcome.LATE, 1),
        ("Tuesday 2020-10-13 10:00", Outcome.LATE, 12),
    ],
)
def test_a_day_limit_is_judged_by_the_date(hours: OfficeHours, ended: str, outcome: Outcome, overdue_by: int) -> None:
    promised = due(at("Monday 2020-09-14 10:00"), WorkingDays(5), hours)
    verdict = judge(promised, Unit.WORKING_DAY, hours, ended=at(ended), as_of=LATER)
    assert (verdict.outcome, verdict.overdue_by) == (outcome, overdue_by)


def test_an_answer_on_the_saturday_after_a_due_friday_is_late_by_no_working_day(hours: OfficeHours) -> None:
    promised = due(at("Friday 2020-09-11 10:00"), WorkingDays(5), hours)
    verdict = judge(promised, Unit.WORKING_DAY, hours, ended=at("Saturday 2020-09-19 10:00"), as_of=LATER)
    assert (verdict.outcome, verdict.overdue_by) == (Outcome.LATE, 0)
    assert verdict.overdue == timedelta(hours=17)


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [("Tuesday 2020-09-15 10:20", Outcome.IN_TIME), ("Tuesday 2020-09-15 10:20:01", Outcome.LATE)],
)
def test_an_hour_limit_is_judged_by_the_instant(hours: OfficeHours, ended: str, outcome: Outcome) -> None:
    promised = due(at("Monday 2020-09-14 10:20"), Hours(24), hours)
    assert judge(promised, Unit.HOUR, hours, ended=at(ended), as_of=LATER).outcome is outcome


def test_an_explicit_target_is_judged_by_the_instant(hours: OfficeHours) -> None:
    promised = explicit_target(at("Monday 2020-09-21 12:00"), hours)
    assert judge(promised, None, hours, ended=at("Monday 2020-09-21 12:00"), as_of=LATER).outcome is Outcome.IN_TIME
    assert judge(promised, None, hours, ended=at("Monday 2020-09-21 12:01"), as_of=LATER).outcome is Outcome.LATE


def test_a_clock_still_open_is_running_until_its_due_moment_has_passed(hours: OfficeHours) -> None:
    promised = due(at("Monday 2020-09-14 10:00"), WorkingDays(5), hours)
    seen = [judge(promised, Unit.WORKING_DAY, hours, as_of=at(moment)).outcome
            for moment in ("Monday 2020-09-21 23:59", "Tuesday 2020-09-22 00:00")]  # fmt: skip
    assert seen == [Outcome.RUNNING, Outcome.OVERDUE]


def test_nobody_is_late_by_a_provisional_day(hours: OfficeHours) -> None:
    promised = due(at("Friday 2026-12-25 10:00"), WorkingDays(5), hours)
    late = at("Monday 2027-01-11 10:00")
    assert judge(promised, Unit.WORKING_DAY, hours, ended=late, as_of=late).outcome is Outcome.UNDECIDED
    in_time = at("Monday 2026-12-28 10:00")
    assert judge(promised, Unit.WORKING_DAY, hours, ended=in_time, as_of=late).outcome is Outcome.IN_TIME
