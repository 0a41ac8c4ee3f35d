"""A process that hands in, asks and chases until it is killed, and writes down what it was told.

``python -m tests.faults.worker URL`` loads the portal once and then forks a worker for every line on its standard
input (JSON: history file, seed, how many wishes, which earlier wishes to send again), so that five hundred
kills do not cost five hundred starts. It answers with the worker's process number; whoever wants it dead kills that.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from portal.appeals import operations as appeals
from portal.basis import By, Refusal, Role
from portal.cases import operations
from portal.cases.model import HandedIn, Step, Submission
from portal.store import keep, once, transaction
from portal.store.once import Wish as Once
from tests.cases.city import ANSWERS
from tests.databases import make_app
from tests.faults.history import Diary

CHECKOUT = Path(__file__).parents[2]
ITEMS = ("food-licence", "unemployment-subsidy")


@dataclass(frozen=True, slots=True)
class Wanted:
    key: str
    kind: str
    content: str
    of: str = ""


def fulfil(wish: Wanted, *, at: datetime) -> str:
    """Bring the wish about in a transaction and return the number that it is acknowledged with."""
    with transaction():
        if wish.kind == "hand-in":
            item = ITEMS[len(wish.content) % len(ITEMS)]
            submission = Submission(
                item,
                wish.key,
                ANSWERS[item],
                (HandedIn("application", document_no=wish.content),) if item == "food-licence" else (),
                {"name": "张女士", "remark": wish.content},
                idempotency_key=wish.key,
            )
            return operations.submit(submission, by=By(wish.key, Role.APPLICANT), at=at).number
        if wish.kind == "ask":
            by = By(wish.key, Role.APPLICANT)
            return appeals.inquire(
                wish.key,
                "food-licence:new",
                office="market-supervision",
                by=by,
                at=at,
                question=wish.content,
                idempotency_key=wish.key,
            ).number
        sent = Once("chase", wish.key, wish.key, wish.of.encode())
        if (answer := once(sent)) is None:
            who = By(wish.key.partition(":")[2], Role.APPLICANT)
            operations.record(wish.of, Step.CHASE, by=who, at=at, channel="web", place="web")
            answer = keep(sent, wish.of, at=at)
        return answer


def work(url: str, diary: Diary, seed: int, most: int, again: Sequence[Wanted]) -> None:
    chance, app = random.Random(seed), make_app(url)
    with app.app_context():
        for wish in again:
            _send(wish, diary)
        for turn in range(most):
            key = f"p{seed:06d}-{turn:06d}-{chance.getrandbits(64):016x}"
            kind = "ask" if chance.random() < 0.2 else "hand-in"
            number = _send(Wanted(key, kind, f"words {'x' * chance.randrange(9)} of {key}"), diary)
            if number and kind == "hand-in" and chance.random() < 0.3:
                _send(Wanted(f"chase:{key}", "chase", "", number), diary)


def _send(wish: Wanted, diary: Diary) -> str | None:
    diary.sent(wish.key, wish.kind, wish.content, wish.of)
    try:
        number = fulfil(wish, at=datetime.now(UTC))
    except Refusal as refusal:
        diary.refused(wish.key, refusal.message)
        return None
    diary.answered(wish.key, number)
    return number


def main(url: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead bury themselves
    _warm_up(url)
    for line in sys.stdin:
        file, seed, most, again = json.loads(line)
        if (worker := os.fork()) == 0:
            work(url, Diary(Path(file)), seed, most, [Wanted(*one) for one in again])
            os._exit(0)
        print(worker, flush=True)


def _rush(url: str, file: Path, seed: int, people: int) -> None:
    """Everybody at once: a thread each, all let go at the same moment; who is told to come again does, with his key."""
    app, diary, gate = make_app(url), Diary(file), threading.Barrier(people)

    def one(person: int) -> None:
        gate.wait()
        with app.app_context():
            key = f"p{file.stem}-{seed}-{person:06d}-hand-in"
            while _send(Wanted(key, "hand-in", f"words of {key}"), diary) is None:
                time.sleep(0.5)

    threads = [threading.Thread(target=one, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def crowd(url: str, files: Sequence[Path], *, people: int, seed: int, within: float) -> None:
    """As many processes as there are files share the people among them."""
    command = [sys.executable, "-m", "tests.faults.worker", url]
    share = str(people // len(files))
    rushes = [subprocess.Popen([*command, str(file), str(seed), share], cwd=CHECKOUT) for file in files]
    try:
        assert [rush.wait(timeout=within) for rush in rushes] == [0] * len(rushes)
    finally:
        for rush in rushes:
            rush.kill()


def _warm_up(url: str) -> None:
    """Read catalogue and calendars before the first fork, without leaving a connection behind."""
    from tests.cases.city import MONDAY, hand_in

    app: Flask = make_app(url)
    with app.app_context():
        try:
            with transaction():
                hand_in(moment=MONDAY)
                hand_in("unemployment-subsidy", moment=MONDAY)
                raise InterruptedError
        except InterruptedError:
            pass
        from portal.store import db

        db.session.remove()
        db.engine.dispose()


@dataclass
class Nursery:
    """Where workers come from."""

    process: subprocess.Popen[str]

    def await_end(self, worker: int) -> None:
        while Path(f"/proc/{worker}").exists():
            time.sleep(0.02)

    def worker(self, file: Path, seed: int, most: int = 1_000_000, again: Sequence[Wanted] = ()) -> int:
        """Start one and return its process number."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        wishes = [(wish.key, wish.kind, wish.content, wish.of) for wish in again]
        self.process.stdin.write(json.dumps((str(file), seed, most, wishes)) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(url: str, *, most_bytes: int | None = None) -> Iterator[Nursery]:
    """``most_bytes`` is how long any file may grow that a worker writes."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", url],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 -- it has one thread when it starts the child
    )
    try:
        yield Nursery(process)
    finally:
        process.communicate(timeout=30)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        _warm_up(sys.argv[1])
        _rush(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
