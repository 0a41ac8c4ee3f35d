"""A case as its events have made it: who holds it, who answers for it, what is still missing. Frozen and pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.cases.model.states import CLOSED, CaseState


class Acceptance(StrEnum):
    """How the case came to be accepted."""

    ORDINARY = "ordinary"
    INSTANT = "instant"  # 即办: decided in the same visit
    TOLERANT = "tolerant"  # 容缺: minor material may follow
    PROMISE = "promise"  # 告知承诺: on the applicant's written promise, checked afterwards
    DEEMED = "deemed"  # 视为受理: nobody acted within the limit


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a case lies: an office, and once somebody has taken it up, that person's post and account."""

    office: str | None
    post: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One correction notice (一次性补正告知)."""

    number: str | None
    demands: tuple[str, ...]
    by: str
    at: datetime
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    by: str
    at: datetime
    conclusion: str


@dataclass(frozen=True, slots=True)
class Passing:
    """A hand-over (转办) that nobody has acknowledged or sent back yet."""

    sender: Holder
    to_office: str
    at: datetime
    by: str
    reason: str | None = None
    summary: str | None = None
    is_designated: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """A special procedure (特别程序) that is running: its kind, first day not counted, declared working days."""

    pause_type: str
    from_on: date
    days: int
    notice_no: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """``first_responder`` (首问责任人) is named until a receiver acknowledges; then the receiver is.

    ``before`` is the state to which a case comes back from a pause or a hand-over. ``handlers`` are the members of
    staff who worked on the case: none of them may approve what eases its limits.
    """

    number: str
    state: CaseState = CaseState.DRAFT
    before: CaseState | None = None
    item_version: str = ""
    applicant: str = ""
    matter: str = ""
    situation: str = ""
    channel: str = ""
    authorisation: str | None = None
    holder: Holder = Holder(None)
    first_responder: Holder | None = None
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    counted_from: date | None = None
    target_at: datetime | None = None
    receipt_no: str | None = None
    first_materials: frozenset[str] = frozenset()  # those of the first hand-in
    materials: frozenset[str] = frozenset()
    materials_hash: str | None = None
    notices: tuple[Notice, ...] = ()
    demanded: frozenset[str] = frozenset()  # of the last notice, still missing
    acceptance: Acceptance | None = None
    has_acceptance_paper: bool = False
    acceptor: str | None = None
    accepted_at: datetime | None = None
    deferred: frozenset[str] = frozenset()  # 容缺材料 still owed
    supply_due_on: date | None = None
    passing: Passing | None = None
    hand_overs: int = 0
    returns: int = 0
    objections_upheld: int = 0
    is_designated: bool = False
    assignee: str | None = None
    has_assignment: bool = False
    opinions: tuple[Opinion, ...] = ()
    suspension: Suspension | None = None
    extensions: frozenset[str] = frozenset()  # names of the clocks already extended
    outages: frozenset[str] = frozenset()
    decider: str | None = None
    conclusion: str | None = None
    decided_at: datetime | None = None
    licence_no: str | None = None
    collection_notices: int = 0
    delivered_at: datetime | None = None
    score: int | None = None
    post_check: str | None = None
    closed_at: datetime | None = None
    reopenings: int = 0
    duplicate_of: str | None = None
    is_test: bool = False
    handlers: frozenset[str] = frozenset()
    last_at: datetime | None = None
    last_substantive_at: datetime | None = None
    last_seq: int = 0

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED and self.state is not CaseState.DRAFT

    @property
    def is_accepted(self) -> bool:
        return self.acceptance is not None

    @property
    def reviewers(self) -> frozenset[str]:
        return frozenset(opinion.by for opinion in self.opinions)
