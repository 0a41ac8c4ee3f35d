"""Windows: who sits there, pausing and closing only after the promises that would break are known, handing over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.accounts.policy import Act, Target, may, require
from portal.accounts.queries import posts_held
from portal.basis import N_, By
from portal.hall.model.capacity import Handling, Windows, broken
from portal.hall.model.tickets import Ticket, TicketFactUnfit
from portal.hall.model.windows import (
    ColleagueUnfit,
    Stand,
    WindowBusy,
    WindowNotYours,
    WindowState,
    WindowTaken,
    stand_then,
)
from portal.hall.operations.projection import write_stand
from portal.hall.places import Place, local_day, place
from portal.hall.queries.queue import at_windows, waiting
from portal.hall.standing import Standing, seats_of, several, standing, stands_of
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


def open_window(hall: str, window: str, *, by: By, at: datetime, reason: str = "") -> Stand:
    """Sit down at a window, or go on after a pause; the one where this person sat until now is left.

    :raises WindowTaken: somebody else sits there.
    :raises WindowBusy: this person sits at another window, and somebody is at that.
    :raises PromisesWouldBreak: without that other window numbers would not be called in time, and no reason was given.
    """
    where = place(hall)
    require(by, Act.OPEN_WINDOW, Target(office=where.window(window).office))
    stands = stands_of(hall)
    stand = stands.get(window, Stand(hall, window))
    if stand.state is not WindowState.SHUT and stand.actor != by.actor:
        raise WindowTaken
    if stand.state is WindowState.OPEN:
        return stand
    for other in seats_of(by.actor):  # one person sits at one window, in whatever hall
        if (other.hall, other.window) != (hall, window):
            _leave_for(other, (hall, window), reason, by=by, at=at)
    return _recorded(where, stand, "window-opened", by=by, at=at)


def _leave_for(stand: Stand, goal: tuple[str, str], reason: str, *, by: By, at: datetime) -> None:
    """Close the window where somebody sat, on the way to another, whose minutes then count."""
    require_nobody(stand.hall, stand.window)
    comes = frozenset((goal[1],)) if goal[0] == stand.hall else frozenset[str]()
    lost = would_break(stand.hall, frozenset((stand.window,)), at, comes)
    if lost and not reason.strip():
        raise PromisesWouldBreak(lost)
    facts = {"reason": reason.strip() or None, "broken": len(lost)}
    _recorded(place(stand.hall), stand, "window-closed", by=by, at=at, **facts)


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
    :raises ColleagueUnfit: the other may not run this window, or sits at one already.
    """
    where = place(hall)
    require(by, Act.PASS_WINDOW, Target(office=where.window(window).office))
    stand = stands_of(hall).get(window)
    if stand is None or stand.actor != by.actor or stand.state is WindowState.SHUT:
        raise WindowNotYours
    _require_colleague(where, window, to_actor, by, at)
    return _recorded(where, stand, "window-passed", by=by, at=at, to_actor=to_actor)


def _require_colleague(where: Place, window: str, to_actor: str, by: By, at: datetime) -> None:
    """:raises ColleagueUnfit: it is oneself, nobody who may run this window today, or one who sits at another."""
    if to_actor == by.actor:
        raise ColleagueUnfit(
            N_("You sit there yourself. Choose the colleague who takes the window over."), field="to_actor"
        )
    office = where.window(window).office
    posts = posts_held(to_actor, local_day(where.hall, at))
    held = [By(to_actor, post.role, office=post.office, post=post.code) for post in posts]
    if not any(may(one, Act.OPEN_WINDOW, Target(office=office)) for one in held):
        raise ColleagueUnfit(
            N_("Only who holds a post at the windows of this office today can take it over; choose from the list."),
            field="to_actor",
        )
    if seats_of(to_actor):
        raise ColleagueUnfit(
            N_("That colleague sits at another window. It has to be closed or handed over first."), field="to_actor"
        )


def would_break(hall: str, windows: frozenset[str], at: datetime, comes: frozenset[str] = frozenset()) -> list[Ticket]:
    """The waiting numbers, in order of turn, that could not be called before closing if these windows left now.

    ``comes``: windows at which whoever leaves sits down instead.
    """
    where = place(hall)
    day = local_day(where.hall, at)
    now = standing(where, day, at)
    seated = {window: Stand(hall, window, WindowState.OPEN, since=at) for window in comes}
    then = replace(now, stands={**now.stands, **seated})
    after = {window: 0.0 if window in windows else minutes for window, minutes in then.minutes_left().items()}
    return newly_broken(now, waiting(hall, day), now.minutes_left(), after, windows, then)


def newly_broken(
    now: Standing,
    queue: Sequence[Ticket],
    before: dict[str, float],
    after: dict[str, float],
    leaving: Collection[str] = (),
    then: Standing | None = None,
) -> list[Ticket]:
    """Of the guaranteed numbers those that fit before and do not fit after; who is ``leaving`` calls nobody now.

    ``then`` is the hall afterwards, where its windows take other services than before.
    """
    later = then or now
    promised = {ticket.id: ticket for ticket in queue}
    lost = set(broken(_jobs(now, queue), before, appointments=now.appointments(), free=now.free()))
    staying = [window for window in later.free() if window not in leaving]
    left = broken(_jobs(later, queue), after, appointments=later.appointments(), free=staying)
    return [promised[number] for number in left if number not in lost and promised[number].is_guaranteed]


def _jobs(now: Standing, queue: Sequence[Ticket]) -> list[tuple[str, Handling, Windows]]:
    return [
        (one.id, several(now.handling(one.item), one.matters), now.windows(one.item, one.to_window)) for one in queue
    ]


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
        require_nobody(hall, window)
    lost = would_break(hall, frozenset((window,)), at)
    if lost and not reason.strip():
        raise PromisesWouldBreak(lost)
    return _recorded(where, stand, kind, by=by, at=at, reason=reason.strip() or None, broken=len(lost))


def require_nobody(hall: str, window: str) -> None:
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
