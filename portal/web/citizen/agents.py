"""Agents: whom one lets act, the paper of an authorisation, its end at once, and for whom one acts."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, g, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.accounts.agents import operations, queries
from portal.accounts.agents.model import AGENT_TITLES, AgentSort, Authorisation
from portal.accounts.policy import Act, Target, may
from portal.basis import By, Refusal, Role, mask_name
from portal.catalogue.model import ItemUnknown
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from portal.web.citizen import acting
from portal.web.citizen.confirming import ConfirmForm, confirmed
from portal.web.citizen.items import in_force
from portal.web.citizen.mine import of_citizens
from portal.web.forms import DateField, Given, RadioField, SelectField, TextField
from portal.web.page import page
from portal.web.wording import said

agents = Blueprint("agents", __name__, url_prefix="/mine/agents")


@agents.get("/")
@of_citizens
def listing() -> ResponseReturnValue:
    with reading():
        given, held = queries.given_by(g.account.id), queries.held_by(g.account.id)
        names = _names([one.agent for one in given] + [one.principal for one in held])
        return page(given=given, held=held, names=names, sorts=AGENT_TITLES, chosen=acting.chosen(), service=_services)


class AuthoriseForm(ConfirmForm):
    agent = TextField(
        _l("Sign-in name of your agent"),
        description=_l("Your agent registers first and tells you the name"),
        validators=[Given(_l("Enter the sign-in name of your agent"))],
        render_kw={"classes": "govuk-input--width-20", "autocomplete": "off", "spellcheck": False},
    )
    sort = RadioField(
        _l("Who is it?"),
        choices=[(sort.value, _l(title)) for sort, title in AGENT_TITLES.items()],
        validators=[Given(_l("Say who it is"))],
    )
    item = SelectField(_l("For which service?"))
    from_on = DateField(_l("First day"), validators=[Given(_l("Enter the first day"))])
    until_on = DateField(_l("Last day"), validators=[Given(_l("Enter the last day"))])


@agents.route("/new", methods=["GET", "POST"])
@of_citizens
def new() -> ResponseReturnValue:
    form = AuthoriseForm(data={"from_on": g.today})
    form.item.offer([("", gettext("Every service")), *((one.code, said(one.name)) for one in in_force())])
    if form.validate_on_submit():
        if answer := confirmed(form):
            return answer
        if not form.errors:
            try:
                with transaction():
                    given = _given(form)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                flash(gettext("Your agent may act for you. Print this page; the number stands on it."), "success")
                return redirect(url_for("citizen.agents.authorisation", number=given.number), 303)
    return page(form=form), form.status


def _given(form: AuthoriseForm) -> Authorisation:
    from_on, until_on = form.from_on.data, form.until_on.data
    assert isinstance(from_on, date), "the form wants both days"
    assert isinstance(until_on, date), "the form wants both days"
    return operations.authorise(
        g.account.id,
        str(form.agent.data),
        AgentSort(str(form.sort.data)),
        items=(str(form.item.data),) if form.item.data else (),
        from_on=from_on,
        until_on=until_on,
        confirmed_by=form.confirmed_by,
        by=By(g.account.id, Role.APPLICANT),
        at=g.now,
        on=g.today,
    )


@agents.get("/<number>")
@of_citizens
def authorisation(number: str) -> ResponseReturnValue:
    """The paper: either side may open and print it, nobody else."""
    with reading():
        given = _visible(number)
        events = ledger.events(f"authorisation/{number}")
        return page(
            given=given,
            names=_names([given.agent, given.principal]),
            sorts=AGENT_TITLES,
            service=_services,
            leaf=events[0].leaf_hash.hex(),
            seq=events[0].seq,
            has_second_factor=events[0].text("confirmed_by") == "password-and-second-factor",
            is_own=given.principal == g.account.id,
        )


@agents.post("/<number>/revoke")
@of_citizens
def revoke(number: str) -> ResponseReturnValue:
    """At once and without a password: to stop somebody must be easier than to let him begin."""
    with reading():
        _visible(number)
    with transaction():
        operations.revoke(number, by=By(g.account.id, Role.APPLICANT), at=g.now)
    flash(gettext("Revoked. Nobody acts for you on this authorisation any more."), "success")
    return redirect(url_for("citizen.agents.listing"), 303)


@agents.post("/<number>/act")
@of_citizens
def act(number: str) -> ResponseReturnValue:
    """What is begun from now on is begun for the principal."""
    with reading():
        given = _visible(number)
        if given.agent != g.account.id:
            abort(404)
        queries.require_authorised(acting.by_on(given), given.principal, None, g.today)
    session[acting.SESSION_KEY] = number
    flash(gettext("You act for somebody else now, on authorisation %(number)s.", number=number), "notice")
    return redirect(url_for("citizen.items.search"), 303)


@agents.post("/stop")
@of_citizens
def stop() -> ResponseReturnValue:
    session.pop(acting.SESSION_KEY, None)
    flash(gettext("You act for yourself again."), "success")
    return redirect(url_for("citizen.agents.listing"), 303)


def _visible(number: str) -> Authorisation:
    """Somebody else's looks as if it were not there."""
    try:
        given = queries.authorisation(number)
    except Refusal:
        abort(404)
    role = Role.APPLICANT if given.principal == g.account.id else Role.AGENT
    target = Target(owner=given.principal, agents=frozenset({given.agent}))
    if not may(By(g.account.id, role), Act.SEE_AUTHORISATION, target):
        abort(404)
    return given


def _names(ids: list[str]) -> dict[str, str]:
    """Masked: enough to recognise whom one knows."""
    return {one.id: mask_name(one.display_name) for one in accounts.accounts(ids).values()}


def _services(given: Authorisation) -> str:
    if not given.items:
        return str(gettext("Every service"))
    return str(gettext(", ")).join(_service(code) for code in sorted(given.items))


def _service(code: str) -> str:
    try:
        return said(catalogue().in_force(code, g.today).name)
    except (ItemUnknown, Refusal):
        return code
