"""V14: once, in time, by what the item allows, by the head who does not handle it, and told with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.years.city import DISCLOSURE, HOTLINE, ONLY_DECIDE, PETITION, Item
from tests.years.days import after
from tests.years.faulty.fault import day
from tests.years.faulty.late import at_ten
from tests.years.journal import day_number
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

START = day("Monday 2020-06-01")


def extended(on: int = 15, days: int = 10, clock: str = "decide", **facts: Any) -> Tale:
    """Taken up by the reviewer, extended on that working day, decided and delivered right after."""

    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.take_up("2020-06-01 08:30")
        story.accept("2020-06-01 09:00")
        story.extend(at_ten(after(START, on)), days, clock, **facts)
        story.decide(at_ten(after(START, on + 1)))
        story.deliver(at_ten(after(START, on + 1)).replace(hour=11))

    return tale


def as_role(name: str) -> Tale:
    """Approved by that member of the crew, who records it too."""

    def tale(story: Story) -> None:
        by = getattr(story.crew, name)
        extended(by=by, approved_by=by.actor)(story)

    return tale


@pytest.mark.parametrize(("on", "expected"), [(1, []), (20, []), (21, ["red"])])
def test_the_last_day_of_the_limit_is_the_last_to_extend_it(on: int, expected: list[str]) -> None:
    assert verdicts("V14", ONLY_DECIDE, extended(on)) == expected


@pytest.mark.parametrize(
    ("item", "clock", "days", "expected"),
    [
        (ONLY_DECIDE, "decide", 10, []),
        (ONLY_DECIDE, "decide", 11, ["red"]),
        (DISCLOSURE, "feedback", 20, []),
        (DISCLOSURE, "feedback", 21, ["red"]),
        (PETITION, "decide", 30, []),
        (PETITION, "decide", 31, ["red"]),
        (HOTLINE, "feedback", 5, []),
    ],
)
def test_each_item_has_its_own_extension(item: Item, clock: str, days: int, expected: list[str]) -> None:
    assert verdicts("V14", item, extended(3, days, clock)) == expected


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"approved_by": None}, "no-approver"),
        ({"notice_no": None}, "not-told"),
        ({"reason": None}, "not-told"),
        ({"days": 12}, "too-long"),
    ],
)
def test_what_is_missing_is_named(facts: dict[str, Any], fault: str) -> None:
    (found,) = said_of("V14", ONLY_DECIDE, extended(**facts))
    assert (found.severity, found.variant, found.numbers["faults"]) == ("red", fault, fault)


@pytest.mark.parametrize(
    ("role", "expected"), [("head", []), ("supervisor", []), ("reviewer", ["red"]), ("clerk", ["red"])]
)
def test_nobody_extends_what_is_in_his_own_hands(role: str, expected: list[str]) -> None:
    assert verdicts("V14", ONLY_DECIDE, as_role(role)) == expected


def test_the_head_who_extends_may_decide_but_not_have_handled_it() -> None:
    def decides(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.take_up("2020-06-01 08:30")
        story.accept("2020-06-01 09:00")
        story.extend(at_ten(after(START, 10)), 10)
        story.decide(at_ten(after(START, 12)), by=story.crew.head)

    def handled(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.take_up("2020-06-01 08:30", story.crew.head)
        story.accept("2020-06-01 09:00")
        story.extend(at_ten(after(START, 10)), 10)

    assert verdicts("V14", ONLY_DECIDE, decides) == []
    assert verdicts("V14", ONLY_DECIDE, handled) == ["red"]


def test_once_is_once() -> None:
    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.accept("2020-06-01 09:00")
        story.extend(at_ten(after(START, 10)), 4)
        story.extend(at_ten(after(START, 12)), 4, notice_no="E2")

    (found,) = said_of("V14", ONLY_DECIDE, tale)
    assert (found.variant, found.numbers["nth_extension"]) == ("second", 2)


def test_the_approver_answers_and_the_date_without_the_extension_is_shown() -> None:
    (found,) = said_of("V14", ONLY_DECIDE, extended(21))
    assert (found.office, found.actor) == ("office", "head-office-1")
    assert found.numbers["due_on"] == day_number(after(START, 20))
    assert found.numbers["extended_on"] == day_number(after(START, 21))


def test_days_of_a_lawful_pause_give_more_time_to_extend() -> None:
    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.accept("2020-06-01 09:00")
        story.pause("2020-06-01 15:00", day("Tuesday 2020-06-02"), 3)
        story.resume("2020-06-04 16:00", day("Thursday 2020-06-04"))
        story.extend(at_ten(after(START, 23)), 10)

    assert verdicts("V14", ONLY_DECIDE, tale) == []


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("reviewer", ["red"])])
@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_a_test_or_duplicate_is_left_out_when_somebody_else_says_so(mark: str, by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        extended(days=11)(story)
        story.note(mark, "2020-08-03 10:00", getattr(story.crew, by))

    assert verdicts("V14", ONLY_DECIDE, tale) == expected


@pytest.mark.parametrize(
    ("by", "approver", "expected"),
    [
        ("other_clerk", "head", []),  # another hand wrote down what the head approved
        ("head", "head", []),
        ("supervisor", "supervisor", []),
        ("other_clerk", "other_clerk", ["approver-is-handler"]),  # no hand in the case, and no rank either
        ("head", "reviewer", ["approver-is-handler"]),
    ],
)
def test_whoever_approves_has_the_rank_or_is_approved_by_another(by: str, approver: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        extended(by=getattr(story.crew, by), approved_by=getattr(story.crew, approver).actor)(story)

    assert [found.variant for found in said_of("V14", ONLY_DECIDE, tale)] == expected
