"""Lawful ways into a case: receipt, correction, deferred material, promise, hand-over, refusal."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from portal.basis import SYSTEM
from tests.years.city import Crew
from tests.years.days import after, counted_from
from tests.years.lawful.draws import accept, desk, finish, hand_in, on, take_up, upto, window
from tests.years.story import Story

DAY = timedelta(1)


def handled_in_time(story: Story, rng: Random, day: date) -> None:
    finish(story, rng, accept(story, rng, hand_in(story, rng, day)))


def accepted_within_one_day_where_the_place_asks_it(story: Story, rng: Random, day: date) -> None:
    finish(story, rng, accept(story, rng, hand_in(story, rng, day), limit=1))


def answered_by_the_feedback_limit(story: Story, rng: Random, day: date) -> None:
    """Only a feedback limit: the result is in the applicant's hands on the last day at the latest."""
    counted = hand_in(story, rng, day)
    accept(story, rng, counted, limit=3)
    story.deliver(desk(story, rng, after(counted, upto(rng, 5, 4))))


def corrected_once(story: Story, rng: Random, day: date) -> None:
    counted = hand_in(story, rng, day)
    k = take_up(story, rng, counted)
    noticed_on = after(counted, upto(rng, min(5, k + 3), k))
    story.notice_correction(desk(story, rng, noticed_on), ["seal", "map"])
    handed_in = desk(story, rng, noticed_on + DAY * rng.randint(1, 14))
    story.submit_correction(handed_in)
    accepted_on = after(counted_from(handed_in), upto(rng, 3, 1))
    story.accept(desk(story, rng, accepted_on))
    finish(story, rng, accepted_on)


def corrected_again_for_new_facts(story: Story, rng: Random, day: date) -> None:
    """The second demand follows from what the applicant brought, from a new law, or from a half answer."""
    counted = hand_in(story, rng, day)
    take_up(story, rng, counted, 1)
    first_on = after(counted, 3)
    story.notice_correction(desk(story, rng, first_on), ["seal"])
    way = rng.choice(["new-fact", "law", "half"])
    again_on = after(first_on, rng.randint(2, 8))
    story.submit_correction(desk(story, rng, again_on, ["10:00:00"]), is_complete=way != "half")
    facts: dict[str, object] = {"approved_by": story.crew.supervisor.actor, "notice_no": f"N{story.number}b"}
    if way == "half":
        facts |= {"demands": ["seal"], "determinable": ["seal"]}
    else:
        facts |= {"demands": ["permit-of-landlord"], "determinable": []}
        facts |= {"is_new_fact": True} if way == "new-fact" else {"is_law_changed": True}
    second_on = after(again_on, 2)
    story.notice_correction(desk(story, rng, second_on), **facts)  # type: ignore[arg-type]
    last_on = after(second_on, rng.randint(1, 9))
    story.submit_correction(desk(story, rng, last_on, ["11:00:00"]), materials_hash=story.materials_hash + "d")
    accepted_on = after(last_on, upto(rng, 3, 1))
    story.accept(desk(story, rng, accepted_on))
    finish(story, rng, accepted_on)


def never_corrected(story: Story, rng: Random, day: date) -> None:
    """The applicant lets the correction lapse: an outcome of the case, nobody's fault."""
    counted = hand_in(story, rng, day)
    noticed_on = after(counted, take_up(story, rng, counted, 2) + 3)
    story.notice_correction(desk(story, rng, noticed_on), ["seal"])
    story.note("deemed-withdrawn", on(after(noticed_on, 16), "00:05:00"), SYSTEM, channel="system")


def accepted_with_deferred_material(story: Story, rng: Random, day: date) -> None:
    """容缺: delivery waits for what was deferred, and the ten days run from its arrival."""
    counted = hand_in(story, rng, day)
    k = take_up(story, rng, counted)
    accepted_on = after(counted, upto(rng, min(5, k + 3), k))
    promised_on = after(accepted_on, 30)
    story.accept(
        desk(story, rng, accepted_on), "tolerantly-accepted", counted_from=accepted_on, deferred=["lease"],
        due_on=promised_on,
    )  # fmt: skip
    story.review(desk(story, rng, after(accepted_on, 6)))
    story.decide(desk(story, rng, after(accepted_on, upto(rng, 15, 9))))
    story.supply(desk(story, rng, promised_on, ["10:00:00"]), materials_hash=story.materials_hash)
    story.deliver(window(story, rng, after(promised_on, upto(rng, 10, 1))))


def decided_on_a_promise(story: Story, rng: Random, day: date) -> None:
    counted = hand_in(story, rng, day)
    take_up(story, rng, counted, 1)
    accepted = desk(story, rng, after(counted, 2), ["10:30:00"])
    story.accept(accepted, "promise-accepted", promise_no=f"C{story.number}", counted_from=accepted.date())
    story.review(accepted + timedelta(minutes=2))
    story.decide(accepted + timedelta(minutes=4))
    story.deliver(accepted + timedelta(minutes=5))
    story.note("post-checked", on(after(accepted.date(), 20), "15:00:00"), story.crew.other_reviewer, conclusion="kept")


def done_in_one_visit(story: Story, rng: Random, day: date) -> None:
    """即办: no written acceptance is needed where the result leaves with the applicant."""
    story.channel = "window"
    start = on(after(day, 1), rng.choice(["09:00:00", "11:55:00", "16:50:00"]))
    story.hand_in(start)
    clerk = story.crew.clerk
    story.accept(start + timedelta(minutes=2), is_instant=True, document_no=None, document_on=None, is_sealed=None)
    story.review(start + timedelta(minutes=3), by=clerk)
    story.decide(start + timedelta(minutes=4), by=clerk)
    story.deliver(start + timedelta(minutes=5), by=clerk)


def handed_over_on_the_day(story: Story, rng: Random, day: date) -> None:
    """Received by an office without the power, passed on the same day, acknowledged within one working day."""
    story.channel = "window"
    counted = hand_in(story, rng, day)
    receiver = Crew(f"{story.crew.office}-right", story.crew.n)
    passed = desk(story, rng, counted, ["16:30:00"])
    story.hand_over(passed, receiver.office, is_outside_jurisdiction=True)
    acknowledged = desk(story, rng, after(counted, upto(rng, 1)))
    story.note("handover-acknowledged", acknowledged, receiver.clerk)
    story.crew = receiver
    accepted_on = after(counted, upto(rng, 3, 2))
    story.accept(desk(story, rng, accepted_on))
    finish(story, rng, accepted_on)


def sent_back_with_reason(story: Story, rng: Random, day: date) -> None:
    """Sent back within 24 hours with a reason, and the dispatcher agrees that it was rightful."""
    story.channel = "window"
    counted = hand_in(story, rng, day)
    wrong, right = (Crew(f"{story.crew.office}-{name}", story.crew.n) for name in ("wrong", "right"))
    first = desk(story, rng, counted, ["16:00:00"])
    if rng.random() < 0.5:
        story.note("designated", first, story.crew.dispatcher, to_office=wrong.office)
        upheld = True
    else:
        story.hand_over(first, wrong.office)
        upheld = False
    next_day = after(counted, 1)
    within = min(first + timedelta(hours=24), on(next_day, "16:00:00")) if next_day - counted == DAY else None
    returned = within or first + timedelta(minutes=50)
    story.note("handover-returned", returned, wrong.clerk, reason="another office has the power")
    if upheld:
        story.note("objection-upheld", returned + timedelta(minutes=5), story.crew.dispatcher)
    passed = returned + timedelta(minutes=10)
    story.hand_over(passed, right.office)
    story.note("handover-acknowledged", passed + timedelta(minutes=20), right.clerk)
    story.crew = right
    accepted_on = after(counted, 3)
    story.accept(desk(story, rng, accepted_on))
    finish(story, rng, accepted_on)


def refused_with_the_right_authority(story: Story, rng: Random, day: date) -> None:
    counted = hand_in(story, rng, day)
    k = take_up(story, rng, counted)
    story.refuse(desk(story, rng, after(counted, min(5, k + upto(rng, 3)))))
