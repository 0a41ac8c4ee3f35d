"""The portal's own clock: findings within one look, midnights, downtime caught up, and two schedulers at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import create_app
from portal.basis import SYSTEM
from portal.catalogue import queries as catalogue
from portal.compliance.engine import judge
from portal.compliance.findings import operations, queries
from portal.compliance.load import from_events
from portal.compliance.registry import all_rules
from portal.compliance.rule import Severity
from portal.compliance.sentences import plain
from portal.ledger import queries as ledger
from portal.ledger.operations import append
from portal.ledger.tree import Tree
from portal.scheduler.jobs import look_for_notice, tick
from portal.scheduler.leases import lease
from portal.scheduler.running import Scheduler
from portal.store import db, reading, transaction
from portal.verbs.scheduler import command
from tests.cases.city import Maker, Staff, applicant, at, case_maker, employ, hand_in

Said = dict[tuple[str, str, int], tuple[str, dict[str, int | str | None]]]
HANDED_IN = at("Monday 2020-09-14 10:00")  # five working days end on Monday the 21st


@pytest.fixture
def staff(database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


@pytest.fixture
def make_case(staff: Staff) -> Maker:
    return case_maker(staff)


def look(moment: datetime) -> int:
    return tick(lambda: moment)


def claim() -> str:
    with transaction():
        return hand_in("unemployment-subsidy", moment=HANDED_IN, by=applicant()).number


def feedback_findings(number: str) -> list[tuple[Severity, object, object]]:
    with reading():
        standing = queries.findings(rules=("V08",), about=f"case/{number}")
        return [(found.severity, found.numbers["taken"], found.numbers["overdue"]) for found in standing]


def everything_judged(moment: datetime) -> Said:
    """The whole ledger put to every rule at once."""
    with reading():
        limits = catalogue.limits_table(catalogue.catalogue())
        log = from_events(ledger.stream(), limits=limits, as_of=moment).log
        return {found.key: (found.severity.value, plain(found.numbers)) for found in judge(log, all_rules()).findings}


def everything_standing() -> Said:
    with reading():
        return {
            (found.rule, found.about, found.first_seq): (found.severity.value, dict(found.numbers))
            for found in queries.findings(limit=100_000)
        }


def test_a_claim_turns_yellow_at_the_midnight_after_its_last_day_and_red_at_twice_the_limit(staff: Staff) -> None:
    assert staff
    number = claim()
    look(at("Monday 2020-09-21 23:59"))
    assert feedback_findings(number) == []
    look(at("Tuesday 2020-09-22 00:01"))
    assert feedback_findings(number) == [(Severity.YELLOW, 6, 1)]
    look(at("Monday 2020-09-28 12:00"))
    assert [severity for severity, _, _ in feedback_findings(number)] == [Severity.RED]


def test_a_second_look_at_the_same_moment_adds_nothing(staff: Staff) -> None:
    assert staff
    claim()
    moment = at("Tuesday 2020-09-22 12:00")
    assert look(moment) > 0
    with reading():
        before = ledger.last_seq()
    assert look(moment) == 0
    assert look(moment + timedelta(seconds=2)) == 0
    with reading():
        assert ledger.last_seq() == before


def test_downtime_over_several_due_moments_ends_where_looking_all_the_time_would_have(make_case: Maker) -> None:
    numbers = [claim(), make_case("food-licence", moment=at("Tuesday 2020-09-15 09:00"))]
    assert numbers
    look(at("Wednesday 2020-09-16 09:00"))
    moment = at("Tuesday 2020-10-13 17:00")
    look(moment)  # nothing ran for a month
    assert everything_standing() == everything_judged(moment)
    assert everything_standing()


def test_what_changed_while_it_was_judged_is_left_to_the_next_look_and_the_rest_recorded_once(staff: Staff) -> None:
    changing, resting = claim(), claim()
    subjects, moment = [f"case/{changing}", f"case/{resting}"], at("Tuesday 2020-09-22 12:00")
    with transaction():
        operations.tie_new(subjects, at=moment)
    with reading():
        known_seq = ledger.last_seq()
        found = operations.news(subjects, at=moment)
    clerk = staff.by("clerk", "social-insurance")
    with transaction():
        append(f"case/{changing}", "chased", {"place": "window"}, by=clerk, at=moment)
    with transaction():
        written = operations.record(found, at=moment, known_seq=known_seq)
    assert written
    assert (feedback_findings(changing), feedback_findings(resting)) == ([], [(Severity.YELLOW, 6, 1)])
    with transaction():
        assert operations.record(found, at=moment, known_seq=known_seq) == []
    look(moment + timedelta(seconds=1))
    assert feedback_findings(changing) == feedback_findings(resting) == [(Severity.YELLOW, 6, 1)]
    assert everything_standing() == everything_judged(moment + timedelta(seconds=1))


@pytest.mark.parametrize("moment", ["Friday 2020-09-18 09:00", "Tuesday 2020-09-22 12:00", "Friday 2020-10-16 18:00"])
def test_what_stands_after_a_look_is_what_the_whole_ledger_says(staff: Staff, make_case: Maker, moment: str) -> None:
    for day in range(7, 19):
        make_case("food-licence", moment=at("Monday 2020-09-07 10:00") + timedelta(days=day - 7))
    number = claim()
    look(at("Wednesday 2020-09-16 17:00"))
    with transaction():
        append(f"case/{number}", "chased", {"place": "window"}, by=staff.by("clerk", "social-insurance"), at=at(moment))
    look(at(moment))
    assert everything_standing() == everything_judged(at(moment))


def test_a_finding_that_the_record_no_longer_bears_is_cleared_by_an_event_and_kept(staff: Staff) -> None:
    number = claim()
    look(at("Tuesday 2020-09-22 12:00"))
    assert feedback_findings(number)
    by = staff.by("supervisor", "government-services")
    with transaction():
        append(f"case/{number}", "marked-test", {}, by=by, at=at("Tuesday 2020-09-22 13:00"))
    look(at("Tuesday 2020-09-22 13:01"))
    assert feedback_findings(number) == []
    with reading():
        (gone,) = queries.findings(rules=("V08",), about=f"case/{number}", is_standing=False)
        assert [event.kind for event in ledger.events(f"finding/{gone.number}")][-1] == "finding-cleared"


def test_the_register_can_be_made_again_from_its_events(staff: Staff) -> None:
    assert staff
    claim()
    for moment in ("Tuesday 2020-09-22 12:00", "Wednesday 2020-09-23 12:00", "Monday 2020-10-12 12:00"):
        look(at(moment))
    with reading():
        before = queries.findings(limit=1000, is_standing=None)
    with transaction():
        assert operations.rebuild_findings() == len(before)
    with reading():
        assert queries.findings(limit=1000, is_standing=None) == before
        assert queries.count_findings() == sum(sum(by.values()) for by in queries.counts().values()) == len(before)


def test_an_amended_calendar_is_recorded_once_and_moves_open_due_dates(staff: Staff) -> None:
    assert staff
    with transaction():
        number = hand_in("information-disclosure", moment=at("Wednesday 2020-01-22 10:00")).number
    look(at("Monday 2020-01-20 09:00"))
    look(at("Monday 2020-01-27 09:00"))  # the notice of the 26th lengthened the holidays
    look(at("Monday 2020-01-27 09:01"))
    with reading():
        assert len(ledger.events("calendar/CN")) == 2
        moved = [event for event in ledger.events(f"case/{number}") if event.kind == "due-moved"]
    # Twenty working days: Friday the 31st and Saturday the 1st counted before the notice and no longer do.
    assert ("2020-02-25", "2020-02-27") in [(str(event.date("old_on")), str(event.date("new_on"))) for event in moved]


@pytest.mark.parametrize(
    ("today", "says"),
    [("Tuesday 2026-10-06 09:00", False), ("Friday 2026-10-16 09:00", True), ("Tuesday 2026-12-01 09:00", True)],
)
def test_the_missing_notice_is_asked_for_from_mid_october(today: str, says: bool) -> None:
    assert (look_for_notice(at(today)) is not None) is says


def test_only_one_of_two_holds_the_lease_and_the_other_follows(database: Flask, tmp_path: Path) -> None:
    assert database
    with lease(tmp_path) as first, lease(tmp_path) as second:
        assert (first, second) == (True, False)
    with lease(tmp_path) as third:
        assert third is True


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"SQLALCHEMY_DATABASE_URI": database_url}, instance=tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def start_scheduler(database_url: str, instance: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {"YINUO_INSTANCE": str(instance), "YINUO_DATABASE_URL": database_url}
    return subprocess.Popen([sys.executable, "-m", "portal.cli", "scheduler"], env=env)


def test_two_schedulers_of_which_one_is_killed_record_each_finding_once_within_five_seconds(
    served: Flask, database_url: str, tmp_path: Path
) -> None:
    assert served
    processes = [start_scheduler(database_url, tmp_path) for _ in range(2)]
    try:
        wait_until(lambda: queries.mark() is not None, 20)
        with transaction():
            employ()
            append("case/990100-2020-000001", "submitted", {"applicant": "p", "matter": "m"}, by=SYSTEM, at=HANDED_IN)
            append(
                "case/990100-2020-000001", "received", {"receipt_no": "r"}, by=SYSTEM, at=HANDED_IN, channel="web",
                item_version="unemployment-subsidy@1",
            )  # fmt: skip
        committed = time.monotonic()
        processes[0].send_signal(signal.SIGKILL)
        wait_until(lambda: queries.count_findings(rules=("V08",)) == 1, 5)
        assert time.monotonic() - committed < 5
        time.sleep(3)
        with reading():
            assert [event.kind for event in ledger.events("finding/000001")] == ["finding-raised"]
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(timeout=15) for process in processes]
    assert codes[1] == 0


def wait_until(condition: object, seconds: float) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with reading():
            if condition():
                return
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s")


def test_the_scheduler_stops_cleanly_in_the_middle_of_its_work(
    served: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))  # where it seals
    runner = Scheduler(served.app_context, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    runner.start()
    time.sleep(0.5)
    runner.stop()
    with reading():
        assert queries.mark() is not None


def test_one_look_from_the_console_seals_what_stands_and_what_it_wrote(
    served: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served
    claim()
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("YINUO_DATABASE_URL", database_url)
    outcome = CliRunner().invoke(command, ["--once"])
    with reading():
        written = ledger.last_seq()
    assert written > 1, "the look found nothing to write"
    assert (outcome.exit_code, outcome.output.splitlines()[-1]) == (0, f"{written} events sealed.")
    signed = Tree(tmp_path).checkpoint()
    assert signed is not None
    assert signed.size == written


def test_one_look_tells_when_the_seal_and_the_ledger_disagree(
    served: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("YINUO_DATABASE_URL", database_url)
    Tree(tmp_path).grow([bytes(32)] * 1000, at=HANDED_IN)  # more than the ledger holds
    outcome = CliRunner().invoke(command, ["--once"])
    assert outcome.exit_code == 1
    assert outcome.output.splitlines()[-1].startswith("Error: ")
