"""What people declare of a channel, and what they met there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from portal.accounts.policy import Act, Target, may, require
from portal.basis import N_, SYSTEM, By, Role
from portal.cases.almanac import hours_of
from portal.cases.model import midnight
from portal.catalogue.queries import catalogue
from portal.channels.model.channel import (
    AWAY,
    ONLINE,
    PLATFORM,
    TRANSITIONS,
    ChangeNotPossible,
    Channel,
    ChannelFactMissing,
    Checklist,
    Only,
    State,
)
from portal.channels.operations.making_up import make_up
from portal.channels.operations.writing import changed, channel_now, noted, version_of
from portal.channels.tables import ChannelRow
from portal.ledger.model import Event
from portal.store import db

LONGEST: Final = timedelta(days=7)  # parameter of ours: a maintenance that takes longer is a stop, and needs its law


def channel_target(channel: Channel, by: By) -> Target:
    """A hall manager stands to a counter as to his own if his office runs one of its halls."""
    runs = {hall.run_by for code in channel.halls if (hall := catalogue().hall_of.get(code)) is not None}
    own = by.office if by.role is Role.HALL_MANAGER and by.office in runs and not channel.is_online else None
    return Target(office=own or (None if by.role is Role.HALL_MANAGER else channel.office))


def announce_maintenance(
    number: str, from_at: datetime, until_at: datetime, *, reason: str, by: By, at: datetime
) -> Event:
    """:raises Refusal: the moments cannot be so, no reason is given, or somebody may not announce it."""
    channel = _required(number, Act.CHANGE_CHANNEL, by)
    _possible(channel, State.MAINTENANCE, at)
    if until_at <= from_at:
        raise ChannelFactMissing(N_("The end lies before the beginning; swap the two."), field="until_at")
    if from_at < at:
        raise ChannelFactMissing(
            N_("A maintenance is announced before it begins. If it is down already, say that it is down."),
            field="from_at",
        )
    if until_at - from_at > LONGEST:
        raise ChannelFactMissing(
            N_("A maintenance takes a week at the most; what takes longer is a stop."), field="until_at"
        )
    facts = {"from_at": from_at, "until_at": until_at, "reason": _given("reason", reason)}
    return changed(number, State.MAINTENANCE, facts, by=by, at=at)


def report_down(
    number: str, *, reason: str, evidence: str, by: By, at: datetime, since_at: datetime | None = None
) -> Event:
    channel = _required(number, Act.CHANGE_CHANNEL, by)
    _possible(channel, State.DOWN, at)
    if since_at is not None and since_at > at:
        raise ChannelFactMissing(N_("That moment is still to come; give one that has passed."), field="since_at")
    facts = {"reason": _given("reason", reason), "evidence": _given("evidence", evidence), "from_at": since_at or at}
    return changed(number, State.DOWN, facts, by=by, at=at)


def stop(number: str, *, reason: str, basis: str, by: By, at: datetime) -> Event:
    """Stop a way. Without a legal basis it is written down all the same: the rule says what it is (V20)."""
    channel = channel_now(number)
    require(by, Act.CHANGE_CHANNEL if channel.is_online else Act.STOP_COUNTER, channel_target(channel, by))
    _possible(channel, State.STOPPED, at)
    return changed(
        number, State.STOPPED, {"reason": _given("reason", reason), "basis": basis.strip() or None}, by=by, at=at
    )


def bring_back(number: str, *, reason: str, by: By, at: datetime) -> Event:
    """Back to what it was before, live or on trial; ends a maintenance early, or withdraws one that is announced."""
    channel = _required(number, Act.CHANGE_CHANNEL, by)
    if channel.state not in AWAY and (channel.maintenance is None or channel.maintenance.until_at <= at):
        raise ChangeNotPossible(channel.state, State.LIVE)
    back = channel.was if channel.state in AWAY else channel.state
    event = changed(number, back, {"reason": _given("reason", reason)}, by=by, at=at)
    if channel.state is State.DOWN and channel.item == PLATFORM and may(by, Act.DECLARE_OUTAGE):
        make_up(channel.since_at, at, evidence=f"{event.subject} {event.seq}", by=by, at=at)
    return event


def sign_golive(number: str, checklist: Checklist, *, by: By, at: datetime) -> Event:
    """:raises Refusal: the list is not whole, it is no online way, or the same person signed it before."""
    channel = channel_now(number)
    if not channel.is_online or channel.state is not State.PILOT:
        raise ChangeNotPossible(channel.state, State.LIVE)
    mine = channel.signers and by.actor in channel.signers
    require(by, Act.SIGN_GOLIVE, replace(channel_target(channel, by), proposed_by=by.actor if mine else None))
    if not checklist.is_whole:
        raise ChannelFactMissing(
            N_("The list is not whole. Sign it when every point is done and the counter stays open for 30 days."),
            field="offline_days" if checklist.functions and checklist.load_test and checklist.rollback else "functions",
        )
    facts = {
        "functions": checklist.functions,
        "load_test": checklist.load_test,
        "rollback": checklist.rollback,
        "offline_days": checklist.offline_days,
    }
    return noted(number, "golive-signed", facts, by=by, at=at)


def go_live(number: str, *, by: By, at: datetime, reason: str = "") -> list[Event]:
    """Put an online way live. Without two signatures a reason is asked, and the rule says what it is (V21).

    The ways of items that were on trial follow their platform.
    """
    channel = _required(number, Act.CHANGE_CHANNEL, by)
    if channel.state is not State.PILOT:
        raise ChangeNotPossible(channel.state, State.LIVE)
    if not channel.is_signed and not reason.strip():
        raise ChannelFactMissing(
            N_("Two people have not signed the list. Have it signed, or say why it goes live all the same."),
            field="reason",
        )
    written = [changed(number, State.LIVE, {"reason": reason.strip() or None}, by=by, at=at)]
    if channel.item == PLATFORM:
        on_trial = select(ChannelRow).where(ChannelRow.state == State.PILOT.value, ChannelRow.way.in_(ONLINE))
        followers = [(row.number, row.office) for row in db.session.scalars(on_trial.order_by(ChannelRow.number))]
        written += [
            changed(follower, State.LIVE, {}, by=replace(SYSTEM, office=office), at=at)
            for follower, office in followers
        ]
    return written


def refuse_channel(number: str, only: Only | str, *, evidence: str, by: By, at: datetime) -> Event:
    """Note that somebody who came this way was sent to one other only."""
    channel = _required(number, Act.REFUSE_CHANNEL, by)
    facts = {
        "reason": Only(only).value,
        "way": channel.way,
        "offered": _offered(channel.item, at),
        "evidence": _given("evidence", evidence),
    }
    return noted(number, "channel-refused", facts, by=by, at=at)


def note_element(number: str, element: str, *, shown: str, in_force: str, by: By, at: datetime) -> Event:
    """Note what was shown or asked there: two digests, of what was seen and of what is in force (see elements.py)."""
    channel = _required(number, Act.NOTE_ELEMENT, by)
    version = version_of(channel.item, at)
    switched = None if version is None else midnight(version.in_force_from, hours_of(None)(at.date()))
    facts = {
        "element": element,
        "shown": shown,
        "in_force": in_force,
        "switched_at": switched,
    }
    return noted(number, "element-snapshot", facts, by=by, at=at)


def _offered(item: str, at: datetime) -> tuple[str, ...]:
    version = version_of(item, at)
    return () if version is None else tuple(way.value for way in version.channels)


def _required(number: str, act: Act, by: By) -> Channel:
    channel = channel_now(number)
    require(by, act, channel_target(channel, by))
    return channel


def _possible(channel: Channel, wanted: State, at: datetime) -> None:
    state = channel.state_at(at)
    if wanted not in TRANSITIONS[state]:
        raise ChangeNotPossible(state, wanted)


def _given(field: str, value: str) -> str:
    if not value.strip():
        raise ChannelFactMissing(N_("%(name)s is missing; fill it in."), field=field, values={"name": field})
    return value.strip()
