"""At the window: call the next, recall, begin, park, pass on, finish; by mouse or with single keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from portal.accounts.policy import Act, Target, may, require
from portal.basis import NotAllowed, Refusal
from portal.hall import operations
from portal.hall.model.ranks import GROUND_TITLES, PRIORITY_GROUNDS, Ground
from portal.hall.model.tickets import (
    OUTCOME_TITLES,
    RECALL_AFTER,
    STATE_TITLES,
    Outcome,
    Ticket,
    TicketNotFound,
    TicketState,
)
from portal.hall.model.windows import WINDOW_TITLES, WindowState
from portal.hall.operations.windows import PromisesWouldBreak
from portal.hall.places import Place, local_day, place, places
from portal.hall.queries.desk import Desk, chairs, desk
from portal.hall.queries.queue import at_window, waiting_named
from portal.hall.queries.tickets import ticket
from portal.hall.standing import serving_on
from portal.store import reading
from portal.web.clerk import keys
from portal.web.clerk.lists import item_name
from portal.web.clerk.window_forms import CallForm, NobodyWaitsUnder, PassOnForm, PassWindowForm, ReasonForm, ServeForm
from portal.web.forms import Form
from portal.web.once import sent_once
from portal.web.page import page
from portal.web.refused import refused
from portal.web.staff import people
from portal.web.wording import said

window = Blueprint("window", __name__, url_prefix="/window")
window.after_request(keys.KEYS.keep)


class Seat:
    """A window of a hall. Its desk is read when something of it is shown or offered: most clicks need nothing of it."""

    def __init__(self, where: Place, window: str) -> None:
        self.place, self.window = where, window

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def day(self) -> date:
        return local_day(self.place.hall, g.now)

    @cached_property
    def desk(self) -> Desk:
        with reading():
            return desk(self.place, self.window, g.now)


@dataclass(frozen=True, slots=True)
class Step:
    """``form`` is asked for more than a click, ``act`` does it with what was sent."""

    form: type[Form]
    act: Callable[[Seat, Form], object]


@window.get("/")
def choose() -> ResponseReturnValue:
    """The windows that this person's office staffs, hall by hall."""
    require(g.by, Act.SEE_HALL, Target(office=g.by.office))
    with reading():
        halls = [(where, windows) for where in places() if (windows := _own_windows(where))]
        seats = {where.code: chairs(where, windows, g.now) for where, windows in halls}
    return page(
        halls=halls,
        seats=seats,
        window_titles=WINDOW_TITLES,
        people=people,
        blank=Form(),
    )


def _own_windows(where: Place) -> list[str]:
    return [code for code, one in where.windows.items() if may(g.by, Act.CALL_TICKET, Target(office=one.office))]


@window.get("/<hall>/<code>")
def seat(hall: str, code: str) -> ResponseReturnValue:
    return _desk_page(Seat(_window_of_ours(hall, code), code), {})


@window.post("/<hall>/<code>/<step>")
def take(hall: str, code: str, step: str) -> ResponseReturnValue:
    found = Seat(_window_of_ours(hall, code), code)
    if step not in STEPS:
        abort(404)
    planned = STEPS[step]
    form = _form(planned, step)
    _offer(found, form)
    back = url_for("clerk.window.seat", hall=hall, code=code)
    if form.validate_on_submit():
        try:
            with sent_once(lambda: back):
                done = planned.act(found, form)
        except NotAllowed:
            raise
        except PromisesWouldBreak as refusal:
            if step == "open":  # a click asks for no reason: the page that lists the promises does
                step, form = "move", _form(STEPS["move"], "move", formdata=None)
            form.refuse(refusal)
        except Refusal as refusal:
            if type(form) is Form:  # a click: what cannot be is told on the page it leads to
                flash(refused(refusal), "error")
                return redirect(back, 303)
            form.refuse(refusal)
        else:
            if step == "next" and done is None:
                flash(gettext("Nobody waits for this window."), "notice")
            return redirect(back, 303)
    return _desk_page(found, {step: form}), form.status


def _window_of_ours(hall: str, code: str) -> Place:
    """404 for a window of another office, as for one that is not there."""
    try:
        where = place(hall)
        office = where.window(code).office
    except Refusal:
        abort(404)
    if not may(g.by, Act.CALL_TICKET, Target(office=office)):
        abort(404)
    return where


def _desk_page(found: Seat, forms: dict[str, Form]) -> str:
    shown: dict[str, Form] = {}
    for name, step in STEPS.items():
        if step.form is not Form:
            shown[name] = forms.get(name) or _form(step, name, formdata=None)
            _offer(found, shown[name])
    return render_template(
        "clerk/window/seat.html",
        found=found.desk,
        forms=shown,
        sent=forms,
        blank=Form(formdata=None),
        item_name=item_name,
        people=people,
        window_name=lambda code: said(found.place.windows[code].name),
        states=TicketState,
        state_titles=STATE_TITLES,
        window_states=WindowState,
        window_titles=WINDOW_TITLES,
        ground_titles=GROUND_TITLES,
        grounds=Ground,
        recall_after=RECALL_AFTER,
        keys=keys.STEPS,
        keys_on=keys.are_on(),
    )


def _form(step: Step, name: str, **given: Any) -> Form:
    """Several stand on one page, so each has names of its own.

    A click is never drawn again, so it makes no new token; the one that was sent has been checked before the view.
    """
    if step.form is Form:
        return Form(meta={"csrf": False}, **given)
    return step.form(prefix=f"{name}-", **given)


def _offer(found: Seat, form: Form) -> None:
    """What the fields of a form let one choose, at this window and now."""
    if isinstance(form, ServeForm):
        form.outcome.offer((one.value, lazy_gettext(OUTCOME_TITLES[one])) for one in Outcome)  # said if it is drawn
    elif isinstance(form, PassOnForm):
        items = sorted(((code, item_name(code)) for code in found.place.serving), key=lambda one: one[1])
        form.to_item.offer([("", gettext("The same service")), *items])
        windows = [(code, said(one.name)) for code, one in found.place.windows.items() if found.place.items[code]]
        form.to_window.offer([("", gettext("Any window")), *windows])
    elif isinstance(form, PassWindowForm):
        office = found.place.windows[found.window].office
        colleagues = [one for one in people.staff_of(office, g.today, (g.by.role,)) if one[0] != g.by.actor]
        form.to_actor.offer([("", gettext("Choose")), *colleagues])
    elif isinstance(form, CallForm):
        grounds = (*PRIORITY_GROUNDS, Ground.RETURNED, Ground.BOUND)
        form.ground.offer([("", gettext("Choose")), *((one.value, gettext(GROUND_TITLES[one])) for one in grounds)])


def _by() -> dict[str, Any]:
    return {"by": g.by, "at": g.now}


def _current(found: Seat) -> Ticket:
    """:raises TicketNotFound: nobody is at the window any more."""
    current = at_window(found.code, found.window)
    if current is None:
        raise TicketNotFound
    return current


def _named(found: Seat) -> str:
    """The number that a button of a list names; it must be one of this hall and day that the window serves.

    :raises TicketNotFound: it is none of these.
    """
    wanted = ticket(request.form.get("ticket", ""))
    items = serving_on(found.place, found.day).items[found.window]
    is_here = wanted.hall == found.code and wanted.day == found.day and wanted.item in items
    if not is_here or wanted.state not in (TicketState.PARKED, TicketState.ABSENT, TicketState.WAITING):
        raise TicketNotFound
    return wanted.id


def _serve(found: Seat, form: Form) -> object:
    assert isinstance(form, ServeForm)
    outcome = Outcome(str(form.outcome.data))
    reference = str(form.reference.data or "")
    return operations.serve(
        _current(found), outcome, reference=reference, is_confirmed=bool(form.is_confirmed.data), **_by()
    )


def _pass_on(found: Seat, form: Form) -> object:
    assert isinstance(form, PassOnForm)
    goal: dict[str, Any] = {"to_item": form.to_item.data or None, "to_window": form.to_window.data or None}
    return operations.transfer(_current(found), **goal, reason=str(form.reason.data or ""), **_by())


def _call(found: Seat, form: Form) -> object:
    assert isinstance(form, CallForm)
    name, ground = str(form.number.data), Ground(str(form.ground.data))
    wanted = waiting_named(found.code, found.window, found.place.items[found.window], found.day, name)
    if wanted is None:
        raise NobodyWaitsUnder(name)
    return operations.call(wanted.id, found.window, ground, **_by())


def _reason(form: Form) -> str:
    assert isinstance(form, ReasonForm)
    return str(form.reason.data or "")


def _to_colleague(found: Seat, form: Form) -> object:
    assert isinstance(form, PassWindowForm)
    return operations.pass_window(found.code, found.window, str(form.to_actor.data), **_by())


STEPS: dict[str, Step] = {
    "open": Step(Form, lambda found, _: operations.open_window(found.code, found.window, **_by())),
    "move": Step(
        ReasonForm,
        lambda found, form: operations.open_window(found.code, found.window, reason=_reason(form), **_by()),
    ),
    "next": Step(Form, lambda found, _: operations.call_next(found.code, found.window, **_by())),
    "recall": Step(Form, lambda found, _: operations.recall(_current(found), **_by())),
    "start": Step(Form, lambda found, _: operations.start(_current(found), **_by())),
    "absent": Step(Form, lambda found, _: operations.mark_absent(_current(found), **_by())),
    "resume": Step(Form, lambda found, _: operations.resume(_named(found), found.window, **_by())),
    "back": Step(Form, lambda found, _: operations.bring_back(_named(found), **_by())),
    "serve": Step(ServeForm, _serve),
    "park": Step(ReasonForm, lambda found, form: operations.park(_current(found), _reason(form), **_by())),
    "pass-on": Step(PassOnForm, _pass_on),
    "call": Step(CallForm, _call),
    "pause": Step(
        ReasonForm,
        lambda found, form: operations.pause_window(found.code, found.window, _reason(form), **_by()),
    ),
    "close": Step(
        ReasonForm,
        lambda found, form: operations.close_window(found.code, found.window, _reason(form), **_by()),
    ),
    "pass-window": Step(PassWindowForm, _to_colleague),
}
