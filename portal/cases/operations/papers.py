"""Numbers of the papers that a step issues, and the facts that the portal fills in where the clerk left them out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from portal.basis import By, Role
from portal.cases.model import Case, Facts, Step
from portal.cases.model.legs import declared_end
from portal.catalogue.model import Flow, ItemVersion
from portal.worktime import OfficeHours

APPROVED: Final = "approved"  # the state of a proposal that somebody has consented to
_DOCUMENTS: Final = {
    Step.ACCEPT: "A",  # 受理通知书
    Step.ACCEPT_TOLERANTLY: "A",
    Step.ACCEPT_PROMISE: "A",
    Step.REFUSE: "R",  # 不予受理决定书
    Step.DECIDE: "D",  # 决定书
}
_APPROVERS: Final = {
    Step.NOTICE_CORRECTION: Role.SUPERVISOR,
    Step.PAUSE: Role.SUPERVISOR,
    Step.TERMINATE: Role.SUPERVISOR,
    Step.EXTEND: Role.HEAD,
}


def approver_of(step: Step) -> Role | None:
    """Whose consent the step needs (a correction notice: only the second one)."""
    return _APPROVERS.get(step)


def receipt_no(number: str) -> str:
    return f"{number}-S"


def completed(
    case: Case, step: Step, facts: Facts, *, by: By, on: date, version: ItemVersion, hours: OfficeHours
) -> dict[str, Any]:
    """Facts with what follows from the case; a fact given as None was left out on purpose and stays out."""
    filled = dict(facts)
    for name, value in _defaults(case, step, by, on, version, hours).items():
        filled.setdefault(name, value)
    return filled


def _defaults(case: Case, step: Step, by: By, on: date, version: ItemVersion, hours: OfficeHours) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if step in _DOCUMENTS:
        letter = _DOCUMENTS[step]
        again = f"{case.reopenings + 1}" if case.reopenings else ""
        found |= {"document_no": f"{case.number}-{letter}{again}", "document_on": on, "is_sealed": True}
    if approver_of(step) is by.role:
        found["approved_by"] = by.actor
    match step:
        case Step.RECEIVE:
            found["receipt_no"] = receipt_no(case.number)
        case Step.NOTICE_CORRECTION:
            found["notice_no"] = f"{case.number}-B{len(case.notices) + 1}"
        case Step.ACCEPT:
            found["is_instant"] = _is_instant(case, version) or None
        case Step.REVIEW | Step.DECIDE:
            found |= {"materials_hash": case.materials_hash, "rule_version": case.item_version}
        case Step.PAUSE:
            found |= {"from_on": on, "notice_no": f"{case.number}-T{on:%m%d}"}
        case Step.RESUME if case.suspension is not None:
            end = declared_end(case.suspension.from_on, case.suspension.days, hours)
            found["until_on"] = min(on - timedelta(1), end)  # work goes on today: today counts again
        case Step.EXTEND:
            found["notice_no"] = f"{case.number}-Y{len(case.extensions) + 1}"
        case _:
            pass
    return found


def shown_at_first(case: Case, facts: Facts) -> tuple[str, ...]:
    """Of what a notice demands, what the first hand-in had shown already: it was there to be seen, or missing.

    Only what the applicant brought later could not be judged then. A notice after a change of the law, or after new
    facts, claims that nothing of it could; whether that excuses it is for the rule to say (V05).
    """
    if facts.get("is_law_changed") or facts.get("is_new_fact"):
        return ()
    brought_later = case.materials - case.first_materials
    return tuple(code for code in facts.get("demands") or () if code not in brought_later)


def _is_instant(case: Case, version: ItemVersion) -> bool:
    situation = version.situation(case.situation)
    return version.is_instant or (situation is not None and situation.flow is Flow.INSTANT)
