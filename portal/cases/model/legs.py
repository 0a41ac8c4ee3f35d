"""Which clocks a history opened and stopped: pure bookkeeping of events, before any day is counted.

One leg is one run of one clock. A full correction begins acceptance anew; passing a case on and re-opening it never
do: the clock runs on from its old start, as a further leg, and the old leg keeps its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Final

from portal.cases.model.case import Case
from portal.cases.model.facts import Facts, facts_of
from portal.cases.model.fold import then
from portal.cases.model.guards import BAD_SCORE
from portal.cases.model.states import CaseState
from portal.catalogue.model import ACCEPTANCES, CLOCKS, ItemVersion
from portal.ledger.model import Event
from portal.worktime.hours import OfficeHours
from portal.worktime.periods import DateRange

ENDINGS: Final = frozenset({"refused", "withdrawn", "deemed-withdrawn", "deemed-renewed", "terminated"})
CLOSINGS: Final = ENDINGS | {"delivered"}
_COMES_BACK: Final = frozenset({"handover-acknowledged", "handover-returned", "objection-upheld"})


@dataclass(frozen=True, slots=True)
class Leg:
    """``counted_from`` is a day that is not counted itself. ``target_on`` replaces a limit (容缺材料 with its own day),
    ``target_at`` is an explicit promise for this case. ``stopped_by`` is the kind of event that ended it."""

    clock: str
    number: int
    opened_at: datetime
    opened_by: str
    seq: int
    counted_from: date
    target_on: date | None = None
    target_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: str | None = None
    was_answered: bool = True  # False where the case ended, or the clock began anew, before what it waits for

    @property
    def is_open(self) -> bool:
        return self.stopped_at is None


@dataclass(frozen=True, slots=True)
class _Wiring:
    start: tuple[str, ...]
    stops: tuple[str, ...]
    restarts_on: tuple[str, ...]


def legs_of(events: Sequence[Event], version: ItemVersion, zone: tzinfo) -> tuple[Leg, ...]:
    """Every leg of every clock that the item version has a limit for, and of hand-overs and explicit targets."""
    wirings = _wirings(version, situation_of(events))
    legs: dict[str, list[Leg]] = {}
    case = Case("")
    for event in events:
        before, case = case, then(case, event)
        facts = facts_of(event)
        for clock, wiring in wirings.items():
            _tick(legs.setdefault(clock, []), clock, wiring, event, facts, before, case, zone)
        if event.kind == "received" and facts.get("target_at"):
            opened = _opened("target", legs.setdefault("target", []), event, facts, zone)
            legs["target"].append(replace(opened, target_at=facts["target_at"]))
    return tuple(leg for group in legs.values() for leg in group)


def situation_of(events: Sequence[Event]) -> str | None:
    return next((event.text("situation") for event in events if event.kind == "submitted"), None)


def _wirings(version: ItemVersion, situation: str | None) -> Mapping[str, _Wiring]:
    wirings = {
        limit.clock: _Wiring(limit.start, limit.stops, limit.restarts_on) for limit in version.limits_for(situation)
    }
    for name in ("acknowledge", "supply"):
        library = CLOCKS[name]
        wirings.setdefault(name, _Wiring(library.start, library.stops, library.restarts_on))
    wirings["target"] = _Wiring((), ("decided",), ())
    return wirings


def _tick(
    legs: list[Leg], clock: str, wiring: _Wiring, event: Event, facts: Facts, before: Case, case: Case, zone: tzinfo
) -> None:
    """Let one event work on one clock: first what it stops, then what it opens."""
    is_running = bool(legs) and legs[-1].is_open
    stopped_by = _stopper(clock, wiring, event, facts, case)
    if is_running and stopped_by:
        was_answered = event.kind in wiring.stops
        legs[-1] = replace(legs[-1], stopped_at=event.occurred_at, stopped_by=stopped_by, was_answered=was_answered)
        is_running = False
    if is_running:
        return
    starts = event.kind in wiring.start and _opens(clock, facts, legs)
    restarts = bool(legs) and event.kind in wiring.restarts_on and facts.get("is_complete", True)
    if starts or restarts:
        legs.append(_opened(clock, legs, event, facts, zone))
    elif legs and _runs_on(clock, event, before, case):
        legs.append(_again(legs, event))


def _stopper(clock: str, wiring: _Wiring, event: Event, facts: Facts, case: Case) -> str | None:
    if event.kind in wiring.stops:
        is_partial = (clock == "correction" and not facts.get("is_complete", True)) or (
            clock == "supply" and case.deferred
        )
        return None if is_partial else event.kind
    if event.kind in wiring.restarts_on and facts.get("is_complete", True):
        return "restarted"
    if event.kind in ENDINGS:
        return event.kind
    if clock == "correction" and (event.kind in ACCEPTANCES or event.kind == "correction-noticed"):
        return "restarted" if event.kind == "correction-noticed" else event.kind
    if clock == "acknowledge" and event.kind in ("objection-upheld", "designated"):
        return event.kind
    if event.kind == "reopened" and clock in ("deliver", "acknowledge"):
        return event.kind
    return None


def _opens(clock: str, facts: Facts, legs: list[Leg]) -> bool:
    if clock in ("rate-contact", "rate-fix"):
        return int(facts.get("score", 5)) <= BAD_SCORE
    if clock in ("decide", "feedback", "accept"):
        return not legs  # accepted on paper after having been deemed accepted: the start stays
    return True


def _runs_on(clock: str, event: Event, before: Case, case: Case) -> bool:
    """Whether a stopped clock goes on from its old start: the case came back unanswered, or was opened again."""
    if clock == "accept" and case.state is CaseState.RECEIVED:
        return event.kind == "reopened" or (event.kind in _COMES_BACK and before.state is CaseState.HANDED_OVER)
    if event.kind != "reopened":
        return False
    return clock in ("feedback", "target") or (clock == "decide" and case.is_accepted)


def _opened(clock: str, legs: list[Leg], event: Event, facts: Facts, zone: tzinfo) -> Leg:
    counted_from = facts.get("counted_from") or event.occurred_at.astimezone(zone).date()
    target_on = facts.get("due_on") if clock == "supply" else None
    return Leg(clock, len(legs) + 1, event.occurred_at, event.kind, event.seq, counted_from, target_on)


def _again(legs: list[Leg], event: Event) -> Leg:
    again = replace(legs[-1], number=len(legs) + 1, opened_by=event.kind, seq=event.seq)
    return replace(again, stopped_at=None, stopped_by=None, was_answered=True)


def pauses_of(events: Sequence[Event], hours: OfficeHours) -> tuple[DateRange, ...]:
    """Days (both ends included) that no clock of the case counts: special procedures, waits, outages, closed time."""
    zone, pauses = hours.zone, list[DateRange]()
    running: DateRange | None = None
    closed_on: date | None = None
    outages: set[str] = set()
    for event in events:
        facts, day = facts_of(event), event.occurred_at.astimezone(zone).date()
        if event.kind == "paused":
            running = (facts["from_on"], declared_end(facts["from_on"], facts["days"], hours))
        elif running and (event.kind == "resumed" or event.kind in ENDINGS):
            pauses.append((running[0], min(running[1], facts.get("until_on", day))))
            running = None
        elif event.kind == "wait-requested":
            pauses.append((facts["from_on"], facts["until_on"]))
        elif event.kind == "outage-linked" and facts["outage"] not in outages:
            outages.add(facts["outage"])
            pauses.append((facts["from_on"], facts["until_on"]))
        elif event.kind == "reopened" and closed_on is not None:
            pauses.append((date.fromordinal(closed_on.toordinal() + 1), day))
        if event.kind in CLOSINGS:
            closed_on = day
    if running:
        pauses.append(running)
    return tuple(pause for pause in pauses if pause[0] <= pause[1])


def declared_end(from_on: date, days: int, hours: OfficeHours) -> date:
    """The last day that a pause of so many working days leaves out; its first day is the first one it leaves out."""
    eve = date.fromordinal(from_on.toordinal() - 1)
    return hours.calendar.add_workdays(eve, days, provisional=True)
