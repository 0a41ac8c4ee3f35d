"""The stages of a finding's procedure, its steps, its own limits, and the table of what may follow what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.basis import N_, CalendarDays, Limit, Months, Refusal, Word, WorkingDays
from portal.ledger.kinds import KINDS, Sort

# Parameters of ours, all of them.
REPLY: Final[Limit] = WorkingDays(3)  # for the office to answer
JUDGE: Final[Limit] = WorkingDays(5)  # to confirm or dismiss what was answered
APPEAL: Final[Limit] = WorkingDays(5)  # for the office to appeal
DECIDE_APPEAL: Final[Limit] = WorkingDays(10)
ORDER: Final[Limit] = WorkingDays(5)  # to order, once nobody can appeal any more
RECHECK: Final[Limit] = WorkingDays(5)  # to look at what was reported as put right
DISMISS: Final[Limit] = WorkingDays(3)  # for the second person
FIRST_WITHIN: Final[Limit] = Months(24)  # a breach is the first if none like it came before it for so long
REPEATED_WITHIN: Final[Limit] = CalendarDays(90)  # the same again so soon after it was put right (V46)


class Stage(StrEnum):
    SUSPECTED = "suspected"
    NOTIFIED = "notified"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    REPEATED = "repeated"  # confirmed, and the same was put right shortly before
    RECTIFYING = "rectifying"
    CURED = "cured"
    DISMISSED = "dismissed"


class Step(StrEnum):
    """The ``step`` of each kind in ``ledger/kinds``: findings.py and orders.py."""

    NOTIFY = "notify_finding"
    EXPLAIN = "explain_finding"
    CONFIRM = "confirm_finding"
    APPEAL = "appeal_finding"
    WAIVE_APPEAL = "waive_appeal"
    DECIDE_APPEAL = "decide_appeal"
    ORDER = "order_rectification"
    EXTEND = "extend_rectification"
    REPORT = "report_rectification"
    RECHECK = "recheck_rectification"
    WITHDRAW = "withdraw_rectification"  # with a dismissal, never by itself
    PROPOSE_DISMISSAL = "propose_dismissal"
    DISMISS = "dismiss_finding"
    REFUSE_DISMISSAL = "refuse_dismissal"
    PUBLISH = "publish_finding"


class Ground(StrEnum):
    """Why a finding is dismissed."""

    UNFOUNDED = "unfounded"
    GUARD = "guard"  # something that excuses, with its own event
    FIRST_MINOR = "first-minor"  # 首次轻微


class Due(StrEnum):
    """What somebody must do by a day; the reply and the rectification are the office's."""

    REPLY = "reply"
    JUDGEMENT = "judgement"
    APPEAL_DECISION = "appeal-decision"
    ORDER = "order"
    RECTIFICATION = "rectification"
    RECHECK = "recheck"
    DISMISSAL = "dismissal"


STAGE_TITLES: Final[Mapping[Stage, str]] = {
    Stage.SUSPECTED: N_("Suspected"),
    Stage.NOTIFIED: N_("Office asked to answer"),
    Stage.EXPLAINED: N_("Answered by the office"),
    Stage.CONFIRMED: N_("Confirmed"),
    Stage.REPEATED: N_("Confirmed, repeated"),
    Stage.RECTIFYING: N_("Being put right"),
    Stage.CURED: N_("Put right"),
    Stage.DISMISSED: N_("Dismissed"),
}
STEP_TITLES: Final[Mapping[Step, str]] = {
    Step.NOTIFY: N_("Ask the office to answer"),
    Step.EXPLAIN: N_("Answer"),
    Step.CONFIRM: N_("Confirm the finding"),
    Step.APPEAL: N_("Appeal"),
    Step.WAIVE_APPEAL: N_("Do without an appeal"),
    Step.DECIDE_APPEAL: N_("Decide the appeal"),
    Step.ORDER: N_("Order that it be put right"),
    Step.EXTEND: N_("Give more time"),
    Step.REPORT: N_("Report that it is put right"),
    Step.RECHECK: N_("Check whether it was put right"),
    Step.WITHDRAW: N_("Take the order back"),
    Step.PROPOSE_DISMISSAL: N_("Propose to dismiss the finding"),
    Step.DISMISS: N_("Dismiss as proposed"),
    Step.REFUSE_DISMISSAL: N_("Do not dismiss"),
    Step.PUBLISH: N_("Publish"),
}
GROUND_TITLES: Final[Mapping[Ground, str]] = {
    Ground.UNFOUNDED: N_("It is not so: the record was wrong or was misread"),
    Ground.GUARD: N_("Something excuses it, and stands in the ledger"),
    Ground.FIRST_MINOR: N_("First minor breach, put right by itself"),
}
DUE_TITLES: Final[Mapping[Due, str]] = {
    Due.REPLY: N_("Answer of the office"),
    Due.JUDGEMENT: N_("Judgement of the answer"),
    Due.APPEAL_DECISION: N_("Decision of the appeal"),
    Due.ORDER: N_("Order to put it right"),
    Due.RECTIFICATION: N_("Rectification"),
    Due.RECHECK: N_("Check of what was put right"),
    Due.DISMISSAL: N_("Second person for the dismissal"),
}
OF_THE_OFFICE: Final = frozenset({Due.REPLY, Due.RECTIFICATION})
HELD: Final = frozenset({Stage.CONFIRMED, Stage.REPEATED})
UNCONFIRMED: Final = frozenset({Stage.SUSPECTED, Stage.NOTIFIED, Stage.EXPLAINED})
OF_THE_ORDER: Final = frozenset({Step.ORDER, Step.EXTEND, Step.REPORT, Step.RECHECK, Step.WITHDRAW})
# What the rules write; everything else is a step.
JUDGEMENTS: Final = frozenset({"finding-raised", "finding-changed", "finding-cleared"})
KIND_OF: Final[Mapping[Step, str]] = {
    Step(kind.step): kind.name
    for kind in KINDS.values()
    if kind.sort in (Sort.FINDING, Sort.ORDER) and kind.name not in JUDGEMENTS
}
STEP_OF: Final[Mapping[str, Step]] = {name: step for step, name in KIND_OF.items()}


def _stays(stage: Stage, *steps: Step) -> dict[Step, frozenset[Stage]]:
    return dict.fromkeys(steps, frozenset({stage}))


def _dismissal(stage: Stage) -> dict[Step, frozenset[Stage]]:
    proposed = _stays(stage, Step.PROPOSE_DISMISSAL, Step.REFUSE_DISMISSAL)
    return {**proposed, Step.DISMISS: frozenset({Stage.DISMISSED})}


def _held(stage: Stage) -> dict[Step, frozenset[Stage]]:
    return {
        **_stays(stage, Step.APPEAL, Step.WAIVE_APPEAL, Step.PUBLISH),
        Step.DECIDE_APPEAL: frozenset({stage, Stage.DISMISSED}),
        Step.ORDER: frozenset({Stage.RECTIFYING}),
        **_dismissal(stage),
    }


# By stage the steps that may be taken, and where each may lead.
TRANSITIONS: Final[Mapping[Stage, Mapping[Step, frozenset[Stage]]]] = {
    Stage.SUSPECTED: {Step.NOTIFY: frozenset({Stage.NOTIFIED}), **_dismissal(Stage.SUSPECTED)},
    Stage.NOTIFIED: {Step.EXPLAIN: frozenset({Stage.EXPLAINED}), Step.CONFIRM: HELD, **_dismissal(Stage.NOTIFIED)},
    Stage.EXPLAINED: {Step.CONFIRM: HELD, **_dismissal(Stage.EXPLAINED)},
    Stage.CONFIRMED: _held(Stage.CONFIRMED),
    Stage.REPEATED: _held(Stage.REPEATED),
    Stage.RECTIFYING: {
        **_stays(Stage.RECTIFYING, Step.EXTEND, Step.REPORT, Step.WITHDRAW, Step.PUBLISH),
        Step.RECHECK: frozenset({Stage.RECTIFYING, Stage.CURED}),
        **_dismissal(Stage.RECTIFYING),
    },
    Stage.CURED: _stays(Stage.CURED, Step.PUBLISH),
    Stage.DISMISSED: {},
}


class ProcedureRefusal(Refusal):
    """Something stands against a step."""


class ProcedureStepNotPossible(ProcedureRefusal):
    def __init__(self, step: Step, stage: Stage) -> None:
        super().__init__(
            N_('"%(step)s" cannot follow on "%(stage)s"; look at the finding again for what is possible now.'),
            values={"step": Word(STEP_TITLES[step]), "stage": Word(STAGE_TITLES[stage])},
        )
