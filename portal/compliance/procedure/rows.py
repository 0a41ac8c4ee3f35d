"""The projection of procedures: written with every step, made again from the ledger, asked about earlier findings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, delete, insert, or_, select

from portal.compliance.procedure.model import (
    FIRST_WITHIN,
    JUDGEMENTS,
    KIND_OF,
    REPEATED_WITHIN,
    Ground,
    Procedure,
    Stage,
    fold,
    then,
)
from portal.compliance.procedure.seeing import Seen, events_of
from portal.compliance.procedure.tables import ProcedureRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db
from portal.worktime.months import add_months


def follow(events: Iterable[Event]) -> None:
    """The rules have judged these findings again: a procedure that has begun may be at an end."""
    numbers = {event.number for event in events}
    if numbers:
        begun = select(ProcedureRow.number).where(ProcedureRow.number.in_(sorted(numbers)))
        found = sorted(db.session.scalars(begun))
        for number, told in events_of(found).items():
            project(fold(number, told))


def rebuild_procedures() -> int:
    """Make the projection again from the ledger alone, and return how many procedures have begun."""
    db.session.execute(delete(ProcedureRow))
    found: dict[str, Procedure] = {}
    for batch in ledger.stream(kinds=(*sorted(JUDGEMENTS), *KIND_OF.values())):
        for event in batch:
            found[event.number] = then(found.get(event.number, Procedure(event.number)), event)
    begun = [procedure for procedure in found.values() if procedure.has_begun]
    for procedure in begun:
        project(procedure)
    return len(begun)


def project(procedure: Procedure) -> None:
    db.session.execute(delete(ProcedureRow).where(ProcedureRow.number == procedure.number))
    if not procedure.has_begun:
        return
    due = procedure.due
    same = (
        "number", "rule", "office", "appeal_due_on", "notified_by", "confirmed_by", "confirmed_at", "repeats",
        "proposed_by", "dismissed_at", "ordered_by", "reported_by", "cured_at", "is_published", "last_at", "last_seq",
    )  # fmt: skip
    values = {name: getattr(procedure, name) for name in same}
    values |= {
        "stage": procedure.stage.value,
        "ground": procedure.ground.value if procedure.ground else None,
        "due_what": due[0].value if due else None,
        "due_on": due[1] if due else None,
    }
    db.session.execute(insert(ProcedureRow).values(**values))


def is_first(seen: Seen) -> bool:
    """Nothing of the same rule and office was confirmed, or let pass as the first, in the two years before."""
    procedure = seen.procedure
    earliest = add_months(seen.on, -FIRST_WITHIN.n)
    others = select(ProcedureRow.confirmed_at, ProcedureRow.dismissed_at).where(
        ProcedureRow.rule == procedure.rule,
        ProcedureRow.office == procedure.office,
        ProcedureRow.number != procedure.number,
        or_(
            and_(ProcedureRow.confirmed_at.is_not(None), ProcedureRow.stage != Stage.DISMISSED.value),
            and_(ProcedureRow.dismissed_at.is_not(None), ProcedureRow.ground == Ground.FIRST_MINOR.value),
        ),
    )
    moments = (row.confirmed_at or row.dismissed_at for row in db.session.execute(others))
    return all(seen.hours.date_of(moment) < earliest for moment in moments)


def put_right_before(seen: Seen) -> str | None:
    """The finding of the same rule and office that was put right within ninety days before this conduct began."""
    procedure = seen.procedure
    if procedure.began_on is None:
        return None
    statement = select(ProcedureRow.number, ProcedureRow.cured_at).where(
        ProcedureRow.rule == procedure.rule,
        ProcedureRow.office == procedure.office,
        ProcedureRow.number != procedure.number,
        ProcedureRow.cured_at.is_not(None),
    )
    for row in db.session.execute(statement.order_by(ProcedureRow.cured_at.desc())):
        if 0 < (procedure.began_on - seen.hours.date_of(row.cured_at)).days <= REPEATED_WITHIN.n:
            return str(row.number)
    return None
