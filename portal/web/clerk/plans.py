"""The steps of the life cycle as forms: what is asked for each, and which facts the answers become.

A plan makes its form from the case, so that only what can be is offered: the materials of this situation, the special
procedures of this item, the clocks that are running.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext

from portal.basis import N_
from portal.cases.model import HandedIn, Step
from portal.cases.queries import CasePage, declared_outages
from portal.web.clerk import asked, questions
from portal.web.clerk.asked import Fields
from portal.web.forms import Form


@dataclass(frozen=True, slots=True)
class Plan:
    """``title`` and ``button`` are msgids; a step ``at_once`` asks nothing and is taken on the page of the case."""

    title: str
    button: str
    fields: Callable[[CasePage], Fields] = lambda _found: {}
    advice: str = ""
    at_once: bool = False
    is_grave: bool = False

    def form(self, found: CasePage) -> Form:
        form: Form = type("StepForm", (Form,), self.fields(found))()
        return form


def facts_of(step: Step, form: Form) -> dict[str, Any]:
    """The payload, the materials and the sealed words that the answers mean; what was left empty is left out."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in form.data.items()
        if name != "csrf_token" and value not in (None, "", [], False)
    }
    match step:
        case Step.SUBMIT_CORRECTION | Step.SUPPLY:
            given["materials"] = tuple(HandedIn(code) for code in given["materials"])
        case Step.COMMENT:
            given = {"personal": {"comment": given["comment"]}}
        case Step.LINK_OUTAGE:
            outage = next(one for one in declared_outages() if one.number == given["outage"])
            given |= {"from_on": outage.from_on, "until_on": outage.until_on, "cause": outage.cause}
        case Step.GIVE_JOINT_OPINION:
            given["department"] = g.by.office
        case _:
            pass
    if "amount" in given:
        given["amount_fen"] = given.pop("amount").amount
    if "days" in given:
        given["days"] = int(given["days"])
    return given


PLANS: Mapping[Step, Plan] = {
    Step.RECEIVE: Plan(N_("Receive"), N_("Receive it"), at_once=True),
    Step.NOTICE_CORRECTION: Plan(
        N_("Ask for a correction"),
        N_("Send the notice"),
        questions.demands,
        N_(
            "One notice names everything: what is not in it cannot be asked for later without the supervisor's consent."
        ),
    ),
    Step.SUBMIT_CORRECTION: Plan(
        N_("Take in the correction"), N_("Record it"), questions.brought(lambda found: found.case.demanded)
    ),
    Step.ACCEPT: Plan(
        N_("Accept"), N_("Accept it"), advice=N_("The acceptance notice is issued with number, date and seal.")
    ),
    Step.ACCEPT_TOLERANTLY: Plan(N_("Accept with deferred material"), N_("Accept it"), questions.deferred),
    Step.ACCEPT_PROMISE: Plan(
        N_("Accept on a written promise"),
        N_("Accept it"),
        lambda _found: {"promise_no": asked.line(gettext("Number of the signed promise"))},
    ),
    Step.REFUSE: Plan(N_("Do not accept"), N_("Do not accept it"), questions.refusal, is_grave=True),
    Step.SUPPLY: Plan(
        N_("Take in deferred material"), N_("Record it"), questions.brought(lambda found: found.case.deferred)
    ),
    Step.POST_CHECK: Plan(N_("Check after the promise"), N_("Record it"), questions.post_check),
    Step.DESIGNATE: Plan(N_("Assign to an office"), N_("Assign it"), questions.office),
    Step.HAND_OVER: Plan(
        N_("Hand over to another office"),
        N_("Hand it over"),
        questions.handing_over,
        N_("Until the other office has taken over, your office stays the first responder, and the limit runs on."),
    ),
    Step.ACKNOWLEDGE: Plan(N_("Take over"), N_("Take it over"), at_once=True),
    Step.RETURN_HANDOVER: Plan(N_("Send back"), N_("Send it back"), questions.reason_for(N_("Why is it not yours?"))),
    Step.UPHOLD_OBJECTION: Plan(
        N_("Uphold the objection"),
        N_("Uphold it"),
        advice=N_("The office that objected was right: the case stays with the one that sent it."),
    ),
    Step.ASSIGN: Plan(N_("Give to somebody"), N_("Give it"), questions.assignee),
    Step.OPEN: Plan(N_("Take up"), N_("Take it up"), at_once=True),
    Step.REVIEW: Plan(N_("Record a review"), N_("Record the opinion"), questions.review),
    Step.CHECK_SITE: Plan(N_("Record a check on site"), N_("Record it"), questions.inspectors),
    Step.GIVE_JOINT_OPINION: Plan(N_("Give your department's opinion"), N_("Give the opinion"), questions.opinion),
    Step.PAUSE: Plan(
        N_("Begin a special procedure"),
        N_("Begin it"),
        questions.pause,
        N_("Its days do not count. The applicant is told in writing; it ends by itself after the declared days."),
    ),
    Step.RESUME: Plan(N_("End the special procedure"), N_("End it"), advice=N_("The limit runs on from today.")),
    Step.EXTEND: Plan(N_("Extend a limit"), N_("Extend it"), questions.extension),
    Step.DECIDE: Plan(
        N_("Decide"),
        N_("Record the decision"),
        questions.decision,
        N_("A denial names reason, basis and remedies."),
    ),
    Step.PRODUCE_LICENCE: Plan(
        N_("Produce the licence"),
        N_("Record it"),
        lambda _found: {"licence_no": asked.line(gettext("Number of the licence"))},
    ),
    Step.NOTICE_COLLECTION: Plan(
        N_("Tell the applicant to collect"), N_("Tell the applicant to collect"), at_once=True
    ),
    Step.DELIVER: Plan(N_("Deliver the result"), N_("Record it"), questions.delivery),
    Step.CONTACT_RATER: Plan(N_("The rater was contacted"), N_("Record that the rater was contacted"), at_once=True),
    Step.FIX_RATING: Plan(N_("The bad rating was put right"), N_("Record that it was put right"), at_once=True),
    Step.CHASE: Plan(
        N_("The applicant asks where it stands"),
        N_("Record it"),
        lambda _found: {
            "place": asked.radio(
                gettext("How did the applicant ask?"),
                [("window", gettext("at the window")), ("phone", gettext("by telephone"))],
                gettext("Choose a way"),
            )
        },
    ),
    Step.COMMENT: Plan(
        N_("Write a comment"),
        N_("Keep the comment"),
        lambda _found: {"comment": asked.text(gettext("Comment"), hint=gettext("Only staff see it."))},
    ),
    Step.REQUEST_WAIT: Plan(
        N_("The applicant asks to wait"),
        N_("Record it"),
        questions.days(N_("First day of the wait"), N_("Last day of the wait")),
    ),
    Step.LINK_OUTAGE: Plan(N_("Make up for an outage"), N_("Link it"), questions.outage),
    Step.MARK_DUPLICATE: Plan(
        N_("Mark as a duplicate"),
        N_("Mark it"),
        lambda _found: {"of": asked.line(gettext("Number of the other case"))},
    ),
    Step.MARK_TEST: Plan(
        N_("Mark as a test"),
        N_("Mark it"),
        advice=N_("A test counts in no statistics and no rule judges it."),
        is_grave=True,
    ),
    Step.WITHDRAW: Plan(
        N_("Withdraw for the applicant"),
        N_("Withdraw it"),
        questions.wish,
        N_("Only on the applicant's own signed wish, and by somebody who has not worked on the case. The case ends."),
        is_grave=True,
    ),
    Step.TERMINATE: Plan(
        N_("Terminate"), N_("Terminate it"), questions.reason_for(N_("Why does it end?")), is_grave=True
    ),
    Step.REOPEN: Plan(N_("Re-open"), N_("Re-open it"), questions.reason_for(N_("Why is it opened again?"))),
}
