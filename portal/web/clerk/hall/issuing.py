"""A number at the counter for who cannot use the machine; a refusal with its figures, its offers, and the override."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, require
from portal.basis import NotAllowed, Refusal
from portal.catalogue.queries import version_on
from portal.hall import operations
from portal.hall.model.appointments import MOST_MATTERS
from portal.hall.model.ranks import GROUND_TITLES, PRIORITY_GROUNDS, Ground, Rank
from portal.hall.operations import Denied, Slip
from portal.hall.operations.issuing import DENIAL_TITLES, Denial
from portal.hall.places import Place, local_day
from portal.hall.queries.appointments import first_free_slots
from portal.hall.queries.steering import quieter_halls
from portal.hall.standing import Standing
from portal.store import reading, transaction
from portal.web.citizen.hall.situations import is_unasked, offer_situations, situation_chosen, situation_shown
from portal.web.citizen.hall.ticket import slip_of, version_then
from portal.web.clerk.hall.common import (
    TOO_LONG,
    as_told,
    code_of,
    grounds_said,
    hall,
    items_to_choose,
    may_steer,
    offices_of,
    remember,
    seen,
)
from portal.web.clerk.hall.numbers import number_of
from portal.web.clerk.lists import item_name
from portal.web.forms import Form, Given, LongTextField, RadioField, SelectField
from portal.web.once import key
from portal.web.page import page


class IssueForm(Form):
    item = SelectField(_l("Service"), validators=[Given(_l("Choose a service"))])
    situation = RadioField(
        _l("Which is the situation?"),
        description=_l("Ask the person: the window then knows beforehand what has to be brought."),
        validators=[Given(_l("Choose one, or “not known”"))],
    )
    ground = SelectField(_l("Does this person go before others?"))
    matters = SelectField(
        _l("How many matters?"),
        description=_l("An agent or a group takes one number for several matters; so much time is kept for it."),
        choices=[(str(many), str(many)) for many in range(1, MOST_MATTERS + 1)],
        default="1",
    )
    override = LongTextField(
        _l("Why is a number issued that cannot be guaranteed?"),
        description=_l("Only if this person has to be served today all the same. It is recorded under your name."),
        validators=[TOO_LONG],
        render_kw={"rows": 2},
    )


@dataclass(frozen=True, slots=True)
class Instead:
    """What is offered to whoever gets no number."""

    slots: list[datetime]
    halls: list[tuple[Place, Standing]]


@hall.route("/<code>/issue", methods=["GET", "POST"])
def issue(code: str) -> ResponseReturnValue:
    """Where the service has several situations, which one it is is asked once the service is chosen."""
    where = seen(code)
    require(g.by, Act.ISSUE_TICKET, Target(office=g.by.office if g.by.office in offices_of(where) else None))
    form = IssueForm()
    form.item.offer([("", gettext("Choose")), *items_to_choose(where)])
    grounds = [(one.value, gettext(GROUND_TITLES[one])) for one in PRIORITY_GROUNDS]
    form.ground.offer([("", gettext("No, in turn")), *grounds])
    may_override = may_steer(where, Act.OVERRIDE_GUARANTEE)
    if not may_override:
        del form.override
    denied: Denied | None = None
    version = version_on(form.item.data, local_day(where.hall, g.now)) if form.item.data in where.serving else None
    offer_situations(form, version, gettext("Not known"))
    asks = is_unasked(form, version)
    if not asks and form.validate_on_submit():
        try:
            answer = _issued(where, form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if isinstance(answer, Slip):
                remember(answer)
                return redirect(url_for("clerk.hall.slip", code=code, ticket=answer.ticket.id), 303)
            denied = answer
    with reading():
        instead = None if denied is None else _instead(where, denied.item)
    return page(
        form=form,
        where=where,
        version=version,
        asks=asks,
        denied=denied,
        instead=instead,
        titles=DENIAL_TITLES,
        item_name=item_name,
        may_override=may_override and denied is not None and denied.because is not Denial.CLOSED,
    ), 422 if denied or asks else form.status


def _issued(where: Place, form: IssueForm) -> Slip | Denied:
    """A refusal is recorded as well, so both are committed; the key of the page makes two taps one number."""
    ground = Ground(str(form.ground.data)) if form.ground.data else None
    with transaction():
        return operations.issue(
            where.code,
            str(form.item.data),
            rank=Rank.PRIORITY if ground else Rank.NORMAL,
            ground=ground,
            matters=int(form.matters.data or 1),
            situation=situation_chosen(form),
            override=(form.override.data or None) if form.override else None,
            idempotency_key=key(),
            **as_told(),
        )


def _instead(where: Place, item: str) -> Instead:
    return Instead(first_free_slots(where.code, item, g.now), quieter_halls(where, item, g.now))


@hall.get("/<code>/numbers/<ticket>/slip")
def slip(code: str, ticket: str) -> ResponseReturnValue:
    """The same slip as the kiosk's, with its picture, as long as this session knows the code."""
    where = seen(code)
    found, secret = number_of(where, ticket), code_of(ticket)
    version = version_then(found)
    bare = {"found": found, "situation": situation_shown(found, version)}
    printed = slip_of(found) if secret else bare
    told = {**printed, "version": version, "where": where}
    return page(secret=secret, item_name=item_name, grounds=grounds_said(), **told)
