"""The ticket guarantee beside what others do: the same days of a hall under four ways to issue numbers.

150 days a run; what is promised is the worst of three seeds. A peer's figures are of the first seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from bench.figures import Figure, per_call
from portal.hall.model.capacity import Handling, Load, verdict
from portal.hall.model.waiting import band
from portal.hall.simulation import Outcome, Plan, Policy, simulate

SEEDS = (1, 2, 3)
SECONDS, MICRO = 5.0, 1e6
PEERS = (Policy.UNTIL_CLOSING, Policy.QUOTA, Policy.MEAN)
HALLS = (
    ("one skill, load 1.0", Plan(), 0.25, 1.0),
    ("one skill, load 1.2", Plan(load=1.2), 0.4, 1.0),
    ("two skills, lunch shifts, load 1.0", Plan(has_lunch=True, skills=2), 0.25, 2.5),
    ("two skills, lunch shifts, load 1.2", Plan(load=1.2, has_lunch=True, skills=2), 0.4, 2.5),
)


def figures() -> Iterator[Figure]:
    yield from _calls()
    begin = process_time()
    simulate(Plan())
    yield Figure("Simulated hall", "150 days with bands, processor time", process_time() - begin, "s", at_most=SECONDS)
    for name, plan, unserved, loss in HALLS:
        yield from _beside(name, plan, unserved, loss)


def _calls() -> Iterator[Figure]:
    visit, four = Handling(11.2, 9.6, 200), frozenset("abcd")
    queue = {four: Load.of(visit, 12), frozenset("ab"): Load.of(visit, 5), frozenset("bcd"): Load.of(visit, 4)}
    left = dict.fromkeys("abcd", 240.0)
    at_hand = dict.fromkeys("abcd", visit.rest(6))
    openings = {window: [(0.0, 90.0), (150.0, 300.0)] for window in "abcd"}
    rows = [(visit, four)] * 200
    one = per_call(lambda new, able: verdict(new, able, {four: queue[four]}, left), rows)
    yield Figure("One call", "verdict, one set of windows", one * MICRO, "µs", at_most=50)
    three = per_call(lambda new, able: verdict(new, able, queue, left), rows)
    yield Figure("One call", "verdict, three sets", three * MICRO, "µs", at_most=50)
    told = per_call(lambda _, able: band(able, queue, at_hand, openings), rows)
    yield Figure("One call", "band, three sets and a break", told * MICRO, "µs", at_most=1000)


def _beside(name: str, plan: Plan, unserved: float, loss: float) -> Iterator[Figure]:
    ours = [simulate(replace(plan, seed=seed)) for seed in SEEDS]
    theirs = [simulate(replace(plan, seed=seed, policy=Policy.UNTIL_CLOSING)) for seed in SEEDS]
    lost = [100 * (1 - one.served_per_day / other.served_per_day) for one, other in zip(ours, theirs, strict=True)]
    yield Figure(name, "guarantee: not called, a day", max(_unserved(ours)), "", at_most=unserved)
    yield Figure(name, "guarantee: fewer served than until closing", max(lost), "%", at_most=loss)
    covers = [100 * (one.band_coverage or 0) for one in ours]
    yield Figure(name, "told band held the real wait, least", min(covers), "%", at_least=75)
    yield Figure(name, "told band held the real wait, most", max(covers), "%", at_most=85)
    width = max(one.median_band_minutes or 0 for one in ours)
    yield Figure(name, "median width of the band", width, "min", at_most=15 if plan == Plan() else None)
    yield Figure(name, "guarantee: served, a day", ours[0].served_per_day, "")
    for policy in PEERS:
        peer = theirs[0] if policy is Policy.UNTIL_CLOSING else simulate(replace(plan, seed=SEEDS[0], policy=policy))
        yield Figure(name, f"{policy}: not called, a day", peer.unserved_per_day, "")
        yield Figure(name, f"{policy}: served, a day", peer.served_per_day, "")


def _unserved(outcomes: list[Outcome]) -> list[float]:
    return [outcome.unserved_per_day for outcome in outcomes]
