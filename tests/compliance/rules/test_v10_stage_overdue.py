"""V10: a stage over its limit is a hint, as long as the whole is in time."""

from __future__ import annotations

import pytest

from tests.years.city import ONLY_STAGE, PERMIT
from tests.years.days import after
from tests.years.faulty.fault import day
from tests.years.faulty.late import at_ten
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

START = day("Monday 2020-06-01")


def accepted(story: Story) -> None:
    story.hand_in("2020-06-01 09:00")
    story.take_up("2020-06-01 09:10")
    story.accept("2020-06-01 10:00")


def reviewed(days: int, end: int | None = None) -> Tale:
    def tale(story: Story) -> None:
        accepted(story)
        story.review(at_ten(after(START, days)))
        if end:
            story.decide(at_ten(after(START, end)))
            story.deliver(at_ten(after(START, end + 1)))

    return tale


@pytest.mark.parametrize(("days", "expected"), [(8, []), (9, ["notice"])])  # Thursday 11 June, Friday 12 June
def test_the_last_day_of_a_stage_is_in_time_and_the_next_is_not(days: int, expected: list[str]) -> None:
    assert verdicts("V10", ONLY_STAGE, reviewed(days)) == expected


def test_it_names_who_held_the_stage_and_says_how_long() -> None:
    (found,) = said_of("V10", ONLY_STAGE, reviewed(11))
    assert (found.office, found.post, found.actor) == ("office", "office/reviewer", "reviewer-office-1")
    numbers = {name: found.numbers[name] for name in ("stage", "taken", "allowed", "overdue")}
    assert numbers == {"stage": "review", "taken": 11, "allowed": 8, "overdue": 3}


def test_a_whole_that_is_late_is_the_matter_of_another_rule() -> None:
    assert verdicts("V10", PERMIT, reviewed(10, end=15)) == ["notice"]
    assert verdicts("V10", PERMIT, reviewed(10, end=16)) == []


def test_days_of_a_lawful_pause_are_left_out() -> None:
    def tale(story: Story) -> None:
        accepted(story)
        story.pause("2020-06-01 15:00", day("Tuesday 2020-06-02"), 3)
        story.resume("2020-06-04 16:00", day("Thursday 2020-06-04"))
        story.review(at_ten(after(START, 11)))

    assert verdicts("V10", ONLY_STAGE, tale) == []


def test_a_pause_that_the_reviewer_gave_himself_excuses_nothing() -> None:
    def tale(story: Story) -> None:
        accepted(story)
        reviewer = story.crew.reviewer
        story.pause("2020-06-01 15:00", day("Tuesday 2020-06-02"), 3, by=reviewer, approved_by=reviewer.actor)
        story.resume("2020-06-04 16:00", day("Thursday 2020-06-04"))
        story.review(at_ten(after(START, 11)))

    assert verdicts("V10", ONLY_STAGE, tale) == ["notice"]


@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_tests_and_duplicates_are_left_out_when_somebody_else_says_so(mark: str) -> None:
    def by_supervisor(story: Story) -> None:
        reviewed(12)(story)
        story.note(mark, "2020-07-01 10:00", story.crew.supervisor)

    def by_the_accused(story: Story) -> None:
        reviewed(12)(story)
        story.note(mark, "2020-07-01 10:00", story.crew.reviewer)

    assert verdicts("V10", ONLY_STAGE, by_supervisor) == []
    assert verdicts("V10", ONLY_STAGE, by_the_accused) == ["notice"]


def test_a_stage_is_of_who_ended_it_but_a_case_that_left_is_of_who_had_taken_it_up() -> None:
    def by_another(story: Story) -> None:
        accepted(story)
        story.review(at_ten(after(START, 11)), by=story.crew.other_reviewer)

    def withdrawn(story: Story) -> None:
        accepted(story)
        story.note("withdrawn", at_ten(after(START, 11)), story.applicant)

    def terminated(story: Story) -> None:
        accepted(story)
        story.note("terminated", at_ten(after(START, 11)), story.crew.decider, approved_by=story.crew.supervisor.actor)

    told = [said_of("V10", ONLY_STAGE, tale)[0].actor for tale in (by_another, withdrawn, terminated)]
    assert told == ["reviewer-2-office-1", "reviewer-office-1", "reviewer-office-1"]
