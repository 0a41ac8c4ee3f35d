"""Judges what stands in the database afterwards against what clients were told (in the manner of Jepsen). Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.history import Wish

KINDS = {"hand-in": "submitted", "ask": "inquired", "chase": "chased"}  # by kind of wish, the kind of its event


@dataclass(frozen=True, slots=True)
class Written:
    """One event as it stands. ``wisher`` and ``content`` tell which wish it answers; other events have none."""

    seq: int
    subject: str
    kind: str
    wisher: str = ""
    content: str = ""
    is_whole: bool = True  # the event gives its leaf hash


@dataclass(frozen=True, slots=True)
class Standing:
    """The database after the last restart.

    ``given`` is the last number of each series by its prefix; ``rows`` and ``clocks`` are numbers of cases in the
    projections; ``differences`` names what rebuilding the projections would change.
    """

    events: tuple[Written, ...]
    rows: frozenset[str]
    clocks: frozenset[str]
    given: dict[str, int]
    differences: tuple[str, ...] = ()


def faults(wished: Sequence[Wish], standing: Standing) -> list[str]:
    """What was lost, doubled, altered or left half done; empty when every promise was kept."""
    return [
        *_of_the_ledger(standing.events),
        *_of_wishes(wished, standing.events),
        *_of_series(standing),
        *_of_projections(standing),
    ]


def _of_the_ledger(events: Iterable[Written]) -> Iterator[str]:
    for place, event in enumerate(events, start=1):
        if event.seq != place:
            yield f"event {place} is missing: {event.seq} stands in its place"
            return
        if not event.is_whole:
            yield f"event {event.seq} does not give its hash"


def _of_wishes(wished: Sequence[Wish], events: Iterable[Written]) -> Iterator[str]:
    by_wisher: dict[tuple[str, str], list[Written]] = defaultdict(list)
    for event in events:
        if event.wisher:
            by_wisher[event.kind, event.wisher].append(event)
    for wish in wished:
        yield from _of_one(wish, by_wisher.pop((KINDS[wish.kind], wish.key), []))
    for kind, wisher in by_wisher:
        yield f"{kind} of {wisher} stands, which nobody wished for"


def _of_one(wish: Wish, found: Sequence[Written]) -> Iterator[str]:
    if len(set(wish.answers)) > 1:
        yield f"{wish.kind} {wish.key} was answered differently: {sorted(set(wish.answers))}"
    if len(found) > 1:
        yield f"{wish.kind} {wish.key} stands {len(found)} times"
    if not found and wish.is_acknowledged:
        yield f"{wish.kind} {wish.key} was acknowledged as {wish.answers[0]} and is lost"
    for event in found[:1]:
        number = event.subject.partition("/")[2]
        if wish.is_acknowledged and number != wish.answers[0]:
            yield f"{wish.kind} {wish.key} was acknowledged as {wish.answers[0]} and stands as {number}"
        if event.content != wish.content:
            yield f"{wish.kind} {wish.key} stands with other content"
        if wish.refusals and not wish.is_acknowledged and wish.sent == len(wish.refusals):
            yield f"{wish.kind} {wish.key} was refused and stands all the same"


def _of_series(standing: Standing) -> Iterator[str]:
    """Numbers of a series run from 1 to the last given, each once."""
    openings = [event for event in standing.events if event.kind in ("submitted", "inquired")]
    numbers = Counter(event.subject.partition("/")[2] for event in openings)
    yield from (f"number {number} was given {n} times" for number, n in numbers.items() if n > 1)
    taken: dict[str, set[int]] = defaultdict(set)
    for number in numbers:
        prefix, figures = number[:-6], number[-6:]
        taken[prefix].add(int(figures))
    for prefix in sorted(taken.keys() | standing.given.keys()):
        last = standing.given.get(prefix, 0)
        if gaps := sorted(set(range(1, last + 1)) - taken[prefix]):
            yield f"series {prefix} has gaps: {gaps[:5]}"
        if beyond := sorted(taken[prefix] - set(range(1, last + 1))):
            yield f"series {prefix} was given only to {last}, yet {beyond[:5]} stand"


def _of_projections(standing: Standing) -> Iterator[str]:
    handed_in = {event.subject.partition("/")[2] for event in standing.events if event.kind == "submitted"}
    received = {event.subject.partition("/")[2] for event in standing.events if event.kind == "received"}
    yield from (f"case {number} has no row" for number in sorted(handed_in - standing.rows))
    yield from (f"row {number} has no events" for number in sorted(standing.rows - handed_in))
    yield from (f"case {number} was received and has no clock" for number in sorted(received - standing.clocks))
    yield from (f"rebuilding would change {difference}" for difference in standing.differences)
