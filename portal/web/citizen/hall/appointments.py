"""An appointment that stands: opened with number and code or by the account; moved, cancelled, checked in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.basis import Refusal
from portal.hall import operations
from portal.hall.model.appointments import (
    APPOINTMENT_TITLES,
    EARLY,
    LATE,
    Appointment,
    AppointmentNotFound,
    AppointmentState,
    AppointmentStepNotPossible,
    SlotTaken,
)
from portal.hall.operations.appointments import REMIND_BEFORE
from portal.hall.places import place, version_of
from portal.hall.queries.appointments import appointment as load
from portal.hall.queries.appointments import free_slots, shut_then
from portal.hall.queries.desk import situation_told
from portal.store import reading
from portal.web.citizen.hall import held
from portal.web.citizen.hall.booking import day_or_404, days_with_slots, parts_of, slot_or_404
from portal.web.citizen.hall.calendar_file import appointment_calendar
from portal.web.citizen.hall.proof import ButtonForm, CodeForm
from portal.web.citizen.hall.room import hall, who
from portal.web.citizen.hall.situations import situation_shown
from portal.web.citizen.hall.ticket import picture
from portal.web.citizen.items import version_or_none
from portal.web.citizen.trying import tried
from portal.web.forms import Form, Given, RadioField
from portal.web.once import require_new, sent_once
from portal.web.page import page
from portal.web.refused import refused
from portal.web.wording import pinned_name, said

View = Callable[..., ResponseReturnValue]


class OpenForm(CodeForm):
    counts_once = False


def own_appointment(view: View) -> View:
    """Give the view the appointment if this browser may open it; all others get the form that asks for the code."""

    @wraps(view)
    def with_appointment(number: str, **places: Any) -> ResponseReturnValue:
        with reading():
            found = _found(number)
        if found is not None and held.has_appointment(found):
            return view(found, **places)
        return _closed(OpenForm(formdata=None), number), 404

    return with_appointment


def _found(number: str) -> Appointment | None:
    try:
        return load(number)
    except AppointmentNotFound:
        return None


def _closed(form: Form, number: str) -> str:
    return render_template("citizen/hall/appointment_closed.html", form=form, number=number)


@hall.route("/appointments/<number>", methods=["GET", "POST"])
def appointment(number: str) -> ResponseReturnValue:
    """Posting the code opens it; whether there is such a number is not told to whom has no code."""
    with reading():
        found = _found(number)
    if found is not None and held.has_appointment(found) and request.method == "GET":
        return _shown(found)
    form = OpenForm()
    if form.validate_on_submit():
        opened, wait = tried(form, number, lambda: _opened(number, str(form.code.data)))
        if opened is not None:
            held.grant_appointment(opened.number)
            return redirect(url_for("citizen.hall.appointment", number=opened.number), 303)
        return _closed(form, number), 429 if wait else 422, wait
    return _closed(form, number), form.status if form.errors else 404


def _opened(number: str, code: str) -> Appointment:
    """:raises AppointmentNotFound: number or code is wrong."""
    found = load(number)
    if not operations.is_holders_code(f"appointment/{number}", code):
        raise AppointmentNotFound
    return found


def _shown(found: Appointment) -> ResponseReturnValue:
    where = place(found.hall)
    code = held.code_of_appointment(found)
    address = url_for("citizen.hall.appointment", number=found.number, _anchor=f"q={code}", _external=True)
    is_booked = found.state is AppointmentState.BOOKED
    is_time = found.slot_at is not None and found.slot_at - EARLY <= g.now <= found.slot_at + LATE
    with reading():
        shut = shut_then(found) if is_booked else None
    version = version_of(found.item_version, found.item, found.day)
    situation = None if version is None else situation_told(version, found.situation)
    wanted = version.materials_for(situation) if version is not None and situation is not None else ()
    return page(
        found=found,
        where=where,
        version=version,
        named=pinned_name(found.item, found.item_version),
        situation=situation,
        shown=situation_shown(found, version),
        wanted=wanted,
        is_listed=version_or_none(found.item) is not None,
        code=code,
        qr=picture(address),
        state_title=APPOINTMENT_TITLES[found.state],
        is_booked=is_booked,
        shut=shut,
        may_check_in=is_booked and is_time and shut is None,
        early=EARLY,
        late=LATE,
        remind_hours=int(REMIND_BEFORE.total_seconds() // 3600),
        form=ButtonForm(formdata=None),
    )


@hall.get("/appointments/<number>/appointment.ics")
@own_appointment
def appointment_file(found: Appointment) -> ResponseReturnValue:
    version = version_of(found.item_version, found.item, found.day)
    where = place(found.hall)
    name = said(version.name) if version is not None else pinned_name(found.item, found.item_version)
    content = appointment_calendar(found, where.hall, name, g.now)
    named = {"Content-Disposition": f'attachment; filename="{found.number}.ics"'}
    return Response(content, mimetype="text/calendar", headers=named)


class MoveForm(Form):
    slot = RadioField(_l("Which time?"), validators=[Given(_l("Choose a time"))])


@hall.route("/appointments/<number>/move", methods=["GET", "POST"])
@own_appointment
def move(found: Appointment) -> ResponseReturnValue:
    """The day is chosen by a link, the time on its page; the old slot is kept until the new one is had."""
    _require_booked(found)
    where = place(found.hall)
    form = MoveForm()
    asked = request.args.get("day", "")
    with reading():
        days = days_with_slots(where, found.item, g.now, found.matters, moving=found)
        on = day_or_404(asked) if asked else next(iter(days), (found.day, 0))[0]
        slots = list(free_slots(found.hall, found.item, on, g.now, found.matters, moving=found))
    form.slot.offer([("".join(parts_of(found.hall, slot)), _clock(found, slot)) for slot in slots])
    if form.validate_on_submit():
        slot_at = slot_or_404(where, form.slot.data[:10], form.slot.data[10:])
        if _moved(found, slot_at, form):
            flash(gettext("Your appointment has been moved."), "success")
            return redirect(url_for("citizen.hall.appointment", number=found.number), 303)
    return page(found=found, where=where, form=form, days=days, on=on, version=version_or_none(found.item)), form.status


def _clock(found: Appointment, slot: datetime) -> str:
    clock = parts_of(found.hall, slot)[1]
    return f"{clock[:2]}:{clock[2:]}"


def _moved(found: Appointment, slot_at: datetime, form: Form) -> bool:
    try:
        with sent_once(lambda: url_for("citizen.hall.appointment", number=found.number)):
            operations.move(found.number, slot_at, by=who(), at=g.now, code=held.code_of_appointment(found))
    except SlotTaken as taken:
        form.refuse(taken)
        return False
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


@hall.route("/appointments/<number>/cancel", methods=["GET", "POST"])
@own_appointment
def cancel(found: Appointment) -> ResponseReturnValue:
    _require_booked(found)
    form = ButtonForm()
    if form.validate_on_submit():
        with sent_once(lambda: url_for("citizen.hall.appointment", number=found.number)):
            operations.cancel(found.number, by=who(), at=g.now, code=held.code_of_appointment(found))
        flash(gettext("Your appointment is cancelled; somebody else can have the time."), "success")
        return redirect(url_for("citizen.hall.appointment", number=found.number), 303)
    return page(found=found, where=place(found.hall), form=form, version=version_or_none(found.item)), form.status


@hall.post("/appointments/<number>/check-in")
@own_appointment
def check_in(found: Appointment) -> ResponseReturnValue:
    """From now on it is a number like any other."""
    address = ""
    try:
        with sent_once(lambda: address):
            slip = operations.check_in(found.number, by=who(), at=g.now, code=held.code_of_appointment(found))
            address = url_for("citizen.hall.slip", ticket=slip.ticket.id)
    except Refusal as refusal:
        flash(refused(refusal), "notice")
        return redirect(url_for("citizen.hall.appointment", number=found.number), 303)
    return redirect(address, 303)


def _require_booked(found: Appointment) -> None:
    """:raises AppointmentStepNotPossible: it has been kept, cancelled or missed."""
    if found.state is not AppointmentState.BOOKED:
        require_new()
        raise AppointmentStepNotPossible(found.state)
