"""The procedure's own limits run by the calendar of the accused office, and stand in a list by the time left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.compliance.procedure import queries
from portal.compliance.procedure.model import Due, ProcedureRefusal, Stage, Step
from portal.compliance.procedure.queries import due_items
from portal.store import reading
from tests.cases.city import at, on
from tests.compliance.procedure.finding import ACCUSED_OFFICE, People, act, brought_to, now

N = "000001"


@pytest.mark.parametrize(
    ("notified", "due"),
    [
        ("Monday 2026-03-02 10:00", "Thursday 2026-03-05"),
        ("Thursday 2026-03-05 17:30", "Tuesday 2026-03-10"),
        # The first week of October is off, Saturday the 10th is worked.
        ("Tuesday 2026-09-29 10:00", "Friday 2026-10-09"),
        ("Wednesday 2026-09-30 10:00", "Saturday 2026-10-10"),
        ("Saturday 2026-10-10 09:00", "Wednesday 2026-10-14"),
    ],
)
def test_the_office_has_three_working_days_to_answer(people: People, notified: str, due: str) -> None:
    moment = brought_to(Stage.SUSPECTED, people, moment=at(notified))
    act(N, Step.NOTIFY, people.first, at(notified))
    assert now(N, moment).due == (Due.REPLY, on(due))


@pytest.mark.parametrize(
    ("confirmed", "appeal_until", "order_by"),
    [
        ("Monday 2026-03-02 10:00", "Monday 2026-03-09", "Monday 2026-03-16"),
        ("Tuesday 2026-09-29 10:00", "Monday 2026-10-12", "Monday 2026-10-19"),
        ("Wednesday 2026-09-30 10:00", "Tuesday 2026-10-13", "Tuesday 2026-10-20"),
    ],
)
def test_it_may_appeal_for_five_and_is_ordered_within_five_more(
    people: People, confirmed: str, appeal_until: str, order_by: str
) -> None:
    moment = brought_to(Stage.CONFIRMED, people, moment=at(confirmed))
    found = now(N, moment)
    assert (found.appeal_due_on, found.due) == (on(appeal_until), (Due.ORDER, on(order_by)))


def test_the_last_day_of_an_appeal_is_still_in_time_and_the_next_is_not(people: People) -> None:
    brought_to(Stage.CONFIRMED, people, moment=at("Tuesday 2026-09-29 10:00"))
    brought_to(Stage.CONFIRMED, people, "000002", moment=at("Tuesday 2026-09-29 10:00"))
    act(N, Step.APPEAL, people.head, at("Monday 2026-10-12 23:59"))
    with pytest.raises(ProcedureRefusal, match="its time is over"):
        act("000002", Step.APPEAL, people.head, at("Tuesday 2026-10-13 00:00"))
    act("000002", Step.ORDER, people.first, at("Tuesday 2026-10-13 00:00"))


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("Tuesday 2026-09-29 12:00", 3),
        ("Wednesday 2026-09-30 12:00", 2),
        ("Thursday 2026-10-01 12:00", 2),
        ("Thursday 2026-10-08 12:00", 1),
        ("Friday 2026-10-09 23:00", 0),
        ("Saturday 2026-10-10 00:00", -1),
        ("Sunday 2026-10-11 12:00", -1),
        ("Monday 2026-10-12 12:00", -2),
    ],
)
def test_the_days_left_are_working_days_and_fall_below_nought_at_midnight(
    people: People, today: str, left: int
) -> None:
    brought_to(Stage.NOTIFIED, people, moment=at("Tuesday 2026-09-29 10:00"))
    with reading():
        (item,) = due_items(at=at(today))
        assert (item.left, item.due_on, item.what) == (left, on("Friday 2026-10-09"), Due.REPLY)
        assert queries.procedure_page(N, at=at(today)).left == left


def test_a_day_over_is_over_also_when_only_days_of_rest_have_passed(people: People) -> None:
    brought_to(Stage.NOTIFIED, people, moment=at("Tuesday 2026-03-03 10:00"))  # until Friday
    with reading():
        assert [item.left for item in due_items(at=at("Saturday 2026-03-07 12:00"))] == [-1]


def test_the_list_begins_with_what_is_longest_over(people: People) -> None:
    brought_to(Stage.NOTIFIED, people, "000001", at("Thursday 2026-03-05 10:00"))
    brought_to(Stage.EXPLAINED, people, "000002", at("Monday 2026-03-02 10:00"))
    brought_to(Stage.NOTIFIED, people, "000003", at("Monday 2026-03-02 10:00"))
    brought_to(Stage.NOTIFIED, people, "000004", at("Monday 2026-03-02 10:00"), office="social-insurance")
    brought_to(Stage.CURED, people, "000005", at("Monday 2026-02-02 10:00"))
    moment = at("Monday 2026-03-09 10:00")
    with reading():
        assert [(item.number, item.left) for item in due_items(at=moment)] == [
            ("000003", -2), ("000004", -2), ("000002", 0), ("000001", 1),
        ]  # fmt: skip
        assert [item.number for item in due_items(at=moment, offices=["social-insurance"])] == ["000004"]
        assert [item.number for item in due_items(at=moment, whats=[Due.JUDGEMENT])] == ["000002"]
        assert queries.numbers_against(ACCUSED_OFFICE) == ["000003", "000002", "000001", "000005"]


@pytest.mark.parametrize(
    ("way", "what", "last_on"),
    [
        ((Step.APPEAL,), Due.APPEAL_DECISION, "Monday 2026-03-16"),
        ((Step.APPEAL, Step.DECIDE_APPEAL), Due.ORDER, "Monday 2026-03-09"),
        ((Step.WAIVE_APPEAL,), Due.ORDER, "Monday 2026-03-09"),
        ((Step.WAIVE_APPEAL, Step.ORDER), Due.RECTIFICATION, "Monday 2026-03-16"),
        ((Step.WAIVE_APPEAL, Step.ORDER, Step.REPORT), Due.RECHECK, "Monday 2026-03-09"),
        ((Step.PROPOSE_DISMISSAL,), Due.DISMISSAL, "Thursday 2026-03-05"),
    ],
)
def test_every_wait_has_its_own_clock(people: People, way: tuple[Step, ...], what: Due, last_on: str) -> None:
    moment = brought_to(Stage.CONFIRMED, people)
    for step in way:
        act(N, step, people.of(step), moment)
    assert now(N, moment).due == (what, on(last_on))


def test_an_order_is_due_on_a_day_to_come(people: People) -> None:
    moment = brought_to(Stage.CONFIRMED, people) + timedelta(days=9)
    with pytest.raises(ProcedureRefusal, match="not to come"):
        act(N, Step.ORDER, people.first, moment, day=date(2026, 3, 11))
    act(N, Step.ORDER, people.first, moment, day=date(2026, 3, 12))
