"""The kiosk in the hall: two taps to a number, three where a service has several situations.

The slip stays for a quarter of a minute, then the kiosk waits for the next person.

A browser is a kiosk because a hall manager, signed in at it, made it one: it keeps a random token in a cookie of its
own that is sent to the kiosk pages of this hall alone, the database keeps the token's digest, and the manager is signed
out at once. Taking it back on any other computer ends it with its next request. Nothing that a visitor does here stays
in the browser: whatever page is opened after a slip ends that visit, and the way back no longer leads to the slip. The
server's clock counts, whatever the kiosk's says.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, may
from portal.accounts.sign_ins.model import Ended
from portal.basis import N_, By, Refusal, Role
from portal.catalogue.model import WindowKind
from portal.hall import operations
from portal.hall.model.appointments import MOST_MATTERS, AppointmentNotFound
from portal.hall.model.ranks import GROUND_TITLES, PRIORITY_GROUNDS, Ground, Rank
from portal.hall.model.tickets import Source, TicketState
from portal.hall.operations import Denied
from portal.hall.operations.kiosks import LONGEST_NAME
from portal.hall.places import Place
from portal.hall.queries.appointments import appointment as load_appointment
from portal.hall.queries.hours import hours
from portal.hall.queries.kiosks import kiosks
from portal.hall.queries.services import desk
from portal.store import reading, transaction
from portal.web.citizen.hall.kiosk_visit import COOKIE, is_of_this_visit, of_kiosks, set_cookie
from portal.web.citizen.hall.number import refusal_page
from portal.web.citizen.hall.proof import CodeForm
from portal.web.citizen.hall.room import groups, hall, place_or_404, service_or_404
from portal.web.citizen.hall.ticket import picture, slip_of, ticket_or_404
from portal.web.citizen.halls import hall_now
from portal.web.citizen.item_form import narrow
from portal.web.citizen.trying import tried
from portal.web.forms import Form, Given, TextField
from portal.web.once import VISITOR, sent_once
from portal.web.page import page
from portal.web.sign_in.asking import end_session

A_YEAR = 365 * 24 * 3600
SLIP_SHOWN = 15  # seconds; parameter of ours: then the kiosk waits for the next person
READ_FOR = 60  # seconds; parameter of ours: for a page with something to read
NOT_PRINTED = N_("The kiosk did not print the slip.")
AT_KIOSK = By(VISITOR, Role.APPLICANT)


@hall.get("/halls/<hall>/kiosk")
@of_kiosks
def kiosk(where: Place) -> ResponseReturnValue:
    with reading():
        here = desk(where, g.now)
        found = groups(where)
        services = here.services([version.code for group in found for version in group.versions])
        now = hall_now(hours([where], g.now)[0])
    return page(hall=where.hall, groups=found, services=services, here=here, now=now, **_choices())


@hall.get("/halls/<hall>/kiosk/office/<office>")
@of_kiosks
def kiosk_services(where: Place, office: str) -> ResponseReturnValue:
    """The second tap: each service is a button that issues its number."""
    found = next((group for group in groups(where) if group.office.code == office), None) or abort(404)
    with reading():
        services = desk(where, g.now).services([version.code for version in found.versions])
    return page(hall=where.hall, group=found, services=services, **_choices())


def _choices() -> dict[str, Any]:
    """What was chosen before the service: a ground for priority, how many matters; both travel in the address."""
    ground, matters = request.values.get("ground", ""), request.values.get("matters", "")
    return {
        "ground": ground if ground in PRIORITY_GROUNDS else "",
        "matters": int(matters) if matters in {str(many) for many in range(1, MOST_MATTERS + 1)} else 1,
        "grounds": [(one.value, GROUND_TITLES[one]) for one in PRIORITY_GROUNDS],
        "most": MOST_MATTERS,
    }


@hall.get("/halls/<hall>/kiosk/situation/<item>")
@of_kiosks
def kiosk_situation(where: Place, item: str) -> ResponseReturnValue:
    """One more tap where the item has several situations; whoever does not know his goes on all the same."""
    return page(hall=where.hall, version=service_or_404(where, item), **_choices())


@hall.post("/halls/<hall>/kiosk/take")
@of_kiosks
def kiosk_take(where: Place) -> ResponseReturnValue:
    version = service_or_404(where, request.form.get("item", ""))
    chosen = _choices()
    ground = Ground(chosen["ground"]) if chosen["ground"] else None
    address = ""
    with sent_once(lambda: address):
        answer = operations.issue(
            where.code,
            version.code,
            by=AT_KIOSK,
            at=g.now,
            source=Source.WALK_IN,
            rank=Rank.PRIORITY if ground else Rank.NORMAL,
            ground=ground,
            matters=chosen["matters"],
            situation=request.form.get("situation") or None,
        )
        if isinstance(answer, Denied):
            address = url_for("citizen.hall.kiosk_refused", hall=where.code, seq=answer.seq)
        else:
            address = _slip_address(where, answer.ticket.id)
    return redirect(address, 303)


def _slip_address(where: Place, ticket: str) -> str:
    return url_for("citizen.hall.kiosk_slip", hall=where.code, ticket=ticket)


@hall.get("/halls/<hall>/kiosk/slip/<ticket>")
@of_kiosks
def kiosk_slip(where: Place, ticket: str) -> ResponseReturnValue:
    """Until another page is opened, and for two minutes at most; the next visitor finds nothing of the one before."""
    with reading():
        found = ticket_or_404(ticket)
        is_new = found.issued_at is not None and is_of_this_visit(found.issued_at)
        if found.hall != where.code or not is_new or found.state is not TicketState.WAITING:
            return redirect(url_for("citizen.hall.kiosk", hall=where.code), 303)
        version = service_or_404(where, found.item)
        return page(hall=where.hall, version=version, shown=SLIP_SHOWN, form=Form(formdata=None), **slip_of(found))


@hall.post("/halls/<hall>/kiosk/slip/<ticket>/failed")
@of_kiosks
def kiosk_failed(where: Place, ticket: str) -> ResponseReturnValue:
    """Void, with the reason, and another number in its place that keeps the turn."""
    with reading():
        if ticket_or_404(ticket).hall != where.code:
            abort(404)
    address = ""
    with sent_once(lambda: address):
        slip = operations.replace_slip(ticket, NOT_PRINTED, by=AT_KIOSK, at=g.now)
        address = _slip_address(where, slip.ticket.id)
    return redirect(address, 303)


@hall.get("/halls/<hall>/kiosk/refused/<int:seq>")
@of_kiosks
def kiosk_refused(where: Place, seq: int) -> ResponseReturnValue:
    ways_out = url_for("citizen.hall.refused", hall=where.code, seq=seq, _external=True)
    return page(hall=where.hall, shown=READ_FOR, qr=picture(ways_out), **refusal_page(where, seq))


@hall.get("/halls/<hall>/kiosk/sent-away")
@of_kiosks
def kiosk_sent_away(where: Place) -> ResponseReturnValue:
    """Told at a window or on one's own phone: what is typed at a kiosk would be left for the next visitor."""
    unsolved = [window for window in where.hall.windows if window.kind is WindowKind.UNSOLVED]
    form = url_for("citizen.appeals.sent_away", _external=True)
    return page(hall=where.hall, windows=unsolved, qr=picture(form), shown=READ_FOR)


class CheckInForm(CodeForm):
    """A scanner types number and code like a keyboard."""

    number = TextField(
        _l("Number of the appointment"),
        description=_l("On your confirmation; the last six figures are enough"),
        validators=[Given(_l("Enter the number of your appointment"))],
        filters=[narrow],
        render_kw={"autocomplete": "off", "spellcheck": False},
    )


@hall.route("/halls/<hall>/kiosk/appointment", methods=["GET", "POST"])
@of_kiosks
def kiosk_appointment(where: Place) -> ResponseReturnValue:
    form, wait = CheckInForm(), dict[str, str]()
    if form.validate_on_submit():
        number, code = _whole(where, str(form.number.data)), str(form.code.data)
        known, wait = tried(form, number, lambda: _booked(number, code))
        if known is not None:
            try:
                return redirect(_checked_in(where, number, code), 303)
            except Refusal as refusal:
                form.refuse(refusal)
    return page(hall=where.hall, form=form), 429 if wait else form.status, wait


def _whole(where: Place, typed: str) -> str:
    """What stands before the last six figures is the same for everybody in this hall and year."""
    if typed.isascii() and typed.isdigit() and len(typed) <= 6:
        return f"{where.code}-{g.today.year}-P{int(typed):06d}"
    head, dash, last = typed.rpartition("-")
    return f"{head.lower()}{dash}{last.upper()}"


def _booked(number: str, code: str) -> bool:
    """:raises AppointmentNotFound: number or code is wrong."""
    load_appointment(number)
    if not operations.is_holders_code(f"appointment/{number}", code):
        raise AppointmentNotFound
    return True


def _checked_in(where: Place, number: str, code: str) -> str:
    address = ""
    with sent_once(lambda: address):
        slip = operations.check_in(number, by=AT_KIOSK, at=g.now, code=code)
        address = _slip_address(where, slip.ticket.id)
    return address


class EnrolForm(Form):
    name = TextField(
        _l("Where does this kiosk stand?"),
        description=_l("At most %(most)s letters, for example: entrance, left", most=LONGEST_NAME),
        validators=[Given(_l("Say where this kiosk stands"))],
    )


@hall.route("/halls/<hall>/kiosk/enrol", methods=["GET", "POST"])
def enrol(hall: str) -> ResponseReturnValue:
    """This very browser becomes the kiosk, and whoever did it is signed out of it."""
    where, by = _managed(hall)
    form = EnrolForm()
    if form.validate_on_submit():
        try:
            with transaction():
                token = operations.enrol_kiosk(hall, str(form.name.data), by=by, at=g.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            end_session(Ended.SIGNED_OUT)
            return _with_cookie(redirect(url_for("citizen.hall.kiosk", hall=hall), 303), token, hall)
    with reading():
        known = kiosks(hall)
    return page(hall=where.hall, form=form, kiosks=known), form.status


def _managed(hall: str) -> tuple[Place, By]:
    """The hall manager of this hall; everybody else is asked to sign in, or refused."""
    where = place_or_404(hall)
    by = g.get("by")
    if by is None:
        abort(401)
    if not may(by, Act.ENROL_KIOSK, Target(office=where.hall.run_by)):
        abort(403)
    return where, by


def _with_cookie(answer: Any, token: str, hall: str) -> Response:
    response: Response = make_response(answer)
    set_cookie(response, COOKIE, token, hall, max_age=A_YEAR)
    return response


@hall.post("/halls/<hall>/kiosk/<int:kiosk>/withdraw")
def withdraw(hall: str, kiosk: int) -> ResponseReturnValue:
    _, by = _managed(hall)
    with sent_once(lambda: url_for("citizen.hall.enrol", hall=hall)):
        operations.withdraw_kiosk(hall, kiosk, by=by, at=g.now)
    flash(gettext("That browser issues no numbers any more."), "success")
    return redirect(url_for("citizen.hall.enrol", hall=hall), 303)
