"""Steps that two people take: what somebody has proposed, and the consent or refusal of who may give it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.accounts.policy import Act, may
from portal.basis import By, NotAllowed, Refusal, Role
from portal.cases import operations, queries
from portal.cases.duties import target_of
from portal.cases.model import STATE_TITLES, STEP_OF, Step
from portal.cases.queries import CasePage, Proposal
from portal.ledger.kinds import KINDS
from portal.store import reading, transaction
from portal.web.clerk.plans import PLANS
from portal.web.forms import Form, Given, LongTextField, RadioField
from portal.web.page import page
from portal.web.staff import history, people

CONSENTS = {
    Step.NOTICE_CORRECTION: Act.APPROVE_SECOND_NOTICE,
    Step.PAUSE: Act.APPROVE_PAUSE,
    Step.EXTEND: Act.APPROVE_EXTENSION,
    Step.TERMINATE: Act.APPROVE_TERMINATION,
}

CONSENTERS = frozenset({Role.HEAD, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Waiting:
    proposal: Proposal
    found: CasePage
    step: Step

    @property
    def title(self) -> str:
        return PLANS[self.step].title

    @property
    def state_title(self) -> str:
        return STATE_TITLES[self.found.case.state]

    @property
    def details(self) -> list[tuple[str, str]]:
        keys = KINDS[self.proposal.kind].keys
        return history.facts_in_words(keys, json.loads(self.proposal.facts), self.found.version)


def waiting_for(by: By) -> list[Waiting]:
    """What this person may consent to; not what he proposed himself or worked on."""
    if by.role not in CONSENTERS:
        return []
    # A head consents for the own office alone; a supervisor for all of them.
    office = by.office if by.role is Role.HEAD else None
    waiting = (_waiting(proposal) for proposal in queries.proposals(by.role, office=office))
    return [one for one in waiting if may_answer(by, one)]


def may_answer(by: By, waiting: Waiting) -> bool:
    found = waiting.found
    target = target_of(found.case, found.version, proposed_by=waiting.proposal.proposed_by)
    return may(by, CONSENTS[waiting.step], target)


def _waiting(proposal: Proposal) -> Waiting:
    return Waiting(proposal, queries.case_page(proposal.number, at=g.now), STEP_OF[proposal.kind])


def listing() -> ResponseReturnValue:
    if g.by.role not in CONSENTERS:
        abort(403)
    with reading():
        return page(rows=waiting_for(g.by), people=people)


class AnswerForm(Form):
    answer = RadioField(
        _l("Do you consent?"),
        choices=[("yes", _l("Yes, the step is recorded now")), ("no", _l("No, it is not taken"))],
        validators=[Given(_l("Say whether you consent"))],
    )
    reason = LongTextField(
        _l("Why not? (only if you refuse)"),
        validators=[Length(max=1000, message=_l("At most 1000 characters"))],
        render_kw={"rows": 3},
    )

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.answer.data == "no" and not self.reason.data:
            self.complain("reason", gettext("Say why you do not consent"))
            return False
        return is_valid


def approval(proposal: int) -> ResponseReturnValue:
    with reading():
        waiting = next((one for one in waiting_for(g.by) if one.proposal.id == proposal), None)
    if waiting is None:
        abort(404)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction():
                if form.answer.data == "yes":
                    operations.approve(proposal, by=g.by, at=g.now)
                else:
                    operations.reject(proposal, str(form.reason.data), by=g.by, at=g.now)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return page(waiting=waiting, form=form, people=people), 409
        yes = form.answer.data == "yes"
        flash(
            gettext("Consented: the step is recorded.") if yes else gettext("Refused: nothing was recorded."), "success"
        )
        return redirect(url_for("supervisor.approvals"), 303)
    return page(waiting=waiting, form=form, people=people), form.status
