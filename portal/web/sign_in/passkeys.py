"""Signing in with a passkey, instead of name and password or instead of the code after them."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts import queries as accounts
from portal.accounts.model import Account
from portal.accounts.passkeys import ceremony, operations, queries
from portal.accounts.passkeys.ceremony import PasskeyWrong
from portal.accounts.passkeys.model import Purpose, Site
from portal.accounts.sign_ins.model import Way
from portal.store import transaction
from portal.web.sign_in.asking import asked_for, begin_session, let_in, renew_session
from portal.web.sign_in.ways import onward

_ASKED = "passkey"  # in the browser's session: only the browser that was asked can answer


def site() -> Site:
    """Where YINUO_ORIGIN is not set, the address that the browser asked for."""
    origin = str(current_app.config["ORIGIN"] or request.host_url).rstrip("/")
    return Site(urlsplit(origin).hostname or "", origin, gettext("Yinuo"))


def asked(purpose: Purpose, account: str | None) -> bytes:
    with transaction():
        challenge = operations.ask(purpose, account=account, at=g.now)
    session[_ASKED] = challenge.hex()
    return challenge


def taken(purpose: Purpose, account: str | None) -> bytes:
    """:raises PasskeyWrong: nothing was asked of this browser, or too long ago, or it was answered before."""
    challenge = bytes.fromhex(session.pop(_ASKED, ""))
    with transaction():
        is_open = operations.take(challenge, purpose, account=account, at=g.now)
    if not is_open:
        raise PasskeyWrong
    return challenge


def question(text: str) -> Response:
    return current_app.response_class(text, mimetype="application/json")


def challenge() -> ResponseReturnValue:
    account = _unfinished()
    known = [] if account is None else [one.credential for one in queries.of_account(account.id)]
    given = asked(Purpose.ENTER, account.id if account else None)
    return question(ceremony.question_to_enter(given, known, site()))


def enter() -> ResponseReturnValue:
    account = _unfinished()
    own = account.id if account else None
    answer = request.form.get("answer", "")
    try:
        given = taken(Purpose.ENTER, own)
        with transaction():
            opened = operations.enter(answer, challenge=given, site=site(), account=own, at=g.now)
    except PasskeyWrong as wrong:
        flash(gettext(wrong.message))
        return redirect(url_for("sign_in.code" if account else "sign_in.enter", next=asked_for()), 303)
    if account is not None:
        renew_session(is_whole=True)
    else:
        account = accounts.load(opened)
        assert account is not None
        begin_session(account, Way.PASSKEY)
    let_in(account)
    return onward(account)


def _unfinished() -> Account | None:
    """Who has shown a password and no code yet."""
    account: Account | None = g.get("unfinished")
    return account
