"""A window is paused or closed by the hall manager: whose promise would break is listed before it is done."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act
from portal.hall import operations
from portal.hall.model.windows import WINDOW_TITLES, Stand, WindowState
from portal.hall.standing import stands_of
from portal.store import reading
from portal.web.clerk.hall.common import TOO_LONG, as_told, done, hall, home, names_of, steered
from portal.web.clerk.lists import item_name
from portal.web.forms import Form, Given, LongTextField, RadioField
from portal.web.page import page
from portal.web.wording import said

_ACTS = {
    "pause": (Act.PAUSE_WINDOW, operations.pause_window),
    "close": (Act.CLOSE_WINDOW, operations.close_window),
}


class LeaveForm(Form):
    reason = LongTextField(_l("Reason"), validators=[TOO_LONG], render_kw={"rows": 2})


class MergeForm(Form):
    into = RadioField(_l("Which window takes it over?"), validators=[Given(_l("Choose a window"))])
    reason = LongTextField(_l("Reason"), validators=[TOO_LONG], render_kw={"rows": 2})


@hall.route("/<code>/windows/<window>/merge", methods=["GET", "POST"])
def merge(code: str, window: str) -> ResponseReturnValue:
    """For the rest of the day another window takes this one's services, numbers and hours."""
    where = steered(code, Act.MERGE_WINDOWS)
    if window not in where.windows:
        abort(404)
    with reading():
        found = operations.mergings(code, window, g.now)
    form, names = MergeForm(), {one: said(where.windows[one].name) for one in (window, *found)}
    costs: list[Any] = [(one, names[one], {"hint": _cost(what)}) for one, what in found.items()]
    form.into.offer(costs)
    if form.validate_on_submit():
        into, reason = str(form.into.data), str(form.reason.data or "")
        told = gettext("%(window)s is merged into %(other)s.", window=names[window], other=names.get(into, ""))
        act = partial(operations.merge_windows, code, window, into, reason, **as_told())
        if led := done(form, act, home(where), told):
            return led
    return page(form=form, where=where, found=found, names=names, name=names[window], item_name=item_name), form.status


def _cost(what: operations.Merging) -> str:
    """What a merge would mean, in a line: promises that would break, numbers that go along."""
    many = len(what.lost)
    lost = ngettext("%(num)s promise would break", "%(num)s promises would break", many)
    parts = [lost if many else gettext("No promise would break.")]
    if what.bound:
        parts.append(ngettext("%(num)s number goes along", "%(num)s numbers go along", len(what.bound)))
    return str(gettext("; ")).join(parts)


@hall.route("/<code>/windows/<window>/<step>", methods=["GET", "POST"])
def leave(code: str, window: str, step: str) -> ResponseReturnValue:
    if step not in _ACTS:
        abort(404)
    act, operation = _ACTS[step]
    where = steered(code, act)
    if window not in where.windows:
        abort(404)
    with reading():
        stand = stands_of(code).get(window, Stand(code, window))
        lost = operations.would_break(code, frozenset((window,)), g.now)
    form = LeaveForm()
    name = said(where.windows[window].name)
    if form.validate_on_submit():
        told = gettext("%(window)s is paused.", window=name) if step == "pause" else gettext(
            "%(window)s is closed.", window=name
        )  # fmt: skip
        reason = str(form.reason.data or "")
        if led := done(form, lambda: operation(code, window, reason, **as_told()), home(where), told):
            return led
    return page(
        form=form,
        where=where,
        window=window,
        name=name,
        step=step,
        stand=stand,
        is_shut=stand.state is WindowState.SHUT,
        lost=lost,
        names=names_of([stand.actor]),
        item_name=item_name,
        titles=WINDOW_TITLES,
    ), form.status
