"""The golden scenarios: what happened to 张女士 (Z1), 李先生 (Z2) and a contribution base (Z4), minute by minute."""

from __future__ import annotations

from typing import Any

from portal.basis import By, Role
from tests.years.city import Crew, Item, limit_row
from tests.years.journal import Journal, Row
from tests.years.lawful.asking import Asking
from tests.years.story import Story

INSURANCE_CHANGE = Item("insurance-change@1", "service", "990100")
UNEMPLOYMENT_SUBSIDY = Item("unemployment-subsidy@1", "benefit", "990100")
CONTRIBUTION_BASE = Item("contribution-base@1", "service", "990100")
ITEMS = (INSURANCE_CHANGE, UNEMPLOYMENT_SUBSIDY, CONTRIBUTION_BASE)
LIMITS: list[dict[str, Any]] = [limit_row(UNEMPLOYMENT_SUBSIDY, "feedback", "received", "delivered", 5)]


def _clerk(name: str, office: str) -> By:
    return By(name, Role.CLERK, office, f"{office}/counter", f"{office}-1")


def z1() -> list[Row]:
    """Told elsewhere, refused, answered vaguely, told elsewhere again, and at the fifth try accepted."""
    journal = Journal()
    a1, b1, c1, a2, d1 = (
        _clerk("a1", "centre-a"), _clerk("b1", "centre-b"), _clerk("c1", "centre-c"),
        _clerk("a2", "centre-a"), _clerk("d1", "centre-d"),
    )  # fmt: skip
    asking = Asking(journal, 1, Crew("centre-a"), "insurance-change/enterprise", INSURANCE_CHANGE.version)
    for asked, answered, clerk, outcome, facts in (
        ("Monday 2020-09-07 10:00", "2020-09-07 10:05", a1, "told-elsewhere", {}),
        ("Wednesday 2020-09-09 14:30", "2020-09-09 14:36", b1, "refused", {}),
        ("Tuesday 2020-09-15 09:40", "2020-09-15 09:50", c1, "answered", {"covers": ["conditions", "place"]}),
        ("Friday 2020-09-18 11:00", "2020-09-18 11:03", a2, "told-elsewhere", {}),
        ("Tuesday 2020-09-22 10:15", "2020-09-22 10:25", d1, "accepted", {}),
    ):
        asking.answer(asking.ask(asked, by=clerk), answered, outcome, by=clerk, **facts)
    return journal.close()


def z2() -> list[Row]:
    """失业补助金: five working days became seventeen."""
    journal = Journal()
    story = Story(journal, UNEMPLOYMENT_SUBSIDY, 2, Crew("social-insurance"))
    story.hand_in("Monday 2020-09-14 10:00")
    story.accept("Tuesday 2020-09-15 10:00")
    story.deliver("Tuesday 2020-10-13 16:00")
    return journal.close()


def z4() -> list[Row]:
    """核定申报: received, looked at once, asked after twice, and left where it lay."""
    journal = Journal()
    story = Story(journal, CONTRIBUTION_BASE, 4, Crew("social-insurance"))
    story.hand_in("Wednesday 2020-07-01 09:30")
    story.chase("Wednesday 2020-07-08 10:00")
    story.note("viewed", "Friday 2020-07-10 15:00", story.crew.clerk)
    story.chase("Wednesday 2020-07-15 10:00")
    return journal.close()
