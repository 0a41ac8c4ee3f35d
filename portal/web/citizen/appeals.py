"""I asked and was sent away: a citizen tells where, when and what was said, and follows what becomes of it."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.appeals import operations
from portal.appeals.model import InquiryNotFound, InquiryStep
from portal.appeals.operations import InquirySlip
from portal.appeals.queries import InquiryPage, inquiry_page
from portal.basis import By, Refusal, Role
from portal.cases.model import AskedToday, applicant_of
from portal.catalogue.queries import catalogue
from portal.store import reading, transaction
from portal.web.citizen import access, case_story
from portal.web.citizen.cases import FollowForm, opened_here
from portal.web.citizen.item_form import is_phone, plain_number
from portal.web.citizen.items import in_force
from portal.web.forms import DateField, Form, Given, LongTextField, SelectField, TextField, ValidationError
from portal.web.keyed import lasting_secret
from portal.web.once import key as once_key
from portal.web.once import sent_once
from portal.web.page import page
from portal.web.wording import local_day, said, zone

appeals = Blueprint("appeals", __name__)
LONGEST = 1000
UNKNOWN_ITEM = "unknown"


class SentAwayForm(Form):
    item = SelectField(_l("What did you want to do?"), description=_l("Choose “something else” if you are not sure"))
    office = SelectField(_l("Which office did you ask?"), validators=[Given(_l("Choose the office you asked"))])
    happened = DateField(
        _l("On which day?"),
        description=_l("For example 2026 9 28 (year, month, day)"),
        validators=[Given(_l("Enter the day on which you asked"))],
    )
    said = LongTextField(
        _l("What were you told?"),
        description=_l("In your own words, as well as you remember. Names of staff are not needed."),
        validators=[
            Given(_l("Tell us what you were told")),
            Length(max=LONGEST, message=_l("At most 1000 characters")),
        ],
        render_kw={"rows": 4},
    )
    question = LongTextField(
        _l("What do you still need? (optional)"),
        validators=[Length(max=LONGEST, message=_l("At most 1000 characters"))],
        render_kw={"rows": 3},
    )
    phone = TextField(
        _l("Telephone (optional)"),
        description=_l("So that whoever has to answer can reach you. It is not shown to others."),
        filters=[plain_number],
        render_kw={"type": "tel", "autocomplete": "tel", "classes": "govuk-input--width-20"},
    )

    def validate_happened(self, field: DateField) -> None:
        if field.data is not None and field.data > g.today:
            raise ValidationError(gettext("This day is still to come; enter the day on which you asked"))

    def validate_phone(self, field: TextField) -> None:
        if field.data and not is_phone(str(field.data)):
            raise ValidationError(gettext("Enter a phone number: 11 digits, or area code and number"))


@appeals.route("/sent-away", methods=["GET", "POST"])
def sent_away() -> ResponseReturnValue:
    form = SentAwayForm(data={"item": request.args.get("item", "")})
    versions = in_force()
    form.item.offer(
        [
            ("", gettext("Choose")),
            *((version.code, said(version.name)) for version in versions),
            (UNKNOWN_ITEM, gettext("Something else, or I am not sure")),
        ]
    )
    form.office.offer([("", gettext("Choose")), *_offices()])
    if form.validate_on_submit():
        try:
            slip = _told(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            access.grant(slip.number, slip.query_code)
            return redirect(url_for("citizen.appeals.inquiry", number=slip.number), 303)
    return page(form=form), form.status


def _offices() -> list[tuple[str, str]]:
    """Offices of the home area and their outlets, those that stand today."""
    known = catalogue()
    main = {office.code for office in known.main_offices}
    standing = [office for office in known.offices if office.is_standing(g.today)]
    return [(office.code, said(office.name)) for office in standing if office.code in main or office.parent in main]


def _told(form: SentAwayForm) -> InquirySlip:
    """Noon of the day stands for the hour that nobody remembers; today it is no later than now."""
    noon = datetime.combine(form.happened.data, time(12), zone())
    key = once_key() or secrets.token_urlsafe(24)
    applicant = applicant_of(str(form.phone.data) if form.phone.data else key, lasting_secret())
    with transaction():
        return operations.inquire(
            applicant,
            str(form.item.data or UNKNOWN_ITEM),
            office=str(form.office.data),
            by=By(applicant, Role.APPLICANT),
            at=g.now,
            channel="web",
            question=str(form.question.data or ""),
            personal={"phone": str(form.phone.data)} if form.phone.data else None,
            is_self_reported=True,
            happened_at=min(noon, g.now),
            said=str(form.said.data),
            idempotency_key=key,
        )


def _own(number: str) -> InquiryPage | None:
    if not access.is_granted(number):
        return None
    try:
        with reading():
            return inquiry_page(number)
    except InquiryNotFound:
        return None


def _closed(number: str) -> ResponseReturnValue:
    form = FollowForm(formdata=None, data={"number": number})
    return render_template("citizen/cases/follow.html", form=form, opened=opened_here(), is_closed=True), 404


@appeals.get("/inquiries/<number>")
def inquiry(number: str) -> ResponseReturnValue:
    found = _own(number)
    if found is None:
        return _closed(number)
    by = By(found.inquiry.applicant, Role.APPLICANT)
    first = found.inquiry.first_responder
    return page(
        found=found,
        code=access.code_of(number),
        office_name=case_story.office_name,
        first=case_story.who_answers(case_story.holder_like(first)),
        matter=_matter(found.inquiry.matter),
        steps=found.possible_steps(by),
        # The moment is the midnight that ends the last day.
        answer_by=local_day(found.silent_at - timedelta(seconds=1)) if found.silent_at else None,
        is_silent=found.silent_at is not None and found.silent_at <= g.now,
    )


@appeals.post("/inquiries/<number>/unclear")
def unclear(number: str) -> ResponseReturnValue:
    return _step(number, InquiryStep.MARK_UNCLEAR, gettext("It is on record that the answer did not help you."))


@appeals.post("/inquiries/<number>/chase")
def chase(number: str) -> ResponseReturnValue:
    return _step(number, InquiryStep.CHASE, gettext("It is on record that you asked again. The office sees it."))


def _step(number: str, step: InquiryStep, thanks: str) -> ResponseReturnValue:
    found = _own(number)
    if found is None:
        return _closed(number)
    act = operations.chase_inquiry if step is InquiryStep.CHASE else operations.mark_unclear
    try:
        with sent_once(lambda: url_for("citizen.appeals.inquiry", number=number)):
            act(number, by=By(found.inquiry.applicant, Role.APPLICANT), at=g.now)
    except AskedToday as refusal:
        flash(gettext(refusal.message), "notice")
    else:
        flash(thanks, "success")
    return redirect(url_for("citizen.appeals.inquiry", number=number), 303)


def _matter(matter: str) -> str:
    item = catalogue().item_of.get(matter.split(":", maxsplit=1)[0])
    return said(item.name) if item else gettext("Something else")
