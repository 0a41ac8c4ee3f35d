"""Who asked and was passed on, sent round, or answered vaguely: V01, V02 and V03."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any

from portal.basis import By
from tests.years.city import Crew
from tests.years.days import after
from tests.years.faulty.fault import Bench, Fault, Variant, day, of
from tests.years.lawful.asking import COMPLETE, Asking

MINUTES = timedelta(minutes=1)
TEN = time(10)


def _asking(bench: Bench) -> Asking:
    return Asking(bench.journal, bench.number, bench.crew)


# --- V01 -------------------------------------------------------------------------------------------------------------
_ANSWERS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("told elsewhere, no office named", "told-elsewhere", {}),
    ("refused without a word", "refused", {}),
    ("no reply", "no-reply", {}),
    ("told elsewhere by word of mouth", "told-elsewhere", {"right_authority": "office-right", "is_written": False}),
    ("a written note that names nobody", "told-elsewhere", {"is_written": True}),
    ("refused, the office named by word of mouth", "refused", {"right_authority": "office-right"}),
    ("refused in writing, nobody named", "refused", {"is_written": True}),
)
# asked on, acknowledged on: the second working day after, or later
_ACKNOWLEDGED = (
    ("two working days later", "Monday 2020-06-01", "Wednesday 2020-06-03 10:00"),
    ("the minute after midnight", "Tuesday 2020-06-09", "Thursday 2020-06-11 00:00"),
    ("over a weekend", "Friday 2020-06-12", "Tuesday 2020-06-16 09:00"),
    ("on the make-up Saturday after the holiday", "Wednesday 2020-09-30", "Saturday 2020-10-10 09:00"),
    ("the make-up Sunday was the day", "Friday 2020-09-25", "Monday 2020-09-28 09:00"),
    ("after the year's end", "Thursday 2020-12-31", "Tuesday 2021-01-05 09:00"),
    ("after the prolonged festival", "Thursday 2020-01-23", "Tuesday 2020-02-04 09:00"),
    ("weeks later", "Monday 2020-08-03", "Monday 2020-08-24 09:00"),
)


def v01() -> Iterator[Variant]:
    for answer in _ANSWERS:
        yield _passed_on(*answer)
    for acknowledged in _ACKNOWLEDGED:
        yield _acknowledged_late(*acknowledged)
    yield from (_unanswered, _handed_over_unacknowledged, _acknowledged_by_himself, _handed_over_to_nobody)
    for nth in (2, 3):
        yield _again(nth)
    yield _again_but_another_matter


def _first_fault(subject: str, name: str, by: By, outcome: str) -> Fault:
    """Where it was handed over, but not taken over in time, that is V07's matter too."""
    numbers: dict[str, int | str] = {"nth": 1, "outcome": outcome}
    return Fault("V01", name, subject, "yellow", **of(by), numbers=numbers, also=frozenset({"V07"}))


def _passed_on(name: str, outcome: str, facts: dict[str, Any]) -> Variant:
    def make(bench: Bench) -> Fault:
        asking = _asking(bench)
        subject = asking.ask("Monday 2020-06-01 10:00")
        asking.answer(subject, "2020-06-01 10:05", outcome, **facts)
        return _first_fault(subject, name, bench.crew.clerk, outcome)

    return make


def _led(bench: Bench, asked_on: date) -> tuple[Asking, str, Crew]:
    """Told elsewhere and handed over; whether that excuses depends on the acknowledgement."""
    asking, other = _asking(bench), Crew(f"{bench.crew.office}-right", bench.number)
    asked = datetime.combine(asked_on, TEN)
    subject = asking.ask(asked)
    asking.answer(subject, asked + 2 * MINUTES, "told-elsewhere")
    asking.hand_over(subject, asked + 3 * MINUTES, other.office)
    return asking, subject, other


def _acknowledged_late(name: str, asked: str, acknowledged: str) -> Variant:
    def make(bench: Bench) -> Fault:
        asking, subject, other = _led(bench, day(asked))
        asking.acknowledge(subject, acknowledged, other.clerk)
        moment = datetime.fromisoformat(acknowledged.split(" ", 1)[1])
        asking.tell(subject, moment + 5 * MINUTES, other.clerk)
        asking.answer_whole(subject, moment + 9 * MINUTES, other.clerk)
        return _first_fault(subject, f"taken over {name}", bench.crew.clerk, "told-elsewhere")

    return make


def _unanswered(bench: Bench) -> Fault:
    """Silence: nobody ever answered."""
    asking = _asking(bench)
    subject = asking.ask("Monday 2020-06-01 10:00")
    return Fault("V01", "never answered", subject, "yellow", **of(bench.crew.clerk), numbers={"nth": 1})


def _handed_over_unacknowledged(bench: Bench) -> Fault:
    _, subject, _ = _led(bench, day("Monday 2020-06-01"))
    return _first_fault(subject, "handed over, never taken", bench.crew.clerk, "told-elsewhere")


def _acknowledged_by_himself(bench: Bench) -> Fault:
    """The clerk who sent the citizen away also says that the other office took it: no guard."""
    asking, subject, _ = _led(bench, day("Monday 2020-06-01"))
    asking.acknowledge(subject, "2020-06-01 10:10", bench.crew.clerk)
    return _first_fault(subject, "taken over, says the accused", bench.crew.clerk, "told-elsewhere")


def _handed_over_to_nobody(bench: Bench) -> Fault:
    asking = _asking(bench)
    subject = asking.ask("Monday 2020-06-01 10:00")
    asking.answer(subject, "2020-06-01 10:02", "told-elsewhere")
    asking.hand_over(subject, "2020-06-01 10:03", None)  # type: ignore[arg-type]
    return _first_fault(subject, "handed over to no named office", bench.crew.clerk, "told-elsewhere")


def _again(nth: int) -> Variant:
    """The same matter is passed on again, by another window of the same office: red from the second on."""

    def make(bench: Bench) -> Fault:
        asking, before = _asking(bench), []
        for turn in range(nth):
            by = bench.crew.other_clerk if turn == nth - 1 else bench.crew.clerk
            asked = datetime.combine(after(day("Monday 2020-06-01"), 4 * turn), TEN)
            subject = asking.ask(asked, by=by)
            asking.answer(subject, asked + 3 * MINUTES, "told-elsewhere", by)
            before.append(subject)
        return Fault(
            "V01", f"passed on {nth} times in one matter", before.pop(), "red", **of(bench.crew.other_clerk),
            numbers={"nth": nth, "outcome": "told-elsewhere"}, beside=frozenset(before),
        )  # fmt: skip

    return make


def _again_but_another_matter(bench: Bench) -> Fault:
    asking = _asking(bench)
    first = asking.ask("Monday 2020-06-01 10:00", matter="job-subsidy/standard")
    asking.answer(first, "2020-06-01 10:03", "told-elsewhere")
    second = asking.ask("Tuesday 2020-06-02 10:00", by=bench.crew.other_clerk)
    asking.answer(second, "2020-06-02 10:03", "refused", bench.crew.other_clerk)
    return Fault(
        "V01", "two matters, once each", second, "yellow", **of(bench.crew.other_clerk),
        numbers={"nth": 1, "outcome": "refused"}, beside=frozenset({first}),
    )  # fmt: skip


# --- V02 -------------------------------------------------------------------------------------------------------------
_OUTCOMES = {"E": "told-elsewhere", "R": "refused", "S": "no-reply", "A": "accepted"}
# name, first day, and per asking: days after the first, office, outcome
_ROUNDS: Sequence[tuple[str, str, str]] = (
    ("three offices in a week", "Monday 2020-06-01", "0aE 2bE 4cE"),
    ("three offices in a day", "Monday 2020-06-01", "0aE 0bR 0cE"),
    ("three offices in a fortnight", "Monday 2020-06-01", "0aR 7bR 14cR"),
    ("four offices", "Monday 2020-06-08", "0aE 1bR 2cE 3dS"),
    ("and back to the first", "Monday 2020-06-08", "0aE 1bE 2cR 3aR"),
    ("accepted at last", "Monday 2020-06-15", "0aE 1bE 2cE 3dA"),
    ("two windows of one office between", "Monday 2020-07-06", "0aE 1aE 2bR 4cE"),
    ("across the National Day week", "Wednesday 2020-09-30", "0aE 9bE 10cR"),
    ("across the year's end", "Tuesday 2020-12-29", "0aE 2bE 6cR"),
    ("on make-up days", "Sunday 2020-09-27", "0aE 1bE 13cR"),
    ("never any reply", "Monday 2020-08-03", "0aS 3bS 7cS"),
    ("refused everywhere", "Monday 2020-08-10", "0aR 1bR 2cR"),
    ("across the prolonged festival", "Wednesday 2020-01-22", "0aE 12bE 13cR"),
    ("five offices", "Monday 2020-11-02", "0aE 1bE 2cE 3dE 4eR"),
    ("a fourth after the window", "Monday 2020-03-02", "0aE 4bE 9cE 60dE"),
    ("mixed answers", "Monday 2020-04-13", "0aR 1bS 3cE"),
)


def v02() -> Iterator[Variant]:
    for one in _ROUNDS:
        yield _round(*one)
    for hops in (3, 4):
        yield _hops(hops)
    for offices in (("a", "b", "a"), ("a", "b", "c", "a")):
        yield _cycle(offices)


def _crew(bench: Bench, letter: str) -> Crew:
    return Crew(f"{bench.crew.office}-{letter}", bench.number)


def _round(name: str, first: str, turns: str) -> Variant:
    """The finding stands on the first asking; those of the round may all be V01's as well."""

    def make(bench: Bench) -> Fault:
        asking, subjects = _asking(bench), []
        told = [(int(word[:-2]), word[-2], _OUTCOMES[word[-1]]) for word in turns.split()]
        for turn, (days, letter, outcome) in enumerate(told):
            crew = _crew(bench, letter)
            asked = datetime.combine(day(first) + timedelta(days), TEN) + 30 * turn * MINUTES
            subject = asking.ask(asked, crew)
            asking.answer(subject, asked + 3 * MINUTES, outcome, crew.clerk)
            subjects.append(subject)
        return Fault(
            "V02", name, subjects[0], "red", _crew(bench, told[0][1]).office, also=frozenset({"V01"}),
            beside=frozenset(subjects[1:]),
        )  # fmt: skip

    return make


def _pass_along(bench: Bench, letters: Sequence[str]) -> str:
    """One asking, handed from office to office, each time taken over at once."""
    asking = _asking(bench)
    moment = datetime(2020, 6, 1, 10)
    subject = asking.ask(moment, _crew(bench, letters[0]))
    asking.answer(subject, moment + MINUTES, "told-elsewhere", _crew(bench, letters[0]).clerk)
    for giver, taker in pairwise(letters):
        moment += 20 * MINUTES
        asking.hand_over(subject, moment, _crew(bench, taker).office, _crew(bench, giver).clerk)
        asking.acknowledge(subject, moment + 5 * MINUTES, _crew(bench, taker).clerk)
    asking.tell(subject, moment + 6 * MINUTES, _crew(bench, letters[-1]).clerk)
    asking.answer_whole(subject, moment + 8 * MINUTES, _crew(bench, letters[-1]).clerk)
    return subject


def _hops(hops: int) -> Variant:
    def make(bench: Bench) -> Fault:
        subject = _pass_along(bench, "abcdefg"[: hops + 1])
        return Fault(
            "V02", f"handed over {hops} times", subject, "red", _crew(bench, "a").office, numbers={"hops": hops},
            also=frozenset({"V01"}),
        )  # fmt: skip

    return make


def _cycle(letters: Sequence[str]) -> Variant:
    def make(bench: Bench) -> Fault:
        subject = _pass_along(bench, letters)
        name = f"handed round in a ring of {len(letters) - 1}"
        return Fault("V02", name, subject, "red", _crew(bench, letters[0]).office, also=frozenset({"V01"}))

    return make


# --- V03 -------------------------------------------------------------------------------------------------------------
def v03() -> Iterator[Variant]:
    for count in (1, 2):
        for missing in combinations(COMPLETE, count):
            yield _vague(missing)
    yield _vague(COMPLETE)
    yield _stale
    yield _vague(("limit",), cited_version="food-permit@0", adds="|stale")
    for covers, cited in ((COMPLETE[:4], "food-permit@1"), (COMPLETE, "food-permit@0")):
        yield _answered_differently(covers, cited)


def _vague(missing: Sequence[str], cited_version: str = "food-permit@1", adds: str = "") -> Variant:
    def make(bench: Bench) -> Fault:
        asking = _asking(bench)
        subject = asking.ask("Monday 2020-06-01 10:00")
        covers = [name for name in COMPLETE if name not in missing]
        act = asking.answer(
            subject, "2020-06-01 10:08", "answered", covers=covers, cited_version=cited_version, is_written=True
        )
        told = "|".join(missing) + adds
        return Fault("V03", f"without {told}", subject, "notice", **of(act.by), numbers={"missing": told})

    return make


def _stale(bench: Bench) -> Fault:
    """Everything is there, but of a version that is no longer the one in force."""
    asking = _asking(bench)
    subject = asking.ask("Monday 2020-06-01 10:00")
    act = asking.answer(
        subject, "2020-06-01 10:08", "answered", covers=COMPLETE, cited_version="food-permit@0", is_written=True
    )
    return Fault("V03", "of an old version", subject, "notice", **of(act.by), numbers={"missing": "stale"})


def _answered_differently(covers: Sequence[str], cited: str) -> Variant:
    """Unclear, said the applicant; and the second answer is another one."""

    def make(bench: Bench) -> Fault:
        asking = _asking(bench)
        subject = asking.ask("Monday 2020-06-01 10:00")
        asking.answer(subject, "2020-06-01 10:08", "answered", covers=covers, cited_version=cited, is_written=True)
        asking.mark_unclear(subject, "2020-06-01 15:00")
        asking.answer_whole(subject, "2020-06-02 10:00")
        name = f"unclear, then different ({len(covers)}, {cited})"
        return Fault("V03", name, subject, "yellow", bench.crew.office, bench.crew.clerk.post)

    return make
