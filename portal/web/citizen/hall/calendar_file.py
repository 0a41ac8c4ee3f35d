"""Hours and appointments as iCalendar (RFC 5545), in UTC, so that every calendar shows them in its owner's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import url_for
from flask_babel import gettext
from icalendar import Alarm, Calendar, Event

from portal.catalogue.model import Hall
from portal.hall.model.appointments import Appointment, AppointmentState
from portal.hall.queries.hours import Hours
from portal.web.wording import said

RENEWED = timedelta(hours=1)  # parameters of ours: how often a calendar may ask again, and when it reminds
REMINDED = timedelta(hours=2)
PRODUCT = "-//Yinuo//Office hours//ZH"


def hours_calendar(known: Hours, days: int) -> bytes:
    """The open times of the coming days, and each closure with its reason."""
    where = known.place.hall
    calendar = _calendar(gettext("%(hall)s: opening hours", hall=said(where.name)))
    calendar.add("refresh-interval", RENEWED)
    calendar.add("x-wr-calname", gettext("%(hall)s: opening hours", hall=said(where.name)))
    planned = known.days(days)
    for day in planned:
        for begin, end in day.spans:
            event = _event(f"open-{where.code}-{begin.astimezone(UTC):%Y%m%dT%H%M%SZ}", begin, end, known.at)
            event.add("summary", gettext("%(hall)s open", hall=said(where.name)))
            event.add("transp", "TRANSPARENT")
            calendar.add_component(_placed(event, where))
    for closure in {one.number: one for day in planned for one in day.closures}.values():
        event = _event(f"closure-{closure.number}", closure.from_at, closure.until_at, known.at)
        event.add("summary", _closure_title(where, bool(closure.windows)))
        event.add("description", closure.reason)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(_placed(event, where))
    return bytes(calendar.to_ical())


def _closure_title(where: Hall, is_part: bool) -> str:
    name = said(where.name)
    said_so = gettext("%(hall)s: some windows closed", hall=name) if is_part else gettext("%(hall)s closed", hall=name)
    return str(said_so)


def appointment_calendar(found: Appointment, where: Hall, item: str, at: datetime) -> bytes:
    """One appointment; a later file of the same one takes the earlier one's place."""
    assert found.slot_at is not None and found.until_at is not None  # noqa: PT018 -- both are of one booking
    calendar = _calendar(gettext("Appointment"))
    event = _event(f"appointment-{found.number}", found.slot_at, found.until_at, at)
    event.add("summary", gettext("%(item)s at %(hall)s", item=item, hall=said(where.name)))
    event.add(
        "description", gettext("Appointment %(number)s. Check in at the kiosk or on your phone.", number=found.number)
    )
    event.add("sequence", found.last_seq)
    event.add("status", "CONFIRMED" if found.state is AppointmentState.BOOKED else "CANCELLED")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", item)
    alarm.add("trigger", -REMINDED)
    event.add_component(alarm)
    calendar.add_component(_placed(event, where))
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    return calendar


def _event(uid: str, begin: datetime, end: datetime, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@yinuo")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", begin.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    return event


def _placed(event: Event, where: Hall) -> Event:
    event.add("location", f"{said(where.name)}, {said(where.address)}")
    event.add("url", url_for("citizen.hall.overview", hall=where.code, _external=True))
    return event
