"""Lawful ways through review: pauses, extensions, outages, waits, opinions that change for a reason."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from portal.basis import SYSTEM
from tests.years.city import LICENSING_PAUSES, LOCAL_PERMIT, Crew
from tests.years.days import Pause, after, before
from tests.years.journal import at
from tests.years.lawful.draws import accept, desk, finish, hand_in, take_up, upto, window
from tests.years.story import Story

DAY = timedelta(1)


def _declared(first: date, days: int) -> Pause:
    """``days`` working days from ``first`` on."""
    return first, after(first - DAY, days)


def paused(story: Story, rng: Random, day: date) -> None:
    """A special procedure of each kind the law knows, told in writing with its days, ended in three ways."""
    types = LICENSING_PAUSES.split("|") + (["site-survey"] if story.item is LOCAL_PERMIT else [])
    accepted_on = accept(story, rng, hand_in(story, rng, day), limit=1 if story.item is LOCAL_PERMIT else 5)
    starts = after(accepted_on, upto(rng, 7, 1))
    days = rng.randint(1, 12)
    first, last = _declared(starts + DAY, days)
    story.pause(desk(story, rng, starts, ["15:00:00"]), first, days, rng.choice(types))
    ended = rng.choice(["early", "as declared", "by itself"])
    if ended == "early" and first < last:
        last = before(last)
        last = max(first, last)
    if ended != "by itself":
        story.resume(desk(story, rng, last, ["16:00:00"]), last)
    else:
        story.resume(desk(story, rng, last + DAY, ["00:05:00"]), last, SYSTEM)
    finish(story, rng, accepted_on, [(first, last)])


def paused_twice(story: Story, rng: Random, day: date) -> None:
    """Two procedures in turn, the second one overlapping an outage: days that both claim are left out once."""
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    starts = after(accepted_on, 2)
    one = _declared(starts + DAY, 4)
    story.pause(desk(story, rng, starts, ["10:00:00"]), one[0], 4, "expert-review")
    story.resume(desk(story, rng, one[1], ["16:30:00"]), one[1])
    again = after(one[1], 2)
    two = _declared(again + DAY, 6)
    story.pause(desk(story, rng, again, ["10:00:00"]), two[0], 6, "test", notice_no=f"P{story.number}b")
    down = _declared(after(two[0], 3), rng.randint(1, 6))
    story.link_outage(desk(story, rng, down[0], ["09:05:00"]), f"outage-{story.number}", *down)
    story.resume(desk(story, rng, max(two[1], down[0]), ["16:45:00"]), two[1])
    finish(story, rng, accepted_on, [one, two, down])


def extended_in_time(story: Story, rng: Random, day: date) -> None:
    """Once, on the last day at the latest, by the head who did not handle the case; the head may decide it."""
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    story.review(desk(story, rng, after(accepted_on, 6)))
    days = upto(rng, 10, 1)
    recorder = rng.choice([story.crew.head, story.crew.reviewer])
    story.extend(desk(story, rng, after(accepted_on, upto(rng, 15, 8))), days, by=recorder)
    decided_on = after(accepted_on, upto(rng, 15 + days, 16))
    story.decide(desk(story, rng, decided_on), by=rng.choice([story.crew.head, story.crew.decider]))
    story.deliver(window(story, rng, after(decided_on, upto(rng, 10, 1))))


def disclosure_extended(story: Story, rng: Random, day: date) -> None:
    """信息公开: 20 working days and 20 more; asking a third party is not counted."""
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=3)
    pauses: list[Pause] = []
    if rng.random() < 0.5:
        asked_on = after(counted, 6)
        pauses.append(_declared(asked_on + DAY, 15))
        story.pause(desk(story, rng, asked_on), pauses[0][0], 15, "third-party-consultation")
        story.resume(desk(story, rng, pauses[0][1]), pauses[0][1])
    else:
        story.extend(desk(story, rng, after(counted, upto(rng, 20, 10))), 20, "feedback")
    allowed = 20 if pauses else 40
    story.deliver(desk(story, rng, after(counted, upto(rng, allowed, 21 - 2 * len(pauses)), pauses)))


def petition_within_sixty_days(story: Story, rng: Random, day: date) -> None:
    """信访: 60 calendar days from acceptance, 30 more if the head says so in time."""
    counted = hand_in(story, rng, day)
    accepted_on = accept(story, rng, counted, limit=3)
    allowed = 60
    if rng.random() < 0.5:
        story.extend(desk(story, rng, accepted_on + DAY * upto(rng, 60, 30)), 30)
        allowed = 90
    story.decide(desk(story, rng, accepted_on + DAY * upto(rng, allowed, 61 if allowed == 90 else 10)))


def hotline_extended(story: Story, rng: Random, day: date) -> None:
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=1)
    story.extend(desk(story, rng, after(counted, upto(rng, 5, 2))), 5, "feedback")
    story.deliver(desk(story, rng, after(counted, upto(rng, 10, 6))))


def slowed_by_an_outage(story: Story, rng: Random, day: date) -> None:
    """The shared system was down: its days are added once, however often it is noted."""
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=2)
    down = _declared(after(counted, 3), rng.randint(1, 3))
    noted = desk(story, rng, down[1])
    story.link_outage(noted, f"outage-{story.number}", *down)
    if rng.random() < 0.5:
        story.link_outage(noted + timedelta(minutes=1), f"outage-{story.number}", *down)
    story.deliver(desk(story, rng, after(counted, 5, [down])))


def applicant_asked_to_wait(story: Story, rng: Random, day: date) -> None:
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=1)
    asked_on = after(counted, 2)
    wait = _declared(asked_on + DAY, rng.randint(2, 15))
    story.ask_to_wait(desk(story, rng, asked_on), *wait)
    story.deliver(desk(story, rng, after(counted, 5, [wait])))


def stuck_but_excused(story: Story, rng: Random, day: date) -> None:
    """Nothing happens before acceptance, because the applicant asked to wait or the shared system was down."""
    counted = hand_in(story, rng, day)
    idle = _declared(after(counted, 1), rng.randint(3, 9))
    moment = desk(story, rng, after(counted, 1))
    if rng.random() < 0.5:
        story.ask_to_wait(moment, *idle)
    else:
        story.link_outage(moment, f"outage-{story.number}", *idle)
    story.take_up(desk(story, rng, after(idle[1], 2)))
    accepted_on = after(idle[1], 3)
    story.accept(desk(story, rng, accepted_on))
    story.review(desk(story, rng, after(accepted_on, 3)))


def chased_but_in_time(story: Story, rng: Random, day: date) -> None:
    """Asking again costs nobody anything while the case moves; looking at it moves nothing."""
    counted = hand_in(story, rng, day)
    story.chase(desk(story, rng, after(counted, 1)), rng.choice(["window", "phone", "web"]))
    shown = rng.choice([["identity"], ["identity", "phone"], []])  # in full, or nothing but masked
    look = window if shown else desk  # at night only what is masked, or what is worked on
    story.note("viewed", look(story, rng, after(counted, 2)), story.crew.clerk, fields=shown)
    story.take_up(desk(story, rng, after(counted, 3)))
    story.chase(desk(story, rng, after(counted, 5)))
    story.accept(desk(story, rng, after(counted, 6)))
    story.review(desk(story, rng, after(counted, 9)))


def opinion_changed_for_a_reason(story: Story, rng: Random, day: date) -> None:
    """New materials, a new version of the guide, one change of mind, or one quick correction in favour."""
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    first_on = after(accepted_on, 3)
    way = rng.choice(["materials", "guide", "once", "favour", "back"])
    graded = story.crew.other_reviewer
    new = {"materials": {"materials_hash": story.materials_hash + "n"}, "guide": {"rule_version": "guide@2"}}.get(
        way, {}
    )
    if way == "once":
        story.review(desk(story, rng, first_on), "correct", demands=["seal"])
    elif way == "back":
        story.review(desk(story, rng, first_on), "approve", amount_fen=100_000)
        story.review(desk(story, rng, after(first_on, 2)), "reject", amount_fen=100_000, by=graded)
        first_on = after(first_on, 2)
    else:
        story.review(desk(story, rng, first_on), "approve")
        story.review(desk(story, rng, after(first_on, 1)), "reject", by=graded)
        first_on = after(first_on, 1)
    again_on = after(first_on, 1)
    amount: dict[str, Any] = {"amount_fen": 100_000} if way == "back" else {}
    story.review(desk(story, rng, again_on), "approve", by=graded, is_in_favour=not new, **amount, **new)
    story.decide(desk(story, rng, after(again_on, 4)), **amount, **new)
    story.deliver(window(story, rng, after(again_on, 9)))


def not_collected(story: Story, rng: Random, day: date) -> None:
    """Told twice in time to collect, the applicant comes late."""
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    story.review(desk(story, rng, after(accepted_on, 4)))
    decided_on = after(accepted_on, 8)
    story.decide(desk(story, rng, decided_on))
    story.note(
        "licence-produced",
        desk(story, rng, after(decided_on, 2)),
        story.crew.other_clerk,
        licence_no=f"L{story.number}",
    )
    for k in (3, upto(rng, 10, 4)):
        story.note("collection-noticed", desk(story, rng, after(decided_on, k)), SYSTEM, channel="system")
    story.deliver(window(story, rng, after(decided_on, rng.randint(11, 40))))


def recorded_offline(story: Story, rng: Random, day: date) -> None:
    """A declared offline counter: everything is recorded days later, under the number of its batch."""
    story.channel = "window"
    story.batch = f"batch-{story.number}"
    counted = hand_in(story, rng, day)
    take_up(story, rng, counted, 1)
    accepted_on = after(counted, 2)
    last = story.accept(desk(story, rng, accepted_on))
    began = min(act.occurred_at for act in story.acts) - timedelta(hours=1)
    other = Crew(story.crew.office, 1000).supervisor  # the case's own one acts in it
    story.declare_batch(began, last.occurred_at, story.batch, other)
    synced = desk(story, rng, after(accepted_on, 2), ["08:30:00"])
    for act in story.acts:
        act.recorded_at = max(act.occurred_at, at(synced))
    story.batch = None
    finish(story, rng, accepted_on)


def recorded_within_half_an_hour(story: Story, rng: Random, day: date) -> None:
    story.channel = "window"
    counted = hand_in(story, rng, day)
    for act in story.acts:
        act.recorded_at = act.occurred_at + timedelta(minutes=upto(rng, 30, 1))
    finish(story, rng, accept(story, rng, after(counted, 1), limit=2))
