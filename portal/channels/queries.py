"""Reads of channels, shaped for who asks: a list for those who watch, a notice for who wants the item, open figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.channels.model.channel import (
    AWAY,
    ONLINE,
    PLATFORM,
    PLATFORM_CHANNEL,
    Channel,
    Maintenance,
    State,
    subject_of,
)
from portal.channels.model.folding import down_spans, minutes_within
from portal.channels.model.probes import Function
from portal.channels.operations import channel_now
from portal.channels.tables import ChannelRow, ProbeRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

AGAIN_EVERY = timedelta(minutes=5)  # parameter of ours: while something is away, time alone is judged so often
SHOWN = 100  # events of a channel's history on its page, the newest; parameter of ours
_CLOSURES = ("closure-declared", "closure-withdrawn")


@dataclass(frozen=True, slots=True)
class ItemWays:
    """The ways of one item, and the platform beneath those that are online."""

    item: str
    channels: tuple[Channel, ...]
    platform: Channel | None

    def state(self, channel: Channel, at: datetime) -> State:
        """A way that works by itself is as far away as the platform on which it stands."""
        own = channel.state_at(at)
        below = self.platform.state_at(at) if self.platform is not None and channel.is_online else own
        return below if own not in AWAY and below in AWAY else own

    def cause(self, channel: Channel, at: datetime) -> Channel:
        """The channel whose state it is: its own, or the platform's."""
        own = channel.state_at(at)
        is_platforms = self.platform is not None and own not in AWAY and self.state(channel, at) is not own
        return self.platform if is_platforms and self.platform is not None else channel

    def away(self, at: datetime) -> tuple[Channel, ...]:
        return tuple(channel for channel in self.channels if self.state(channel, at) in AWAY)

    def open(self, at: datetime) -> tuple[Channel, ...]:
        return tuple(channel for channel in self.channels if self.state(channel, at) not in AWAY)


@dataclass(frozen=True, slots=True)
class ProbeCount:
    probes: int = 0
    failures: int = 0

    @property
    def per_mille(self) -> int:
        """Successes of a thousand, rounded down: what is nearly good is not said to be good."""
        return (self.probes - self.failures) * 1000 // self.probes if self.probes else 0


@dataclass(frozen=True, slots=True)
class ChannelPage:
    channel: Channel
    history: tuple[Event, ...]  # the newest first
    probes: Mapping[tuple[str, str], ProbeCount] = field(default_factory=dict)


def item_ways(items: Collection[str] | None = None) -> list[ItemWays]:
    """Of these items, or of all, by item."""
    statement = select(ChannelRow).order_by(ChannelRow.item, ChannelRow.way)
    if items is not None:
        statement = statement.where(or_(ChannelRow.item.in_(sorted(items)), ChannelRow.item == PLATFORM))
    by_item: dict[str, list[Channel]] = {}
    for row in db.session.scalars(statement):
        by_item.setdefault(row.item, []).append(_channel(row))
    platform = next(iter(by_item.pop(PLATFORM, [])), None)
    return [ItemWays(item, tuple(channels), platform) for item, channels in by_item.items()]


def platform_channel() -> Channel | None:
    row = db.session.get(ChannelRow, PLATFORM_CHANNEL)
    return None if row is None else _channel(row)


def channel_page(number: str, *, since: datetime) -> ChannelPage:
    """:raises ChannelNotFound: there is no such channel."""
    channel = channel_now(number)
    told = [event for event in ledger.events(subject_of(number)) if event.kind != "probes-counted"]
    return ChannelPage(channel, tuple(reversed(told[-SHOWN:])), probe_counts(number, since=since))


def probe_counts(number: str, *, since: datetime) -> dict[tuple[str, str], ProbeCount]:
    """By vantage point and function, since a moment."""
    tried, failed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    statement = select(ProbeRow.vantage, ProbeRow.function, ProbeRow.fault)
    for vantage, function, fault in db.session.execute(
        statement.where(ProbeRow.number == number, ProbeRow.at >= since)
    ):
        tried[vantage, function] += 1
        failed[vantage, function] += bool(fault)
    order = list(Function)
    keys = sorted(tried, key=lambda key: (order.index(Function(key[1])), key[0]))
    return {key: ProbeCount(tried[key], failed[key]) for key in keys}


def summed(counts: Mapping[tuple[str, str], ProbeCount]) -> dict[str, ProbeCount]:
    """The same by function alone."""
    found: dict[str, ProbeCount] = {}
    for (_, function), count in counts.items():
        held = found.get(function, ProbeCount())
        found[function] = ProbeCount(held.probes + count.probes, held.failures + count.failures)
    return found


def down_minutes(first: datetime, last: datetime) -> dict[str, int]:
    """By channel, the minutes of [first, last) in which it was down; those of the platform hit every online way."""
    events: dict[str, list[Event]] = {}
    for batch in ledger.stream({"channel-changed"}):
        for event in batch:
            if event.occurred_at < last:
                events.setdefault(event.number, []).append(event)
    beneath = down_spans(events.get(PLATFORM_CHANNEL, ()), last)
    return {
        number: minutes_within([*down_spans(told, last), *(beneath if _is_online(number) else ())], first, last)
        for number, told in events.items()
    }


def _is_online(number: str) -> bool:
    return number.partition(":")[2] in ONLINE


def subjects_to_judge(changed: Iterable[str], *, after_seq: int, after: datetime, until: datetime) -> list[str]:
    """All channels, when one of them changed, a hall was shut, or time went by while something was away."""
    named = set(changed)
    has_changed = any(subject.startswith("channel/") for subject in named)
    is_shut = any(subject.startswith("hall/") for subject in named) and any(
        ledger.stream(set(_CLOSURES), after_seq=after_seq)
    )
    if not (has_changed or is_shut or (_slot(after) != _slot(until) and _is_any_away(until))):
        return []
    return [subject_of(number) for number in db.session.scalars(select(ChannelRow.number).order_by(ChannelRow.number))]


def _slot(at: datetime) -> int:
    return int(at.timestamp() // AGAIN_EVERY.total_seconds())


def _is_any_away(at: datetime) -> bool:
    """A way that merely stays stopped is judged at midnight, and when something else goes away."""
    is_failing = (ChannelRow.failing > 0) | (ChannelRow.state == State.DOWN.value)
    is_planned = (ChannelRow.maintenance_from_at <= at) & (ChannelRow.maintenance_until_at > at)
    return db.session.scalar(select(ChannelRow.number).where(is_failing | is_planned).limit(1)) is not None


def _channel(row: ChannelRow) -> Channel:
    """As the row tells it: who signed, and what exactly fails, stand in the events."""
    plan = None
    if row.maintenance_announced_at and row.maintenance_from_at and row.maintenance_until_at:
        plan = Maintenance(
            row.maintenance_announced_at, row.maintenance_from_at, row.maintenance_until_at, row.maintenance_reason
        )
    return Channel(
        row.item,
        row.way,
        row.office,
        State(row.state),
        row.since_at,
        was=State(row.was),
        reason=row.reason,
        basis=row.basis,
        maintenance=plan,
        last_seq=row.last_seq,
    )
