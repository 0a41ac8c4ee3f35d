"""One day of a hall, event by event: people come, take a number or are refused, are called, are served or are left.

Whether a number is promised and which waiting time is told is asked of `portal.hall.model`, never worked out here.
Windows call the first in turn whom they can serve. A break begins when the visit before it has ended, and is taken
whole; at closing nobody is called any more, and who is being served is served to the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from portal.hall.model.capacity import Handling, Load, Windows, verdict
from portal.hall.model.waiting import Band, band
from portal.hall.simulation.plan import DAY, Arrival, Desk, Plan, Policy, Span, able


@dataclass(slots=True)
class Visit:
    """A number that was issued, what was told with it, and when it was called; None if it never was."""

    arrival: Arrival
    told: Band | None
    called_at: float | None = None

    @property
    def waited(self) -> float | None:
        return None if self.called_at is None else self.called_at - self.arrival.at


@dataclass(slots=True)
class Window:
    """A window on the day: its spans are moved when a visit runs into a break."""

    name: str
    groups: str
    spans: list[Span]
    alone: Windows
    serving: Arrival | None = None
    since: float = 0.0
    until: float = 0.0

    def is_open(self, at: float) -> bool:
        return bool(self.spans) and self.spans[0][0] <= at < self.spans[0][1]

    def move_on(self, at: float) -> float | None:
        """Leave what is over behind; return when the next span begins, if the window is not open now."""
        while self.spans and self.spans[0][1] <= at:
            _, end = self.spans.pop(0)
            if self.spans:
                start, last = self.spans[0]
                self.spans[0] = (start + at - end, last)  # the whole break
        return self.spans[0][0] if self.spans and self.spans[0][0] > at else None

    def openings(self, at: float) -> list[Span]:
        """What is still rostered, from now; a break that is overdue is still to be taken."""
        late = max(at - self.spans[0][1], 0.0) if self.spans else 0.0
        spans = [(max(start - at, 0.0), end - at) for start, end in self.spans if end > at]
        return [(start + late if start else start, end) for start, end in spans] if late else spans


class Hall:
    """The state of a day."""

    def __init__(self, plan: Plan, handling: dict[str, Handling]) -> None:
        desks: Sequence[Desk] = plan.desks()
        self.plan, self.handling, self.now = plan, handling, 0.0
        self.windows = [Window(desk.name, desk.groups, list(desk.spans), frozenset([desk.name])) for desk in desks]
        self.able = {group: able(desks, group) for group in handling}
        self.lines: dict[tuple[str, bool], deque[Visit]] = {
            (group, is_first): deque() for is_first in (True, False) for group in handling
        }
        self.visits: list[Visit] = []
        self.refused = 0
        self.free = plan.quota
        self.events: list[tuple[float, int, Window]] = []
        self.order = count()

    def play(self, coming: Iterable[Arrival]) -> None:
        for window in self.windows:
            heappush(self.events, (window.spans[0][0], next(self.order), window))
        for arrival in coming:
            self._until(arrival.at)
            self.now = arrival.at
            self._arrive(arrival)
        self._until(float("inf"))

    def _until(self, at: float) -> None:
        while self.events and self.events[0][0] <= at:
            self.now, _, window = heappop(self.events)
            if window.serving is not None:
                if self.now < window.until:
                    continue  # it was free when it asked to be looked at again
                self._finish(window)
            self._call(window)

    def _finish(self, window: Window) -> None:
        assert window.serving is not None, "only a visit that began is finished"
        group = window.serving.group
        self.handling[group] = self.handling[group].learnt(window.serving.minutes)
        window.serving = None

    def _arrive(self, arrival: Arrival) -> None:
        ahead = self._ahead(arrival)
        if not self._may_issue(arrival, ahead):
            self.refused += 1
            return
        visit = Visit(arrival, self._told(arrival, ahead))
        self.visits.append(visit)
        self.free -= 1
        self.lines[arrival.group, arrival.is_first].append(visit)
        for window in self.windows:
            if window.serving is None and arrival.group in window.groups and window.is_open(self.now):
                self._call(window)
                break

    def _call(self, window: Window) -> None:
        """The first in turn, if the window is open; or wait for its next span."""
        if self.now >= DAY:
            return
        opens = window.move_on(self.now)
        if opens is not None:
            heappush(self.events, (opens, next(self.order), window))
            return
        if not window.is_open(self.now):
            return
        lines = [line for (group, _), line in self.lines.items() if line and group in window.groups]
        if not lines:
            if window.spans[0][1] < DAY:  # look again when the break begins
                heappush(self.events, (window.spans[0][1], next(self.order), window))
            return
        first = min(lines, key=lambda line: (not line[0].arrival.is_first, line[0].arrival.at))
        visit = first.popleft()
        visit.called_at, window.serving, window.since = self.now, visit.arrival, self.now
        window.until = self.now + visit.arrival.minutes
        heappush(self.events, (window.until, next(self.order), window))

    def _ahead(self, arrival: Arrival | None = None) -> dict[Windows, Load]:
        """Who waits, by the windows that can serve him; for somebody who goes first only those who do so too."""
        loads: dict[Windows, Load] = {}
        for (group, is_first), line in self.lines.items():
            if line and (is_first or arrival is None or not arrival.is_first):
                windows, load = self.able[group], Load.of(self.handling[group], len(line))
                loads[windows] = loads[windows] + load if windows in loads else load
        return loads

    def _rests(self) -> dict[str, Load]:
        return {
            window.name: self.handling[window.serving.group].rest(self.now - window.since)
            for window in self.windows
            if window.serving is not None
        }

    def _told(self, arrival: Arrival, ahead: dict[Windows, Load]) -> Band | None:
        openings = {window.name: window.openings(self.now) for window in self.windows}
        overtaking = 0.0 if arrival.is_first else self.plan.priority * min(self.plan.load, 1.0)
        return band(self.able[arrival.group], ahead, self._rests(), openings, overtaking=overtaking)

    def _may_issue(self, arrival: Arrival, ahead: dict[Windows, Load]) -> bool:
        match self.plan.policy:
            case Policy.UNTIL_CLOSING:
                return True
            case Policy.QUOTA:
                return self.free > 0
            case Policy.MEAN:
                return self._is_forecast(arrival, ahead)
        left = {window.name: sum(end - start for start, end in window.openings(self.now)) for window in self.windows}
        loads = self._ahead() if arrival.is_first else ahead
        windows = self.able[arrival.group]
        free = {window.name for window in self.windows if window.serving is None and window.is_open(self.now)}
        return verdict(self.handling[arrival.group], windows, loads, left, free=free, z=self.plan.z).fits

    def _is_forecast(self, arrival: Arrival, ahead: dict[Windows, Load]) -> bool:
        """People ahead × mean ÷ windows, as machines of others reckon: no breaks, no skills, no margin."""
        able_ones = sum(arrival.group in window.groups for window in self.windows)
        people = sum(load.count for load in ahead.values())
        return people * self.handling[arrival.group].mean / able_ones <= DAY - self.now
