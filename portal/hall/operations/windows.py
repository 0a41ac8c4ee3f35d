"""Windows: who sits there, pausing and closing only after the promises that would break are known, handing over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, By
from portal.hall.model.capacity import Windows, broken
from portal.hall.model.tickets import Ticket, TicketFactUnfit
from portal.hall.model.windows import Stand, WindowBusy, WindowNotYours, WindowState, WindowTaken, stand_then
from portal.hall.operations.projection import write_stand
from portal.hall.places import Place, local_day, place
from portal.hall.queries.queue import at_windows, waiting
from portal.hall.standing import Standing, several, standing, stands_of
from portal.ledger.operations import append


class PromisesWouldBreak(TicketFactUnfit):
    """``tickets`` could no longer be called before closing; who wants it all the same gives a reason."""

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        self.tickets = tuple(tickets)
        super().__init__(
            N_("Without this window %(count)s numbers could not be called before closing time: %(numbers)s. "
               "Find somebody for it, or give the reason."),
            field="reason",
            values={"count": len(tickets), "numbers": ", ".join(ticket.printed for ticket in tickets)},
        )  # fmt: skip


def open_window(hall: str, window: str, *, by: By, at: datetime) -> Stand:
    """Sit down at a window, or go on after a pause.

    :raises WindowTaken: somebody else sits there.
    :raises WindowBusy: this person sits at another window, and somebody is at that.
    """
    where = place(hall)
    require(by, Act.OPEN_WINDOW, Target(office=where.window(window).office))
    stands = stands_of(hall)
    stand = stands.get(window, Stand(hall, window))
    if stand.state is not WindowState.SHUT and stand.actor != by.actor:
        raise WindowTaken
    if stand.state is WindowState.OPEN:
        return stand
    for other in stands.values():  # one person sits at one window
        if other.actor == by.actor and other.window != window and other.state is not WindowState.SHUT:
            _require_nobody(hall, other.window)
            _recorded(where, other, "window-closed", by=by, at=at, reason=None)
    return _recorded(where, stand, "window-opened", by=by, at=at)


def pause_window(hall: str, window: str, reason: str, *, by: By, at: datetime) -> Stand:
    """A short break; who sits there comes back.

    :raises PromisesWouldBreak: numbers would no longer be called in time, and no reason was given.
    """
    return _left(hall, window, Act.PAUSE_WINDOW, "window-paused", reason, by=by, at=at)


def close_window(hall: str, window: str, reason: str, *, by: By, at: datetime) -> Stand:
    """For the rest of the day, or until somebody opens it again.

    :raises PromisesWouldBreak: numbers would no longer be called in time, and no reason was given.
    :raises WindowBusy: somebody is at it. The hall manager may: the next who sits there goes on with him.
    """
    return _left(hall, window, Act.CLOSE_WINDOW, "window-closed", reason, by=by, at=at)


def pass_window(hall: str, window: str, to_actor: str, *, by: By, at: datetime) -> Stand:
    """Hand the window over at the end of a shift; whoever is being served stays there.

    :raises WindowNotYours: who hands over does not sit there.
    """
    where = place(hall)
    require(by, Act.PASS_WINDOW, Target(office=where.window(window).office))
    stand = stands_of(hall).get(window)
    if stand is None or stand.actor != by.actor or stand.state is WindowState.SHUT:
        raise WindowNotYours
    return _recorded(where, stand, "window-passed", by=by, at=at, to_actor=to_actor)


def would_break(hall: str, windows: frozenset[str], at: datetime) -> list[Ticket]:
    """The waiting numbers, in order of turn, that could not be called before closing if these windows left now."""
    where = place(hall)
    day = local_day(where.hall, at)
    now = standing(where, day, at)
    left = now.minutes_left()
    after = {window: 0.0 if window in windows else minutes for window, minutes in left.items()}
    return newly_broken(now, waiting(hall, day), left, after, windows)


def newly_broken(
    now: Standing,
    queue: Sequence[Ticket],
    before: dict[str, float],
    after: dict[str, float],
    leaving: Collection[str] = (),
) -> list[Ticket]:
    """Of the guaranteed numbers those that fit before and do not fit after; who is ``leaving`` calls nobody now."""
    promised = {ticket.id: ticket for ticket in queue}
    jobs = [(ticket.id, several(now.handling(ticket.item), ticket.matters), _windows(now, ticket)) for ticket in queue]
    due, free = now.appointments(), now.free()
    lost = set(broken(jobs, before, appointments=due, free=free))
    staying = [window for window in free if window not in leaving]
    newly = (promised[number] for number in broken(jobs, after, appointments=due, free=staying) if number not in lost)
    return [ticket for ticket in newly if ticket.is_guaranteed]


def _windows(now: Standing, ticket: Ticket) -> Windows:
    return frozenset((ticket.to_window,)) if ticket.to_window else now.place.serving.get(ticket.item, frozenset())


def _left(hall: str, window: str, act: Act, kind: str, reason: str, *, by: By, at: datetime) -> Stand:
    where = place(hall)
    office = where.window(window).office
    is_manager = by.office == where.hall.run_by and by.office != office
    require(by, act, Target(office=where.hall.run_by if is_manager else office))
    stand = stands_of(hall).get(window, Stand(hall, window))
    if stand.actor != by.actor and not _steers(by, where):
        raise WindowNotYours
    if stand.state is WindowState.SHUT:
        return stand
    if kind == "window-closed" and not _steers(by, where):
        _require_nobody(hall, window)
    lost = would_break(hall, frozenset((window,)), at)
    if lost and not reason.strip():
        raise PromisesWouldBreak(lost)
    return _recorded(where, stand, kind, by=by, at=at, reason=reason.strip() or None, broken=len(lost))


def _require_nobody(hall: str, window: str) -> None:
    """:raises WindowBusy: who is being served would be left before an empty window."""
    busy = at_windows(hall).get(window)
    if busy is not None:
        raise WindowBusy(busy.printed)


def _steers(by: By, where: Place) -> bool:
    return by.role.value == "hall-manager" and by.office == where.hall.run_by


def _recorded(where: Place, stand: Stand, kind: str, *, by: By, at: datetime, **facts: Any) -> Stand:
    event = append(
        f"hall/{where.code}",
        kind,
        {"at_window": stand.window, **facts},
        by=replace(by, office=where.window(stand.window).office, window=stand.window),
        at=at,
    )
    after = stand_then(stand, event)
    write_stand(after)
    return after
