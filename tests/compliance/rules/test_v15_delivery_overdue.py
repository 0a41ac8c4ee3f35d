"""V15: ten working days from the decision to the applicant's hands."""

from __future__ import annotations

import pytest

from portal.basis import SYSTEM
from tests.years.city import ONLY_DELIVER, PERMIT, SUBSIDY, Item
from tests.years.days import after
from tests.years.faulty.fault import day
from tests.years.faulty.late import at_ten
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

START = day("Monday 2020-06-01")


def decided(story: Story) -> None:
    story.hand_in("2020-06-01 08:00")
    story.accept("2020-06-01 08:30")
    story.review("2020-06-01 09:00")
    story.decide("2020-06-01 10:00")


def delivered(days: int, notices: tuple[int, ...] = (), told_by: str = "system") -> Tale:
    def tale(story: Story) -> None:
        decided(story)
        by = SYSTEM if told_by == "system" else getattr(story.crew, told_by)
        for k in notices:
            story.note("collection-noticed", at_ten(after(START, k)), by)
        story.deliver(at_ten(after(START, days)))

    return tale


@pytest.mark.parametrize(("days", "expected"), [(10, []), (11, ["yellow"]), (30, ["yellow"])])
def test_the_tenth_working_day_is_in_time_and_the_eleventh_is_not(days: int, expected: list[str]) -> None:
    assert verdicts("V15", ONLY_DELIVER, delivered(days)) == expected


def test_it_is_the_statute_that_makes_it_yellow_even_where_the_item_names_no_limit() -> None:
    bare = Item("bare-permit@1", "permit")
    assert verdicts("V15", bare, delivered(11)) == []  # the log does not know that it is a permit
    assert verdicts("V15", PERMIT, delivered(11)) == ["yellow"]


def test_the_licensing_law_judges_no_benefit() -> None:
    assert verdicts("V15", SUBSIDY, delivered(40)) == []


@pytest.mark.parametrize(
    ("notices", "told_by", "expected"),
    [
        ((4, 10), "system", []),  # the second on the last day
        ((4, 6), "other_clerk", []),
        ((4,), "system", ["yellow"]),
        ((4, 11), "system", ["yellow"]),  # the second too late
        ((4, 6), "decider", ["yellow"]),  # says the accused
    ],
)
def test_an_applicant_told_twice_in_time_and_by_another_excuses(
    notices: tuple[int, ...], told_by: str, expected: list[str]
) -> None:
    assert verdicts("V15", ONLY_DELIVER, delivered(20, notices, told_by)) == expected


def test_it_names_who_made_the_licence_else_who_decided() -> None:
    def made(story: Story) -> None:
        decided(story)
        story.note("licence-produced", "2020-06-03 10:00", story.crew.other_clerk, licence_no="L1")

    assert said_of("V15", ONLY_DELIVER, made)[0].actor == "clerk-2-office-1"
    assert said_of("V15", ONLY_DELIVER, decided)[0].actor == "decider-office-1"


@pytest.mark.parametrize(("days", "expected"), [(10, []), (11, ["yellow"])])
def test_delivery_waits_for_deferred_material_and_no_longer(days: int, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.accept("2020-06-01 08:30", "tolerantly-accepted", deferred=["lease"], due_on=day("Friday 2020-07-31"))
        story.review("2020-06-01 09:00")
        story.decide("2020-06-01 10:00")
        supplied = after(START, 25)
        story.supply(at_ten(supplied))
        story.deliver(at_ten(after(supplied, days)))

    assert verdicts("V15", ONLY_DELIVER, tale) == expected


def test_a_held_delivery_is_not_late_while_the_material_is_missing() -> None:
    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.accept("2020-06-01 08:30", "tolerantly-accepted", deferred=["lease"], due_on=day("Friday 2020-07-31"))
        story.decide("2020-06-01 10:00")

    assert verdicts("V15", ONLY_DELIVER, tale) == []


@pytest.mark.parametrize("guard", ["pause", "wait", "outage"])
@pytest.mark.parametrize("by_himself", [False, True])
def test_excused_days_are_left_out_unless_the_accused_wrote_them(guard: str, *, by_himself: bool) -> None:
    def tale(story: Story) -> None:
        decided(story)
        first, last = after(START, 1), after(START, 3)
        decider = story.crew.decider
        if guard == "pause":
            approver = decider if by_himself else story.crew.supervisor
            story.pause("2020-06-01 15:00", first, 3, by=decider, approved_by=approver.actor)
            story.resume(at_ten(last), last)
        elif guard == "wait":
            story.ask_to_wait("2020-06-01 15:00", first, last, decider if by_himself else None)
        else:
            story.link_outage("2020-06-01 15:00", "outage-1", first, last, decider if by_himself else SYSTEM)
        story.deliver(at_ten(after(START, 13)))

    assert verdicts("V15", ONLY_DELIVER, tale) == (["yellow"] if by_himself else [])


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("decider", ["yellow"])])
def test_a_test_is_left_out_when_somebody_else_says_so(by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        decided(story)
        story.note("marked-test", "2020-08-03 10:00", getattr(story.crew, by))

    assert verdicts("V15", ONLY_DELIVER, tale) == expected


def test_the_post_is_of_the_same_person_as_the_name() -> None:
    def made_without_a_post(story: Story) -> None:
        decided(story)
        story.note("licence-produced", "2020-06-03 10:00", story.crew.other_clerk, licence_no="L1", post=None)

    told = [said_of("V15", ONLY_DELIVER, tale)[0] for tale in (decided, made_without_a_post)]
    assert [(found.actor, found.post) for found in told] == [
        ("decider-office-1", "office/decider"), ("clerk-2-office-1", None),
    ]  # fmt: skip
