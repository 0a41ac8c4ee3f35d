"""What each step changes in a case besides its state: one small function per step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from portal.basis import Role
from portal.cases.model.case import Acceptance, Case, Holder, Notice, Opinion, Passing, Suspension
from portal.cases.model.facts import Facts
from portal.cases.model.states import STEP_OF, Step
from portal.ledger.model import Event

Change = Callable[[Case, Event, Facts], dict[str, Any]]
CHANGES: Final[dict[Step, Change]] = {}
NO_STAFF: Final = frozenset({Role.APPLICANT, Role.AGENT, Role.SYSTEM})


def holder_of(event: Event) -> Holder:
    """The system holds nothing: what it does leaves the case with the office."""
    if event.role in NO_STAFF:
        return Holder(event.office)
    return Holder(event.office, event.post, event.actor)


def _on(*steps: Step) -> Callable[[Change], Change]:
    def register(change: Change) -> Change:
        CHANGES.update(dict.fromkeys(steps, change))
        return change

    return register


@_on(Step.SUBMIT)
def _submitted(_case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    return {
        "item_version": event.item_version or "",
        "applicant": facts.get("applicant", ""),
        "matter": facts.get("matter", ""),
        "situation": facts.get("situation", ""),
        "authorisation": facts.get("authorisation"),
        "first_materials": frozenset(facts.get("materials", ())),
        "materials": frozenset(facts.get("materials", ())),
        "materials_hash": facts.get("materials_hash"),
        "channel": event.channel,
        "holder": Holder(event.office),
        "submitted_at": event.occurred_at,
    }


@_on(Step.RECEIVE)
def _received(_case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    return {
        "receipt_no": facts.get("receipt_no"),
        "counted_from": facts.get("counted_from"),
        "target_at": facts.get("target_at"),
        "received_at": event.occurred_at,
        "holder": Holder(event.office),
        "first_responder": holder_of(event),
    }


@_on(Step.NOTICE_CORRECTION)
def _correction_noticed(case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    demands = tuple(facts.get("demands", ()))
    notice = Notice(facts.get("notice_no"), demands, event.actor, event.occurred_at, facts.get("approved_by"))
    return {"notices": (*case.notices, notice), "demanded": frozenset(demands), **_named(case, event)}


@_on(Step.SUBMIT_CORRECTION)
def _correction_submitted(case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    materials = frozenset(facts.get("materials", ()))
    return {
        "materials": case.materials | materials,
        "materials_hash": facts.get("materials_hash") or case.materials_hash,
        "demanded": frozenset() if facts.get("is_complete") else case.demanded - materials,
    }


@_on(Step.ACCEPT, Step.ACCEPT_TOLERANTLY, Step.ACCEPT_PROMISE)
def _accepted(case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    paper = {"has_acceptance_paper": True, **_named(case, event)}
    if case.acceptance is not None:  # the paper that follows a deemed acceptance changes nothing else
        return paper
    ways = {Step.ACCEPT_TOLERANTLY: Acceptance.TOLERANT, Step.ACCEPT_PROMISE: Acceptance.PROMISE}
    ordinary = Acceptance.INSTANT if facts.get("is_instant") else Acceptance.ORDINARY
    return paper | {
        "acceptance": ways.get(STEP_OF[event.kind], ordinary),
        "acceptor": event.actor,
        "accepted_at": event.occurred_at,
        "demanded": frozenset(),
        "deferred": frozenset(facts.get("deferred", ())),
        "supply_due_on": facts.get("due_on"),
        "holder": holder_of(event) if facts.get("is_instant") else Holder(case.holder.office),
    }


@_on(Step.DEEM_ACCEPTED)
def _deemed_accepted(_case: Case, event: Event, _facts: Facts) -> dict[str, Any]:
    return {"acceptance": Acceptance.DEEMED, "accepted_at": event.occurred_at}


@_on(Step.REFUSE)
def _refused(case: Case, event: Event, _facts: Facts) -> dict[str, Any]:
    return {"acceptor": event.actor, **_named(case, event)}


@_on(Step.SUPPLY)
def _supplied(case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    materials = frozenset(facts.get("materials", ()))
    return {
        "materials": case.materials | materials,
        "materials_hash": facts.get("materials_hash") or case.materials_hash,
        "deferred": case.deferred - materials,
    }


@_on(Step.POST_CHECK)
def _post_checked(_case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"post_check": facts.get("conclusion")}


@_on(Step.HAND_OVER, Step.DESIGNATE)
def _passed_on(case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    is_designated = STEP_OF[event.kind] is Step.DESIGNATE
    passing = Passing(
        case.passing.sender if case.passing else case.holder,
        facts["to_office"],
        event.occurred_at,
        event.actor,
        facts.get("reason"),
        facts.get("summary"),
        is_designated,
    )
    return {
        "passing": passing,
        "hand_overs": case.hand_overs + (not is_designated),
        "is_designated": is_designated or case.is_designated,
        **_named(case, event),
    }


@_on(Step.ACKNOWLEDGE)
def _acknowledged(_case: Case, event: Event, _facts: Facts) -> dict[str, Any]:
    receiver = holder_of(event)
    return {"passing": None, "holder": receiver, "first_responder": receiver, "assignee": None}


@_on(Step.RETURN_HANDOVER)
def _returned(case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    return {"passing": None, "returns": case.returns + 1}


@_on(Step.UPHOLD_OBJECTION)
def _objection_upheld(case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    """The receiver objected, with the case in hand or after having sent it back."""
    returns = case.returns + (case.passing is not None)
    return {"passing": None, "returns": returns, "objections_upheld": case.objections_upheld + 1}


@_on(Step.ASSIGN)
def _assigned(case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {
        "assignee": facts["assignee"],
        "has_assignment": True,
        "holder": Holder(case.holder.office, None, facts["assignee"]),
    }


@_on(Step.OPEN)
def _opened(case: Case, event: Event, _facts: Facts) -> dict[str, Any]:
    return {"holder": holder_of(event), **_named(case, event)}


@_on(Step.REVIEW)
def _reviewed(case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    opinion = Opinion(event.actor, event.occurred_at, facts["conclusion"])
    return {"opinions": (*case.opinions, opinion), "holder": holder_of(event)}


@_on(Step.PAUSE)
def _paused(_case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"suspension": Suspension(facts["pause_type"], facts["from_on"], facts["days"], facts.get("notice_no"))}


@_on(Step.RESUME)
def _resumed(_case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    return {"suspension": None}


@_on(Step.EXTEND)
def _extended(case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"extensions": case.extensions | {facts["clock"]}}


@_on(Step.LINK_OUTAGE)
def _outage_linked(case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"outages": case.outages | {facts["outage"]}}


@_on(Step.DECIDE)
def _decided(_case: Case, event: Event, facts: Facts) -> dict[str, Any]:
    return {
        "decider": event.actor,
        "conclusion": facts["conclusion"],
        "decided_at": event.occurred_at,
        "holder": holder_of(event),
    }


@_on(Step.PRODUCE_LICENCE)
def _licence_produced(_case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"licence_no": facts.get("licence_no")}


@_on(Step.NOTICE_COLLECTION)
def _collection_noticed(case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    return {"collection_notices": case.collection_notices + 1}


@_on(Step.DELIVER)
def _delivered(_case: Case, event: Event, _facts: Facts) -> dict[str, Any]:
    return {"delivered_at": event.occurred_at}


@_on(Step.RATE)
def _rated(_case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"score": facts["score"]}


@_on(Step.WITHDRAW, Step.TERMINATE, Step.DEEM_WITHDRAWN)
def _left(_case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    return {"passing": None, "suspension": None, "demanded": frozenset()}


@_on(Step.REOPEN)
def _reopened(case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    """The start stays; the old decision no longer stands, what was owed is owed again."""
    return {
        "reopenings": case.reopenings + 1,
        "closed_at": None,
        "decider": None,
        "conclusion": None,
        "opinions": (),
        "holder": Holder(case.holder.office),
    }


@_on(Step.MARK_DUPLICATE)
def _marked_duplicate(_case: Case, _event: Event, facts: Facts) -> dict[str, Any]:
    return {"duplicate_of": facts["of"]}


@_on(Step.MARK_TEST)
def _marked_test(_case: Case, _event: Event, _facts: Facts) -> dict[str, Any]:
    return {"is_test": True}


def _named(case: Case, event: Event) -> dict[str, Any]:
    """The first person of the office to touch the case is its first responder (首问责任人)."""
    first = case.first_responder
    if event.role in NO_STAFF or (first is not None and first.actor is not None):
        return {}
    return {"first_responder": holder_of(event)}
