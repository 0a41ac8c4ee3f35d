"""Kiosks: a hall manager makes a browser one, and takes it back; a slip that was not printed is replaced.

A kiosk is a row: the browser carries a token of 256 bits, the row only its digest, so that nobody who reads the
database can make one, and whoever is withdrawn is out with the next request. Who may do so is the hall's own office.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, SYSTEM, By
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import Source, TicketFactUnfit, TicketState, TicketStep, TicketStepNotPossible
from portal.hall.operations.appointments import renumber
from portal.hall.operations.calling import take
from portal.hall.operations.issuing import Slip, issue
from portal.hall.places import place
from portal.hall.queries.kiosks import digest_of
from portal.hall.queries.tickets import ticket as load
from portal.hall.tables import KioskRow
from portal.ledger.model import Channel
from portal.store import db

LONGEST_NAME: Final = 80
REPLACED_WITHIN: Final = timedelta(minutes=5)  # parameter of ours: after that the number may be in somebody's hand


def enrol_kiosk(hall: str, name: str, *, by: By, at: datetime) -> str:
    """The token that the browser keeps; it is told only now.

    :raises TicketFactUnfit: without a name nobody knows later which one to take back.
    """
    where = place(hall)
    require(by, Act.ENROL_KIOSK, Target(office=where.hall.run_by))
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise TicketFactUnfit(N_("Say where this kiosk stands, in at most 80 letters."), field="name")
    token = secrets.token_urlsafe(32)
    db.session.add(
        KioskRow(hall=hall, name=name.strip(), digest=digest_of(token), enrolled_by=by.actor, enrolled_at=at)
    )
    db.session.flush()
    return token


def withdraw_kiosk(hall: str, number: int, *, by: By, at: datetime) -> None:
    """Done again it changes nothing."""
    where = place(hall)
    require(by, Act.ENROL_KIOSK, Target(office=where.hall.run_by))
    here = (KioskRow.hall == hall) & (KioskRow.number == number) & KioskRow.ended_at.is_(None)
    db.session.execute(update(KioskRow).where(here).values(ended_at=at))


def replace_slip(ticket: str, reason: str, *, by: By, at: datetime) -> Slip:
    """Void a number that nobody holds because it was not printed, and issue another that keeps its turn.

    An appointment that had become the one has become the other.

    :raises TicketStepNotPossible: it has been called, or was issued too long ago to say that nobody holds it.
    """
    found = load(ticket)
    is_new = found.issued_at is not None and at - found.issued_at <= REPLACED_WITHIN
    if found.state is not TicketState.WAITING or not is_new or found.source not in (Source.WALK_IN, Source.APPOINTMENT):
        raise TicketStepNotPossible(TicketStep.VOID, found.state)
    take(found, TicketStep.VOID, by=replace(SYSTEM, office=found.office), at=at, reason=reason)
    rank = Rank(found.rank)
    slip = issue(
        found.hall,
        found.item,
        by=by,
        at=at,
        source=found.source,
        rank=rank,
        ground=Ground(found.ground) if found.ground else Ground.VOID_BEFORE,
        matters=found.matters,
        holder=found.holder,
        is_promised=True,
        channel=Channel.KIOSK,
        turn_at=found.turn_at,
        from_ticket=found.id,
        is_for_others=found.is_for_others or None,
        appointment=found.appointment,
    )
    assert isinstance(slip, Slip), "what was promised is issued"
    if found.appointment is not None:
        renumber(found.appointment, slip.ticket.id, by=replace(SYSTEM, office=found.office), at=at)
    return slip
