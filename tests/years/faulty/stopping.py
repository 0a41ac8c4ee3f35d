"""Clocks that were stopped or lengthened against the rules: V13 and V14."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.years.city import DISCLOSURE, HOTLINE, NO_CLOCK, ONLY_DECIDE, PETITION, Item
from tests.years.days import after, back, between
from tests.years.faulty.fault import Bench, Fault, Variant, Whose, day, of
from tests.years.journal import Act
from tests.years.story import Story

DAY = timedelta(1)
FOREIGN_TYPES = (
    "leave", "meeting", "system-upgrade", "internal-consultation", "site-survey", "technical-review",
    "third-party-consultation",
)  # fmt: skip


def _accepted(bench: Bench, item: Item, on: date) -> tuple[Story, Act]:
    story = bench.story(item)
    start = datetime.combine(on, time(9))
    story.hand_in(start)
    story.take_up(start.replace(minute=10))
    return story, story.accept(start.replace(minute=20))


def _finish(story: Story, on: date) -> None:
    story.decide(datetime.combine(on, time(15)))
    story.deliver(datetime.combine(on, time(16)))


# --- V13 -------------------------------------------------------------------------------------------------------------
def v13() -> Iterator[Variant]:
    for pause_type in FOREIGN_TYPES:
        yield _pause(f"of the type {pause_type}", "type", "Monday 2020-06-01", 3, pause_type=pause_type)
    yield _pause("told nobody", "no-notice", "Monday 2020-06-01", 3, notice_no=None)
    yield _pause("for no stated time", "no-notice", "Monday 2020-06-08", None)
    yield _pause("for zero days", "no-notice", "Monday 2020-06-15", 0)
    yield _pause(
        "of no type, told nobody", "type|no-notice", "Monday 2020-07-06", 2, pause_type="leave", notice_no=None
    )
    yield _pause("for a hearing of 21 days", "hearing-too-long", "Monday 2020-03-02", 21, pause_type="hearing")
    yield _pause("by a clerk", "type", "Monday 2020-07-13", 1, pause_type="meeting", by_clerk=True)
    # one working day more than declared: the first day that is not counted, the days declared
    for name, first, days in (
        ("a day longer than declared", "Tuesday 2020-05-12", 2),
        ("a weekend longer makes it Monday", "Wednesday 2020-05-13", 3),
        ("longer over the National Day week", "Monday 2020-09-28", 3),
        ("longer by a make-up Sunday", "Thursday 2020-04-23", 2),
        ("longer over the prolonged festival", "Tuesday 2020-01-21", 3),
        ("longer over the year's end", "Wednesday 2020-12-30", 2),
        ("longer over the festival of 2021", "Monday 2021-02-08", 3),
    ):
        yield _overstayed(name, day(first), days, 1)
    yield _overstayed("weeks longer than declared", day("Monday 2020-11-02"), 5, 15)
    for name, days in (("the day after the limit", 1), ("a week after the limit", 5)):
        yield _after_limit(name, days)
    yield _after_extended_limit
    yield _of_another_law


def _pause(name: str, faults: str, on: str, days: int | None, *, by_clerk: bool = False, **facts: Any) -> Variant:
    def make(bench: Bench) -> Fault:
        start = day(on)
        story, _ = _accepted(bench, NO_CLOCK, start)
        by = story.crew.clerk if by_clerk else story.crew.reviewer
        told = {"pause_type": "inspection", "by": by, **facts}
        act = story.pause(datetime.combine(start, time(15)), start + DAY, days, **told)
        last = after(start, max(days or 0, 1))
        story.resume(datetime.combine(last, time(16)), last)
        _finish(story, after(last, 2))
        numbers: dict[str, int | str] = {"faults": faults} | ({"declared": days} if days is not None else {})
        also = frozenset({"V13"})
        if not days:
            return Fault("V13", name, story.subject, "red", **of(by), first=act, also=also)
        return Fault("V13", name, story.subject, "red", **of(by), first=act, numbers=numbers, also=also)

    return make


def _overstayed(name: str, first: date, days: int, more: int) -> Variant:
    def make(bench: Bench) -> Fault:
        story, _ = _accepted(bench, NO_CLOCK, back(first, 3))
        act = story.pause(datetime.combine(back(first, 1), time(15)), first, days)
        last = after(first - DAY, days + more)
        story.resume(datetime.combine(last, time(16)), last)
        _finish(story, after(last, 2))
        numbers: dict[str, int | str] = {"faults": "longer-than-declared", "declared": days}
        numbers["actual"] = between(first - DAY, last)
        return Fault("V13", name, story.subject, "red", **of(story.crew.reviewer), first=act, numbers=numbers)

    return make


def _after_limit(name: str, days: int) -> Variant:
    def make(bench: Bench) -> Fault:
        start = day("Monday 2020-08-03")
        story, _ = _accepted(bench, ONLY_DECIDE, start)
        first = after(start, 20 + days)
        act = story.pause(datetime.combine(first - DAY, time(15)), first, 4)
        story.resume(datetime.combine(after(first, 3), time(16)), after(first, 3))
        _finish(story, after(first, 5))
        return Fault(
            "V13", name, story.subject, "red", **of(story.crew.reviewer), first=act, numbers={"faults": "after-limit"},
            also=frozenset({"V09"}),
        )  # fmt: skip

    return make


def _after_extended_limit(bench: Bench) -> Fault:
    start = day("Monday 2020-10-12")
    story, _ = _accepted(bench, ONLY_DECIDE, start)
    story.extend(datetime.combine(after(start, 12), time(10)), 10)
    first = after(start, 31)
    act = story.pause(datetime.combine(first, time(9)), first, 2)
    story.resume(datetime.combine(after(first, 1), time(16)), after(first, 1))
    _finish(story, after(first, 3))
    return Fault(
        "V13", "after the extended limit", story.subject, "red", **of(story.crew.reviewer), first=act,
        numbers={"faults": "after-limit"}, also=frozenset({"V09"}),
    )  # fmt: skip


def _of_another_law(bench: Bench) -> Fault:
    """The licensing law judges no disclosure: a hint is all that can be said."""
    start = day("Monday 2020-06-01")
    story, _ = _accepted(bench, DISCLOSURE, start)
    act = story.pause(datetime.combine(start, time(15)), start + DAY, 3, "leave")
    story.resume(datetime.combine(after(start, 3), time(16)), after(start, 3))
    story.deliver(datetime.combine(after(start, 9), time(10)))
    return Fault(
        "V13",
        "in a disclosure",
        story.subject,
        "notice",
        **of(story.crew.reviewer),
        first=act,
        numbers={"faults": "type"},
    )


# --- V14 -------------------------------------------------------------------------------------------------------------
_LIMITS = {ONLY_DECIDE: ("decide", 20, 10), DISCLOSURE: ("feedback", 20, 20), HOTLINE: ("feedback", 5, 5)}
Facts = Callable[[Story], dict[str, Any]]


def v14() -> Iterator[Variant]:
    for item in (ONLY_DECIDE, DISCLOSURE):
        kind = item.item_type
        yield _extension(f"approved by nobody ({kind})", item, "no-approver", lambda story: {"approved_by": None})
        yield _extension(f"too long ({kind})", item, "too-long", more=1)
        yield _extension(f"not told ({kind})", item, "not-told", lambda story: {"notice_no": None})
        yield _extension(f"approved by the reviewer ({kind})", item, "approver-is-handler", _by_reviewer)
        yield _extension(f"the day after the limit ({kind})", item, "after-expiry", late=1)
        yield _second(item)
    yield _extension("without a reason", ONLY_DECIDE, "not-told", lambda story: {"reason": None})
    yield _extension("approved by who accepted it", ONLY_DECIDE, "approver-is-handler", _by_acceptor)
    yield _extension("approved by who was given it", ONLY_DECIDE, "approver-is-handler", _by_assignee)
    yield _extension("a month too long", ONLY_DECIDE, "too-long", more=20)
    yield _extension(
        "too long and not told", ONLY_DECIDE, "too-long|not-told", lambda story: {"notice_no": None}, more=5
    )
    for name, due, given in (
        ("the minute after midnight", "Wednesday 2020-06-10", "2020-06-11 00:00"),
        ("the Saturday after a due Friday", "Friday 2020-05-15", "2020-05-16 10:00"),
        ("the first day of a holiday", "Thursday 2020-04-30", "2020-05-01 10:00"),
        ("due on a make-up Sunday", "Sunday 2020-09-27", "2020-09-28 09:00"),
        ("after the year's end", "Thursday 2020-12-31", "2021-01-04 09:00"),
        ("after the prolonged festival", "Monday 2020-02-03", "2020-02-04 09:00"),
    ):
        yield _expired(name, day(due), datetime.fromisoformat(given))
    yield _petition_too_long
    yield _hotline_extended_twice


def _by_reviewer(story: Story) -> dict[str, Any]:
    return {"by": story.crew.reviewer, "approved_by": story.crew.reviewer.actor}


def _by_acceptor(story: Story) -> dict[str, Any]:
    return {"by": story.crew.clerk, "approved_by": story.crew.clerk.actor}


def _by_assignee(story: Story) -> dict[str, Any]:
    """The head had taken the case himself."""
    story.note("assigned", "Tuesday 2020-06-02 09:00", story.crew.supervisor, assignee=story.crew.head.actor)
    return {}


def _extension(
    name: str, item: Item, faults: str, facts: Facts = lambda story: {}, *, more: int = 0, late: int = 0
) -> Variant:
    def make(bench: Bench) -> Fault:
        clock, limit, allowed = _LIMITS[item]
        start = day("Monday 2020-06-01")
        story, _ = _accepted(bench, item, start)
        given = after(start, limit + late if late else limit - 2)
        act = story.extend(datetime.combine(given, time(10)), allowed + more, clock, **facts(story))
        end = after(given, 1)
        _finish(story, end)
        is_own = act.payload.get("approved_by") in (None, act.by.actor)
        accused: Whose = of(act.by) if is_own else {"office": act.by.office}
        return Fault(
            "V14", name, story.subject, "red", **accused, first=act, also=frozenset({"V08", "V09"} if late else ()),
            numbers={"faults": faults, "days": allowed + more, "allowed": allowed},
        )  # fmt: skip

    return make


def _second(item: Item) -> Variant:
    """Half of what is allowed, and then the other half: once is once."""

    def make(bench: Bench) -> Fault:
        clock, limit, allowed = _LIMITS[item]
        start = day("Monday 2020-07-06")
        story, _ = _accepted(bench, item, start)
        half = allowed // 2
        story.extend(datetime.combine(after(start, limit - 6), time(10)), half, clock)
        act = story.extend(datetime.combine(after(start, limit - 1), time(10)), half, clock, notice_no="E-b")
        _finish(story, after(start, limit + 1))
        return Fault(
            "V14", f"twice ({item.item_type})", story.subject, "red", **of(story.crew.head), first=act,
            numbers={"faults": "second", "days": half, "allowed": allowed, "nth_extension": 2},
        )  # fmt: skip

    return make


def _expired(name: str, due: date, given: datetime) -> Variant:
    def make(bench: Bench) -> Fault:
        story, _ = _accepted(bench, ONLY_DECIDE, back(due, 20))
        act = story.extend(given, 10)
        _finish(story, after(given.date(), 1))
        return Fault(
            "V14", name, story.subject, "red", **of(story.crew.head), first=act,
            numbers={"faults": "after-expiry", "days": 10, "allowed": 10}, also=frozenset({"V09"}),
        )  # fmt: skip

    return make


def _petition_too_long(bench: Bench) -> Fault:
    start = day("Monday 2020-06-01")
    story, _ = _accepted(bench, PETITION, start)
    act = story.extend(datetime.combine(start + 40 * DAY, time(10)), 31)
    story.decide(datetime.combine(start + 50 * DAY, time(10)))
    return Fault(
        "V14", "a petition by 31 days", story.subject, "red", **of(story.crew.head), first=act,
        numbers={"faults": "too-long", "days": 31, "allowed": 30},
    )  # fmt: skip


def _hotline_extended_twice(bench: Bench) -> Fault:
    """Only a notice: the local rule that knows one extension is in force from December 2021 on."""
    start = day("Monday 2021-03-01")
    story, _ = _accepted(bench, HOTLINE, start)
    story.extend(datetime.combine(after(start, 3), time(10)), 5, "feedback")
    act = story.extend(datetime.combine(after(start, 5), time(10)), 5, "feedback")
    story.deliver(datetime.combine(after(start, 9), time(10)))
    return Fault(
        "V14", "a hotline appeal twice", story.subject, "notice", **of(story.crew.head), first=act,
        numbers={"faults": "second", "days": 5, "allowed": 5},
    )  # fmt: skip
