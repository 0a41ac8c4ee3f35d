"""Taking away a second factor that its owner lost: one person asks, another consents."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.accounts.model import normal_name
from portal.accounts.policy import Act, may, require
from portal.accounts.second_factor import operations, queries
from portal.basis import By, NotAllowed, Refusal
from portal.store import reading, transaction
from portal.web.forms import Form, Given, LongTextField, TextField
from portal.web.page import page


class ResetForm(Form):
    name = TextField(
        _l("Sign-in name of whoever lost the second factor"),
        validators=[Given(_l("Enter the sign-in name"))],
        render_kw={"spellcheck": False, "classes": "govuk-input--width-20"},
    )
    reason = LongTextField(
        _l("How you made sure who asks"),
        validators=[Given(_l("Say how you made sure who asks"))],
        render_kw={"rows": 3},
    )


def listing() -> ResponseReturnValue:
    by = _by()
    may_ask = may(by, Act.MANAGE_ACCOUNTS)
    if not may_ask:
        require(by, Act.MANAGE_ACCOUNTS if request.method == "POST" else Act.APPROVE_RESET)
    form = ResetForm() if may_ask else None
    if form is not None and form.validate_on_submit():
        try:
            with transaction():
                operations.ask_reset(normal_name(str(form.name.data)), str(form.reason.data), by=by, at=g.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(gettext("Noted. Another person must consent."), "success")
            return redirect(url_for("account.resets"), 303)
    with reading():
        found = queries.open_resets()
        people = accounts.accounts([one.account for one in found] + [one.asked_by for one in found])
    return page(form=form, resets=found, people=people, me=by.actor), form.status if form else 200


def answer(number: int) -> ResponseReturnValue:
    by = _by()
    require(by, Act.APPROVE_RESET)
    is_granted = request.form.get("answer") == "yes"
    with transaction():
        operations.answer_reset(number, is_granted=is_granted, by=by, at=g.now)
    flash(
        gettext("The second factor was taken away; its owner sets up a new one at the next sign-in.")
        if is_granted
        else gettext("Refused. Nothing has changed."),
        "success",
    )
    return redirect(url_for("account.resets"), 303)


def _by() -> By:
    by: By | None = g.get("by")
    if by is None:
        raise NotAllowed("no post")
    return by
