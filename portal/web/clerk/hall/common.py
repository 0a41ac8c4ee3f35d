"""What the pages of a hall share: who may see and steer it, words for its codes, moments that are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.accounts import queries as accounts
from portal.accounts.policy import Act, Target, may, require
from portal.basis import NotAllowed, Refusal
from portal.catalogue.queries import catalogue
from portal.hall.model.ranks import GROUND_TITLES, Ground
from portal.hall.model.tickets import STATE_TITLES, TicketState
from portal.hall.operations import Slip
from portal.hall.places import Place, hours_of_hall, place
from portal.web.forms import Form
from portal.web.hidden import hidden, shown
from portal.web.once import sent_once
from portal.web.wording import said

hall = Blueprint("hall", __name__, url_prefix="/hall")
LONGEST = 300
_SLIP = "hall-slip"
TOO_LONG = Length(max=LONGEST, message=_l("At most 300 characters"))
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：.]?([0-5]\d)")


def offices_of(where: Place) -> set[str]:
    return {where.hall.run_by, *where.hall.offices, *(window.office for window in where.windows.values())}


def may_see(where: Place) -> bool:
    """The office that runs it, those that staff its windows, and whoever watches over them."""
    return any(may(g.by, Act.SEE_HALL, Target(office=office)) for office in offices_of(where))


def seen(code: str) -> Place:
    """404 for a hall of others, as for one that is not there."""
    try:
        where = place(code)
    except Refusal:
        abort(404)
    if not may_see(where):
        abort(404)
    return where


def steered(code: str, act: Act) -> Place:
    """:raises NotAllowed: somebody may see this hall and not steer it."""
    where = seen(code)
    require(g.by, act, Target(office=where.hall.run_by))
    return where


def may_steer(where: Place, act: Act = Act.STOP_ISSUING) -> bool:
    return may(g.by, act, Target(office=where.hall.run_by))


def may_here(where: Place, act: Act) -> bool:
    """For acts that whoever staffs the hall takes as well."""
    return may(g.by, act, Target(office=g.by.office if g.by.office in offices_of(where) else None))


def home(where: Place) -> str:
    return url_for("clerk.hall.steering", code=where.code)


def done(form: Form, act: Callable[[], object], back: str, told: str = "") -> ResponseReturnValue | None:
    """Do it once and lead on; None: it was refused, which the form tells at its field."""
    try:
        with sent_once(lambda: back):
            act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    if told:
        flash(told, "success")
    return redirect(back, 303)


def remember(slip: Slip) -> None:
    """For the slip that is shown next: the code is known to this session alone, until the next slip."""
    session[_SLIP] = {"ticket": slip.ticket.id, "code": hidden(slip.code, slip.ticket.id)}


def code_of(ticket: str) -> str:
    """The code of the slip that was just made; empty for any other."""
    kept = session.get(_SLIP, {})
    return shown(kept.get("code", ""), ticket) if kept.get("ticket") == ticket else ""


def as_told() -> dict[str, Any]:
    return {"by": g.by, "at": g.now}


def items_said(where: Place) -> dict[str, str]:
    """The name of each service of the hall; the catalogue is asked once."""
    known = catalogue().item_of
    return {code: said(known[code].name) if code in known else code for code in where.serving}


def items_to_choose(where: Place) -> list[tuple[str, str]]:
    return sorted(items_said(where).items(), key=lambda one: one[1])


def windows_to_choose(where: Place) -> list[tuple[str, str]]:
    return [(code, said(one.name)) for code, one in where.windows.items()]


def grounds_said() -> dict[str, str]:
    """Translated once for a page, however many rows it has."""
    return {ground.value: gettext(title) for ground, title in GROUND_TITLES.items() if ground in Ground}


def states_said() -> dict[str, str]:
    return {state.value: gettext(title) for state, title in STATE_TITLES.items() if state in TicketState}


def names_of(people: Collection[str | None]) -> dict[str | None, str]:
    """Names of staff by account, in one read."""
    wanted = {one for one in people if one}
    return {account: one.display_name for account, one in accounts.accounts(wanted).items()} if wanted else {}


def clock(text: str | None) -> time | None:
    """9:30, 09:30, 0930; None for what is no time of day."""
    match = _CLOCK.fullmatch((text or "").strip())
    return time(int(match[1]), int(match[2])) if match else None


def moment(where: Place, on: date | None, text: str | None) -> datetime | None:
    """A local day and time as an instant; None if either cannot be read."""
    at = clock(text)
    if on is None or at is None:
        return None
    return datetime.combine(on, at, hours_of_hall(where.hall, on).zone)


def day_in(text: str) -> date:
    """A day of an address; 404 for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
