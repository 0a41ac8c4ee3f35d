"""What is promised to who hands in now: the same clocks, over a hand-in that has not happened."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from portal.basis import SYSTEM
from portal.cases.almanac import counted_from, hours_of
from portal.cases.model import Clock, HoursKnownOn, clocks_of
from portal.cases.model.clocks import trace_of
from portal.catalogue.model import ItemVersion, Situation
from portal.ledger.model import Channel, Event
from portal.worktime import DayNote


def promised(
    version: ItemVersion,
    situation: Situation | str,
    *,
    channel: str = "web",
    at: datetime,
    known_on: HoursKnownOn | None = None,
) -> tuple[Clock, ...]:
    """The clocks that would run if this were handed in at ``at``; where a decision has its own limit, as if it were
    accepted on the last day allowed."""
    hours_known_on = known_on or hours_of(version.office)
    hours = hours_known_on(at.date())
    on = at.astimezone(hours.zone).date()
    received_on = counted_from(at, channel, hours_known_on(on))
    code = situation if isinstance(situation, str) else situation.code
    events = [
        _imagined(1, "submitted", at, channel, version, {"applicant": "-", "matter": version.code, "situation": code}),
        _imagined(2, "received", at, channel, version, {"counted_from": received_on.isoformat()}),
    ]
    clocks = clocks_of(events, version, hours_known_on, on)
    accept = max((clock.due_at for clock in clocks if clock.name == "accept"), default=at)
    events.append(_imagined(3, "accepted", accept, "system", version, {}))
    decisions = [clock for clock in clocks_of(events, version, hours_known_on, on) if clock.name == "decide"]
    return (*clocks, *decisions)


def promised_trace(clock: Clock, version: ItemVersion, *, known_on: HoursKnownOn | None = None) -> tuple[DayNote, ...]:
    return trace_of(clock, version, (known_on or hours_of(version.office))(clock.opened_at.date()))


def _imagined(seq: int, kind: str, at: datetime, channel: str, version: ItemVersion, payload: dict[str, str]) -> Event:
    return Event(
        seq=seq,
        subject="case/imagined",
        kind=kind,
        actor=SYSTEM.actor,
        role=SYSTEM.role,
        office=version.office,
        window=None,
        channel=Channel(channel),
        occurred_at=at,
        recorded_at=at,
        item_version=version.version,
        payload=payload,
        sealed=None,
        leaf_hash=sha256(b"").digest(),
    )
