"""What waits for an office: its cases by time left, and the hand-overs that nobody has taken over."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any, TypeVar

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, may, require
from portal.appeals.queries import count_inquiries_to_acknowledge, inquiries_to_acknowledge
from portal.basis import By, Role
from portal.cases import queries
from portal.cases.model import STATE_TITLES, CaseState
from portal.cases.model.states import CLOSED
from portal.cases.queries import LIGHT_TITLES, Light
from portal.catalogue.queries import catalogue
from portal.store import reading
from portal.web.clerk.hand_in import may_hand_in
from portal.web.forms import Form, SelectField, TextField
from portal.web.page import page
from portal.web.staff import history, people
from portal.web.staff.paging import Pages
from portal.web.staff.people import offices_to_choose
from portal.web.wording import said, titled

PER_PAGE = 25
Named = TypeVar("Named", bound=StrEnum)


class FilterForm(Form):
    number = TextField(
        _l("Number of a case or an inquiry"),
        render_kw={"classes": "govuk-input--width-20", "autocomplete": "off", "spellcheck": False},
    )
    light = SelectField(_l("Time left"))
    state = SelectField(_l("State"))
    item = SelectField(_l("Item"))
    office = SelectField(_l("Office"))


def worklist() -> ResponseReturnValue:
    by: By = g.by
    sees_all = may(by, Act.SEE_WORKLIST, Target(office=""))
    require(by, Act.SEE_WORKLIST, Target(office=by.office))
    form = _filter_form(sees_all)
    if number := str(form.number.data or "").strip().upper():
        return redirect(_address_of(number), 303)
    office = str(form.office.data or "")
    scope = _scope(by, office, sees_all=sees_all)
    filters: dict[str, Any] = {
        "states": _named(CaseState, form.state.data),
        "is_open": None if form.state.data in CLOSED else True,  # who asks for what has ended means it
        "item": form.item.data or None,
        **scope,
    }
    lights = _named(Light, form.light.data)
    with reading():
        pages = Pages.of(queries.count_work(at=g.now, lights=lights, **filters), PER_PAGE)
        rows = queries.worklist(at=g.now, lights=lights, limit=PER_PAGE, offset=pages.offset, **filters)
        counted = {light: queries.count_work(at=g.now, lights=(light,), **filters) for light in Light}
        waiting = _waiting(by)
    return page(
        form=form,
        rows=rows,
        pages=pages,
        counted=counted,
        light_titles=LIGHT_TITLES,
        state_titles=STATE_TITLES,
        item_name=item_name,
        people=people,
        clock_text=history.clock_text,
        sees_all=sees_all,
        waiting=waiting,
        may_hand_in=may_hand_in(by),
        kept={name: value for name, value in request.args.items() if name not in ("light", "page", "lang")},
    )


def _filter_form(sees_all: bool) -> FilterForm:
    form = FilterForm(formdata=request.args, meta={"csrf": False})
    form.light.choices = [("", gettext("All")), *((one.value, gettext(LIGHT_TITLES[one])) for one in Light)]
    open_states = [one for one in CaseState if one is not CaseState.DRAFT]
    form.state.choices = [("", gettext("All")), *((one.value, titled(STATE_TITLES[one])) for one in open_states)]
    form.item.choices = [("", gettext("All")), *((code, item_name(code)) for code in sorted(catalogue().item_of))]
    offices = offices_to_choose(g.today) if sees_all else [o for o in offices_to_choose(g.today) if o[0] == g.by.office]
    form.office.choices = [("", gettext("All")), *offices]
    for field in (form.light, form.state, form.item, form.office):
        if field.data not in {choice[0] for choice in field.choices or ()}:
            field.data = ""  # an address typed by hand: what it names is not there
    return form


def _scope(by: By, office: str, *, sees_all: bool) -> dict[str, Any]:
    """An office sees what lies with it or comes to it; one office by name means what lies there, as it is counted."""
    if office and (sees_all or office == by.office):
        return {"offices": (office,)}
    return {} if sees_all else {"by": by}


def _named(kind: type[Named], value: object) -> Collection[Named]:
    return (kind(str(value)),) if value else ()


def _address_of(number: str) -> str:
    view = "clerk.inquiries.inquiry" if "-Q" in number else "clerk.cases.case"
    return url_for(view, number=number)


def _waiting(by: By) -> int:
    """Hand-overs to this person's office, of cases and of inquiries."""
    if by.office is None or not may(by, Act.ACKNOWLEDGE, Target(offered_to=by.office)):
        return 0
    return queries.count_to_acknowledge(by.office) + count_inquiries_to_acknowledge(by.office)


def item_name(code: str) -> str:
    item = catalogue().item_of.get(code.split(":", maxsplit=1)[0])
    return said(item.name) if item else gettext("Something else")


def to_acknowledge() -> ResponseReturnValue:
    by: By = g.by
    require(by, Act.ACKNOWLEDGE, Target(office=by.office, offered_to=by.office))
    assert by.office is not None, "nobody without an office receives hand-overs"
    with reading():
        rows = queries.to_acknowledge(by.office, at=g.now)
        asked = inquiries_to_acknowledge(by.office, at=g.now)
        opinions = _opinions_asked(by) if by.role is Role.REVIEWER else []
    return page(rows=rows, asked=asked, opinions=opinions, item_name=item_name, people=people)


def _opinions_asked(by: By) -> list[queries.WorkItem]:
    """Cases of items that ask this office for its opinion, while they are under review elsewhere."""
    states = (CaseState.ACCEPTED, CaseState.REVIEWING)
    items = {version.code for version in catalogue().versions if by.office in version.joint_offices}
    found = [row for item in sorted(items) for row in queries.worklist(at=g.now, item=item, states=states)]
    return [row for row in found if row.office != by.office and by.office in _still_asked(row.number)]


def _still_asked(number: str) -> set[str]:
    found = queries.case_page(number, at=g.now)
    given = {entry.event.office for entry in found.timeline if entry.event.kind == "joint-opinion-given"}
    return set(found.version.joint_offices) - {office or "" for office in given}
