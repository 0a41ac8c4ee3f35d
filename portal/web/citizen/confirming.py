"""The signed-in person once more: by password, and by a code where there is a second factor."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.accounts.second_factor import operations as second_factors
from portal.accounts.second_factor import queries as factors
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.store import transaction
from portal.web.forms import Form, Given, PasswordField, TextField
from portal.web.sign_in.asking import account_key
from portal.web.sign_in.ways import too_many


class ConfirmForm(Form):
    """To be shown only to who is signed in; ``code`` is taken away where there is no second factor."""

    password = PasswordField(
        _l("Your password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )
    code = TextField(
        _l("Code"),
        description=_l("Six digits from your authenticator app, or one of your recovery codes"),
        validators=[Given(_l("Enter the code"))],
        render_kw={"autocomplete": "one-time-code", "spellcheck": False, "classes": "govuk-input--width-20"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.has_factor = factors.made_at(g.account.id) is not None
        if not self.has_factor:
            del self.code

    @property
    def confirmed_by(self) -> str:
        return "password-and-second-factor" if self.has_factor else "password"


def confirmed(form: ConfirmForm) -> ResponseReturnValue | None:
    """Nothing once the form is judged, its errors tell what was wrong; a page to show after too many tries."""
    lane = Lane(Kind.CODE, (g.account.id,))
    with transaction():
        wait = throttle.take_turn([lane], at=g.now)
    if wait:
        return too_many(form, wait)
    if accounts.authenticate(g.account.name, str(form.password.data)) is None:
        form.complain("password", gettext("This is not your password"))
        return None
    try:
        with transaction():
            if form.has_factor:
                second_factors.take_code(g.account.id, str(form.code.data), key=account_key(), at=g.now)
            throttle.succeed([lane], at=g.now)
    except second_factors.CodeWrong as wrong:
        form.refuse(wrong)
    return None
