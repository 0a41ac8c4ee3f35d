"""Booking an appointment, one thing on a page: the service, the day, the time, a last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.accounts.throttle.model import Kind
from portal.basis import Refusal
from portal.catalogue.queries import version_on
from portal.hall import operations
from portal.hall.model.appointments import AHEAD, LATE, MOST_MATTERS, Appointment, SlotTaken
from portal.hall.places import Place, hours_of_hall, local_day
from portal.hall.queries.appointments import free_slots, length_of
from portal.store import reading
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
from portal.web.citizen.hall.situations import UNKNOWN, is_unasked, offer_situations, situation_chosen
from portal.web.forms import Form, Given, RadioField
from portal.web.once import sent_once
from portal.web.page import page


class BookForm(Form):
    situation = RadioField(
        _l("Which is your situation?"),
        description=_l("So that you are told what to bring, and the window knows it before you come."),
        default=UNKNOWN,
        validators=[Given(_l("Choose one, or “I do not know”"))],
    )
    matters = RadioField(
        _l("How many matters?"),
        description=_l("So that the time for all of them is kept free."),
        choices=[(str(many), str(many)) for many in range(1, MOST_MATTERS + 1)],
        default="1",
        validators=[Given(_l("Say how many matters you bring"))],
        render_kw={"classes": "govuk-radios--inline"},
    )


@hall.get("/halls/<hall>/appointment")
def choose_appointment(hall: str) -> ResponseReturnValue:
    where, words = place_or_404(hall), words_asked()
    return page(hall=where.hall, groups=groups(where, words), words=words)


@hall.get("/halls/<hall>/appointment/<item>")
def choose_day(hall: str, item: str) -> ResponseReturnValue:
    where = place_or_404(hall)
    version = service_or_404(where, item)
    with reading():
        days = days_with_slots(where, item, g.now)
    return page(hall=where.hall, version=version, days=days, most=AHEAD.days)


@hall.get("/halls/<hall>/appointment/<item>/<day>")
def choose_time(hall: str, item: str, day: str) -> ResponseReturnValue:
    where = place_or_404(hall)
    version, on = service_or_404(where, item), day_or_404(day)
    with reading():
        slots = list(free_slots(hall, item, on, g.now)) if on <= local_day(where.hall, g.now) + AHEAD else []
    return page(hall=where.hall, version=version, on=on, slots=in_halves(where, slots))


@hall.route("/halls/<hall>/appointment/<item>/<day>/<clock>", methods=["GET", "POST"])
def book(hall: str, item: str, day: str, clock: str) -> ResponseReturnValue:
    """A last look, and the button that books; a slot that was taken meanwhile is told with what else is free.

    A page that offers a time to take at once has not asked for the situation: this one does, before it books.
    """
    where = place_or_404(hall)
    version = service_or_404(where, item)
    slot_at = slot_or_404(where, day, clock)
    form, free = BookForm(), tuple[datetime, ...]()
    then = version_on(item, local_day(where.hall, slot_at)) or version
    offer_situations(form, then)
    asks = is_unasked(form, then)
    if not asks and form.validate_on_submit():
        try:
            return redirect(_booked(where, item, slot_at, form), 303)
        except SlotTaken as taken:
            free = taken.free
            form.refuse(taken)
        except Refusal as refusal:
            form.refuse(refusal)
    with reading():
        length = length_of(where, item)
    return page(
        hall=where.hall,
        version=version,
        form=form,
        slot_at=slot_at,
        length=length,
        situation=situation_chosen(form) or UNKNOWN,
        free=free,
        late=LATE,
        slot_address=slot_address,
    ), 422 if asks else form.status


def _booked(where: Place, item: str, slot_at: datetime, form: BookForm) -> str:
    """Where the confirmation is."""
    address = ""
    with sent_once(lambda: address):
        leave_some(Kind.SLOTS)
        booked = operations.book(
            where.code,
            item,
            slot_at,
            by=who(),
            at=g.now,
            holder=holder(),
            matters=int(form.matters.data),
            situation=situation_chosen(form),
        ).appointment
        address = url_for("citizen.hall.appointment", number=booked.number)
    return address


def slot_address(where: str, item: str, slot_at: datetime) -> str:
    """The address at which a slot is booked."""
    day, clock = parts_of(where, slot_at)
    return url_for("citizen.hall.book", hall=where, item=item, day=day, clock=clock)


def parts_of(where: str, slot_at: datetime) -> tuple[str, str]:
    """A slot as it stands in an address: day and time on the hall's clock."""
    place = place_or_404(where)
    local = slot_at.astimezone(hours_of_hall(place.hall, slot_at.date()).zone)
    return local.date().isoformat(), f"{local:%H%M}"


def day_or_404(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        abort(404)


def slot_or_404(where: Place, day: str, clock: str) -> datetime:
    on = day_or_404(day)
    try:
        at = time(int(clock[:2]), int(clock[2:]))
    except ValueError:
        abort(404)
    if len(clock) != 4:
        abort(404)
    return datetime.combine(on, at, hours_of_hall(where.hall, g.today).zone)


def days_with_slots(
    where: Place, item: str, at: datetime, matters: int = 1, *, moving: Appointment | None = None
) -> list[tuple[date, int]]:
    """Each day within reach on which something is free, with how much; for the one that is ``moving``, if any is."""
    first = local_day(where.hall, at)
    days = [first + timedelta(ahead) for ahead in range(AHEAD.days + 1)]
    found = [(day, len(free_slots(where.code, item, day, at, matters, moving=moving))) for day in days]
    return [(day, many) for day, many in found if many]


def in_halves(where: Place, slots: Sequence[datetime]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Morning and afternoon, each slot as its address and as it is read."""
    zone = hours_of_hall(where.hall, g.today).zone
    local = [slot.astimezone(zone) for slot in slots]
    halves = [
        ("morning", [one for one in local if one.hour < 12]),
        ("afternoon", [one for one in local if one.hour >= 12]),
    ]
    return [(name, [(f"{one:%H%M}", f"{one:%H:%M}") for one in half]) for name, half in halves if half]
