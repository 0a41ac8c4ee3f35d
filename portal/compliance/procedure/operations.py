"""Steps of a finding's procedure. None commits, none reads the clock: an edge opens the transaction.

What people write is sealed under a key of the finding; the limits run by the calendar of the accused office.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

from portal import vault
from portal.accounts import queries as accounts
from portal.accounts.policy import require
from portal.basis import N_, By, mask_known
from portal.compliance.procedure.hours import last_day
from portal.compliance.procedure.model import (
    APPEAL,
    DECIDE_APPEAL,
    DISMISS,
    JUDGE,
    KIND_OF,
    OF_THE_ORDER,
    ORDER,
    RECHECK,
    REPLY,
    Ground,
    Stage,
    Step,
    StepFactMissing,
    against,
    against_ground,
    then,
)
from portal.compliance.procedure.people import implicated, target_of
from portal.compliance.procedure.rows import is_first, project, put_right_before
from portal.compliance.procedure.seeing import Seen, seen_at
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.kinds import Sort
from portal.ledger.model import Event
from portal.ledger.operations import append

LONGEST: Final = 2000  # characters of what somebody writes; our own number
UPHELD, OVERTURNED = "upheld", "overturned"
PASSED, FAILED = "passed", "failed"


def notify(number: str, *, by: By, at: datetime) -> Event:
    """Ask the office to answer; its three working days begin tomorrow."""
    seen = seen_at(number, at)
    facts = {"to_office": seen.procedure.office, "due_on": seen.last_day(REPLY)}
    return _taken(seen, Step.NOTIFY, facts, by=by, at=at)


def explain(number: str, statement: str, *, by: By, at: datetime) -> Event:
    """The office says how it was. Late is better than never: it may until somebody has judged."""
    seen = seen_at(number, at)
    return _taken(seen, Step.EXPLAIN, {"due_on": seen.last_day(JUDGE)}, {"statement": statement}, by=by, at=at)


def confirm(number: str, reason: str, *, by: By, at: datetime) -> Event:
    """:raises OfficeNotHeard: it has not answered, and its days are not over."""
    seen = seen_at(number, at)
    appeal_until = seen.last_day(APPEAL)
    facts = {
        "due_on": appeal_until,
        "order_by_on": last_day(seen.hours, appeal_until, ORDER),
        "repeats": put_right_before(seen),
    }
    return _taken(seen, Step.CONFIRM, facts, {"reason": reason}, by=by, at=at)


def appeal(number: str, statement: str, *, by: By, at: datetime) -> Event:
    """Once, and within its limit."""
    seen = seen_at(number, at)
    facts = {"due_on": seen.last_day(DECIDE_APPEAL)}
    return _taken(seen, Step.APPEAL, facts, {"statement": statement}, by=by, at=at)


def waive_appeal(number: str, *, by: By, at: datetime) -> Event:
    seen = seen_at(number, at)
    return _taken(seen, Step.WAIVE_APPEAL, {"due_on": seen.last_day(ORDER)}, by=by, at=at)


def decide_appeal(number: str, conclusion: str, reason: str, *, by: By, at: datetime) -> Event:
    """By another person than who confirmed. Overturned, the finding is dismissed."""
    seen = seen_at(number, at)
    _one_of("conclusion", conclusion, (UPHELD, OVERTURNED))
    due_on = seen.last_day(ORDER) if conclusion == UPHELD else None
    facts = {"conclusion": conclusion, "due_on": due_on}
    return _taken(seen, Step.DECIDE_APPEAL, facts, {"reason": reason}, by=by, at=at)


def order(number: str, due_on: date, measure: str, *, by: By, at: datetime) -> Event:
    """Order that it be put right by a day to come (整改单)."""
    seen = seen_at(number, at)
    if due_on <= seen.on:
        raise StepFactMissing(N_("That day is not to come; give a later one."), field="due_on")
    procedure = seen.procedure
    facts = {"rule": procedure.rule, "to_office": procedure.office, "to_post": procedure.post, "due_on": due_on}
    return _taken(seen, Step.ORDER, facts, {"measure": measure}, by=by, at=at)


def extend(number: str, until_on: date, reason: str, *, by: By, at: datetime) -> Event:
    """More time, given before the last day is over by somebody of another office (V46)."""
    seen = seen_at(number, at)
    last_on = seen.procedure.order_due_on
    if last_on is not None and until_on <= last_on:
        raise StepFactMissing(
            N_("It is to be put right by %(day)s already; give a later day."), field="until_on", values={"day": last_on}
        )
    return _taken(seen, Step.EXTEND, {"until_on": until_on}, {"reason": reason}, by=by, at=at)


def report(number: str, statement: str, *, by: By, at: datetime) -> Event:
    seen = seen_at(number, at)
    return _taken(seen, Step.REPORT, {"due_on": seen.last_day(RECHECK)}, {"statement": statement}, by=by, at=at)


def recheck(number: str, conclusion: str, reason: str, *, by: By, at: datetime) -> Event:
    """By another person than who ordered and who reported. What is cured stays found."""
    _one_of("conclusion", conclusion, (PASSED, FAILED))
    return _taken(
        seen_at(number, at), Step.RECHECK, {"conclusion": conclusion}, {"reason": reason}, by=by, at=at
    )  # fmt: skip


def propose_dismissal(
    number: str, ground: Ground | str, reason: str, *, by: By, at: datetime, evidence_seq: int | None = None
) -> Event:
    """``evidence_seq`` is the event that excuses: none of the accused office's own making."""
    seen = seen_at(number, at)
    _one_of("ground", ground, tuple(Ground))
    named = Ground(ground)
    require(by, Step.PROPOSE_DISMISSAL.value, target_of(seen, Step.PROPOSE_DISMISSAL, by))
    if refusal := against_ground(seen.procedure, named, is_first=is_first(seen)):
        raise refusal
    if named is Ground.GUARD:
        _require_evidence(seen, evidence_seq)
    facts = {
        "ground": named.value,
        "evidence_seq": evidence_seq if named is Ground.GUARD else None,
        "due_on": seen.last_day(DISMISS),
    }
    return _taken(seen, Step.PROPOSE_DISMISSAL, facts, {"reason": reason}, by=by, at=at)


def dismiss(number: str, *, by: By, at: datetime) -> Event:
    """The second person agrees; an order that was given is taken back with it."""
    seen = seen_at(number, at)
    ground = seen.procedure.ground
    if seen.procedure.stage is Stage.RECTIFYING and ground is not None:
        _taken(seen, Step.WITHDRAW, {}, by=by, at=at)
        seen = seen_at(number, at)
    return _taken(seen, Step.DISMISS, {"ground": ground.value if ground else None}, by=by, at=at)


def refuse_dismissal(number: str, reason: str, *, by: By, at: datetime) -> Event:
    return _taken(seen_at(number, at), Step.REFUSE_DISMISSAL, {}, {"reason": reason}, by=by, at=at)


def publish(number: str, words: str, *, by: By, at: datetime) -> Event:
    """Publish in words without the names of anybody whom the finding names, nor any personal number."""
    seen = seen_at(number, at)
    require(by, Step.PUBLISH.value, target_of(seen, Step.PUBLISH, by))
    known = accounts.accounts(sorted(implicated(seen))).values()
    masked = mask_known(_given("words", words), [account.display_name for account in known])
    return _taken(seen, Step.PUBLISH, {"words": masked}, by=by, at=at)


def _taken(
    seen: Seen,
    step: Step,
    facts: Mapping[str, object],
    words: Mapping[str, str] | None = None,
    *,
    by: By,
    at: datetime,
) -> Event:
    procedure = seen.procedure
    require(by, step.value, target_of(seen, step, by))
    if refusal := against(procedure, step, seen.on):
        raise refusal
    sort = Sort.ORDER if step in OF_THE_ORDER else Sort.FINDING
    subject = f"{sort.value}/{procedure.number}"
    said = {name: _given(name, text) for name, text in (words or {}).items()}
    event = append(
        subject,
        KIND_OF[step],
        facts,
        by=by,
        at=at,
        channel="web",
        sealed=_sealed(procedure.number, subject, KIND_OF[step], said, by=by, at=at) if said else None,
    )
    project(then(procedure, event))
    return event


def _sealed(number: str, subject: str, kind: str, words: Mapping[str, str], *, by: By, at: datetime) -> bytes:
    """Under a key of the writer's for this finding, whichever of its two subjects the event stands on."""
    holder = vault.Holder(by.actor, f"finding/{number}")
    return vault.seal(holder, vault.purpose_of(subject, kind), canonical({"personal": dict(words)}), at=at)


def _require_evidence(seen: Seen, seq: int | None) -> None:
    """What excuses has its own event, made by somebody other than the accused (the guards of every rule)."""
    event = ledger.event(seq) if seq is not None and 0 < seq < 2**63 else None
    if event is None:
        raise StepFactMissing(
            N_("Give the number of the ledger's event that excuses it; it stands with each event."),
            field="evidence_seq",
        )
    if event.actor in implicated(seen) or (event.office is not None and event.office == seen.procedure.office):
        raise StepFactMissing(
            N_("That event was made by the accused or the accused office; what excuses comes from somebody else."),
            field="evidence_seq",
        )


def _given(name: str, text: str) -> str:
    if not text.strip():
        raise StepFactMissing(N_("%(name)s is missing; fill it in."), field=name, values={"name": name})
    if len(text.strip()) > LONGEST:
        raise StepFactMissing(N_("At most %(most)s characters"), field=name, values={"most": LONGEST})
    return text.strip()


def _one_of(name: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise StepFactMissing(N_("Choose from the answers offered"), field=name)
