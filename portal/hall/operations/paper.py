"""Network loss: a block of numbered paper keeps the hall going, and is entered afterwards as what it was.

The block is declared with the time for which the network was away; each number is then entered with the time written on
it. Recorded late and declared, it is no back-dating (V16).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, By
from portal.hall.model.days import HallDay
from portal.hall.model.ranks import Rank, turn_of
from portal.hall.model.tickets import (
    KIND_OF,
    Outcome,
    Source,
    Ticket,
    TicketFactUnfit,
    TicketState,
    TicketStep,
    ticket_then,
)
from portal.hall.model.windows import WindowBusy
from portal.hall.operations.issuing import Slip
from portal.hall.operations.numbers import holders_code, new_id
from portal.hall.operations.projection import learn, put_ticket
from portal.hall.places import PAPER_SERIES, Place, local_day, place, version_on
from portal.hall.queries.queue import at_windows
from portal.hall.queries.tickets import COLUMNS, TICKETS, first
from portal.hall.standing import day_of
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append

OLDEST: Final = timedelta(days=3)  # parameter of ours: paper is entered within three days


class NumberEnteredAlready(TicketFactUnfit):
    def __init__(self, printed: str) -> None:
        super().__init__(
            N_("%(printed)s of that day is entered already; look at it before you enter another."),
            field="number",
            values={"printed": printed},
        )


class BlockUnknown(TicketFactUnfit):
    """A number that was not given in the time of a declared block is no paper of it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("No block is declared for the time at which number %(number)s was issued; correct it, or declare the "
               "block with that time first."),
            field="issued_at",
            values={"number": number},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One number of the block as it stands on paper; ``served_at`` and what follows are there if it was called."""

    number: int
    item: str
    issued_at: datetime
    called_at: datetime | None = None
    served_at: datetime | None = None
    window: str | None = None
    outcome: Outcome | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A numbered block of paper, as it was declared."""

    batch: str
    from_at: datetime
    until_at: datetime
    cause: str
    declared_at: datetime

    @property
    def name(self) -> str:
        return self.batch.split(":", maxsplit=1)[1]


def declare_block(
    hall: str, block: str, from_at: datetime, until_at: datetime, cause: str, *, by: By, at: datetime
) -> Event:
    """Say that numbers of this block were given on paper between two moments, and why.

    :raises TicketFactUnfit: the times cannot be so, or no cause is given.
    """
    where = place(hall)
    require(by, Act.DECLARE_SYNC_BATCH, Target(office=where.hall.run_by))
    if not at - OLDEST <= from_at < until_at <= at:
        raise TicketFactUnfit(
            N_("The paper was used within the last %(days)s days and is over now; correct the times."),
            field="from_at",
            values={"days": OLDEST.days},
        )
    if not cause.strip() or not block.strip():
        raise TicketFactUnfit(N_("Give the number of the block and say what was down."), field="cause")
    facts = {"batch": batch_of(hall, block), "from_at": from_at, "until_at": until_at, "cause": cause.strip()}
    return append(f"office/{where.hall.run_by}", "sync-batch-declared", facts, by=by, at=at)


def batch_of(hall: str, block: str) -> str:
    return f"{hall}:{block.strip()}"


@dataclass(frozen=True, slots=True)
class OpenBlock:
    """A block whose lines are being entered: ``spans`` are the times for which it was declared."""

    where: Place
    batch: str
    spans: tuple[tuple[datetime, datetime], ...]


def enter(hall: str, block: str, lines: Sequence[PaperLine], *, by: By, at: datetime) -> list[Slip]:
    """Enter numbers of a declared block; those still waiting join the queue with the turn they had on paper.

    :raises NumberEnteredAlready: one is there already; nothing of this entry is kept.
    :raises BlockUnknown: the block was not declared for the time on the slip.
    """
    opened = open_block(hall, block, by=by)
    return [enter_line(opened, line, by=by, at=at) for line in lines]


def open_block(hall: str, block: str, *, by: By) -> OpenBlock:
    """Read once when and whether the block was declared, for as many lines of it as are entered."""
    where = place(hall)
    offices = {*where.hall.offices, where.hall.run_by}
    require(by, Act.ISSUE_TICKET, Target(office=by.office if by.office in offices else None))
    batch = batch_of(hall, block)
    return OpenBlock(where, batch, tuple((one.from_at, one.until_at) for one in blocks(hall) if one.batch == batch))


def enter_line(opened: OpenBlock, line: PaperLine, *, by: By, at: datetime) -> Slip:
    """One line of it; raises as ``enter`` does, so that whoever types several can be told which it was."""
    if not any(begin <= line.issued_at <= end for begin, end in opened.spans):
        raise BlockUnknown(line.number)
    return _entered(opened.where, opened.batch, line, by=by, at=at)


def blocks(hall: str) -> list[Block]:
    """Every block that was declared for a hall, the newest first."""
    where = place(hall)
    return [
        Block(
            event.text("batch") or "",
            event.instant("from_at") or event.occurred_at,
            event.instant("until_at") or event.occurred_at,
            event.text("cause") or "",
            event.occurred_at,
        )
        for event in reversed(ledger.events(f"office/{where.hall.run_by}"))
        if event.kind == "sync-batch-declared" and (event.text("batch") or "").startswith(f"{hall}:")
    ]


def _entered(where: Place, batch: str, line: PaperLine, *, by: By, at: datetime) -> Slip:
    where.windows_for(line.item)
    _check_times(line, at)
    day = local_day(where.hall, line.issued_at)
    same = TICKETS.where(
        COLUMNS.hall == where.code, COLUMNS.day == day, COLUMNS.series == PAPER_SERIES, COLUMNS.number == line.number
    )
    if (held := first(same)) is not None:
        raise NumberEnteredAlready(held.printed)
    plan = day_of(where, day)
    facts = {
        "hall": where.code,
        "day": day,
        "series": PAPER_SERIES,
        "number": line.number,
        "source": Source.PAPER.value,
        "item": line.item,
        "matters": 1,
        "rank": Rank.NORMAL.value,
        "turn_at": turn_of(Rank.NORMAL, line.issued_at),
        "closes_at": plan.closes_at,
        "is_guaranteed": True,
        "sync_batch": batch,
    }
    acting = replace(by, office=where.offices[line.item])
    subject = f"ticket/{new_id()}"
    issued = append(
        subject,
        KIND_OF[TicketStep.ISSUE],
        facts,
        by=acting,
        at=line.issued_at,
        recorded_at=at,
        item_version=version_on(line.item, day),
    )
    ticket = ticket_then(Ticket(""), issued)
    at_window = replace(acting, window=line.window)
    steps: list[tuple[TicketStep, datetime | None, dict[str, Any]]] = [
        (TicketStep.CALL, line.called_at, {"nth": 1, "waited": _waited(plan, line)})
    ]
    if line.served_at and line.outcome:
        steps.append((TicketStep.START, line.called_at, {}))
        is_confirmed = line.outcome is Outcome.INFORMATION or None
        told = {"outcome": line.outcome.value, "reference": line.reference, "is_confirmed": is_confirmed}
        steps.append((TicketStep.SERVE, line.served_at, told))
    for step, moment, told in steps:
        if moment is not None:
            event = append(
                subject, KIND_OF[step], {**told, "sync_batch": batch}, by=at_window, at=moment, recorded_at=at
            )
            after = ticket_then(ticket, event)
            learn(ticket, after)
            ticket = after
    _require_free(ticket)
    put_ticket(ticket)  # as it is now: while it was at the window, another one is there today
    return Slip(ticket, holders_code(subject))


def _require_free(ticket: Ticket) -> None:
    """:raises WindowBusy: who was called on paper is at the window still, and so is somebody else."""
    busy = at_windows(ticket.hall).get(ticket.window or "") if ticket.state is TicketState.CALLED else None
    if busy is not None:
        raise WindowBusy(busy.printed)


def _waited(plan: HallDay, line: PaperLine) -> int | None:
    return plan.open_minutes(line.issued_at, line.called_at) if line.called_at else None


def _check_times(line: PaperLine, at: datetime) -> None:
    moments = [moment for moment in (line.issued_at, line.called_at, line.served_at, at) if moment is not None]
    if moments != sorted(moments) or line.issued_at < at - OLDEST:
        raise TicketFactUnfit(
            N_("The times of number %(number)s are not in their order; correct them."),
            field="number",
            values={"number": line.number},
        )
