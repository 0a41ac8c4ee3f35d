"""The hall's day: no more numbers, more people than planned, and its end, with all who would be left named first."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act
from portal.hall import operations
from portal.hall.model.tickets import TicketState
from portal.hall.places import local_day
from portal.hall.queries import steering as queries
from portal.hall.queries.queue import in_the_hall
from portal.hall.standing import standing
from portal.store import reading
from portal.web.clerk.hall.common import TOO_LONG, as_told, done, hall, home, states_said, steered
from portal.web.clerk.hall.report import CAUSES
from portal.web.clerk.lists import item_name
from portal.web.forms import Form, LongTextField
from portal.web.page import page
from portal.web.staff import people
from portal.web.wording import said


class ReasonForm(Form):
    reason = LongTextField(_l("Reason"), validators=[TOO_LONG], render_kw={"rows": 2})


@hall.route("/<code>/issuing", methods=["GET", "POST"])
def stop(code: str) -> ResponseReturnValue:
    """Stop the issuing, or take it up again; how much work waits stands beside the closing time (V24)."""
    where = steered(code, Act.STOP_ISSUING)
    day = local_day(where.hall, g.now)
    with reading():
        now = standing(where, day, g.now)
        stopped_at, because, _ = queries.day_state(code, day)
    left = [minutes for minutes in now.minutes_left().values() if minutes > 0]
    form = ReasonForm()
    if form.validate_on_submit():
        reason = str(form.reason.data or "")
        if stopped_at is None:
            led = done(form, lambda: operations.stop_issuing(code, reason, **as_told()), home(where),
                       gettext("No more numbers are issued here today."))  # fmt: skip
        else:
            led = done(form, lambda: operations.resume_issuing(code, **as_told()), home(where),
                       gettext("Numbers are issued again."))  # fmt: skip
        if led:
            return led
    return page(
        form=form,
        where=where,
        stopped_at=stopped_at,
        because=because,
        backlog=round(sum(load.mean for load in now.loads().values()) / max(len(left), 1)),
        left=round(max(left, default=0)),
        waiting=sum(load.count for load in now.loads().values()),
        closes_at=now.day.closes_at,
    ), form.status


@hall.route("/<code>/surge", methods=["GET", "POST"])
def surge(code: str) -> ResponseReturnValue:
    where = steered(code, Act.DECLARE_SURGE)
    form = ReasonForm()
    if form.validate_on_submit():
        reason = str(form.reason.data or "")
        told = gettext("It is recorded that more people came than any plan could have known.")
        if led := done(form, lambda: operations.declare_surge(code, reason, **as_told()), home(where), told):
            return led
    return page(form=form, where=where), form.status


@hall.route("/<code>/end", methods=["GET", "POST"])
def end(code: str) -> ResponseReturnValue:
    """Whoever still waits is named one by one, with what would be recorded; each can be served on or carried over."""
    where = steered(code, Act.CLOSE_HALL)
    day = local_day(where.hall, g.now)
    with reading():
        now = standing(where, day, g.now)
        left = operations.unserved(code, g.now)
        serving = [one for one in in_the_hall(code, day) if one.state is TicketState.SERVING]
        closed_at = queries.day_state(code, day)[2]
    form = Form()
    if form.validate_on_submit():
        back = url_for("clerk.hall.report", code=code, day=day.isoformat())
        if led := done(form, lambda: operations.close_hall(code, **as_told()), back, gettext("The day is ended.")):
            return led
    return page(
        form=form,
        where=where,
        left=left,
        serving=serving,
        closed_at=closed_at,
        closes_at=now.day.closes_at,
        is_early=now.day.closes_at is not None and g.now < now.day.closes_at,
        causes={code: gettext(title) for code, title in CAUSES.items()},
        states=states_said(),
        item_name=item_name,
        people=people,
        window_names={code: said(one.name) for code, one in where.windows.items()},
    ), form.status
