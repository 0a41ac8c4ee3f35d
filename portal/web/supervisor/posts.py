"""Who held which post on which day, and who held it before: what an office promised binds whoever comes next (V33)."""

from __future__ import annotations

from datetime import date

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts import queries
from portal.accounts.model import ROLE_TITLES
from portal.accounts.policy import Act
from portal.store import reading
from portal.web.forms import DateField, Form, SelectField
from portal.web.page import page
from portal.web.staff import people
from portal.web.supervisor.overview import own_offices


class DayForm(Form):
    on = DateField(_l("On which day?"))
    office = SelectField(_l("Office"))


def listing() -> ResponseReturnValue:
    offices = own_offices(g.by, Act.SEE_HOLDINGS)
    form = DayForm(formdata=request.args if "on-year" in request.args else None, meta={"csrf": False})
    chosen = request.args.get("office", "")
    if offices is None:
        form.office.choices = [("", gettext("All")), *people.offices_to_choose(g.today)]
        form.office.data = chosen if chosen in {choice[0] for choice in form.office.choices} else ""
        offices = (form.office.data,) if form.office.data else None
    else:
        del form.office
    is_asked = form.validate() if form.on.raw_data else True
    on = form.on.data if is_asked and isinstance(form.on.data, date) else g.today
    if not form.on.raw_data:
        form.on.process(None, on)
    with reading():
        rows = queries.held_on(on, offices)
        return page(form=form, on=on, rows=rows, roles=ROLE_TITLES, people=people), 200 if is_asked else 422


def post(code: str) -> ResponseReturnValue:
    with reading():
        found, offices = queries.post(code), own_offices(g.by, Act.SEE_HOLDINGS)
        if found is None or (offices is not None and found.office not in offices):
            abort(404)
        return page(post=found, rows=queries.tenures(code), roles=ROLE_TITLES, people=people)
