"""Processes in which many people press at once: take numbers, call the next, book slots; what they are told is kept.

``python -m tests.hall.crowd URL FILE SEED WINDOWS CYCLES`` works at the windows named (joined by a comma), a thread
each: issue a number, call the next, begin, finish, as often as told. With ``slots:N`` for the windows, N people rush
for the appointments of one day instead. Every answer is a line of JSON in FILE, so that a kill leaves whole lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from portal.basis import By, Refusal, Role
from portal.hall import operations
from portal.hall.model.appointments import SlotTaken
from portal.hall.model.tickets import Outcome
from portal.hall.places import place
from portal.store import transaction, turns
from tests.cases.city import at
from tests.databases import make_app
from tests.hall.hall_city import HALL, ITEM, TEN

CHECKOUT = Path(__file__).parents[2]
MORNING = at("Wednesday 2026-03-04 09:00")
FIFTY = {"low-counter": [], "comprehensive-2": ["09:00-12:00", "13:30-16:00"]}  # shifts that leave fifty slots that day


class Told:
    """Appends what one process was told, each answer in a single write."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, **facts: object) -> None:
        os.write(self._file, json.dumps(facts).encode() + b"\n")


def told(files: Sequence[Path]) -> list[dict[str, str]]:
    found = []
    for file in files:
        for line in file.read_text().splitlines() if file.exists() else ():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                continue  # torn by a kill
    return found


def clerk_of(window: str) -> By:
    return By(f"clerk-{window}", Role.CLERK, office=place(HALL).windows[window].office, post=f"post-{window}")


def work(url: str, diary: Told, seed: str, windows: Sequence[str], cycles: int) -> None:
    app, begin = make_app(url), monotonic()

    def one(window: str) -> None:
        by = clerk_of(window)
        with app.app_context():
            with transaction():
                operations.open_window(HALL, window, by=by, at=TEN)
            for turn in range(cycles):
                _cycle(window, by, f"{seed}-{window}-{turn:06d}")

    def now() -> timedelta:
        return timedelta(seconds=monotonic() - begin)

    def _cycle(window: str, by: By, key: str) -> None:
        with transaction():
            slip = operations.issue(
                HALL, ITEM, by=By(key, Role.APPLICANT), at=TEN + now(), idempotency_key=key.ljust(24, ".")
            )
        if isinstance(slip, operations.Slip):
            diary.write(what="issued", ticket=slip.ticket.id, printed=slip.ticket.printed)
        with transaction():
            ticket = operations.call_next(HALL, window, by=by, at=TEN + now())
        if ticket is None:
            return
        diary.write(what="called", ticket=ticket.id, window=window)
        with transaction():
            operations.start(ticket.id, by=by, at=TEN + now())
        with transaction():
            operations.serve(ticket.id, Outcome.INFORMATION, by=by, at=TEN + now(), is_confirmed=True)
        diary.write(what="served", ticket=ticket.id)

    _all_at_once([partial(one, window) for window in windows])


def rush(url: str, diary: Told, seed: str, people: int) -> None:
    """Everybody wants an appointment on one day, and takes what is offered instead until nothing is left that day."""
    app, gate = make_app(url), threading.Barrier(people)

    def one(person: int) -> None:
        gate.wait()
        with app.app_context():
            wanted: list[datetime] = [MORNING + timedelta(minutes=30 * (person % 6))]
            while True:
                try:
                    with transaction():
                        by = By(f"{seed}-{person}", Role.APPLICANT)
                        found = operations.book(HALL, ITEM, wanted[person % len(wanted)], by=by, at=TEN)
                except SlotTaken as taken:
                    wanted = [slot for slot in taken.free if slot < MORNING + timedelta(hours=12)]
                    if not wanted:
                        diary.write(what="told", free=len(taken.free))
                        return
                except Refusal as refusal:
                    diary.write(what="refused", why=str(refusal))
                    return
                else:
                    diary.write(what="booked", number=found.appointment.number)
                    return

    _all_at_once([partial(one, person) for person in range(people)])


def _all_at_once(acts: Sequence[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 -- told by the process's own end
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def start(url: str, file: Path, seed: object, windows: str, cycles: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.hall.crowd", url, str(file), str(seed), windows, str(cycles)]
    return subprocess.Popen(command, cwd=CHECKOUT)


if __name__ == "__main__":
    turns.LONGEST_WAIT = 60.0  # what is asked is whether anybody is lost, on however busy a machine
    _, address, file_name, seeded, names, many = sys.argv
    if names.startswith("slots:"):
        rush(address, Told(Path(file_name)), seeded, int(names.partition(":")[2]))
    else:
        work(address, Told(Path(file_name)), seeded, names.split(","), int(many))
