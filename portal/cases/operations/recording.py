"""Recording a step: policy, transition table and guards say whether it can be; then one event is appended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from portal import vault
from portal.accounts.queries import roles_held
from portal.basis import N_, By, NotAllowed, Role
from portal.cases.almanac import counted_from, hours_of
from portal.cases.duties import require_step, steps_open_to
from portal.cases.model import (
    KIND_OF,
    ApprovalMissing,
    AskedToday,
    Attempt,
    Case,
    CaseNotFound,
    FactUnfit,
    HandedIn,
    HoursKnownOn,
    Step,
    StepNotPossible,
    check_facts,
    clocks_of,
    fold,
    standing_refusal,
)
from portal.cases.model.fold import goal_of
from portal.cases.model.handin import checked_materials
from portal.cases.operations import materials as kept
from portal.cases.operations.outcomes import settle
from portal.cases.operations.papers import APPROVED, completed, shown_at_first
from portal.cases.operations.projection import project, subject_of
from portal.cases.tables import ProposalRow
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db
from portal.worktime import OfficeHours

_CITIZENS: Final = frozenset({Role.APPLICANT, Role.AGENT})
_BRINGS_MATERIALS: Final = frozenset({Step.SUBMIT_CORRECTION, Step.SUPPLY})


def record(
    number: str,
    step: Step | str,
    *,
    by: By,
    at: datetime,
    channel: str | None = None,
    occurred_at: datetime | None = None,
    materials: Sequence[HandedIn] = (),
    personal: dict[str, str] | None = None,
    consent: int | None = None,
    known_on: HoursKnownOn | None = None,
    **facts: Any,
) -> Event:
    """Take one step of a case: ``facts`` are payload keys of its kind, ``personal`` is sealed.

    ``consent`` is the number of the approved proposal that the step follows from; nobody's name is taken without one.

    ``occurred_at`` is given when the step is written down later than it happened. What the clocks have brought about
    until now is written first, so that it makes no difference whether the job has run.

    :raises StepNotPossible: with the steps that this person may take now.
    :raises NotAllowed: the role may not take it.
    :raises Refusal: a fact is missing or cannot be so.
    """
    step = step_named(step)
    settle(number, at=at, known_on=known_on)
    case, events, version = case_now(number)
    moment = occurred_at or at
    desk = _Desk(case, tuple(events), version, known_on or hours_of(version.office), moment)
    _check_position(desk, step, by)
    if step is Step.CHASE and by.role in _CITIZENS:
        _check_once_a_day(desk, by)
    given = {**facts, **_consented(number, step, facts, consent), **_brought(desk, step, materials)}
    filled = completed(case, step, given, by=by, on=desk.on, version=version, hours=desk.hours)
    filled |= _derived(desk, step, filled, channel)
    attempt = replace(
        _attempt(desk, step, by), facts=filled, approver_roles=_roles(filled.get("approved_by"), by, desk.on)
    )
    check_facts(attempt)
    _check_references(attempt)
    _check_order(case, moment)
    event = append(
        subject_of(number),
        KIND_OF[step],
        filled,
        by=_placed(by, case),
        at=moment,
        recorded_at=at,
        channel=channel or (case.channel if by.role in _CITIZENS else None),
        item_version=case.item_version,
        sealed=_sealed(case, KIND_OF[step], personal, at=at) if personal else None,
    )
    kept.keep(number, case.applicant, event.seq, materials, by=by.actor, at=at)
    project([*events, event], at=at, known_on=known_on)
    return event


def _sealed(case: Case, kind: str, personal: dict[str, str], *, at: datetime) -> bytes:
    """Whatever is said in a case is about its applicant, and goes when the applicant's data go."""
    subject = subject_of(case.number)
    holder, purpose = vault.Holder(case.applicant, subject), vault.purpose_of(subject, kind)
    return vault.seal(holder, purpose, canonical({"personal": personal}), at=at)


def step_named(word: str) -> Step:
    """:raises FactUnfit: the life cycle has no such step."""
    try:
        return Step(word)
    except ValueError:
        raise FactUnfit(
            N_("There is no step %(step)s; choose one that is offered."), field="step", values={"step": word}
        ) from None


def case_now(number: str) -> tuple[Case, list[Event], ItemVersion]:
    """:raises CaseNotFound: there is no such case."""
    try:
        events = ledger.events(subject_of(number))
    except ValueError:
        events = []
    if not events:
        raise CaseNotFound
    case = fold(events)
    return case, events, catalogue().version(case.item_version)


class _Desk:
    """One case on the table at one moment: what the checks below look at."""

    def __init__(
        self, case: Case, events: tuple[Event, ...], version: ItemVersion, known_on: HoursKnownOn, at: datetime
    ) -> None:
        self.case, self.events, self.version, self.at = case, events, version, at
        self.hours: OfficeHours = known_on(at.date())
        self.on: date = at.astimezone(self.hours.zone).date()
        self.hours = known_on(self.on)
        self.clocks = clocks_of(events, version, known_on, self.on)

    @property
    def expiry(self) -> dict[str, date]:
        """For each clock that is running the day on which it first runs out."""
        found: dict[str, date] = {}
        for clock in self.clocks:
            if clock.is_open:
                found[clock.name] = min(found.get(clock.name, clock.due_on), clock.due_on)
        return found


def possible_steps(number: str, by: By, at: datetime, *, known_on: HoursKnownOn | None = None) -> tuple[Step, ...]:
    """The steps that this person may take in this case now."""
    case, events, version = case_now(number)
    return _possible(_Desk(case, tuple(events), version, known_on or hours_of(version.office), at), by)


def check_position(number: str, step: Step, *, by: By, at: datetime, known_on: HoursKnownOn | None = None) -> date:
    """Refuse a step that this person cannot take now; return the local date."""
    case, events, version = case_now(number)
    desk = _Desk(case, tuple(events), version, known_on or hours_of(version.office), at)
    _check_position(desk, step, by)
    return desk.on


def _possible(desk: _Desk, by: By) -> tuple[Step, ...]:
    return steps_open_to(by, desk.case, desk.version, at=desk.at, on=desk.on, expiry=desk.expiry)


def _attempt(desk: _Desk, step: Step, by: By) -> Attempt:
    return Attempt(desk.case, step, by, desk.at, desk.on, desk.version, expiry=desk.expiry)


def _check_position(desk: _Desk, step: Step, by: By) -> None:
    """First whether the person may, so that nobody learns the state of a case that is not his to see."""
    require_step(by, step, desk.case, desk.version, desk.on)
    because = standing_refusal(_attempt(desk, step, by))
    if isinstance(because, NotAllowed):
        raise because
    if because is not None or goal_of(desk.case, step, {"is_complete": True}) is None:
        raise StepNotPossible(step, desk.case.state, _possible(desk, by), because)


def _check_once_a_day(desk: _Desk, by: By) -> None:
    """:raises AskedToday: what the office has to read is not for one applicant to make endless."""
    for event in desk.events:
        day = event.occurred_at.astimezone(desk.hours.zone).date()
        if (event.kind, event.role, day) == (KIND_OF[Step.CHASE], by.role, desk.on):
            raise AskedToday


def _consented(number: str, step: Step, facts: dict[str, Any], consent: int | None) -> dict[str, str]:
    """Who consented, as the proposal says.

    :raises ApprovalMissing: somebody is named without having answered, or the proposal is of something else.
    """
    if consent is None and not facts.get("approved_by"):
        return {}
    row = db.session.get(ProposalRow, consent) if consent is not None else None
    if row is None or (row.number, row.kind, row.state) != (number, KIND_OF[step], APPROVED) or not row.answered_by:
        raise ApprovalMissing(
            N_("Consent is given to a proposal, never written into a step; propose the step and wait for the answer."),
            field="approved_by",
        )
    return {"approved_by": row.answered_by}


def _brought(desk: _Desk, step: Step, materials: Sequence[HandedIn]) -> dict[str, Any]:
    """What the materials that came with the step say: codes, digest, and whether all that was demanded is there."""
    if step not in _BRINGS_MATERIALS or not materials:
        return {}
    situation = desk.version.situation(desk.case.situation)
    assert situation is not None, "a pinned version keeps its situations"
    checked_materials(materials, desk.version, situation)
    return {
        "materials": sorted({handed_in.code for handed_in in materials}),
        "materials_hash": kept.hash_with(desk.case.number, materials),
    }


def _derived(desk: _Desk, step: Step, filled: dict[str, Any], channel: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if step is Step.NOTICE_CORRECTION:
        found["determinable"] = shown_at_first(desk.case, filled)  # never for the author of the notice to choose
    if step in (Step.RECEIVE, Step.SUBMIT_CORRECTION) and "counted_from" not in filled:
        found["counted_from"] = counted_from(desk.at, channel or desk.case.channel, desk.hours)
    if step is Step.SUBMIT_CORRECTION and "is_complete" not in filled:
        found["is_complete"] = desk.case.demanded <= set(filled.get("materials") or ())
    if step is Step.ARCHIVE and "bundle_hash" not in filled:
        found["bundle_hash"] = bundle_hash(desk.events)
    if step is Step.CHASE and "place" not in filled:
        found["place"] = channel if channel in ("window", "phone") else "web"
    return found


def bundle_hash(events: Sequence[Event]) -> str:
    """One digest over the whole electronic file: the leaf hashes of its events, in order."""
    return sha256(b"".join(event.leaf_hash for event in events)).hexdigest()


def _roles(approver: str | None, by: By, on: date) -> frozenset[Role]:
    if not approver:
        return frozenset()
    own = frozenset({by.role}) if approver == by.actor else frozenset()
    return roles_held(approver, on) | own


def _check_references(attempt: Attempt) -> None:
    """Offices and other cases that a step names have to exist."""
    if office := attempt.facts.get("to_office"):
        catalogue().office_as_of(office, attempt.on)
    of = attempt.facts.get("of")
    if attempt.step is Step.MARK_DUPLICATE and of and not ledger.events(subject_of(of)):
        raise FactUnfit(N_("There is no case %(number)s; check the number."), field="of", values={"number": of})


def _check_order(case: Case, moment: datetime) -> None:
    """Nothing happens to a case before it was handed in; other times out of order are recorded, and a finding (V16)."""
    if case.submitted_at is not None and moment < case.submitted_at:
        raise FactUnfit(N_("The case was handed in later than that; check the time."), field="occurred_at")


def _placed(by: By, case: Case) -> By:
    """What an applicant or the system does, it does with the office where the case lies."""
    return by if by.office else replace(by, office=case.holder.office)
