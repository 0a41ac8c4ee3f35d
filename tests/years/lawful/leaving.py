"""Lawful ways out of a case, and back into it; and what looks neglected but is a test, a duplicate or still young."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.years.city import Crew
from tests.years.days import after
from tests.years.lawful.draws import accept, desk, finish, hand_in, on, upto, window
from tests.years.story import Story


def withdrawn(story: Story, rng: Random, day: date) -> None:
    """Before anybody was late, at any stage."""
    counted = hand_in(story, rng, day)
    if rng.random() < 0.5:
        story.note("withdrawn", desk(story, rng, after(counted, upto(rng, 3))), story.applicant)
        return
    accepted_on = accept(story, rng, counted)
    story.note("withdrawn", desk(story, rng, after(accepted_on, upto(rng, 8, 1))), story.applicant)


def terminated(story: Story, rng: Random, day: date) -> None:
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    story.note(
        "terminated", desk(story, rng, after(accepted_on, upto(rng, 8, 1))), story.crew.decider,
        reason="the applicant's firm was dissolved", approved_by=story.crew.supervisor.actor,
    )  # fmt: skip


def reopened(story: Story, rng: Random, day: date) -> None:
    """Closed in time, opened again weeks later: the time between is not counted, the start is kept."""
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=1)
    first_on = after(counted, upto(rng, 3, 2))
    story.deliver(desk(story, rng, first_on))
    again_on = first_on + timedelta(days=rng.randint(8, 40))
    story.note("reopened", desk(story, rng, again_on, ["09:10:00"]), story.crew.supervisor, reason="sum was wrong")
    story.deliver(desk(story, rng, after(again_on, upto(rng, 2, 1))))


def duplicate(story: Story, rng: Random, day: date) -> None:
    """Handed in twice; the second was left alone, and the supervisor says why."""
    counted = hand_in(story, rng, day)
    story.note("marked-duplicate", desk(story, rng, after(counted, 9)), story.crew.supervisor, of="the first")


def trial(story: Story, rng: Random, day: date) -> None:
    """Somebody tried the portal out: received late, accepted without papers, decided late, recorded late."""
    counted = hand_in(story, rng, day)
    story.accept(on(after(counted, 9), "10:00:00"), document_no=None)
    late = story.decide(on(after(counted, 60), "10:00:00"))
    late.recorded_at += timedelta(days=3)
    story.note("marked-test", on(after(counted, 70), "10:00:00"), story.crew.supervisor)


def still_young(story: Story, rng: Random, day: date) -> None:
    """Open on the day of the audit, and nothing about it is late yet."""
    counted = hand_in(story, rng, day)
    if rng.random() < 0.7:
        accept(story, rng, counted, limit=1)


def denied_with_reasons(story: Story, rng: Random, day: date) -> None:
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    story.review(desk(story, rng, after(accepted_on, 7)), "reject")
    decided_on = after(accepted_on, upto(rng, 15, 9))
    story.decide(desk(story, rng, decided_on), "deny")
    story.deliver(window(story, rng, after(decided_on, upto(rng, 10, 1))))


def busy_evening(story: Story, rng: Random, day: date) -> None:
    """Nineteen remarks after hours by one person: hard work, not yet bulk."""
    accepted_on = accept(story, rng, hand_in(story, rng, day))
    moment = on(after(accepted_on, 1), "20:00:00")
    tireless = Crew(story.crew.office, 1000 + story.number).reviewer
    for k in range(19):
        story.note("commented", moment + timedelta(seconds=20 * k), tireless)
    finish(story, rng, accepted_on)
