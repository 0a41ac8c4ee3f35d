"""One's own sign-ins, to be ended, and one's own password, to be changed."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.accounts import operations, passwords
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins import queries
from portal.accounts.sign_ins.model import ENDED_TITLES, WAY_TITLES, Ended
from portal.basis import Refusal
from portal.store import reading, transaction
from portal.web.account.again import disproven
from portal.web.forms import Form, Given, PasswordField, ValidationError
from portal.web.page import page
from portal.web.sign_in.asking import renew_session


def listing() -> ResponseReturnValue:
    with reading():
        found = queries.of_account(g.account.id)
    running = [one for one in found if one.ended_at is None]
    return page(
        running=running,
        ended=[one for one in found if one.ended_at is not None],
        ways=WAY_TITLES,
        reasons=ENDED_TITLES,
    )


class EndForm(Form):
    password = PasswordField(
        _l("Your password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )


def end(handle: str) -> ResponseReturnValue:
    """Of another browser; whoever leaves this one signs out."""
    with reading():
        if handle not in {one.handle for one in queries.of_account(g.account.id) if one.ended_at is None}:
            abort(404)
    form = EndForm()
    if not form.validate_on_submit():
        return page(form=form), form.status
    if (answer := disproven(form, form.password)) is not None:
        return answer
    with transaction():
        sign_ins.end(handle, account=g.account.id, why=Ended.REVOKED, at=g.now)
    flash(gettext("That sign-in has been ended."), "success")
    return redirect(url_for("account.sign_ins"), 303)


def end_others() -> ResponseReturnValue:
    form = EndForm()
    if not form.validate_on_submit():
        return page(form=form), form.status
    if (answer := disproven(form, form.password)) is not None:
        return answer
    with transaction():
        ended = sign_ins.end_all(g.account.id, why=Ended.REVOKED, at=g.now, but=g.sign_in.handle)
    flash(ngettext("%(num)s other sign-in was ended.", "%(num)s other sign-ins were ended.", ended), "success")
    return redirect(url_for("account.sign_ins"), 303)


class PasswordForm(Form):
    now = PasswordField(
        _l("Your password until now"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )
    password = PasswordField(
        _l("New password"),
        validators=[Given(_l("Enter the new password"))],
        render_kw={"autocomplete": "new-password", "classes": "govuk-input--width-20"},
    )

    def validate_password(self, field: PasswordField) -> None:
        if field.data == self.now.data:
            raise ValidationError(gettext("Choose a password other than the one until now"))


def password() -> ResponseReturnValue:
    """Every other sign-in is ended by the change, and this one gets a new token."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return page(form=form), form.status
    if (answer := disproven(form, form.now)) is not None:
        return answer
    try:
        hashed = passwords.prepared(str(form.password.data), name=g.account.name, kind=g.account.kind)
        with transaction():
            operations.set_password(g.account.id, hashed, at=g.now, but=g.sign_in.handle)
    except Refusal as refusal:
        form.refuse(refusal)
        return page(form=form), form.status
    renew_session()
    flash(gettext("Your password has been changed, and every other sign-in was ended."), "success")
    return redirect(url_for("account.sign_ins", lang=request.args.get("lang")), 303)
