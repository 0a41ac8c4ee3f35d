"""What probes find: rows of failures, the platform down or back, and the totals of each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select

from portal.basis import SYSTEM
from portal.cases.almanac import hours_of
from portal.channels.model.channel import PLATFORM_CHANNEL, Channel, State, subject_of
from portal.channels.model.probes import FAILURES, Function, Probe, down_since, failures_in_a_row, is_down
from portal.channels.operations.making_up import make_up
from portal.channels.operations.writing import channel_now, noted
from portal.channels.tables import ProbeRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db

SERVICE: Final = (time(8), time(20))  # parameters of ours: service hours of an online portal, every day
KEPT: Final = timedelta(days=3)  # raw results; after that the totals stand in the ledger


def record_probes(probes: Iterable[Probe], *, at: datetime) -> list[Event]:
    """Keep the results and write what they turn: a row of failures, its end, the platform down, or back.

    What could not be written when it was seen (the database may have been what was down) is written later, each result
    at its own moment.
    """
    channel = channel_now(PLATFORM_CHANNEL)
    recent = _recent(channel.number)
    written: list[Event] = []
    for probe in sorted(probes, key=lambda one: one.at):
        key = (probe.vantage, probe.function.value)
        before = channel
        events = _turned(channel, probe, recent.get(key, []), at)
        recent[key] = [probe, *recent.get(key, [])][:FAILURES]
        if events:
            channel = channel_now(channel.number)
        events += _judged(before, channel, probe, at)
        if events:
            channel = channel_now(channel.number)
        written += events
        db.session.execute(
            insert(ProbeRow).values(
                number=channel.number,
                vantage=probe.vantage,
                function=probe.function.value,
                at=probe.at,
                took_ms=probe.took_ms,
                fault=probe.fault[:80],
            )
        )
    return written


def _turned(channel: Channel, probe: Probe, earlier: Sequence[Probe], at: datetime) -> list[Event]:
    is_failing = (probe.vantage, probe.function.value) in channel.failing
    if probe.is_well and is_failing:
        facts: dict[str, Any] = {"vantage": probe.vantage, "function": probe.function.value}
        return [_seen(channel, "probe-recovered", facts, probe.at, at)]
    row = failures_in_a_row(probe, earlier)
    if is_failing or len(row) < FAILURES:
        return []
    facts = {
        "vantage": probe.vantage,
        "function": probe.function.value,
        "since_at": row[-1].at,
        "failures": len(row),
        "fault": probe.fault,
    }
    return [_seen(channel, "probe-failed", facts, probe.at, at)]


def _judged(before: Channel, channel: Channel, probe: Probe, at: datetime) -> list[Event]:
    """The platform is down, or back, by the verdict of the probes."""
    state = channel.state_at(probe.at)
    if is_down(channel, probe.at) and state in (State.PILOT, State.LIVE):
        facts = {"from_at": down_since(channel), "evidence": f"{subject_of(channel.number)} {channel.last_seq}"}
        return [_changed_at(channel, State.DOWN, facts, probe.at, at)]
    if channel.state is State.DOWN and channel.found_by_probes and down_since(channel) is None:
        back = _changed_at(channel, channel.was, {"evidence": f"{subject_of(channel.number)} {channel.last_seq}"},
                           probe.at, at)  # fmt: skip
        make_up(before.since_at, probe.at, evidence=f"{back.subject} {back.seq}", by=SYSTEM, at=at)
        return [back]
    return []


def _seen(channel: Channel, kind: str, facts: Mapping[str, Any], seen_at: datetime, at: datetime) -> Event:
    by = replace(SYSTEM, office=channel.office)
    return noted(channel.number, kind, facts, by=by, at=seen_at, recorded_at=max(at, seen_at))


def _changed_at(channel: Channel, state: State, facts: Mapping[str, Any], seen_at: datetime, at: datetime) -> Event:
    own = {"item": channel.item, "way": channel.way, "state": state.value, **facts}
    return _seen(channel, "channel-changed", own, seen_at, at)


def _recent(number: str) -> dict[tuple[str, str], list[Probe]]:
    """The last results of each vantage point and function, the newest first."""
    statement = select(ProbeRow).where(ProbeRow.number == number).order_by(ProbeRow.at.desc(), ProbeRow.id.desc())
    found: dict[tuple[str, str], list[Probe]] = {}
    for row in db.session.scalars(statement.limit(200)):
        kept = found.setdefault((row.vantage, row.function), [])
        if len(kept) < FAILURES:
            kept.append(Probe(row.vantage, Function(row.function), row.at, row.took_ms, row.fault))
    return found


def count_probes(at: datetime) -> list[Event]:
    """Write the totals of each day that is over and not counted yet, a function a line; then thin the raw results.

    Counted are probes in service hours, without those during a maintenance announced in time.
    """
    zone = hours_of(None)(at.date()).zone
    today = at.astimezone(zone).date()
    channel = channel_now(PLATFORM_CHANNEL)
    counted = {
        (event.date("counted_on"), event.text("function"))
        for event in ledger.events(subject_of(channel.number))
        if event.kind == "probes-counted"
    }
    tried, failed = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    rows = db.session.scalars(select(ProbeRow).where(ProbeRow.number == channel.number)).all()
    for row in rows:
        local = row.at.astimezone(zone)
        if local.date() < today and _is_in_service(channel, row.at, local):
            tried[local.date(), row.function] += 1
            failed[local.date(), row.function] += bool(row.fault)
    written = []
    for day, function in sorted(tried.keys() - counted):
        facts = {
            "function": function,
            "counted_on": day,
            "probes": tried[day, function],
            "failures": failed[day, function],
        }
        by = replace(SYSTEM, office=channel.office)
        written.append(noted(channel.number, "probes-counted", facts, by=by, at=at))
    db.session.execute(delete(ProbeRow).where(ProbeRow.at < at - KEPT))
    return written


def _is_in_service(channel: Channel, at: datetime, local: datetime) -> bool:
    plan = channel.maintenance
    is_excused = plan is not None and plan.is_in_time and plan.is_on(at)
    return SERVICE[0] <= local.time() < SERVICE[1] and not is_excused
