"""Handing in: the situation one question at a time, then the form, the materials, a last look, and the receipt."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.agents.model import AuthorisationNotFound
from portal.accounts.agents.queries import authorisation, require_authorised
from portal.basis import By, Refusal, Role
from portal.cases import operations
from portal.cases.model.handin import query_code
from portal.catalogue.model import Channel, Flow, Question
from portal.ledger.gate import require_sealed
from portal.store import transaction
from portal.web.citizen import access, acting, drafts
from portal.web.citizen.drafts import Draft
from portal.web.citizen.item_form import filled, form_for, shown, typed
from portal.web.citizen.items import version_or_404
from portal.web.citizen.material_form import material_form, removed, take_in
from portal.web.citizen.promises import answer_of, promises
from portal.web.forms import Form, Given, RadioField, TickField
from portal.web.page import page
from portal.web.wording import said

applications = Blueprint("applications", __name__)
View = Callable[..., ResponseReturnValue]
STEPS = ("question", "details", "materials", "check")


@applications.post("/items/<item>/apply")
def start(item: str) -> ResponseReturnValue:
    version = version_or_404(item)
    if Channel.WEB not in version.channels:
        abort(404)
    if given := acting.chosen():  # told before the whole form is filled in for nothing
        require_authorised(acting.by_on(given), given.principal, version.code, g.today)
    try:
        with transaction():
            draft = drafts.begin(version, at=g.now)
            if "probe" in request.form:  # the portal tries itself: everything is used, and nothing of it is kept
                require_sealed(g.now)
                raise OnlyAProbe
    except OnlyAProbe:
        drafts.forget_newest()
        return "", 204
    return redirect(next_page(draft), 303)


class OnlyAProbe(Exception):
    """Takes the draft back with the unit in which it was begun."""


def own_draft(view: View) -> View:
    """Give the view its draft; one of another session, or one thrown away, is not there."""

    @wraps(view)
    def with_draft(token: str, **places: Any) -> ResponseReturnValue:
        item = drafts.item_of(token)
        draft = drafts.draft_of(token, version_or_404(item)) if item else None
        if draft is None or not _is_own(draft):
            abort(404)
        if draft.number and request.endpoint != "citizen.applications.check":
            return redirect(url_for("citizen.cases.receipt", number=draft.number), 303)
        if draft.is_for_new_version:
            flash(gettext("The service has changed since you began. Look through your answers once more."), "notice")
            with transaction():
                draft = drafts.save(draft, at=g.now, seen=frozenset(), is_for_new_version=False)
        return view(draft, **places)

    return with_draft


def _is_own(draft: Draft) -> bool:
    """A draft begun by somebody who was signed in is theirs, not the browser's: the next visitor may sit at it."""
    signed_in = acting.citizen()
    if draft.authorisation:
        return signed_in is not None and signed_in.id == authorisation(draft.authorisation).agent
    return not draft.account or (signed_in is not None and signed_in.id == draft.account)


@applications.get("/apply/<token>")
@own_draft
def resume(draft: Draft) -> ResponseReturnValue:
    return redirect(next_page(draft), 303)


class QuestionForm(Form):
    answer = RadioField(_l("Your answer"), validators=[Given(_l("Choose one of the answers"))])


@applications.route("/apply/<token>/question/<code>", methods=["GET", "POST"])
@own_draft
def question(draft: Draft, code: str) -> ResponseReturnValue:
    asked = draft.version.question(code)
    if asked is None or not _is_reached(draft, asked):
        abort(404)
    form = QuestionForm(answer=draft.answers.get(code))
    form.answer.offer((option.code, said(option.label)) for option in asked.options)
    if not form.validate_on_submit():
        return page(form=form, question=asked, draft=draft, back=_before(draft, asked), **_progress(1)), form.status
    with transaction():
        draft = drafts.save(draft, at=g.now, answers={**draft.answers, code: form.answer.data})
    return redirect(next_page(draft), 303)


@applications.route("/apply/<token>/details", methods=["GET", "POST"])
@own_draft
def details(draft: Draft) -> ResponseReturnValue:
    if draft.situation is None:
        return redirect(next_page(draft), 303)
    form = form_for(draft.version, draft.situation)(data=typed(draft.version, draft.fields))
    if not form.validate_on_submit():
        back = _page(draft, "question", code=draft.path[-1][0].code) if draft.path else None
        return page(form=form, draft=draft, back=back, **_progress(2)), form.status
    with transaction():
        draft = drafts.save(draft, at=g.now, fields=filled(form), seen=draft.seen | {"details"})
    return redirect(next_page(draft), 303)


@applications.route("/apply/<token>/materials", methods=["GET", "POST"])
@own_draft
def materials(draft: Draft) -> ResponseReturnValue:
    if draft.situation is None or not draft.materials:
        return redirect(next_page(draft), 303)
    form = material_form(draft.materials)(data={f"later_{code}": True for code in draft.later})
    if not form.is_submitted():
        return page(form=form, draft=draft, back=_page(draft, "details"), **_progress(3))
    form.validate()
    draft = take_in(draft, form, at=g.now)
    if unwanted := request.form.get("remove"):
        draft = removed(draft, unwanted, at=g.now)
        return redirect(_page(draft, "materials"), 303)
    for material in draft.missing:
        if not form[f"m_{material.code}"].errors:
            form.complain(f"m_{material.code}", gettext("Choose a file: %(material)s", material=said(material.name)))
    if form.errors:
        return page(form=form, draft=draft, back=_page(draft, "details"), **_progress(3)), 422
    with transaction():
        draft = drafts.save(draft, at=g.now, seen=draft.seen | {"materials"})
    return redirect(next_page(draft), 303)


class DeclarationForm(Form):
    is_true = TickField(
        _l("What I have written is true and complete, and I answer for the materials I hand in."),
        validators=[Given(_l("Tick the box to say that what you wrote is true"))],
    )


@applications.route("/apply/<token>/check", methods=["GET", "POST"])
@own_draft
def check(draft: Draft) -> ResponseReturnValue:
    if draft.number:
        code = query_code(draft.idempotency_key, draft.number)
        return _to_receipt(draft.number, code, is_by_agent=bool(draft.authorisation))
    if (ahead := next_page(draft)) != _page(draft, "check"):
        return redirect(ahead, 303)
    form = DeclarationForm()
    if form.validate_on_submit():
        try:
            return _to_receipt(*_hand_in(draft), is_by_agent=bool(draft.authorisation))
        except drafts.DraftChanged:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
    assert draft.situation is not None, "the check is the last page"
    fields = draft.version.fields_for(draft.situation)
    return page(
        form=form,
        draft=draft,
        fields=[(asked, shown(asked, draft.fields[asked.name])) for asked in fields if asked.name in draft.fields],
        is_promise=draft.situation.flow is Flow.PROMISE,
        answer=answer_of(promises(draft.version, draft.situation, at=g.now)),
        back=_page(draft, "materials" if draft.materials else "details"),
        **_progress(4),
    ), form.status


@applications.post("/apply/<token>/discard")
@own_draft
def discard(draft: Draft) -> ResponseReturnValue:
    with transaction():
        drafts.discard(draft)
    flash(gettext("The draft and its files have been deleted."), "success")
    return redirect(url_for("citizen.items.guide", item=draft.version.code), 303)


@applications.errorhandler(drafts.DraftChanged)
def go_on_with_it(refusal: drafts.DraftChanged) -> ResponseReturnValue:
    """Two clicks, or two windows: on to where the other one has led."""
    flash(gettext(refusal.message), "notice")
    return redirect(url_for("citizen.applications.resume", token=(request.view_args or {})["token"]), 303)


def _hand_in(draft: Draft) -> tuple[str, str]:
    """Number and query code; a second click finds the draft closed and gets the same."""
    with transaction():
        fresh = drafts.draft_of(draft.token, draft.version)
        if fresh is None:
            abort(404)
        if fresh.number:
            return fresh.number, query_code(fresh.idempotency_key, fresh.number)
        if next_page(fresh) != _page(fresh, "check"):  # a file was taken away in another window, for example
            raise drafts.DraftChanged
        receipt = operations.submit(fresh.submission(), by=_by(fresh), at=g.now)
        drafts.close(fresh, receipt.number, at=g.now)
    return receipt.number, receipt.query_code


def _by(draft: Draft) -> By:
    """:raises Refusal: the authorisation on which the draft was begun is none of who is signed in now."""
    if not draft.authorisation:
        return By(draft.applicant, Role.APPLICANT)
    given = authorisation(draft.authorisation)
    if g.get("account") is None or g.account.id != given.agent:
        raise AuthorisationNotFound
    return acting.by_on(given)


def _to_receipt(number: str, code: str, *, is_by_agent: bool = False) -> ResponseReturnValue:
    """An agent gets no query code: the authorisation opens the case, and closes it when it ends."""
    if not is_by_agent:
        access.grant(number, code)
    return redirect(url_for("citizen.cases.receipt", number=number), 303)


def next_page(draft: Draft) -> str:
    """The first page that still wants something, else the last look."""
    asked = draft.next_question
    if asked is not None:
        return _page(draft, "question", code=asked.code)
    situation = draft.situation
    assert situation is not None, "every question is answered"
    wanted = [field.name for field in draft.version.fields_for(situation) if field.is_required]
    if "details" not in draft.seen or any(name not in draft.fields for name in wanted):
        return _page(draft, "details")
    if draft.materials and ("materials" not in draft.seen or draft.missing):
        return _page(draft, "materials")
    return _page(draft, "check")


def _page(draft: Draft, view: str, **places: Any) -> str:
    return url_for(f"citizen.applications.{view}", token=draft.token, **places)


def _is_reached(draft: Draft, asked: Question) -> bool:
    on_the_way = [walked.code for walked, _ in draft.path]
    return asked.code in on_the_way or asked == draft.next_question


def _before(draft: Draft, asked: Question) -> str:
    codes = [walked.code for walked, _ in draft.path]
    place = codes.index(asked.code) if asked.code in codes else len(codes)
    if place == 0:
        return url_for("citizen.items.guide", item=draft.version.code)
    return _page(draft, "question", code=codes[place - 1])


def _progress(step: int) -> dict[str, int]:
    return {"step": step, "steps": len(STEPS), "draft_days": drafts.KEPT_FOR.days}
