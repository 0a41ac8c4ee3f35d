"""My data: who looked at them, a copy to read or to take along, and the wishes to correct or erase them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal import vault
from portal.accounts.persons.queries import has_attached
from portal.basis import Bilingual, By, Refusal, Role, mask_name
from portal.cases.queries import case_page
from portal.catalogue.model import FieldKind, FormField
from portal.data_rights import operations, queries
from portal.data_rights.matters import matter_of
from portal.data_rights.model import KEEPING_OF, OUTCOME_TITLES, WISH_TITLES, Asked, CopiesTaken, Matter, Wish
from portal.store import reading, transaction
from portal.web.citizen import access, acting
from portal.web.citizen.cases import FollowForm, masked, opened_here
from portal.web.citizen.item_form import put_right, shown
from portal.web.forms import Form, Given, LongTextField, RadioField, SelectField, TextField, ValidationError
from portal.web.page import page
from portal.web.refused import refused
from portal.web.staff import people
from portal.web.staff.unmask import reason_title
from portal.web.wording import said

my_data = Blueprint("my_data", __name__, url_prefix="/my-data")
View = Callable[..., ResponseReturnValue]
SHORTEST, LONGEST = 5, 1000
_PHONE = FormField("phone", Bilingual("电话", "Telephone"), FieldKind.PHONE, is_required=False, is_personal=True)


def about_number(number: str) -> str:
    return f"inquiry/{number}" if "-Q" in number else f"case/{number}"


def own_matter(view: View) -> View:
    """Give the view the matter if this browser may open it; all others get the form that asks for number and code."""

    @wraps(view)
    def with_matter(number: str, **places: Any) -> ResponseReturnValue:
        account = acting.citizen()
        if access.is_granted(number) or account is not None:
            try:
                with reading():
                    matter = matter_of(about_number(number))
                    is_own = access.is_granted(number) or (
                        account is not None and (matter.applicant == account.id or has_attached(account.id, number))
                    )
            except Refusal:
                is_own = False
            if is_own:
                return view(number, matter, **places)
        form = FollowForm(formdata=None, data={"number": number})
        return render_template("citizen/cases/follow.html", form=form, opened=opened_here(), is_closed=True), 404

    return with_matter


@my_data.get("/<number>")
@own_matter
def overview(number: str, matter: Matter) -> ResponseReturnValue:
    with reading():
        found = case_page(number, at=g.now) if matter.about.startswith("case/") else None
        return page(
            number=number,
            matter=matter,
            back=_back(number),
            state=vault.state_of(matter.about),
            keeping=KEEPING_OF[matter.sort],
            personal=masked(found) if found else [],
            looks=[(look, people.office_name(look.office), _who(look)) for look in queries.looks_at(matter.about)],
            reason_title=reason_title,
            asked=[
                (asked, queries.words_of(asked.event), _answer(asked)) for asked in queries.asked_about(matter.about)
            ],
            wish_titles=WISH_TITLES,
            outcome_titles=OUTCOME_TITLES,
        )


def _back(number: str) -> str:
    return url_for("citizen.appeals.inquiry" if "-Q" in number else "citizen.cases.case", number=number)


def _who(look: queries.Look) -> str:
    """Post and masked name: whoever looked is named to the person by the post, not by the full name."""
    if look.is_own:
        return ""
    name = mask_name(people.person_name(look.actor))
    return f"{people.post_title(look.post)} {name}".strip()


def _answer(asked: Asked) -> str:
    return str(queries.words_of(asked.answer).get("text", "")) if asked.answer else ""


@my_data.post("/<number>/copy")
@own_matter
def copy(number: str, matter: Matter) -> ResponseReturnValue:
    """A copy in full, as a page or as a file (个人信息保护法 第四十五条); that it was taken is kept on record."""
    form = "file" if request.form.get("form") == "file" else "page"
    try:
        with transaction():
            operations.note_copy(matter.about, form, by=By(matter.applicant, Role.APPLICANT), at=g.now)
    except CopiesTaken as refusal:
        flash(refused(refusal))
        return redirect(url_for("citizen.my_data.overview", number=number), 303)
    with reading():
        copied = queries.own_data([matter.about], at=g.now)
    if form == "page":
        return page(number=number, copied=copied["matters"][0], labels=_labels(matter))
    text = json.dumps(copied, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f"attachment; filename={number}.json", "Cache-Control": "no-store"}
    return Response(text, mimetype="application/json", headers=headers)


def _labels(matter: Matter) -> list[tuple[str, str]]:
    """Label and value in full, in the order of the form."""
    if not matter.about.startswith("case/"):
        return []
    with reading():
        found = case_page(matter.about.partition("/")[2], at=g.now)
    fields = [field for field in found.version.fields if found.personal.get(field.name)]
    listed = [(said(field.label), str(shown(field, found.personal[field.name]))) for field in fields]
    asked = {field.name for field in fields}
    return [*listed, *((name, text) for name, text in found.personal.items() if name not in asked)]


class WishForm(Form):
    wish = RadioField(
        _l("What do you want?"),
        choices=[(wish.value, _l(title)) for wish, title in WISH_TITLES.items()],
        validators=[Given(_l("Choose what you want"))],
    )
    field = SelectField(_l("What is wrong? (only to correct)"))
    value = TextField(_l("How it should read (only to correct)"), validators=[Length(max=200)])
    text = LongTextField(
        _l("Why?"),
        description=_l("A sentence or two. Leave out numbers of identity cards and accounts."),
        validators=[Given(_l("Say why")), Length(max=LONGEST, message=_l("At most 1000 characters"))],
        render_kw={"rows": 4},
    )


@my_data.route("/<number>/request", methods=["GET", "POST"])
@own_matter
def request_change(number: str, matter: Matter) -> ResponseReturnValue:
    form = WishForm()
    form.field.offer([("", gettext("Choose")), *_fields(matter)])
    if form.validate_on_submit():
        wish = Wish(str(form.wish.data))
        corrected = _corrected(form, matter) if form.field.data and form.value.data else None
        if form.errors:
            return page(number=number, matter=matter, form=form), 422
        if wish is Wish.CORRECT and not corrected:
            form.complain(
                "field" if not form.field.data else "value", gettext("Say what is wrong and how it should read")
            )
            return page(number=number, matter=matter, form=form), 422
        try:
            with transaction():
                by = By(matter.applicant, Role.APPLICANT)
                given = corrected if wish is Wish.CORRECT else None
                operations.ask(matter.about, wish, str(form.text.data), by=by, at=g.now, corrected=given)
        except Refusal as refusal:
            form.refuse(refusal)
            return page(number=number, matter=matter, form=form), 409
        flash(gettext("It is on record. The day by which you get an answer stands below."), "success")
        return redirect(url_for("citizen.my_data.overview", number=number), 303)
    return page(number=number, matter=matter, form=form), form.status


def _corrected(form: WishForm, matter: Matter) -> dict[str, str]:
    """The field as it should read. It stands on every page of the case once it is granted: nothing unreadable may."""
    name, value = str(form.field.data), str(form.value.data)
    try:
        return {name: put_right(_asked(matter)[name], value) if name in _asked(matter) else value}
    except ValidationError as wrong:
        form.complain("value", str(wrong))
        return {}


def _asked(matter: Matter) -> dict[str, FormField]:
    if not matter.about.startswith("case/"):
        return {"phone": _PHONE}
    with reading():
        found = case_page(matter.about.partition("/")[2], at=g.now)
    return {field.name: field for field in found.version.fields}


def _fields(matter: Matter) -> list[tuple[str, str]]:
    if not matter.about.startswith("case/"):
        return [("phone", gettext("Telephone")), ("question", gettext("Question"))]
    with reading():
        found = case_page(matter.about.partition("/")[2], at=g.now)
    return [(field.name, said(field.label)) for field in found.version.fields if found.personal.get(field.name)]
