"""The writes of the ledger: append, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update

from portal.basis import N_, By, Refusal, Role
from portal.ledger.canonical import canonical
from portal.ledger.model import Channel, Event
from portal.ledger.payloads import channel_named, checked_payload, checked_subject, kind_named
from portal.ledger.seals import LONGEST_EMERGENCY, SEALS, EmergencyUnfit, Seal
from portal.ledger.tables import EventRow, SealRow
from portal.store import Prepared, db, run


class RecordedBeforeItOccurred(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Something cannot be recorded before it has occurred; check the time that was entered."),
            field="occurred_at",
        )


# The unit is the only writer on both databases, so the next number is free, and a rollback leaves no gap.
_next_seq = select(func.coalesce(func.max(EventRow.seq), 0) + 1).scalar_subquery()
_TABLE = cast("Table", EventRow.__table__)
_INSERT = Prepared(
    insert(_TABLE).values(seq=_next_seq).returning(_TABLE.c.seq)
)  # built once: building it costs most of its time


def append(
    subject: str,
    kind: str,
    payload: Mapping[str, object] | None = None,
    *,
    by: By,
    at: datetime,
    recorded_at: datetime | None = None,
    channel: str | None = None,
    item_version: str | None = None,
    sealed: bytes | None = None,
) -> Event:
    """Write that something happened to the subject at ``at``, and return the event with its number.

    Post and authorisation of whoever acts stand in the payload. ``recorded_at`` is given only when it is written down
    later than it happened. Without a channel it happened at a window, or, if the system acts, inside the system.
    Dates and instants may be given as such or as text.

    :raises Refusal: the kind, a key, a value, the subject or the channel is not one that the ledger lists.
    """
    listed = kind_named(kind)
    if at.utcoffset() is None or (recorded_at is not None and recorded_at.utcoffset() is None):
        raise ValueError("an event needs aware instants; the edge reads the clock in UTC")
    event = Event(
        seq=0,
        subject=checked_subject(subject, listed),
        kind=listed.name,
        actor=by.actor,
        role=by.role,
        office=by.office,
        window=by.window,
        channel=channel_named(channel or (Channel.SYSTEM if by.role is Role.SYSTEM else Channel.WINDOW)),
        occurred_at=at.astimezone(UTC),
        recorded_at=(recorded_at or at).astimezone(UTC),
        item_version=item_version,
        payload=checked_payload(listed, {"post": by.post, "authorisation": by.authorisation, **(payload or {})}),
        sealed=sealed,
        leaf_hash=b"",
    )
    if event.recorded_at < event.occurred_at:
        raise RecordedBeforeItOccurred
    return _inserted(replace(event, leaf_hash=event.leaf()))


def _inserted(event: Event) -> Event:
    values = {
        "subject": event.subject,
        "kind": event.kind,
        "actor": event.actor,
        "role": event.role.value,
        "office": event.office,
        "window": event.window,
        "channel": event.channel.value,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "item_version": event.item_version,
        "payload": canonical(event.payload).decode(),
        "sealed": event.sealed,
        "leaf_hash": event.leaf_hash,
    }
    return replace(event, seq=run(_INSERT, values).scalar_one())


def note_seal(seal: Seal) -> None:
    """Repeat in the database what the newest checkpoint says."""
    values = {"size": seal.size, "root": seal.root, "sealed_at": seal.sealed_at}
    if not cast("Any", db.session.execute(update(SealRow).values(values))).rowcount:
        db.session.execute(insert(SealRow).values(id=1, **values))


def declare_emergency(reason: str, hours: int, *, approved_by: str, by: By, at: datetime) -> Event:
    """Let new matters in although nothing is sealed, for some hours; two people answer for it.

    :raises EmergencyUnfit: it is one person, no reason, or too long.
    """
    if by.actor == approved_by or not reason.strip() or not timedelta() < timedelta(hours=hours) <= LONGEST_EMERGENCY:
        raise EmergencyUnfit
    facts = {"until_at": at + timedelta(hours=hours), "reason": reason.strip(), "approved_by": approved_by}
    return append(SEALS, "emergency-declared", facts, by=by, at=at, channel=Channel.SYSTEM)
