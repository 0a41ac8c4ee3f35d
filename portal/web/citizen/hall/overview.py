"""A hall's own page: open or not, its days, its windows, every service with how it stands; its hours as a feed."""

from __future__ import annotations

from flask import Response, g
from flask.typing import ResponseReturnValue

from portal.catalogue.queries import catalogue
from portal.hall.model.appointments import AHEAD
from portal.hall.model.windows import WINDOW_TITLES, WindowState
from portal.hall.operations.issuing import DENIAL_TITLES
from portal.hall.queries.figures import DAYS, together
from portal.hall.queries.figures import figures as figures_of
from portal.hall.queries.hours import hours
from portal.hall.queries.services import desk
from portal.store import reading
from portal.web.citizen.hall.calendar_file import hours_calendar
from portal.web.citizen.hall.room import groups, hall, place_or_404, words_asked
from portal.web.citizen.halls import hall_now, in_clock_time
from portal.web.page import page

WEEK = 8  # days: today and seven to come
FEED_WEEKS = 8  # parameter of ours: how far the feed reaches


@hall.get("/halls/<hall>")
def overview(hall: str) -> ResponseReturnValue:
    where, words = place_or_404(hall), words_asked()
    with reading():
        known = hours([where], g.now)[0]
        here = desk(where, g.now)
        found = groups(where, words)
        services = here.services([version.code for group in found for version in group.versions])
    days = [(one, in_clock_time(where, one.planned), in_clock_time(where, one.spans)) for one in known.days(WEEK)]
    return page(
        hall=where.hall,
        now=hall_now(known),
        days=days,
        here=here,
        groups=found,
        services=services,
        words=words,
        staffed={code for code, stand in here.now.stands.items() if stand.state is WindowState.OPEN},
        stands=here.now.stands,
        window_titles=WINDOW_TITLES,
        run_by=catalogue().office(where.hall.run_by),
        booked_ahead=AHEAD.days,
    )


@hall.get("/halls/<hall>/hours.ics")
def hours_file(hall: str) -> ResponseReturnValue:
    where = place_or_404(hall)
    with reading():
        known = hours([where], g.now)[0]
    return Response(hours_calendar(known, FEED_WEEKS * 7), mimetype="text/calendar")


@hall.get("/halls/<hall>/figures")
def figures(hall: str) -> ResponseReturnValue:
    where = place_or_404(hall)
    with reading():
        days = figures_of(where, g.now)
    rows = [
        (one, in_clock_time(where, one.published), in_clock_time(where, (one.real,) if one.real else ()))
        for one in days
    ]
    return page(hall=where.hall, rows=rows, all=together(days), many=DAYS, denials=DENIAL_TITLES)
