"""Whole visits, as one person after another makes them: take a number, be called, begin, finish."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection

from bench.halls.browser import Answer, Connection, Visitor, at_kiosk, at_window
from bench.halls.city import City, Seat
from bench.halls.servers import Server

DONE = 303
STEPS = ("issue", "next", "start", "serve")


@dataclass
class Desk:
    """A clerk at a window and the kiosk of the hall, over one connection; ``told`` is what they were answered."""

    seat: Seat
    clerk: Visitor
    kiosk: Visitor
    told: list[str] = field(default_factory=list)  # ids of the numbers issued

    def step(self, name: str) -> Answer:
        if name == "issue":
            answer = self.kiosk.post(f"/halls/{self.seat.hall}/kiosk/take", item=self.seat.item, ground="", matters="1")
            _, is_slip, number = answer.location.partition("/slip/")
            assert is_slip, f"no number was issued: {answer.status} {answer.location}"
            self.told.append(number)
            return answer
        facts = {"serve-outcome": "information", "serve-is_confirmed": "y", "serve-reference": ""}
        path = f"/clerk/window/{self.seat.hall}/{self.seat.window}/{name}"
        return self.clerk.post(path, **(facts if name == "serve" else {}))

    def visit(self) -> bool:
        """Whether somebody was called and served; with others at work they may have called everybody who waits."""
        for name in STEPS:
            answer = self.step(name)
            assert answer.status == DONE, f"{name} at {self.seat.window} answered {answer.status}: {answer.text[-500:]}"
            if answer.says_something:
                page = self.clerk.get(answer.location)
                assert name == "next", f"{name} at {self.seat.window} was not taken: {page.text[-5000:]}"
                return False
        return True

    def moved(self, server: Server) -> Desk:
        """The same people at another process, with their cookies."""
        connection = HTTPConnection("127.0.0.1", server.port)
        clerk, kiosk = (Visitor(connection, one.cookies, one.token) for one in (self.clerk, self.kiosk))
        return Desk(self.seat, clerk, kiosk, self.told)


def desks(city: City, server: Server, many: int) -> list[Desk]:
    """So many windows, opened."""
    found = []
    for seat in city.seats[:many]:
        connection = HTTPConnection("127.0.0.1", server.port)
        desk = Desk(seat, Visitor(connection), Visitor(connection))
        at_window(desk.clerk, seat)
        at_kiosk(desk.kiosk, city, seat)
        found.append(desk)
    return found


def bare_visit(connection: Connection, seat: Seat, account: str) -> bool:
    visitor = Visitor(connection)
    for name in STEPS:
        path = f"/issue/{seat.hall}/{seat.item}" if name == "issue" else f"/window/{seat.hall}/{seat.window}/{name}"
        answer = visitor.post(path, account=account)
        assert answer.status == DONE, f"bare {name} answered {answer.status}: {answer.text[-500:]}"
    return True


@dataclass(frozen=True, slots=True)
class Measured:
    """``cpu``: milliseconds of the server's processor time a visit."""

    rate: float
    cpu: float


def measured(servers: Sequence[Server], visits: Sequence[Callable[[], bool]], seconds: float) -> Measured:
    """Everybody makes visits at once for that long, each a thread of its own; the last one is finished."""
    until = time.perf_counter() + seconds
    counts = [0] * len(visits)
    failures: list[BaseException] = []

    def work(place: int, visit: Callable[[], bool]) -> None:
        try:
            while time.perf_counter() < until:
                counts[place] += visit()
        except BaseException as failure:  # noqa: BLE001 -- told below
            failures.append(failure)

    cpu, begin = sum(server.cpu() for server in servers), time.perf_counter()
    threads = [threading.Thread(target=work, args=one) for one in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    took = time.perf_counter() - begin
    return Measured(sum(counts) / took, 1000 * (sum(server.cpu() for server in servers) - cpu) / sum(counts))
