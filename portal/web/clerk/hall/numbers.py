"""One number: what it was told, what happened to it, and the acts that end it or send it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, may
from portal.basis import NotAllowed, Refusal
from portal.hall import operations
from portal.hall.model.tickets import (
    OUTCOME_TITLES,
    Ticket,
    TicketNotFound,
    TicketStep,
    possible_ticket_steps,
)
from portal.hall.operations.calling import concerned_office
from portal.hall.places import Place, local_day
from portal.hall.queries.carrying import CarryDay, days_to_choose
from portal.hall.queries.tickets import ticket as load
from portal.hall.standing import day_of
from portal.ledger import queries as ledger
from portal.ledger.kinds import KINDS
from portal.store import reading
from portal.web.citizen.hall.situations import situation_shown
from portal.web.citizen.hall.ticket import version_then
from portal.web.clerk.hall.common import (
    TOO_LONG,
    as_told,
    done,
    grounds_said,
    hall,
    items_to_choose,
    may_here,
    may_steer,
    remember,
    seen,
    states_said,
    windows_to_choose,
)
from portal.web.clerk.lists import item_name
from portal.web.forms import Form, Given, LongTextField, RadioField, SelectField, TextField
from portal.web.once import sent_once
from portal.web.staff import people
from portal.web.wording import day, said


class VoidForm(Form):
    reason = LongTextField(_l("Reason"), validators=[TOO_LONG], render_kw={"rows": 2})


class TransferForm(Form):
    to_item = SelectField(_l("Service"))
    to_window = SelectField(_l("Window"))
    reason = TextField(_l("Reason"), validators=[TOO_LONG])


class CarryForm(Form):
    consent = RadioField(
        _l("How does the holder consent?"),
        choices=[("signature", _l("By signature on paper, which you keep")), ("code", _l("By the code of the slip"))],
        validators=[Given(_l("Choose one"))],
    )
    code = TextField(
        _l("Code of the slip"),
        render_kw={"classes": "govuk-input--width-10", "autocomplete": "off", "spellcheck": False},
    )
    to_day = SelectField(_l("Day"))
    override = LongTextField(
        _l("Only for a day that is promised away: why is it carried over without a guarantee?"),
        description=_l("It is recorded and shown to the holder; the hall answers for it if the number is not called."),
        validators=[TOO_LONG],
        render_kw={"rows": 2},
    )


@dataclass(frozen=True, slots=True)
class Step:
    step: TicketStep
    act: Act
    form: type[Form]
    take: Callable[[Ticket, Form], object]


def number_of(where: Place, ticket: str) -> Ticket:
    """404 for a number of another hall."""
    try:
        with reading():
            found = load(ticket)
    except TicketNotFound:
        abort(404)
    if found.hall != where.code:
        abort(404)
    return found


@hall.get("/<code>/numbers/<ticket>")
def number(code: str, ticket: str) -> ResponseReturnValue:
    where = seen(code)
    return _number_page(where, number_of(where, ticket), {})


@hall.post("/<code>/numbers/<ticket>/<step>")
def take(code: str, ticket: str, step: str) -> ResponseReturnValue:
    where = seen(code)
    found = number_of(where, ticket)
    if step not in STEPS:
        abort(404)
    form = _form(where, found, step)
    if not form.validate_on_submit():
        return _number_page(where, found, {step: form}), form.status
    if step == "carry-over":
        return _carried(where, found, form)
    back = url_for("clerk.hall.number", code=code, ticket=ticket)
    led = done(form, lambda: STEPS[step].take(found, form), back, gettext("Done: %(printed)s.", printed=found.printed))
    if led is None and type(form) is Form:  # a click: what cannot be is told on the page it leads to
        flash(form.form_errors[0], "error")
        return redirect(back, 303)
    return led or (_number_page(where, found, {step: form}), form.status)


def _carried(where: Place, found: Ticket, form: Form) -> ResponseReturnValue:
    """The holder takes a new slip along, so the page leads to it."""
    slips: list[operations.Slip] = []
    try:
        with sent_once(lambda: _slip_of(where, slips)):
            slips.append(_carry(found, form))
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _number_page(where, found, {"carry-over": form}), form.status
    remember(slips[0])
    return redirect(_slip_of(where, slips), 303)


def _slip_of(where: Place, slips: list[operations.Slip]) -> str:
    return url_for("clerk.hall.slip", code=where.code, ticket=slips[0].ticket.id)


def _carry(found: Ticket, form: Form) -> operations.Slip:
    assert isinstance(form, CarryForm)
    is_signed = form.consent.data == "signature"
    override = str(form.override.data or "") if form.override is not None else ""
    return operations.carry_over(
        found.id,
        code=str(form.code.data or ""),
        is_signed=is_signed,
        to_day=date.fromisoformat(form.to_day.data) if form.to_day.data else None,
        override=override or None,
        **as_told(),
    )


def _number_page(where: Place, found: Ticket, sent: dict[str, Form]) -> str:
    offered = [name for name, one in STEPS.items() if _is_offered(where, found, one)]
    forms = {name: sent.get(name) or _form(where, found, name, formdata=None) for name in offered}
    with reading():
        events = ledger.events(f"ticket/{found.id}")
        plan = day_of(where, found.day)
    return render_template(
        "clerk/hall/number.html",
        where=where,
        found=found,
        forms=forms,
        sent=sent,
        events=events,
        kinds=KINDS,
        people=people,
        item_name=item_name,
        situation=situation_shown(found, version_then(found)),
        grounds=grounds_said(),
        states=states_said(),
        outcomes=OUTCOME_TITLES,
        waits=plan.open_minutes(found.issued_at, g.now) if found.issued_at and found.waited is None else found.waited,
        window_names={code: said(one.name) for code, one in where.windows.items()},
        titles={
            "transfer": gettext("Pass on to another service or window"),
            "back": gettext("Came back"),
            "carry-over": gettext("Carry over to another day"),
            "void": gettext("Make the number void"),
        },
    )


def _is_offered(where: Place, found: Ticket, one: Step) -> bool:
    """What the state lets one do and the policy too; who is at a window is the clerk's there."""
    if one.step is TicketStep.RETURN and found.day != local_day(where.hall, g.now):
        return False
    if one.step in (TicketStep.TRANSFER, TicketStep.VOID):
        target = Target(office=concerned_office(where, found, g.by))
        return one.step in possible_ticket_steps(found) and may(g.by, one.act, target)
    return one.step in possible_ticket_steps(found) and may_here(where, one.act)


def _form(where: Place, found: Ticket, step: str, **given: Any) -> Form:
    """Several stand on one page, so each has names of its own."""
    kind = STEPS[step].form
    form = kind(prefix="" if kind is Form else f"{step}-", **given)
    if isinstance(form, TransferForm):
        form.to_item.offer([("", gettext("The same service")), *items_to_choose(where)])
        busy = [(code, name) for code, name in windows_to_choose(where) if where.items[code]]
        form.to_window.offer([("", gettext("Any window")), *busy])
    if isinstance(form, CarryForm):
        _offer_days(where, found, form)
    return form


def _offer_days(where: Place, found: Ticket, form: CarryForm) -> None:
    """The open days, nearest first; a day that is promised away says so, and only the hall manager gives it."""
    try:
        with reading():
            days = days_to_choose(where, found, g.now)
    except Refusal:
        days = []  # the service left the hall: told when somebody tries
    nearest = next((one.day for one in days if one.fits), None)
    offered = [(one.day.isoformat(), _day_said(one)) for one in days]
    form.to_day.offer([("", gettext("The nearest day that can hold it")), *offered])
    if form.to_day.data is None and nearest is not None:
        form.to_day.data = nearest.isoformat()
    if not may_steer(where, Act.OVERRIDE_GUARANTEE):
        del form.override


def _day_said(one: CarryDay) -> str:
    said_day = str(gettext("today, %(day)s", day=day(one.day))) if one.day == g.today else day(one.day)
    if one.is_stopped:
        return str(gettext("%(day)s: no more numbers are issued", day=said_day))
    return said_day if one.fits else str(gettext("%(day)s: promised away", day=said_day))


def _void(found: Ticket, form: Form) -> object:
    assert isinstance(form, VoidForm)
    return operations.void(found.id, str(form.reason.data or ""), **as_told())


def _transfer(found: Ticket, form: Form) -> object:
    assert isinstance(form, TransferForm)
    goal: dict[str, Any] = {"to_item": form.to_item.data or None, "to_window": form.to_window.data or None}
    return operations.transfer(found.id, **goal, reason=str(form.reason.data or ""), **as_told())


STEPS: dict[str, Step] = {
    "back": Step(
        TicketStep.RETURN, Act.RETURN_TICKET, Form, lambda found, _: operations.bring_back(found.id, **as_told())
    ),
    "transfer": Step(TicketStep.TRANSFER, Act.TRANSFER_TICKET, TransferForm, _transfer),
    "carry-over": Step(TicketStep.CARRY_OVER, Act.CARRY_OVER_TICKET, CarryForm, _carry),
    "void": Step(TicketStep.VOID, Act.VOID_TICKET, VoidForm, _void),
}
