"""The simulated hall, beside simpy and Erlang; and what the guarantee is worth beside what others do."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import fmean
from typing import Any

import pytest
import simpy

from portal.hall.model.capacity import Handling
from portal.hall.model.staffing import chance_to_wait_longer
from portal.hall.simulation import BadPlan, Plan, Policy, simulate
from portal.hall.simulation.day import Hall, Window
from portal.hall.simulation.plan import DAY, LUNCH, Arrival
from portal.hall.simulation.run import halls

SHORT = Plan(days=8)
BUSY_LUNCH = Plan(days=8, load=1.2, has_lunch=True, skills=2)


def waits_in_simpy(coming: list[Arrival], windows: int) -> list[float | None]:
    """The same people and services in somebody else's simulation: first come, first served; no call after closing."""
    world = simpy.Environment()
    desks = simpy.Resource(world, capacity=windows)
    waits: list[float | None] = [None] * len(coming)

    def visit(turn: int, arrival: Arrival) -> Generator[simpy.Event, Any, None]:
        yield world.timeout(arrival.at)
        with desks.request() as turn_comes:
            yield turn_comes
            if world.now < DAY:
                waits[turn] = world.now - arrival.at
                yield world.timeout(arrival.minutes)

    for turn, arrival in enumerate(coming):
        world.process(visit(turn, arrival))
    world.run()
    return waits


@pytest.mark.parametrize(("windows", "load"), [(1, 0.9), (4, 1.0), (4, 1.3), (9, 0.8)])
def test_first_come_first_served_waits_as_in_simpy(windows: int, load: float) -> None:
    plan = Plan(policy=Policy.UNTIL_CLOSING, windows=windows, load=load, days=5)
    for day in range(plan.days):
        coming = plan.arrivals(day)
        hall = Hall(plan, {"A": Handling.standard(12)})
        hall.play(coming)
        found = [visit.waited for visit in hall.visits]
        assert found == [
            None if wait is None else pytest.approx(wait, abs=1e-6) for wait in waits_in_simpy(coming, windows)
        ]


def test_exponential_services_wait_as_erlang_has_it() -> None:
    """A long day's middle: 120 halls of M/M/3, whose queue has settled after three hours."""
    chance, late = Random(5), list[bool]()
    plan = Plan(policy=Policy.UNTIL_CLOSING, windows=3)
    for _ in range(120):
        at, coming = 0.0, list[Arrival]()
        while (at := at + chance.expovariate(11 / 60)) < DAY:
            coming.append(Arrival(at, "A", chance.expovariate(1 / 12)))
        hall = Hall(plan, {"A": Handling.standard(12)})
        hall.play(coming)
        late += [(visit.waited or 0) > 15 for visit in hall.visits if 180 < visit.arrival.at < 420]
    assert fmean(late) == pytest.approx(chance_to_wait_longer(15, 3, 11, 12), abs=0.035)


# The model keeps its own rules


def played(plan: Plan) -> list[Hall]:
    return list(halls(plan))


def test_the_same_seed_plays_the_same_days_and_another_seed_others() -> None:
    plan = replace(BUSY_LUNCH, days=3)
    assert simulate(plan) == simulate(plan)
    assert simulate(plan) != simulate(replace(plan, seed=2))


@pytest.mark.parametrize("policy", list(Policy))
def test_every_policy_and_roster_sees_the_same_people(policy: Policy) -> None:
    plan = replace(BUSY_LUNCH, policy=policy, extra=(60.0, 180.0))
    for day, hall in enumerate(halls(plan)):
        assert len(hall.visits) + hall.refused == len(BUSY_LUNCH.arrivals(day))


def test_nobody_is_called_after_closing_or_by_a_window_that_cannot_serve_or_on_its_break(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[str, str, float, float]] = []
    plain = Hall._call

    def watched(hall: Hall, window: Window) -> None:
        plain(hall, window)
        if window.serving is not None and window.since == hall.now:
            calls.append((window.name, window.serving.group, window.since, window.until))

    monkeypatch.setattr(Hall, "_call", watched)
    hall = Hall(BUSY_LUNCH, {group: Handling.standard(12) for group in "AB"})
    hall.play(BUSY_LUNCH.arrivals(0))
    assert {(name, group) for name, group, _, _ in calls} == {
        ("1", "A"), ("2", "B"), ("3", "A"), ("3", "B"), ("4", "A"), ("4", "B")
    }  # fmt: skip
    for name in "1234":
        start, _ = LUNCH[(int(name) + 1) % 2]
        own = [(since, until) for who, _, since, until in calls if who == name]
        assert all(later >= until for (_, until), (later, _) in pairwise(own))
        assert max(since for since, _ in own) < DAY
        last_before = max(until for since, until in own if since < start)
        first_after = min(since for since, _ in own if since >= start)
        assert first_after >= max(last_before, start) + 60 - 1e-9  # the whole hour


def test_the_turn_is_kept_within_a_group() -> None:
    for hall in played(BUSY_LUNCH):
        for group in "AB":
            visits = [visit for visit in hall.visits if visit.arrival.group == group]
            called = [DAY if visit.called_at is None else visit.called_at for visit in visits]
            assert called == sorted(called)


def test_who_goes_first_waits_less_and_the_others_are_told_so() -> None:
    plan = replace(SHORT, days=25, load=1.1, priority=0.2)
    visits = [visit for hall in halls(plan) for visit in hall.visits if visit.waited is not None]
    first = fmean(visit.waited or 0.0 for visit in visits if visit.arrival.is_first)
    others = [visit for visit in visits if not visit.arrival.is_first and visit.waited]
    assert first < 0.4 * fmean(visit.waited or 0.0 for visit in others)
    assert 0.72 < fmean(visit.told is not None and visit.told.holds(visit.waited or 0.0) for visit in others) < 0.9


# What it is worth


def test_one_more_window_shortens_the_wait_and_refuses_fewer() -> None:
    plan = replace(SHORT, load=1.2)
    without, more = simulate(plan), simulate(replace(plan, extra=(60.0, 180.0)))
    assert more.refused_per_day < without.refused_per_day - 3
    assert (more.mean_wait_minutes or 99) < (without.mean_wait_minutes or 0) - 5
    assert 0.7 < (more.band_coverage or 0) < 0.9


@pytest.mark.parametrize("plan", [SHORT, replace(SHORT, load=1.2), BUSY_LUNCH])
def test_a_number_is_a_promise_that_others_do_not_keep(plan: Plan) -> None:
    ours, theirs = simulate(plan), simulate(replace(plan, policy=Policy.UNTIL_CLOSING))
    assert ours.unserved_per_day <= 0.5
    assert theirs.unserved_per_day > 4
    assert ours.served_per_day > 0.98 * theirs.served_per_day


@pytest.mark.soak
@pytest.mark.parametrize(
    ("plan", "unserved", "loss"),
    [
        (Plan(), 0.25, 0.01),
        (Plan(load=1.2), 0.4, 0.01),
        (Plan(has_lunch=True, skills=2), 0.25, 0.025),
        (Plan(load=1.2, has_lunch=True, skills=2), 0.4, 0.025),
    ],
    ids=["load 1.0", "load 1.2", "load 1.0, lunch, two skills", "load 1.2, lunch, two skills"],
)
def test_in_150_days_hardly_a_number_is_left_and_hardly_anybody_is_lost(
    plan: Plan, unserved: float, loss: float
) -> None:
    """On average of five seeds; a single one was seen at 0.44 unserved and at a loss of 1.02 %."""
    seeds = [replace(plan, seed=seed) for seed in range(1, 6)]
    ours = [simulate(one) for one in seeds]
    theirs = [simulate(replace(one, policy=Policy.UNTIL_CLOSING)) for one in seeds]
    assert fmean(one.unserved_per_day for one in ours) <= unserved
    lost = 1 - fmean(one.served_per_day for one in ours) / fmean(one.served_per_day for one in theirs)
    assert lost <= loss
    assert all(0.75 <= (one.band_coverage or 0) <= 0.85 for one in ours)
    if plan == Plan():
        assert all((one.median_band_minutes or 99) <= 15 for one in ours)


# What cannot be simulated


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"load": 0}, "The load must lie between 0.01 and 5, not 0"),
        ({"load": float("nan")}, "The load must lie between"),
        ({"windows": 0}, "The number of windows must lie between 1 and 60"),
        ({"service": 0}, "The service minutes must lie between"),
        ({"variation": -1}, "The variation of the service must lie between"),
        ({"no_show": 1}, "The share of no-shows must lie between"),
        ({"skills": 3}, "The number of skills must lie between 1 and 2"),
        ({"priority": 1}, "The share of people who go first must lie between"),
        ({"days": 0}, "The number of days must lie between"),
        ({"z": -1}, "The margin z must lie between"),
        ({"extra": (180.0, 60.0)}, "must open before it closes"),
        ({"extra": (-60.0, 60.0)}, "between 09:00 and 17:00"),
        ({"windows": 60, "service": 1}, "more than 5000: give fewer windows"),
    ],
)
def test_a_hall_that_cannot_be_is_refused_with_what_may_be_given(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadPlan, match=sentence):
        Plan(**wrong)


@pytest.mark.parametrize("windows", [1, 2, 3, 4, 8])
def test_with_two_skills_each_group_has_a_window(windows: int) -> None:
    desks = Plan(windows=windows, skills=2).desks()
    assert len(desks) == windows
    assert all(any(group in desk.groups for desk in desks) for group in "AB")
    assert any(desk.groups == "AB" for desk in desks)
