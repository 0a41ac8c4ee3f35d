"""Makers for tests of the rules about halls: short numbers, windows and declarations of one hall on one day.

The hall is ``hall/H``, the day Tuesday 2020-06-02, closing at 17:00; times are clock times of that day unless a whole
date is written.
"""

from __future__ import annotations

from typing import Any

from portal.compliance.engine import Finding
from portal.compliance.log import Log
from portal.compliance.registry import all_rules
from tests.compliance.record import at, event, found, record

DAY = "2020-06-02"  # a Tuesday
CLOSING = "17:00"
Entry = dict[str, Any]
__all__ = [
    "Entry",
    "at",
    "called",
    "closed",
    "hall",
    "issued",
    "log_of",
    "said",
    "served",
    "ticket",
    "verdicts",
    "when",
]


def when(clock: str) -> str:
    return clock if " " in clock else f"{DAY} {clock}"


def ticket(kind: str, clock: str, n: int = 1, **facts: Any) -> Entry:
    return event(f"ticket-{kind}", when(clock), **{"subject": f"ticket/{n}", "office": "tax", "item": None} | facts)


def issued(clock: str = "10:00", n: int = 1, **facts: Any) -> Entry:
    """At the kiosk, for its turn, guaranteed."""
    known = {
        "hall": "H", "day": when(clock).split()[-2], "item": "tax-card", "rank": "normal", "turn_at": at(when(clock)),
        "closes_at": at(when(CLOSING)), "is_guaranteed": True, "actor": "system", "role": "system",
    }  # fmt: skip
    return ticket("issued", clock, n, **(known | facts))


def called(clock: str, n: int = 1, *, nth: int = 1, waited: int = 5, **facts: Any) -> Entry:
    return ticket("called", clock, n, **{"nth": nth, "waited": waited} | facts)


def served(clock: str, n: int = 1, **facts: Any) -> Entry:
    return ticket("served", clock, n, **{"outcome": "information", "is_confirmed": True} | facts)


def hall(kind: str, clock: str, **facts: Any) -> Entry:
    """By the hall's manager."""
    known = {"subject": "hall/H", "actor": "manager", "role": "hall-manager", "office": "centre"}
    return event(kind, when(clock), **(known | facts))


def closed(clock: str, from_: str, until: str, cause: str = "emergency", **facts: Any) -> Entry:
    known = {"closure": "c1", "cause": cause, "from_at": at(when(from_)), "until_at": at(when(until))}
    return hall("closure-declared", clock, **(known | facts))


def log_of(*entries: Entry, as_of: str) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record([{**entry, "payload": _told(entry)} for entry in ordered], as_of=when(as_of))


def _told(entry: Entry) -> dict[str, Any]:
    return {key: value for key, value in entry["payload"].items() if value is not None}


def said(code: str, *entries: Entry, as_of: str = "17:30") -> list[Finding]:
    return found(log_of(*entries, as_of=as_of), *(rule for rule in all_rules() if rule.code == code))


def verdicts(code: str, *entries: Entry, as_of: str = "17:30") -> list[tuple[str, str | None]]:
    """Severity and variant of each finding."""
    return [(finding.severity.value, finding.variant) for finding in said(code, *entries, as_of=as_of)]
