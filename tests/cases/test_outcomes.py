"""What the clocks bring about under a moving clock, with runs missed and runs doubled."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.basis import SYSTEM, files
from portal.cases import operations, queries
from portal.cases.model import Acceptance, CaseState, HandedIn, Step, StepNotPossible
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import reading, transaction
from portal.worktime import national
from tests.cases.city import MONDAY, Maker, Staff, applicant, at, local, on
from tests.cases.histories import only


def run(when: str) -> list[Event]:
    with transaction():
        return [event for event in operations.run_due(at(when)) if event.kind != "reminded"]


def state_of(number: str, when: str) -> CaseState:
    with reading():
        return queries.case_page(number, at=at(when)).case.state


def test_nobody_acting_within_the_limit_means_accepted_from_the_day_of_receipt(make_case: Maker) -> None:
    number = make_case()  # received Monday 2 March; five working days end on Monday the 9th
    assert run("Monday 2026-03-09 23:59") == []
    (event,) = run("Tuesday 2026-03-10 00:00")
    assert (event.kind, event.role, event.date("counted_from")) == (
        "deemed-accepted",
        "system",
        on("Monday 2026-03-02"),
    )
    with reading():
        page = queries.case_page(number, at=at("Tuesday 2026-03-10 09:00"))
        assert page.case.acceptance is Acceptance.DEEMED
        decide = next(clock for clock in page.clocks if clock.key == "decide.1.promised")
    assert decide.counted_from == on("Monday 2026-03-02")
    assert run("Tuesday 2026-03-10 00:01") == []  # a double run does nothing


def test_a_missed_run_catches_up_with_the_right_dates(make_case: Maker) -> None:
    make_case()
    (event,) = run("Monday 2026-03-30 10:00")
    assert local(event.occurred_at) == "Tuesday 2026-03-10 00:00"
    assert local(event.recorded_at) == "Monday 2026-03-30 10:00"


def test_it_makes_no_difference_whether_the_job_ran_before_a_clerk_acts(make_case: Maker, staff: Staff) -> None:
    number, late = make_case(), at("Wednesday 2026-03-11 10:00")
    with pytest.raises(StepNotPossible), transaction():
        operations.record(number, Step.REFUSE, by=staff.by("clerk"), at=late, reason="r", basis="b", remedies="m")
    with transaction():
        operations.record(number, Step.ACCEPT, by=staff.by("clerk"), at=late)  # the paper that was missing
    kinds = [event.kind for event in ledger.events(f"case/{number}")]
    assert kinds[-2:] == ["deemed-accepted", "accepted"]
    with reading():
        assert queries.case_page(number, at=late).case.acceptance is Acceptance.DEEMED
    with pytest.raises(StepNotPossible), transaction():
        operations.record(number, Step.ACCEPT, by=staff.by("clerk"), at=late)


def test_an_applicant_who_does_not_correct_in_time_is_deemed_to_have_withdrawn(make_case: Maker) -> None:
    number = make_case(to=CaseState.CORRECTING)  # 15 working days from 2 March end on Monday the 23rd
    assert run("Monday 2026-03-23 18:00") == []
    (event,) = run("Tuesday 2026-03-24 00:00")
    assert event.kind == "deemed-withdrawn"
    assert state_of(number, "Tuesday 2026-03-24 09:00") is CaseState.DEEMED_WITHDRAWN


def test_a_late_correction_finds_the_case_closed(make_case: Maker) -> None:
    number = make_case(to=CaseState.CORRECTING, person="citizen-1")
    with pytest.raises(StepNotPossible), transaction():
        operations.record(
            number,
            Step.SUBMIT_CORRECTION,
            by=applicant(),
            at=at("Tuesday 2026-03-24 10:00"),
            materials=(HandedIn("layout"),),
        )


def accept_tolerantly(number: str, staff: Staff) -> None:
    with transaction():
        operations.record(
            number,
            Step.ACCEPT_TOLERANTLY,
            by=staff.by("clerk"),
            at=MONDAY + timedelta(minutes=5),
            deferred=("safety-rules",),
            due_on=on("Friday 2026-03-13"),
        )


def test_deferred_material_that_never_comes_ends_the_case(make_case: Maker, staff: Staff) -> None:
    number = make_case()
    accept_tolerantly(number, staff)
    (event,) = run("Saturday 2026-03-14 00:00")
    assert event.kind == "deemed-withdrawn"
    assert state_of(number, "Saturday 2026-03-14 09:00") is CaseState.DEEMED_WITHDRAWN


def test_once_decided_missing_deferred_material_only_holds_the_result(make_case: Maker, staff: Staff) -> None:
    number = make_case()
    accept_tolerantly(number, staff)
    work: list[tuple[Step, str, dict[str, Any]]] = [
        (Step.REVIEW, "reviewer", {"conclusion": "approve"}),
        (Step.DECIDE, "decider", {"conclusion": "grant"}),
    ]
    for step, role, facts in work:
        with transaction():
            operations.record(number, step, by=staff.by(role), at=MONDAY + timedelta(hours=1), **facts)
    assert run("Saturday 2026-03-14 00:00") == []
    assert state_of(number, "Saturday 2026-03-14 09:00") is CaseState.DECIDED


RENEWAL: dict[str, Any] = {"answers": {"action": "renewal"}, "target_at": at("Friday 2026-03-20 23:59")}


def test_no_decision_before_the_licence_expires_means_renewed(make_case: Maker) -> None:
    number = make_case(to=CaseState.REVIEWING, **RENEWAL)
    assert run("Friday 2026-03-20 23:59") == []
    (event,) = run("Saturday 2026-03-21 00:00")
    assert event.kind == "deemed-renewed"
    assert state_of(number, "Saturday 2026-03-21 09:00") is CaseState.DEEMED_RENEWED


def test_a_decision_in_time_prevents_the_deemed_renewal(make_case: Maker) -> None:
    number = make_case(to=CaseState.DECIDED, **RENEWAL)
    assert run("Monday 2026-03-23 10:00") == []
    assert state_of(number, "Monday 2026-03-23 10:00") is CaseState.DECIDED


def test_a_pause_ends_by_itself_when_its_declared_days_have_passed(make_case: Maker) -> None:
    number = make_case(to=CaseState.PAUSED)  # Monday 2 March, three working days
    assert run("Wednesday 2026-03-04 23:59") == []
    (event,) = run("Friday 2026-03-06 09:00")
    assert (event.kind, event.date("until_on")) == ("resumed", on("Wednesday 2026-03-04"))
    assert local(event.occurred_at) == "Thursday 2026-03-05 00:00"
    assert state_of(number, "Friday 2026-03-06 09:00") is CaseState.REVIEWING


def test_a_long_absence_brings_about_one_outcome_after_the_other(make_case: Maker) -> None:
    """Accepted by silence, then nothing; and a case delivered is archived after five working days."""
    silent, done = make_case(), make_case(to=CaseState.DELIVERED)
    assert {event.kind for event in run("Monday 2026-06-01 10:00")} == {"deemed-accepted", "archived"}
    assert run("Monday 2026-06-01 10:01") == []
    archived = ledger.events(f"case/{done}")[-1]
    assert local(archived.occurred_at) == "Monday 2026-03-09 00:00"
    assert len(archived.text("bundle_hash") or "") == 64
    assert state_of(silent, "Monday 2026-06-01 11:00") is CaseState.ACCEPTED


def test_each_clock_and_level_is_told_once(make_case: Maker) -> None:
    number = make_case()

    def told(when: str) -> list[tuple[str | None, str | None]]:
        with transaction():
            return [(event.text("clock"), event.text("level")) for event in operations.remind(at(when))]

    assert told("Friday 2026-03-06 16:59") == []
    soon = [("accept.1.promised", "soon"), ("accept.1.statutory", "soon")]
    assert told("Friday 2026-03-06 17:00") == soon
    assert told("Friday 2026-03-06 17:01") == []
    assert told("Tuesday 2026-03-10 09:00") == [(clock, "overdue") for clock, _ in soon]
    assert told("Wednesday 2026-03-11 09:00") == []
    assert state_of(number, "Wednesday 2026-03-11 09:00") is CaseState.RECEIVED  # a reminder changes nothing


def test_a_run_that_was_missed_tells_only_the_later_level(make_case: Maker) -> None:
    make_case()
    with transaction():
        levels = [event.text("level") for event in operations.remind(at("Tuesday 2026-03-10 09:00"))]
    assert levels == ["overdue", "overdue"]


def test_an_amended_calendar_moves_clocks_that_run_and_says_from_what_to_what(make_case: Maker) -> None:
    received = at("Monday 2020-01-20 10:00")
    running = make_case("insurance-change", moment=received)
    stopped = make_case("insurance-change", moment=received, to=CaseState.DELIVERED)
    now = at("Monday 2020-01-27 10:00")
    with transaction():
        written = operations.keep_calendars(now)
    event = next(event for event in written if event.kind == "due-moved")
    assert event.subject == f"case/{running}"
    assert (event.text("clock"), event.date("old_on"), event.date("new_on")) == (
        "feedback.1.promised",
        on("Saturday 2020-02-01"),
        on("Tuesday 2020-02-04"),
    )
    assert event.text("calendar") == national(date(2020, 1, 27)).version
    with reading():
        page = queries.case_page(running, at=now)
        (clock,) = page.running
        assert clock.due_on == on("Tuesday 2020-02-04")
        assert [(move.old_on, move.new_on) for move in clock.moves] == [(on("Saturday 2020-02-01"), clock.due_on)]
        kept = queries.case_page(stopped, at=now).clocks[0]
        assert kept.due_on == on("Saturday 2020-02-01")
    with transaction():
        assert operations.keep_calendars(now) == []  # again moves nothing
    (amended,) = ledger.events("calendar/CN")
    assert amended.text("calendar") == national(date(2020, 1, 27)).version
    assert amended.text("notice") == "国办发明电〔2020〕1号"


LAYER = """
[[notice]]
published = {published}
source = "例州市人民政府关于台风停工的通知"
number = "例政发〔2026〕3号"

[[notice.holiday]]
name = "台风"
off = [[2026-03-05, 2026-03-06]]
"""


@pytest.mark.parametrize("scope", ["990100", "market-supervision"])
def test_a_notice_for_a_city_or_an_office_alone_moves_its_clocks_and_nobody_elses(
    scope: str, make_case: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    number, elsewhere = make_case(), make_case("social-card", area="990000")
    with transaction():
        operations.keep_calendars(at("Monday 2026-03-02 12:00"))
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / f"{scope}.toml").write_text(LAYER.format(published="2026-03-03"), encoding="utf-8")
    files.look_again()
    now = at("Tuesday 2026-03-03 09:00")
    with transaction():
        written = operations.keep_calendars(now)
    assert [(event.subject, event.text("notice")) for event in written if event.kind == "calendar-amended"] == [
        (f"calendar/{scope}", "例政发〔2026〕3号")
    ]
    moved = [event for event in written if event.kind == "due-moved"]
    assert {event.subject for event in moved} == {f"case/{number}"} != {f"case/{elsewhere}"}
    assert (moved[0].date("old_on"), moved[0].date("new_on")) == (on("Monday 2026-03-09"), on("Wednesday 2026-03-11"))
    with transaction():
        assert operations.keep_calendars(now) == []
    (tmp_path / "areas" / f"{scope}.toml").unlink()  # taken back
    files.look_again()
    with transaction():
        written = operations.keep_calendars(now)
    assert {event.subject for event in written} == {f"calendar/{scope}", f"case/{number}"}


def test_a_calendar_given_by_hand_moves_them_too(make_case: Maker) -> None:
    make_case("insurance-change", moment=at("Monday 2020-01-20 10:00"))
    with transaction():
        amended = only(national(date(2020, 2, 1)))
        (event,) = operations.recompute(at("Tuesday 2020-01-21 10:00"), known_on=amended, cause="closed by typhoon")
    assert event.text("cause") == "closed by typhoon"


def test_an_outage_is_made_up_for_once_in_every_case_that_was_running(make_case: Maker, staff: Staff) -> None:
    running, done = make_case(to=CaseState.ACCEPTED), make_case(to=CaseState.DELIVERED)
    supervisor, now = staff.by("supervisor"), at("Wednesday 2026-03-04 10:00")
    outage: dict[str, Any] = {"from_on": on("Tuesday 2026-03-03"), "until_on": on("Tuesday 2026-03-03")}
    with transaction():
        assert [event.subject for event in operations.link_outage("O1", by=supervisor, at=now, **outage)] == [
            f"case/{running}"
        ]
    with transaction():
        assert operations.link_outage("O1", by=SYSTEM, at=now, **outage) == []
    with reading():
        page = queries.case_page(running, at=now)
        decide = next(clock for clock in page.clocks if clock.key == "decide.1.promised")
        assert decide.due_on == on("Tuesday 2026-03-24")  # a day more
        assert queries.case_page(done, at=now).case.outages == frozenset()
