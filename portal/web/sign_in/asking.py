"""Who asks: the browser's token is looked up in the database, so that what was ended there opens nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, after_this_request, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal import config
from portal.accounts import operations, passwords
from portal.accounts import queries as accounts
from portal.accounts.model import Account, AccountKind
from portal.accounts.passwords import Hashed
from portal.accounts.second_factor import queries as second_factors
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins import queries as sign_in_queries
from portal.accounts.sign_ins.model import SEEN_EVERY, Ended, Limits, Way, browser_in_words
from portal.accounts.sign_ins.queries import Asking
from portal.accounts.throttle import operations as throttle
from portal.basis import By, Refusal, Role
from portal.store import transaction
from portal.web.unproxied import notes

OVERSIGHT = (Role.SUPERVISOR, Role.AUDITOR, Role.INSPECTOR)
OFFICE_ROLES = (Role.CLERK, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.HALL_MANAGER, Role.DISPATCHER)
A_YEAR = 365 * 24 * 3600
DRAFTS = "drafts"  # of the session: the tokens of what this browser has begun to fill in

_WHEN_LET_IN: list[Callable[[Account], None]] = []

login_manager = LoginManager()
login_manager.session_protection = "strong"  # a cookie carried to another browser opens nothing


class LenientSignIn(Refusal):
    """LENIENT_SIGN_IN waives what protects staff accounts; only an invented city may run so."""


class SignedIn(UserMixin):
    """The cookie carries the token of the sign-in and nothing about the person."""

    def __init__(self, asking: Asking, token: str) -> None:
        self.asking, self.token = asking, token
        self.account, self.sign_in = asking.account, asking.sign_in

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    """:raises LenientSignIn: the leniency of a demonstration was set for a real portal."""
    app.config.setdefault("LENIENT_SIGN_IN", app.config["DEMONSTRATION"])
    app.config.setdefault("SIGN_IN_LIMITS", Limits())
    if app.config["LENIENT_SIGN_IN"] and not (app.config["DEMONSTRATION"] or app.testing):
        raise LenientSignIn("LENIENT_SIGN_IN is for demonstrations; leave it out, or start with YINUO_DEMO=1")
    login_manager.init_app(app)
    app.before_request(know_who_asks)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    asking = sign_in_queries.asking(token)
    return None if asking is None else SignedIn(asking, token)


def know_who_asks() -> ResponseReturnValue | None:
    """Put the account, its post and the ``by`` of its acts into ``g``; nobody is there who has not signed in."""
    if request.endpoint == "static" or "_user_id" not in session:
        return None
    user: SignedIn = current_user._get_current_object()  # the proxy would look it up for every attribute
    if not user.is_authenticated:
        forget()
        return None
    account, sign_in, noted = user.account, user.sign_in, notes()
    now = noted.now
    if why := sign_in.runs_out(account.kind, current_app.config["SIGN_IN_LIMITS"], now):
        end_session(why)
        flash(gettext("You have been signed out, because the sign-in was not used or was open for too long."))
        return None
    if not sign_in.is_whole:  # the code is still to come: nobody is there yet
        noted.unfinished = account
        return None
    noted.account, noted.sign_in = account, sign_in
    if now - sign_in.seen_at >= SEEN_EVERY:
        with transaction():
            sign_ins.note_use(sign_in.handle, at=now)
    return _in_which_capacity(user.asking, noted)


def _in_which_capacity(asking: Asking, noted: Any) -> ResponseReturnValue | None:
    account = asking.account
    if duty := _duty(asking, noted.now):
        is_open = (request.endpoint or "").startswith("sign_in.") or request.endpoint == duty
        return None if is_open else redirect(url_for(duty), 303)
    if account.kind is not AccountKind.STAFF:
        noted.by = accounts.by_for(account)
        return None
    posts = noted.posts = accounts.posts_held(account.id, noted.today)
    post = noted.post = next((held for held in posts if held.code == asking.sign_in.post), None)
    if post is not None:
        noted.by = accounts.by_for(account, post)
    return None


def _duty(asking: Asking, now: datetime) -> str | None:
    """The page that must be passed before any other."""
    if current_app.config["LENIENT_SIGN_IN"]:
        return None
    if asking.has_worn_password(now):
        return "account.password"
    needs_factor = asking.account.kind is AccountKind.STAFF or current_app.config["SECOND_FACTOR_FOR_ALL"]
    return "account.second_factor" if needs_factor and not asking.has_factor else None


def begin_session(account: Account, way: Way, *, password: str | None = None) -> bool:
    """With a cookie that has nothing of the one before but the drafts begun in it, so that a planted one gains nothing.

    Returns whether the sign-in is whole; otherwise the code of the second factor comes next.
    """
    is_whole = way is Way.PASSKEY or second_factors.made_at(account.id) is None
    if current_user.is_authenticated:
        end_session(Ended.SIGNED_OUT)
    browser = browser_in_words(request.user_agent.string)
    is_old = password is not None and accounts.has_old_hash(account.id)
    renewed = Hashed(passwords.hashed(password)) if password is not None and is_old else None
    with transaction():
        if renewed is not None:
            operations.renew_hash(account.id, renewed)
        token = sign_ins.begin(account.id, way=way, is_whole=is_whole, address=address(), browser=browser, at=g.now)
    begun = session.get(DRAFTS)  # after a sign-in that was ended here there are none
    session.clear()
    if begun:
        session[DRAFTS] = begun
    signed_in = _load(token)
    assert signed_in is not None
    login_user(signed_in)
    if is_whole:
        let_in(account)
    return is_whole


def renew_session(*, post: str | None = None, is_whole: bool | None = None) -> None:
    """A new token, because the rights of the sign-in change."""
    with transaction():
        token = sign_ins.renew(current_user.sign_in.handle, at=g.now, post=post, is_whole=is_whole)
    session["_user_id"] = token


def end_session(why: Ended) -> None:
    """In the database too: a copy of the cookie opens nothing."""
    if current_user.is_authenticated:
        with transaction():
            sign_ins.end(current_user.sign_in.handle, account=current_user.account.id, why=why, at=g.now)
    forget()


def forget() -> None:
    logout_user()
    session.clear()


def when_let_in(act: Callable[[Account], None]) -> None:
    """What a room does when somebody's sign-in has become whole."""
    if act not in _WHEN_LET_IN:
        _WHEN_LET_IN.append(act)


def let_in(account: Account) -> None:
    """The sign-in is whole."""
    for act in _WHEN_LET_IN:
        act(account)
    know_this_browser(account)


def know_this_browser(account: Account) -> None:
    """Its failures are counted apart from those of strangers from then on."""
    with transaction():
        token = throttle.know_browser(account.id, known_browser(), at=g.now)
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            _known_cookie(), token, max_age=A_YEAR, httponly=True, samesite="Lax", secure=is_secure, path="/"
        )
        return response


def known_browser() -> str | None:
    return request.cookies.get(_known_cookie())


def _known_cookie() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def address() -> str:
    return request.remote_addr or ""


def account_key() -> str:
    """What seals the secrets of accounts; beside the database, never in it."""
    return config.secret(Path(current_app.instance_path), "account-key")


def home_of(by: By) -> str:
    """Where the day of that role begins."""
    if by.role in OVERSIGHT:
        return url_for("supervisor.dashboard")
    if by.role is Role.HALL_MANAGER:
        return url_for("clerk.hall.choose")
    if by.role in OFFICE_ROLES:
        return url_for("clerk.worklist")
    return url_for("account.resets") if by.role is Role.SYSADMIN else url_for("sign_in.post")


def asked_for() -> str | None:
    """The page that somebody wanted before signing in, if it is one of ours."""
    wanted = request.args.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return quote(wanted, safe="/?=&%#:,;@+~-._") if is_ours else None
