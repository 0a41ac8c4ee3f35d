"""What the catalogue offers becomes a channel: the platform, and every way of every item in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from portal.basis import SYSTEM
from portal.catalogue.model import ItemNotInForce, ItemVersion
from portal.catalogue.queries import catalogue
from portal.channels.model.channel import ONLINE, PLATFORM_CHANNEL, State
from portal.channels.operations.writing import changed
from portal.channels.tables import ChannelRow
from portal.ledger.model import Event
from portal.store import db

_COUNTERS: Final = ("window", "kiosk", "village")  # ways that have halls


def list_channels(at: datetime, today: date, *, operator: str | None = None) -> list[Event]:
    """List the platform and every way of every item in force that is not listed yet, and follow where an item moves.

    A new online way is on trial until the platform is live: what comes after that came by the catalogue's own checks.
    """
    known = {row.number: row for row in db.session.scalars(select(ChannelRow))}
    written: list[Event] = []
    if PLATFORM_CHANNEL not in known:
        written.append(changed(PLATFORM_CHANNEL, State.PILOT, {}, by=replace(SYSTEM, office=operator), at=at))
    platform = known.get(PLATFORM_CHANNEL)
    online = State.LIVE if platform is not None and platform.state != State.PILOT else State.PILOT
    for version in _in_force(today):
        for way in version.channels:
            number, by = f"{version.code}:{way.value}", replace(SYSTEM, office=version.office)
            halls = version.halls if way.value in _COUNTERS else ()
            row = known.get(number)
            if row is None:
                state = online if way.value in ONLINE else State.LIVE
                written.append(changed(number, state, {"halls": halls}, by=by, at=at))
            elif row.office != version.office and row.state != State.STOPPED:
                written.append(changed(number, State(row.state), {"halls": halls}, by=by, at=at))
    return written


def _in_force(today: date) -> list[ItemVersion]:
    found = []
    for item in catalogue().items(on=today):
        try:
            found.append(catalogue().in_force(item.code, today))
        except ItemNotInForce:
            continue
    return found
