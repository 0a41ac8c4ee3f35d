"""The procedure of a finding on pages: what each step asks of whoever takes it, and one form for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.basis import N_, By, NotAllowed, Refusal
from portal.compliance.findings import queries as register
from portal.compliance.procedure import operations
from portal.compliance.procedure.model import DUE_TITLES, GROUND_TITLES, STAGE_TITLES, STEP_TITLES, Ground, Step
from portal.compliance.procedure.operations import FAILED, LONGEST, OVERTURNED, PASSED, UPHELD
from portal.compliance.procedure.people import possible_steps
from portal.compliance.procedure.seeing import Seen
from portal.store import reading, transaction
from portal.web.forms import DateField, Form, Given, LongTextField, RadioField, TextField, ValidationError
from portal.web.page import page
from portal.web.staff import history, people
from portal.web.staff.findings import titled

STEP_DONE: Final[Mapping[Step, str]] = {
    Step.NOTIFY: N_("The office has been asked and has three working days."),
    Step.EXPLAIN: N_("Your answer stands in the ledger."),
    Step.CONFIRM: N_("The finding is confirmed; the office can appeal for five working days."),
    Step.APPEAL: N_("Your appeal stands in the ledger; another person decides it."),
    Step.WAIVE_APPEAL: N_("It is noted that the office does not appeal."),
    Step.DECIDE_APPEAL: N_("The appeal is decided."),
    Step.ORDER: N_("The order is given."),
    Step.EXTEND: N_("The office has more time."),
    Step.REPORT: N_("Your report stands in the ledger; somebody else looks at it."),
    Step.RECHECK: N_("What you saw stands in the ledger."),
    Step.PROPOSE_DISMISSAL: N_("The dismissal is proposed; a second person answers it."),
    Step.DISMISS: N_("The finding is dismissed."),
    Step.REFUSE_DISMISSAL: N_("The finding is not dismissed."),
    Step.PUBLISH: N_("The finding is published."),
}


def _words(question: str, hint: str) -> LongTextField:
    return LongTextField(
        question,
        description=hint,
        validators=[Given(_l("Write something here")), Length(max=LONGEST, message=_l("At most 2000 characters"))],
        render_kw={"rows": 5},
    )


def _reason() -> LongTextField:
    return _words(_l("Why?"), _l("Kept sealed; the office and those who watch over it read this."))


def _day(label: str) -> DateField:
    return DateField(
        label, description=_l("For example 2026 9 28 (year, month, day)"), validators=[Given(_l("Give the day"))]
    )


class PlainForm(Form):
    """A step that asks for nothing more."""

    def __init__(self, act: Callable[..., object]) -> None:
        super().__init__()
        self.act = act

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        self.act(number, by=by, at=at)


class StatementForm(Form):
    statement = _words(_l("What has the office to say?"), _l("Kept sealed; those who watch over the office read this."))

    def __init__(self, act: Callable[..., object]) -> None:
        super().__init__()
        self.act = act

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        self.act(number, str(self.statement.data or ""), by=by, at=at)


class ReasonForm(Form):
    reason = _reason()

    def __init__(self, act: Callable[..., object]) -> None:
        super().__init__()
        self.act = act

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        self.act(number, str(self.reason.data or ""), by=by, at=at)


class ConclusionForm(Form):
    """An answer of two, and why."""

    conclusion = RadioField(_l("What is the conclusion?"), validators=[Given(_l("Choose the conclusion"))])
    reason = _reason()

    def __init__(self, act: Callable[..., object], *choices: str) -> None:
        super().__init__()
        self.act = act
        self.conclusion.offer((choice, _l(history.WORDS[choice])) for choice in choices)

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        self.act(number, str(self.conclusion.data), str(self.reason.data or ""), by=by, at=at)


class OrderForm(Form):
    due_on = _day(_l("By which day?"))
    measure = _words(_l("What is to be put right?"), _l("Kept sealed; the office reads this."))

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        assert self.due_on.data is not None
        operations.order(number, self.due_on.data, str(self.measure.data or ""), by=by, at=at)


class ExtendForm(Form):
    until_on = _day(_l("Until which day?"))
    reason = _reason()

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        assert self.until_on.data is not None
        operations.extend(number, self.until_on.data, str(self.reason.data or ""), by=by, at=at)


class DismissalForm(Form):
    ground = RadioField(
        _l("On what ground?"),
        choices=[(ground.value, _l(said)) for ground, said in GROUND_TITLES.items()],
        validators=[Given(_l("Choose the ground"))],
    )
    evidence_seq = TextField(
        _l("Number of the event that excuses it"),
        description=_l("Only if something excuses it: the number that stands with the event, for example 1024"),
        render_kw={"classes": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off"},
    )
    reason = _reason()

    def validate_evidence_seq(self, field: TextField) -> None:
        text = field.data or ""
        if self.ground.data == Ground.GUARD.value and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise ValidationError(self.evidence_seq.gettext("Enter the number of an event, for example 1024"))

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        is_guard = self.ground.data == Ground.GUARD.value
        seq = int(self.evidence_seq.data or 0) if is_guard else None
        operations.propose_dismissal(
            number, str(self.ground.data), str(self.reason.data or ""), evidence_seq=seq, by=by, at=at
        )


class PublicationForm(Form):
    words = _words(
        _l("What is everybody told?"),
        _l(
            "No names of persons. The names of those whom the finding names, and personal numbers, are masked; look"
            " for everything else yourself."
        ),
    )

    def carry_out(self, number: str, by: By, at: datetime) -> None:
        operations.publish(number, str(self.words.data or ""), by=by, at=at)


FORMS: Final[Mapping[Step, Callable[[], Any]]] = {
    Step.NOTIFY: lambda: PlainForm(operations.notify),
    Step.EXPLAIN: lambda: StatementForm(operations.explain),
    Step.CONFIRM: lambda: ReasonForm(operations.confirm),
    Step.APPEAL: lambda: StatementForm(operations.appeal),
    Step.WAIVE_APPEAL: lambda: PlainForm(operations.waive_appeal),
    Step.DECIDE_APPEAL: lambda: ConclusionForm(operations.decide_appeal, UPHELD, OVERTURNED),
    Step.ORDER: OrderForm,
    Step.EXTEND: ExtendForm,
    Step.REPORT: lambda: StatementForm(operations.report),
    Step.RECHECK: lambda: ConclusionForm(operations.recheck, PASSED, FAILED),
    Step.PROPOSE_DISMISSAL: DismissalForm,
    Step.DISMISS: lambda: PlainForm(operations.dismiss),
    Step.REFUSE_DISMISSAL: lambda: ReasonForm(operations.refuse_dismissal),
    Step.PUBLISH: PublicationForm,
}


def slug(step: Step) -> str:
    return step.value.replace("_", "-")


def step_of(slug: str) -> Step | None:
    """The step of an address; None where there is no such step."""
    found = {one.value.replace("_", "-"): one for one in FORMS}
    return found.get(slug)


def words() -> dict[str, Any]:
    """What every page about a procedure needs to speak of it."""
    return {
        "stage_titles": STAGE_TITLES,
        "step_titles": STEP_TITLES,
        "due_titles": DUE_TITLES,
        "step_slug": slug,
        "step_forms": FORMS,
        "people": people,
        "history": history,
    }


def step_page(look: Callable[[], Seen], step: str, back: str) -> ResponseReturnValue:
    """One step of the finding that ``look`` gives; ``back`` is the view of the finding.

    What cannot be taken, or not by this person, is refused before its form is shown.
    """
    wanted = step_of(step)
    if wanted is None:
        abort(404)
    with reading():
        seen = look()
        if wanted not in possible_steps(seen, g.by):
            abort(403)
        number = seen.procedure.number
        told = titled([register.finding(number)])[0]
    form = FORMS[wanted]()
    if form.validate_on_submit():
        try:
            with transaction():
                form.carry_out(number, g.by, g.now)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(gettext(STEP_DONE[wanted]), "success")
            return redirect(url_for(back, number=number), 303)
    return page(form=form, told=told, title=gettext(STEP_TITLES[wanted])), form.status
