"""Somebody asked: what was asked, who answers for it, and that nobody is sent away without being led on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.accounts.policy import Act, Target, may, require
from portal.appeals import operations, queries
from portal.appeals.model import (
    INQUIRY_STATE_TITLES,
    OUTCOME_TITLES,
    InquiryNotFound,
    InquiryState,
    InquiryStep,
    InquiryStepNotPossible,
    inquiry_title_of,
)
from portal.appeals.operations import InquirySlip, inquiry_target
from portal.appeals.queries import InquiryEntry, InquiryItem, InquiryPage
from portal.basis import By, NotAllowed, Refusal, mask_name, mask_phone, mask_text
from portal.cases.model import applicant_of
from portal.catalogue.queries import catalogue
from portal.store import reading, transaction
from portal.web import journal
from portal.web.citizen.item_form import is_phone, plain_number
from portal.web.clerk import asked
from portal.web.clerk.inquiry_plans import STEPS, version_asked
from portal.web.clerk.lists import item_name
from portal.web.forms import (
    Form,
    Given,
    LongTextField,
    RadioField,
    SelectField,
    TextField,
    ValidationError,
)
from portal.web.hidden import hidden, shown
from portal.web.keyed import lasting_secret
from portal.web.once import key as once_key
from portal.web.once import sent_once
from portal.web.page import page
from portal.web.staff import history, people, sight
from portal.web.staff.paging import Pages

inquiries = Blueprint("inquiries", __name__, url_prefix="/inquiries")
UNKNOWN_ITEM = "unknown"
PER_PAGE = 25
_SLIP = "slip"


@inquiries.get("/")
def listing() -> ResponseReturnValue:
    by: By = g.by
    require(by, Act.SEE_INQUIRY, Target(office=by.office, offered_to=by.office))
    offices = None if may(by, Act.SEE_INQUIRY, Target(office="")) else {by.office or ""}
    is_open = request.args.get("state") != "answered"
    with reading():
        pages = Pages.of(queries.count_inquiries(offices=offices, is_open=is_open), PER_PAGE)
        rows = queries.inquiries(at=g.now, offices=offices, is_open=is_open, limit=PER_PAGE, offset=pages.offset)
        return page(
            rows=rows,
            pages=pages,
            is_open=is_open,
            item_name=item_name,
            people=people,
            may_ask=_may_ask(by),
            titles=_title_of,
        )


def _title_of(row: InquiryItem) -> str:
    is_answered = row.state is InquiryState.ANSWERED and row.outcome is not None
    return OUTCOME_TITLES[row.outcome] if is_answered and row.outcome else INQUIRY_STATE_TITLES[row.state]


def _may_ask(by: By) -> bool:
    return may(by, Act.INQUIRE, Target(office=by.office))


class InquiryForm(Form):
    item = SelectField(_l("What is it about?"))
    channel = RadioField(
        _l("How did the person ask?"),
        choices=[("window", _l("at the window")), ("phone", _l("by telephone"))],
        default="window",
        validators=[Given(_l("Choose a way"))],
    )
    question = LongTextField(
        _l("What was asked?"),
        validators=[
            Given(_l("Write down what was asked")),
            Length(max=asked.LONGEST, message=_l("At most 1000 characters")),
        ],
        render_kw={"rows": 4},
    )
    name = TextField(
        _l("Name (optional)"),
        validators=[Length(max=100, message=_l("At most 100 characters"))],
        render_kw={"autocomplete": "off"},
    )
    phone = TextField(
        _l("Telephone (optional)"),
        description=_l("So that whoever has to answer can call back, and the same person is recognised next time"),
        filters=[plain_number],
        render_kw={"type": "tel", "autocomplete": "off", "classes": "govuk-input--width-20"},
    )

    def validate_phone(self, field: TextField) -> None:
        if field.data and not is_phone(str(field.data)):
            raise ValidationError(gettext("Enter a phone number: 11 digits, or area code and number"))


@inquiries.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    require(g.by, Act.INQUIRE, Target(office=g.by.office))
    form = InquiryForm()
    names = sorted((code, item_name(code)) for code in catalogue().item_of)
    form.item.choices = [(UNKNOWN_ITEM, gettext("Something else, or not sure yet")), *names]
    if form.validate_on_submit():
        try:
            slip = _asked(form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session[_SLIP] = {"number": slip.number, "code": hidden(slip.query_code, slip.number)}
            return redirect(url_for("clerk.inquiries.slip", number=slip.number), 303)
    return page(form=form), form.status


def _asked(form: InquiryForm) -> InquirySlip:
    personal = {name: str(form[name].data) for name in ("name", "phone") if form[name].data}
    key = once_key() or secrets.token_urlsafe(24)
    with transaction():
        return operations.inquire(
            applicant_of(personal.get("phone") or key, lasting_secret()),
            str(form.item.data),
            office=g.by.office,
            by=g.by,
            at=g.now,
            channel=str(form.channel.data),
            question=str(form.question.data),
            personal=personal,
            idempotency_key=key,
        )


@inquiries.get("/<number>/slip")
def slip(number: str) -> ResponseReturnValue:
    """What the inquirer takes along; the code is known to this session alone, and only until the next slip."""
    found = sight.visible_inquiry(number)
    kept: Mapping[str, str] = session.get(_SLIP, {})
    code = shown(kept.get("code", ""), number) if kept.get("number") == number else ""
    return page(found=found, code=code, item_name=item_name, people=people)


@inquiries.get("/<number>")
def inquiry(number: str) -> ResponseReturnValue:
    found = sight.visible_inquiry(number)
    may_read = may(g.by, Act.SEE_PERSONAL_FACTS, Target(office=found.inquiry.holder.office)) or any(
        may(g.by, step.value, inquiry_target(found.inquiry)) for step in STEPS
    )
    with reading():
        return page(
            found=found,
            item_name=item_name,
            people=people,
            history=history,
            steps=[(step, STEPS[step]) for step in found.possible_steps(g.by) if step in STEPS],
            may_read=may_read,
            inquiry_words=_words_said,
        )


def _words_said(entry: InquiryEntry) -> dict[str, str]:
    """What was said, told and asked; who asked stays masked."""
    masks = {"name": mask_name, "phone": mask_phone}
    return {name: masks.get(name, mask_text)(text) for name, text in entry.words.items()}


@inquiries.route("/<number>/steps/<step>", methods=["GET", "POST"])
def step(number: str, step: str) -> ResponseReturnValue:
    found = sight.visible_inquiry(number)
    wanted = next((one for one in STEPS if one.value.replace("_", "-") == step), None)
    if wanted is None:
        abort(404)
    possible = found.possible_steps(g.by)
    if wanted not in possible:
        require(g.by, wanted.value, inquiry_target(found.inquiry))
        raise InquiryStepNotPossible(wanted, found.inquiry.state, possible)
    plan = STEPS[wanted]
    form: Form = type("StepForm", (Form,), plan.fields(found))()
    if form.validate_on_submit():
        try:
            _take(found, wanted, form)
        except (InquiryStepNotPossible, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(gettext("Recorded: %(step)s", step=gettext(plan.title)), "success")
            return redirect(url_for("clerk.inquiries.inquiry", number=number), 303)
    return page(found=found, plan=plan, form=form, item_name=item_name), form.status


def _take(found: InquiryPage, step: InquiryStep, form: Form) -> None:
    given = {name: value for name, value in form.data.items() if name != "csrf_token" and value not in (None, "", [])}
    by: dict[str, Any] = {"by": g.by, "at": g.now}
    with sent_once(lambda: url_for("clerk.inquiries.inquiry", number=found.number)):
        match step:
            case InquiryStep.ANSWER:
                version = version_asked(found) if given.pop("cites", False) else None
                cited = version.version if version else None
                operations.answer(found.number, given.pop("outcome"), cited_version=cited, **given, **by)
            case InquiryStep.HAND_OVER:
                operations.hand_over_inquiry(found.number, given.pop("to_office"), **given, **by)
            case InquiryStep.ACKNOWLEDGE:
                operations.acknowledge_inquiry(found.number, **by)
            case InquiryStep.TELL:
                operations.tell_inquirer(found.number, **given, **by)
            case InquiryStep.CHASE:
                operations.chase_inquiry(found.number, **given, **by)
            case _:
                raise AssertionError(f"{step} has no form")


@inquiries.errorhandler(InquiryNotFound)
def hide(_: InquiryNotFound) -> ResponseReturnValue:
    title, advice = gettext("Page not found"), gettext("There is no inquiry of that number with your office.")
    return render_template("errors/explanation.html", status=404, title=title, advice=advice), 404


@inquiries.errorhandler(InquiryStepNotPossible)
def explain(refusal: InquiryStepNotPossible) -> ResponseReturnValue:
    journal.note_refusal(refusal.message)
    return render_template(
        "clerk/inquiries/not_possible.html",
        wanted=STEPS[refusal.step].title if refusal.step in STEPS else inquiry_title_of(refusal.step),
        state_title=INQUIRY_STATE_TITLES[refusal.state],
        possible=[(step, STEPS[step]) for step in refusal.possible if step in STEPS],
        number=(request.view_args or {}).get("number"),
    ), 409
