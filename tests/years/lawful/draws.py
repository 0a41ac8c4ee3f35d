"""Draws that prefer the edge: the last day and the last minute are what a rule gets wrong first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.years.days import Pause, after, counted_from
from tests.years.journal import SHANGHAI
from tests.years.story import Story

WINDOW_TIMES = ("09:00:00", "10:20:00", "11:59:59", "13:30:00", "15:45:10", "16:59:59", "17:00:00")
DESK_TIMES = (*WINDOW_TIMES, "18:40:00", "23:59:59")  # a day limit is kept until the day ends
HAND_IN_TIMES = ("00:00:00", "09:30:00", "12:30:00", "16:59:59", "17:00:00", "22:10:00")


def on(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def upto(rng: Random, last: int, first: int = 0) -> int:
    """A number of days from ``first`` to ``last``, every other time the very last one."""
    return last if rng.random() < 0.5 else rng.randint(first, last)


def desk(story: Story, rng: Random, day: date, times: Sequence[str] = DESK_TIMES) -> datetime:
    """Some moment of the day, but after everything that has happened in the case."""
    last = max(act.occurred_at for act in story.acts).astimezone(SHANGHAI).replace(tzinfo=None)
    return max(on(day, rng.choice(times)), last + timedelta(minutes=1))


def window(story: Story, rng: Random, day: date) -> datetime:
    return desk(story, rng, day, WINDOW_TIMES)


def hand_in(story: Story, rng: Random, day: date) -> date:
    """Hand in online at any hour, or at the counter while it is open; gives the day from which limits run."""
    if story.channel == "web":
        moment = on(day, rng.choice(HAND_IN_TIMES))
    else:
        moment = on(after(day, 1), rng.choice(WINDOW_TIMES[:-1]))
    story.hand_in(moment)
    return counted_from(moment)


def take_up(story: Story, rng: Random, counted: date, days: int = 3) -> int:
    """Somebody takes the case up in time; gives on which working day."""
    k = upto(rng, days)
    story.take_up(desk(story, rng, after(counted, k), ["09:01:00"]))
    return k


def accept(story: Story, rng: Random, counted: date, limit: int = 5, kind: str = "accepted", **facts: Any) -> date:
    """Taken up within three days, accepted within three more and within the limit; gives the day of acceptance."""
    k = take_up(story, rng, counted, min(3, limit))
    accepted_on = after(counted, upto(rng, min(limit, k + 3), k))
    story.accept(desk(story, rng, accepted_on), kind, **facts)
    return accepted_on


def finish(
    story: Story, rng: Random, accepted_on: date, pauses: Sequence[Pause] = (), limit: int = 15, collect: int = 10
) -> date:
    """Reviewed, decided and delivered, each by the last day that is in time; gives the day of delivery."""
    story.review(desk(story, rng, after(accepted_on, upto(rng, 8, 1), pauses)))
    decided_on = after(accepted_on, upto(rng, limit, 9), pauses)
    story.decide(desk(story, rng, decided_on))
    delivered_on = after(decided_on, upto(rng, collect, 1), pauses)
    story.deliver(window(story, rng, delivered_on))
    return delivered_on
