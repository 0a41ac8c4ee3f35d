"""V07: what was passed on is taken over at once, or sent back quickly and with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v07_dispatch_refused import RULE
from tests.compliance.asking import answered, asked, given, taken
from tests.compliance.record import event, found, on, record

LATER = "Friday 2020-06-19 17:00"


def passed(
    when: str = "Monday 2020-06-01 10:00", kind: str = "handed-over", to: str = "B", **more: Any
) -> dict[str, Any]:
    return event(kind, when, **{"actor": "anna", "office": "A", "to_office": to, **more})


def by_unit(kind: str, when: str, **more: Any) -> dict[str, Any]:
    return event(kind, when, **{"actor": "bert", "office": "B", "post": "review", **more})


def returned(when: str, **more: Any) -> dict[str, Any]:
    return by_unit("handover-returned", when, **{"reason": "no power", **more})


def judged(*events: dict[str, Any], as_of: str = LATER, item_type: str = "permit", **facts: Any) -> list[Finding]:
    return found(record(list(events), as_of=as_of, item_type=item_type, **facts), RULE)


def faults(*events: dict[str, Any], **facts: Any) -> list[str]:
    return [str(finding.numbers["fault"]) for finding in judged(*events, **facts)]


# --- sent back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("Monday 2020-06-01 15:00", []),
        ("Tuesday 2020-06-02 10:00", []),  # the last second of the 24 hours
        ("Tuesday 2020-06-02 10:00:01", ["returned-late"]),
    ],
)
def test_twenty_four_hours_are_given_to_send_back(back: str, told: list[str]) -> None:
    assert faults(passed(), returned(back)) == told


def test_hours_run_over_a_weekend() -> None:
    (finding,) = judged(passed("Friday 2020-06-05 16:00"), returned("Monday 2020-06-08 09:00"))
    assert (finding.severity, finding.office, finding.post, finding.actor) == ("yellow", "B", "review", "bert")
    assert (finding.first_seq, finding.last_seq, finding.numbers["hours"]) == (1, 2, 65)


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_sending_back_needs_a_reason(reason: str | None) -> None:
    assert faults(passed(), returned("Monday 2020-06-01 15:00", reason=reason)) == ["no-reason"]


def test_who_was_designated_sends_nothing_back() -> None:
    designated = passed(kind="designated", actor="dora", office="centre")
    assert faults(designated, returned("Monday 2020-06-01 11:00")) == ["designated"]


def test_nor_when_it_comes_again_by_another_way() -> None:
    designated = passed(kind="designated", actor="dora", office="centre")
    acknowledged = by_unit("handover-acknowledged", "Monday 2020-06-01 11:00")
    round_about = [
        passed("Monday 2020-06-01 12:00", to="C", office="B", actor="bert"),
        event("handover-acknowledged", "Monday 2020-06-01 13:00", actor="carl", office="C"),
        passed("Monday 2020-06-01 14:00", office="C", actor="carl"),
    ]
    assert faults(designated, acknowledged, *round_about, returned("Monday 2020-06-01 15:00")) == ["designated"]


def test_several_faults_are_all_named() -> None:
    designated = passed(kind="designated", actor="dora", office="centre")
    back = returned("Wednesday 2020-06-03 11:00", reason=None)
    assert faults(designated, back) == ["returned-late|no-reason|designated"]


def test_taking_it_over_first_does_not_stop_the_hours() -> None:
    acknowledged = by_unit("handover-acknowledged", "Monday 2020-06-01 10:05")
    assert faults(passed(), acknowledged, returned("Thursday 2020-06-04 10:00")) == ["returned-late"]


def test_each_passing_has_hours_of_its_own() -> None:
    again = [passed("Monday 2020-06-08 10:00"), returned("Tuesday 2020-06-09 09:00")]
    assert faults(passed(), returned("Tuesday 2020-06-02 09:00"), *again) == []


@pytest.mark.parametrize(
    ("back", "told"), [("Monday 2023-06-12 17:00", []), ("Tuesday 2023-06-13 09:00", ["returned-late"])]
)
def test_a_petition_may_be_objected_to_for_five_working_days(back: str, told: list[str]) -> None:
    assert (
        faults(passed("Monday 2023-06-05 10:00"), returned(back), item_type="petition", as_of="Friday 2023-06-30 10:00")
        == told
    )


# --- an objection upheld ---------------------------------------------------------------------------------------------


def upheld(when: str, actor: str = "dora", office: str | None = "centre") -> dict[str, Any]:
    return event("objection-upheld", when, actor=actor, office=office, role="dispatcher")


LATE = [passed(), returned("Wednesday 2020-06-03 10:00")]


def test_an_objection_that_the_dispatcher_upheld_excuses() -> None:
    assert judged(*LATE, upheld("Wednesday 2020-06-03 10:30")) == []
    designated = passed(kind="designated", actor="dora", office="centre")
    assert judged(designated, returned("Monday 2020-06-01 11:00"), upheld("Monday 2020-06-01 12:00")) == []


@pytest.mark.parametrize(
    "act",
    [
        upheld("Wednesday 2020-06-03 10:30", actor="bert", office="B"),
        upheld("Wednesday 2020-06-03 10:30", actor="bert", office="centre"),
        upheld("Wednesday 2020-06-03 10:30", actor="benno", office="B"),  # a colleague of the same office
    ],
)
def test_not_when_the_office_upheld_it_itself(act: dict[str, Any]) -> None:
    assert len(judged(*LATE, act)) == 1


def test_it_excuses_the_return_it_is_about_and_no_later_one() -> None:
    again = [passed("Thursday 2020-06-04 10:00"), returned("Monday 2020-06-08 10:00")]
    (finding,) = judged(*LATE, upheld("Wednesday 2020-06-03 10:30"), *again)
    assert finding.first_seq == 4
    (finding,) = judged(*LATE, *again, upheld("Monday 2020-06-08 10:30"))
    assert finding.first_seq == 1


# --- left lying ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("Monday 2020-06-01 10:05", []),
        ("Tuesday 2020-06-02 23:59", []),
        ("Wednesday 2020-06-03 00:00", ["not-acknowledged"]),
    ],
)
def test_it_is_taken_over_by_the_next_working_day(at: str, told: list[str]) -> None:
    assert faults(passed(), by_unit("handover-acknowledged", at)) == told


def test_nobody_in_the_office_is_named_for_what_nobody_took() -> None:
    (finding,) = judged(passed(), as_of="Thursday 2020-06-04 10:00")
    assert (finding.office, finding.post, finding.actor, finding.is_open) == ("B", None, None, True)
    wanted = {"taken": 3, "due_on": on("Tuesday 2020-06-02"), "ended_on": on("Thursday 2020-06-04")}
    assert {name: finding.numbers[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("day", "at", "count"),
    [
        ("Friday 2020-09-25 10:00", "Sunday 2020-09-27 17:00", 0),  # a make-up working day
        ("Friday 2020-09-25 10:00", "Monday 2020-09-28 09:00", 1),
        ("Wednesday 2020-09-30 10:00", "Friday 2020-10-09 17:00", 0),
        ("Wednesday 2020-09-30 10:00", "Saturday 2020-10-10 09:00", 1),
    ],
)
def test_holidays_and_make_up_days(day: str, at: str, count: int) -> None:
    assert len(judged(passed(day), by_unit("handover-acknowledged", at), as_of="Monday 2020-10-12 10:00")) == count


@pytest.mark.parametrize(
    "act",
    [
        event("handover-acknowledged", "Monday 2020-06-01 10:05", actor="anna", office="A"),
        event("handover-acknowledged", "Monday 2020-06-01 10:05", actor="anna", office="B"),
        event("handover-acknowledged", "Monday 2020-06-01 10:05", actor="carl", office="C"),
    ],
)
def test_only_the_office_named_can_take_it_over(act: dict[str, Any]) -> None:
    assert faults(passed(), act) == ["not-acknowledged"]


@pytest.mark.parametrize("kind", ["accepted", "opened", "reviewed", "correction-noticed", "decided"])
def test_working_on_it_is_taking_it_over(kind: str) -> None:
    assert judged(passed(), by_unit(kind, "Tuesday 2020-06-02 10:00")) == []


def test_passing_it_to_another_office_in_time_frees_the_first() -> None:
    elsewhere = passed("Tuesday 2020-06-02 09:00", to="C")
    (finding,) = judged(passed(), elsewhere)
    assert (finding.office, finding.first_seq) == ("C", 2)


def test_a_case_that_is_withdrawn_in_time_waits_for_nobody() -> None:
    gone = event("withdrawn", "Tuesday 2020-06-02 09:00", actor="li", role="applicant", office=None)
    assert judged(passed(), gone) == []


def test_an_inquiry_left_lying_is_the_receiving_offices_part() -> None:
    events = [asked("Monday 2020-06-01 10:00"), given("Monday 2020-06-01 10:05", actor="anna")]
    assert judged(*events, taken("Tuesday 2020-06-02 17:00")) == []
    assert judged(*events, answered("Tuesday 2020-06-02 17:00", office="B", actor="bert")) == []
    (finding,) = judged(*events, taken("Wednesday 2020-06-03 09:00"))
    assert (finding.office, finding.subject, finding.numbers["fault"]) == ("B", "inquiry/1", "not-acknowledged")


# --- other guards ----------------------------------------------------------------------------------------------------

DAYS = {"from_on": "2020-06-02", "until_on": "2020-06-03"}


def guard(kind: str, actor: str, role: str = "clerk", **facts: Any) -> dict[str, Any]:
    return event(kind, "Monday 2020-06-01 12:00", actor=actor, role=role, **facts)


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (guard("wait-requested", "li", "applicant", **DAYS), 0),
        (guard("outage-linked", "system", "system", outage="O", **DAYS), 0),
        (
            guard(
                "paused",
                "rita",
                pause_type="appraisal",
                from_on="2020-06-02",
                days=2,
                notice_no="N",
                approved_by="head",
            ),
            0,
        ),
        (guard("marked-test", "head"), 0),
        (guard("marked-duplicate", "head", of="case/0"), 0),
        (guard("wait-requested", "bert", **DAYS), 1),
        (guard("outage-linked", "bert", outage="O", **DAYS), 1),
        (
            guard(
                "paused",
                "bert",
                pause_type="appraisal",
                from_on="2020-06-02",
                days=2,
                notice_no="N",
                approved_by="bert",
            ),
            1,
        ),
        (guard("marked-test", "bert"), 1),
        (guard("marked-duplicate", "bert", of="case/0"), 1),
    ],
)
@pytest.mark.parametrize("end", ["handover-acknowledged", "handover-returned"])
def test_guards_count_when_somebody_else_stands_behind_them(act: dict[str, Any], count: int, end: str) -> None:
    late = by_unit(end, "Thursday 2020-06-04 09:00", reason="no power")
    assert len(judged(passed(), act, late)) == count


@pytest.mark.parametrize(
    ("when", "item_type", "area", "severity"),
    [
        ("2015-06-01", "permit", "330100", "notice"),
        ("2020-06-01", "permit", "330100", "yellow"),
        ("2020-06-01", "permit", "NL", "notice"),  # another country's office
    ],
)
def test_the_law_of_the_day_and_the_place(when: str, item_type: str, area: str, severity: str) -> None:
    back = returned(f"{when} 11:00", reason=None)
    (finding,) = judged(passed(f"{when} 10:00"), back, item_type=item_type, area=area)
    assert finding.severity == severity


def test_duckdb_says_the_same() -> None:
    inquiry = [asked("Monday 2020-06-01 10:00"), given("Monday 2020-06-01 10:05")]
    log = record([*LATE, passed("Thursday 2020-06-04 10:00", kind="designated"), *inquiry], as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
