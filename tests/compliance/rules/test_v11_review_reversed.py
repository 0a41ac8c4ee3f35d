"""V11: on the same materials and the same guide, the outcome stays what it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.years.city import NO_CLOCK
from tests.years.days import after
from tests.years.faulty.fault import day
from tests.years.faulty.late import at_ten
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

START = day("Monday 2020-06-01")


def reviews(*opinions: str | tuple[str, dict[str, Any]], start: date = START, step: int = 1) -> Tale:
    """One opinion each ``step`` working days: what was concluded, and what else was said."""

    def tale(story: Story) -> None:
        story.hand_in("2020-05-29 09:00")
        story.accept("2020-05-29 10:00")
        for turn, opinion in enumerate(opinions):
            conclusion, facts = (opinion, {}) if isinstance(opinion, str) else opinion
            story.review(at_ten(after(start, turn * step)), conclusion, **facts)

    return tale


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        (["approve", "approve", "approve"], []),
        (["approve", "reject"], []),  # one change is a change of mind
        (["reject", "approve", "reject"], ["yellow"]),
        (["approve", "reject", "approve"], ["red"]),
        (["reject", "approve", "reject", "correct"], ["red"]),  # three changes
        (["reject", "approve", "approve", "reject"], ["yellow"]),  # what is repeated changes nothing
    ],
)
def test_two_changes_are_yellow_three_or_a_swing_back_are_red(opinions: list[str], expected: list[str]) -> None:
    assert verdicts("V11", NO_CLOCK, reviews(*opinions)) == expected


def amount(*sums: int | None) -> Tale:
    return reviews(*(("approve", {"amount_fen": fen}) for fen in sums))


def test_another_sum_or_another_demand_is_a_change_too() -> None:
    demands = [("correct", {"demands": [name]}) for name in ("seal", "map", "seal")]
    assert verdicts("V11", NO_CLOCK, amount(100, 200, 100)) == ["yellow"]
    assert verdicts("V11", NO_CLOCK, amount(100, None, 100)) == []  # what was left open is no other sum
    assert verdicts("V11", NO_CLOCK, reviews(*demands)) == ["yellow"]


@pytest.mark.parametrize("key", ["materials_hash", "rule_version"])
def test_new_materials_or_a_new_guide_begin_anew(key: str) -> None:
    opinions = [("approve", {key: "a"}), ("reject", {key: "b"}), ("approve", {key: "c"}), ("reject", {key: "d"})]
    assert verdicts("V11", NO_CLOCK, reviews(*opinions)) == []


def test_a_new_scan_of_the_same_paper_begins_nothing_anew() -> None:
    """The digest is the paper's, not the file's: it is the same after the applicant handed in a better scan."""

    def tale(story: Story) -> None:
        story.hand_in("2020-05-29 09:00")
        story.accept("2020-05-29 10:00")
        for turn, conclusion in enumerate(("approve", "reject", "approve")):
            story.review(at_ten(after(START, 2 * turn)), conclusion)
            if turn < 2:
                story.submit_correction(at_ten(after(START, 2 * turn + 1)), materials_hash=story.materials_hash)

    assert verdicts("V11", NO_CLOCK, tale) == ["red"]


FAVOUR = {"is_in_favour": True}


@pytest.mark.parametrize(
    ("opinions", "step", "expected"),
    [
        (["approve", "reject", ("approve", FAVOUR)], 1, []),  # the next working day
        (["approve", "reject", ("approve", FAVOUR)], 2, ["red"]),  # a day too late
        (["approve", "reject", "approve"], 1, ["red"]),  # not said to be a correction
        (["approve", ("reject", FAVOUR), "approve"], 1, ["red"]),  # said, but it is none
        (["reject", ("approve", FAVOUR), "reject", ("approve", FAVOUR)], 1, ["red"]),  # once is excused
    ],
)
def test_one_quick_correction_in_favour_is_excused(opinions: list[Any], step: int, expected: list[str]) -> None:
    assert verdicts("V11", NO_CLOCK, reviews(*opinions, step=step)) == expected


def test_the_next_working_day_may_come_after_a_holiday() -> None:
    eve = day("Wednesday 2020-09-30")
    assert verdicts("V11", NO_CLOCK, reviews("reject", ("approve", FAVOUR), "reject", start=eve)) == []


def test_it_names_who_changed_it_last_and_counts() -> None:
    def tale(story: Story) -> None:
        reviews("reject", "approve")(story)
        story.review(at_ten(after(START, 3)), "reject", by=story.crew.other_reviewer)

    (found,) = said_of("V11", NO_CLOCK, tale)
    assert (found.office, found.post, found.actor) == ("office", "office/reviewer-2", "reviewer-2-office-1")
    assert (found.numbers["changes"], found.numbers["opinions"]) == (2, 3)


def decided(conclusion: str, by: str = "decider", **facts: Any) -> Tale:
    def tale(story: Story) -> None:
        story.hand_in("2020-05-29 09:00")
        story.accept("2020-05-29 10:00")
        told = {"materials_hash": "same", "by": getattr(story.crew, by), **facts}
        story.decide(f"2020-06-0{story.number} 10:00", conclusion, **told)
        story.deliver(f"2020-06-0{story.number} 11:00")

    return tale


def test_an_identical_case_decided_otherwise_by_another_is_yellow() -> None:
    (found,) = said_of("V11", NO_CLOCK, decided("grant"), decided("deny", "head"))
    assert (found.severity, found.variant, found.actor) == ("yellow", "differs", "head-office-1")


@pytest.mark.parametrize(
    "second",
    [
        decided("grant", "head"),  # the same
        decided("deny"),  # the same person, who may have learnt something
        decided("deny", "head", rule_version="guide@2"),
        decided("deny", "head", materials_hash="other"),
    ],
)
def test_other_papers_another_guide_or_the_same_person_are_no_unequal_treatment(second: Tale) -> None:
    assert verdicts("V11", NO_CLOCK, decided("grant"), second) == []


def test_before_the_regulation_it_is_only_a_notice() -> None:
    old = reviews("approve", "reject", "approve", start=day("Monday 2019-06-03"))
    assert verdicts("V11", NO_CLOCK, old) == ["notice"]


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("reviewer", ["red"])])
@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_a_test_or_duplicate_is_left_out_when_somebody_else_says_so(mark: str, by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        reviews("approve", "reject", "approve")(story)
        story.note(mark, "2020-07-01 10:00", getattr(story.crew, by))

    assert verdicts("V11", NO_CLOCK, tale) == expected
