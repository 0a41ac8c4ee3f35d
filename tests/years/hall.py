"""The day of one hall, told number by number: what is issued, called and served, what the hall declares.

Times are clock times of the day (``"10:05"``); a number is issued guaranteed, for its turn, at the kiosk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from portal.basis import SYSTEM, By, Role
from tests.years.city import Crew, applicant
from tests.years.journal import Act, Journal

KIOSK = By(SYSTEM.actor, Role.SYSTEM)
ITEM = "tax-card"


@dataclass(slots=True)
class HallDay:
    journal: Journal
    code: str
    on: date
    crew: Crew
    closes: str = "17:00"
    item_version: str | None = None
    issued: int = 0

    @property
    def subject(self) -> str:
        return f"hall/{self.code}"

    @property
    def manager(self) -> By:
        return By(f"manager-{self.code}", Role.HALL_MANAGER, f"centre-{self.code}", f"centre-{self.code}/manager")

    def at(self, clock: str | datetime) -> datetime:
        return clock if isinstance(clock, datetime) else datetime.combine(self.on, time.fromisoformat(clock))

    def note(self, kind: str, clock: str | datetime, by: By | None = None, **facts: Any) -> Act:
        """Something of the hall itself, by its manager unless told otherwise."""
        return self.journal.note(self.subject, kind, self.at(clock), by or self.manager, **facts)

    def of_office(self, kind: str, clock: str | datetime, **facts: Any) -> Act:
        """Noted by the portal of the office that staffs the window."""
        return self.note(kind, clock, self.crew.portal, **facts)

    def declare(self, told: str | datetime, from_: str, until: str, cause: str, **facts: Any) -> Act:
        ends = {"from_at": self.at(from_), "until_at": self.at(until)}
        return self.note("closure-declared", told, **{"closure": f"c-{self.code}", "cause": cause, **ends, **facts})

    def close(self, clock: str = "17:30") -> Act:
        return self.note("hall-closed", clock, By(SYSTEM.actor, Role.SYSTEM, f"centre-{self.code}"), day=self.on)

    def issue(self, clock: str | datetime, **facts: Any) -> Number:
        self.issued += 1
        number = Number(self, f"ticket/{self.code}-{self.on:%m%d}-{self.issued:03}")
        by = facts.pop("by", None) or By(SYSTEM.actor, Role.SYSTEM, self.crew.office)
        known = {
            "hall": self.code, "day": self.on, "series": "A", "number": self.issued, "source": "walk-in", "item": ITEM,
            "rank": "normal", "turn_at": self.at(clock), "closes_at": self.at(self.closes), "is_guaranteed": True,
        }  # fmt: skip
        number.note("issued", clock, by, **(known | facts))
        return number


@dataclass(slots=True)
class Number:
    hall: HallDay
    subject: str
    acts: list[Act] = field(default_factory=list)
    called: int = 0

    @property
    def first(self) -> Act:
        return self.acts[0]

    def note(self, kind: str, clock: str | datetime, by: By | None = None, **facts: Any) -> Act:
        hall = self.hall
        facts.setdefault("item_version", hall.item_version)
        by = by or hall.crew.clerk
        act = hall.journal.note(self.subject, f"ticket-{kind}", hall.at(clock), by, **facts)
        self.acts.append(act)
        return act

    def call(self, clock: str | datetime, by: By | None = None, *, waited: int = 5, **facts: Any) -> Act:
        self.called += 1
        return self.note("called", clock, by, nth=self.called, waited=waited, **facts)

    def serve(self, clock: str | datetime, by: By | None = None, **facts: Any) -> Act:
        return self.note("served", clock, by, **{"outcome": "information", "is_confirmed": True} | facts)

    def by_holder(self, kind: str, clock: str | datetime, **facts: Any) -> Act:
        return self.note(kind, clock, applicant(hash_of(self.subject)), channel="web", **facts)


def hash_of(subject: str) -> int:
    return sum(ord(letter) * place for place, letter in enumerate(subject, 1))
