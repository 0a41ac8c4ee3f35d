"""What a case refuses, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from portal.basis import N_, NotAllowed, Refusal
from portal.cases.model.states import STATE_TITLES, CaseState, Step, title_of


class StepNotPossible(Refusal):
    """The case is not where this step begins; ``possible`` are the steps that this person may take now."""

    def __init__(
        self, step: Step, state: CaseState, possible: Sequence[Step] = (), because: Refusal | None = None
    ) -> None:
        self.step, self.state, self.possible, self.because = step, state, tuple(possible), because
        super().__init__(
            N_("“%(step)s” cannot be recorded while the case stands at “%(state)s”. Possible now: %(possible)s."),
            values={
                "step": title_of(step),
                "state": STATE_TITLES[state],
                "possible": tuple(title_of(one) for one in self.possible),
            },
        )


class CaseNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("There is no case with this number and code; compare both with your receipt."), field="number"
        )


class FactMissing(Refusal):
    """A step came without something that it cannot be taken without."""


class FactUnfit(Refusal):
    """A fact was given, but it cannot be so."""


class ApprovalMissing(Refusal):
    """The step needs the consent of another person, or it was given by somebody who may not give it."""


class NotReady(Refusal):
    """Something else has to be done first."""


class AskedToday(Refusal):
    """Once a day is enough to be on record; more would only bury the first."""

    def __init__(self) -> None:
        super().__init__(N_("You have asked today already; it is on record."))


class DutiesNotSeparated(NotAllowed):
    """Nobody reviews or decides on his own act."""
