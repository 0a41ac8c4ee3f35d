"""The steps of an inquiry as forms: answer, lead on, take over, tell, chase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import g
from flask_babel import gettext

from portal.appeals.model import COVERS, OUTCOME_TITLES, InquiryStep
from portal.appeals.operations import guide_in_force
from portal.appeals.queries import InquiryPage
from portal.basis import N_
from portal.catalogue.model import ItemVersion
from portal.web.clerk import asked
from portal.web.clerk.asked import Fields
from portal.web.forms import CheckboxesField
from portal.web.staff import history
from portal.web.staff.people import offices_to_choose
from portal.web.wording import said


@dataclass(frozen=True, slots=True)
class Plan:
    title: str
    button: str
    fields: Callable[[InquiryPage], Fields] = lambda _found: {}
    advice: str = ""
    at_once: bool = False
    is_grave: bool = False


def _answer(found: InquiryPage) -> Fields:
    covers = [
        (code, gettext(history.WORDS[code])) if code in history.WORDS else (code, gettext("place")) for code in COVERS
    ]
    fields: Fields = {
        "outcome": asked.radio(
            gettext("How does it end?"),
            [(outcome.value, gettext(title)) for outcome, title in OUTCOME_TITLES.items()],
            gettext("Choose how it ends"),
        ),
        "text": asked.text(gettext("What was answered?")),
        "covers": CheckboxesField(gettext("What did the answer cover?"), choices=covers),
        "right_authority": asked.one_of(
            gettext("Competent office, if it is another one (optional)"),
            [("", gettext("none named")), *offices_to_choose(g.today, but=g.by.office)],
        ),
        "is_written": asked.tick(gettext("The answer was given in writing")),
        "is_chat": asked.tick(gettext("It was not about an item at all")),
    }
    version = version_asked(found)
    if version is not None:
        fields["cites"] = asked.tick(
            gettext("The published guide was handed out: %(guide)s", guide=f"{said(version.name)} ({version.version})")
        )
    return fields


def _leading_on(_found: InquiryPage) -> Fields:
    choices = [("", gettext("Choose")), *offices_to_choose(g.today, but=g.by.office)]
    return {
        "to_office": asked.one_of(gettext("To which office?"), choices, gettext("Choose an office")),
        "reason": asked.text(gettext("Why does it go there?"), hint=asked.no_names()),
        "summary": asked.text(
            gettext("What has been done and what is still open?"),
            hint=gettext("So that the applicant need not tell it again. No names or numbers of persons."),
        ),
    }


def _words(label: str) -> Callable[[InquiryPage], Fields]:
    return lambda _found: {"text": asked.text(gettext(label), required=False)}


STEPS: Mapping[InquiryStep, Plan] = {
    InquiryStep.ANSWER: Plan(N_("Answer"), N_("Record the answer"), _answer),
    InquiryStep.HAND_OVER: Plan(
        N_("Hand over to another office"),
        N_("Hand it over"),
        _leading_on,
        N_("You stay the first responder until the other office has taken over."),
    ),
    InquiryStep.ACKNOWLEDGE: Plan(N_("Take over"), N_("Take it over"), at_once=True),
    InquiryStep.TELL: Plan(
        N_("Tell the applicant who answers now"), N_("Record that the applicant was told"), _words(N_("What was said"))
    ),
    InquiryStep.CHASE: Plan(N_("The applicant asked again"), N_("Record it"), _words(N_("What was said"))),
}


def version_asked(found: InquiryPage) -> ItemVersion | None:
    return guide_in_force(found.inquiry.matter, found.inquiry.holder.office, g.now)
