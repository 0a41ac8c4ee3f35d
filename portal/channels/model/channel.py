"""A channel (one way to one item): its states, what may follow which, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_, Refusal, Word

PLATFORM: Final = "platform"  # the item under which the whole online portal stands
PLATFORM_CHANNEL: Final = f"{PLATFORM}:web"
ONLINE: Final = ("web", "app")
NOTICE: Final = timedelta(hours=24)  # parameters of ours (V18): so long before, a maintenance is announced in time
RETAINED_DAYS: Final = 30  # the counter stays open beside a new online way (V21)
SIGNATURES: Final = 2


class State(StrEnum):
    PILOT = "pilot"
    LIVE = "live"
    MAINTENANCE = "maintenance"
    DOWN = "down"
    STOPPED = "stopped"


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
            N_(
                "“%(wanted)s” cannot follow “%(state)s”, where the channel stands. Load the page again to see what can."
            ),
            values={"state": Word(STATE_TITLES[state]), "wanted": Word(STATE_TITLES[wanted])},
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
