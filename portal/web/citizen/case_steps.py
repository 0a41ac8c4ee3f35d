"""The steps of a case that are its applicant's: correct, supply, withdraw, rate, ask where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.basis import N_, Refusal
from portal.cases import operations
from portal.cases.model import STATE_TITLES, AskedToday, HandedIn, Step, StepNotPossible
from portal.cases.queries import CasePage
from portal.web import journal
from portal.web.citizen.case_history import SCORES
from portal.web.citizen.cases import applicant, cases, own_case
from portal.web.citizen.material_form import PREFIX, handed_in, material_form, throw_away
from portal.web.forms import Form, Given, LongTextField, RadioField
from portal.web.once import SentAlready, require_new, sent_once
from portal.web.page import page
from portal.web.wording import said, titled

LONGEST_COMMENT = 500
OWN_STEPS = {
    Step.SUBMIT_CORRECTION: N_("hand in what was asked for"),
    Step.SUPPLY: N_("hand in the deferred material"),
    Step.WITHDRAW: N_("withdraw it"),
    Step.CHASE: N_("ask where it stands"),
    Step.RATE: N_("rate it"),
}


@cases.route("/cases/<number>/correction", methods=["GET", "POST"])
@own_case
def correction(found: CasePage) -> ResponseReturnValue:
    return _bring(
        found, Step.SUBMIT_CORRECTION, sorted(found.case.demanded), gettext("Your correction has been handed in.")
    )


@cases.route("/cases/<number>/supply", methods=["GET", "POST"])
@own_case
def supply(found: CasePage) -> ResponseReturnValue:
    return _bring(found, Step.SUPPLY, sorted(found.case.deferred), gettext("The material has been handed in."))


def _bring(found: CasePage, step: Step, codes: Sequence[str], thanks: str) -> ResponseReturnValue:
    """Hand in files for the materials of a notice or of an acceptance with deferred material."""
    _require(found, step)
    wanted = [material for code in codes if (material := found.version.material(code))]
    form = material_form(wanted, with_later=False)()
    clock = next((c for c in found.running if c.is_applicants), None)
    if form.validate_on_submit():
        brought = handed_in(form, [material.code for material in wanted], holder=found.holder)
        if not brought and not form.errors:
            for material in wanted:
                form.complain(
                    PREFIX + material.code, gettext("Choose a file: %(material)s", material=said(material.name))
                )
        if not form.errors:
            return _recorded(found, step, thanks, materials=brought)
        throw_away(brought)
    notice = found.case.notices[-1] if step is Step.SUBMIT_CORRECTION else None
    return page(found=found, form=form, wanted=wanted, clock=clock, notice=notice), form.status


class WithdrawForm(Form):
    answer = RadioField(
        _l("Do you want to withdraw this request?"),
        choices=[("yes", _l("Yes, withdraw it")), ("no", _l("No, go on with it"))],
        validators=[Given(_l("Say whether you want to withdraw it"))],
    )


@cases.route("/cases/<number>/withdraw", methods=["GET", "POST"])
@own_case
def withdraw(found: CasePage) -> ResponseReturnValue:
    _require(found, Step.WITHDRAW)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return page(found=found, form=form), form.status
    if form.answer.data == "no":
        return redirect(url_for("citizen.cases.case", number=found.number), 303)
    return _recorded(found, Step.WITHDRAW, gettext("Your request has been withdrawn."))


class RatingForm(Form):
    score = RadioField(
        _l("How was it?"),
        choices=[(str(score), _l(title)) for score, title in SCORES.items()],
        validators=[Given(_l("Choose one of the five answers"))],
    )
    comment = LongTextField(
        _l("What was good, what was not? (optional)"),
        description=_l("At most 500 characters. Leave out numbers of identity cards and accounts."),
        validators=[Length(max=LONGEST_COMMENT, message=_l("At most 500 characters"))],
        render_kw={"rows": 4},
    )


@cases.route("/cases/<number>/rate", methods=["GET", "POST"])
@own_case
def rate(found: CasePage) -> ResponseReturnValue:
    _require(found, Step.RATE)
    form = RatingForm()
    if not form.validate_on_submit():
        return page(found=found, form=form), form.status
    personal = {"comment": str(form.comment.data)} if form.comment.data else None
    thanks = gettext("Thank you for your rating.")
    return _recorded(found, Step.RATE, thanks, personal=personal, score=int(form.score.data))


@cases.post("/cases/<number>/chase")
@own_case
def chase(found: CasePage) -> ResponseReturnValue:
    _require(found, Step.CHASE)
    thanks = gettext("It is on record that you asked where it stands. The office sees it.")
    try:
        return _recorded(found, Step.CHASE, thanks, place="web")
    except AskedToday as refusal:
        flash(gettext(refusal.message), "notice")
        return redirect(url_for("citizen.cases.case", number=found.number), 303)


@cases.errorhandler(StepNotPossible)
def explain_step(refusal: StepNotPossible) -> ResponseReturnValue:
    """Where the request stands, and what the applicant may do instead."""
    journal.note_refusal(refusal.message)
    possible = [gettext(OWN_STEPS[step]) for step in refusal.possible if step in OWN_STEPS]
    state = titled(STATE_TITLES[refusal.state])
    advice = (
        gettext("Your request is at: %(state)s. You can: %(steps)s.", state=state, steps="; ".join(possible))
        if possible
        else gettext("Your request is at: %(state)s. There is nothing you have to do.", state=state)
    )
    title = gettext("That is not possible now")
    back = url_for("citizen.cases.case", **(request.view_args or {}))
    return render_template("errors/explanation.html", status=409, title=title, advice=advice, back=back), 409


def _require(found: CasePage, step: Step) -> None:
    """:raises StepNotPossible: the page of a step that is not possible now is not shown.
    :raises SentAlready: it was this very request that took the step.
    """
    possible = found.possible_steps(applicant(found))
    if step not in possible:
        require_new()
        raise StepNotPossible(step, found.case.state, possible)


def _recorded(
    found: CasePage,
    step: Step,
    thanks: str,
    *,
    materials: Sequence[HandedIn] = (),
    personal: dict[str, str] | None = None,
    **facts: Any,
) -> ResponseReturnValue:
    try:
        with sent_once(lambda: url_for("citizen.cases.case", number=found.number)):
            operations.record(
                found.number,
                step,
                by=applicant(found),
                at=g.now,
                channel="web",
                materials=materials,
                personal=personal,
                **facts,
            )
    except (Refusal, SentAlready):
        throw_away(materials)
        raise
    flash(thanks, "success")
    return redirect(url_for("citizen.cases.case", number=found.number), 303)
