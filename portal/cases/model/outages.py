"""A declared outage: which ways in were down, where, from when to when, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.ledger.model import Event


@dataclass(frozen=True, slots=True)
class Outage:
    """Days are included, both; no ``channels`` means that every way in was down."""

    number: str
    offices: tuple[str, ...]
    channels: tuple[str, ...]
    from_on: date
    until_on: date
    cause: str
    evidence: str
    declared_at: datetime
    declared_by: str


def outages_of(events: Iterable[Event]) -> list[Outage]:
    """One outage is declared with an event for each office that it hit; the newest first."""
    found: dict[str, Outage] = {}
    for event in events:
        number, from_on, until_on = event.text("outage"), event.date("from_on"), event.date("until_on")
        if number is None or from_on is None or until_on is None:
            continue  # written around the operations
        known = found.get(number) or Outage(
            number,
            (),
            event.texts("channels"),
            from_on,
            until_on,
            event.text("cause") or "",
            event.text("evidence") or "",
            event.occurred_at,
            event.actor,
        )
        found[number] = replace(known, offices=(*known.offices, event.number))
    return sorted(found.values(), key=lambda outage: (outage.declared_at, outage.number), reverse=True)
