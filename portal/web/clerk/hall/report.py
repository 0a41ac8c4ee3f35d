"""A hall's day for staff and for whoever watches over them; each number leads to the list it counts."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.basis import N_
from portal.hall.model.tickets import OUTCOME_TITLES
from portal.hall.operations.issuing import DENIAL_TITLES, Denial
from portal.hall.places import Place, local_day
from portal.hall.queries.reports import LISTS, DayReport, day_report
from portal.store import reading
from portal.web.clerk.hall.common import day_in, grounds_said, hall, items_said, names_of, seen, states_said
from portal.web.page import page
from portal.web.staff import people
from portal.web.wording import said

CAUSES = {
    "window-withdrawn": N_("A window was withdrawn after the number was issued"),
    "over-capacity": N_("It was issued although it could not be guaranteed"),
    "closure": N_("The hall was closed before its time"),
    "longer-service": N_("Serving took longer than any forecast"),
}
TITLES = {
    "issued": N_("Numbers issued"),
    "served": N_("Served"),
    "refused": N_("Refused a number"),
    "out-of-hours": N_("Asked for outside the opening hours"),
    "unserved": N_("Not served when the hall closed"),
    "called": N_("Called, with the wait"),
    "told": N_("Called after a time was told"),
    "hit": N_("Called within the time that was told"),
    "jumped": N_("Called before their turn"),
    "overrides": N_("Issued without a guarantee"),
    "void": N_("Void"),
    "carried-over": N_("Carried over"),
    "absent": N_("Did not come when called"),
    "released": N_("Given up"),
    "paper": N_("Entered from paper"),
}


@hall.get("/<code>/days/<day>")
def report(code: str, day: str) -> ResponseReturnValue:
    where, on, found = _found(code, day)
    today = local_day(where.hall, g.now)
    faults = [(gettext(CAUSES[fault.cause]) if fault.cause in CAUSES else fault.cause, fault, count)
              for fault, count in found.faults_counted()]  # fmt: skip
    return page(
        where=where,
        on=on,
        found=found,
        faults=faults,
        refused=[(gettext(DENIAL_TITLES[Denial(reason)]), many) for reason, many in found.refused_by_reason().items()],
        titles={name: gettext(title) for name, title in TITLES.items()},
        people=people,
        window_names=_windows(where),
        before=on - timedelta(1),
        after=on + timedelta(1) if on < today else None,
        is_running=on == today and found.closed_at is None,
    )


@hall.get("/<code>/days/<day>/<which>")
def listed(code: str, day: str, which: str) -> ResponseReturnValue:
    """The list behind one number of the report."""
    if which not in LISTS:
        abort(404)
    where, on, found = _found(code, day)
    asked = {"refused": found.refused, "out-of-hours": found.out_of_hours}.get(which, ())
    tickets = [] if which in ("refused", "out-of-hours") else found.of(which)
    clerks = {one.clerk for one in tickets} | {jump.clerk for jump in found.jumps}
    return page(
        where=where,
        on=on,
        found=found,
        which=which,
        title=gettext(TITLES[which]),
        tickets=tickets,
        asked=asked,
        names=names_of(clerks),
        items=items_said(where),
        denials={code.value: gettext(title) for code, title in DENIAL_TITLES.items()},
        causes={code: gettext(title) for code, title in CAUSES.items()},
        outcomes={code: gettext(title) for code, title in OUTCOME_TITLES.items()},
        states=states_said(),
        grounds=grounds_said(),
        people=people,
        window_names=_windows(where),
    )


def _windows(where: Place) -> dict[str, str]:
    return {code: said(one.name) for code, one in where.windows.items()}


def _found(code: str, day: str) -> tuple[Place, date, DayReport]:
    """404 for a day to come: nothing has happened on it."""
    where, on = seen(code), day_in(day)
    if on > local_day(where.hall, g.now):
        abort(404)
    with reading():
        return where, on, day_report(where, on, g.now)
