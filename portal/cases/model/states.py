"""States and steps of a case, and the one table that says which step leads where.

A state is never set: it is what :func:`portal.cases.model.fold.fold` makes of the events. 容缺, 告知承诺, 即办 and
视为受理 are ways of being accepted, not states of their own; they stand in ``Case.acceptance``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final

from portal.basis import NP_, Word
from portal.ledger.kinds import KINDS, Sort


class CaseState(StrEnum):
    DRAFT = "draft"  # nothing is in the ledger yet
    SUBMITTED = "submitted"  # 待收件
    RECEIVED = "received"  # 待受理
    CORRECTING = "correcting"  # 补正中: the applicant's turn
    ACCEPTED = "accepted"  # 已受理
    REVIEWING = "reviewing"  # 审查中
    PAUSED = "paused"  # 特别程序
    HANDED_OVER = "handed-over"  # 转办中: nobody has acknowledged yet
    DECIDED = "decided"  # 已决定
    PRODUCED = "produced"  # 已制证
    DELIVERED = "delivered"  # 已送达
    RATED = "rated"  # 已评价
    ARCHIVED = "archived"  # 已归档
    REFUSED = "refused"  # 不予受理
    WITHDRAWN = "withdrawn"  # 撤回
    DEEMED_WITHDRAWN = "deemed-withdrawn"  # 视为撤回
    DEEMED_RENEWED = "deemed-renewed"  # 视为准予延续
    TERMINATED = "terminated"  # 终止


STATE_TITLES: Final[Mapping[CaseState, Word]] = {
    CaseState.DRAFT: NP_("state of a case", "Draft"),
    CaseState.SUBMITTED: NP_("state of a case", "Waiting to be received"),
    CaseState.RECEIVED: NP_("state of a case", "Waiting for acceptance"),
    CaseState.CORRECTING: NP_("state of a case", "Waiting for your correction"),
    CaseState.ACCEPTED: NP_("state of a case", "Accepted"),
    CaseState.REVIEWING: NP_("state of a case", "Under review"),
    CaseState.PAUSED: NP_("state of a case", "Paused for a special procedure"),
    CaseState.HANDED_OVER: NP_("state of a case", "Being handed over"),
    CaseState.DECIDED: NP_("state of a case", "Decided"),
    CaseState.PRODUCED: NP_("state of a case", "Licence produced"),
    CaseState.DELIVERED: NP_("state of a case", "Result delivered"),
    CaseState.RATED: NP_("state of a case", "Rated"),
    CaseState.ARCHIVED: NP_("state of a case", "Archived"),
    CaseState.REFUSED: NP_("state of a case", "Not accepted"),
    CaseState.WITHDRAWN: NP_("state of a case", "Withdrawn"),
    CaseState.DEEMED_WITHDRAWN: NP_("state of a case", "Deemed withdrawn"),
    CaseState.DEEMED_RENEWED: NP_("state of a case", "Deemed renewed"),
    CaseState.TERMINATED: NP_("state of a case", "Terminated"),
}


class Step(StrEnum):
    """What can be done to a case: the ``step`` of each kind in ``ledger/kinds.py``."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    NOTICE_CORRECTION = "notice_correction"
    SUBMIT_CORRECTION = "submit_correction"
    ACCEPT = "accept"
    REFUSE = "refuse"
    DEEM_ACCEPTED = "deem_accepted"
    DEEM_WITHDRAWN = "deem_withdrawn"
    DEEM_RENEWED = "deem_renewed"
    ACCEPT_TOLERANTLY = "accept_tolerantly"
    SUPPLY = "supply"
    ACCEPT_PROMISE = "accept_promise"
    POST_CHECK = "post_check"
    DESIGNATE = "designate"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"
    RETURN_HANDOVER = "return_handover"
    UPHOLD_OBJECTION = "uphold_objection"
    ASSIGN = "assign"
    OPEN = "open"
    VIEW = "view"
    COMMENT = "comment"
    REMIND = "remind"
    CHASE = "chase"
    REVIEW = "review"
    CHECK_SITE = "check_site"
    GIVE_JOINT_OPINION = "give_joint_opinion"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    DECIDE = "decide"
    PRODUCE_LICENCE = "produce_licence"
    NOTICE_COLLECTION = "notice_collection"
    DELIVER = "deliver"
    RATE = "rate"
    CONTACT_RATER = "contact_rater"
    FIX_RATING = "fix_rating"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    REOPEN = "reopen"
    REQUEST_WAIT = "request_wait"
    LINK_OUTAGE = "link_outage"
    MARK_DUPLICATE = "mark_duplicate"
    MARK_TEST = "mark_test"
    MOVE_DUE = "move_due"


KIND_OF: Final[Mapping[Step, str]] = {
    Step(kind.step): kind.name for kind in KINDS.values() if kind.sort is Sort.CASE and not kind.is_to_come
}
STEP_OF: Final[Mapping[str, Step]] = {kind: step for step, kind in KIND_OF.items()}


def title_of(step: Step) -> Word:
    """As the timeline of a case names it."""
    return Word(KINDS[KIND_OF[step]].title)


class Move(Enum):
    """A goal that depends on the case: where it is, or where it was before it stepped aside."""

    STAY = auto()
    BACK = auto()  # to the state before the pause, the hand-over, or the closing


Goal = CaseState | Move

_S, _C = Step, CaseState
_NOTES: Mapping[Step, Goal] = dict.fromkeys((_S.VIEW, _S.COMMENT, _S.MARK_DUPLICATE, _S.MARK_TEST), Move.STAY)
_RUNNING: Mapping[Step, Goal] = {
    **_NOTES,
    **dict.fromkeys((_S.CHASE, _S.REMIND, _S.LINK_OUTAGE, _S.MOVE_DUE, _S.REQUEST_WAIT), Move.STAY),
}
_LEAVING: Mapping[Step, Goal] = {_S.WITHDRAW: _C.WITHDRAWN, _S.TERMINATE: _C.TERMINATED}
_ACCEPTING: Mapping[Step, Goal] = dict.fromkeys((_S.ACCEPT, _S.ACCEPT_TOLERANTLY), _C.ACCEPTED)
_LAPSING: Mapping[Step, Goal] = {_S.DEEM_WITHDRAWN: _C.DEEMED_WITHDRAWN, _S.DEEM_RENEWED: _C.DEEMED_RENEWED}
_PASSING: Mapping[Step, Goal] = {
    _S.DESIGNATE: _C.HANDED_OVER,
    _S.HAND_OVER: _C.HANDED_OVER,
    _S.UPHOLD_OBJECTION: Move.STAY,  # after the case came back: the return was rightful
}
_WORK: Mapping[Step, Goal] = {
    _S.ASSIGN: Move.STAY,
    _S.OPEN: _C.REVIEWING,
    _S.REVIEW: _C.REVIEWING,
    _S.CHECK_SITE: _C.REVIEWING,
    _S.GIVE_JOINT_OPINION: _C.REVIEWING,
    _S.PAUSE: _C.PAUSED,
    _S.EXTEND: Move.STAY,
    _S.SUPPLY: Move.STAY,
    _S.ACCEPT: Move.STAY,  # the paper that was missing when the case was deemed accepted
    _S.DECIDE: _C.DECIDED,
}
_AFTER_DECISION: Mapping[Step, Goal] = {
    _S.NOTICE_COLLECTION: Move.STAY,
    _S.DELIVER: _C.DELIVERED,
    _S.SUPPLY: Move.STAY,
    _S.POST_CHECK: Move.STAY,
    _S.REOPEN: _C.REVIEWING,
}
_AFTER_DELIVERY: Mapping[Step, Goal] = {
    **_NOTES,
    _S.RATE: _C.RATED,
    _S.CONTACT_RATER: Move.STAY,
    _S.FIX_RATING: Move.STAY,
    _S.POST_CHECK: Move.STAY,
    _S.MOVE_DUE: Move.STAY,
    _S.REOPEN: Move.BACK,
}
_CLOSED: Mapping[Step, Goal] = {**_NOTES, _S.ARCHIVE: _C.ARCHIVED, _S.REOPEN: Move.BACK}

TRANSITIONS: Final[Mapping[CaseState, Mapping[Step, Goal]]] = {
    _C.DRAFT: {_S.SUBMIT: _C.SUBMITTED},
    _C.SUBMITTED: {**_RUNNING, **_LEAVING, _S.RECEIVE: _C.RECEIVED},
    _C.RECEIVED: {
        **_RUNNING,
        **_LEAVING,
        **_ACCEPTING,
        **_PASSING,
        _S.ACCEPT_PROMISE: _C.ACCEPTED,
        _S.DEEM_ACCEPTED: _C.ACCEPTED,
        _S.REFUSE: _C.REFUSED,
        _S.NOTICE_CORRECTION: _C.CORRECTING,
        _S.ASSIGN: Move.STAY,
        _S.OPEN: Move.STAY,
    },
    _C.CORRECTING: {
        **_RUNNING,
        **_LEAVING,
        **_ACCEPTING,  # the demand is waived, or its material promised for later
        _S.SUBMIT_CORRECTION: _C.RECEIVED,  # unless something demanded is still missing: see goal_of()
        _S.NOTICE_CORRECTION: Move.STAY,
        _S.DEEM_WITHDRAWN: _C.DEEMED_WITHDRAWN,
    },
    _C.ACCEPTED: {**_RUNNING, **_LEAVING, **_LAPSING, **_PASSING, **_WORK},
    _C.REVIEWING: {**_RUNNING, **_LEAVING, **_LAPSING, **_PASSING, **_WORK},
    _C.PAUSED: {
        **_RUNNING,
        **_LEAVING,
        **_LAPSING,
        **dict.fromkeys((_S.ASSIGN, _S.SUPPLY, _S.CHECK_SITE, _S.GIVE_JOINT_OPINION, _S.EXTEND), Move.STAY),
        _S.RESUME: Move.BACK,
    },
    _C.HANDED_OVER: {
        **_RUNNING,
        **_LEAVING,
        **_LAPSING,
        **dict.fromkeys((_S.ACKNOWLEDGE, _S.RETURN_HANDOVER, _S.UPHOLD_OBJECTION), Move.BACK),
        _S.DESIGNATE: Move.STAY,
        _S.SUPPLY: Move.STAY,
    },
    _C.DECIDED: {**_RUNNING, **_AFTER_DECISION, _S.PRODUCE_LICENCE: _C.PRODUCED},
    _C.PRODUCED: {**_RUNNING, **_AFTER_DECISION},
    _C.DELIVERED: {**_AFTER_DELIVERY, _S.ARCHIVE: _C.ARCHIVED},
    _C.RATED: {**_AFTER_DELIVERY, _S.RATE: Move.STAY, _S.ARCHIVE: _C.ARCHIVED},
    _C.ARCHIVED: {**_AFTER_DELIVERY, _S.RATE: Move.STAY},
    _C.REFUSED: dict(_CLOSED),
    _C.WITHDRAWN: dict(_CLOSED),
    _C.DEEMED_WITHDRAWN: dict(_CLOSED),
    _C.TERMINATED: dict(_CLOSED),
    _C.DEEMED_RENEWED: {**_RUNNING, **_AFTER_DECISION, _S.PRODUCE_LICENCE: _C.PRODUCED},
}

CLOSED: Final = frozenset({
    _C.DELIVERED, _C.RATED, _C.ARCHIVED, _C.REFUSED, _C.WITHDRAWN, _C.DEEMED_WITHDRAWN, _C.TERMINATED,
})  # fmt: skip
ASIDE: Final = frozenset({_C.PAUSED, _C.HANDED_OVER})
WAITING: Final = frozenset({_C.SUBMITTED, _C.RECEIVED, _C.HANDED_OVER})  # 待收件, 待办理, 转办中: what V12 watches
