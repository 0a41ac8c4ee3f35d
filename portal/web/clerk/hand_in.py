"""Handing in at a window: the clerk fills in the form for who stands there, and gives the receipt with its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, may, require
from portal.basis import By, NotAllowed, Refusal
from portal.cases import operations
from portal.cases.model import HandedIn, Step, Submission
from portal.cases.model.handin import query_code
from portal.catalogue.model import ItemNotInForce, ItemVersion
from portal.catalogue.queries import catalogue
from portal.store import transaction
from portal.web.citizen import drafts
from portal.web.citizen.drafts import Draft
from portal.web.citizen.item_form import filled, form_for, typed
from portal.web.citizen.material_form import material_form, removed, take_in
from portal.web.forms import Form, Given, RadioField, SelectField, TickField
from portal.web.hidden import hidden, shown
from portal.web.page import page
from portal.web.wording import said

hand_in = Blueprint("hand_in", __name__, url_prefix="/hand-in")
View = Callable[..., ResponseReturnValue]
WINDOW = "window"
_RECEIPT = "receipt"


def may_hand_in(by: By) -> bool:
    return may(by, Act.SUBMIT, Target(office=by.office))


def offered() -> dict[str, ItemVersion]:
    """What the clerk's own office handles today, by item: a window takes all of it (条例722号 第三十七条)."""
    found: dict[str, ItemVersion] = {}
    area = catalogue().office(g.by.office).area
    for code in catalogue().item_of:
        try:
            version = catalogue().in_force(code, g.today, area)
        except ItemNotInForce:
            continue
        if catalogue().office_as_of(version.office, g.today).code == g.by.office:
            found[code] = version
    return found


class ItemForm(Form):
    item = SelectField(_l("What does the person apply for?"), validators=[Given(_l("Choose an item"))])


@hand_in.route("/", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    require(g.by, Act.SUBMIT, Target(office=g.by.office))
    versions = offered()
    form = ItemForm()
    names = sorted(((code, said(version.name)) for code, version in versions.items()), key=lambda one: one[1])
    form.item.offer([("", gettext("Choose")), *names])
    if not form.validate_on_submit():
        return page(form=form, is_empty=not versions), form.status
    with transaction():
        draft = drafts.begin(versions[str(form.item.data)], at=g.now)
    return redirect(_next_page(draft), 303)


def own_draft(view: View) -> View:
    """Give the view its draft, of this session and of an item that the clerk's office still handles."""

    @wraps(view)
    def with_draft(token: str, **places: Any) -> ResponseReturnValue:
        require(g.by, Act.SUBMIT, Target(office=g.by.office))
        version = offered().get(drafts.item_of(token) or "")
        draft = drafts.draft_of(token, version) if version else None
        if draft is None:
            abort(404)
        if draft.number:
            return _to_receipt(draft.number, query_code(draft.idempotency_key, draft.number))
        return view(draft, **places)

    return with_draft


class QuestionForm(Form):
    answer = RadioField(_l("The person's answer"), validators=[Given(_l("Choose one of the answers"))])


@hand_in.route("/<token>/question/<code>", methods=["GET", "POST"])
@own_draft
def question(draft: Draft, code: str) -> ResponseReturnValue:
    asked = draft.version.question(code)
    walked = [one.code for one, _ in draft.path]
    if asked is None or (code not in walked and asked != draft.next_question):
        abort(404)
    form = QuestionForm(answer=draft.answers.get(code))
    form.answer.offer((option.code, said(option.label)) for option in asked.options)
    if not form.validate_on_submit():
        return page(form=form, question=asked, draft=draft, back=_before(draft, code)), form.status
    with transaction():
        draft = drafts.save(draft, at=g.now, answers={**draft.answers, code: form.answer.data})
    return redirect(_next_page(draft), 303)


def _window_form(draft: Draft) -> type[Form]:
    """The fields of the situation, and for each material a tick for the paper shown and a place for its scan."""
    assert draft.situation is not None, "every question is answered"
    bases = (
        form_for(draft.version, draft.situation),
        material_form(draft.materials),
    )  # mistakes are told in this order
    seen = {f"seen_{material.code}": TickField(gettext("Seen on paper")) for material in draft.materials}
    is_true = TickField(
        gettext("The person has read what is written here and says that it is true"),
        validators=[Given(gettext("Let the person read it, then tick the box"))],
    )
    return type("WindowForm", bases, {**seen, "is_true": is_true})


@hand_in.route("/<token>/form", methods=["GET", "POST"])
@own_draft
def fill_in(draft: Draft) -> ResponseReturnValue:
    if draft.situation is None:
        return redirect(_next_page(draft), 303)
    later = {f"later_{code}": True for code in draft.later}
    form = _window_form(draft)(data={**typed(draft.version, draft.fields), **later})
    if not form.is_submitted():
        return page(form=form, draft=draft, back=_before(draft))
    is_valid = form.validate()
    with transaction():
        draft = drafts.save(draft, at=g.now, fields=filled(form))
    if draft.materials:
        draft = take_in(draft, form, at=g.now)
    if unwanted := request.form.get("remove"):
        draft = removed(draft, unwanted, at=g.now)
        return page(form=form, draft=draft, back=_before(draft))
    if is_valid and not form.errors:
        try:
            return _to_receipt(*_submitted(draft, form))
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
    return page(form=form, draft=draft, back=_before(draft)), form.status


@hand_in.post("/<token>/discard")
@own_draft
def discard(draft: Draft) -> ResponseReturnValue:
    with transaction():
        drafts.discard(draft)
    flash(gettext("The draft and its files have been deleted."), "success")
    return redirect(url_for("clerk.hand_in.choose"), 303)


def _submitted(draft: Draft, form: Form) -> tuple[str, str]:
    """Handed in and received (收件) in one breath; a second click finds the draft closed and gets the same receipt."""
    with transaction():
        fresh = drafts.draft_of(draft.token, draft.version)
        if fresh is None:
            abort(404)
        if fresh.number:
            return fresh.number, query_code(fresh.idempotency_key, fresh.number)
        receipt = operations.submit(_submission(fresh, form), by=g.by, at=g.now)
        operations.record(receipt.number, Step.RECEIVE, by=g.by, at=g.now, channel=WINDOW, target_at=fresh.expiry)
        drafts.close(fresh, receipt.number, at=g.now)
    return receipt.number, receipt.query_code


def _submission(draft: Draft, form: Form) -> Submission:
    """A paper that was only shown counts as handed in; what is neither shown nor scanned is missing, and told once."""
    handed_in = draft.submission()
    scanned = {material.code for material in handed_in.materials}
    shown = [m.code for m in draft.materials if form[f"seen_{m.code}"].data and m.code not in scanned]
    papers = (*handed_in.materials, *(HandedIn(code) for code in shown))
    return replace(handed_in, channel=WINDOW, materials=papers)


def _to_receipt(number: str, code: str) -> ResponseReturnValue:
    session[_RECEIPT] = {"number": number, "code": hidden(code, number)}
    return redirect(url_for("clerk.cases.receipt", number=number), 303)


def code_shown(number: str) -> str:
    """The query code of what was handed in last in this session, for its receipt; else none."""
    kept = session.get(_RECEIPT, {})
    return shown(str(kept.get("code", "")), number) if kept.get("number") == number else ""


def _next_page(draft: Draft) -> str:
    asked = draft.next_question
    return _page(draft, "question", code=asked.code) if asked else _page(draft, "fill_in")


def _before(draft: Draft, code: str | None = None) -> str:
    codes = [walked.code for walked, _ in draft.path]
    place = codes.index(code) if code in codes else len(codes)
    return _page(draft, "question", code=codes[place - 1]) if place else url_for("clerk.hand_in.choose")


def _page(draft: Draft, view: str, **places: Any) -> str:
    return url_for(f"clerk.hand_in.{view}", token=draft.token, **places)
