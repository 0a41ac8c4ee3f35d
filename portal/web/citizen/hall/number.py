"""Taking a number from wherever one is: told how many wait and how long, then issued, or refused with ways out."""

from __future__ import annotations

from flask import abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.throttle.model import Kind
from portal.basis import N_, Refusal
from portal.catalogue.model import ItemVersion
from portal.hall import operations
from portal.hall.model.appointments import MOST_MATTERS
from portal.hall.model.ranks import GROUND_TITLES, PRIORITY_GROUNDS, Ground, Rank
from portal.hall.model.tickets import Source, Ticket
from portal.hall.operations import Denied
from portal.hall.operations.issuing import DENIAL_TITLES, Denial
from portal.hall.places import Place
from portal.hall.queries.hours import hours
from portal.hall.queries.offers import offers, turned_away
from portal.hall.queries.services import desk
from portal.store import reading
from portal.web.citizen.hall import held
from portal.web.citizen.hall.booking import slot_address
from portal.web.citizen.hall.room import (
    groups,
    hall,
    holder,
    leave_some,
    place_or_404,
    service_or_404,
    who,
    words_asked,
)
from portal.web.citizen.hall.situations import UNKNOWN, offer_situations, situation_chosen
from portal.web.citizen.halls import hall_now
from portal.web.citizen.items import version_or_none
from portal.web.forms import Form, Given, RadioField
from portal.web.once import sent_once
from portal.web.page import page

NO_GROUND = "none"
MYSELF, OTHERS = "myself", "others"


class NumberForm(Form):
    situation = RadioField(
        _l("Which is your situation?"),
        description=_l("So that you are told what to bring, and the window knows it before you come."),
        default=UNKNOWN,
        validators=[Given(_l("Choose one, or “I do not know”"))],
    )
    matters = RadioField(
        _l("How many matters?"),
        description=_l("So that the time for all of them is kept free. More than five: take a second number."),
        choices=[(str(many), str(many)) for many in range(1, MOST_MATTERS + 1)],
        default="1",
        validators=[Given(_l("Say how many matters you bring"))],
        render_kw={"classes": "govuk-radios--inline"},
    )
    whose = RadioField(
        _l("Whose matter is it?"),
        choices=[
            (MYSELF, _l("My own, or that of my firm")),
            (
                OTHERS,
                _l("Somebody else's: I come as an agent or for a group"),
                {"hint": _l("Bring the authorisation.")},
            ),
        ],
        default=MYSELF,
        validators=[Given(_l("Say whose matter it is"))],
    )
    ground = RadioField(
        _l("Does one of these apply to you?"),
        description=_l("Then you are called earlier. You say so yourself, it is shown at the window and recorded."),
        choices=[(NO_GROUND, _l("None of them")), *((one.value, _l(GROUND_TITLES[one])) for one in PRIORITY_GROUNDS)],
        default=NO_GROUND,
        validators=[Given(_l("Choose one, or “none of them”"))],
    )

    @property
    def wish(self) -> dict[str, object]:
        """What the operation is asked for."""
        ground = None if self.ground.data == NO_GROUND else Ground(self.ground.data)
        return {
            "situation": situation_chosen(self),
            "matters": int(self.matters.data),
            "is_for_others": True if self.whose.data == OTHERS else None,
            "ground": ground,
            "rank": Rank.PRIORITY if ground else Rank.NORMAL,
        }


@hall.get("/halls/<hall>/number")
def choose_service(hall: str) -> ResponseReturnValue:
    where, words = place_or_404(hall), words_asked()
    with reading():
        here = desk(where, g.now)
        found = groups(where, words)
        services = here.services([version.code for group in found for version in group.versions])
        now = hall_now(hours([where], g.now)[0])
    return page(hall=where.hall, groups=found, services=services, words=words, here=here, now=now)


@hall.route("/halls/<hall>/number/<item>", methods=["GET", "POST"])
def number(hall: str, item: str) -> ResponseReturnValue:
    """Told first, asked then: one button takes the number."""
    where = place_or_404(hall)
    version = service_or_404(where, item)
    form = NumberForm()
    offer_situations(form, version)
    if form.validate_on_submit():
        if (own := held.open_ticket_for(hall, item)) is not None:
            form.complain(None, _you_hold(own))
        else:
            try:
                return redirect(_taken(where, item, form), 303)
            except Refusal as refusal:
                form.refuse(refusal)
    with reading():
        here = desk(where, g.now)
        service = here.service(item)
        now = hall_now(hours([where], g.now)[0])
    own = held.open_ticket_for(hall, item)
    return page(hall=where.hall, version=version, form=form, service=service, here=here, now=now, own=own), form.status


def _you_hold(own: Ticket) -> str:
    message = N_("You hold number %(printed)s for this service already. Give it up first if you want a new one.")
    return str(gettext(message, printed=own.printed))


def _taken(where: Place, item: str, form: NumberForm) -> str:
    """Where the number, or the refusal, is told."""
    address = ""
    with sent_once(lambda: address):
        leave_some(Kind.NUMBERS)
        answer = operations.issue(
            where.code,
            item,
            by=who(),
            at=g.now,
            source=Source.REMOTE,
            holder=holder(),
            **form.wish,  # type: ignore[arg-type]
        )
        if isinstance(answer, Denied):
            address = url_for("citizen.hall.refused", hall=where.code, seq=answer.seq)
        else:
            address = url_for("citizen.hall.slip", ticket=answer.ticket.id)
    return address


@hall.get("/halls/<hall>/refusals/<int:seq>")
def refused(hall: str, seq: int) -> ResponseReturnValue:
    """Why no number was issued, in figures, and what can be done instead; nothing about who asked."""
    where = place_or_404(hall)
    told = refusal_page(where, seq)
    return page(hall=where.hall, slot_address=slot_address, **told)


def refusal_page(where: Place, seq: int) -> dict[str, object]:
    """What a page of a refusal tells, at the kiosk as on a phone."""
    with reading():
        found = turned_away(where.code, seq)
        version = version_or_none(found.item) if found is not None else None
        if found is None or version is None or version.code not in where.serving:
            abort(404)
        instead = offers(where.code, version.code, g.now)
    return {
        "found": found,
        "version": version,
        "why": DENIAL_TITLES[Denial(found.reason)],
        "is_full": found.reason == Denial.FULL.value,
        "offers": instead,
        "is_online": is_online(version),
        "seq": seq,
    }


def is_online(version: ItemVersion) -> bool:
    return "web" in version.channels
