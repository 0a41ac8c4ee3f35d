"""What every write of a channel shares: how it stands, an event about it, and its row made again from its events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from portal.basis import By
from portal.cases.almanac import hours_of
from portal.catalogue.model import ItemNotInForce, ItemUnknown, ItemVersion
from portal.catalogue.queries import catalogue
from portal.channels.model.channel import Channel, ChannelNotFound, State, subject_of
from portal.channels.model.folding import fold_channel
from portal.channels.tables import ChannelRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db


def channel_now(number: str) -> Channel:
    """:raises ChannelNotFound: there is no such channel."""
    if not number or db.session.get(ChannelRow, number) is None:
        raise ChannelNotFound
    return fold_channel(ledger.events(subject_of(number)))


def version_of(item: str, at: datetime) -> ItemVersion | None:
    """The version of the item in force that day; None for the platform."""
    try:
        return catalogue().in_force(item, at.astimezone(hours_of(None)(at.date()).zone).date())
    except (ItemUnknown, ItemNotInForce):
        return None


def changed(number: str, state: State, facts: Mapping[str, Any], *, by: By, at: datetime) -> Event:
    item, _, way = number.partition(":")
    return noted(number, "channel-changed", {"item": item, "way": way, "state": state.value, **facts}, by=by, at=at)


def noted(
    number: str, kind: str, facts: Mapping[str, Any], *, by: By, at: datetime, recorded_at: datetime | None = None
) -> Event:
    """Append it and make the row again."""
    version = version_of(number.partition(":")[0], at)
    event = append(
        subject_of(number),
        kind,
        facts,
        by=by,
        at=at,
        recorded_at=recorded_at,
        channel="system",
        item_version=None if version is None else version.version,
    )
    project(number)
    return event


def rebuild_channels() -> int:
    """Make the projection again from the ledger alone, and return how many channels there are."""
    db.session.execute(delete(ChannelRow))
    subjects = {event.subject for batch in ledger.stream({"channel-changed"}) for event in batch}
    for subject in sorted(subjects):
        project(subject.removeprefix("channel/"))
    return len(subjects)


def project(number: str) -> None:
    channel = fold_channel(ledger.events(subject_of(number)))
    plan = channel.maintenance
    db.session.execute(delete(ChannelRow).where(ChannelRow.number == number))
    db.session.execute(
        insert(ChannelRow).values(
            number=number,
            item=channel.item,
            way=channel.way,
            office=channel.office,
            state=channel.state.value,
            was=channel.was.value,
            since_at=channel.since_at,
            reason=channel.reason,
            basis=channel.basis,
            maintenance_announced_at=plan.announced_at if plan else None,
            maintenance_from_at=plan.from_at if plan else None,
            maintenance_until_at=plan.until_at if plan else None,
            maintenance_reason=plan.reason if plan else "",
            failing=len(channel.failing),
            signers=len(set(channel.signers)),
            last_seq=channel.last_seq,
        )
    )
    db.session.expire_all()
