"""Registering as a person or as a firm: an identity document, checked rule by rule, and a way to sign in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Optional

from portal.accounts import passwords
from portal.accounts.model import normal_name
from portal.accounts.persons import operations
from portal.accounts.persons.documents import DOCUMENT_TITLES, Document, DocumentKind, DocumentUnfit, checked
from portal.accounts.persons.model import Details
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import lane_of_documents
from portal.basis import Refusal
from portal.catalogue.queries import catalogue
from portal.store import transaction
from portal.web.citizen.item_form import is_phone, plain_number
from portal.web.forms import Form, Given, PasswordField, RadioField, TextField, ValidationError
from portal.web.page import page
from portal.web.refused import refused
from portal.web.sign_in.asking import address
from portal.web.sign_in.ways import tell_to_wait

registering = Blueprint("registering", __name__)
_WIDE = {"classes": "govuk-input--width-20", "autocomplete": "off", "spellcheck": False}
_OF_PEOPLE = [kind for kind in DocumentKind if kind is not DocumentKind.CREDIT_CODE]


class ContactForm(Form):
    phone = TextField(
        _l("Telephone"),
        validators=[Given(_l("Enter a telephone number"))],
        filters=[plain_number],
        render_kw={"type": "tel", "autocomplete": "tel", "classes": "govuk-input--width-20"},
    )
    address = TextField(_l("Address (optional)"), validators=[Length(max=200)])

    def validate_phone(self, field: TextField) -> None:
        if not is_phone(str(field.data)):
            raise ValidationError(gettext("Enter a phone number: 11 digits, or area code and number"))


class RegisterForm(ContactForm):
    name = TextField(
        _l("Full name"),
        validators=[Given(_l("Enter the full name")), Length(max=100)],
        render_kw={"autocomplete": "name"},
    )
    kind = RadioField(
        _l("Identity document"),
        choices=[(kind.value, _l(DOCUMENT_TITLES[kind])) for kind in _OF_PEOPLE],
        validators=[Given(_l("Choose a document"))],
    )
    number = TextField(_l("Number of the document"), validators=[Given(_l("Enter the number"))], render_kw=_WIDE)
    country = TextField(
        _l("Country that issued the passport (only for passports)"),
        description=_l("Three letters as in the passport, for example CHN"),
        validators=[Optional(), Length(max=3)],
        render_kw={"classes": "govuk-input--width-5"},
    )
    sign_in_name = TextField(
        _l("Sign-in name"),
        description=_l("2 to 64 letters and digits, no identity number and no telephone number"),
        validators=[Given(_l("Choose a sign-in name"))],
        render_kw={"autocomplete": "username", "spellcheck": False, "classes": "govuk-input--width-20"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("8 characters at least"),
        validators=[Given(_l("Choose a password"))],
        render_kw={"autocomplete": "new-password", "classes": "govuk-input--width-20"},
    )

    def told(self) -> Details:
        """:raises DocumentUnfit: with the rule that the number breaks."""
        return Details(str(self.name.data), self._document(), str(self.phone.data), str(self.address.data or ""))

    def _document(self) -> Document:
        kind = DocumentKind(str(self.kind.data))
        return checked(kind, str(self.number.data), on=g.today, country=str(self.country.data or ""), home=_home())


class FirmForm(RegisterForm):
    """``kind``, ``number`` and ``country`` are those of the legal representative's document."""

    firm = TextField(_l("Name of the firm"), validators=[Given(_l("Enter the name of the firm")), Length(max=200)])
    credit_code = TextField(
        _l("Unified social credit code"),
        description=_l("18 characters, on the licence"),
        validators=[Given(_l("Enter the credit code"))],
        render_kw=_WIDE,
    )

    def told(self) -> Details:
        person = super().told()
        try:
            code = checked(DocumentKind.CREDIT_CODE, str(self.credit_code.data), on=g.today)
        except DocumentUnfit as unfit:
            unfit.field = "credit_code"
            raise
        return Details(str(self.firm.data), code, person.phone, person.address, person.name, person.document)


@registering.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    is_firm = request.args.get("as") == "firm"
    form: RegisterForm = FirmForm() if is_firm else RegisterForm()
    if not form.validate_on_submit():
        return page(form=form, is_firm=is_firm), form.status
    lane = lane_of_documents(address())
    try:
        told = form.told()
        with transaction():
            wait = throttle.take_turn([lane], at=g.now)  # or whose document is known here could be asked of thousands
        if wait:
            headers = tell_to_wait(form, wait)
            return page(form=form, is_firm=is_firm), 429, headers
        name, password = str(form.sign_in_name.data), str(form.password.data)
        hashed = passwords.prepared(password, name=normal_name(name), kind=told.account_kind)
        with transaction():
            operations.register(name, hashed, told, at=g.now)
            throttle.succeed([lane], at=g.now)
    except Refusal as refusal:
        form.complain(_field(refusal, is_firm=is_firm), refused(refusal))
        return page(form=form, is_firm=is_firm), 422
    flash(gettext("You are registered. Sign in with the name and password that you have chosen."), "success")
    return redirect(url_for("sign_in.enter", next=url_for("citizen.mine.overview")), 303)


def _field(refusal: Refusal, *, is_firm: bool) -> str | None:
    if refusal.field == "name":
        return "sign_in_name"
    known = type(refusal).__name__ == "DocumentKnown"
    return "credit_code" if known and is_firm else refusal.field


def _home() -> str:
    return catalogue().home[:2]
