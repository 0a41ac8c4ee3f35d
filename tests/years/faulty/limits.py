"""Limits in working days that were not kept: V04, V08, V09, V10, V12 and V15."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from tests.years.city import BASE, ONLY_ACCEPT, ONLY_DECIDE, ONLY_DELIVER, ONLY_STAGE, PERMIT, SUBSIDY
from tests.years.days import after
from tests.years.faulty.fault import Bench, Fault, Variant, day, of
from tests.years.faulty.late import Track, at_ten, variants
from tests.years.journal import Act
from tests.years.story import Story

MINUTES = timedelta(minutes=1)


def _hand_in(story: Story, when: datetime) -> Act:
    """Handed in a minute before, so that the start of the clock is the moment asked for."""
    story.submit(when - MINUTES)
    return story.receive(when)


def _taken_up(story: Story, when: datetime) -> Act:
    received = _hand_in(story, when)
    story.take_up(when + 3 * MINUTES)
    return received


def _accepted_at_once(story: Story, when: datetime) -> Act:
    received = _taken_up(story, when)
    story.accept(when + 5 * MINUTES)
    return received


def _accepted(story: Story, when: datetime) -> Act:
    _taken_up(story, when - 20 * MINUTES)
    return story.accept(when)


def _decided(story: Story, when: datetime) -> Act:
    _accepted(story, when - 90 * MINUTES)
    story.review(when - 60 * MINUTES)
    return story.decide(when)


def _decide_and_deliver(story: Story, when: datetime) -> Act:
    decided = story.decide(when)
    story.deliver(when + 5 * MINUTES)
    return decided


def _handed_in_at_the_counter(story: Story, when: datetime) -> Act:
    story.channel = "window"
    return _hand_in(story, when)


def _settle(story: Story, when: datetime) -> Act:
    """Ends the silence, and leaves nothing else that could be late."""
    opened = story.take_up(when)
    story.accept(when + MINUTES)
    story.review(when + 2 * MINUTES)
    return opened


ACCEPTANCE = Track(
    "V04", ONLY_ACCEPT, 5, _taken_up, lambda story, when: story.accept(when),
    lambda taken, allowed, overdue: "red" if overdue >= 3 else "yellow",
    lambda story: {"office": story.crew.office}, lambda story: story.crew.reviewer,
    is_pausable=False, also=frozenset({"V12"}),
)  # fmt: skip
FEEDBACK = Track(
    "V08", SUBSIDY, 5, _accepted_at_once, lambda story, when: story.deliver(when),
    lambda taken, allowed, overdue: "red" if taken >= 2 * allowed else "yellow",
    lambda story: {"office": story.crew.office}, lambda story: story.crew.reviewer, is_pausable=False,
)  # fmt: skip
DECISION = Track(
    "V09", ONLY_DECIDE, 20, _accepted, _decide_and_deliver, lambda taken, allowed, overdue: "red",
    lambda story: {"office": story.crew.office}, lambda story: story.crew.reviewer, extension=10, clock="decide",
    also=frozenset({"V13", "V14"}),
)  # fmt: skip
STAGE = Track(
    "V10", ONLY_STAGE, 8, _accepted, lambda story, when: story.review(when), lambda taken, allowed, overdue: "notice",
    lambda story: of(story.crew.reviewer), lambda story: story.crew.reviewer, also=frozenset({"V13"}),
)  # fmt: skip
DELIVERY = Track(
    "V15", ONLY_DELIVER, 10, _decided, lambda story, when: story.deliver(when),
    lambda taken, allowed, overdue: "yellow",
    lambda story: of(story.crew.decider), lambda story: story.crew.decider, also=frozenset({"V13"}),
)  # fmt: skip
SILENCE = Track(
    "V12", BASE, 3, _handed_in_at_the_counter, _settle,
    lambda taken, allowed, overdue: "red" if taken >= 5 else "yellow",
    lambda story: of(story.crew.clerk), lambda story: story.crew.clerk,
    is_pausable=False, by_date=False, shows_due=False,
)  # fmt: skip


def v04() -> Iterator[Variant]:
    yield from variants(ACCEPTANCE)
    yield _deemed_accepted
    yield _three_days_over


def v08() -> Iterator[Variant]:
    yield from variants(FEEDBACK)
    yield _delivered_late_after_reopening


def v09() -> Iterator[Variant]:
    yield from variants(DECISION)
    yield _over_the_promise_only


def v10() -> Iterator[Variant]:
    yield from variants(STAGE)


def v12() -> Iterator[Variant]:
    yield from variants(SILENCE)
    yield from (
        _chased_at_the_window,
        _looked_at_only,
        _passed_from_hand_to_hand,
        _passed_on_unanswered,
        _not_received,
    )


def v15() -> Iterator[Variant]:
    yield from variants(DELIVERY)
    yield from (_told_once, _told_by_the_accused, _told_after_the_limit)


def _deemed_accepted(bench: Bench) -> Fault:
    """The law accepts the case when the office is silent; the silence stays a fault."""
    story = bench.story(ONLY_ACCEPT)
    received = _taken_up(story, datetime(2020, 6, 1, 10))
    start = day("Monday 2020-06-01")
    midnight = datetime.combine(after(start, 5) + timedelta(1), time(0, 0, 30))
    story.note("deemed-accepted", midnight, story.crew.portal, counted_from=start, channel="system")
    story.accept(at_ten(after(start, 7)))
    return Fault(
        "V04", "deemed accepted by law", story.subject, "yellow", story.crew.office, first=received,
        numbers={"taken": 7, "allowed": 5, "overdue": 2}, also=frozenset({"V12"}),
    )  # fmt: skip


def _three_days_over(bench: Bench) -> Fault:
    story = bench.story(ONLY_ACCEPT)
    received = _taken_up(story, datetime(2020, 6, 1, 10))
    story.accept(at_ten(after(day("Monday 2020-06-01"), 8)))
    return Fault(
        "V04", "three working days over", story.subject, "red", story.crew.office, first=received,
        numbers={"taken": 8, "allowed": 5, "overdue": 3}, also=frozenset({"V12"}),
    )  # fmt: skip


def _delivered_late_after_reopening(bench: Bench) -> Fault:
    """Three days before the closing and three after the re-opening: six, where five are allowed."""
    story = bench.story(SUBSIDY)
    received = _accepted_at_once(story, datetime(2020, 6, 1, 10))
    story.deliver(at_ten(after(day("Monday 2020-06-01"), 3)))
    story.note("reopened", "Monday 2020-07-06 10:00", story.crew.supervisor, reason="sum was wrong")
    story.deliver("Thursday 2020-07-09 10:00")
    return Fault(
        "V08", "re-opened and late", story.subject, "yellow", story.crew.office, first=received,
        numbers={"taken": 6, "allowed": 5, "overdue": 1},
    )  # fmt: skip


def _over_the_promise_only(bench: Bench) -> Fault:
    """Sixteen days, where fifteen were promised and twenty are lawful."""
    story = bench.story(PERMIT)
    accepted = _accepted(story, datetime(2020, 6, 1, 10))
    start = day("Monday 2020-06-01")
    story.review(at_ten(after(start, 4)))
    story.decide(at_ten(after(start, 16)))
    story.deliver(at_ten(after(start, 20)))
    return Fault(
        "V09", "over the promise, within the law", story.subject, "yellow", story.crew.office, first=accepted,
        numbers={"taken": 16, "allowed": 15, "overdue": 1},
    )  # fmt: skip


def _silent(bench: Bench, name: str, severity: str, taken: int, chases: int = 0) -> tuple[Story, Act, Fault]:
    """Handed in on Monday 2020-06-01; the variant adds what does not count."""
    story = bench.story(BASE)
    received = _hand_in(story, datetime(2020, 6, 1, 10))
    fault = Fault(
        "V12", name, story.subject, severity, story.crew.office, story.crew.clerk.post, first=received,
        numbers={"taken": taken, "allowed": 3, "chases": chases},
    )  # fmt: skip
    return story, received, fault


def _chased_at_the_window(bench: Bench) -> Fault:
    story, _, fault = _silent(bench, "four days and a chase", "red", 4, 1)
    story.chase("Thursday 2020-06-04 09:00")
    story.chase("Thursday 2020-06-04 11:00", "phone")
    _settle(story, datetime(2020, 6, 5, 10))
    return fault


def _looked_at_only(bench: Bench) -> Fault:
    story, _, fault = _silent(bench, "viewed, remarked on, reminded of", "red", 6)
    for kind, when in (
        ("viewed", "2020-06-02 10:00"),
        ("commented", "2020-06-03 10:00"),
        ("viewed", "2020-06-05 10:00"),
    ):
        story.note(kind, when, story.crew.clerk)
    story.note(
        "reminded", "2020-06-04 10:00", story.crew.portal, clock="stage:check", level="warning", channel="system"
    )
    _settle(story, datetime(2020, 6, 9, 10))
    return fault


def _passed_from_hand_to_hand(bench: Bench) -> Fault:
    """Given to one after the other: only the first who takes it up moves it, and nobody did for six days after."""
    story, _, _ = _silent(bench, "", "red", 0)
    opened = story.take_up("Tuesday 2020-06-02 10:00")
    story.take_up("Thursday 2020-06-04 10:00", story.crew.other_reviewer)
    story.take_up("Monday 2020-06-08 10:00")
    _settle(story, datetime(2020, 6, 10, 10))
    return Fault(
        "V12", "given from hand to hand", story.subject, "red", **of(story.crew.reviewer), first=opened,
        numbers={"taken": 6, "allowed": 3, "chases": 0},
    )  # fmt: skip


def _passed_on_unanswered(bench: Bench) -> Fault:
    """Handed over and not acknowledged: the hand-over moves nothing, and the first office stays named."""
    story, _, fault = _silent(bench, "handed over, never acknowledged", "red", 5)
    story.hand_over("Tuesday 2020-06-02 10:00", "office-elsewhere")
    story.note("handover-acknowledged", "Monday 2020-06-08 10:00", story.crew.other_clerk)
    story.accept("Monday 2020-06-08 15:00")
    story.review("Tuesday 2020-06-09 10:00")
    return Fault(
        "V12", fault.name, fault.subject, "red", fault.office, first=fault.first, numbers=fault.numbers,
        also=frozenset({"V07"}),
    )  # fmt: skip


def _not_received(bench: Bench) -> Fault:
    """Handed in at the portal, and not even received for a week."""
    story = bench.story(BASE)
    submitted = story.submit("Monday 2020-06-01 10:00")
    story.receive("Monday 2020-06-08 10:00", by=story.crew.clerk)
    _settle(story, datetime(2020, 6, 8, 11))
    return Fault(
        "V12", "not received", story.subject, "red", None, first=submitted,
        numbers={"taken": 5, "allowed": 3, "chases": 0},
    )  # fmt: skip


def _uncollected(bench: Bench, name: str, days: tuple[int, ...], by_accused: bool) -> Fault:
    """Decided on Monday 2020-06-01, delivered on the twelfth working day after."""
    story = bench.story(ONLY_DELIVER)
    decided = _decided(story, datetime(2020, 6, 1, 14))
    start = day("Monday 2020-06-01")
    for k in days:
        author = story.crew.decider if by_accused else story.crew.clerk
        story.note("collection-noticed", at_ten(after(start, k)), author)
    story.deliver(at_ten(after(start, 12)) + 5 * MINUTES)
    return Fault(
        "V15", name, story.subject, "yellow", **of(story.crew.decider), first=decided,
        numbers={"taken": 12, "allowed": 10, "overdue": 2},
    )  # fmt: skip


def _told_once(bench: Bench) -> Fault:
    return _uncollected(bench, "told once to collect", (4,), by_accused=False)


def _told_by_the_accused(bench: Bench) -> Fault:
    return _uncollected(bench, "told twice, says the accused", (4, 6), by_accused=True)


def _told_after_the_limit(bench: Bench) -> Fault:
    return _uncollected(bench, "told when it was late already", (4, 11), by_accused=False)
