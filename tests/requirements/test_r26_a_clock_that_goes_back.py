"""R26: the machine's clock is set back: no record stands before an earlier one, and no deadline is lost."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.basis.watch import Watch
from portal.compliance.findings import queries as register
from portal.ledger import doubts
from portal.ledger import queries as ledger
from portal.scheduler import clock
from portal.scheduler.jobs import note_clock, tick
from portal.store import reading, transaction
from tests.cases.city import applicant, at, hand_in

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Machine:
    def __init__(self) -> None:
        self.wall, self.counter = NOON, 0.0

    def pass_by(self, seconds: float) -> None:
        self.wall, self.counter = self.wall + timedelta(seconds=seconds), self.counter + seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def watch(machine: Machine) -> Watch:
    return Watch(lambda: machine.wall, lambda: machine.counter)


def test_an_hour_back_goes_unnoticed_but_for_the_alarm(machine: Machine, watch: Watch) -> None:
    machine.pass_by(10)
    assert watch.now() == NOON + 10 * SECOND
    machine.wall -= HOUR
    machine.pass_by(5)
    assert watch.now() == NOON + 15 * SECOND
    assert watch.behind == HOUR
    machine.wall += HOUR
    machine.pass_by(1)
    assert watch.now() == NOON + 16 * SECOND
    assert not watch.behind


def test_a_small_step_back_is_no_alarm_and_no_record_goes_back(machine: Machine, watch: Watch) -> None:
    before = watch.now()
    machine.wall -= SECOND / 2
    assert watch.now() == before
    assert not watch.behind


def test_a_clock_that_was_put_forward_is_followed(machine: Machine, watch: Watch) -> None:
    machine.wall += HOUR  # a sleeping machine wakes so
    assert watch.now() == NOON + HOUR


def test_the_scheduler_says_loudly_that_the_clock_went_back(
    machine: Machine, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clock, "WATCH", watch)
    machine.wall -= HOUR
    with caplog.at_level(logging.CRITICAL):
        assert clock.now() == NOON
    assert "went back by 1:00:00" in caplog.text


def test_a_scheduler_started_an_hour_early_loses_no_deadline_and_doubles_none(database: Flask) -> None:  # noqa: ARG001
    due = at("Tuesday 2020-09-22 00:01")  # a minute after the claim's last day
    with transaction():
        number = hand_in("unemployment-subsidy", moment=at("Monday 2020-09-14 10:00"), by=applicant()).number
    for moment in (due - 2 * SECOND, due - HOUR, due, due - HOUR, due + SECOND, due - HOUR, due + HOUR):
        tick(lambda now=moment: now)  # type: ignore[misc]
    with reading():
        (finding,) = register.findings(rules=("V08",), about=f"case/{number}")
        assert [event.kind for event in ledger.events(f"finding/{finding.number}")] == ["finding-raised"]


def test_a_clock_that_goes_back_is_recorded_once_and_judged(database: Flask) -> None:  # noqa: ARG001
    noon = at("Monday 2020-09-14 12:00")
    for moment, behind in ((noon, timedelta()), (noon + SECOND, HOUR), (noon + 2 * SECOND, HOUR), (noon + HOUR, HOUR)):
        with transaction():
            doubts.note_clock(moment - behind, at=moment)
    with reading():
        (noted,) = ledger.events("ledger/clock")
    assert (noted.integer("seconds"), noted.role) == (3600, "system")
    tick(lambda: noon + 2 * HOUR)
    with reading():
        (finding,) = register.findings(rules=("V48",), about="ledger/clock")
    assert (finding.variant, finding.severity) == ("clock", "red")


@pytest.mark.parametrize(("back", "noted"), [(SECOND, 0), (2 * SECOND, 1)])
def test_a_restart_on_a_clock_set_back_is_noticed_by_what_the_ledger_holds(
    database: Flask,  # noqa: ARG001
    back: timedelta,
    noted: int,
) -> None:
    noon = at("Monday 2020-09-14 12:00")
    with transaction():
        hand_in("unemployment-subsidy", moment=noon, by=applicant())
    for _ in range(2):
        note_clock(noon - back)
    with reading():
        assert len(ledger.events("ledger/clock")) == noted
