"""An invented administration: offices, people, and item versions with their limits. Nothing of it exists.

The rows of ``LIMITS`` have the form in which the catalogue hands its limits to an audit. Two areas are real codes,
because some norms hold only there: 410500 has local rules on first receipt and on sending back, 330100 has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.basis import SYSTEM, By, Role

LICENSING_PAUSES = "appraisal|auction|expert-review|hearing|inspection|quarantine|tender|test"


@dataclass(frozen=True, slots=True)
class Item:
    version: str
    item_type: str
    area: str = "330100"

    @property
    def code(self) -> str:
        return self.version.partition("@")[0]


PERMIT = Item("food-permit@1", "permit")
LOCAL_PERMIT = Item("site-permit@1", "permit", "410500")
SUBSIDY = Item("job-subsidy@1", "benefit")
BASE = Item("contribution-base@1", "service")
DISCLOSURE = Item("disclosure@1", "disclosure")
PETITION = Item("petition@1", "petition")
HOTLINE = Item("hotline@1", "appeal", "410500")
# One clock each, so that one fault is one finding.
ONLY_ACCEPT = Item("only-accept@1", "permit")
ONLY_DECIDE = Item("only-decide@1", "permit")
ONLY_STAGE = Item("only-stage@1", "permit")
ONLY_DELIVER = Item("only-deliver@1", "permit")
NO_CLOCK = Item("no-clock@1", "permit")
LOCAL_NO_CLOCK = Item("local-no-clock@1", "permit", "410500")

_ACCEPTANCES = "accepted|deemed-accepted|promise-accepted|tolerantly-accepted"
_ENDS_OF_ACCEPTING = "accepted|correction-noticed|handed-over|promise-accepted|refused|tolerantly-accepted|withdrawn"


def limit_row(item: Item, clock: str, start: str, stops: str, n: int, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "item": item.code,
        "item_version": item.version,
        "item_type": item.item_type,
        "area": item.area,
        "situation": None,
        "clock": clock,
        "start": start,
        "stops": stops,
        "n": n,
        "unit": "working-day",
        "statutory_n": None,
        "statutory_unit": None,
        "extension_n": None,
        "pauses": "",
        "has_source": True,
    }
    return row | more


def _permit_limits(item: Item) -> list[dict[str, Any]]:
    local = "|site-survey" if item is LOCAL_PERMIT else ""
    return [
        limit_row(item, "accept", "received", _ENDS_OF_ACCEPTING, 5, statutory_n=5, statutory_unit="working-day"),
        limit_row(
            item, "decide", _ACCEPTANCES, "decided", 15, statutory_n=20, statutory_unit="working-day",
            extension_n=10, pauses=LICENSING_PAUSES + local,
        ),
        limit_row(item, "stage:review", _ACCEPTANCES, "reviewed", 8),
        limit_row(item, "deliver", "decided", "delivered", 10, statutory_n=10, statutory_unit="working-day"),
    ]  # fmt: skip


LIMITS: list[dict[str, Any]] = [
    *_permit_limits(PERMIT),
    *_permit_limits(LOCAL_PERMIT),
    limit_row(SUBSIDY, "feedback", "received", "delivered", 5),
    limit_row(BASE, "stage:check", "accepted", "reviewed", 3),
    limit_row(
        DISCLOSURE, "feedback", "received", "delivered", 20, statutory_n=20, statutory_unit="working-day",
        extension_n=20, pauses="third-party-consultation",
    ),
    limit_row(
        PETITION, "decide", "accepted", "decided", 60, unit="calendar-day", statutory_n=60,
        statutory_unit="calendar-day", extension_n=30,
    ),
    limit_row(HOTLINE, "feedback", "received", "delivered", 5, extension_n=5),
    limit_row(ONLY_ACCEPT, "accept", "received", _ENDS_OF_ACCEPTING, 5, statutory_n=5, statutory_unit="working-day"),
    limit_row(
        ONLY_DECIDE, "decide", _ACCEPTANCES, "decided", 20, statutory_n=20, statutory_unit="working-day",
        extension_n=10, pauses=LICENSING_PAUSES,
    ),
    limit_row(ONLY_STAGE, "stage:review", "accepted", "reviewed", 8, pauses=LICENSING_PAUSES),
    limit_row(
        ONLY_DELIVER, "deliver", "decided", "delivered", 10, statutory_n=10, statutory_unit="working-day",
        pauses=LICENSING_PAUSES,
    ),
    *({**limit_row(item, "", "", "", 0), "clock": None} for item in (NO_CLOCK, LOCAL_NO_CLOCK)),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of one office who touch a case; ``n`` keeps the people of different cases apart."""

    office: str
    n: int = 0

    def _by(self, name: str, role: Role, window: str | None = None) -> By:
        return By(f"{name}-{self.office}-{self.n}", role, self.office, f"{self.office}/{name}", window)

    @property
    def portal(self) -> By:
        """The office's own letter-box: the portal receives for the front desk."""
        return By(SYSTEM.actor, Role.SYSTEM, self.office, f"{self.office}/clerk")

    @property
    def clerk(self) -> By:
        return self._by("clerk", Role.CLERK, f"{self.office}-w1")

    @property
    def other_clerk(self) -> By:
        return self._by("clerk-2", Role.CLERK, f"{self.office}-w2")

    @property
    def reviewer(self) -> By:
        return self._by("reviewer", Role.REVIEWER)

    @property
    def other_reviewer(self) -> By:
        return self._by("reviewer-2", Role.REVIEWER)

    @property
    def decider(self) -> By:
        return self._by("decider", Role.DECIDER)

    @property
    def head(self) -> By:
        return self._by("head", Role.HEAD)

    @property
    def supervisor(self) -> By:
        return self._by("supervisor", Role.SUPERVISOR)

    @property
    def dispatcher(self) -> By:
        return self._by("dispatcher", Role.DISPATCHER)


def applicant(n: int) -> By:
    return By(f"applicant-{n}", Role.APPLICANT)
