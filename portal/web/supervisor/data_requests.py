"""Wishes about personal data: the list by due day, the answer to one, and what the retention schedule erased."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.accounts.policy import Act, Target, may
from portal.basis import NotAllowed, Refusal, Role
from portal.cases.almanac import hours_of
from portal.data_rights import operations, queries
from portal.data_rights.matters import matter_of
from portal.data_rights.model import KEEPING_OF, OUTCOME_TITLES, WISH_TITLES, Outcome
from portal.store import reading, transaction
from portal.web.forms import Form, Given, LongTextField, RadioField
from portal.web.page import page


def listing() -> ResponseReturnValue:
    _require_any()
    offices = (g.by.office or "",) if g.by.role is Role.HEAD else None
    with reading():
        return page(
            rows=queries.open_requests(offices=offices),
            runs=queries.retention_runs() if offices is None else [],
            keepings=KEEPING_OF,
            wish_titles=WISH_TITLES,
        )


class AnswerForm(Form):
    outcome = RadioField(_l("What is the answer?"), validators=[Given(_l("Choose the answer"))])
    text = LongTextField(
        _l("What the applicant is told"),
        description=_l("If it is not granted, the reason. The applicant reads this."),
        validators=[Length(max=operations.LONGEST, message=_l("At most 1000 characters"))],
        render_kw={"rows": 4},
    )


def request_page(seq: int) -> ResponseReturnValue:
    _require_any()
    with reading():
        row = next((one for one in queries.open_requests() if one.seq == seq), None)
        if row is None:
            abort(404)
        matter = matter_of(row.about)
        if not may(g.by, Act.ANSWER_DATA_REQUEST, Target(owner=matter.applicant, office=matter.office)):
            abort(404)
        asked = next(one for one in queries.asked_about(row.about) if one.seq == seq)
        words = queries.words_of(asked.event)
    today = g.now.astimezone(hours_of(matter.office)(g.now.date()).zone).date()
    form = AnswerForm()
    form.outcome.offer(
        (outcome.value, gettext(OUTCOME_TITLES[outcome])) for outcome in matter.outcomes(row.wish, today)
    )
    shown: dict[str, Any] = {"row": row, "matter": matter, "words": words, "wish_titles": WISH_TITLES, "form": form}
    if form.validate_on_submit():
        try:
            with transaction():
                outcome = Outcome(str(form.outcome.data))
                operations.answer(row.about, seq, outcome, str(form.text.data or ""), by=g.by, at=g.now)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return page(**shown), 422
        flash(gettext("Answered. The applicant can read it."), "success")
        return redirect(url_for("supervisor.data_requests"), 303)
    return page(**shown), form.status


def _require_any() -> None:
    if not may(g.by, Act.ANSWER_DATA_REQUEST, Target(office=g.by.office)):
        abort(403)
