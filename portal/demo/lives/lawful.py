"""Lawful ways through the portal: handled in time, with everything the law lets happen on the way."""

from __future__ import annotations

from typing import Final

from portal.basis import Role
from portal.cases.model import CaseState, Step
from portal.demo.lives.steps import DENIAL, GRANT, POSTED, REFUSAL, accept, arrive, conclude, decide, review, reviewed
from portal.demo.tale import Life, Tale

MONTH: Final = 15  # working days within which deferred material is promised


def handled(tale: Tale) -> Life:
    """From the hand-in to the result, every step in its time."""
    yield from reviewed(tale)
    yield from decide(tale)
    yield from conclude(tale)


def handled_at_a_window(tale: Tale) -> Life:
    tale.channel = "window"
    yield from handled(tale)


def handed_in_by_an_agent(tale: Tale) -> Life:
    """代办: the village agent hands in on a written authorisation, and a clerk receives it."""
    tale.channel = "village"
    yield from arrive(tale, answers={"who": "agent"}, agent=True)
    yield from accept(tale)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def on_the_spot(tale: Tale) -> Life:
    """即办: received, accepted, decided and delivered in one visit."""
    tale.channel = "window"
    yield from arrive(tale)
    yield tale.desk(tale.on)
    tale.take(Step.ACCEPT)
    yield tale.desk(tale.on)
    tale.take(Step.DECIDE, tale.person(Role.CLERK), **GRANT)
    yield tale.desk(tale.on)
    tale.take(Step.DELIVER, delivery_channel="window", proof="本人签收（示例）")


def promised(tale: Tale) -> Life:
    """告知承诺: granted the same day on a written promise, checked afterwards."""
    answers = {"hygiene-licence": {"way": "promise"}, "food-licence": {"action": "change", "changed": "name"}}
    tale.channel = "window"
    yield from arrive(tale, answers=answers[tale.item])
    yield tale.desk(tale.on)
    tale.take(Step.ACCEPT_PROMISE, promise_no=f"{tale.number}-C")
    yield tale.desk(tale.on)
    tale.take(Step.DECIDE, **GRANT)
    yield tale.desk(tale.on)
    tale.take(Step.PRODUCE_LICENCE, licence_no=f"示例证{tale.number[-6:]}")
    yield tale.desk(tale.on)
    tale.take(Step.DELIVER, delivery_channel="window", proof="本人签收（示例）")
    yield tale.in_days(tale.rng.randint(6, 20))
    tale.take(Step.POST_CHECK, conclusion="kept")


def deferred(tale: Tale) -> Life:
    """容缺: one minor material follows later; the result waits for it."""
    owed = tale.deferrable[:1]
    yield from arrive(tale, leave_out=owed)
    due_on = tale.days.after(tale.on, MONTH)
    yield from accept(tale, Step.ACCEPT_TOLERANTLY, deferred=owed, due_on=due_on)
    yield from review(tale)
    yield tale.in_time(0, 1)
    tale.take(Step.SUPPLY, materials=tale.bring(owed))
    yield from decide(tale)
    yield from conclude(tale)


def never_supplied(tale: Tale) -> Life:
    """The promised material does not come: deemed withdrawn, and nobody's fault."""
    owed = tale.deferrable[:1]
    yield from arrive(tale, leave_out=owed)
    yield from accept(tale, Step.ACCEPT_TOLERANTLY, deferred=owed, due_on=tale.days.after(tale.on, 5))


def corrected(tale: Tale) -> Life:
    """补正: everything that is missing is told at once, and brought a few days later."""
    missing = tale.required[:1]
    yield from arrive(tale, leave_out=missing)
    yield from accept(tale, Step.NOTICE_CORRECTION, demands=missing, determinable=missing)
    yield tale.desk(tale.days.after(tale.on, 0)) if tale.haste else tale.in_days(tale.rng.randint(2, 6))
    tale.take(Step.SUBMIT_CORRECTION, materials=tale.bring(missing))
    yield from accept(tale)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def never_corrected(tale: Tale) -> Life:
    missing = tale.required[:1]
    yield from arrive(tale, leave_out=missing)
    yield from accept(tale, Step.NOTICE_CORRECTION, demands=missing, determinable=missing)


def refused(tale: Tale) -> Life:
    yield from arrive(tale)
    yield from accept(tale, Step.REFUSE, **REFUSAL)


def denied(tale: Tale) -> Life:
    yield from arrive(tale)
    yield from accept(tale)
    yield tale.in_time(0, 1)
    tale.take(Step.OPEN)
    yield tale.in_time(0, 1)
    tale.take(Step.REVIEW, conclusion="reject")
    yield from decide(tale, **DENIAL)
    yield tale.in_time(0, 1)
    tale.take(Step.DELIVER, **POSTED)


def withdrawn(tale: Tale) -> Life:
    yield from arrive(tale)
    yield from accept(tale)
    yield tale.in_time(0, 1)
    tale.take(Step.WITHDRAW)


def terminated(tale: Tale) -> Life:
    """The reviewed matter has fallen away; the decider ends the case with the supervisor's consent."""
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    proposal = tale.propose(Step.TERMINATE, reason="申请人主体资格已终止（示例）")
    yield tale.desk(tale.on)
    tale.consent(proposal, Step.TERMINATE, Role.SUPERVISOR)


def dispatched(tale: Tale) -> Life:
    """12345: the dispatcher gives the appeal to the office whose matter it is, and that office takes it over."""
    yield from arrive(tale)
    yield tale.in_time(0, 1)
    receiver = tale.rng.choice(("market-supervision", "approval-bureau", "social-insurance"))
    facts = {"to_office": receiver, "reason": "属该部门职责（示例）", "summary": "诉求见办件"}
    tale.take(Step.HAND_OVER, tale.person(Role.DISPATCHER), **facts)
    yield tale.desk(tale.on)
    tale.office = receiver
    tale.take(Step.ACKNOWLEDGE, tale.person(Role.CLERK))
    yield from accept(tale)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def paused(tale: Tale) -> Life:
    """特别程序: days that are not counted, told in writing; the supervisor consents."""
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    days = tale.rng.randint(8, 12)
    proposal = tale.propose(
        Step.PAUSE, pause_type=tale.special_procedure, days=days, from_on=tale.days.after(tale.on, 1)
    )
    yield tale.desk(tale.on)
    tale.consent(proposal, Step.PAUSE, Role.SUPERVISOR)
    yield tale.in_days(tale.rng.choice((days - 2, days + 1)))
    if tale.state is CaseState.PAUSED:  # else the declared days have ended by themselves
        tale.take(Step.RESUME)
    yield from decide(tale)
    yield from conclude(tale)


def pause_proposed(tale: Tale) -> Life:
    """The supervisor has not answered yet."""
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    tale.propose(Step.PAUSE, pause_type=tale.special_procedure, days=6, from_on=tale.days.after(tale.days.today, 1))


def extended(tale: Tale) -> Life:
    """Once, before the end, for a reason, by a head who has not worked on the case."""
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    proposal = tale.propose(Step.EXTEND, clock=tale.extendable_clock, days=3, reason="需要进一步核实（示例）")
    yield tale.desk(tale.on)
    tale.consent(proposal, Step.EXTEND, Role.HEAD)
    yield from decide(tale)
    yield from conclude(tale)


def extension_proposed(tale: Tale) -> Life:
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    tale.propose(Step.EXTEND, clock=tale.extendable_clock, days=5, reason="需要进一步核实（示例）")


def asked_to_wait(tale: Tale) -> Life:
    """The applicant asks for time; those days count for nobody."""
    yield from arrive(tale)
    yield from accept(tale)
    yield tale.desk(tale.on)
    first = tale.days.after(tale.on, 1)
    tale.take(Step.REQUEST_WAIT, from_on=first, until_on=tale.days.after(first, 3))
    yield tale.in_days(5)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def rated_badly(tale: Tale) -> Life:
    """差评: the rater is called within a working day, and what went wrong is put right within five."""
    yield from reviewed(tale)
    yield from decide(tale)
    yield from conclude(tale, score=tale.rng.choice((1, 2)))
    yield tale.in_days(1)
    tale.take(Step.CONTACT_RATER)
    yield tale.in_days(2)
    tale.take(Step.FIX_RATING)


def reopened(tale: Tale) -> Life:
    """An error was found after delivery: opened again by the decider, and decided anew the next day."""
    yield from reviewed(tale)
    yield from decide(tale)
    yield from conclude(tale, score=3)
    yield tale.in_days(1)
    tale.take(Step.REOPEN, tale.person(Role.DECIDER), reason="证照记载有误（示例）")
    yield tale.desk(tale.on)
    tale.take(Step.REVIEW, conclusion="approve")
    yield tale.desk(tale.on)
    tale.take(Step.DECIDE, **GRANT)
    yield tale.desk(tale.on)
    tale.take(Step.DELIVER, **POSTED)


def marked_as_test(tale: Tale) -> Life:
    yield from arrive(tale)
    yield tale.in_time(0, 1)
    tale.take(Step.MARK_TEST)
