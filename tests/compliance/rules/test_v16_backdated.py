"""V16: what happened is recorded when it happened, in its order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.years.city import NO_CLOCK, Crew
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

TEN = datetime(2020, 6, 2, 10)  # a Tuesday


Declare = Callable[[Story], object]


def in_batch(first: str = "2020-06-02 09:00", last: str = "2020-06-02 12:00", **facts: Any) -> Declare:
    """Declared for that Tuesday morning."""
    by = facts.pop("by", None)

    def declare(story: Story) -> object:
        return story.declare_batch(first, last, facts.pop("batch", "batch-7"), by and getattr(story.crew, by), **facts)

    return declare


def accepted(
    late: timedelta,
    *,
    by: str = "clerk",
    batch: str | None = None,
    channel: str = "window",
    declared: Declare | None = None,
) -> Tale:
    def tale(story: Story) -> None:
        if declared:
            declared(story)
        story.hand_in(TEN - timedelta(minutes=5))
        act = story.accept(TEN, by=getattr(story.crew, by), sync_batch=batch, channel=channel)
        act.recorded_at = act.occurred_at + late

    return tale


@pytest.mark.parametrize(("seconds", "expected"), [(0, []), (1800, []), (1801, ["red"]), (86_400, ["red"])])
def test_half_an_hour_at_a_window_is_allowed_and_a_second_more_is_not(seconds: int, expected: list[str]) -> None:
    assert verdicts("V16", NO_CLOCK, accepted(timedelta(seconds=seconds))) == expected


def test_it_names_the_one_who_recorded_it_and_says_how_late() -> None:
    (found,) = said_of("V16", NO_CLOCK, accepted(timedelta(minutes=45)))
    assert (found.office, found.post, found.actor) == ("office", "office/clerk", "clerk-office-1")
    assert (found.numbers["fault"], found.numbers["minutes"]) == ("recorded-late", 45)


@pytest.mark.parametrize("channel", ["web", "phone", "village", "system"])
@pytest.mark.parametrize(("minutes", "expected"), [(31, []), (240, []), (241, ["red"]), (60 * 24 * 30, ["red"])])
def test_away_from_a_window_it_is_half_a_day(channel: str, minutes: int, expected: list[str]) -> None:
    assert verdicts("V16", NO_CLOCK, accepted(timedelta(minutes=minutes), channel=channel)) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (in_batch(), []),
        (in_batch(first="2020-06-02 10:00"), []),
        (in_batch(first="2020-06-02 10:01"), ["red"]),  # the act lies before it
        (in_batch(last="2020-06-02 10:00"), []),
        (in_batch(last="2020-06-02 09:59"), ["red"]),  # and after it
        (in_batch(batch="batch-8"), ["red"]),
        (in_batch(by="clerk"), ["red"]),  # by the accused
        (in_batch(by="other_clerk"), ["red"]),  # by a colleague
        (in_batch(by="portal"), []),
        (in_batch(when="2020-06-05 10:01"), ["red"]),  # after everything was recorded
        (in_batch(when="2020-06-05 10:00"), []),
        (None, ["red"]),  # never declared
    ],
)
def test_an_offline_batch_excuses_what_happened_in_it_if_somebody_else_declared_it(
    declared: Declare | None, expected: list[str]
) -> None:
    assert verdicts("V16", NO_CLOCK, accepted(timedelta(days=3), batch="batch-7", declared=declared)) == expected


def test_a_supervisors_own_acts_are_excused_by_no_batch_of_his_own() -> None:
    late = timedelta(days=2)
    assert verdicts("V16", NO_CLOCK, accepted(late, by="supervisor", batch="batch-7", declared=in_batch())) == ["red"]


def test_another_offices_batch_excuses_nothing() -> None:
    def tale(story: Story) -> None:
        elsewhere = Story(story.journal, NO_CLOCK, 99, Crew("elsewhere", 9))
        accepted(timedelta(days=1), batch="batch-7", declared=lambda _: in_batch()(elsewhere))(story)

    assert verdicts("V16", NO_CLOCK, tale) == ["red"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(3, []), (4, ["red"])],  # Friday is the third working day after that Tuesday; the fourth is a Monday
)
def test_a_batch_is_recorded_soon_after_its_end(days: int, expected: list[str]) -> None:
    late = timedelta(days=days if days < 4 else 6)
    assert verdicts("V16", NO_CLOCK, accepted(late, batch="batch-7", declared=in_batch())) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(60, []), (61, ["red"])])
def test_nothing_is_recorded_before_it_happens(seconds: int, expected: list[str]) -> None:
    found = said_of("V16", NO_CLOCK, accepted(timedelta(seconds=-seconds)))
    assert [finding.severity for finding in found] == expected
    assert [finding.variant for finding in found] == ["before-it-happened"] * len(expected)


def reviewed_before_decided(seconds: int, batch: str | None = None) -> Tale:
    """At desks, where no window binds: the opinion recorded after the decision is said to have come before it."""

    def tale(story: Story) -> None:
        in_batch()(story)
        story.hand_in(TEN - timedelta(hours=1))
        story.accept(TEN - timedelta(minutes=50))
        story.decide(TEN)
        act = story.review(TEN - timedelta(seconds=seconds), sync_batch=batch)
        act.recorded_at = story.acts[-2].occurred_at + timedelta(minutes=2)

    return tale


@pytest.mark.parametrize(("seconds", "expected"), [(60, []), (61, ["red"]), (1200, ["red"])])
def test_times_follow_the_order_of_recording(seconds: int, expected: list[str]) -> None:
    assert verdicts("V16", NO_CLOCK, reviewed_before_decided(seconds)) == expected
    assert verdicts("V16", NO_CLOCK, reviewed_before_decided(seconds, "batch-7")) == []


@pytest.mark.parametrize(("seconds", "expected"), [(0, []), (1, ["red"])])
@pytest.mark.parametrize("batch", [None, "batch-7"])
def test_nothing_is_closed_before_it_was_opened_not_even_offline(
    seconds: int, expected: list[str], batch: str | None
) -> None:
    def tale(story: Story) -> None:
        in_batch()(story)
        story.batch = batch
        story.refuse(TEN - timedelta(seconds=seconds), recorded=TEN + timedelta(minutes=1))
        story.submit(TEN)
        story.receive(TEN)

    assert verdicts("V16", NO_CLOCK, tale) == expected


def evening(acts: int, gap: int, first: datetime = datetime(2020, 6, 2, 20)) -> Tale:
    def tale(story: Story) -> None:
        story.hand_in(first - timedelta(hours=12))
        for k in range(acts):
            story.note("commented", first + timedelta(seconds=gap * k), story.crew.reviewer)

    return tale


@pytest.mark.parametrize(
    ("tale", "expected"),
    [
        (evening(19, 1), []),
        (evening(20, 1), ["red"]),
        (evening(20, 31), ["red"]),  # 9 minutes 49 seconds
        (evening(20, 32), []),  # 10 minutes 8 seconds
        (evening(60, 1), ["red"]),  # one run, one finding
        (evening(20, 1, datetime(2020, 6, 2, 17, 59)), []),  # Tuesday, still in hours
        (evening(20, 1, datetime(2020, 6, 2, 18)), ["red"]),
        (evening(20, 1, datetime(2020, 6, 3, 7, 59)), ["red"]),
        (evening(20, 1, datetime(2020, 6, 7, 11)), ["red"]),  # Sunday
        (evening(20, 1, datetime(2020, 6, 28, 11)), []),  # a make-up Sunday
    ],
)
def test_twenty_acts_in_ten_minutes_out_of_hours_are_bulk(tale: Tale, expected: list[str]) -> None:
    assert verdicts("V16", NO_CLOCK, tale) == expected


def test_what_citizens_and_the_portal_do_is_never_back_dated() -> None:
    def tale(story: Story) -> None:
        submitted = story.submit(TEN, channel="window")
        submitted.recorded_at += timedelta(days=1)
        received = story.receive(TEN + timedelta(minutes=1))
        received.recorded_at += timedelta(days=1)

    assert verdicts("V16", NO_CLOCK, tale) == []


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("clerk", ["red"])])
@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_a_test_or_duplicate_is_left_out_when_somebody_else_says_so(mark: str, by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        accepted(timedelta(hours=2))(story)
        story.note(mark, "2020-08-03 10:00", getattr(story.crew, by))

    assert verdicts("V16", NO_CLOCK, tale) == expected


def test_before_the_standard_there_is_only_a_notice() -> None:
    def tale(story: Story) -> None:
        story.hand_in("2008-03-03 09:55")
        act = story.accept("2008-03-03 10:00")
        act.recorded_at += timedelta(hours=2)

    assert verdicts("V16", NO_CLOCK, tale) == ["notice"]
