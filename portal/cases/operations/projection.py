"""The projections: rows of ``cases`` and ``clocks`` made from the fold, in the transaction of the event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from portal.cases.almanac import hours_of
from portal.cases.model import Case, Clock, HoursKnownOn, LimitKind, clocks_of, fold, midnight, next_outcome, stuck_on
from portal.cases.model.clocks import STUCK_AFTER, STUCK_RED
from portal.cases.model.states import WAITING, CaseState
from portal.cases.tables import CaseRow, ClockRow
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db
from portal.worktime import OfficeHours

BATCH = 200


def subject_of(number: str) -> str:
    return f"case/{number}"


def project(
    events: Sequence[Event], *, at: datetime, known_on: HoursKnownOn | None = None, is_new: bool = False
) -> None:
    """Write the rows of one case anew from its events; ``at`` chooses the calendar of the clocks still running."""
    case = fold(events)
    version = catalogue().version(case.item_version)
    hours_known_on = known_on or hours_of(version.office)
    hours = hours_known_on(at.date())
    today = at.astimezone(hours.zone).date()
    hours = hours_known_on(today)
    clocks = clocks_of(events, version, hours_known_on, today)
    if not is_new:
        db.session.execute(delete(ClockRow).where(ClockRow.number == case.number))
        db.session.execute(delete(CaseRow).where(CaseRow.number == case.number))
    db.session.execute(insert(CaseRow).values(**case_values(case, clocks, version, hours)))
    if clocks:
        db.session.execute(insert(ClockRow), [clock_values(case.number, clock) for clock in clocks])


def rebuild(*, at: datetime, known_on: HoursKnownOn | None = None) -> int:
    """Make both projections again from the ledger alone, and return how many cases there are."""
    db.session.execute(delete(ClockRow))
    db.session.execute(delete(CaseRow))
    subjects = [subject for subject in ledger.subjects_changed_after(0) if subject.startswith("case/")]
    for first in range(0, len(subjects), BATCH):
        for events in ledger.events_of(subjects[first : first + BATCH]).values():
            project(events, at=at, known_on=known_on, is_new=True)
    return len(subjects)


def first_due(case: Case, clocks: Sequence[Clock]) -> Clock | None:
    """The office's clock that runs out first; one that the applicant has to keep is nobody's deadline here."""
    running = [clock for clock in clocks if clock.is_open and not clock.is_applicants]
    if not case.is_open:
        return None
    kinds = (LimitKind.PROMISED, LimitKind.TARGET, LimitKind.STATUTORY)
    return min(running, key=lambda clock: (clock.due_at, kinds.index(clock.limit_kind)), default=None)


def case_values(case: Case, clocks: Sequence[Clock], version: ItemVersion, hours: OfficeHours) -> dict[str, Any]:
    next_due = first_due(case, clocks)
    outcome = next_outcome(case, clocks, version, hours)
    stuck, stuck_red = _stuck(case, hours)
    first = case.first_responder
    return {
        "number": case.number,
        "item": version.code,
        "item_version": case.item_version,
        "situation": case.situation,
        "applicant": case.applicant,
        "matter": case.matter,
        "channel": case.channel,
        "state": case.state.value,
        "acceptance": case.acceptance.value if case.acceptance else None,
        "office": case.holder.office,
        "post": case.holder.post,
        "holder": case.holder.actor,
        "first_office": first.office if first else None,
        "first_post": first.post if first else None,
        "first_actor": first.actor if first else None,
        "passing_to": case.passing.to_office if case.passing else None,
        "submitted_at": case.submitted_at,
        "received_at": case.received_at,
        "decided_at": case.decided_at,
        "delivered_at": case.delivered_at,
        "closed_at": case.closed_at,
        "last_at": case.last_at,
        "last_seq": case.last_seq,
        "is_open": case.is_open,
        "is_test": case.is_test,
        "duplicate_of": case.duplicate_of,
        "score": case.score,
        "due_clock": next_due.key if next_due else None,
        "due_on": next_due.due_on if next_due else None,
        "due_at": next_due.due_at if next_due else None,
        "warn_on": next_due.warn_on if next_due else None,
        "breach_at": next_due.breach_at if next_due else None,
        "is_certain": next_due.is_certain if next_due else True,
        "stuck_at": stuck,
        "stuck_red_at": stuck_red,
        "outcome_at": outcome.at if outcome else None,
    }


def _stuck(case: Case, hours: OfficeHours) -> tuple[datetime | None, datetime | None]:
    """The midnights at which V12 first calls the case stuck, and calls it red."""
    is_waiting = case.state in WAITING or (case.state is CaseState.ACCEPTED and case.assignee is not None)
    if not is_waiting or case.last_substantive_at is None:
        return None, None
    last_on = case.last_substantive_at.astimezone(hours.zone).date()
    red_on = stuck_on(last_on, hours, STUCK_RED - 1)
    return midnight(stuck_on(last_on, hours, STUCK_AFTER), hours), midnight(red_on, hours)


def clock_values(number: str, clock: Clock) -> dict[str, Any]:
    return {
        "number": number,
        "name": clock.name,
        "leg": clock.leg,
        "limit_kind": clock.limit_kind.value,
        "limit_n": clock.limit.n if clock.limit else None,
        "limit_unit": clock.limit.unit.value if clock.limit else None,
        "is_applicants": clock.is_applicants,
        "opened_at": clock.opened_at,
        "opened_by": clock.opened_by,
        "seq": clock.seq,
        "counted_from": clock.counted_from,
        "due_on": clock.due_on,
        "due_at": clock.due_at,
        "base_due_on": clock.base_due_on,
        "extended_by": clock.extended_by,
        "is_certain": clock.is_certain,
        "calendar": clock.calendar,
        "state": clock.state.value,
        "is_open": clock.is_open,
        "stopped_at": clock.stopped_at,
        "stopped_by": clock.stopped_by,
        "is_late": clock.is_breached(clock.stopped_at) if clock.stopped_at else None,
        "warn_at": clock.warn_at,
        "breach_at": clock.breach_at,
        "double_at": clock.double_at,
        "pauses": json.dumps([[first.isoformat(), last.isoformat()] for first, last in clock.pauses]),
        "reminded": " ".join(sorted(clock.reminded)),
    }
