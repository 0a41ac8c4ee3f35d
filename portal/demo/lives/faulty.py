"""What should not happen and does: each life breaks one promise, so that the supervisor has something to see."""

from __future__ import annotations

from datetime import timedelta

from portal.basis import Role
from portal.cases.model import Step
from portal.demo.days import local
from portal.demo.lives.steps import GRANT, POSTED, REFUSAL, accept, arrive, conclude, decide, review, reviewed
from portal.demo.tale import Life, Tale


def result_late(tale: Tale) -> Life:
    """V08, V09: reviewed in time, then left until the promise was broken."""
    yield from reviewed(tale)
    yield tale.late_by(1, 3)
    tale.take(Step.DECIDE, **GRANT)
    yield from _delivered(tale, 0)


def result_very_late(tale: Tale) -> Life:
    """The same, more than twice the promised time."""
    yield from reviewed(tale)
    yield tale.late_by(8, 12)
    tale.take(Step.DECIDE, **GRANT)
    yield from _delivered(tale, 0)


def still_waiting(tale: Tale) -> Life:
    """Accepted and reviewed, and then nothing: overdue and open."""
    yield from reviewed(tale)


def left_lying(tale: Tale) -> Life:
    """V12: handed in online, looked at, asked after at the window, and never taken up."""
    yield from arrive(tale)
    yield tale.in_days(2)
    tale.take(Step.VIEW)
    yield tale.in_days(4)
    tale.take(Step.CHASE, tale.person(Role.CLERK), place="window", channel="window")


def accepted_by_silence(tale: Tale) -> Life:
    """V04: nobody told the applicant within the legal limit, so the law accepted the case; then it is handled."""
    yield from arrive(tale)
    yield tale.in_days(8)
    tale.take(Step.ACCEPT)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def asked_twice(tale: Tale) -> Life:
    """V05: the second notice asks for what the first hand-in already showed to be missing."""
    first, second = tale.required[:1], tale.required[1:2]
    yield from arrive(tale, leave_out=[*first, *second])
    yield from accept(tale, Step.NOTICE_CORRECTION, demands=first, determinable=first)
    yield tale.in_days(2)
    tale.take(Step.SUBMIT_CORRECTION, materials=tale.bring(first))
    yield tale.in_time(1, 1)
    proposal = tale.propose(Step.NOTICE_CORRECTION, demands=second, determinable=second)
    yield tale.desk(tale.on)
    tale.consent(proposal, Step.NOTICE_CORRECTION, Role.SUPERVISOR)
    yield tale.in_days(2)
    tale.take(Step.SUBMIT_CORRECTION, materials=tale.bring(second))
    yield from accept(tale)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def opinion_reversed(tale: Tale) -> Life:
    """V11: approved, rejected and approved again on the same papers."""
    yield from reviewed(tale)
    yield tale.in_time(0, 1)
    tale.take(Step.REVIEW, tale.other(Role.REVIEWER), conclusion="reject")
    yield tale.in_time(1, 1)
    tale.take(Step.REVIEW, conclusion="approve")
    yield from decide(tale)
    yield from conclude(tale)


def backdated(tale: Tale) -> Life:
    """V16: accepted at the window, and written down two hours later as if it had just happened."""
    tale.channel = "window"
    yield from arrive(tale)
    happened_at = tale.now + timedelta(minutes=10)
    yield tale.now + timedelta(minutes=131)
    tale.take(Step.ACCEPT, occurred_at=happened_at)
    yield from review(tale)
    yield from decide(tale)
    yield from conclude(tale)


def delivered_late(tale: Tale) -> Life:
    """V15: decided in time, and then the paper lay for more than ten working days."""
    yield from reviewed(tale)
    yield from decide(tale)
    yield from _delivered(tale, 12)


def not_taken_over(tale: Tale) -> Life:
    """V07: handed over, and the other office lets it lie; then it sends it back without a reason."""
    yield from arrive(tale)
    yield tale.in_time(0, 1)
    facts = {"to_office": "market-supervision", "reason": "属该部门职责（示例）", "summary": "诉求见办件"}
    tale.take(Step.HAND_OVER, tale.person(Role.DISPATCHER), **facts)
    yield tale.in_days(4)
    receiver = tale.city.staff_of("market-supervision", Role.CLERK)[0]
    tale.take(Step.RETURN_HANDOVER, receiver)


def refused_without_a_paper(tale: Tale) -> Life:
    """V06: turned away without number, date and seal."""
    yield from arrive(tale)
    bare = {"document_no": None, "document_on": None, "is_sealed": None, "right_authority": None}
    yield from accept(tale, Step.REFUSE, **{**REFUSAL, **bare})


def renewed_by_silence(tale: Tale) -> Life:
    """行政许可法 第五十条: the licence expired before anybody decided on its renewal."""
    expires_at = local(tale.days.after(tale.opens_on, 20), "17:00")
    yield from arrive(tale, answers={"action": "renewal"}, target_at=expires_at)
    yield from accept(tale)
    yield from review(tale)


def _delivered(tale: Tale, days: int) -> Life:
    if tale.gives_licence:
        yield tale.desk(tale.on)
        tale.take(Step.PRODUCE_LICENCE, licence_no=f"示例证{tale.number[-6:]}")
    yield tale.in_days(days)
    tale.take(Step.DELIVER, **POSTED)
