"""What is behind a citizen's sign-in: one's own cases, earlier ones attached with their code, and one's details."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.agents.queries import held_by
from portal.accounts.persons import operations, queries
from portal.accounts.persons.documents import DOCUMENT_TITLES
from portal.accounts.persons.model import Details, NotRegistered
from portal.basis import mask_address, mask_identity_number, mask_name, mask_phone
from portal.cases.model import STATE_TITLES
from portal.cases.queries import CasePage, case_page, cases_of, follow
from portal.store import reading, transaction
from portal.web.citizen import acting
from portal.web.citizen.begun import begun_here
from portal.web.citizen.cases import FollowForm
from portal.web.citizen.confirming import ConfirmForm, confirmed
from portal.web.citizen.hall.held import held
from portal.web.citizen.items import version_or_none
from portal.web.citizen.registering import ContactForm
from portal.web.citizen.trying import tried
from portal.web.page import page

mine = Blueprint("mine", __name__, url_prefix="/mine")
View = Callable[..., ResponseReturnValue]
MOST = 50  # cases on one page, the newest


def of_citizens(view: View) -> View:
    """Staff have no matters here: whoever works for an office signs in with another account for oneself."""

    @wraps(view)
    def for_citizens(**places: Any) -> ResponseReturnValue:
        if acting.citizen() is None:
            abort(403)
        return view(**places)

    return for_citizens


@mine.route("/", methods=["GET", "POST"])
@of_citizens
def overview() -> ResponseReturnValue:
    """The form attaches a case that was handed in without the account."""
    form, wait = FollowForm(), dict[str, str]()
    if form.validate_on_submit():
        number = str(form.number.data).upper()
        found, wait = tried(form, number, lambda: _attached(number, str(form.code.data)))
        if found is not None:
            flash(gettext("The request %(number)s is among yours now.", number=number), "success")
            return redirect(url_for("citizen.mine.overview"), 303)
    with reading():
        own = cases_of(g.account.id)
        attached = [one.number for one in queries.attached_cases(g.account.id) if one.number not in own]
        rows = [case_page(number, at=g.now) for number in [*own, *attached][:MOST]]
        others, chosen = _for_others(), acting.chosen()
        begun = [(token, version) for token, item in begun_here() if (version := version_or_none(item))]
        shown = page(form=form, rows=rows, states=STATE_TITLES, chosen=chosen, others=others, begun=begun, held=held())
        return shown, 429 if wait else form.status, wait


def _attached(number: str, code: str) -> CasePage:
    """:raises CaseNotFound: one of the two is wrong."""
    found = follow(number, code, at=g.now)
    operations.attach_case(g.account.id, number, at=g.now)
    return found


def _for_others() -> list[CasePage]:
    """Cases of those for whom one acts, in the services that one may act in."""
    numbers = {
        number for given in held_by(g.account.id) if given.stands(g.today) for number in cases_of(given.principal)
    }
    found = [case_page(number, at=g.now) for number in sorted(numbers, reverse=True)[:MOST]]
    return [one for one in found if acting.by_in(one) is not None]


@mine.route("/details", methods=["GET", "POST"])
@of_citizens
def details() -> ResponseReturnValue:
    """Masked; in full on the answer to a password, and on no page that an address opens."""
    form = ConfirmForm()
    is_shown = False
    if form.validate_on_submit():
        if answer := confirmed(form):
            return answer
        is_shown = not form.errors
    with reading():
        told = _told()
    rows = [] if told is None else rows_of(told, is_shown=is_shown)
    return page(form=form, rows=rows, is_shown=is_shown), form.status


class ContactNow(ContactForm, ConfirmForm):
    """Telephone and address as they should read, confirmed with the password."""


@mine.route("/contact", methods=["GET", "POST"])
@of_citizens
def contact() -> ResponseReturnValue:
    form = ContactNow()
    with reading():
        if _told() is None:
            raise NotRegistered
    if form.validate_on_submit():
        if answer := confirmed(form):
            return answer
        if not form.errors:
            with transaction():
                operations.correct_contact(
                    g.account.id, phone=str(form.phone.data), address=str(form.address.data or ""), at=g.now
                )
            flash(gettext("Your telephone and address have been changed."), "success")
            return redirect(url_for("citizen.mine.details"), 303)
    return page(form=form), form.status


def _told() -> Details | None:
    try:
        return queries.details(g.account.id)
    except NotRegistered:
        return None


def rows_of(told: Details, *, is_shown: bool) -> list[tuple[str, str]]:
    def shown(text: str, mask: Callable[[str], str]) -> str:
        return text if is_shown else mask(text)

    document, other = told.document, told.representative_document
    rows = [
        (gettext("Name"), shown(told.name, mask_name)),
        (gettext(DOCUMENT_TITLES[document.kind]), shown(document.number, mask_identity_number)),
        (gettext("Telephone"), shown(told.phone, mask_phone)),
        (gettext("Address"), shown(told.address, mask_address)),
    ]
    if other is not None:
        rows += [
            (gettext("Legal representative"), shown(told.representative, mask_name)),
            (gettext(DOCUMENT_TITLES[other.kind]), shown(other.number, mask_identity_number)),
        ]
    return [(str(name), value) for name, value in rows if value]
