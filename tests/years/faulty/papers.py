"""Papers asked for twice, papers that lack something, and cases sent back or left lying: V05, V06 and V07."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.basis import By
from tests.years.city import LOCAL_NO_CLOCK, NO_CLOCK, Crew
from tests.years.days import between
from tests.years.faulty.fault import Bench, Fault, Variant, day, of
from tests.years.journal import Act
from tests.years.story import Story

MINUTES = timedelta(minutes=1)


def _received(bench: Bench, on: date, item: Any = NO_CLOCK, channel: str = "web") -> Story:
    story = bench.story(item, channel)
    start = datetime.combine(on, time(9))
    story.hand_in(start)
    story.take_up(start + 5 * MINUTES)
    return story


# --- V05 -------------------------------------------------------------------------------------------------------------
# name, first day, what each notice asks for, days until each correction; all of it was to be seen in the first hand-in
_NOTICES: Sequence[tuple[str, str, Sequence[Sequence[str]], int]] = (
    ("a second demand", "Monday 2020-06-01", (["seal"], ["map"]), 3),
    ("the rest of the list", "Monday 2020-06-01", (["seal"], ["lease", "map"]), 3),
    ("an old demand with a new one", "Monday 2020-06-08", (["seal"], ["map", "seal"]), 3),
    ("on the next day", "Monday 2020-06-08", (["seal"], ["map"]), 1),
    ("after a weekend", "Friday 2020-06-12", (["seal"], ["map"]), 3),
    ("after the National Day week", "Wednesday 2020-09-30", (["seal"], ["map"]), 9),
    ("on a make-up Sunday", "Friday 2020-09-25", (["seal"], ["map"]), 2),
    ("after the year's end", "Thursday 2020-12-31", (["seal"], ["map"]), 4),
    ("after the prolonged festival", "Wednesday 2020-01-22", (["seal"], ["map"]), 12),
    ("weeks later", "Monday 2020-08-03", (["seal"], ["map"]), 40),
    ("three notices", "Monday 2020-06-15", (["seal"], ["map"], ["lease"]), 3),
    ("four notices", "Monday 2020-07-06", (["seal"], ["map"], ["lease"], ["plan"]), 3),
    ("three at long intervals", "Monday 2020-03-02", (["seal"], ["map"], ["lease"]), 20),
    ("one paper, then all others", "Monday 2020-10-12", (["seal"], ["a", "b", "c", "d", "e"]), 3),
    ("many papers, then one", "Monday 2020-10-19", (["a", "b", "c", "d", "e"], ["f"]), 3),
)


def v05() -> Iterator[Variant]:
    for notice in _NOTICES:
        yield _corrected(*notice)
    yield _corrected("by another reviewer", "Monday 2020-10-26", (["seal"], ["map"]), 3, by_other=True)
    yield _corrected("at the counter", "Monday 2020-11-02", (["seal"], ["map"]), 3, channel="window")
    yield _corrected("partly from new facts", "Monday 2020-11-09", (["seal"], ["map"]), 3, more=["new-permit"])
    yield _corrected("without waiting for the first", "Monday 2020-11-16", (["seal"], ["map"]), 0)
    yield _corrected("after a half answer", "Monday 2020-11-23", (["seal"], ["map", "seal"]), 3, is_complete=False)


def _corrected(
    name: str, first: str, notices: Sequence[Sequence[str]], days: int, *, by_other: bool = False,
    channel: str = "web", more: Sequence[str] = (), is_complete: bool = True,
) -> Variant:  # fmt: skip
    def make(bench: Bench) -> Fault:
        on = day(first)
        story = _received(bench, on, channel=channel)
        asked: set[str] = set()
        new: set[str] = set()
        for turn, demands in enumerate(notices):
            by = story.crew.other_reviewer if by_other and turn else story.crew.reviewer
            facts = {"by": by, "notice_no": f"N{bench.number}-{turn}", "determinable": list(demands)}
            moment = datetime.combine(on, time(10 + turn if not days else 10))
            story.notice_correction(moment, [*demands, *(more if turn else ())], **facts)
            new |= (set(demands) - asked) if turn else set()
            asked |= set(demands)
            on += timedelta(days)
            if days:
                story.submit_correction(datetime.combine(on, time(9, 30)), is_complete=is_complete)
        story.accept(datetime.combine(on, time(16)))
        severity = "red" if len(notices) >= 3 else "yellow"
        by = story.crew.other_reviewer if by_other else story.crew.reviewer
        numbers: dict[str, int | str] = {"notices": len(notices)}
        if len(notices) == 2:
            numbers["demands"] = "|".join(sorted(new))
        return Fault("V05", name, story.subject, severity, **of(by), numbers=numbers)

    return make


# --- V06 -------------------------------------------------------------------------------------------------------------
_LACKS = {"document_no": "document_no", "document_on": "document_on", "is_sealed": "seal"}
_GROUNDS = ("reason", "basis", "remedies")
Tell = Callable[..., Act]


def v06() -> Iterator[Variant]:
    for kind in ("accepted", "tolerantly-accepted", "promise-accepted"):
        for lack in _LACKS:
            yield _paper(
                f"{kind} without {lack}", (lack,), lambda story, when, kind=kind, **f: story.accept(when, kind, **f)
            )
    for lack in (*_LACKS, *_GROUNDS):
        yield _paper(f"refused without {lack}", (lack,), lambda story, when, **f: story.refuse(when, **f))
        yield _paper(f"denied without {lack}", (lack,), lambda story, when, **f: story.decide(when, "deny", **f), True)
    yield _paper("refused with nothing", (*_LACKS, *_GROUNDS), lambda story, when, **f: story.refuse(when, **f))
    yield _paper("denied without grounds", _GROUNDS, lambda story, when, **f: story.decide(when, "deny", **f), True)
    yield _paper(
        "accepted, unsealed by word",
        ("is_sealed",),
        lambda story, when, **f: story.accept(when, is_sealed=False),
        False,
    )


def _paper(name: str, lacks: Sequence[str], tell: Tell, is_decision: bool = False) -> Variant:
    def make(bench: Bench) -> Fault:
        on = day("Monday 2020-06-01")
        story = _received(bench, on)
        start = datetime.combine(on, time(14))
        if is_decision:
            story.accept(start)
            start += 20 * MINUTES
        act = tell(story, start, **dict.fromkeys(lacks, None))
        if is_decision:
            story.deliver(start + 5 * MINUTES)
        missing = "|".join(_LACKS.get(lack, lack) for lack in lacks)
        return Fault("V06", name, story.subject, "yellow", **of(act.by), numbers={"missing": missing})

    return make


# --- V07 -------------------------------------------------------------------------------------------------------------
# handed over, sent back: more than 24 hours later
_RETURNED = (
    ("a second after 24 hours", "2021-04-12 10:00:00", "2021-04-13 10:00:01"),
    ("an hour after 24 hours", "2021-04-12 10:00:00", "2021-04-13 11:00:00"),
    ("after a weekend", "2021-04-16 16:00:00", "2021-04-19 09:00:00"),
    ("after a holiday", "2021-04-30 16:00:00", "2021-05-06 09:00:00"),
    ("on a make-up Sunday", "2021-04-23 16:00:00", "2021-04-25 16:30:00"),
    ("a week later", "2021-05-17 10:00:00", "2021-05-24 10:00:00"),
)
# handed over, acknowledged (or never): later than the next working day
_TAKEN = (
    ("two working days later", "2021-04-12 10:00", "2021-04-14 09:00"),
    ("the minute after midnight", "2021-04-12 10:00", "2021-04-14 00:00"),
    ("after a weekend", "2021-04-16 10:00", "2021-04-20 09:00"),
    ("after the make-up Sunday", "2021-04-23 10:00", "2021-04-26 09:00"),
    ("after the holiday", "2021-04-30 10:00", "2021-05-07 09:00"),
    ("on the make-up Saturday", "2021-05-06 10:00", "2021-05-08 09:00"),
    ("after the Dragon Boat days", "2021-06-11 10:00", "2021-06-16 09:00"),
    ("weeks later", "2021-05-10 10:00", "2021-06-02 09:00"),
)


def v07() -> Iterator[Variant]:
    for returned in _RETURNED:
        yield _returned_late(*returned)
    for taken in _TAKEN:
        yield _taken_late(*taken)
    yield _never_taken
    for name, facts in (("no reason", {"reason": None}), ("an empty reason", {"reason": ""})):
        yield _returned_without_reason(name, facts)
    for hours in (1, 20):
        yield _returned_after_designation(hours)
    yield _designated_by_the_returner


def _passed(bench: Bench, when: datetime) -> tuple[Story, Crew]:
    story = _received(bench, when.date(), LOCAL_NO_CLOCK, "window")
    other = Crew(f"{bench.crew.office}-other", bench.number)
    story.hand_over(when, other.office)
    return story, other


def _settle(story: Story, when: datetime, by: By) -> None:
    """The case goes on: taken by somebody, so that nothing else is left lying."""
    third = Crew(f"{story.crew.office}-third", story.number)
    story.hand_over(when, third.office, by=by)
    story.note("handover-acknowledged", when + 5 * MINUTES, third.clerk)
    story.note("withdrawn", when + 9 * MINUTES, story.applicant)


ALSO = frozenset({"V04", "V12"})


def _returned_late(name: str, handed: str, returned: str) -> Variant:
    def make(bench: Bench) -> Fault:
        passed, back = datetime.fromisoformat(handed), datetime.fromisoformat(returned)
        story, other = _passed(bench, passed)
        story.note("handover-returned", back, other.clerk, reason="another office has the power")
        _settle(story, back + 10 * MINUTES, story.crew.clerk)
        hours = int((back - passed).total_seconds()) // 3600
        return Fault(
            "V07", f"sent back {name}", story.subject, "yellow", **of(other.clerk),
            numbers={"fault": "returned-late", "hours": hours}, also=ALSO,
        )  # fmt: skip

    return make


def _taken_late(name: str, handed: str, taken: str) -> Variant:
    def make(bench: Bench) -> Fault:
        passed, end = datetime.fromisoformat(handed), datetime.fromisoformat(taken)
        story, other = _passed(bench, passed)
        story.note("handover-acknowledged", end, other.clerk)
        story.note("withdrawn", end + 9 * MINUTES, story.applicant)
        return Fault(
            "V07", f"taken {name}", story.subject, "yellow", other.office, also=ALSO,
            numbers={"fault": "not-acknowledged", "taken": between(passed.date(), end.date())},
        )  # fmt: skip

    return make


def _never_taken(bench: Bench) -> Fault:
    story, other = _passed(bench, datetime(2021, 6, 28, 10))
    return Fault(
        "V07", "not taken yet", story.subject, "yellow", other.office, also=ALSO,
        numbers={"fault": "not-acknowledged", "taken": 2},
    )  # fmt: skip


def _returned_without_reason(name: str, facts: dict[str, Any]) -> Variant:
    def make(bench: Bench) -> Fault:
        story, other = _passed(bench, datetime(2021, 4, 12, 10))
        story.note("handover-returned", "2021-04-12 15:00", other.clerk, **facts)
        _settle(story, datetime(2021, 4, 12, 16), story.crew.clerk)
        return Fault(
            "V07", f"sent back with {name}", story.subject, "yellow", **of(other.clerk), numbers={"fault": "no-reason"}
        )

    return make


def _returned_after_designation(hours: int) -> Variant:
    """Who was designated may not send it back, however quickly and with whatever reason."""

    def make(bench: Bench) -> Fault:
        start = datetime(2021, 4, 19, 10)
        story = _received(bench, start.date(), LOCAL_NO_CLOCK, "window")
        other = Crew(f"{bench.crew.office}-other", bench.number)
        story.note("designated", start, story.crew.dispatcher, to_office=other.office)
        back = start + timedelta(hours=hours)
        story.note("handover-returned", back, other.clerk, reason="not ours")
        _settle(story, back + 10 * MINUTES, story.crew.clerk)
        return Fault(
            "V07", f"designated, sent back after {hours} h", story.subject, "yellow", **of(other.clerk),
            numbers={"fault": "designated"}, also=ALSO,
        )  # fmt: skip

    return make


def _designated_by_the_returner(bench: Bench) -> Fault:
    """The objection is upheld by the one who sent it back himself: no guard."""
    start = datetime(2021, 4, 19, 10)
    story = _received(bench, start.date(), LOCAL_NO_CLOCK, "window")
    other = Crew(f"{bench.crew.office}-other", bench.number)
    story.note("designated", start, story.crew.dispatcher, to_office=other.office)
    back = start + timedelta(hours=2)
    story.note("handover-returned", back, other.clerk, reason="not ours")
    story.note("objection-upheld", back + MINUTES, other.clerk)
    _settle(story, back + 10 * MINUTES, story.crew.clerk)
    return Fault(
        "V07", "designated, and upheld by himself", story.subject, "yellow", **of(other.clerk),
        numbers={"fault": "designated"}, also=ALSO,
    )  # fmt: skip
