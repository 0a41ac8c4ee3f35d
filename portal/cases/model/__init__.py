"""The pure part of cases: states, the fold, guards, clocks and what they bring about."""

from portal.cases.model.case import Acceptance, Case, Holder, Notice, Opinion, Passing, Suspension
from portal.cases.model.clocks import (
    Clock,
    ClockState,
    DueMoved,
    HoursKnownOn,
    LimitKind,
    clocks_of,
    stuck_on,
)
from portal.cases.model.demands import check_facts
from portal.cases.model.facts import Facts, facts_of
from portal.cases.model.fold import BrokenHistory, fold, goal_of, then
from portal.cases.model.guards import Attempt, is_possible, standing_refusal
from portal.cases.model.handin import HandedIn, Receipt, StoredFile, Submission, applicant_of
from portal.cases.model.outcomes import Outcome, next_outcome
from portal.cases.model.reckoning import midnight
from portal.cases.model.refusals import (
    ApprovalMissing,
    AskedToday,
    CaseNotFound,
    DutiesNotSeparated,
    FactMissing,
    FactUnfit,
    NotReady,
    StepNotPossible,
)
from portal.cases.model.states import (
    CLOSED,
    KIND_OF,
    STATE_TITLES,
    STEP_OF,
    TRANSITIONS,
    CaseState,
    Move,
    Step,
    title_of,
)

__all__ = [
    "CLOSED",
    "KIND_OF",
    "STATE_TITLES",
    "STEP_OF",
    "TRANSITIONS",
    "Acceptance",
    "ApprovalMissing",
    "AskedToday",
    "Attempt",
    "BrokenHistory",
    "Case",
    "CaseNotFound",
    "CaseState",
    "Clock",
    "ClockState",
    "DueMoved",
    "DutiesNotSeparated",
    "FactMissing",
    "FactUnfit",
    "Facts",
    "HandedIn",
    "Holder",
    "HoursKnownOn",
    "LimitKind",
    "Move",
    "NotReady",
    "Notice",
    "Opinion",
    "Outcome",
    "Passing",
    "Receipt",
    "Step",
    "StepNotPossible",
    "StoredFile",
    "Submission",
    "Suspension",
    "applicant_of",
    "check_facts",
    "clocks_of",
    "facts_of",
    "fold",
    "goal_of",
    "is_possible",
    "midnight",
    "next_outcome",
    "standing_refusal",
    "stuck_on",
    "then",
    "title_of",
]
