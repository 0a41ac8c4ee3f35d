"""Times that cannot be true: recorded late, early, out of order, closed before opened, in bulk at night (V16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.years.city import NO_CLOCK
from tests.years.faulty.fault import Bench, Fault, Variant, of
from tests.years.journal import Act
from tests.years.story import Story

# name, when it is said to have happened, how many seconds later it was recorded
_LATE = (
    ("half an hour and a second", "2020-06-02 10:00", 30 * 60 + 1),
    ("31 minutes", "2020-06-02 11:00", 31 * 60),
    ("over lunch", "2020-06-02 11:59", 92 * 60),
    ("the next morning", "2020-06-02 16:59", 16 * 3600),
    ("after a weekend", "2020-06-05 16:00", 65 * 3600),
    ("after the National Day week", "2020-09-30 16:00", 9 * 86400),
    ("after the year's end", "2020-12-31 16:00", 4 * 86400),
    ("on a make-up Sunday", "2020-09-27 10:00", 45 * 60),
    ("two months later", "2020-06-08 10:00", 60 * 86400),
)


def v16() -> Iterator[Variant]:
    for name, happened, seconds in _LATE:
        yield _recorded_late(f"recorded {name} late", datetime.fromisoformat(happened), timedelta(seconds=seconds))
    yield _refused_yesterday
    for minutes in (2, 24 * 60):
        yield _before_it_happened(minutes)
    for minutes in (2, 90):
        yield _out_of_order(minutes)
    yield _out_of_order_beside_a_batch
    for minutes in (1, 60 * 24 * 3):
        yield _closed_first(minutes)
    yield _closed_first_in_a_batch
    for name, first, gap in (
        ("late at night", "2020-06-03 22:00", 20),
        ("exactly ten minutes", "2020-06-04 18:00", 31),
        ("on a Sunday at noon", "2020-06-07 12:00", 5),
        ("on a holiday", "2020-10-02 10:00", 15),
        ("before dawn", "2020-06-10 05:00", 1),
        ("on the prolonged holiday", "2020-02-01 10:00", 10),
    ):
        yield _bulk(f"twenty acts {name}", datetime.fromisoformat(first), gap)


def _handed_in(bench: Bench, when: datetime) -> Story:
    story = bench.story(NO_CLOCK, "window")
    story.submit(when - timedelta(minutes=40))
    story.receive(when - timedelta(minutes=39))
    return story


def _fault(name: str, act: Act, fault: str, minutes: int, **more: int) -> Fault:
    return Fault(
        "V16", name, act.subject, "red", **of(act.by), first=act, numbers={"fault": fault, "minutes": minutes, **more}
    )


def _recorded_late(name: str, happened: datetime, late: timedelta) -> Variant:
    def make(bench: Bench) -> Fault:
        story = _handed_in(bench, happened)
        act = story.accept(happened, recorded=happened + late)
        story.note("withdrawn", happened + late + timedelta(minutes=5), story.applicant)
        return _fault(name, act, "recorded-late", int(late.total_seconds()) // 60)

    return make


def _refused_yesterday(bench: Bench) -> Fault:
    story = _handed_in(bench, datetime(2020, 6, 15, 10))
    act = story.refuse(datetime(2020, 6, 15, 10), recorded=datetime(2020, 6, 16, 10))
    return _fault("a refusal of yesterday", act, "recorded-late", 24 * 60)


def _before_it_happened(minutes: int) -> Variant:
    def make(bench: Bench) -> Fault:
        recorded = datetime(2020, 7, 6, 10)
        story = _handed_in(bench, recorded)
        story.accept(recorded - timedelta(minutes=5))
        story.review(recorded - timedelta(minutes=2))
        act = story.decide(recorded + timedelta(minutes=minutes), recorded=recorded)
        delivered = recorded + timedelta(minutes=minutes + 1)
        story.deliver(delivered)
        return _fault(f"recorded {minutes} minutes before it happened", act, "before-it-happened", minutes)

    return make


def _out_of_order(minutes: int) -> Variant:
    """At a desk, where no window binds: the opinion is put before the decision that was recorded before it."""

    def make(bench: Bench) -> Fault:
        decided = datetime(2020, 7, 13, 15)
        story = _handed_in(bench, decided - timedelta(hours=6))
        story.accept(decided - timedelta(hours=5))
        story.decide(decided)
        act = story.review(decided - timedelta(minutes=minutes), recorded=decided + timedelta(minutes=5))
        story.deliver(decided + timedelta(minutes=20))
        return _fault(f"{minutes} minutes before what came first", act, "out-of-order", minutes)

    return make


def _out_of_order_beside_a_batch(bench: Bench) -> Fault:
    """An offline batch in the same case excuses its own acts, not the others."""
    decided = datetime(2020, 7, 20, 15)
    story = _handed_in(bench, decided - timedelta(hours=6))
    offline = decided + timedelta(hours=2)
    story.accept(decided - timedelta(hours=5), recorded=offline, sync_batch="batch-1")
    story.declare_batch(decided - timedelta(hours=6), decided - timedelta(hours=4), "batch-1")
    story.decide(decided)
    act = story.review(decided - timedelta(minutes=30), recorded=decided + timedelta(minutes=5))
    story.deliver(decided + timedelta(minutes=20))
    return _fault("out of order beside a batch", act, "out-of-order", 30)


def _closed_first(minutes: int) -> Variant:
    def make(bench: Bench) -> Fault:
        story = bench.story(NO_CLOCK)
        opened = datetime(2020, 8, 6, 10)
        act = story.decide(opened - timedelta(minutes=minutes))
        story.hand_in(opened)
        story.accept(opened + timedelta(minutes=3))
        story.deliver(opened + timedelta(minutes=20))
        return _fault(f"decided {minutes} minutes before it was handed in", act, "closed-before-opened", minutes)

    return make


def _closed_first_in_a_batch(bench: Bench) -> Fault:
    """A batch explains why something is recorded late, not how it could be refused before it came."""
    story = bench.story(NO_CLOCK, "window")
    opened = datetime(2020, 8, 10, 10)
    synced = opened + timedelta(days=1)
    story.batch = "batch-2"
    story.declare_batch(opened - timedelta(hours=2), opened + timedelta(hours=2), "batch-2")
    acts = [story.submit(opened), story.receive(opened), story.refuse(opened - timedelta(minutes=45))]
    for act in acts:
        act.recorded_at = acts[0].occurred_at + (synced - opened)
    story.note("withdrawn", synced + timedelta(hours=1), story.applicant, sync_batch=None)
    return _fault("refused before it came, in a batch", acts[-1], "closed-before-opened", 45)


def _bulk(name: str, first: datetime, gap: int) -> Variant:
    def make(bench: Bench) -> Fault:
        story = bench.story(NO_CLOCK)
        opened = first - timedelta(minutes=30)
        story.hand_in(opened)
        story.accept(opened + timedelta(minutes=5))
        acts = [
            story.note("commented", first + timedelta(seconds=gap * k), story.crew.other_reviewer) for k in range(20)
        ]
        return _fault(name, acts[0], "bulk-out-of-hours", gap * 19 // 60, acts=20)

    return make
