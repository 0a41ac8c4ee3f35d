"""The queue of a hall: who waits, who is at which window, who was called last."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from unicodedata import normalize

from sqlalchemy import BindParameter, bindparam, func, select

from portal.hall.model.tickets import IN_THE_HALL, Ticket, TicketState
from portal.hall.queries.tickets import AT_A_WINDOW, COLUMNS, IN_TURN, TICKETS, all_of, first
from portal.store import Prepared, db, run

# Built once: building a statement takes longer than running it, and these are run at every click.
_HALL: BindParameter[str] = bindparam("hall")
_DAY: BindParameter[date] = bindparam("day")
_IN_STATES = TICKETS.where(
    COLUMNS.hall == _HALL, COLUMNS.day == _DAY, COLUMNS.state.in_(bindparam("states", expanding=True))
)
_ANY = Prepared(_IN_STATES.limit(1))
_IN_ORDER = Prepared(_IN_STATES.order_by(*IN_TURN))
_ITEMS = _IN_STATES.where(COLUMNS.item.in_(bindparam("items", expanding=True))).order_by(*IN_TURN)
_OF_ITEMS = Prepared(_ITEMS)
_FOR_WINDOW = _ITEMS.where(COLUMNS.to_window.is_(None) | (COLUMNS.to_window == bindparam("window")))
_NEXT_ONES = Prepared(_FOR_WINDOW.limit(bindparam("many")))
_HOW_MANY = Prepared(
    select(func.count()).select_from(_FOR_WINDOW.order_by(None).with_only_columns(COLUMNS.id).subquery())
)
_NAMED = _FOR_WINDOW.where(COLUMNS.series == bindparam("series"), COLUMNS.number == bindparam("number")).limit(1)
_PRINTED = re.compile(r"\s*(?P<series>[A-Z]{1,4})[\s-]*(?P<number>[0-9]{1,6})\s*")
_AT_WINDOW = Prepared(AT_A_WINDOW.where(COLUMNS.window == bindparam("window")).limit(1))
_AT_WINDOWS = Prepared(AT_A_WINDOW)


def has_numbers(hall: str, day: date) -> bool:
    """Whether anybody holds a number of that day that has not ended: carried over to it, or waiting today."""
    return first(_ANY, {"hall": hall, "day": day, "states": _named(IN_THE_HALL)}) is not None


def days_with_numbers(hall: str, first_on: date, last_on: date) -> list[date]:
    """The days from one to another on which somebody waits, carried over to them or there already."""
    here = (COLUMNS.hall == hall) & (COLUMNS.day >= first_on) & (COLUMNS.day <= last_on)
    waits = select(COLUMNS.day).where(here, COLUMNS.state == TicketState.WAITING.value).distinct()
    return list(run(waits.order_by(COLUMNS.day)).scalars())


def waiting(hall: str, day: date) -> list[Ticket]:
    """In the order in which they are called."""
    return _in_states(hall, day, (TicketState.WAITING,))


def in_the_hall(hall: str, day: date) -> list[Ticket]:
    """Everybody who holds a number that has not ended, in order of turn."""
    return _in_states(hall, day, IN_THE_HALL)


def at_windows(hall: str) -> dict[str, Ticket]:
    """For each busy window the number at it, of whatever day: who was not finished with is there the next morning."""
    return {ticket.window or "": ticket for ticket in all_of(_AT_WINDOWS, {"hall": hall})}


def waiting_for(hall: str, window: str, items: Collection[str], day: date, *, many: int) -> tuple[list[Ticket], int]:
    """The first of those who wait for this window, in the order in which it calls them, and how many there are."""
    here = {"hall": hall, "day": day, "window": window, "items": sorted(items)}
    here["states"] = [TicketState.WAITING.value]
    return all_of(_NEXT_ONES, {**here, "many": many}), int(run(_HOW_MANY, here).scalar_one())


def waiting_by_service(hall: str, day: date) -> dict[tuple[str, str | None], int]:
    """How many wait for each service, and for which window if they were passed to one."""
    here = (COLUMNS.hall == hall) & (COLUMNS.day == day) & (COLUMNS.state == TicketState.WAITING.value)
    by = (COLUMNS.item, COLUMNS.to_window)
    rows = db.session.execute(select(*by, func.count()).where(here).group_by(*by))
    return {(item, window): many for item, window, many in rows}


def waiting_named(hall: str, window: str, items: Collection[str], day: date, name: str) -> Ticket | None:
    """Who waits for this window under the number that a slip says: A012, also written ａ 12; None: nobody does."""
    spelt = _PRINTED.fullmatch(normalize("NFKC", name).upper())
    if spelt is None:
        return None
    here = {"hall": hall, "day": day, "window": window, "items": sorted(items), "states": [TicketState.WAITING.value]}
    return first(_NAMED, {**here, "series": spelt["series"], "number": int(spelt["number"])})


def of_items(hall: str, items: Collection[str], day: date, state: TicketState) -> list[Ticket]:
    """Numbers of some services that stand so, in order of turn."""
    return all_of(_OF_ITEMS, {"hall": hall, "day": day, "items": sorted(items), "states": [state.value]})


def at_window(hall: str, window: str) -> Ticket | None:
    """Who is called to this window or served at it, of whatever day."""
    return first(_AT_WINDOW, {"hall": hall, "window": window})


def absent(hall: str, day: date) -> list[Ticket]:
    return _in_states(hall, day, (TicketState.ABSENT,))


def last_called(hall: str, day: date, many: int = 8) -> list[Ticket]:
    """The newest call first; a number that was called again counts by its last call."""
    statement = TICKETS.where(COLUMNS.hall == hall, COLUMNS.day == day, COLUMNS.last_called_at.is_not(None))
    return all_of(statement.order_by(COLUMNS.last_called_at.desc(), COLUMNS.number).limit(many))


def _in_states(hall: str, day: date, states: tuple[TicketState, ...]) -> list[Ticket]:
    return all_of(_IN_ORDER, {"hall": hall, "day": day, "states": _named(states)})


def _named(states: tuple[TicketState, ...]) -> list[str]:
    return [state.value for state in states]
