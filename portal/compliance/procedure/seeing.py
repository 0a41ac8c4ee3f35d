"""A procedure as it stands on a day of the accused office's, folded from the events of a finding and of its order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from portal.basis import Limit
from portal.compliance.findings.queries import FindingUnknown
from portal.compliance.procedure.hours import hours_on, last_day
from portal.compliance.procedure.model import Procedure, fold
from portal.ledger import queries as ledger
from portal.ledger.kinds import Sort
from portal.ledger.model import Event
from portal.worktime import OfficeHours


@dataclass(frozen=True, slots=True)
class Seen:
    """``on`` is the accused office's date."""

    procedure: Procedure
    events: tuple[Event, ...]
    hours: OfficeHours
    on: date

    def last_day(self, limit: Limit) -> date:
        return last_day(self.hours, self.on, limit)


def seen_at(number: str, at: datetime) -> Seen:
    """:raises FindingUnknown: there is none of that number."""
    events = events_of([number])[number] if number else []
    if not events:
        raise FindingUnknown(number)
    procedure = fold(number, events)
    hours = hours_on(procedure.office, at.date())
    return Seen(procedure, tuple(events), hours, at.astimezone(hours.zone).date())


def events_of(numbers: Collection[str]) -> dict[str, list[Event]]:
    """Of a finding and of its order, in the order of their numbers."""
    subjects = [f"{sort.value}/{number}" for number in numbers for sort in (Sort.FINDING, Sort.ORDER)]
    found: dict[str, list[Event]] = {number: [] for number in numbers}
    for subject, events in ledger.events_of(subjects).items():
        found[subject.partition("/")[2]] += events
    return {number: sorted(events, key=lambda event: event.seq) for number, events in found.items()}
