"""An applicant's own cases: the receipt, where it stands, and the steps that are the applicant's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.appeals.model import InquiryNotFound
from portal.appeals.queries import follow_inquiry, inquiry_page
from portal.basis import By, Refusal, Role, mask_identity_number
from portal.cases.model import STATE_TITLES, CaseNotFound
from portal.cases.queries import CasePage, case_page
from portal.cases.queries import follow as follow_case
from portal.store import reading
from portal.web.citizen import access, acting, case_history, case_story, sealed
from portal.web.citizen.drafts import PROMISED_LATER
from portal.web.citizen.hall.held import forget as forget_numbers
from portal.web.citizen.hall.held import held
from portal.web.citizen.item_form import masked_value, narrow, shown
from portal.web.citizen.trying import tried
from portal.web.forms import Form, Given, TextField
from portal.web.page import page
from portal.web.refused import refused
from portal.web.wording import day, said

cases = Blueprint("cases", __name__)
View = Callable[..., ResponseReturnValue]


class FollowForm(Form):
    counts_once = False

    number = TextField(
        _l("Number of your request"),
        description=_l("On your receipt, for example 990100-2026-000012"),
        validators=[Given(_l("Enter the number of your request"))],
        filters=[narrow],
        render_kw={"classes": "govuk-input--width-20", "autocomplete": "off", "spellcheck": False},
    )
    code = TextField(
        _l("Query code"),
        description=_l("Eight letters and figures, on your receipt beside the number"),
        validators=[Given(_l("Enter the query code"))],
        filters=[narrow],
        render_kw={"classes": "govuk-input--width-10", "autocomplete": "off", "spellcheck": False},
    )


@cases.route("/follow", methods=["GET", "POST"])
def follow() -> ResponseReturnValue:
    """The link behind the QR fills the form in; nothing is opened before the button is pressed."""
    form = FollowForm(data={"number": request.args.get("number", "")})
    if form.validate_on_submit():
        number, code = str(form.number.data).upper(), str(form.code.data)
        place, wait = tried(form, number, lambda: _opened(number, code))
        if place is not None:
            access.grant(number, code.upper())
            return redirect(place, 303)
        if wait:
            return page(form=form, opened=opened_here(), held=held()), 429, wait
    return page(form=form, opened=opened_here(), held=held()), form.status


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that this browser may open, as its list names it; ``state`` is a msgid."""

    number: str
    address: str
    what: str
    state: str
    due_on: date | None = None


def opened_here() -> list[Opened]:
    """The newest first, without what is no longer there."""
    with reading():
        return [found for number in access.numbers() if (found := _listed(number))]


def _listed(number: str) -> Opened | None:
    try:
        if "-Q" in number:
            asked = inquiry_page(number)
            address = url_for("citizen.appeals.inquiry", number=number)
            return Opened(number, address, gettext("I asked and was sent away"), asked.title)
        found = case_page(number, at=g.now)
    except (CaseNotFound, InquiryNotFound):
        return None
    due = min((clock.due_on for clock in found.clocks if clock.is_open and clock.due_on), default=None)
    address = url_for("citizen.cases.case", number=number)
    return Opened(number, address, said(found.version.name), STATE_TITLES[found.case.state], due)


def _opened(number: str, code: str) -> str:
    """:raises Refusal: number or code is wrong."""
    if "-Q" in number:
        follow_inquiry(number, code)
        return url_for("citizen.appeals.inquiry", number=number)
    follow_case(number, code, at=g.now)
    return url_for("citizen.cases.case", number=number)


@cases.post("/follow/forget")
def forget() -> ResponseReturnValue:
    access.forget()
    forget_numbers()
    flash(gettext("This browser no longer opens any request without number and code."), "success")
    return redirect(url_for("citizen.cases.follow"), 303)


def own_case(view: View) -> View:
    """Give the view the case if this browser may open it; all others get the form that asks for number and code."""

    @wraps(view)
    def with_case(number: str, **places: Any) -> ResponseReturnValue:
        if "-Q" not in number and (access.is_granted(number) or acting.citizen() is not None):
            try:
                with reading():
                    found = case_page(number, at=g.now)
                    g.by_in_case = acting.by_in(found)
            except CaseNotFound:
                g.by_in_case = None
            if g.by_in_case is not None:
                return view(found, **places)
        form = FollowForm(formdata=None, data={"number": number})
        return render_template(
            "citizen/cases/follow.html",
            form=form,
            opened=opened_here(),
            held=held(),
            is_closed=True,
        ), 404

    return with_case


def applicant(found: CasePage) -> By:
    """As whom this browser acts in the case that ``own_case`` has opened: the applicant, or an agent."""
    by: By = g.get("by_in_case") or By(found.case.applicant, Role.APPLICANT)
    return by


@cases.get("/cases/<number>")
@own_case
def case(found: CasePage) -> ResponseReturnValue:
    with reading():
        return page(
            found=found,
            state_title=STATE_TITLES[found.case.state],
            what_next=case_story.WHAT_NEXT.get(found.case.state, ""),
            stages=case_story.stages(found),
            who=case_story.who_answers(found.case.holder),
            first=case_story.who_answers(found.case.first_responder),
            passing_to=case_story.office_name(found.case.passing.to_office) if found.case.passing else "",
            clocks=[clock for clock in found.running if clock.limit_kind != "statutory"],
            statutory={clock.name: clock for clock in found.clocks if clock.limit_kind == "statutory"},
            stopped=[clock for clock in found.clocks if not clock.is_open and clock.limit_kind != "statutory"],
            why_late=case_story.why_late(found),
            steps=found.possible_steps(applicant(found)),
            demanded=[case_story.material_name(found.version, code) for code in sorted(found.case.demanded)],
            deferred=[case_story.material_name(found.version, code) for code in sorted(found.case.deferred)],
            personal=masked(found),
            later=later(found),
            ahead=case_story.decision_ahead(found),
            story=case_story,
            told=case_history.told,
            has_code=bool(access.code_of(found.number)),
        )


@cases.get("/cases/<number>/receipt")
@own_case
def receipt(found: CasePage) -> ResponseReturnValue:
    code = access.code_of(found.number)
    # Behind "#", which no browser sends: follow.js puts it into its box (ASVS 5.0, 14.2.1).
    anchor = f"q={code}" if code else None
    address = url_for("citizen.cases.follow", number=found.number, _anchor=anchor, _external=True)
    due = found.promised
    with reading():
        entry = sealed.entry_of(found.number)
    return page(
        found=found,
        entry=entry,
        code=code,
        address=address,
        qr=segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4),
        due=due,
        trace=found.trace(due) if due else (),
        others=[clock for clock in found.running if clock.limit_kind == "promised" and clock is not due],
        statutory=next((c for c in found.running if due and c.name == due.name and c.limit_kind == "statutory"), None),
        who=case_story.who_answers(found.case.holder),
        ahead=case_story.decision_ahead(found),
        later=later(found),
        papers=[(case_story.material_name(found.version, paper.code), paper) for paper in found.papers],
    )


@cases.get("/cases/<number>/receipt.json")
@own_case
def receipt_file(found: CasePage) -> ResponseReturnValue:
    """The proof that the hand-in is in the sealed ledger, to be checked anywhere."""
    try:
        with reading():
            content = sealed.receipt_of(found.number)
    except Refusal as refusal:
        flash(refused(refusal))
        return redirect(url_for("citizen.cases.receipt", number=found.number), 303)
    return Response(content, mimetype="application/json", headers={"Cache-Control": "no-store"})


def later(found: CasePage) -> list[str]:
    """Names of the materials that the applicant said would follow, as long as they have not."""
    here = {paper.code for paper in found.papers}
    codes = found.personal.get(PROMISED_LATER, "").split()
    return [case_story.material_name(found.version, code) for code in codes if code not in here]


def masked(found: CasePage) -> list[tuple[str, str]]:
    """What was typed, with personal facts shortened: enough to recognise one's own."""
    rows: list[tuple[str, str]] = []
    for field in found.version.fields:
        name, value = field.name, found.personal.get(field.name, "")
        if not value:
            continue
        text = shown(field, value)
        if field.is_personal:
            text = masked_value(name, field.kind, value)
        elif name == "credit-code":
            text = mask_identity_number(value)
        rows.append((said(field.label), day(text) if isinstance(text, date) else text))
    return rows
