"""What probes find: rows of failures, an outage after a quarter of an hour, its end, its days, and the day's totals."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.cases import queries as cases
from portal.cases.model import CaseState
from portal.channels import operations, queries
from portal.channels.model.channel import PLATFORM_CHANNEL, State, subject_of
from portal.channels.model.probes import Function, Probe
from portal.channels.operations.making_up import lost_days
from portal.channels.tables import ProbeRow
from portal.compliance.findings import operations as register
from portal.compliance.findings import queries as findings
from portal.ledger import queries as ledger
from portal.store import db, reading, transaction
from tests.cases.city import SHANGHAI, Staff, at, case_maker, on
from tests.channels.conftest import Rounds, seen

TUESDAY = at("Tuesday 2026-03-03 10:00")


def kinds() -> list[str]:
    with reading():
        return [event.kind for event in ledger.events(subject_of(PLATFORM_CHANNEL))][1:]


def platform_state(moment: datetime) -> State:
    with reading():
        return operations.channel_now(PLATFORM_CHANNEL).state_at(moment)


def test_what_goes_well_leaves_nothing_in_the_ledger(rounds: Rounds) -> None:
    assert rounds(TUESDAY, 5) == []
    assert kinds() == []


def test_one_failure_is_no_row_and_two_are(rounds: Rounds) -> None:
    rounds(TUESDAY, 1, "submit")
    rounds(TUESDAY + timedelta(minutes=2), 1)
    assert kinds() == []
    failed = rounds(TUESDAY + timedelta(minutes=4), 2, "submit")
    assert [(event.kind, event.text("vantage"), event.integer("failures")) for event in failed] == [
        ("probe-failed", "inside", 2),
        ("probe-failed", "outside", 2),
    ]
    assert failed[0].instant("since_at") == TUESDAY + timedelta(minutes=4)
    assert rounds(TUESDAY + timedelta(minutes=8), 1, "submit") == []  # it goes on: nothing turned


def test_an_outage_is_declared_after_a_quarter_of_an_hour_and_ended_by_the_first_success(rounds: Rounds) -> None:
    rounds(TUESDAY, 8, "submit")  # until 10:14
    assert platform_state(TUESDAY + timedelta(minutes=14)) is not State.DOWN
    (down,) = rounds(TUESDAY + timedelta(minutes=16), 1, "submit")
    assert (down.kind, down.text("state"), down.instant("from_at")) == ("channel-changed", "down", TUESDAY)
    back = rounds(TUESDAY + timedelta(minutes=18), 1)
    assert [event.kind for event in back] == ["probe-recovered", "channel-changed", "probe-recovered"]
    assert platform_state(TUESDAY + timedelta(minutes=18)) is State.PILOT
    with reading():
        assert queries.down_minutes(TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1))[PLATFORM_CHANNEL] == 18
        assert cases.declared_outages() == []  # no day was lost


def test_one_place_alone_takes_nothing_down(rounds: Rounds) -> None:
    rounds(TUESDAY, 60, "submit", vantages=["inside"])
    assert platform_state(TUESDAY + timedelta(hours=2)) is not State.DOWN


@pytest.mark.usefixtures("staff")
def test_results_that_could_not_be_written_are_written_at_their_own_moments() -> None:
    waiting = [probe for nth in range(12) for probe in seen(TUESDAY + timedelta(minutes=2 * nth), "query")]
    waiting += seen(TUESDAY + timedelta(minutes=24))
    later = TUESDAY + timedelta(hours=1)
    with transaction():
        written = operations.record_probes(waiting, at=later)
    states = [event.text("state") for event in written if event.kind == "channel-changed"]
    assert states == ["down", "pilot"]
    assert {event.recorded_at for event in written} == {later}
    with reading():
        minutes = queries.down_minutes(TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1))
    assert minutes[PLATFORM_CHANNEL] == 24


def test_a_lost_day_is_given_once_to_the_clocks_it_hit(staff: Staff, rounds: Rounds) -> None:
    number = case_maker(staff)(to=CaseState.ACCEPTED)

    def due() -> object:
        with reading():
            page = cases.case_page(number, at=TUESDAY)
            return next(one.due_on for one in page.clocks if one.key == "decide.1.promised")

    before = due()
    rounds(TUESDAY, 70, "sign-in")  # until 12:18
    rounds(TUESDAY + timedelta(minutes=140), 1)
    with reading():
        (outage,) = cases.declared_outages()
    assert (outage.from_on, outage.until_on) == (on("Tuesday 2026-03-03"), on("Tuesday 2026-03-03"))
    assert (outage.channels, outage.declared_by) == (("app", "web"), "system")
    assert outage.evidence.startswith("channel/platform:web ")
    assert (before, due()) == (on("Monday 2026-03-23"), on("Tuesday 2026-03-24"))
    rounds(TUESDAY + timedelta(minutes=142), 3)
    assert due() == on("Tuesday 2026-03-24")


def test_a_day_that_was_given_is_not_given_again(staff: Staff, rounds: Rounds) -> None:
    """Somebody says that it works while probes still fail: it is down again, and the day was lost only once."""
    rounds(TUESDAY, 70, "sign-in")
    moment = TUESDAY + timedelta(minutes=139)
    with transaction():
        operations.bring_back(PLATFORM_CHANNEL, reason="it seems to work", by=staff.by("supervisor"), at=moment)
    rounds(TUESDAY + timedelta(minutes=140), 3, "sign-in")
    assert platform_state(TUESDAY + timedelta(minutes=144)) is State.DOWN
    rounds(TUESDAY + timedelta(minutes=146), 1)
    with reading():
        declared = cases.declared_outages()
    assert [(outage.from_on, outage.until_on) for outage in declared] == [(on("Tuesday 2026-03-03"),) * 2]


def test_a_day_is_lost_by_two_hours_of_office_time() -> None:
    day = at("Tuesday 2026-03-03 09:00")
    assert lost_days(day, day + timedelta(minutes=119)) == []
    assert lost_days(day, day + timedelta(minutes=120)) == [on("Tuesday 2026-03-03")]
    assert lost_days(at("Saturday 2026-03-07 00:00"), at("Sunday 2026-03-08 23:00")) == []
    assert lost_days(at("Monday 2026-03-02 20:00"), at("Tuesday 2026-03-03 08:00")) == []


def test_the_totals_of_a_day_are_written_once_and_raw_results_go(rounds: Rounds) -> None:
    rounds(TUESDAY, 4, "query")
    night = at("Tuesday 2026-03-03 21:00")
    with transaction():
        operations.record_probes(seen(night), at=night)  # out of service hours: not counted
    morning = at("Wednesday 2026-03-04 00:05")
    with transaction():
        counted = operations.count_probes(morning)
    told = {e.text("function"): (e.integer("probes"), e.integer("failures"), e.date("counted_on")) for e in counted}
    assert told["query"] == (8, 8, on("Tuesday 2026-03-03"))
    assert told["submit"] == (8, 0, on("Tuesday 2026-03-03"))
    with transaction():
        assert operations.count_probes(morning + timedelta(hours=1)) == []
        assert db.session.scalar(select(func.count()).select_from(ProbeRow))
    with transaction():
        operations.count_probes(morning + timedelta(days=4))
        assert db.session.scalar(select(func.count()).select_from(ProbeRow)) == 0


def test_the_register_names_the_outage_and_knows_when_it_is_over(rounds: Rounds) -> None:
    rounds(TUESDAY, 10, "submit")
    moment = TUESDAY + timedelta(minutes=20)
    with transaction():
        register.examine([subject_of(PLATFORM_CHANNEL)], at=moment)
    with reading():
        (found,) = findings.findings()
    assert (found.rule, found.severity, found.office, found.is_open) == ("V18", "yellow", "government-services", True)
    rounds(moment, 1)
    with transaction():
        register.examine([subject_of(PLATFORM_CHANNEL)], at=moment + timedelta(minutes=1))
    with reading():
        (found,) = findings.findings()
    assert not found.is_open


def test_while_something_is_away_time_alone_is_judged_every_five_minutes(rounds: Rounds) -> None:
    def to_judge(after: datetime, until: datetime, *changed: str) -> bool:
        with reading():
            return bool(queries.subjects_to_judge(changed, after_seq=0, after=after, until=until))

    quiet = TUESDAY - timedelta(hours=1)
    assert not to_judge(quiet, quiet + timedelta(minutes=30))
    assert to_judge(quiet, quiet, subject_of(PLATFORM_CHANNEL))
    rounds(TUESDAY, 2, "submit")
    after = TUESDAY + timedelta(minutes=5)
    assert not to_judge(after, after + timedelta(minutes=4, seconds=59))
    assert to_judge(after, after + timedelta(minutes=5))


@pytest.mark.usefixtures("staff")
def test_a_probe_that_was_refused_counts_in_the_figures_of_today() -> None:
    with transaction():
        operations.record_probes([Probe("here", Function.QUERY, TUESDAY, 9, "500 at /follow")], at=TUESDAY)
    with reading():
        counts = queries.probe_counts(PLATFORM_CHANNEL, since=TUESDAY.astimezone(SHANGHAI).replace(hour=0))
    assert counts["here", "query"].failures == 1
    assert queries.summed(counts)["query"].per_mille == 0
