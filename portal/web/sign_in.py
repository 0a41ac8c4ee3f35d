"""Signing in: who asks, and in which post, is known before any door is asked. Citizens need not sign in at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.accounts import operations
from portal.accounts import queries as accounts
from portal.accounts.model import Account, AccountKind, Post
from portal.basis import By, Role
from portal.store import transaction
from portal.web.doors import Door
from portal.web.forms import Form, Given, PasswordField, RadioField, TextField
from portal.web.page import page
from portal.web.staff.people import office_name
from portal.web.wording import said

LONGEST = timedelta(hours=12)  # parameter of ours: a working day, after which one signs in again
OVERSIGHT = (Role.SUPERVISOR, Role.AUDITOR, Role.INSPECTOR)
OFFICE_ROLES = (Role.CLERK, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.DISPATCHER)

door = Door("sign_in", __name__, public=("enter", "post", "leave"))
login_manager = LoginManager()
login_manager.session_protection = "strong"  # a cookie carried to another browser opens nothing


class SignedIn(UserMixin):
    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return self.account.id


def install(app: Flask) -> None:
    login_manager.init_app(app)
    app.before_request(know_who_asks)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(account_id: str) -> SignedIn | None:
    account = accounts.load(account_id)
    return None if account is None else SignedIn(account)


def know_who_asks() -> None:
    """Put the account, its post and the ``by`` of its acts into ``g``; nobody is there who has not signed in."""
    if request.endpoint == "static" or "_user_id" not in session:
        return
    signed_at = datetime.fromtimestamp(session.get("signed_at", 0), UTC)
    if not current_user.is_authenticated or g.now - signed_at > LONGEST:
        _forget()
        return
    g.account = current_user.account
    if g.account.kind is not AccountKind.STAFF:
        g.by = accounts.by_for(g.account)
        return
    g.posts = accounts.posts_held(g.account.id, g.today)
    g.post = next((held for held in g.posts if held.code == session.get("post")), None)
    if g.post is not None:
        g.by = accounts.by_for(g.account, g.post)


class SignInForm(Form):
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


@door.route("/sign-in", methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        account = accounts.authenticate(str(form.name.data), str(form.password.data))
        if account is not None:
            return _signed_in(account, str(form.password.data))
        form.complain(None, gettext("Name and password do not belong together. Check both and try again."))
    return page(form=form), form.status


def _signed_in(account: Account, password: str) -> ResponseReturnValue:
    """With a session that has nothing of the one before, so that a planted one gains nothing."""
    if accounts.has_old_hash(account.id):
        with transaction():
            operations.renew_hash(account.id, password)
    session.clear()
    login_user(SignedIn(account))
    session["signed_at"] = int(g.now.timestamp())
    if account.kind is not AccountKind.STAFF:
        return redirect(_asked_for() or url_for("citizen.home"), 303)
    posts = accounts.posts_held(account.id, g.today)
    if len(posts) == 1:
        return _in_post(posts[0])
    return redirect(url_for("sign_in.post", next=_asked_for()), 303)


class PostForm(Form):
    post = RadioField(_l("In which post do you work now?"), validators=[Given(_l("Choose one of your posts"))])


@door.route("/sign-in/post", methods=["GET", "POST"])
def post() -> ResponseReturnValue:
    """Who holds several posts chooses; everything done afterwards is done in that post."""
    if "account" not in g:
        return redirect(url_for("sign_in.enter"), 303)
    held: list[Post] = g.get("posts", [])
    form = PostForm(data={"post": g.post.code if g.get("post") else None})
    form.post.choices = [(one.code, said(one.title), {"hint": office_name(one.office)}) for one in held]
    if held and form.validate_on_submit():
        return _in_post(next(one for one in held if one.code == form.post.data))
    return page(form=form, posts=held), form.status


def _in_post(chosen: Post) -> ResponseReturnValue:
    session["post"] = chosen.code
    return redirect(_asked_for() or home_of(By(current_user.get_id(), chosen.role, chosen.office, chosen.code)), 303)


@door.post("/sign-out")
def leave() -> ResponseReturnValue:
    _forget()
    flash(gettext("You have signed out."), "success")
    return redirect(url_for("sign_in.enter"), 303)


def _forget() -> None:
    logout_user()
    session.clear()


def home_of(by: By) -> str:
    """Where the day of that role begins."""
    if by.role in OVERSIGHT:
        return url_for("supervisor.dashboard")
    if by.role in OFFICE_ROLES:
        return url_for("clerk.worklist")
    return url_for("sign_in.post")


def _asked_for() -> str | None:
    """The page that somebody wanted before signing in, if it is one of ours."""
    wanted = request.args.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_ours else None
