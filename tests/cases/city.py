"""A small city for tests of cases and inquiries: its staff, a clock written with weekdays, and makers of cases."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.appeals import operations as appeals
from portal.basis import SYSTEM, Bilingual, By, Role
from portal.cases import operations
from portal.cases.model import KIND_OF, CaseState, HandedIn, Receipt, Step, Submission
from portal.cases.tables import ProposalRow
from portal.catalogue.queries import catalogue
from portal.ledger.model import Event
from portal.store import db, transaction
from tests.cases.staffing import Kept

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICES = ("market-supervision", "social-insurance", "government-services", "approval-bureau", "centre-a", "centre-b")
ROLES = {
    Role.CLERK: 2,
    Role.REVIEWER: 2,
    Role.DECIDER: 1,
    Role.HEAD: 2,
    Role.HALL_MANAGER: 1,
    Role.DISPATCHER: 1,
    Role.SUPERVISOR: 2,
    Role.AUDITOR: 1,
}
ANSWERS = {
    "food-licence": {"action": "new", "food": "general"},
    "unemployment-subsidy": {"who": "self", "ground": "ended"},
}


def at(text: str) -> datetime:
    """``Monday 2020-09-14 10:00`` in Shanghai, as UTC; a wrong weekday is a mistake in the test."""
    weekday, _, rest = text.partition(" ")
    moment = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    assert moment.strftime("%A") == weekday, f"{rest} is a {moment:%A}"
    return moment.astimezone(UTC)


MONDAY = at("Monday 2026-03-02 10:00")
SEPTEMBER = at("Monday 2020-09-07 10:00")


def on(text: str) -> date:
    """``Monday 2020-09-21``."""
    weekday, _, rest = text.partition(" ")
    day = date.fromisoformat(rest)
    assert day.strftime("%A") == weekday, f"{rest} is a {day:%A}"
    return day


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%A %Y-%m-%d %H:%M")


@dataclass
class Staff:
    """``by("clerk", "market-supervision")``; a second person of the role is ``by("clerk", …, 2)``."""

    known: dict[tuple[str, str, int], By] = field(default_factory=dict)

    def by(self, role: str, office: str = "market-supervision", which: int = 1) -> By:
        return self.known[role, office, which]


def applicant(number: int = 1) -> By:
    return By(f"citizen-{number}", Role.APPLICANT)


@Kept
def employ() -> Staff:
    """Accounts and posts of every role that handles cases, in every office, since 2015."""
    staff, since, started = Staff(), date(2015, 1, 1), datetime(2015, 1, 1, tzinfo=UTC)
    for office in OFFICES:
        for role, number in ROLES.items():
            for which in range(1, number + 1):
                post = f"{office}.{role.value}.{which}"
                account = accounts.create_account(
                    post, post, AccountKind.STAFF, at=started, by=SYSTEM, account=f"u-{post}"
                )
                accounts.create_post(post, office, role, Bilingual(post, post), by=SYSTEM, at=started)
                accounts.appoint(account.id, post, since, by=SYSTEM, at=started)
                staff.known[role.value, office, which] = By(account.id, role, office=office, post=post)
    return staff


_people = count(1000)


def hand_in(
    item: str = "food-licence",
    *,
    moment: datetime,
    answers: dict[str, str] | None = None,
    materials: tuple[HandedIn, ...] | None = None,
    channel: str = "web",
    by: By | None = None,
    person: str | None = None,
    **more: Any,
) -> Receipt:
    """Hand in with every material that the situation asks for; to be called inside a transaction."""
    owner = person or (by.actor if by is not None and by.role is Role.APPLICANT else f"citizen-{next(_people)}")
    given = answers if answers is not None else ANSWERS.get(item) or first_answers(item, moment)
    if materials is None:
        version = catalogue().in_force(item, moment.astimezone(SHANGHAI).date())
        asked = version.materials_for(version.situation_of(given))
        materials = tuple(HandedIn(material.code, document_no=f"{owner}-{material.code}") for material in asked)
    submission = Submission(item, owner, given, materials, {"name": "张女士", "phone": "13800000000"}, channel, **more)
    return operations.submit(submission, by=by or By(owner, Role.APPLICANT), at=moment)


def first_answers(item: str, moment: datetime) -> dict[str, str]:
    """The first option of each question on the way."""
    version, given = catalogue().in_force(item, moment.astimezone(SHANGHAI).date()), dict[str, str]()
    while question := version.next_question(given):
        given[question.code] = question.options[0].code
    return given


def take(number: str, step: Step | str, *, by: By, at: datetime, **facts: Any) -> Event:
    """One step, inside a transaction; who is named in ``approved_by`` has consented to a proposal of it before."""
    approver = facts.pop("approved_by", None)
    consent = agreed(number, Step(step), by, approver, at) if approver else None
    return operations.record(number, step, by=by, at=at, consent=consent, **facts)


def agreed(number: str, step: Step, by: By, approver: str, moment: datetime) -> int:
    """An approved proposal, whoever approved it: whether that person might is for the guards to say."""
    values = {"number": number, "kind": KIND_OF[step], "role": "supervisor", "facts": "{}", "state": "approved"}
    row = ProposalRow(
        **values, actor=by.actor, actor_role=by.role.value, proposed_at=moment, answered_by=approver, answered_at=moment
    )
    db.session.add(row)
    db.session.flush()
    return row.id


Maker = Callable[..., str]


def case_maker(staff: Staff) -> Maker:
    """``make_case(to=CaseState.REVIEWING, moment=…)``: the number of a case walked to that state by the operations."""

    def make_case(
        item: str = "food-licence",
        *,
        to: CaseState = CaseState.RECEIVED,
        moment: datetime = MONDAY,
        **more: Any,
    ) -> str:
        with transaction():
            number = hand_in(item, moment=moment, **more).number
        for step, by, facts in way_to(to, staff, catalogue().in_force(item, moment.date()).office):
            moment += timedelta(minutes=1)
            with transaction():
                take(number, step, by=by, at=moment, **facts)
        return number

    return make_case


def way_to(state: CaseState, staff: Staff, office: str) -> list[tuple[Step, By, dict[str, Any]]]:
    """The shortest lawful way from received to a state."""
    clerk, reviewer, decider = (staff.by(role, office) for role in ("clerk", "reviewer", "decider"))
    supervisor = staff.by("supervisor", office).actor
    accepted = [(Step.ACCEPT, clerk, dict[str, Any]())]
    reviewing = [*accepted, (Step.OPEN, reviewer, dict[str, Any]())]
    reviewed = [*reviewing, (Step.REVIEW, reviewer, {"conclusion": "approve"})]
    decided = [*reviewed, (Step.DECIDE, decider, {"conclusion": "grant"})]
    pause = {"pause_type": "test", "days": 3, "approved_by": supervisor}
    delivered = [*decided, (Step.DELIVER, clerk, {"delivery_channel": "post", "proof": "EMS1"})]
    elsewhere = "approval-bureau" if office != "approval-bureau" else "market-supervision"
    handing = {"to_office": elsewhere, "reason": "competent", "summary": "all papers are in"}
    refusal = {"reason": "not ours", "basis": "第三十二条", "remedies": "appeal within 60 days"}
    ways: dict[CaseState, list[tuple[Step, By, dict[str, Any]]]] = {
        CaseState.RECEIVED: [],
        CaseState.CORRECTING: [(Step.NOTICE_CORRECTION, clerk, {"demands": ("layout",)})],
        CaseState.ACCEPTED: accepted,
        CaseState.REVIEWING: reviewing,
        CaseState.PAUSED: [*reviewing, (Step.PAUSE, reviewer, pause)],
        CaseState.HANDED_OVER: [*reviewing, (Step.HAND_OVER, reviewer, handing)],
        CaseState.DECIDED: decided,
        CaseState.PRODUCED: [*decided, (Step.PRODUCE_LICENCE, clerk, {"licence_no": "SC1"})],
        CaseState.DELIVERED: delivered,
        CaseState.REFUSED: [(Step.REFUSE, clerk, refusal)],
        CaseState.WITHDRAWN: [(Step.WITHDRAW, clerk, {"wish_no": "W1"})],
        CaseState.TERMINATED: [*reviewing, (Step.TERMINATE, decider, {"reason": "gone", "approved_by": supervisor})],
    }
    return ways[state]


def inquiry_maker(staff: Staff) -> Maker:
    """``make_inquiry(office=…, moment=…)``: the number of an inquiry asked at a clerk's window."""

    def make_inquiry(
        *,
        office: str = "centre-a",
        person: str = "firm-1",
        matter: str = "insurance-change",
        moment: datetime = SEPTEMBER,
        **more: Any,
    ) -> str:
        by = more.pop("by", staff.by("clerk", office))
        with transaction():
            return appeals.inquire(person, matter, office=office, by=by, at=moment, **more).number

    return make_inquiry


def new_key() -> str:
    return secrets.token_urlsafe(24)
