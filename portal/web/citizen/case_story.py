"""A case told to its applicant: how far it is, what comes next, why it is late, and what happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from portal.accounts import queries as accounts
from portal.appeals.model import Responder
from portal.basis import N_
from portal.cases.model import CaseState, Clock, Holder, LimitKind
from portal.cases.queries import CasePage
from portal.catalogue.model import ItemVersion, Office, OfficeUnknown, ResultKind
from portal.catalogue.queries import catalogue
from portal.web.citizen.promises import Promise, promises
from portal.web.wording import clock_name, day, said

WHAT_NEXT = {
    CaseState.SUBMITTED: N_("The office receives it and gives you a receipt with a stamp of the time."),
    CaseState.RECEIVED: N_(
        "The office looks whether everything is there. It accepts your request, or tells you once and "
        "completely what is missing."
    ),
    CaseState.CORRECTING: N_(
        "It is your turn: hand in what the notice asks for. The office's time for accepting begins anew when "
        "everything is there."
    ),
    CaseState.ACCEPTED: N_("It is given to a reviewer."),
    CaseState.REVIEWING: N_("It is examined, then decided. You need not do anything."),
    CaseState.PAUSED: N_(
        "A special procedure is under way; its time does not count. The clock runs on by itself when the "
        "declared days are over."
    ),
    CaseState.HANDED_OVER: N_(
        "Another office has to take it over. Until it does, the office named below answers to you."
    ),
    CaseState.DECIDED: N_("The result is made out and delivered to you."),
    CaseState.PRODUCED: N_("The licence is delivered to you."),
    CaseState.DELIVERED: N_("You have the result. Tell us how it was."),
    CaseState.RATED: N_("Thank you. The file is closed and archived."),
    CaseState.ARCHIVED: N_("The file is closed and kept."),
    CaseState.REFUSED: N_("It was not accepted. The decision names the reason, its basis and how to object."),
    CaseState.WITHDRAWN: N_("You withdrew it. You may hand in again at any time."),
    CaseState.DEEMED_WITHDRAWN: N_(
        "What was missing did not come in time, so it counts as withdrawn. You may hand in again at any time."
    ),
    CaseState.DEEMED_RENEWED: N_(
        "There was no decision before your licence expired, so by law it is renewed. The office makes out the licence."
    ),
    CaseState.TERMINATED: N_("It was ended. The reason stands in the history below."),
}
ENDED_OTHERWISE = frozenset({CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.DEEMED_WITHDRAWN, CaseState.TERMINATED})
_BEFORE_ACCEPTANCE = frozenset({CaseState.SUBMITTED, CaseState.RECEIVED})
_REACHED_BY = {
    "received": ("received",),
    "accepted": ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted"),
    "reviewed": ("opened", "reviewed", "site-checked"),
    "decided": ("decided", "deemed-renewed"),
    "produced": ("licence-produced",),
    "delivered": ("delivered",),
}
_STAGES = {
    "received": N_("Hand-in"),
    "accepted": N_("Acceptance"),
    "reviewed": N_("Examination"),
    "decided": N_("Decision"),
    "produced": N_("Licence"),
    "delivered": N_("Delivery"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way 收件→受理→审查→决定→制证→送达; ``on`` is the day it was reached."""

    title: str
    on: date | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who answers for a case now: the office, the post, the person where somebody has taken it up, and the phone."""

    office: Office | None
    post: str
    person: str


def stages(page: CasePage) -> list[Stage]:
    first_day = {entry.event.kind: entry.day for entry in reversed(page.timeline)}
    reached = {
        stage: min((first_day[kind] for kind in kinds if kind in first_day), default=None)
        for stage, kinds in _REACHED_BY.items()
        if stage != "produced" or _makes_licence(page.version)
    }
    names = list(reached)
    last = max((place for place, name in enumerate(names) if reached[name]), default=-1)
    is_over = page.case.state in ENDED_OTHERWISE
    return [
        Stage(_STAGES[name], reached[name], is_current=place == last + 1 and not is_over)
        for place, name in enumerate(names)
    ]


def _makes_licence(version: ItemVersion) -> bool:
    return version.result is not None and version.result.kind in (ResultKind.LICENCE, ResultKind.CERTIFICATE)


def decision_ahead(page: CasePage) -> Promise | None:
    """By when it will be decided at the latest, while it is not accepted yet; what is missing may still move it."""
    case = page.case
    if case.is_accepted or case.state not in _BEFORE_ACCEPTANCE or case.received_at is None:
        return None
    situation = page.version.situation(case.situation)
    ahead = promises(page.version, situation, at=case.received_at, channel=case.channel)
    return next((promise for promise in ahead if promise.is_after_acceptance), None)


def who_answers(holder: Holder | None) -> Who:
    if holder is None:
        return Who(None, "", "")
    post = accounts.post(holder.post) if holder.post else None
    account = accounts.load(holder.actor) if holder.actor else None
    return Who(office_or_none(holder.office), said(post.title) if post else "", account.display_name if account else "")


def holder_like(responder: Responder) -> Holder:
    return Holder(responder.office, responder.post, responder.actor)


def office_or_none(code: str | None) -> Office | None:
    try:
        return catalogue().office(code) if code else None
    except OfficeUnknown:
        return None


def office_name(code: str | None) -> str:
    office = office_or_none(code)
    return said(office.name) if office else (code or "")


def days_left_text(page: CasePage, clock: Clock) -> str:
    """Working days until a clock ends, or since it ended."""
    left = page.days_left(clock)
    if clock.is_breached(page.at):
        late = max(-left, 0)
        if late == 0:
            return str(gettext("late since closing time"))
        return str(ngettext("%(num)s working day late", "%(num)s working days late", late))
    if left <= 0:
        return str(gettext("ends today"))
    return str(ngettext("%(num)s working day left", "%(num)s working days left", left))


def why_late(page: CasePage) -> list[str]:
    """Sentences for a case whose office let a promise pass; empty while it is in time."""
    late = [
        clock
        for clock in page.clocks
        if clock.limit_kind is not LimitKind.STATUTORY
        and not clock.is_applicants
        and clock.is_certain
        and clock.is_breached(page.at)
    ]
    told = [_late_sentence(page, clock) for clock in late]
    if not told:
        return []
    case = page.case
    if case.passing is not None:
        told.append(
            gettext(
                "It was sent to %(office)s on %(day)s, and nobody there has taken it over.",
                office=office_name(case.passing.to_office),
                day=day(case.passing.at.astimezone(page.hours.zone).date()),
            )
        )
    elif case.is_open and case.last_substantive_at is not None:
        since = case.last_substantive_at.astimezone(page.hours.zone).date()
        told.append(gettext("The last step that moved it on was taken on %(day)s.", day=day(since)))
    if case.hand_overs:
        told.append(ngettext("It was handed over %(num)s time.", "It was handed over %(num)s times.", case.hand_overs))
    return told


def _late_sentence(page: CasePage, clock: Clock) -> str:
    if clock.is_open:
        text = gettext(
            "%(clock)s: promised by %(day)s, still not there (%(late)s).",
            clock=clock_name(clock.name),
            day=day(clock.due_on),
            late=days_left_text(page, clock),
        )
    else:
        assert clock.stopped_on is not None, "a clock that is not open has stopped"
        text = gettext(
            "%(clock)s: promised by %(day)s, done on %(done)s.",
            clock=clock_name(clock.name),
            day=day(clock.due_on),
            done=day(clock.stopped_on),
        )
    return str(text)


def material_name(version: ItemVersion, code: str) -> str:
    material = version.material(code)
    return said(material.name) if material else code
