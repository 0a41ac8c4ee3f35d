"""Histories without a database: events written by hand, for the pure part of cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from portal.basis import Role
from portal.cases.model import Clock, clocks_of
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger.kinds import KINDS
from portal.ledger.model import Channel, Event
from portal.ledger.payloads import checked_payload
from portal.worktime import OfficeHours, WorkCalendar, national, read_office
from tests.cases.city import SHANGHAI, at

Line = tuple[str, str] | tuple[str, str, dict[str, Any]]
_ROLES = {"submitted": Role.APPLICANT, "withdrawn": Role.APPLICANT, "rated": Role.APPLICANT}


def version_of(item: str, when: str = "2026-03-02") -> ItemVersion:
    return catalogue().in_force(item, date.fromisoformat(when))


def history(item: str | ItemVersion, situation: str, *lines: Line, number: str = "990100-2026-000001") -> list[Event]:
    """``("received", "Monday 2026-03-02 10:00", {"counted_from": …})``; a hand-in at the first instant comes first."""
    version = item if isinstance(item, ItemVersion) else version_of(item)
    first = (
        "submitted",
        lines[0][1],
        {"applicant": "citizen-1", "matter": f"{version.code}:{situation}", "situation": situation},
    )
    events = []
    for seq, line in enumerate((first, *lines), 1):
        kind, when = line[0], at(line[1])
        payload = dict(line[2]) if len(line) > 2 else {}
        if kind == "received":
            payload.setdefault("counted_from", when.astimezone(SHANGHAI).date())
        events.append(
            Event(
                seq=seq,
                subject=f"case/{number}",
                kind=kind,
                actor="citizen-1" if kind in _ROLES else "u1",
                role=_ROLES.get(kind, Role.CLERK),
                office=version.office,
                window=None,
                channel=Channel.WINDOW,
                occurred_at=when,
                recorded_at=when,
                item_version=version.version,
                payload=checked_payload(KINDS[kind], payload),
                sealed=None,
                leaf_hash=b"",
            )
        )
    return events


@cache
def hours_on(calendar: WorkCalendar) -> OfficeHours:
    return OfficeHours(calendar, read_office("default"))


def known_on(day: date) -> OfficeHours:
    return hours_on(national(day))


def only(calendar: WorkCalendar) -> Callable[[date], OfficeHours]:
    return lambda _day: hours_on(calendar)


def clocks_at(
    events: Sequence[Event], version: ItemVersion, now: datetime, known: Callable[[date], OfficeHours] = known_on
) -> dict[str, Clock]:
    """Clocks by ``name.leg.kind``."""
    today = now.astimezone(SHANGHAI).date()
    return {clock.key: clock for clock in clocks_of(events, version, known, today)}
