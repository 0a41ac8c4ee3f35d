"""The stretches of which lives are made: hand-in, acceptance, review, decision, delivery, each in its time."""

from __future__ import annotations

from typing import Any, Final

from portal.basis import Role
from portal.cases.model import Step
from portal.demo.tale import Life, Tale

GRANT: Final[dict[str, Any]] = {"conclusion": "grant"}
POSTED: Final[dict[str, Any]] = {"delivery_channel": "post", "proof": "EMS（示例）"}
DENIAL: Final[dict[str, Any]] = {
    "conclusion": "deny",
    "reason": "材料所载情况不符合条件（示例）",
    "basis": "行政许可法 第三十八条",
    "remedies": "六十日内申请行政复议，或者六个月内提起行政诉讼",
}
REFUSAL: Final[dict[str, Any]] = {
    "reason": "依法不属于本机关职权范围（示例）",
    "basis": "行政许可法 第三十二条",
    "remedies": "六十日内申请行政复议，或者六个月内提起行政诉讼",
    "right_authority": "tax-bureau",
}


def arrive(tale: Tale, **how: Any) -> Life:
    yield tale.begins()
    tale.hand_in(**how)
    if tale.last_step is Step.SUBMIT:
        yield tale.desk(tale.on)
        tale.take(Step.RECEIVE)


def accept(tale: Tale, step: Step = Step.ACCEPT, **facts: Any) -> Life:
    yield tale.in_time(0 if tale.channel == "window" else 1, 1)
    tale.take(step, **facts)


def review(tale: Tale) -> Life:
    if tale.rng.random() < 0.5:
        yield tale.in_time(0, 0)
        tale.take(Step.ASSIGN, assignee=tale.person(Role.REVIEWER).actor)
    yield tale.in_time(0, 1)
    tale.take(Step.OPEN)
    yield tale.in_time(0, 2)
    tale.take(Step.REVIEW, conclusion="approve")


def reviewed(tale: Tale) -> Life:
    """From the hand-in to the reviewer's opinion."""
    yield from arrive(tale)
    yield from accept(tale)
    yield from review(tale)


def decide(tale: Tale, **facts: Any) -> Life:
    yield tale.in_time(0, 4)
    tale.take(Step.DECIDE, **(facts or GRANT))


def conclude(tale: Tale, score: int | None = None) -> Life:
    """Licence, delivery, and what the applicant thinks of it."""
    if tale.gives_licence:
        yield tale.in_time(0, 1)
        tale.take(Step.PRODUCE_LICENCE, licence_no=f"示例证{tale.number[-6:]}")
    yield tale.in_time(0, 1)
    tale.take(Step.DELIVER, **POSTED)
    if score is not None or tale.rng.random() < 0.6:
        yield tale.desk(tale.on) if tale.haste else tale.in_days(tale.rng.randint(0, 3))
        tale.take(Step.RATE, score=score or tale.rng.choice((5, 5, 5, 4, 4, 3)))
