"""The golden scenarios of 2020, minute by minute: 张女士 (Z1), 李先生 (Z2), and a contribution base that lay (Z4)."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.basis import By, Role
from portal.cases.model import Step
from portal.demo.days import local
from portal.demo.lives.asking import Asking
from portal.demo.lives.steps import GRANT
from portal.demo.tale import Life, Tale

Z1_OPENS: Final = date(2020, 9, 7)
Z2_OPENS: Final = date(2020, 9, 14)
Z4_OPENS: Final = date(2020, 7, 1)
Z1_MATTER: Final = "insurance-change:licence-change"
_Z1: Final = (  # when she asked, where, which clerk, and what came of it
    ("2020-09-07", "10:00", "centre-a", 0, "told-elsewhere", ()),
    ("2020-09-09", "14:30", "centre-b", 0, "refused", ()),
    ("2020-09-15", "09:40", "centre-c", 0, "answered", ("conditions", "place")),
    ("2020-09-18", "11:00", "centre-a", 1, "told-elsewhere", ()),
    ("2020-09-22", "10:15", "centre-d", 0, "accepted", ()),
)


def z1(asking: Asking) -> Life:
    """Sent from office to office with one matter; the fifth accepts it."""
    for day, clock, office, which, outcome, covers in _Z1:
        yield local(date.fromisoformat(day), clock)
        clerk: By = asking.city.staff_of(office, Role.CLERK)[which]
        asking.office = office
        asking.inquire(clerk, question="企业社会保险变更在哪里办？（示例）")
        yield asking.minutes(5)
        asking.answer(outcome, clerk, covers=covers)


def z2(tale: Tale) -> Life:
    """失业补助金: five working days became seventeen."""
    yield local(Z2_OPENS, "10:00")
    tale.hand_in()
    yield local(date(2020, 9, 15), "10:00")
    tale.take(Step.ACCEPT)
    yield local(date(2020, 10, 12), "15:00")
    tale.take(Step.OPEN)
    yield local(date(2020, 10, 12), "15:40")
    tale.take(Step.REVIEW, conclusion="approve")
    yield local(date(2020, 10, 13), "14:30")
    tale.take(Step.DECIDE, **GRANT)
    yield local(date(2020, 10, 13), "16:00")
    tale.take(Step.DELIVER, delivery_channel="web", proof="短信送达（示例）")


def z4(tale: Tale) -> Life:
    """核定申报: received, looked at once, asked after twice, and left where it lay."""
    yield local(Z4_OPENS, "09:30")
    tale.hand_in({"occasion": "yearly"})
    for day, clock, step in (
        ("2020-07-08", "10:00", Step.CHASE),
        ("2020-07-10", "15:00", Step.VIEW),
        ("2020-07-15", "10:00", Step.CHASE),
    ):
        yield local(date.fromisoformat(day), clock)
        if step is Step.VIEW:
            tale.take(step)
        else:
            tale.take(step, tale.person(Role.CLERK), place="window", channel="window")
