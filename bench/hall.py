"""A hall's visits through the real server: beside a bare app, with several processes, with a long past, and its list.

A visit is a number taken at the kiosk, called, begun and finished at a window: four forms sent by a browser that is
signed in, over one connection, each answered and not shown. On a busy machine look at processor time and at ratios,
which are measured in turns within one run; a rate is only true on a quiet one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from bench.figures import Figure
from bench.halls import counting
from bench.halls.browser import Visitor, signed_in
from bench.halls.city import City, Seat, accounts_of, made
from bench.halls.past import add_past, waiting
from bench.halls.servers import Server, bare_app, portals, postgresql
from bench.halls.visits import Measured, bare_visit, desks, measured
from portal.hall.queries.faults import faults, histories
from portal.store import db, reading

CLIENTS = 8
ROUNDS, SECONDS = 7, 5.0  # each turn of ours and of the other lasts so long
PAST, WAITING, LOOKS = 50_000, 200, 200
GROUP = "a hall's visits through `portal serve` on SQLite, every commit synced, one client on the same machine"
CROWD = f"{CLIENTS} clients at {CLIENTS} windows"
STAFF = f"what staff see while {WAITING} wait"


def figures() -> Iterator[Figure]:
    yield Figure("the machine", "load of the last minute, when the halls begin", os.getloadavg()[0], "")
    yield from _beside_a_bare_app()
    yield from _crowds()
    yield from _with_a_past()
    yield from _staff_list()


@contextmanager
def _city() -> Iterator[City]:
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as folder:
        yield made(Path(folder))


def _beside_a_bare_app() -> Iterator[Figure]:
    """The same tables, statements and transactions in an app that does nothing else."""
    with _city() as city:
        bare = city.folder / "bare.sqlite"
        with sqlite3.connect(city.folder / "portal.sqlite") as whole:
            whole.execute("VACUUM INTO ?", (str(bare),))
        counted = city.folder / "counted"
        shutil.copytree(city.folder, counted, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
        ours, theirs = counting.counts(replace(city, folder=counted, url=f"sqlite:///{counted / 'portal.sqlite'}"))
        for kind in sorted(ours | theirs):
            yield Figure(GROUP, f"{kind} a visit, ours", ours[kind], "", at_most=theirs[kind], at_least=theirs[kind])
            yield Figure(GROUP, f"{kind} a visit, bare", theirs[kind], "")
        with portals(city) as (server,), bare_app(f"sqlite:///{bare}") as other:
            [desk] = desks(city, server, 1)
            plain = _plain(other, desk.seat, accounts_of(f"sqlite:///{bare}"))
            turns = _in_turns((server, desk.visit), (other, plain))
        yield Figure(GROUP, "visits, ours", _middle(turns, lambda a, _: a.rate), "1/s", at_least=100)
        yield Figure(GROUP, "visits, bare", _middle(turns, lambda _, b: b.rate), "1/s")
        yield Figure(
            GROUP, "ours in parts of bare", 100 * _middle(turns, lambda a, b: a.rate / b.rate), "%", at_least=70
        )
        yield Figure(GROUP, "processor time of a visit, ours", _middle(turns, lambda a, _: a.cpu), "ms")
        yield Figure(GROUP, "processor time of a visit, bare", _middle(turns, lambda _, b: b.cpu), "ms")


def _plain(server: Server, seat: Seat, accounts: Mapping[str, str]) -> Callable[[], bool]:
    return partial(bare_visit, HTTPConnection("127.0.0.1", server.port), seat, accounts[seat.name])


_Turn = tuple[Measured, Measured]


def _in_turns(*sides: tuple[Server, Callable[[], bool]], rounds: int = ROUNDS) -> list[_Turn]:
    """Both are warm before the first turn counts."""
    for server, visit in sides:
        measured([server], [visit], 2.0)
    found = []
    for _ in range(rounds):
        first, second = (measured([server], [visit], SECONDS) for server, visit in sides)
        found.append((first, second))
    return found


def _middle(turns: list[_Turn], of: Callable[[Measured, Measured], float]) -> float:
    return statistics.median(of(*turn) for turn in turns)


def _crowds() -> Iterator[Figure]:
    """One process and two, in turns, at the same database; then every number is looked at."""
    with _city() as city:
        yield from _crowd(city, "SQLite", at_least=1.0)
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as folder, postgresql() as url:
        yield from _crowd(made(Path(folder), url), "PostgreSQL", at_least=1.6)


def _crowd(city: City, name: str, at_least: float) -> Iterator[Figure]:
    """The bare app after what ours did was looked at: how far two processes get on this machine at all."""
    with portals(city, 2) as servers:
        alone = desks(city, servers[0], CLIENTS)
        shared = [desk.moved(servers[nth % 2]) for nth, desk in enumerate(alone)]
        found = _alone_and_shared(servers, [desk.visit for desk in alone], [desk.visit for desk in shared])
    yield from _of_crowd(name, found, at_least)
    yield from _standing(city, name, [one for desk in alone for one in desk.told])
    with ExitStack() as stack:
        others, accounts = [stack.enter_context(bare_app(city.url)) for _ in range(2)], accounts_of(city.url)
        one = [_plain(others[0], seat, accounts) for seat in city.seats]
        two = [_plain(others[nth % 2], seat, accounts) for nth, seat in enumerate(city.seats)]
        for visit in one:
            visit()  # the first of a day begins the series of its numbers, which the bare app cannot do for two at once
        yield from _of_crowd(f"{name}, bare", _alone_and_shared(others, one, two))


_Visits = list[Callable[[], bool]]


def _alone_and_shared(servers: list[Server], alone: _Visits, shared: _Visits) -> dict[int, list[Measured]]:
    """In turns; the first turn warms them up."""
    ways = {1: (servers[:1], alone), 2: (servers, shared)}
    turns = [{many: measured(*way, SECONDS) for many, way in ways.items()} for _ in range(ROUNDS + 1)]
    return {many: [turn[many] for turn in turns[1:]] for many in ways}


def _of_crowd(name: str, found: dict[int, list[Measured]], at_least: float | None = None) -> Iterator[Figure]:
    for processes, turns in found.items():
        told = f"{CROWD}, {name}, {processes} process{'es' if processes > 1 else ''}"
        yield Figure(CROWD, told, statistics.median(turn.rate for turn in turns), "1/s")
        yield Figure(CROWD, f"{told}: processor time of a visit", statistics.median(turn.cpu for turn in turns), "ms")
    ratio = statistics.median(two.rate / one.rate for one, two in zip(found[1], found[2], strict=True))
    yield Figure(CROWD, f"{name}: two processes, times one", ratio, "×", at_least=at_least)


def _standing(city: City, name: str, told: list[str]) -> Iterator[Figure]:
    app = city.app()
    with app.app_context():
        with reading():
            known = histories()
            found = faults(known)
        db.session.remove()
        db.engine.dispose()
    lost = [number for number in told if number not in known]
    served = sum(events[-1].kind == "ticket-served" for events in known.values())
    yield Figure(CROWD, f"{name}: numbers given, of which served {served:,}", len(known), "")
    yield Figure(CROWD, f"{name}: shared numbers, double calls, rows unlike the ledger", len(found), "", at_most=0)
    yield Figure(CROWD, f"{name}: numbers acknowledged and not there", len(lost), "", at_most=0)


def _with_a_past() -> Iterator[Figure]:
    group = f"with {PAST:,} past visits"
    with _city() as young, tempfile.TemporaryDirectory(prefix="yinuo-bench-") as folder, ExitStack() as stack:
        aged = Path(folder) / "aged"
        shutil.copytree(young.folder, aged, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
        old = replace(young, folder=aged, url=f"sqlite:///{aged / 'portal.sqlite'}")
        add_past(old, PAST)
        servers = [stack.enter_context(portals(city))[0] for city in (old, young)]
        seats = [desks(city, server, 1)[0] for city, server in zip((old, young), servers, strict=True)]
        (a, b), (one, other) = servers, seats
        turns = _in_turns((a, one.visit), (b, other.visit))
        rate = 100 * (1 - _middle(turns, lambda old, young: old.rate / young.rate))
        cpu = 100 * (_middle(turns, lambda old, young: old.cpu / young.cpu) - 1)
        yield Figure(group, "visits are slower by", rate, "%", at_most=10)
        yield Figure(group, "processor time of a visit is more by", cpu, "%", at_most=10)


# The page of a clerk at a window, and the list of everybody in the hall for its manager.
STAFF_PAGES = (
    ("the clerk's window", "/clerk/window/{hall}/{window}"),
    ("the hall manager's list", "/clerk/hall/{hall}"),
)


def _staff_list() -> Iterator[Figure]:
    with _city() as city:
        waiting(city, WAITING)
        with portals(city) as (server,):
            [desk] = desks(city, server, 1)
            manager = Visitor(HTTPConnection("127.0.0.1", server.port))
            signed_in(manager, city.manager)
            for (name, path), person in zip(STAFF_PAGES, (desk.clerk, manager), strict=True):
                address = path.format(hall=desk.seat.hall, window=desk.seat.window)
                person.get(address)
                took, cpu = [], server.cpu()
                for _ in range(LOOKS):
                    begin = time.perf_counter()
                    answer = person.get(address)
                    took.append(1000 * (time.perf_counter() - begin))
                assert answer.status == 200
                yield Figure(STAFF, f"{name}: median", statistics.median(took), "ms")
                yield Figure(STAFF, f"{name}: p95", statistics.quantiles(took, n=20)[-1], "ms", at_most=25)
                yield Figure(STAFF, f"{name}: processor time", 1000 * (server.cpu() - cpu) / LOOKS, "ms")
                yield Figure(STAFF, f"{name}: size", len(answer.text.encode()) / 1000, "kB", at_most=100)
