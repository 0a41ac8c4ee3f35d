"""One's own passkeys: the list, a new one, and away with one."""

from __future__ import annotations

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.accounts import queries as accounts
from portal.accounts.passkeys import ceremony, operations, queries
from portal.accounts.passkeys.model import Purpose
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.basis import Refusal
from portal.store import reading, transaction
from portal.web.account.again import disproven
from portal.web.forms import Form, Given, PasswordField, TextField
from portal.web.page import page
from portal.web.sign_in.passkeys import asked, question, site, taken
from portal.web.sign_in.ways import too_many


class PasskeyForm(Form):
    """The password once more: who finds an open screen makes no key of his own (ASVS 5.0, 7.5.1)."""

    answer = HiddenField()
    name = TextField(
        _l("Name of the passkey"),
        description=_l("So that you know it in the list, for example: my telephone"),
        validators=[Given(_l("Enter a name"))],
        render_kw={"maxlength": 60, "classes": "govuk-input--width-20"},
    )
    password = PasswordField(
        _l("Your password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )


def listing() -> ResponseReturnValue:
    form = PasskeyForm()
    if form.validate_on_submit():
        lane = Lane(Kind.CODE, (g.account.id,))
        with transaction():
            wait = throttle.take_turn([lane], at=g.now)
        if wait:
            return too_many(form, wait)
        if accounts.authenticate(g.account.name, str(form.password.data)) is None:
            form.complain("password", gettext("This is not your password"))
        elif _registered(form, lane):
            flash(gettext("The passkey is registered. You can sign in with it from now on."), "success")
            return redirect(url_for("account.passkeys"), 303)
    with reading():
        found = queries.of_account(g.account.id)
    return page(form=form, passkeys=found), form.status


def _registered(form: PasskeyForm, lane: Lane) -> bool:
    try:
        with transaction():
            throttle.succeed([lane], at=g.now)
        challenge = taken(Purpose.REGISTER, g.account.id)
        with transaction():
            operations.register(
                g.account.id,
                str(form.name.data)[:60],
                str(form.answer.data or ""),
                challenge=challenge,
                site=site(),
                at=g.now,
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def challenge() -> ResponseReturnValue:
    known = [one.credential for one in queries.of_account(g.account.id)]
    given = asked(Purpose.REGISTER, g.account.id)
    return question(ceremony.question_to_register(given, g.account, known, site()))


class RemoveForm(Form):
    """Here too: who finds an open screen shuts nobody out, and leaves no way in but the one that he knows."""

    password = PasswordField(
        _l("Your password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )


def remove(handle: str) -> ResponseReturnValue:
    with reading():
        found = next((one for one in queries.of_account(g.account.id) if one.handle == handle), None)
    if found is None:
        abort(404)
    form = RemoveForm()
    if not form.validate_on_submit():
        return page(form=form, passkey=found), form.status
    if (answer := disproven(form, form.password, render=lambda: page(form=form, passkey=found))) is not None:
        return answer
    with transaction():
        operations.remove(handle, account=g.account.id)
    flash(gettext("The passkey was removed; it opens nothing any more."), "success")
    return redirect(url_for("account.passkeys"), 303)
