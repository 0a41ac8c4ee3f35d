"""One life of a case, told step by step: a life yields the moment for which it waits and then acts in the present."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from portal.accounts.agents.model import AgentSort, Authorisation
from portal.accounts.agents.operations import authorise
from portal.accounts.agents.queries import by_of_agent
from portal.accounts.model import AccountKind
from portal.basis import By, Role
from portal.cases import operations
from portal.cases.almanac import hours_of
from portal.cases.model import CaseState, HandedIn, Receipt, Step, Submission, clocks_of, fold
from portal.catalogue.model import ItemVersion, ResultKind, Situation
from portal.demo.days import Days, day_of, local
from portal.demo.facts import written_in
from portal.demo.people import VILLAGE_AGENT, Citizen, City
from portal.ledger import queries as ledger

Life = Iterator[datetime]
Way = Callable[["Tale"], Life]

WHO: Final = {
    Step.RECEIVE: Role.CLERK,
    Step.NOTICE_CORRECTION: Role.CLERK,
    Step.ACCEPT: Role.CLERK,
    Step.ACCEPT_TOLERANTLY: Role.CLERK,
    Step.ACCEPT_PROMISE: Role.CLERK,
    Step.REFUSE: Role.CLERK,
    Step.ASSIGN: Role.CLERK,
    Step.HAND_OVER: Role.CLERK,
    Step.PRODUCE_LICENCE: Role.CLERK,
    Step.NOTICE_COLLECTION: Role.CLERK,
    Step.DELIVER: Role.CLERK,
    Step.CONTACT_RATER: Role.CLERK,
    Step.FIX_RATING: Role.CLERK,
    Step.VIEW: Role.CLERK,
    Step.COMMENT: Role.CLERK,
    Step.OPEN: Role.REVIEWER,
    Step.REVIEW: Role.REVIEWER,
    Step.CHECK_SITE: Role.REVIEWER,
    Step.POST_CHECK: Role.REVIEWER,
    Step.RESUME: Role.REVIEWER,
    Step.PAUSE: Role.REVIEWER,
    Step.EXTEND: Role.REVIEWER,
    Step.DECIDE: Role.DECIDER,
    Step.TERMINATE: Role.DECIDER,
    Step.DESIGNATE: Role.DISPATCHER,
    Step.UPHOLD_OBJECTION: Role.DISPATCHER,
    Step.MARK_TEST: Role.SUPERVISOR,
    Step.MARK_DUPLICATE: Role.SUPERVISOR,
}
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "food-licence": {"action": "new", "food": "general"},
    "hygiene-licence": {"way": "standard"},
    "unemployment-subsidy": {"who": "self", "ground": "ended"},
    "sole-trader": {"action": "set-up"},
    "road-freight-licence": {"goods": "dangerous"},
}


class Tale:
    """What a life knows of itself. ``now`` is set by the clock of the city before each act.

    With ``haste`` everything happens on one day; ``stops_after`` leaves the case where it is after that step.
    """

    def __init__(
        self,
        city: City,
        days: Days,
        rng: Random,
        *,
        item: str,
        opens_on: date,
        owner: Citizen | None = None,
        haste: bool = False,
        stops_after: Step | None = None,
    ) -> None:
        self.city, self.days, self.rng, self.item, self.opens_on = city, days, rng, item, opens_on
        self.haste, self.stops_after = haste, stops_after
        self.version: ItemVersion = city.catalogue.in_force(item, opens_on)
        self.citizen = owner or self._somebody()
        self.now = days.present
        self.number = ""
        self.answers = dict(ANSWERS.get(item) or self._any_answers())
        self.receipt: Receipt | None = None
        self.office = self.version.office
        self.channel = "web"
        self.last_step: Step | None = None
        self._staff: dict[tuple[str, Role], By] = {}

    @property
    def on(self) -> date:
        return day_of(self.now)

    @property
    def has_stopped(self) -> bool:
        return self.stops_after is not None and self.last_step is self.stops_after

    @property
    def applicant(self) -> By:
        return By(self.citizen.account, Role.APPLICANT)

    @property
    def situation(self) -> Situation:
        return self.version.situation_of(self.answers)

    @property
    def required(self) -> tuple[str, ...]:
        """Codes of the materials without which the case cannot be accepted."""
        return tuple(m.code for m in self.version.materials_for(self.situation) if not m.may_follow_later)

    @property
    def deferrable(self) -> tuple[str, ...]:
        return tuple(m.code for m in self.version.materials_for(self.situation) if m.may_follow_later)

    @property
    def special_procedure(self) -> str:
        """The first kind of pause that the item allows."""
        return next(kind.value for limit in self.version.limits_for(self.situation) for kind in limit.pauses)

    @property
    def extendable_clock(self) -> str:
        return next(limit.clock for limit in self.version.limits_for(self.situation) if limit.extension is not None)

    @property
    def gives_licence(self) -> bool:
        return self.version.result is not None and self.version.result.kind is ResultKind.LICENCE

    @property
    def state(self) -> CaseState:
        return fold(ledger.events(f"case/{self.number}")).state

    def person(self, role: Role) -> By:
        """The same person of an office for the whole life."""
        key = (self.office, role)
        if key not in self._staff:
            self._staff[key] = self.rng.choice(self.city.staff_of(*key) or [self.city.one(role)])
        return self._staff[key]

    def other(self, role: Role) -> By:
        """A colleague of the same role and office."""
        return next(by for by in self.city.staff_of(self.office, role) if by != self.person(role))

    # --- moments ------------------------------------------------------------------------------------------------
    def begins(self) -> datetime:
        """Online at any hour of the day, at a window in the morning."""
        is_online = self.channel == "web" and not self.haste
        hour = self.rng.choice((8, 9, 10, 11, 14, 15, 16, 20, 21)) if is_online else self.rng.choice((9, 10))
        return local(self.opens_on, f"{hour:02d}:{self.rng.randint(3, 55):02d}")

    def desk(self, day: date) -> datetime:
        """A moment at the desk that day, later than now; late in the afternoon the day grows no longer."""
        if day <= self.on:
            soon = self.now + timedelta(minutes=self.rng.randint(6, 45))
            opening = local(self.on, "09:02") + timedelta(minutes=self.rng.randint(0, 20))
            closing = local(self.on, "16:57")
            return max(opening, min(soon, closing), self.now + timedelta(minutes=1))
        hour, minute = self.rng.choice(((9, 5), (10, 0), (11, 0), (13, 35), (14, 20), (15, 20), (16, 10)))
        return local(day, f"{hour:02d}:{minute + self.rng.randint(0, 20):02d}")

    def in_time(self, least: int = 1, most: int = 2) -> datetime:
        """At the desk, so many working days from now, and never after the next of the office's clocks runs out."""
        if self.haste:
            return self.desk(self.days.after(self.on, 0))
        last = self.days.after(self.on, most)
        due_on = self.next_due()
        last = max(self.days.after(self.on, 0), last if due_on is None else min(last, due_on))
        choices = self.days.between(min(self.days.after(self.on, least), last), last)
        return self.desk(self.rng.choice(choices))

    def late_by(self, least: int, most: int) -> datetime:
        """At the desk, so many working days after the next of the office's clocks has run out."""
        return self.desk(self.days.after(max(self.next_due() or self.on, self.on), self.rng.randint(least, most)))

    def in_days(self, n: int) -> datetime:
        return self.desk(self.days.after(self.on, n))

    def next_due(self) -> date | None:
        """The day on which the first of the office's running clocks runs out."""
        events = ledger.events(f"case/{self.number}")
        clocks = clocks_of(events, self.version, hours_of(self.version.office), self.on)
        return min((clock.due_on for clock in clocks if clock.is_open and not clock.is_applicants), default=None)

    # --- acts -------------------------------------------------------------------------------------------------
    def hand_in(
        self,
        answers: Mapping[str, str] | None = None,
        *,
        leave_out: Sequence[str] = (),
        target_at: datetime | None = None,
        agent: bool = False,
    ) -> None:
        """Hand in online by oneself or by an agent, or be entered by a clerk at the window, who then receives it."""
        self.answers = dict(answers or self.answers)
        submission = Submission(
            self.item,
            self.citizen.account,
            self.answers,
            self._papers(leave_out),
            written_in(self.version, self.situation, self.citizen, self.on),
            channel=self.channel,
            target_at=target_at,
        )
        by = self.applicant if self.channel == "web" else self.person(Role.CLERK)
        if agent:
            by = by_of_agent(self._authorised(), self.on)
        self.receipt = operations.submit(submission, by=by, at=self.now)
        self.number = self.receipt.number
        self.last_step = Step.RECEIVE if self.receipt.receipt_no else Step.SUBMIT

    def _authorised(self) -> Authorisation:
        """The citizen lets the village agent act in this service for a year."""
        return authorise(
            self.citizen.account,
            VILLAGE_AGENT.name,
            AgentSort.VILLAGE,
            items=(self.item,),
            from_on=self.on,
            until_on=self.on + timedelta(365),
            confirmed_by="password",
            by=self.applicant,
            at=self.now,
            on=self.on,
        )

    def take(self, step: Step, by: By | None = None, **facts: Any) -> None:
        """One step by whom it belongs to; a citizen's step is the applicant's."""
        person = by or (self.person(WHO[step]) if step in WHO else self.applicant)
        operations.record(self.number, step, by=person, at=self.now, **facts)
        self.last_step = step

    def propose(self, step: Step, **facts: Any) -> int:
        return operations.propose(self.number, step, by=self.person(WHO[step]), at=self.now, **facts)

    def consent(self, proposal: int, step: Step, role: Role) -> None:
        operations.approve(proposal, by=self.person(role), at=self.now)
        self.last_step = step

    def bring(self, codes: Sequence[str], *, anew: bool = False) -> tuple[HandedIn, ...]:
        mark = "B" if anew else "A"
        return tuple(
            HandedIn(code, document_no=f"{self.number or self.citizen.number}-{code}-{mark}") for code in codes
        )

    def _somebody(self) -> Citizen:
        kinds = {audience.value for audience in self.version.audience}
        fitting = [c for c in self.city.citizens if c.kind.value in kinds and c.number > 2]
        if AccountKind.FIRM.value in kinds and self.rng.random() < 0.7:
            fitting = [c for c in fitting if c.kind is AccountKind.FIRM]
        return self.rng.choice(fitting)

    def _papers(self, leave_out: Sequence[str]) -> tuple[HandedIn, ...]:
        asked = [m.code for m in self.version.materials_for(self.situation) if m.code not in leave_out]
        mark = f"{self.citizen.number}{self.now:%m%d%H%M}"
        return tuple(HandedIn(code, document_no=f"{mark}-{code}") for code in asked)

    def _any_answers(self) -> dict[str, str]:
        given: dict[str, str] = {}
        while question := self.version.next_question(given):
            given[question.code] = self.rng.choice(question.options).code
        return given
