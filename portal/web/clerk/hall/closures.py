"""A closure names whom it hits before it is saved; afterwards their appointments are moved or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act
from portal.basis import NotAllowed, Refusal
from portal.hall import operations
from portal.hall.model.appointments import Appointment, AppointmentNotFound, SlotTaken, SlotUnfit
from portal.hall.model.days import Closure
from portal.hall.operations.planning import CAUSE_TITLES, Cause, Hit
from portal.hall.places import Place, local_day
from portal.hall.queries import steering as queries
from portal.hall.queries.appointments import first_free_slots, length_of
from portal.store import reading
from portal.web.clerk.hall.common import (
    TOO_LONG,
    as_told,
    done,
    hall,
    may_steer,
    moment,
    seen,
    steered,
    windows_to_choose,
)
from portal.web.clerk.lists import item_name
from portal.web.forms import CheckboxesField, DateField, Form, Given, LongTextField, RadioField, TextField
from portal.web.once import sent_once
from portal.web.page import page
from portal.web.wording import gap, pinned_name, said, short_number
from portal.web.wording import moment as moment_said

MOST_OFFERED = 6  # slots beside each appointment
_CLOCK = {"classes": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}


class ClosureForm(Form):
    cause = RadioField(_l("Why is it closed?"), validators=[Given(_l("Choose one"))])
    windows = CheckboxesField(_l("Which windows? (none ticked means the whole hall)"))
    from_on = DateField(_l("From which day"), validators=[Given(_l("Give the first day"))])
    from_at = TextField(_l("From what time"), description=_l("For example 09:30"), render_kw=_CLOCK)
    until_on = DateField(_l("Until which day"), validators=[Given(_l("Give the last day"))])
    until_at = TextField(_l("Until what time"), description=_l("For example 12:00"), render_kw=_CLOCK)
    reason = LongTextField(
        _l("Reason"),
        description=_l("Everybody reads it, on the screens too. No names of persons."),
        validators=[Given(_l("Say why the hall is shut; everybody reads it.")), TOO_LONG],
        render_kw={"rows": 2},
    )


@hall.route("/<code>/closures/new", methods=["GET", "POST"])
def declare(code: str) -> ResponseReturnValue:
    """First whom it hits and what they are offered, then the same again to save it."""
    where = steered(code, Act.DECLARE_CLOSURE)
    form = ClosureForm()
    form.cause.offer((one.value, gettext(CAUSE_TITLES[one])) for one in Cause)
    form.windows.offer(windows_to_choose(where))
    hit, seal, times = None, "", None
    if form.validate_on_submit() and (times := _times(where, form)) is not None:
        windows = list(form.windows.data or ())
        seal = sha256(f"{times} {sorted(windows)}".encode()).hexdigest()[:16]
        cause, reason = Cause(str(form.cause.data)), str(form.reason.data or "")
        try:
            operations.check_closure(cause, *times, reason, g.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if request.form.get("shown") == seal and (led := _declared(where, form, cause, times, reason, windows)):
                return led
            if not form.errors:
                with reading():
                    hit = operations.whom_it_hits(code, *times, windows, g.now)
    return page(
        form=form, where=where, hit=hit, seal=seal, offered=_offered(where, hit, times), item_name=item_name,
        pinned_name=pinned_name,
    ), form.status  # fmt: skip


def _times(where: Place, form: ClosureForm) -> tuple[datetime, datetime] | None:
    found = []
    for on, at in ((form.from_on, form.from_at), (form.until_on, form.until_at)):
        found.append(moment(where, on.data, at.data))
        if found[-1] is None:
            form.complain(at.name, gettext("Enter a time of day, for example 09:30"))
    begin, end = found
    return None if begin is None or end is None else (begin, end)


def _declared(
    where: Place, form: Form, cause: Cause, times: tuple[datetime, datetime], reason: str, windows: list[str]
) -> ResponseReturnValue | None:
    made: list[Closure] = []

    def back() -> str:
        return url_for("clerk.hall.closure", code=where.code, closure=made[0].number)

    try:
        with sent_once(back):
            closed, hit = operations.declare_closure(where.code, cause, *times, reason, windows=windows, **as_told())
            made.append(closed)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    told = ngettext("It hits %(num)s appointment or number.", "It hits %(num)s appointments and numbers.", len(hit))
    flash(gettext("Closure %(number)s is declared.", number=short_number(closed.number)) + gap() + told, "success")
    return redirect(back(), 303)


def _offered(where: Place, hit: Hit | None, times: tuple[datetime, datetime] | None) -> dict[str, list[datetime]]:
    """The next free slots for each service that is hit, asked once for each: before the closure, else after its day."""
    if hit is None or times is None:
        return {}
    begin, end = times
    found = {}
    with reading():
        for item in {one.item for one in hit.appointments}:
            length = length_of(where, item)
            before = [slot for slot in first_free_slots(where.code, item, g.now, 3) if slot + length <= begin]
            later = max(local_day(where.hall, end), local_day(where.hall, g.now)) + timedelta(1)
            found[item] = (before + first_free_slots(where.code, item, g.now, 3, after_on=later))[:3]
    return found


@hall.get("/<code>/closures/<closure>")
def closure(code: str, closure: str) -> ResponseReturnValue:
    where = seen(code)
    return _closure_page(where, *_closure(where, closure), Form(formdata=None))


@hall.post("/<code>/closures/<closure>/<step>")
def settle(code: str, closure: str, step: str) -> ResponseReturnValue:
    """Each form of the page names its appointment; ``all`` means every one that is still hit."""
    where = seen(code)
    found, is_withdrawn = _closure(where, closure)
    if step not in _STEPS:
        abort(404)
    form = Form()
    back = url_for("clerk.hall.closure", code=code, closure=closure)
    if form.validate_on_submit() and (led := done(form, lambda: _STEPS[step](where, found), back, gettext("Done."))):
        return led
    return _closure_page(where, found, is_withdrawn, form), form.status


def _closure(where: Place, number: str) -> tuple[Closure, bool]:
    with reading():
        found = queries.closure(where.code, number)
    if found is None:
        abort(404)
    return found


def _closure_page(where: Place, found: Closure, is_withdrawn: bool, form: Form) -> str:
    is_over = is_withdrawn or found.until_at <= g.now
    with reading():
        hit = [] if is_over else still_hit(where, found)
        slots = {item: first_free_slots(where.code, item, g.now, MOST_OFFERED) for item in {one.item for one in hit}}
        lost = [] if is_over else operations.whom_it_hits(
            where.code, found.from_at, found.until_at, found.windows, g.now
        ).tickets  # fmt: skip
    return render_template(
        "clerk/hall/closure.html",
        where=where,
        found=found,
        is_withdrawn=is_withdrawn,
        is_over=is_over,
        form=form,
        wrong=request.form.get("appointment") if form.errors else None,
        hit=hit,
        lost=lost,
        slots={item: [(slot.isoformat(), moment_said(slot)) for slot in free] for item, free in slots.items()},
        item_name=item_name,
        pinned_name=pinned_name,
        causes={one.value: gettext(title) for one, title in CAUSE_TITLES.items()},
        window_names={code: said(one.name) for code, one in where.windows.items()},
        is_steering=may_steer(where, Act.WITHDRAW_CLOSURE),
    )


def still_hit(where: Place, found: Closure) -> list[Appointment]:
    """Booked appointments in the time of the closure that no other window of the hall could take."""
    hit = operations.whom_it_hits(where.code, found.from_at, found.until_at, found.windows, g.now)
    return list(hit.appointments)


def _named(where: Place, found: Closure) -> Appointment:
    """The appointment that a form of the page names.

    :raises AppointmentNotFound: it is not hit any more.
    """
    wanted = request.form.get("appointment", "")
    for one in still_hit(where, found):
        if one.number == wanted:
            return one
    raise AppointmentNotFound


def _move(where: Place, found: Closure) -> object:
    one = _named(where, found)
    try:
        slot_at = datetime.fromisoformat(request.form.get("slot", ""))
    except ValueError:
        raise SlotUnfit from None
    if slot_at.utcoffset() is None:
        raise SlotUnfit
    return operations.move(one.number, slot_at, reason=found.reason, **as_told())


def _cancel(where: Place, found: Closure) -> object:
    one = _named(where, found)
    return operations.cancel(one.number, reason=found.reason, closure=found.number, **as_told())


def _move_all(where: Place, found: Closure) -> object:
    """Each to the first time that is free when its turn comes; nothing is kept if there is none for one of them."""
    for one in still_hit(where, found):
        free = first_free_slots(where.code, one.item, g.now, 1, matters=one.matters, moving=one)
        if not free:
            raise SlotTaken
        operations.move(one.number, free[0], reason=found.reason, **as_told())
    return None


def _cancel_all(where: Place, found: Closure) -> object:
    for one in still_hit(where, found):
        operations.cancel(one.number, reason=found.reason, closure=found.number, **as_told())
    return None


_STEPS: dict[str, Callable[[Place, Closure], object]] = {
    "withdraw": lambda where, found: operations.withdraw_closure(where.code, found.number, **as_told()),
    "move": _move,
    "cancel": _cancel,
    "move-all": _move_all,
    "cancel-all": _cancel_all,
}
