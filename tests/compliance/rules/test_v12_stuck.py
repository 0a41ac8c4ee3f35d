"""V12: silence over a waiting case, measured from the last act of substance."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.basis import SYSTEM
from tests.years.city import BASE
from tests.years.faulty.fault import day
from tests.years.story import Story
from tests.years.told import said_of, verdicts


def received(story: Story) -> None:
    """Monday 2020-06-01, at the counter."""
    story.hand_in("Monday 2020-06-01 10:00")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-06-04 23:59", []),  # Thursday: three working days
        ("2020-06-05 00:00", ["yellow"]),  # Friday: four
        ("2020-06-07 12:00", ["yellow"]),  # Sunday: still four
        ("2020-06-08 00:00", ["red"]),  # Monday: five
    ],
)
def test_three_working_days_of_silence_are_allowed_and_the_fifth_is_red(as_of: str, expected: list[str]) -> None:
    assert verdicts("V12", BASE, received, as_of=datetime.fromisoformat(as_of), channel="window") == expected


def test_it_names_the_owner_of_the_queue() -> None:
    (found,) = said_of("V12", BASE, received, as_of=datetime(2020, 6, 5, 12), channel="window")
    assert (found.office, found.post, found.actor) == ("office", "office/clerk", "clerk-office-1")
    assert (found.numbers["taken"], found.numbers["allowed"], found.numbers["chases"]) == (4, 3, 0)
    assert found.is_open


@pytest.mark.parametrize(("place", "expected"), [("window", "red"), ("phone", "yellow"), ("web", "yellow")])
def test_a_chase_at_a_window_makes_it_red(place: str, expected: str) -> None:
    def tale(story: Story) -> None:
        received(story)
        story.chase("2020-06-03 10:00", place)

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 5, 12)) == [expected]


def test_a_chase_while_it_is_in_time_costs_nobody_anything() -> None:
    def tale(story: Story) -> None:
        received(story)
        story.chase("2020-06-03 10:00")

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 4, 12)) == []


@pytest.mark.parametrize("kind", ["viewed", "commented", "assigned"])
def test_looking_remarking_and_giving_away_move_nothing(kind: str) -> None:
    def tale(story: Story) -> None:
        received(story)
        story.note(kind, "2020-06-04 10:00", story.crew.clerk, assignee="x" if kind == "assigned" else None)

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 5, 12)) == ["yellow"]


def test_taking_it_up_counts_once_and_only_by_the_one_it_was_given_to() -> None:
    def given(story: Story) -> None:
        received(story)
        story.take_up("2020-06-03 10:00")

    def opened_by_a_stranger(story: Story) -> None:
        received(story)
        story.note("assigned", "2020-06-03 10:00", story.crew.supervisor, assignee=story.crew.reviewer.actor)
        story.note("opened", "2020-06-03 10:05", story.crew.other_reviewer)

    def given_twice(story: Story) -> None:
        given(story)
        story.take_up("2020-06-05 10:00", story.crew.other_reviewer)

    friday, tuesday = datetime(2020, 6, 5, 12), datetime(2020, 6, 9, 12)
    assert verdicts("V12", BASE, given, as_of=friday) == []
    assert verdicts("V12", BASE, opened_by_a_stranger, as_of=friday) == ["yellow"]
    assert verdicts("V12", BASE, given_twice, as_of=tuesday) == ["yellow"]  # four days since Wednesday


@pytest.mark.parametrize("way", ["accept", "refuse", "correct", "withdraw", "terminate"])
def test_an_accepted_refused_or_withdrawn_case_waits_no_longer(way: str) -> None:
    def tale(story: Story) -> None:
        received(story)
        match way:
            case "accept":
                story.accept("2020-06-04 10:00")
            case "refuse":
                story.refuse("2020-06-04 10:00")
            case "correct":
                story.notice_correction("2020-06-04 10:00", ["seal"])
            case "withdraw":
                story.note("withdrawn", "2020-06-04 10:00", story.applicant)
            case _:
                by, other = story.crew.decider, story.crew.supervisor.actor
                story.note("terminated", "2020-06-04 10:00", by, reason="dissolved", approved_by=other)

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 7, 31, 12)) == []


def test_after_a_correction_the_office_is_waited_for_again() -> None:
    def tale(story: Story) -> None:
        received(story)
        story.notice_correction("2020-06-02 10:00", ["seal"])
        story.submit_correction("Friday 2020-06-19 10:00")

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 24, 23)) == []  # Wednesday: three days
    (found,) = said_of("V12", BASE, tale, as_of=datetime(2020, 6, 28, 9))  # a make-up Sunday: four
    assert (found.severity, found.actor) == ("yellow", "reviewer-office-1")


def test_a_hand_over_moves_nothing_until_it_is_acknowledged() -> None:
    def tale(story: Story) -> None:
        received(story)
        story.hand_over("2020-06-04 10:00", "office-b")
        story.note("handover-acknowledged", "2020-06-05 10:00", story.crew.other_clerk)

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 5, 9), channel="window") == ["yellow"]
    (found,) = said_of("V12", BASE, tale, as_of=datetime(2020, 6, 9, 12), channel="window")
    assert (found.numbers["taken"], found.is_open) == (4, False)


def test_an_accepted_case_waits_while_a_hand_over_is_not_acknowledged() -> None:
    def tale(story: Story) -> None:
        received(story)
        story.accept("2020-06-02 10:00")
        story.hand_over("2020-06-15 10:00", "office-b")

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 18, 12)) == []
    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 19, 12)) == ["yellow"]


GUARDS = ["pause", "wait", "outage"]


def excused(story: Story, guard: str, *, by_himself: bool) -> None:
    received(story)
    first, last = day("Tuesday 2020-06-02"), day("Thursday 2020-06-04")
    clerk = story.crew.clerk
    if guard == "pause":
        approver = clerk if by_himself else story.crew.supervisor
        story.pause("2020-06-01 16:00", first, 3, by=clerk, approved_by=approver.actor)
        story.resume("2020-06-04 16:00", last)
    elif guard == "wait":
        story.ask_to_wait("2020-06-01 16:00", first, last, clerk if by_himself else None)
    else:
        story.link_outage("2020-06-01 16:00", "outage-1", first, last, clerk if by_himself else SYSTEM)


@pytest.mark.parametrize("guard", GUARDS)
def test_days_that_are_excused_are_left_out(guard: str) -> None:
    def tale(story: Story) -> None:
        excused(story, guard, by_himself=False)

    in_time = datetime(2020, 6, 9, 12)
    allows = guard in ("wait", "outage")  # the item knows no special procedure
    assert verdicts("V12", BASE, tale, as_of=in_time, channel="window") == ([] if allows else ["red"])
    late = datetime(2020, 6, 10, 12)
    assert verdicts("V12", BASE, tale, as_of=late, channel="window") == (["yellow"] if allows else ["red"])


@pytest.mark.parametrize("guard", GUARDS)
def test_what_the_accused_wrote_himself_excuses_nothing(guard: str) -> None:
    def tale(story: Story) -> None:
        excused(story, guard, by_himself=True)

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 8, 12), channel="window") == ["red"]


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("clerk", ["red"])])
@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_a_test_or_duplicate_is_left_out_when_somebody_else_says_so(mark: str, by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        received(story)
        story.note(mark, "2020-06-10 10:00", getattr(story.crew, by))

    assert verdicts("V12", BASE, tale, as_of=datetime(2020, 6, 12, 12), channel="window") == expected
