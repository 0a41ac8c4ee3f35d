"""What the events of a channel come to, and when it was down by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from portal.basis import Role
from portal.channels.model.channel import AWAY, Channel, ChannelNotFound, Checklist, Maintenance, State
from portal.ledger.model import Event


def fold_channel(events: Sequence[Event]) -> Channel:
    """What the events of one channel come to; the first one lists it.

    :raises ChannelNotFound: there are none.
    """
    found: Channel | None = None
    for event in events:
        found = _folded(found, event)
    if found is None:
        raise ChannelNotFound
    return found


def _folded(channel: Channel | None, event: Event) -> Channel | None:
    if event.kind == "channel-changed":
        channel = _changed(channel, event)
    elif channel is None:
        return None  # written around the operations: nothing was listed
    elif event.kind in ("probe-failed", "probe-recovered"):
        channel = _probed(channel, event)
    elif event.kind == "golive-signed" and _checklist(event).is_whole:
        channel = replace(channel, signers=(*channel.signers, event.actor))
    return replace(channel, last_seq=event.seq)


def _changed(channel: Channel | None, event: Event) -> Channel:
    state = State(event.text("state") or State.PILOT)
    if channel is None:
        item, _, way = event.number.partition(":")
        listed = Channel(event.text("item") or item, event.text("way") or way, event.office, state, event.occurred_at)
        return replace(listed, halls=event.texts("halls"), was=state)
    by_system = event.role is Role.SYSTEM  # which follows the catalogue: an item may move to another office
    office = (event.office or channel.office) if by_system else (channel.office or event.office)
    channel = replace(channel, office=office, halls=event.texts("halls") or channel.halls)
    if state is State.MAINTENANCE:
        return replace(channel, maintenance=_announced(event) or channel.maintenance)
    if state is channel.state and state is not State.STOPPED and not _ends(channel, event):
        return channel  # the same again: other halls, for example
    return replace(
        channel,
        state=state,
        was=channel.was if channel.state in AWAY else channel.state,
        since_at=_since(event, state),
        reason=event.text("reason") or "",
        basis=event.text("basis") or "",
        maintenance=None if _ends(channel, event) else channel.maintenance,
        found_by_probes=by_system and state is State.DOWN,
    )


def _since(event: Event, state: State) -> datetime:
    """What is found to be down was so before it was said."""
    return (
        min(event.instant("from_at") or event.occurred_at, event.occurred_at)
        if state is State.DOWN
        else event.occurred_at
    )


def _ends(channel: Channel, event: Event) -> bool:
    """Whoever says that it works, before its end, ends or withdraws a maintenance; the system only once it is on."""
    if channel.maintenance is None or event.text("state") == State.DOWN:
        return False
    return event.role is not Role.SYSTEM or channel.maintenance.from_at < event.occurred_at


def _announced(event: Event) -> Maintenance | None:
    from_at, until_at = event.instant("from_at"), event.instant("until_at")
    if until_at is None:
        return None
    begins = max(from_at or event.occurred_at, event.occurred_at)
    return Maintenance(event.occurred_at, begins, until_at, event.text("reason") or "")


def _probed(channel: Channel, event: Event) -> Channel:
    key = (event.text("vantage") or "", event.text("function") or "")
    failing = dict(channel.failing)
    if event.kind == "probe-recovered":
        failing.pop(key, None)
    else:
        failing.setdefault(key, event.instant("since_at") or event.occurred_at)
    return replace(channel, failing=failing)


def _checklist(event: Event) -> Checklist:
    return Checklist(
        event.has("functions"), event.has("load_test"), event.has("rollback"), event.integer("offline_days") or 0
    )


def down_spans(events: Iterable[Event], until: datetime) -> list[tuple[datetime, datetime]]:
    """When the channel was down, by its own events; one that goes on ends at ``until``."""
    spans: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for event in events:
        state = event.text("state") if event.kind == "channel-changed" else State.MAINTENANCE
        if state == State.DOWN:
            since = since or _since(event, State.DOWN)
        elif state != State.MAINTENANCE and since is not None:
            spans.append((since, event.occurred_at))
            since = None
    return [*spans, (since, until)] if since is not None else spans


def minutes_within(spans: Iterable[tuple[datetime, datetime]], first: datetime, last: datetime) -> int:
    """Whole minutes of [first, last) that at least one of the spans covers."""
    covered, reached = timedelta(), first
    for start, stop in sorted(spans):
        begin, end = max(start, reached), min(stop, last)
        if end > begin:
            covered += end - begin
            reached = end
    return int(covered.total_seconds() // 60)
