"""What stands against a step although its stage would allow it: days, order, and what must be so before. Pure.

Who may take a step is the policy's to say (``accounts/policy.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from portal.basis import N_
from portal.compliance.procedure.model.procedure import Procedure
from portal.compliance.procedure.model.stages import (
    TRANSITIONS,
    UNCONFIRMED,
    Ground,
    ProcedureRefusal,
    ProcedureStepNotPossible,
    Stage,
    Step,
)
from portal.compliance.rule import Severity


class NoLongerFound(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The rules do not find this any more; there is nothing that an office could be asked."))


class NobodyNamed(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The finding names no office that could be asked; look into it and propose to dismiss it."))


class DismissalWaits(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("Somebody has proposed to dismiss the finding; a second person answers that first."))


class NothingProposed(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Nobody has proposed to dismiss the finding; propose it first, a second person then answers.")
        )


class OfficeNotHeard(ProcedureRefusal):
    """``until`` is the last day of its reply."""

    def __init__(self, until: date) -> None:
        super().__init__(
            N_("The office has not answered and may until %(until)s; confirm the finding after that day."),
            values={"until": until},
        )


class AppealOver(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("There was one appeal, or its time is over; what is wrong now, tell the supervisor."))


class NoAppeal(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("No appeal waits for a decision; look at the finding again."))


class NotFinal(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The office can still appeal, or its appeal waits to be decided; wait for that."))


class ReportWaits(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("It was reported as put right already; somebody else looks at that first."))


class NothingReported(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The office has not reported that it is put right; there is nothing to look at yet."))


class AlreadyPublished(ProcedureRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The finding is published already."))


class NoExemption(ProcedureRefusal):
    """Why a breach is not let pass as the first minor one (首次轻微违规)."""


class StepFactMissing(ProcedureRefusal):
    """A step came without something that it cannot be taken without, or with something that cannot be."""


def against(procedure: Procedure, step: Step, on: date) -> ProcedureRefusal | None:
    """What stands against the step on that day of the office's; None if it may be taken."""
    if step not in TRANSITIONS[procedure.stage]:
        return ProcedureStepNotPossible(step, procedure.stage)
    if step in _WAIT_FOR_A_DISMISSAL and procedure.proposed_by is not None:
        return DismissalWaits()
    guard = _GUARDS.get(step)
    return guard(procedure, on) if guard else None


def possible(procedure: Procedure, on: date) -> tuple[Step, ...]:
    """Steps against which nothing stands, whoever takes them; an order is taken back by a dismissal alone."""
    steps = (step for step in TRANSITIONS[procedure.stage] if step is not Step.WITHDRAW)
    return tuple(step for step in steps if against(procedure, step, on) is None)


def against_ground(procedure: Procedure, ground: Ground, *, is_first: bool) -> NoExemption | None:
    """The exemption of a first minor breach: a notice or a yellow card, before it was confirmed, no longer going on,
    and ``is_first``: none of the same rule and office was confirmed or exempted in the time before."""
    if ground is not Ground.FIRST_MINOR:
        return None
    if procedure.severity is Severity.RED:
        return NoExemption(N_("A red card is no minor breach; give another ground."), field="ground")
    if procedure.stage not in UNCONFIRMED:
        return NoExemption(N_("It was confirmed already; an exemption comes before that."), field="ground")
    if procedure.is_open:
        return NoExemption(N_("What the finding accuses still goes on; it is put right first."), field="ground")
    if not is_first:
        return NoExemption(
            N_("It is not the first of this kind for the office in two years; give another ground."), field="ground"
        )
    return None


def _notify(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    if not procedure.is_standing:
        return NoLongerFound()
    return NobodyNamed() if procedure.office is None else None


def _confirm(procedure: Procedure, on: date) -> ProcedureRefusal | None:
    until = procedure.reply_due_on
    is_heard = procedure.stage is Stage.EXPLAINED or (until is not None and on > until)
    return None if is_heard or until is None else OfficeNotHeard(until)


def _appeal(procedure: Procedure, on: date) -> ProcedureRefusal | None:
    until = procedure.appeal_due_on
    is_over = until is None or on > until
    return AppealOver() if is_over or procedure.is_waived or procedure.appealed_by else None


def _decide(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    return None if procedure.has_open_appeal else NoAppeal()


def _final(procedure: Procedure, on: date) -> ProcedureRefusal | None:
    return None if procedure.is_final(on) else NotFinal()


def _report(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    return ReportWaits() if procedure.reported_by else None


def _extend(procedure: Procedure, on: date) -> ProcedureRefusal | None:
    until = procedure.order_due_on
    if until is not None and on > until:
        return ProcedureRefusal(N_("The last day is over; more time is given before it ends, not after."))
    return _report(procedure, on)


def _recheck(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    return None if procedure.reported_by else NothingReported()


def _propose(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    if procedure.has_open_appeal:
        return ProcedureRefusal(N_("The office has appealed; decide the appeal."))
    is_gone = not procedure.is_standing and procedure.stage in UNCONFIRMED
    return NoLongerFound() if is_gone else None


def _proposed(procedure: Procedure, _on: date) -> ProcedureRefusal | None:
    return None if procedure.proposed_by is not None else NothingProposed()


def _publish(procedure: Procedure, on: date) -> ProcedureRefusal | None:
    return AlreadyPublished() if procedure.is_published else _final(procedure, on)


_WAIT_FOR_A_DISMISSAL: Final = frozenset({
    Step.NOTIFY, Step.CONFIRM, Step.ORDER, Step.EXTEND, Step.RECHECK, Step.PROPOSE_DISMISSAL, Step.PUBLISH,
})  # fmt: skip
_GUARDS: Final[Mapping[Step, Callable[[Procedure, date], ProcedureRefusal | None]]] = {
    Step.NOTIFY: _notify,
    Step.CONFIRM: _confirm,
    Step.APPEAL: _appeal,
    Step.WAIVE_APPEAL: _appeal,
    Step.DECIDE_APPEAL: _decide,
    Step.ORDER: _final,
    Step.EXTEND: _extend,
    Step.REPORT: _report,
    Step.RECHECK: _recheck,
    Step.WITHDRAW: _proposed,
    Step.PROPOSE_DISMISSAL: _propose,
    Step.DISMISS: _proposed,
    Step.REFUSE_DISMISSAL: _proposed,
    Step.PUBLISH: _publish,
}
