"""Steps that two people take: one proposes, another who may consents, and only then the event is written."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from portal.accounts.policy import require
from portal.basis import N_, By, Refusal, Role
from portal.cases.duties import target_of
from portal.cases.model import KIND_OF, STEP_OF, FactUnfit, HoursKnownOn, Step
from portal.cases.operations.outcomes import settle
from portal.cases.operations.papers import APPROVED, approver_of, shown_at_first
from portal.cases.operations.recording import case_now, check_position, record, step_named
from portal.cases.tables import ProposalRow
from portal.ledger.kinds import KINDS, Shape
from portal.ledger.model import Event
from portal.ledger.payloads import checked_payload
from portal.store import db

OPEN: Final = "open"
REJECTED: Final = "rejected"
_CONSENT: Final = {
    Step.NOTICE_CORRECTION: "approve_second_notice",
    Step.PAUSE: "approve_pause",
    Step.EXTEND: "approve_extension",
    Step.TERMINATE: "approve_termination",
}


class ProposalAnswered(Refusal):
    """Somebody has consented or refused already."""


def needs_consent(step: Step, notices: int) -> Role | None:
    """Whose consent the step needs now: of the correction notices only the second and later."""
    return None if step is Step.NOTICE_CORRECTION and not notices else approver_of(step)


def propose(number: str, step: Step | str, *, by: By, at: datetime, **facts: Any) -> int:
    """Ask for consent to a step, and return the number of the proposal; nothing is written in the ledger yet.

    :raises Refusal: the step is not one that needs consent, is not possible now, or a fact has the wrong shape.
    """
    step = step_named(step)
    settle(number, at=at)
    on = check_position(number, step, by=by, at=at)
    case, _, _ = case_now(number)
    role = needs_consent(step, len(case.notices))
    if role is None:
        raise FactUnfit(N_("This step needs nobody's consent; record it."), field="step")
    facts.pop("approved_by", None)  # that is for the answer to say
    if step is Step.PAUSE:
        facts.setdefault("from_on", on)
    if step is Step.NOTICE_CORRECTION:
        facts["determinable"] = shown_at_first(case, facts)
    payload = checked_payload(KINDS[KIND_OF[step]], facts)
    statement = insert(ProposalRow).values(
        number=number,
        kind=KIND_OF[step],
        role=role.value,
        facts=json.dumps(payload, ensure_ascii=False, sort_keys=True),
        state=OPEN,
        actor=by.actor,
        actor_role=by.role.value,
        office=by.office,
        post=by.post,
        proposed_at=at,
    )
    return int(db.session.execute(statement.returning(ProposalRow.id)).scalar_one())


def approve(proposal: int, *, by: By, at: datetime, known_on: HoursKnownOn | None = None) -> Event:
    """Consent: the step is recorded now, as the act of who proposed it, with the consenting person named.

    :raises Refusal: it was answered already, or the step has become impossible meanwhile.
    """
    row = _open_row(proposal)
    case, _, version = case_now(row.number)
    step = STEP_OF[row.kind]
    require(by, _CONSENT[step], target_of(case, version, proposed_by=row.actor))
    _answer(row.id, APPROVED, None, by=by, at=at)
    proposer = By(row.actor, Role(row.actor_role), office=row.office, post=row.post)
    return record(row.number, step, by=proposer, at=at, consent=row.id, known_on=known_on, **_facts(row))


def reject(proposal: int, reason: str, *, by: By, at: datetime) -> None:
    """:raises Refusal: it was answered already."""
    row = _open_row(proposal)
    case, _, version = case_now(row.number)
    require(by, _CONSENT[STEP_OF[row.kind]], target_of(case, version, proposed_by=row.actor))
    _answer(row.id, REJECTED, reason, by=by, at=at)


def _open_row(proposal: int) -> ProposalRow:
    row = db.session.scalar(select(ProposalRow).where(ProposalRow.id == proposal))
    if row is None or row.state != OPEN:
        raise ProposalAnswered(N_("This proposal has been answered; look at the case."), field="proposal")
    return row


def _answer(proposal: int, state: str, answer: str | None, *, by: By, at: datetime) -> None:
    values = {"state": state, "answered_by": by.actor, "answered_at": at, "answer": answer}
    db.session.execute(update(ProposalRow).where(ProposalRow.id == proposal).values(**values))


def _facts(row: ProposalRow) -> dict[str, Any]:
    keys = KINDS[row.kind].keys
    payload: dict[str, Any] = json.loads(row.facts)
    return {
        name: date.fromisoformat(value) if keys[name].shape is Shape.DATE else value for name, value in payload.items()
    }
