"""A window as it stands: who sits there, and whether it calls. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.basis import N_, Refusal
from portal.ledger.model import Event


class WindowState(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    PAUSED = "paused"


WINDOW_TITLES = {
    WindowState.SHUT: N_("Nobody there"),
    WindowState.OPEN: N_("In service"),
    WindowState.PAUSED: N_("Paused"),
}


class WindowNotYours(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You are not signed in at a window. Choose yours, then go on."), field="window")


class WindowBusy(Refusal):
    def __init__(self, printed: str) -> None:
        super().__init__(
            N_("Number %(printed)s is still at this window. Finish, park or pass it on first."),
            values={"printed": printed},
        )


class WindowTaken(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else works at this window. Let that person hand it over, or choose another one."),
            field="window",
        )


class ColleagueUnfit(Refusal):
    """A window is handed over only to somebody who may run it and is free to."""


class MergeUnfit(Refusal):
    """These two windows do not go together."""


class WindowUnknown(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This hall has no such window; choose one from the list."), field="window")


class ItemNotServedHere(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("No window of this hall takes this service. Choose another hall, or hand it in online."), field="item"
        )


@dataclass(frozen=True, slots=True)
class Stand:
    """``actor`` is the account that sits there; ``since`` when the state began."""

    hall: str
    window: str
    state: WindowState = WindowState.SHUT
    actor: str | None = None
    since: datetime | None = None
    reason: str | None = None
    last_seq: int = 0


def stand_then(stand: Stand, event: Event) -> Stand:
    at: dict[str, Any] = {"since": event.occurred_at, "last_seq": event.seq}
    match event.kind:
        case "window-opened":
            return replace(stand, state=WindowState.OPEN, actor=event.actor, reason=None, **at)
        case "window-paused":
            return replace(stand, state=WindowState.PAUSED, reason=event.text("reason"), **at)
        case "window-closed" | "windows-merged":
            return replace(stand, state=WindowState.SHUT, actor=None, reason=event.text("reason"), **at)
        case "window-passed":
            return replace(stand, state=WindowState.OPEN, actor=event.text("to_actor"), reason=None, **at)
    return stand
