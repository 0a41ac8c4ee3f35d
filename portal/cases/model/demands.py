"""What must come with a step, and what it may say: the guards that look at the facts given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.accounts.model import ROLE_TITLES
from portal.basis import N_, Role, Word
from portal.cases.model.guards import Attempt, Guard, allowed_pauses, deferrable, extendable, names_of
from portal.cases.model.refusals import ApprovalMissing, FactMissing, FactUnfit
from portal.cases.model.states import Step
from portal.catalogue.model import Flow, PauseKind, name_of


def check_facts(attempt: Attempt) -> None:
    """:raises Refusal: a fact is missing or cannot be so; ``field`` names it."""
    for guard in DEMANDS.get(attempt.step, ()):
        guard(attempt)


def _needs(*names: str) -> Guard:
    def guard(attempt: Attempt) -> None:
        for name in names:
            value = attempt.facts.get(name)
            if value is None or value == "" or value == () or value == []:
                raise FactMissing(N_("%(name)s is missing; fill it in."), field=name, values={"name": name})

    return guard


def _one_of(name: str, *known: str) -> Guard:
    def guard(attempt: Attempt) -> None:
        _needs(name)(attempt)
        if attempt.facts[name] not in known:
            raise FactUnfit(
                N_("%(name)s is one of %(known)s."), field=name, values={"name": name, "known": ", ".join(known)}
            )

    return guard


def _approved_by(role: Role) -> Guard:
    """Another person of that role consents; who holds the role and records the step consents by doing so."""

    def guard(attempt: Attempt) -> None:
        approver = attempt.facts.get("approved_by")
        if not approver:
            message = N_("This step needs the consent of a %(role)s; ask for it first.")
        elif approver == attempt.by.actor and attempt.by.role is not role:
            message = N_("Nobody approves his own act: a %(role)s has to consent.")
        elif role not in attempt.approver_roles:
            message = N_("Only a %(role)s in office that day may approve this step.")
        elif approver in attempt.case.handlers:
            message = N_("Who has worked on the case cannot approve this; another %(role)s has to.")
        else:
            return
        raise ApprovalMissing(message, field="approved_by", values={"role": Word(ROLE_TITLES[role])})

    return guard


_approved_by_supervisor = _approved_by(Role.SUPERVISOR)
_approved_by_head = _approved_by(Role.HEAD)


def _second_notice_is_approved(attempt: Attempt) -> None:
    if attempt.case.notices:
        _approved_by_supervisor(attempt)


def _instant_is_for_instant_items(attempt: Attempt) -> None:
    situation = attempt.version.situation(attempt.case.situation)
    is_instant = attempt.version.is_instant or (situation is not None and situation.flow is Flow.INSTANT)
    if attempt.facts.get("is_instant") and not is_instant:
        raise FactUnfit(
            N_("This item is not decided on the spot (即办); accept it in the ordinary way."), field="is_instant"
        )


def _deferred_may_follow(attempt: Attempt) -> None:
    if not set(attempt.facts["deferred"]) <= deferrable(attempt.case, attempt.version):
        raise FactUnfit(
            N_("Only these materials may follow later: %(codes)s."),
            field="deferred",
            values={"codes": names_of(deferrable(attempt.case, attempt.version), attempt.version)},
        )
    if attempt.facts["due_on"] <= attempt.on:
        raise FactUnfit(N_("Deferred material falls due after today; choose a later day."), field="due_on")


def _is_owed(attempt: Attempt) -> None:
    if not set(attempt.facts["materials"]) <= attempt.case.deferred:
        raise FactUnfit(
            N_("Only these materials are owed: %(codes)s."),
            field="materials",
            values={"codes": names_of(attempt.case.deferred, attempt.version)},
        )


def _goes_elsewhere(attempt: Attempt) -> None:
    if attempt.facts["to_office"] == attempt.case.holder.office:
        raise FactUnfit(N_("The case lies with this office already; choose another one."), field="to_office")


def _pause_is_the_items(attempt: Attempt) -> None:
    if attempt.facts["pause_type"] not in allowed_pauses(attempt.case, attempt.version):
        raise FactUnfit(
            N_("This item allows only these special procedures: %(kinds)s."),
            field="pause_type",
            values={
                "kinds": tuple(
                    name_of(PauseKind(kind)) for kind in sorted(allowed_pauses(attempt.case, attempt.version))
                )
            },
        )
    if attempt.facts["days"] < 1:
        raise FactUnfit(N_("A special procedure is declared for at least one working day."), field="days")
    if attempt.facts["from_on"] < attempt.on:
        raise FactUnfit(
            N_("A special procedure cannot begin in the past; it begins today at the earliest."), field="from_on"
        )


def _resumes_in_its_time(attempt: Attempt) -> None:
    if attempt.facts["until_on"] > attempt.on:
        raise FactUnfit(
            N_("A special procedure cannot be ended in advance; give today at the latest."), field="until_on"
        )


def _extension_is_the_items(attempt: Attempt) -> None:
    clock, days = attempt.facts["clock"], attempt.facts["days"]
    expiry = attempt.expiry.get(clock)
    limit = attempt.version.limit(clock, attempt.case.situation)
    if (
        clock not in extendable(attempt.case, attempt.version)
        or expiry is None
        or limit is None
        or limit.extension is None
    ):
        raise FactUnfit(N_("This clock is not running, or it cannot be extended any more."), field="clock")
    if not 1 <= days <= limit.extension.n:
        raise FactUnfit(
            N_("The item allows an extension of at most %(most)s."), field="days", values={"most": str(limit.extension)}
        )
    if attempt.on > expiry:
        raise FactUnfit(
            N_("The limit ended on %(expiry)s; it can be extended only before its end."),
            field="clock",
            values={"expiry": expiry.isoformat()},
        )


def _denial_is_reasoned(attempt: Attempt) -> None:
    if attempt.facts["conclusion"] == "deny":
        _needs("reason", "basis", "remedies")(attempt)


def _score_is_on_the_scale(attempt: Attempt) -> None:
    if attempt.facts["score"] not in range(1, 6):
        raise FactUnfit(N_("A rating is a number from 1 to 5."), field="score")


def _days_run_forwards(attempt: Attempt) -> None:
    if attempt.facts["until_on"] < attempt.facts["from_on"]:
        raise FactUnfit(N_("The last day lies before the first; swap the two."), field="until_on")


def _wait_lies_ahead(attempt: Attempt) -> None:
    if attempt.facts["from_on"] < attempt.on:
        raise FactUnfit(N_("A wait begins today at the earliest."), field="from_on")


def _outage_is_new(attempt: Attempt) -> None:
    if attempt.facts["outage"] in attempt.case.outages:
        raise FactUnfit(N_("This outage has been made up for; it counts once."), field="outage")


def _is_another_case(attempt: Attempt) -> None:
    if attempt.facts["of"] == attempt.case.number:
        raise FactUnfit(N_("A case is no duplicate of itself; give the other number."), field="of")


def _wish_is_signed(attempt: Attempt) -> None:
    """The applicant withdraws by himself; staff only write down what he has signed."""
    if attempt.by.role not in (Role.APPLICANT, Role.AGENT):
        _needs("wish_no")(attempt)


DEMANDS: Final[Mapping[Step, tuple[Guard, ...]]] = {
    Step.NOTICE_CORRECTION: (_needs("demands", "notice_no"), _second_notice_is_approved),
    Step.SUBMIT_CORRECTION: (_needs("materials"),),
    Step.ACCEPT: (_instant_is_for_instant_items,),
    Step.REFUSE: (_needs("reason", "basis", "remedies"),),
    Step.ACCEPT_TOLERANTLY: (_needs("deferred", "due_on"), _deferred_may_follow),
    Step.ACCEPT_PROMISE: (_needs("promise_no"),),
    Step.SUPPLY: (_needs("materials"), _is_owed),
    Step.POST_CHECK: (_needs("conclusion"),),
    Step.DESIGNATE: (_needs("to_office"),),
    Step.HAND_OVER: (_needs("to_office", "reason", "summary"), _goes_elsewhere),
    Step.ASSIGN: (_needs("assignee"),),
    Step.CHASE: (_one_of("place", "window", "phone", "web"),),
    Step.REVIEW: (_one_of("conclusion", "approve", "reject", "correct"),),
    Step.CHECK_SITE: (_needs("inspectors"),),
    Step.GIVE_JOINT_OPINION: (_needs("department", "conclusion"),),
    Step.PAUSE: (_needs("pause_type", "from_on", "days", "notice_no"), _pause_is_the_items, _approved_by_supervisor),
    Step.RESUME: (_needs("until_on"), _resumes_in_its_time),
    Step.EXTEND: (_needs("clock", "days", "reason", "notice_no"), _extension_is_the_items, _approved_by_head),
    Step.DECIDE: (_one_of("conclusion", "grant", "deny"), _denial_is_reasoned),
    Step.PRODUCE_LICENCE: (_needs("licence_no"),),
    Step.DELIVER: (_needs("delivery_channel", "proof"),),
    Step.RATE: (_needs("score"), _score_is_on_the_scale),
    Step.ARCHIVE: (_needs("bundle_hash"),),
    Step.WITHDRAW: (_wish_is_signed,),
    Step.TERMINATE: (_needs("reason"), _approved_by_supervisor),
    Step.REOPEN: (_needs("reason"),),
    Step.REQUEST_WAIT: (_needs("from_on", "until_on"), _days_run_forwards, _wait_lies_ahead),
    Step.LINK_OUTAGE: (_needs("outage", "from_on", "until_on"), _days_run_forwards, _outage_is_new),
    Step.MARK_DUPLICATE: (_needs("of"), _is_another_case),
}
