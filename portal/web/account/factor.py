"""Setting up the second factor: a QR code for the app, a first code as proof, recovery codes shown once."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta

import segno
from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.accounts.sealing import SealBroken, seal, unseal
from portal.accounts.second_factor import codes, operations, queries
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.store import transaction
from portal.web.account.again import disproven
from portal.web.forms import Form, Given, PasswordField, TextField
from portal.web.page import page
from portal.web.sign_in.asking import account_key, know_this_browser, renew_session
from portal.web.sign_in.ways import CodeForm, too_many

FRESH = timedelta(minutes=5)  # parameter of ours: so soon after signing in nobody else sits at the screen


class FactorForm(Form):
    """``offer`` is the secret on the page, sealed for this account: it is stored once its first code was entered.

    Later than right after signing in the password is asked for once more, or whoever finds an open screen could shut
    its owner out with a factor of his own (ASVS 5.0, 7.5.1).
    """

    offer = HiddenField()
    password = PasswordField(
        _l("Your password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )
    code = TextField(
        _l("Code that the app shows"),
        validators=[Given(_l("Enter the code"))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "classes": "govuk-input--width-10"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if g.now - g.sign_in.created_at <= FRESH:
            del self.password


def second_factor() -> ResponseReturnValue:
    form = FactorForm()
    if since := queries.made_at(g.account.id):
        return page(form=None, since=since, left=queries.recovery_codes_left(g.account.id))
    secret = _offered(str(form.offer.data or "")) if form.is_submitted() else codes.new_secret()
    if form.validate_on_submit():
        if form.password and (answer := disproven(form, form.password, render=lambda: _drawn(form, secret))):
            return answer
        try:
            with transaction():
                recovery = operations.set_up(g.account.id, secret, str(form.code.data), key=account_key(), at=g.now)
        except operations.CodeWrong as wrong:
            form.refuse(wrong)
        else:
            renew_session()
            know_this_browser(g.account)
            return page(form=None, recovery=recovery, since=g.now)
    return _drawn(form, secret)


def _drawn(form: FactorForm, secret: str) -> ResponseReturnValue:
    form.offer.data = base64.urlsafe_b64encode(seal(account_key(), _purpose(), secret.encode())).decode()
    address = codes.address(secret, name=g.account.name, issuer=gettext("Yinuo"))
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    in_groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return page(form=form, picture=picture, secret=in_groups), form.status


def recovery_codes() -> ResponseReturnValue:
    """Ten new ones for whoever shows a code; the old ones open nothing any more."""
    form = CodeForm()
    if form.validate_on_submit():
        lane = Lane(Kind.CODE, (g.account.id,))
        with transaction():
            wait = throttle.take_turn([lane], at=g.now)
        if wait:
            return too_many(form, wait)
        try:
            with transaction():
                operations.take_code(g.account.id, str(form.code.data), key=account_key(), at=g.now)
                throttle.succeed([lane], at=g.now)
                recovery = operations.renew_recovery_codes(g.account.id, at=g.now)
        except operations.CodeWrong as wrong:
            form.refuse(wrong)
        else:
            return page(form=None, recovery=recovery)
    return page(form=form), form.status


def _offered(sealed: str) -> str:
    """:raises SealBroken: it was not offered to this account."""
    try:
        return unseal(account_key(), _purpose(), base64.urlsafe_b64decode(sealed.encode())).decode()
    except (binascii.Error, ValueError):
        raise SealBroken from None


def _purpose() -> str:
    return f"{g.account.id}/totp-offer"
