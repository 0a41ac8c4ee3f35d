"""What shakes the record itself is recorded too: a ledger that is not as it was sealed, a clock that went back."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.basis import SYSTEM
from portal.basis.watch import ALLOWED
from portal.ledger.checking import Fault
from portal.ledger.model import Channel, Event
from portal.ledger.operations import append
from portal.ledger.queries import events, last_events
from portal.ledger.seals import CLOCK, SEALS


def doubt_ledger(fault: Fault, *, at: datetime) -> Event | None:
    """Record what a check of the whole ledger found; the same fault found again is recorded once."""
    facts = {"fault_seq": fault.seq, "fault": fault.what}
    facts = {name: value for name, value in facts.items() if value is not None}
    told = (event for event in events(SEALS) if event.kind == "ledger-doubted")
    if any((event.payload.get("fault_seq"), event.text("fault")) == (fault.seq, fault.what) for event in told):
        return None
    return append(SEALS, "ledger-doubted", facts, by=SYSTEM, at=at, channel=Channel.SYSTEM)


def note_clock(wall: datetime, *, at: datetime) -> Event | None:
    """Record, once, that ``wall`` is earlier than what the ledger holds or than ``at``, which never goes back."""
    newest = max((event.recorded_at for event in last_events(1)), default=at)
    lag = max(newest, at) - wall
    if lag <= ALLOWED or any(event.recorded_at > wall for event in events(CLOCK)):
        return None
    facts = {"seconds": round(lag / timedelta(seconds=1))}
    return append(CLOCK, "clock-set-back", facts, by=SYSTEM, at=max(newest, at), channel=Channel.SYSTEM)
