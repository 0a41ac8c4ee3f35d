"""What is done to a number by its holder's own consent: given up, or carried over to a day that can hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, By
from portal.catalogue.queries import version_on
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import (
    KIND_OF,
    NumberOfAnotherDay,
    Source,
    Ticket,
    TicketFactUnfit,
    TicketState,
    TicketStep,
    ticket_then,
)
from portal.hall.operations.calling import take
from portal.hall.operations.ending import close_days_of
from portal.hall.operations.issuing import Slip, kept_situation, refuse_second
from portal.hall.operations.numbers import holders_code, is_holders_code, new_id, next_number
from portal.hall.operations.projection import put_ticket
from portal.hall.places import CARRIED_SERIES, Place, local_day, place
from portal.hall.queries.carrying import CarryDay, day_asked, day_that_holds
from portal.hall.queries.tickets import ticket as load
from portal.ledger.operations import append


class DayPromisedAway(TicketFactUnfit):
    """``day`` cannot hold the number, ``other`` is the nearest that can; consent to another day is asked for anew."""

    def __init__(self, day: date, other: date) -> None:
        self.day, self.other = day, other
        super().__init__(
            N_("%(day)s is promised away: one more number could not be sure to be called. The nearest day that can "
               "hold it is %(other)s; choose that one."),
            field="to_day",
            values={"day": day, "other": other},
        )  # fmt: skip


class WrongCode(TicketFactUnfit):
    def __init__(self) -> None:
        super().__init__(N_("That is not the code on the slip of this number; type it as it is printed."), field="code")


def release(ticket: str, code: str, *, by: By, at: datetime) -> Ticket:
    """The holder gives the number up, so that the others move on.

    :raises WrongCode: the code is not the one on the slip.
    """
    found = load(ticket)
    _check_holder(found, code, by)
    return take(found, TicketStep.RELEASE, by=by, at=at)


def carry_over(
    ticket: str,
    *,
    by: By,
    at: datetime,
    code: str = "",
    is_signed: bool = False,
    to_day: date | None = None,
    override: str | None = None,
) -> Slip:
    """Give the holder one of the first numbers of a day, with his own consent; it is promised like any other.

    The day is one to come; for whom the hall did not serve on a day that is over, it is today if today can hold it.

    Consent is the code of the slip, or his signature on paper, which a clerk or the hall manager keeps. The formula is
    asked for the day: without ``to_day`` it is the nearest that can hold the number. ``override``: the hall manager's
    reason for a number of a day that cannot; it is then no guarantee, and says so.

    :raises WrongCode: neither the one nor the other.
    :raises NumberOfAnotherDay: who did not come on his day gets no first place on a later one.
    :raises HasOneAlready: he has taken another number for it today.
    :raises DayPromisedAway: the day cannot hold it; with the nearest that can.
    :raises NoDayHoldsIt: nor can any other within a month.
    """
    found = load(ticket)
    where = place(found.hall)
    today = local_day(where.hall, at)
    if is_signed:
        require(by, Act.CARRY_OVER_TICKET, Target(office=_own_office(where, by)))
    else:
        _check_holder(found, code, by)
    if found.day < today:
        found = _not_served(where, found, at)
    goal = _goal(where, found, to_day, override, by, at)
    if goal.day == today and found.holder is not None:
        refuse_second(found.hall, today, found.item, found.holder)
    new, version = new_id(), version_on(found.item, goal.day)
    take(found, TicketStep.CARRY_OVER, by=by, at=at, to_ticket=new,
         consent="signature" if is_signed else "code")  # fmt: skip
    event = append(
        f"ticket/{new}",
        KIND_OF[TicketStep.ISSUE],
        _carried(where, found, goal, override, at) | {"situation": kept_situation(version, found.situation)},
        by=replace(by, office=by.office or found.office),
        at=at,
        item_version=None if version is None else version.version,
        channel=None if by.office else "web",
    )
    after = ticket_then(Ticket(""), event)
    put_ticket(after)
    return Slip(after, holders_code(event.subject))


def _not_served(where: Place, found: Ticket, at: datetime) -> Ticket:
    """Whose day is over and who was not served on it; that is recorded first, if nobody has come to it yet.

    :raises NumberOfAnotherDay: he did not come, or is at a window still.
    """
    if found.is_in_the_hall:
        close_days_of(where, at)
        found = load(found.id)
    if found.state is not TicketState.CLOSED_UNSERVED:
        raise NumberOfAnotherDay
    return found


def _goal(where: Place, found: Ticket, to_day: date | None, override: str | None, by: By, at: datetime) -> CarryDay:
    """The day that the number goes to; only an override goes to one that cannot hold it."""
    if override is not None:
        require(by, Act.OVERRIDE_GUARANTEE, Target(office=where.hall.run_by))
        if not override.strip():
            raise TicketFactUnfit(N_("Give the reason for issuing what cannot be guaranteed."), field="override")
    if to_day is None:
        return day_that_holds(where, found, at)
    asked = day_asked(where, found, to_day, at)
    if not asked.fits and override is None:
        raise DayPromisedAway(to_day, day_that_holds(where, found, at).day)
    return asked


def _carried(where: Place, found: Ticket, goal: CarryDay, override: str | None, at: datetime) -> dict[str, Any]:
    """What is told of the new number: its day, its place in the series of their own, and whether it is promised."""
    is_beyond = not goal.fits
    return {
        "hall": found.hall,
        "day": goal.day,
        "series": CARRIED_SERIES,
        "number": next_number(found.hall, goal.day, CARRIED_SERIES),
        "source": Source.CARRIED_OVER.value,
        "item": found.item,
        "matters": found.matters,
        "is_for_others": found.is_for_others or None,
        "rank": Rank.CARRIED_OVER.value,
        "ground": Ground.CARRIED_OVER.value,
        "turn_at": goal.turn_at,
        "holder": found.holder,
        **_told(goal, found.item, at),
        "closes_at": goal.now.day.closes_at,
        "is_guaranteed": not is_beyond,
        "override": override.strip() if override and is_beyond else None,
        "manager_office": where.hall.run_by if is_beyond else None,  # who answers if it is not served
        "from_ticket": found.id,
    }


def _told(goal: CarryDay, item: str, at: datetime) -> dict[str, Any]:
    """Of a number of today who is before it and about when it is called; of a day to come nobody knows yet."""
    if goal.day != local_day(goal.now.place.hall, at):
        return {}
    low_at, high_at = goal.now.told(goal.now.band(item))
    return {"ahead": sum(load.count for load in goal.now.ahead().values()), "low_at": low_at, "high_at": high_at}


def _check_holder(ticket: Ticket, code: str, by: By) -> None:
    is_own = by.office is None and ticket.holder is not None and by.actor == ticket.holder
    if not is_own and not is_holders_code(f"ticket/{ticket.id}", code):
        raise WrongCode


def _own_office(where: Place, by: By) -> str | None:
    offices = {window.office for window in where.windows.values()} | {where.hall.run_by}
    return by.office if by.office in offices else None
