"""Merging windows: for the rest of a day one takes another's services, the numbers bound to it, and its hours to come.

What is promised rests on the minutes of both, so the promises that would break are known before; whoever merges all the
same gives a reason. The window that ends keeps its services in the catalogue: who opens it again calls as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, By
from portal.catalogue.model import WindowKind
from portal.hall.model.days import Spans, after, clipped, united
from portal.hall.model.tickets import Ticket, TicketStep
from portal.hall.model.windows import MergeUnfit, Stand, WindowState, stand_then
from portal.hall.operations.calling import take
from portal.hall.operations.projection import write_hall_event, write_stand
from portal.hall.operations.windows import PromisesWouldBreak, newly_broken, require_nobody
from portal.hall.places import Place, hours_of_hall, joined, local_day, place
from portal.hall.queries.queue import waiting
from portal.hall.standing import Standing, standing
from portal.ledger.model import Event
from portal.ledger.operations import append

_ANY = (WindowKind.COMPREHENSIVE, WindowKind.LOW_COUNTER)


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge would mean: ``then`` is the hall after it, ``lost`` who would not be called, ``bound`` who moves."""

    now: Standing
    then: Standing
    left_spans: Spans
    spans: Spans
    lost: tuple[Ticket, ...]
    bound: tuple[Ticket, ...]


def merging(hall: str, window: str, into: str, at: datetime) -> Merging:
    """:raises MergeUnfit: these two do not go together, or there is nothing left to merge.

    :raises WindowUnknown: the hall has no such window.
    """
    where = place(hall)
    now = standing(where, local_day(where.hall, at), at)
    return _merging(now, window, into)


def mergings(hall: str, window: str, at: datetime) -> Mapping[str, Merging]:
    """For every window that could take this one over, what that would mean; the hall is read once."""
    where = place(hall)
    now = standing(where, local_day(where.hall, at), at)
    found = {}
    for into in where.windows:
        try:
            found[into] = _merging(now, window, into)
        except MergeUnfit:
            continue
    return found


def merge_windows(hall: str, window: str, into: str, reason: str, *, by: By, at: datetime) -> Event:
    """Let ``into`` take over what ``window`` had still to do today.

    :raises PromisesWouldBreak: numbers would no longer be called in time, and no reason was given.
    :raises MergeUnfit: the two do not go together.
    :raises WindowBusy: somebody is at the window that ends.
    """
    where = place(hall)
    require(by, Act.MERGE_WINDOWS, Target(office=where.hall.run_by))
    found = merging(hall, window, into, at)
    require_nobody(hall, window)
    if found.lost and not reason.strip():
        raise PromisesWouldBreak(found.lost)
    facts = {
        "at_window": window,
        "into_window": into,
        "day": found.now.day.day,
        "left_spans": _said(where, found.left_spans, at),
        "spans": _said(where, found.spans, at),
        "reason": reason.strip() or None,
        "broken": len(found.lost),
    }
    event = append(f"hall/{hall}", "windows-merged", facts, by=by, at=at)
    write_stand(stand_then(found.now.stands.get(window, Stand(hall, window)), event))
    write_hall_event(event)
    for ticket in found.bound:
        take(ticket, TicketStep.TRANSFER, by=by, at=at, office=ticket.office, to_window=into, reason=facts["reason"])
    return event


def _merging(now: Standing, window: str, into: str) -> Merging:
    _require_fit(now, window, into)
    day, at = now.day, now.at
    mine, other = day.rostered.get(window, ()), day.rostered.get(into, ())
    left = clipped(mine, mine[0][0], at) if mine else ()
    spans = united([*other, *after(mine, at)])
    shut = Stand(now.place.code, window, WindowState.SHUT, since=at)
    then = replace(
        now,
        place=joined(now.place, [(window, into)]),
        day=replace(day, rostered={**day.rostered, window: left, into: spans}),
        stands={**now.stands, window: shut},
    )
    queue = waiting(now.place.code, day.day)
    lost = newly_broken(now, queue, now.minutes_left(), then.minutes_left(), then=then)
    return Merging(now, then, left, spans, tuple(lost), tuple(one for one in queue if one.to_window == window))


def _require_fit(now: Standing, window: str, into: str) -> None:
    """:raises MergeUnfit: with what to do instead."""
    one, other = now.place.window(window), now.place.window(into)
    stand, goal = now.stands.get(window), now.stands.get(into)
    if window == into:
        raise MergeUnfit(N_("A window is merged into another one; choose which."), field="into")
    if one.kind is WindowKind.UNSOLVED or other.kind is WindowKind.UNSOLVED:
        raise MergeUnfit(
            N_("The window for what could not be settled stays by itself; choose another one."), field="into"
        )
    if other.office != one.office and other.kind not in _ANY:
        raise MergeUnfit(
            N_("That window is of another office and takes only its own services. Choose one of the same office, or a "
               "comprehensive window."),
            field="into",
        )  # fmt: skip
    if goal is None or goal.state is not WindowState.OPEN:
        raise MergeUnfit(
            N_("Nobody calls at that window now. Choose one that is open, or let somebody sit down there first."),
            field="into",
        )
    is_shut = stand is None or stand.state is WindowState.SHUT
    if is_shut and not any(end > now.at for _, end in now.day.rostered.get(window, ())):
        raise MergeUnfit(
            N_("There is nothing left to merge: nobody sits at this window, and it has no hours left today."),
            field="into",
        )


def _said(where: Place, spans: Sequence[tuple[datetime, datetime]], at: datetime) -> tuple[str, ...]:
    """As a shift is written, in whole minutes; what is shorter than one is nothing."""
    zone = hours_of_hall(where.hall, at.date()).zone
    texts = [(f"{a.astimezone(zone):%H:%M}", f"{b.astimezone(zone):%H:%M}") for a, b in spans]
    return tuple(f"{a}-{b}" for a, b in texts if a < b)
