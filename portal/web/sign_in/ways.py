"""Signing in with name and password, then, where there is one, with the second factor; then in which post."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.accounts import queries as accounts
from portal.accounts.model import Account, AccountKind, Post
from portal.accounts.passkeys import queries as passkeys
from portal.accounts.second_factor import operations as second_factors
from portal.accounts.sign_ins.model import Ended, Way
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.basis import By
from portal.store import transaction
from portal.web.forms import Form, Given, PasswordField, RadioField, TextField
from portal.web.page import page
from portal.web.sign_in.asking import (
    account_key,
    address,
    asked_for,
    begin_session,
    end_session,
    home_of,
    known_browser,
    let_in,
    renew_session,
)
from portal.web.staff.people import office_name
from portal.web.wording import said


class SignInForm(Form):
    counts_once = False

    name = TextField(
        _l("Sign-in name"),
        validators=[Given(_l("Enter your sign-in name"))],
        render_kw={"autocomplete": "username", "spellcheck": False, "classes": "govuk-input--width-20"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[Given(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password", "classes": "govuk-input--width-20"},
    )


def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return page(form=form), form.status
    name, password = str(form.name.data), str(form.password.data)
    with transaction():
        lanes = throttle.lanes_for(name, address=address(), browser=known_browser())
        wait = throttle.take_turn(lanes, at=g.now)
    if wait:
        return too_many(form, wait)
    account = accounts.authenticate(name, password)
    if account is None:
        form.complain(None, gettext("Name and password do not belong together. Check both and try again."))
        return page(form=form), 422
    with transaction():
        throttle.succeed(lanes, at=g.now)
    if accounts.has_expired_password(account.id, g.now):
        form.complain(None, gettext("This first password has run out. Ask whoever gave it to you for another."))
        return page(form=form), 422
    if not begin_session(account, Way.PASSWORD, password=password):
        return redirect(url_for("sign_in.code", next=asked_for()), 303)
    return onward(account)


def too_many(form: Form, wait: timedelta) -> ResponseReturnValue:
    """Said alike of names that exist and of those that do not."""
    headers = tell_to_wait(form, wait)
    return page(form=form), 429, headers


def tell_to_wait(form: Form, wait: timedelta) -> dict[str, str]:
    """At the form, and in the headers of the answer."""
    seconds = ceil(wait.total_seconds())
    minutes = ceil(seconds / 60)
    form.complain(
        None,
        ngettext(
            "Too many tries. Wait %(num)s second, then try again.",
            "Too many tries. Wait %(num)s seconds, then try again.",
            seconds,
        )
        if seconds < 60
        else ngettext(
            "Too many tries. Wait %(num)s minute, then try again.",
            "Too many tries. Wait %(num)s minutes, then try again.",
            minutes,
        ),
    )
    return {"Retry-After": str(seconds)}


class CodeForm(Form):
    counts_once = False

    code = TextField(
        _l("Code"),
        description=_l("Six digits from your authenticator app, or one of your recovery codes"),
        validators=[Given(_l("Enter the code"))],
        render_kw={"autocomplete": "one-time-code", "spellcheck": False, "classes": "govuk-input--width-20"},
    )


def code() -> ResponseReturnValue:
    if "unfinished" not in g:
        return redirect(url_for("sign_in.enter"), 303)
    account: Account = g.unfinished
    form = CodeForm()
    if form.validate_on_submit():
        lane = Lane(Kind.CODE, (account.id,))
        with transaction():
            wait = throttle.take_turn([lane], at=g.now)
        if wait:
            return too_many(form, wait)
        try:
            with transaction():
                second_factors.take_code(account.id, str(form.code.data), key=account_key(), at=g.now)
                throttle.succeed([lane], at=g.now)
        except second_factors.CodeWrong as wrong:
            form.refuse(wrong)
        else:
            renew_session(is_whole=True)
            let_in(account)
            return onward(account)
    return page(form=form, has_passkey=bool(passkeys.of_account(account.id))), form.status


def onward(account: Account, wanted: str | None = None) -> ResponseReturnValue:
    """To the page that was wanted, after the post is known."""
    wanted = wanted or asked_for()
    if account.kind is not AccountKind.STAFF:
        return redirect(wanted or url_for("citizen.home"), 303)
    posts = accounts.posts_held(account.id, g.today)
    if len(posts) == 1:
        return _in_post(posts[0], wanted)
    return redirect(url_for("sign_in.post", next=wanted), 303)


class PostForm(Form):
    post = RadioField(_l("In which post do you work now?"), validators=[Given(_l("Choose one of your posts"))])


def post() -> ResponseReturnValue:
    """Who holds several posts chooses; everything done afterwards is done in that post."""
    if "account" not in g:
        return redirect(url_for("sign_in.enter"), 303)
    held: list[Post] = accounts.posts_held(g.account.id, g.today) if g.account.kind is AccountKind.STAFF else []
    form = PostForm(data={"post": g.sign_in.post})
    form.post.choices = [(one.code, said(one.title), {"hint": office_name(one.office)}) for one in held]
    if held and form.validate_on_submit():
        return _in_post(next(one for one in held if one.code == form.post.data), asked_for())
    return page(form=form, posts=held), form.status


def _in_post(chosen: Post, wanted: str | None) -> ResponseReturnValue:
    renew_session(post=chosen.code)
    by = By(current_user.account.id, chosen.role, chosen.office, chosen.code)
    return redirect(wanted or home_of(by), 303)


def leave() -> ResponseReturnValue:
    end_session(Ended.SIGNED_OUT)
    flash(gettext("You have signed out."), "success")
    return redirect(url_for("sign_in.enter"), 303), {"Clear-Site-Data": '"cache", "storage"'}
