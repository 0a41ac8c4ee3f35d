"""Opinions that turn round (V11): what was said, in order, and how often that is a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from tests.years.city import NO_CLOCK
from tests.years.days import after
from tests.years.faulty.fault import Bench, Fault, Variant, day, of
from tests.years.journal import Act
from tests.years.story import Story


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion, or a decision: the working days after the one before, and the facts that differ from the usual."""

    conclusion: str
    days: int = 1
    by_other: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_decision: bool = False


def _a(**facts: Any) -> Said:
    return Said("approve", facts=facts)


def _r(**facts: Any) -> Said:
    return Said("reject", facts=facts)


def _c(*demands: str) -> Said:
    return Said("correct", facts={"demands": list(demands)})


# name, the first day, what was said, severity, changes, opinions; the last one said is the last change
_TURNS: Sequence[tuple[str, str, Sequence[Said], str, int, int]] = (
    ("approved, rejected, approved", "Monday 2020-06-01", (_a(), _r(), _a()), "red", 2, 3),
    ("rejected, approved, rejected", "Monday 2020-06-01", (_r(), _a(), _r()), "yellow", 2, 3),
    ("approved, rejected, to be corrected", "Monday 2020-06-08", (_a(), _r(), _c("seal")), "yellow", 2, 3),
    ("three changes", "Monday 2020-06-15", (_r(), _a(), _r(), _c("map")), "red", 3, 4),
    ("the sum changed twice", "Monday 2020-07-06", tuple(_a(amount_fen=fen) for fen in (1, 2, 1)), "yellow", 2, 3),
    ("the demand changed twice", "Monday 2020-07-13", (_c("seal"), _c("map"), _c("seal")), "yellow", 2, 3),
    ("the demand changed three times", "Monday 2020-07-20", (_c("a"), _c("b"), _c("c"), _c("d")), "red", 3, 4),
    ("the decision turns it back", "Monday 2020-08-03", (_a(), _r(), Said("grant", 3, is_decision=True)), "red", 2, 3),
    ("the decision turns it down", "Monday 2020-08-10", (_r(), _a(), Said("deny", is_decision=True)), "yellow", 2, 3),
    ("across the year's end", "Tuesday 2020-12-29", (_r(), _a(), _r()), "yellow", 2, 3),
    ("across the National Day week", "Tuesday 2020-09-29", (_a(), _r(), _a()), "red", 2, 3),
    ("on a make-up Sunday", "Friday 2020-09-25", (_r(), _a(), _r()), "yellow", 2, 3),
    ("across the prolonged festival", "Wednesday 2020-01-22", (_a(), _r(), _a()), "red", 2, 3),
    (
        "in favour, but two days later", "Monday 2020-10-12",
        (_a(), _r(), Said("approve", 2, facts={"is_in_favour": True})), "red", 2, 3,
    ),
    (
        "in favour twice: once is excused", "Monday 2020-10-19",
        (_r(), _a(is_in_favour=True), _r(), _a(is_in_favour=True)), "red", 2, 4,
    ),
    ("called in favour, but it is not", "Monday 2020-10-26", (_a(), _r(is_in_favour=True), _c("seal")), "yellow", 2, 3),
    (
        "called in favour, with a smaller sum", "Monday 2020-11-02",
        (_a(amount_fen=5), _a(amount_fen=3, is_in_favour=True), _a(amount_fen=4)), "yellow", 2, 3,
    ),
    (
        "two reviewers in turn", "Monday 2020-11-09",
        (_a(), Said("reject", by_other=True), _a(), Said("reject", by_other=True)), "red", 3, 4,
    ),
    ("all on one day", "Monday 2020-11-16", (_a(), Said("reject", 0), Said("approve", 0)), "red", 2, 3),
    ("one month between", "Monday 2020-03-02", (_r(), Said("approve", 21), Said("reject", 21)), "yellow", 2, 3),
    (
        "the same paper scanned again", "Monday 2020-04-13",
        (_a(materials_hash="deed-1"), _r(materials_hash="deed-1"), _a(materials_hash="deed-1")), "red", 2, 3,
    ),
    (
        "no digest and no guide named", "Monday 2020-05-11",
        tuple(make(materials_hash=None, rule_version=None) for make in (_a, _r, _a)),
        "red", 2, 3,
    ),
)  # fmt: skip


def v11() -> Iterator[Variant]:
    for turn in _TURNS:
        yield _turned(*turn)
    yield _other_materials_between
    yield _other_guide_between
    yield _decided_otherwise
    yield _another_sum


def _open(story: Story, first: date) -> None:
    start = datetime.combine(first, time(8, 10))
    story.hand_in(start)
    story.take_up(start.replace(minute=20))
    story.accept(start.replace(minute=30))


def _say(story: Story, said: Said, on: date, turn: int) -> Act:
    moment = datetime.combine(on, time(9 + turn))
    by = story.crew.other_reviewer if said.by_other else story.crew.reviewer
    if said.is_decision:
        decided = story.decide(moment, said.conclusion, **said.facts)
        story.deliver(moment.replace(minute=30))
        return decided
    return story.review(moment, said.conclusion, by=by, **said.facts)


def _turned(name: str, first: str, turns: Sequence[Said], severity: str, changes: int, opinions: int) -> Variant:
    def make(bench: Bench) -> Fault:
        story = bench.story(NO_CLOCK)
        on = day(first)
        _open(story, on)
        acts = []
        for turn, said in enumerate(turns):
            on = after(on, said.days) if turn else on
            acts.append(_say(story, said, on, turn))
        return Fault(
            "V11", name, story.subject, severity, **of(acts[-1].by), first=acts[0],
            numbers={"changes": changes, "opinions": opinions},
        )  # fmt: skip

    return make


def _interleaved(bench: Bench, name: str, key: str, values: tuple[str, str]) -> Fault:
    """Two sets of papers, or two guides, in turn: neither makes the other's opinions undone."""
    story = bench.story(NO_CLOCK)
    on = day("Monday 2020-06-22")
    _open(story, on)
    acts = []
    for turn, (conclusion, which) in enumerate((("approve", 0), ("approve", 1), ("reject", 0), ("approve", 0))):
        on = after(on, 1)
        acts.append(_say(story, Said(conclusion, facts={key: values[which]}), on, turn))
    return Fault(
        "V11", name, story.subject, "red", **of(acts[-1].by), first=acts[0], numbers={"changes": 2, "opinions": 3}
    )


def _other_materials_between(bench: Bench) -> Fault:
    return _interleaved(bench, "other papers in between", "materials_hash", ("deed-a", "deed-b"))


def _other_guide_between(bench: Bench) -> Fault:
    return _interleaved(bench, "another guide in between", "rule_version", ("guide@1", "guide@2"))


def _two_alike(bench: Bench, name: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> Fault:
    """Two applicants with the same papers, two deciders of one office, two results."""
    one = bench.story(NO_CLOCK)
    other = Story(bench.journal, NO_CLOCK, bench.number + 500, bench.crew)
    decided = []
    for story, on, by, facts in (
        (one, "Monday 2020-07-06", bench.crew.decider, first),
        (other, "Monday 2020-07-13", bench.crew.head, second),
    ):
        _open(story, day(on))
        moment = datetime.combine(day(on), time(11))
        decided.append(story.decide(moment, **{"by": by, "materials_hash": f"alike-{bench.number}", **facts}))
        story.deliver(moment.replace(minute=30))
    return Fault(
        "V11", name, other.subject, "yellow", **of(bench.crew.head), first=decided[1],
        numbers={"changes": 1, "opinions": 2},
    )  # fmt: skip


def _decided_otherwise(bench: Bench) -> Fault:
    return _two_alike(bench, "an identical case decided otherwise", {"conclusion": "grant"}, {"conclusion": "deny"})


def _another_sum(bench: Bench) -> Fault:
    return _two_alike(bench, "an identical case, another sum", {"amount_fen": 100}, {"amount_fen": 90})
