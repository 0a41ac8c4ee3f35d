"""A day in the city's hall: people take numbers, clerks call them, some do not come, and the hall closes in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from portal.basis import By, Role
from portal.demo.days import Days, local
from portal.demo.people import City
from portal.demo.tale import Life
from portal.hall import operations
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import Outcome, Source, Ticket
from portal.hall.operations import Slip
from portal.hall.queries.tickets import ticket

HALL: Final = "city-hall"
RUN_BY: Final = "government-services"
SEATS: Final = (  # window, office, which of its clerks
    ("comprehensive-1", "government-services", 0),
    ("comprehensive-2", "government-services", 1),
    ("social-insurance-1", "social-insurance", 0),
    ("social-insurance-2", "social-insurance", 1),
    ("market-1", "market-supervision", 0),
    ("approval-1", "approval-bureau", 0),
)
ITEMS: Final = ("unemployment-subsidy", "social-card", "medical-claim", "food-licence", "sole-trader", "pension-claim")
VISITORS: Final = 46  # a day
VISITOR: Final = "visitor"


class HallDay:
    """One day of the city hall, told from its opening to its end."""

    def __init__(self, city: City, days: Days, rng: Random, on: date) -> None:
        self.city, self.rng, self.on = city, rng, on
        self.now = days.present
        self.ahead: list[tuple[datetime, int, str, str]] = []  # moment, a running number, what, whom or where
        self.counted = 0
        self.resting: set[str] = set()  # windows that nobody has called to since they became free

    @property
    def has_stopped(self) -> bool:
        return False

    def life(self) -> Life:
        yield local(self.on, "08:57")
        for window, office, which in SEATS:
            operations.open_window(HALL, window, by=self.clerk(office, which), at=self.now)
        self.resting = {window for window, _, _ in SEATS}
        for _ in range(VISITORS):
            self.plan(self.arrival(), "comes")
        while self.ahead:
            moment, _, what, whom = heappop(self.ahead)
            yield moment
            getattr(self, what)(whom)
        yield max(self.now, local(self.on, "17:02"))
        operations.close_hall(HALL, by=self.city.staff_of(RUN_BY, Role.HALL_MANAGER)[0], at=self.now)

    def plan(self, at: datetime, what: str, whom: str = "") -> None:
        self.counted += 1
        heappush(self.ahead, (at, self.counted, what, whom))

    def arrival(self) -> datetime:
        hour, most = self.rng.choice((("09", 59), ("10", 59), ("11", 20), ("13", 59), ("14", 59), ("15", 30)))
        return local(self.on, f"{hour}:{self.rng.randint(30 if hour == '13' else 0, most):02d}")

    def clerk(self, office: str, which: int) -> By:
        return self.city.staff_of(office, Role.CLERK)[which]

    def at_window(self, window: str) -> By:
        return next(self.clerk(office, which) for code, office, which in SEATS if code == window)

    # --- what happens, each at its moment ---------------------------------------------------------------------------

    def comes(self, _: str) -> None:
        self.counted += 1
        is_elder = self.rng.random() < 0.1
        slip = operations.issue(
            HALL,
            self.rng.choice(ITEMS),
            by=By(VISITOR, Role.APPLICANT),
            at=self.now,
            source=Source.WALK_IN,
            rank=Rank.PRIORITY if is_elder else Rank.NORMAL,
            ground=Ground.ELDERLY if is_elder else None,
            idempotency_key=f"demo-{self.on}-{self.counted:06d}",  # the same city has the same numbers
        )
        if isinstance(slip, Slip):
            for window in sorted(self.resting):
                self.plan(self.now + timedelta(minutes=1), "calls", window)

    def calls(self, window: str) -> None:
        if window not in self.resting:
            return
        called = operations.call_next(HALL, window, by=self.at_window(window), at=self.now)
        if called is None:
            return
        self.resting.discard(window)
        if self.rng.random() < 0.06:
            self.plan(self.now + timedelta(minutes=3), "recalls", called.id)
        else:
            self.plan(self.now + timedelta(minutes=1), "begins", called.id)

    def recalls(self, number: str) -> None:
        found = ticket(number)
        by = self.at_window(found.window or "")
        if found.calls < 3:
            operations.recall(number, by=by, at=self.now)
            self.plan(self.now + timedelta(minutes=3), "recalls", number)
            return
        operations.mark_absent(number, by=by, at=self.now)
        self.is_free(found)

    def begins(self, number: str) -> None:
        operations.start(number, by=self.at_window(ticket(number).window or ""), at=self.now)
        self.plan(self.now + timedelta(minutes=round(self.rng.lognormvariate(2.2, 0.6)) + 1), "ends", number)

    def ends(self, number: str) -> None:
        found = ticket(number)
        operations.serve(
            number, Outcome.INFORMATION, by=self.at_window(found.window or ""), at=self.now, is_confirmed=True
        )
        self.is_free(found)

    def is_free(self, found: Ticket) -> None:
        window = found.window or ""
        self.resting.add(window)
        self.plan(self.now + timedelta(minutes=1), "calls", window)
