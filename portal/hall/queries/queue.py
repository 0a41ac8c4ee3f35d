"""The queue of a hall: who waits, who is at which window, who was called last."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BindParameter, bindparam

from portal.hall.model.tickets import IN_THE_HALL, Ticket, TicketState
from portal.hall.queries.tickets import AT_A_WINDOW, COLUMNS, IN_TURN, TICKETS, all_of, first

# Built once: building a statement takes longer than running it, and these are run at every click.
_HALL: BindParameter[str] = bindparam("hall")
_DAY: BindParameter[date] = bindparam("day")
_IN_STATES = TICKETS.where(
    COLUMNS.hall == _HALL, COLUMNS.day == _DAY, COLUMNS.state.in_(bindparam("states", expanding=True))
)
_IN_ORDER = _IN_STATES.order_by(*IN_TURN)
_AT_WINDOW = AT_A_WINDOW.where(COLUMNS.window == bindparam("window")).limit(1)


def waiting(hall: str, day: date) -> list[Ticket]:
    """In the order in which they are called."""
    return _in_states(hall, day, (TicketState.WAITING,))


def in_the_hall(hall: str, day: date) -> list[Ticket]:
    """Everybody who holds a number that has not ended, in order of turn."""
    return _in_states(hall, day, IN_THE_HALL)


def at_windows(hall: str) -> dict[str, Ticket]:
    """For each busy window the number at it, of whatever day: who was not finished with is there the next morning."""
    return {ticket.window or "": ticket for ticket in all_of(AT_A_WINDOW, {"hall": hall})}


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
