"""A window is paused or closed by the hall manager: whose promise would break is listed before it is done."""

from __future__ import annotations

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act
from portal.hall import operations
from portal.hall.model.windows import WINDOW_TITLES, Stand, WindowState
from portal.hall.standing import stands_of
from portal.store import reading
from portal.web.clerk.hall.common import TOO_LONG, as_told, done, hall, home, names_of, steered
from portal.web.clerk.lists import item_name
from portal.web.forms import Form, LongTextField
from portal.web.page import page
from portal.web.wording import said

_ACTS = {
    "pause": (Act.PAUSE_WINDOW, operations.pause_window),
    "close": (Act.CLOSE_WINDOW, operations.close_window),
}


class LeaveForm(Form):
    reason = LongTextField(_l("Reason"), validators=[TOO_LONG], render_kw={"rows": 2})


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
