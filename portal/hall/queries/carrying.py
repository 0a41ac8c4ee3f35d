"""To which day a number can be carried over: the formula is asked for each open day, the nearest first.

Whoever was not served on a day that is over is asked for today first: he has come, and the hall owes him the visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from portal.basis import N_
from portal.hall.model.capacity import Verdict
from portal.hall.model.ranks import Rank, turn_of
from portal.hall.model.tickets import Ticket, TicketFactUnfit
from portal.hall.places import Place, local_day, sessions
from portal.hall.queries.steering import day_state
from portal.hall.standing import Standing, standing

AHEAD: Final = 30  # days in which a day that can hold it is looked for
SHOWN: Final = 5  # days that are named to whoever chooses


class NoDayHoldsIt(TicketFactUnfit):
    """Neither tomorrow nor in a month."""

    def __init__(self, *, is_shut: bool) -> None:
        message = N_(
            "Every day of the next month is promised away for this service. Book an appointment, choose another hall "
            "or hand it in online; the hall manager may carry it over without a guarantee."
        )
        if is_shut:
            message = N_("This hall does not open within a month; choose another hall or hand it in online.")
        super().__init__(message, field="to_day")


@dataclass(frozen=True, slots=True)
class CarryDay:
    """An open day as it stands now, and what the formula says of one more number on it.

    ``turn_at``: from when its turn would count; ``is_stopped``: the hall manager issues no more numbers on it.
    """

    now: Standing
    verdict: Verdict
    turn_at: datetime
    is_stopped: bool = False

    @property
    def day(self) -> date:
        return self.now.day.day

    @property
    def fits(self) -> bool:
        return self.verdict.fits and not self.is_stopped


def open_days(where: Place, found: Ticket, at: datetime) -> Iterator[CarryDay]:
    """The open days after the number's own, today among them; each is read only when it is asked for.

    :raises ItemNotServedHere: no window takes the service any more.
    """
    where.windows_for(found.item)
    first = _first_day(where, found, at)
    for ahead in range(AHEAD):
        if (one := _carry_day(where, found, first + timedelta(ahead), at)) is not None:
            yield one


def _first_day(where: Place, found: Ticket, at: datetime) -> date:
    return max(local_day(where.hall, at), found.day + timedelta(1))


def day_that_holds(where: Place, found: Ticket, at: datetime) -> CarryDay:
    """The nearest open day on which this number can be guaranteed.

    :raises NoDayHoldsIt: there is none within a month.
    """
    is_shut = True
    for one in open_days(where, found, at):
        if one.fits:
            return one
        is_shut = False
    raise NoDayHoldsIt(is_shut=is_shut)


def day_asked(where: Place, found: Ticket, day: date, at: datetime) -> CarryDay:
    """One day that was asked for.

    :raises TicketFactUnfit: the hall is not open on it any more, or it is too far ahead.
    """
    first = _first_day(where, found, at)
    one = _carry_day(where, found, day, at) if first <= day < first + timedelta(AHEAD) else None
    if one is None:
        raise TicketFactUnfit(N_("The hall is not open on that day; choose one of those offered."), field="to_day")
    return one


def days_to_choose(where: Place, found: Ticket, at: datetime) -> list[CarryDay]:
    """The next open days, and the first that can hold it if it comes later than these."""
    chosen: list[CarryDay] = []
    for one in open_days(where, found, at):
        if len(chosen) < SHOWN or one.fits:
            chosen.append(one)
        if len(chosen) >= SHOWN and any(day.fits for day in chosen):
            break
    return chosen


def _carry_day(where: Place, found: Ticket, day: date, at: datetime) -> CarryDay | None:
    """None: the hall is shut that day, or has closed already."""
    if not (spans := sessions(where.hall, day)) or at >= spans[-1][1]:
        return None
    turn_at = turn_of(Rank.CARRIED_OVER, max(spans[0][0], at))
    now = standing(where, day, at, turn_at=turn_at)
    if now.day.closes_at is None or at >= now.day.closes_at:
        return None
    is_stopped = day == local_day(where.hall, at) and day_state(where.code, day)[0] is not None
    return CarryDay(now, now.verdict(found.item, found.matters), turn_at, is_stopped)
