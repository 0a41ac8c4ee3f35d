"""Outages: what was down, declared by who supervises and never by who is excused, and made up for in every case."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.accounts.policy import Act, Target, may, require
from portal.basis import By, NotAllowed, Refusal
from portal.cases import operations, queries
from portal.catalogue.queries import catalogue
from portal.store import reading, transaction
from portal.web.clerk.questions import days_said
from portal.web.forms import CheckboxesField, DateField, Form, Given, LongTextField, TextField, ValidationError
from portal.web.page import page
from portal.web.staff import history, people
from portal.web.staff.paging import Pages

PER_PAGE = 25
LONGEST = 300
CHANNELS = ("web", "app", "kiosk", "window", "phone", "village")


class OutageForm(Form):
    offices = CheckboxesField(_l("Which offices could not work, or not be reached?"))
    channels = CheckboxesField(_l("Which ways in were down? (none ticked means all of them)"))
    from_on = DateField(
        _l("First day"),
        description=_l("For example 2026 9 28 (year, month, day)"),
        validators=[Given(_l("Give the first day"))],
    )
    until_on = DateField(
        _l("Last day"),
        description=_l("Today at the latest. If it goes on, declare the rest later."),
        validators=[Given(_l("Give the last day"))],
    )
    cause = LongTextField(
        _l("What happened?"),
        description=_l("Applicants read this beside their case. No names of persons."),
        validators=[Given(_l("Say what happened")), Length(max=LONGEST, message=_l("At most 300 characters"))],
        render_kw={"rows": 3},
    )
    evidence = TextField(
        _l("Evidence"),
        description=_l("Number of the fault report or of the probe's record, so that anybody can check it"),
        validators=[Given(_l("Name the evidence")), Length(max=200, message=_l("At most 200 characters"))],
    )

    def validate_offices(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick at least one office"))


def may_declare(by: By) -> bool:
    return may(by, Act.DECLARE_OUTAGE)


def listing() -> ResponseReturnValue:
    require(g.by, Act.SEE_FINDINGS, Target(office=g.by.office))
    with reading():
        declared = queries.declared_outages()
        pages = Pages.of(len(declared), PER_PAGE)
        rows = declared[pages.offset : pages.offset + PER_PAGE]
        return page(
            rows=rows,
            pages=pages,
            may_declare=may_declare(g.by),
            days_said=days_said,
            channels_said=channels_said,
            people=people,
        )


def channels_said(channels: tuple[str, ...]) -> str:
    if not channels:
        return str(gettext("every way in"))
    return str(gettext(", ")).join(gettext(history.WORDS[code]) for code in channels)


def declare() -> ResponseReturnValue:
    require(g.by, Act.DECLARE_OUTAGE)
    form = OutageForm()
    form.offices.offer(_offices())
    form.channels.offer((code, gettext(history.WORDS[code])) for code in CHANNELS)
    if form.validate_on_submit():
        try:
            outage, hit = _declared(form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            told = ngettext("%(num)s open case got the days", "%(num)s open cases got the days", hit)
            flash(gettext("Outage %(number)s is declared: %(told)s.", number=outage, told=told), "success")
            return redirect(url_for("supervisor.outages"), 303)
    return page(form=form), form.status


def _offices() -> list[tuple[str, str]]:
    standing = [office for office in catalogue().offices if office.is_standing(g.today)]
    return [(office.code, people.office_name(office.code)) for office in standing]


def _declared(form: OutageForm) -> tuple[str, int]:
    facts: dict[str, Any] = {name: form[name].data for name in ("from_on", "until_on", "cause", "evidence")}
    with transaction():
        outage, linked = operations.declare_outage(
            offices=form.offices.data or (), channels=form.channels.data or (), by=g.by, at=g.now, **facts
        )
    return outage.number, len(linked)
