"""A channel (one way to one item): its states, what may follow which, the fold of its events, when it is down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_, Refusal, Role
from portal.ledger.model import Event

PLATFORM: Final = "platform"  # the item under which the whole online portal stands
PLATFORM_CHANNEL: Final = f"{PLATFORM}:web"
ONLINE: Final = ("web", "app")
NOTICE: Final = timedelta(hours=24)  # parameters of ours (V18): so long before, a maintenance is announced in time
LASTING: Final = timedelta(minutes=15)
VANTAGES, FAILURES = 2, 2  # so many places, so often in a row
RETAINED_DAYS: Final = 30  # the counter stays open beside a new online way (V21)
SIGNATURES: Final = 2


class State(StrEnum):
    PILOT = "pilot"
    LIVE = "live"
    MAINTENANCE = "maintenance"
    DOWN = "down"
    STOPPED = "stopped"


class Function(StrEnum):
    """What a probe tries."""

    SIGN_IN = "sign-in"
    SUBMIT = "submit"
    REFRESH = "refresh"
    QUERY = "query"


class Only(StrEnum):
    """To which one way somebody was sent."""

    ONLINE = "only-online"
    WINDOW = "only-window"


STATE_TITLES: Final[Mapping[State, str]] = {
    State.PILOT: N_("On trial"),
    State.LIVE: N_("Works"),
    State.MAINTENANCE: N_("Maintenance"),
    State.DOWN: N_("Down"),
    State.STOPPED: N_("Stopped"),
}
FUNCTION_TITLES: Final[Mapping[Function, str]] = {
    Function.SIGN_IN: N_("Sign in"),
    Function.SUBMIT: N_("Hand in"),
    Function.REFRESH: N_("Load a page again"),
    Function.QUERY: N_("Follow a request"),
}
ONLY_TITLES: Final[Mapping[Only, str]] = {
    Only.ONLINE: N_("to the online way only"),
    Only.WINDOW: N_("to the counter only"),
}
AWAY: Final = frozenset({State.MAINTENANCE, State.DOWN, State.STOPPED})
# A maintenance is a plan beside the state and may be announced in each of them but one that is stopped.
TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.PILOT: frozenset({State.LIVE, State.MAINTENANCE, State.DOWN, State.STOPPED}),
    State.LIVE: frozenset({State.MAINTENANCE, State.DOWN, State.STOPPED}),
    State.MAINTENANCE: frozenset({State.LIVE, State.PILOT, State.DOWN, State.STOPPED}),
    State.DOWN: frozenset({State.LIVE, State.PILOT, State.MAINTENANCE, State.STOPPED}),
    State.STOPPED: frozenset({State.LIVE, State.PILOT}),
}


class ChannelNotFound(Refusal):
    """There is no such channel."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such channel. Choose one from the list."))


class ChangeNotPossible(Refusal):
    """The channel is not where this change begins."""

    def __init__(self, state: State, wanted: State) -> None:
        super().__init__(
            N_("A channel that is %(state)s cannot become %(wanted)s. Load the page again and see how it stands."),
            values={"state": state.value, "wanted": wanted.value},
        )


class ChannelFactMissing(Refusal):
    """Something that must be said was not, or cannot be so."""


@dataclass(frozen=True, slots=True)
class Maintenance:
    announced_at: datetime
    from_at: datetime
    until_at: datetime
    reason: str

    @property
    def is_in_time(self) -> bool:
        return self.from_at - self.announced_at >= NOTICE

    def is_on(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at


@dataclass(frozen=True, slots=True)
class Checklist:
    """What stands before a first going live: functions tried, a load test, a rehearsed way back, an open counter."""

    functions: bool
    load_test: bool
    rollback: bool
    offline_days: int

    @property
    def is_whole(self) -> bool:
        return self.functions and self.load_test and self.rollback and self.offline_days >= RETAINED_DAYS


@dataclass(frozen=True, slots=True)
class Channel:
    """``state`` is what stands beside any maintenance; ``was`` what it returns to when it comes back.

    ``failing``: since when each (vantage, function) fails; ``found_by_probes``: nobody but the probes said it is down.
    """

    item: str
    way: str
    office: str | None
    state: State
    since_at: datetime
    halls: tuple[str, ...] = ()
    was: State = State.PILOT
    reason: str = ""
    basis: str = ""
    maintenance: Maintenance | None = None
    failing: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    found_by_probes: bool = False
    signers: tuple[str, ...] = ()
    last_seq: int = 0

    @property
    def number(self) -> str:
        return f"{self.item}:{self.way}"

    @property
    def is_online(self) -> bool:
        return self.way in ONLINE

    @property
    def is_signed(self) -> bool:
        return len(set(self.signers)) >= SIGNATURES

    def state_at(self, at: datetime) -> State:
        is_kept = self.state in (State.STOPPED, State.DOWN)
        on = self.maintenance is not None and self.maintenance.is_on(at)
        return State.MAINTENANCE if on and not is_kept else self.state

    def is_away(self, at: datetime) -> bool:
        return self.state_at(at) in AWAY

    def since(self, at: datetime) -> datetime:
        """Since when it is in the state that it is in at that moment."""
        if self.state_at(at) is State.MAINTENANCE and self.maintenance is not None:
            return self.maintenance.from_at
        ended = self.maintenance.until_at if self.maintenance else None
        return max(self.since_at, ended) if ended is not None and ended <= at else self.since_at

    def until(self, at: datetime) -> datetime | None:
        """When it is said to be back."""
        is_on = self.state_at(at) is State.MAINTENANCE and self.maintenance is not None
        return self.maintenance.until_at if is_on and self.maintenance else None


def subject_of(number: str) -> str:
    return f"channel/{number}"


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


# --- probes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Probe:
    """One try of one function from one vantage point; ``fault`` is empty when it went well."""

    vantage: str
    function: Function
    at: datetime
    took_ms: int
    fault: str = ""

    @property
    def is_well(self) -> bool:
        return not self.fault


def failures_in_a_row(probe: Probe, earlier: Iterable[Probe]) -> list[Probe]:
    """The row of failures that ends with this probe; ``earlier``: same vantage and function, the newest first."""
    row: list[Probe] = []
    for one in (probe, *earlier):
        if one.is_well:
            break
        row.append(one)
    return row


def down_since(channel: Channel) -> datetime | None:
    """Since when enough vantage points see one and the same function fail; None while too few do."""
    by_function: dict[str, list[datetime]] = {}
    for (_, function), since in channel.failing.items():
        by_function.setdefault(function, []).append(since)
    moments = [sorted(since)[VANTAGES - 1] for since in by_function.values() if len(since) >= VANTAGES]
    return min(moments, default=None)


def is_down(channel: Channel, at: datetime) -> bool:
    """The verdict of the probes: it has lasted long enough."""
    since = down_since(channel)
    return since is not None and at - since >= LASTING
