"""Issuing a number: guaranteed before it exists, or refused with what could be done instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, select

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, SYSTEM, By, Refusal
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import version_on
from portal.hall.model.appointments import MOST_MATTERS
from portal.hall.model.capacity import Issuing, Verdict
from portal.hall.model.ranks import PRIORITY_GROUNDS, Ground, Rank, turn_of
from portal.hall.model.tickets import IN_THE_HALL, Source, Ticket, TicketFactUnfit, ticket_then
from portal.hall.operations.numbers import holders_code, new_id, next_number
from portal.hall.operations.projection import put_ticket, write_hall_event
from portal.hall.places import (
    APPOINTMENT_SERIES,
    CARRIED_SERIES,
    PAPER_SERIES,
    PRIORITY_SERIES,
    Place,
    local_day,
    place,
)
from portal.hall.queries.tickets import COLUMNS, TICKETS, first
from portal.hall.queries.tickets import ticket as load
from portal.hall.standing import Standing, standing
from portal.hall.tables import HallDayRow
from portal.ledger.canonical import canonical
from portal.ledger.model import Channel
from portal.ledger.operations import append
from portal.store import Prepared, Wish, keep, once, run

EARLY: Final = timedelta(minutes=30)  # parameter of ours: numbers are issued from so long before the hall opens
SERIES_OF: Final = {
    Rank.PRIORITY: PRIORITY_SERIES,
    Rank.APPOINTMENT: APPOINTMENT_SERIES,
    Rank.CARRIED_OVER: CARRIED_SERIES,
}


_HALL: BindParameter[str] = bindparam("hall")
_DAY: BindParameter[date] = bindparam("day")
_STOPPED = Prepared(
    select(HallDayRow.day).where(HallDayRow.hall == _HALL, HallDayRow.day == _DAY, HallDayRow.stopped_at.is_not(None))
)
_HELD = Prepared(
    TICKETS.where(
        COLUMNS.hall == _HALL,
        COLUMNS.day == _DAY,
        COLUMNS.holder == bindparam("holder"),
        COLUMNS.item == bindparam("item"),
        COLUMNS.state.in_([state.value for state in IN_THE_HALL]),
    ).limit(1)
)


class Denial(StrEnum):
    """Why no number was issued."""

    CLOSED = "closed"  # the hall is not open today any more, or not yet
    STOPPED = "stopped"  # the hall manager stopped the issuing
    UNMANNED = "unmanned"  # no window that takes it has any rostered time left
    FULL = "full"  # it could not be guaranteed


DENIAL_TITLES: Final = {
    Denial.CLOSED: N_("The hall is closed."),
    Denial.STOPPED: N_("No more numbers are issued here today."),
    Denial.UNMANNED: N_("No window takes this service for the rest of today."),
    Denial.FULL: N_("Whoever takes a number now could not be sure to be served before closing time."),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """What the holder takes along. ``code`` shows that it is he who gives it up or has it carried over."""

    ticket: Ticket
    code: str
    issuing: Issuing = Issuing.OPEN
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """No number: refused before it was issued, counted, and told why."""

    hall: str
    item: str
    because: Denial
    verdict: Verdict | None = None
    seq: int = 0


class HasOneAlready(Refusal):
    """One open number for each person, hall and service: places are not hoarded."""

    def __init__(self, ticket: str, printed: str) -> None:
        self.ticket = ticket
        super().__init__(
            N_("You hold number %(printed)s for this service already. Give it up first if you want a new one."),
            values={"printed": printed},
        )


def issue(
    hall: str,
    item: str,
    *,
    by: By,
    at: datetime,
    source: Source = Source.WALK_IN,
    rank: Rank = Rank.NORMAL,
    ground: Ground | None = None,
    matters: int = 1,
    situation: str | None = None,
    holder: str | None = None,
    override: str | None = None,
    is_promised: bool = False,
    channel: Channel | None = None,
    idempotency_key: str | None = None,
    **facts: Any,
) -> Slip | Denied:
    """Issue a number that is guaranteed to be called before the hall closes, or say why not.

    ``situation``: of the item, as whoever takes the number says; what takes a number's place has its situation.
    ``override``: the hall manager's reason for issuing what cannot be guaranteed. ``is_promised``: it was guaranteed
    before, when the appointment was booked or the paper number handed out. ``facts`` are further keys of the
    event: ``turn_at``, ``appointment``, ``from_ticket``, ``sync_batch``. The same ``idempotency_key`` of the same
    sender gives the same slip, whatever has changed meanwhile: a double tap is one number.

    :raises ItemNotServedHere, HallUnknown: there is no such service, or no such hall.
    :raises TicketFactUnfit: a rank without its ground, too many matters, an override without a reason, a situation that
        the item does not have.
    """
    where = place(hall)
    office = where.offices.get(item)
    where.windows_for(item)
    own_office = by.office if by.office in {*where.hall.offices, where.hall.run_by} else None
    require(by, Act.ISSUE_TICKET, Target(owner=by.actor if by.office is None else None, office=own_office))
    wish = _wish(hall, item, rank, matters, situation, by, idempotency_key)
    if wish is not None and (earlier := once(wish)) is not None:
        return _slip_again(earlier)
    _check_facts(where, by, rank, ground, matters, override)
    day = local_day(where.hall, at)
    version = version_on(item, day)
    situation = _situation(version, situation, facts.get("from_ticket"))
    if holder is not None:
        refuse_second(hall, day, item, holder)
    turn_at = facts.pop("turn_at", None) or turn_of(rank, at)
    now = standing(where, day, at, turn_at=turn_at)
    found = now.verdict(item, matters)
    because = None if is_promised else _denial(now, item, found)
    if because is not None and not (override and because is not Denial.CLOSED):
        return _denied(now, item, because, found)
    low_at, high_at = now.told(now.band(item))
    series = PAPER_SERIES if source is Source.PAPER else SERIES_OF.get(rank, where.series[item])
    event = append(
        f"ticket/{new_id(idempotency_key and f'{by.actor} {hall} {idempotency_key}')}",
        "ticket-issued",
        {
            "hall": hall,
            "day": day,
            "series": series,
            "number": next_number(hall, day, series),
            "source": source.value,
            "item": item,
            "situation": situation,
            "matters": matters,
            "rank": rank.value,
            "ground": ground.value if ground else None,
            "turn_at": turn_at,
            "holder": holder,
            "ahead": sum(load.count for load in now.ahead().values()),
            "low_at": low_at,
            "high_at": high_at,
            "closes_at": now.day.closes_at,
            "is_guaranteed": because is None,
            "override": override if because else None,
            "manager_office": where.hall.run_by if because else None,  # who answers if it is not served
            **facts,
        },
        by=replace(by, office=office),
        at=facts.pop("occurred_at", None) or at,
        recorded_at=at,
        item_version=None if version is None else version.version,
        channel=channel or _channel(source, by),
    )
    ticket = ticket_then(Ticket(""), event)
    put_ticket(ticket)
    if wish is not None:
        keep(wish, ticket.id, at=at)
    return Slip(ticket, holders_code(event.subject), found.issuing())


def _wish(
    hall: str, item: str, rank: Rank, matters: int, situation: str | None, by: By, key: str | None
) -> Wish | None:
    if key is None:
        return None
    wanted = {"hall": hall, "item": item, "rank": rank.value, "matters": matters, "situation": situation}
    content = canonical({name: value for name, value in wanted.items() if value is not None})
    return Wish("issue-ticket", key, f"{by.actor} {hall}", content)


def _slip_again(ticket: str) -> Slip:
    return Slip(load(ticket), holders_code(f"ticket/{ticket}"), is_repeat=True)


def _check_facts(where: Place, by: By, rank: Rank, ground: Ground | None, matters: int, override: str | None) -> None:
    if not 1 <= matters <= MOST_MATTERS:
        raise TicketFactUnfit(
            N_("One number stands for at most %(most)s matters; take another number for the rest."),
            field="matters",
            values={"most": MOST_MATTERS},
        )
    if rank is not Rank.NORMAL and ground is None:
        raise TicketFactUnfit(N_("Say why this number goes before others."), field="ground")
    if rank is Rank.PRIORITY and ground not in (*PRIORITY_GROUNDS, Ground.VOID_BEFORE):
        raise TicketFactUnfit(N_("That is no ground for priority; choose one from the list."), field="ground")
    if override is not None:
        require(by, Act.OVERRIDE_GUARANTEE, Target(office=where.hall.run_by))
        if not override.strip():
            raise TicketFactUnfit(N_("Give the reason for issuing what cannot be guaranteed."), field="override")


def _situation(version: ItemVersion | None, told: str | None, before: str | None) -> str | None:
    """As told, else that of the number in whose place this one is issued."""
    if told is None and before is not None:
        return kept_situation(version, load(before).situation)
    return checked_situation(version, told)


def checked_situation(version: ItemVersion | None, told: str | None) -> str | None:
    """:raises TicketFactUnfit: the service has no such situation."""
    if told is not None and kept_situation(version, told) is None:
        raise TicketFactUnfit(
            N_("This service has no such situation; choose one of the list, or say that you do not know."),
            field="situation",
        )
    return told


def kept_situation(version: ItemVersion | None, told: str | None) -> str | None:
    """What was told before, if the version that counts now still has it."""
    return told if version is not None and version.situation(told or "") is not None else None


def refuse_second(hall: str, day: date, item: str, holder: str) -> None:
    """:raises HasOneAlready: with the number that he holds."""
    held = first(_HELD, {"hall": hall, "day": day, "holder": holder, "item": item})
    if held is not None:
        raise HasOneAlready(held.id, held.printed)


def _denial(now: Standing, item: str, found: Verdict) -> Denial | None:
    closes_at, opens_at = now.day.closes_at, now.day.opens_at
    if opens_at is None or closes_at is None or not opens_at - EARLY <= now.at < closes_at:
        return Denial.CLOSED
    if run(_STOPPED, {"hall": now.place.code, "day": now.day.day}).first() is not None:
        return Denial.STOPPED
    if found.fits:
        return None
    left = now.minutes_left()
    has_time = any(left.get(window, 0.0) > 0 for window in now.place.windows_for(item))
    return Denial.FULL if has_time else Denial.UNMANNED


def _denied(now: Standing, item: str, because: Denial, found: Verdict) -> Denied:
    """Counted and published: how many were turned away, and whether a window stood empty meanwhile (V24)."""
    serving = now.place.windows_for(item)
    event = append(
        f"hall/{now.place.code}",
        "ticket-refused",
        {
            "day": now.day.day,
            "item": item,
            "reason": because.value,
            "ahead": found.ahead,
            "needed_minutes": round(found.needed),
            "left_minutes": int(found.left),
            "empty_windows": sorted(serving & set(now.empty_windows())) if because is not Denial.CLOSED else None,
        },
        by=replace(SYSTEM, office=now.place.offices[item]),
        at=now.at,
    )
    write_hall_event(event)
    return Denied(now.place.code, item, because, found, event.seq)


def _channel(source: Source, by: By) -> Channel:
    if by.office is not None:
        return Channel.WINDOW
    return Channel.KIOSK if source is Source.WALK_IN else Channel.WEB
