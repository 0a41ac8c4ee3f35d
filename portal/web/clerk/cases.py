"""One case as its office sees it: clocks, papers, history, and the steps that this person may take now."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.model import ROLE_TITLES
from portal.accounts.policy import Act, may, require
from portal.basis import NotAllowed, Refusal
from portal.cases import operations, queries
from portal.cases.duties import target_of
from portal.cases.model import KIND_OF, STATE_TITLES, STEP_OF, CaseNotFound, Step, StepNotPossible, title_of
from portal.cases.queries import CasePage
from portal.cases.uploads import read_upload
from portal.compliance.findings.queries import findings
from portal.store import reading, transaction
from portal.vault import Unreadable
from portal.web import journal
from portal.web.citizen import sealed
from portal.web.citizen.case_story import days_left_text
from portal.web.citizen.drafts import uploads_folder
from portal.web.clerk.hand_in import code_shown
from portal.web.clerk.plans import PLANS, Plan, facts_of
from portal.web.clerk.questions import missing
from portal.web.forms import Form
from portal.web.once import sent_once
from portal.web.page import page
from portal.web.refused import refused
from portal.web.staff import history, people, sight
from portal.web.staff.findings import titled
from portal.web.staff.unmask import ReasonForm, shown_fields
from portal.web.uploads import KINDS

cases = Blueprint("cases", __name__, url_prefix="/cases")


@cases.get("/<number>")
def case(number: str) -> ResponseReturnValue:
    found = sight.visible_case(number)
    is_shown = sight.may_unmask(found) and sight.is_shown(number)
    with reading():
        waiting = queries.proposals(number=number)
        return page(
            found=found,
            state_title=STATE_TITLES[found.case.state],
            steps=_offered(found, {proposal.kind for proposal in waiting}),
            waiting=[(PLANS[STEP_OF[proposal.kind]], proposal) for proposal in waiting],
            role_titles=ROLE_TITLES,
            papers=[(place, history.material_name(found.version, p.code), p) for place, p in enumerate(found.papers)],
            missing=[] if found.case.is_accepted else _not_there(found),
            personal=sight.personal_facts(found, unmasked=is_shown),
            may_unmask=sight.may_unmask(found),
            is_shown=is_shown,
            history=history,
            people=people,
            days_left_text=days_left_text,
            faults=titled(findings(about=f"case/{number}")) if _may_see_findings(found) else [],
        )


def _offered(found: CasePage, waiting: set[str]) -> list[tuple[Step, Plan]]:
    """Possible steps that have a form; not those that wait for somebody's consent already."""
    return [(step, PLANS[step]) for step in _possible(found) if KIND_OF[step] not in waiting]


def _possible(found: CasePage) -> tuple[Step, ...]:
    """Steps that have a form here; an item that asks for no material leaves nothing to correct."""
    can_ask = bool(found.version.materials_for(found.case.situation))
    steps = (step for step in found.possible_steps(g.by) if step in PLANS)
    return tuple(step for step in steps if can_ask or step is not Step.NOTICE_CORRECTION)


def _not_there(found: CasePage) -> list[str]:
    wanted = found.version.materials_for(found.case.situation)
    return [history.material_name(found.version, code) for code in missing(found, wanted)]


def _may_see_findings(found: CasePage) -> bool:
    return may(g.by, Act.SEE_FINDINGS, target_of(found.case, found.version))


@cases.route("/<number>/steps/<step>", methods=["GET", "POST"])
def step(number: str, step: str) -> ResponseReturnValue:
    found = sight.visible_case(number)
    wanted = _step_of(step)
    plan = PLANS[wanted]
    _check(found, wanted)
    consent = queries.needs_consent(wanted, len(found.case.notices))
    asks_consent = consent is not None and consent is not g.by.role
    if asks_consent and _is_waiting(number, wanted):
        flash(gettext("This step waits for consent already."), "notice")
        return redirect(url_for("clerk.cases.case", number=number), 303)
    form = plan.form(found)
    if form.validate_on_submit():
        try:
            _take(found, wanted, form, asks_consent=asks_consent)
        except (StepNotPossible, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = gettext("Sent for consent: %(step)s", step=gettext(plan.title))
            flash(done if asks_consent else gettext("Recorded: %(step)s", step=gettext(plan.title)), "success")
            return redirect(_afterwards(found), 303)
    consent_title = ROLE_TITLES[consent] if consent is not None and asks_consent else ""
    return page(found=found, plan=plan, form=form, consent_title=consent_title), form.status


def _step_of(word: str) -> Step:
    """Words in addresses have hyphens; what has no form here is not there."""
    step = next((step for step in PLANS if step.value.replace("_", "-") == word), None)
    if step is None:
        abort(404)
    return step


def _check(found: CasePage, step: Step) -> None:
    """:raises NotAllowed: never this person's; :raises StepNotPossible: not now, but these are."""
    possible = _possible(found)
    if step not in possible:
        require(g.by, step.value, target_of(found.case, found.version))
        raise StepNotPossible(step, found.case.state, possible)


def _is_waiting(number: str, step: Step) -> bool:
    with reading():
        return any(proposal.kind == KIND_OF[step] for proposal in queries.proposals(number=number))


def _take(found: CasePage, step: Step, form: Form, *, asks_consent: bool) -> None:
    facts = facts_of(step, form)
    with sent_once(lambda: _afterwards(found)):
        if asks_consent:
            operations.propose(found.number, step, by=g.by, at=g.now, **facts)
        else:
            channel = facts.get("place") if step is Step.CHASE else None
            operations.record(found.number, step, by=g.by, at=g.now, channel=channel, **facts)


def _afterwards(found: CasePage) -> str:
    """Back to the case, unless the step has carried it out of sight."""
    try:
        sight.visible_case(found.number)
    except CaseNotFound:
        return url_for("clerk.worklist")
    return url_for("clerk.cases.case", number=found.number)


@cases.route("/<number>/show", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    """Personal facts are opened for a few minutes, and that somebody looked stays in the ledger."""
    found = sight.visible_case(number)
    require(g.by, Act.SEE_PERSONAL_FACTS, target_of(found.case, found.version))
    form = ReasonForm()
    if not form.validate_on_submit():
        return page(found=found, form=form), form.status
    with transaction():
        fields, reason = shown_fields(found), str(form.reason.data)
        operations.record(number, Step.VIEW, by=g.by, at=g.now, fields=fields, reason=reason)
    sight.show_for_a_while(number)
    return redirect(url_for("clerk.cases.case", number=number, _anchor="applicant"), 303)


@cases.get("/<number>/papers/<int:place>")
def paper(number: str, place: int) -> ResponseReturnValue:
    """A file that was handed in, always as a download: no browser runs what somebody sent."""
    found = sight.visible_case(number)
    require(g.by, Act.SEE_PERSONAL_FACTS, target_of(found.case, found.version))
    if place >= len(found.papers) or found.papers[place].stored_as is None:
        abort(404)
    if not sight.is_shown(number):
        return redirect(url_for("clerk.cases.show", number=number), 303)
    wanted = found.papers[place]
    try:
        content = read_upload(str(wanted.stored_as), folder=uploads_folder())
    except (FileNotFoundError, Unreadable):
        abort(404)
    ending = (wanted.file_name or "").rsplit(".", 1)[-1].lower()
    return send_file(
        BytesIO(content),
        mimetype=KINDS.get(ending, "application/octet-stream"),
        as_attachment=True,
        download_name=wanted.file_name or wanted.code,
    )


@cases.get("/<number>/receipt")
def receipt(number: str) -> ResponseReturnValue:
    """For who handed in at a window or has no printer; the query code is on it right after the hand-in alone."""
    found = sight.visible_case(number)
    due = found.promised
    with reading():
        entry = sealed.entry_of(number)
    return page(
        found=found,
        code=code_shown(number),
        entry=entry,
        follow_at=url_for("citizen.cases.follow", _external=True),
        due=due,
        trace=found.trace(due) if due else (),
        papers=[history.material_name(found.version, paper.code) for paper in found.papers],
        responder=found.case.first_responder or found.case.holder,
        people=people,
    )


@cases.errorhandler(CaseNotFound)
def hide(_: CaseNotFound) -> ResponseReturnValue:
    title, advice = gettext("Page not found"), gettext("There is no case of that number with your office.")
    return render_template("errors/explanation.html", status=404, title=title, advice=advice), 404


@cases.errorhandler(StepNotPossible)
def explain(refusal: StepNotPossible) -> ResponseReturnValue:
    """Where the case stands, why the step cannot be, and what this person may do instead."""
    journal.note_refusal(refusal.message)
    because = refusal.because
    return render_template(
        "clerk/cases/not_possible.html",
        refusal=refusal,
        wanted=PLANS[refusal.step].title if refusal.step in PLANS else title_of(refusal.step),
        state_title=STATE_TITLES[refusal.state],
        because=refused(because) if because else "",
        possible=[(step, PLANS[step]) for step in refusal.possible if step in PLANS],
        number=(request.view_args or {}).get("number"),
    ), 409
