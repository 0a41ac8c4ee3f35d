"""The dates promised to who hands in at this moment: the clocks of a case that has not happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.cases.model import Clock, LimitKind
from portal.cases.queries import promised, promised_trace
from portal.catalogue.model import ItemVersion, Situation
from portal.worktime import DayNote


@dataclass(frozen=True, slots=True)
class Promise:
    """``statutory_on`` is the day by which the law wants it; ``is_after_acceptance``: counted from the last day on
    which the case may be accepted."""

    clock: Clock
    trace: tuple[DayNote, ...]
    statutory_on: date | None
    is_after_acceptance: bool

    @property
    def is_instant(self) -> bool:
        return self.clock.limit is not None and self.clock.limit.n == 0


def promises(version: ItemVersion, situation: Situation | None, *, at: datetime, channel: str = "web") -> list[Promise]:
    """In the order in which they end; without a situation those of the first one."""
    clocks = promised(version, situation or version.situations[0], channel=channel, at=at)
    statutory = {clock.name: clock.due_on for clock in clocks if clock.limit_kind is LimitKind.STATUTORY}
    is_accepted_first = any(clock.name == "accept" for clock in clocks)
    return [
        Promise(
            clock,
            promised_trace(clock, version),
            statutory.get(clock.name),
            clock.name == "decide" and is_accepted_first,
        )
        for clock in sorted(clocks, key=lambda clock: clock.due_at)
        if clock.limit_kind is LimitKind.PROMISED and not clock.is_applicants
    ]


def answer_of(found: list[Promise]) -> Promise | None:
    """What people ask for first: when the answer is there."""
    by_clock = {promise.clock.name: promise for promise in found}
    return by_clock.get("feedback") or by_clock.get("decide") or (found[-1] if found else None)
