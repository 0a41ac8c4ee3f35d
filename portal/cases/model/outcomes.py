"""What the clocks bring about by themselves: deemed acceptance, withdrawal, renewal, and the end of a pause. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from portal.cases.model.case import Case
from portal.cases.model.clocks import Clock, LimitKind
from portal.cases.model.legs import declared_end
from portal.cases.model.reckoning import midnight
from portal.cases.model.states import CLOSED, CaseState, Step
from portal.catalogue.model import Flow, ItemVersion
from portal.worktime.hours import OfficeHours

ARCHIVE_AFTER: Final = 5  # working days; our own number


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step that the system owes at ``at``."""

    step: Step
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)


def next_outcome(case: Case, clocks: Sequence[Clock], version: ItemVersion, hours: OfficeHours) -> Outcome | None:
    """The first step that the clocks will bring about if nobody does anything; None if they bring about none.

    A due date that is not certain yet brings about nothing.
    """
    running = [clock for clock in clocks if clock.is_open and clock.is_certain]
    found = [
        outcome
        for outcome in (
            _deemed_acceptance(case, running),
            _lapse(case, running, "correction", frozenset({CaseState.CORRECTING})),
            _lapse(case, running, "supply", _UNDECIDED),
            _renewal(case, running, version),
            _end_of_pause(case, hours),
            _archiving(case, hours),
        )
        if outcome is not None
    ]
    return min(found, key=lambda outcome: outcome.at, default=None)


_UNDECIDED = frozenset({CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.PAUSED, CaseState.HANDED_OVER})


def _deemed_acceptance(case: Case, running: Sequence[Clock]) -> Outcome | None:
    """行政许可法 第三十二条: nobody told within the legal limit, so accepted from the day of receipt."""
    legal = [clock for clock in running if clock.name == "accept" and clock.limit_kind is LimitKind.STATUTORY]
    if case.state is not CaseState.RECEIVED or not legal:
        return None
    clock = legal[0]
    return Outcome(Step.DEEM_ACCEPTED, clock.breach_at, {"counted_from": clock.counted_from})


def _lapse(case: Case, running: Sequence[Clock], name: str, states: frozenset[CaseState]) -> Outcome | None:
    """The applicant let his own limit pass; nobody is accused of it."""
    own = [clock for clock in running if clock.name == name]
    if case.state not in states or not own:
        return None
    return Outcome(Step.DEEM_WITHDRAWN, max(clock.breach_at for clock in own))


def _renewal(case: Case, running: Sequence[Clock], version: ItemVersion) -> Outcome | None:
    """行政许可法 第五十条: no decision before the licence expires (the explicit target), and it is renewed."""
    situation = version.situation(case.situation)
    if case.state not in _UNDECIDED or situation is None or situation.flow is not Flow.RENEWAL:
        return None
    target = next((clock for clock in running if clock.limit_kind is LimitKind.TARGET and clock.name == "target"), None)
    return None if target is None else Outcome(Step.DEEM_RENEWED, target.due_at + timedelta(microseconds=1))


def _end_of_pause(case: Case, hours: OfficeHours) -> Outcome | None:
    if case.state is not CaseState.PAUSED or case.suspension is None:
        return None
    last_on = declared_end(case.suspension.from_on, case.suspension.days, hours)
    return Outcome(Step.RESUME, midnight(last_on + timedelta(1), hours), {"until_on": last_on})


def _archiving(case: Case, hours: OfficeHours) -> Outcome | None:
    if case.state not in CLOSED or case.state is CaseState.ARCHIVED or case.closed_at is None:
        return None
    closed_on = case.closed_at.astimezone(hours.zone).date()
    last_on = hours.calendar.add_workdays(closed_on, ARCHIVE_AFTER, provisional=True)
    return Outcome(Step.ARCHIVE, midnight(last_on, hours))
