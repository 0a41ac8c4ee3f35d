"""One's own number: a page that anybody may open who knows its unguessable id, and that says nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import segno
from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.basis import N_, Bilingual, Refusal
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.hall import operations
from portal.hall.model.ranks import GROUND_TITLES, Ground
from portal.hall.model.tickets import (
    STATE_TITLES,
    Ticket,
    TicketFactUnfit,
    TicketNotFound,
    TicketState,
    TicketStep,
    TicketStepNotPossible,
    possible_ticket_steps,
)
from portal.hall.places import Place, place, version_of
from portal.hall.queries.carrying import days_to_choose
from portal.hall.queries.desk import situation_told
from portal.hall.queries.hours import hours
from portal.hall.queries.services import turn
from portal.hall.queries.tickets import ticket as load
from portal.store import reading
from portal.web.citizen.hall import held
from portal.web.citizen.hall.proof import proof_form, proven
from portal.web.citizen.hall.room import hall, unless_unchanged, who
from portal.web.citizen.hall.situations import situation_shown
from portal.web.citizen.items import version_or_none
from portal.web.once import require_new, sent_once
from portal.web.page import page

REFRESHED = 20  # seconds; parameter of ours: without scripts
UNDONE = (TicketState.WAITING, TicketState.PARKED, TicketState.ABSENT)
NEAR = timedelta(minutes=15)  # parameter of ours: so long before the earliest call the page says to come
POLLED = 5  # seconds; parameter of ours: with scripts, which are answered 304 as long as nothing changes


def ticket_or_404(number: str) -> Ticket:
    try:
        return load(number)
    except TicketNotFound:
        abort(404)


def story_of(found: Ticket) -> dict[str, object]:
    """What the page tells; kept apart so that the whole page and its part that is renewed say the same."""
    where = place(found.hall)
    waits = found.state in (TicketState.WAITING, TicketState.PARKED)
    is_today = found.day == g.today
    steps = possible_ticket_steps(found)
    waited_for = turn(where, found, g.now) if waits and is_today else None
    known = hours([where], g.now)[0]
    closure = known.closed_by if is_today and found.state in UNDONE else None
    return {
        "found": found,
        "where": where,
        "is_near": waited_for is not None and waited_for.told[0] is not None and waited_for.told[0] <= g.now + NEAR,
        "state_title": STATE_TITLES[found.state],
        "turn": waited_for,
        "is_today": is_today,
        "window": window_name(where, found.window),
        "own_window": window_name(where, found.to_window),
        "ground": GROUND_TITLES[Ground(found.ground)] if found.ground else "",
        "closure": closure,
        "is_cut_off": closure is not None and not any(end > g.now for _, end in known.today.spans),
        "may_give_up": TicketStep.RELEASE in steps and found.state is not TicketState.CALLED,
        "may_carry_over": TicketStep.CARRY_OVER in steps and _is_carried(found),
        "refreshed": REFRESHED,
        "polled": POLLED,
    }


def _is_carried(found: Ticket) -> bool:
    """Offered while it waits or nobody came, and for as long as it takes to whom the hall did not serve."""
    if found.day < g.today:
        return found.state is not TicketState.ABSENT
    waits = found.day == g.today and found.state in (TicketState.WAITING, TicketState.ABSENT)
    return waits or found.state is TicketState.CLOSED_UNSERVED


def window_name(where: Place, code: str | None) -> Bilingual | None:
    window = where.windows.get(code or "")
    return None if window is None else window.name


def version_then(found: Ticket) -> ItemVersion | None:
    """What is asked for is what was asked for when the number was issued."""
    return version_of(found.item_version, found.item, found.day)


@hall.get("/t/<ticket>")
def ticket(ticket: str) -> ResponseReturnValue:
    with reading():
        found = ticket_or_404(ticket)
        story = story_of(found)
        version = version_then(found)
    situation = None if version is None else situation_told(version, found.situation)
    wanted = version.materials_for(situation) if version is not None and situation is not None else ()
    return page(
        version=version,
        situation=situation,
        wanted=wanted,
        is_listed=version_or_none(found.item) is not None,
        is_held=held.has_ticket(found),
        **story,
    )


@hall.get("/t/<ticket>/now")
def ticket_now(ticket: str) -> ResponseReturnValue:
    """The part of the page that changes, for a script that asks again and again."""
    with reading():
        found = ticket_or_404(ticket)
        story = story_of(found)
        body = render_template("citizen/hall/ticket_now.html", version=version_then(found), **story)
    return unless_unchanged(body)


@hall.get("/t/<ticket>/slip")
def slip(ticket: str) -> ResponseReturnValue:
    """Number, code and picture, for the browser that took the number; others are led to the page of the number."""
    with reading():
        found = ticket_or_404(ticket)
        if not held.has_ticket(found):
            return redirect(url_for("citizen.hall.ticket", ticket=found.id), 303)
        return page(version=version_then(found), **slip_of(found))


def slip_of(found: Ticket) -> dict[str, object]:
    """The code goes behind "#", which no browser sends: hall.js puts it into its box (ASVS 5.0, 14.2.1)."""
    code = operations.holders_code(f"ticket/{found.id}")
    address = url_for("citizen.hall.ticket", ticket=found.id, _anchor=f"q={code}", _external=True)
    where = place(found.hall)
    return {
        "found": found,
        "where": where,
        "code": code,
        "address": url_for("citizen.hall.ticket", ticket=found.id, _external=True),
        "qr": picture(address),
        "situation": situation_shown(found, version_then(found)),
        "ground": GROUND_TITLES[Ground(found.ground)] if found.ground else "",
        "office": catalogue().office(found.office) if found.office else None,
    }


def picture(address: str) -> str:
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4))


@hall.route("/t/<ticket>/give-up", methods=["GET", "POST"])
def give_up(ticket: str) -> ResponseReturnValue:
    found = _where_possible(ticket, TicketStep.RELEASE)
    form, wait = proof_form(held.has_ticket(found)), dict[str, str]()
    address = url_for("citizen.hall.ticket", ticket=found.id)
    if form.validate_on_submit():
        code, wait = proven(form, f"ticket/{found.id}", held.code_of_ticket(found))
        if code:
            try:
                with sent_once(lambda: address):
                    operations.release(found.id, code, by=who(), at=g.now)
                flash(gettext("Number %(printed)s is given up; the others move on.", printed=found.printed), "success")
                return redirect(address, 303)
            except Refusal as refusal:
                form.refuse(refusal)
    return page(found=found, form=form, hall=place(found.hall).hall), 429 if wait else form.status, wait


@hall.route("/t/<ticket>/carry-over", methods=["GET", "POST"])
def carry_over(ticket: str) -> ResponseReturnValue:
    """The holder's consent: one of the first numbers of the nearest day that can hold it, which the page names."""
    found = _where_possible(ticket, TicketStep.CARRY_OVER)
    form, wait = proof_form(held.has_ticket(found)), dict[str, str]()
    if form.validate_on_submit():
        code, wait = proven(form, f"ticket/{found.id}", held.code_of_ticket(found))
        if code:
            try:
                return redirect(_carried(found, code, _agreed_day()), 303)
            except Refusal as refusal:
                form.refuse(refusal)
    with reading():
        offered = _offered_day(found)
    answer = page(found=found, form=form, offered=offered, hall=place(found.hall).hall)
    return answer, 429 if wait else form.status, wait


def _agreed_day() -> date | None:
    """The day that the page named when its reader agreed; without one the nearest that can hold it.

    :raises TicketFactUnfit: it is no day.
    """
    text = request.form.get("on", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TicketFactUnfit(N_("The hall is not open on that day; choose one of those offered.")) from None


def _carried(found: Ticket, code: str, on: date | None) -> str:
    """Where the new number is told."""
    address = ""
    with sent_once(lambda: address):
        answer = operations.carry_over(found.id, by=who(), at=g.now, code=code, to_day=on)
        address = url_for("citizen.hall.slip", ticket=answer.ticket.id)
    return address


@dataclass(frozen=True, slots=True)
class Offered:
    """``day`` is the nearest that can hold the number, none within a month otherwise; ``full`` the open ones before."""

    day: date | None
    full: tuple[date, ...]


def _offered_day(found: Ticket) -> Offered | None:
    """None: the hall does not open within a month, or takes this service no more."""
    try:
        days = days_to_choose(place(found.hall), found, g.now)
    except Refusal:
        return None
    day = next((one.day for one in days if one.fits), None)
    full = tuple(one.day for one in days if not one.is_stopped and (day is None or one.day < day))
    return Offered(day, full) if days else None


def _where_possible(number: str, step: TicketStep) -> Ticket:
    """:raises TicketStepNotPossible: the page of a step that is not possible now is not shown.
    :raises SentAlready: it was this very request that took the step.
    """
    with reading():
        found = ticket_or_404(number)
    if step not in possible_ticket_steps(found):
        require_new()
        raise TicketStepNotPossible(step, found.state)
    return found
