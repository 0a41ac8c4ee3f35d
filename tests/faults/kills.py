"""The nemesis that kills: two workers at a time, each at a moment of chance, and others in their place."""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import dispose, make_app
from tests.faults.checker import faults
from tests.faults.history import Wish, wishes
from tests.faults.standing import standing
from tests.faults.worker import Wanted, nursery

LONGEST_LIFE = 0.25  # seconds from the fork to the kill; some thirty transactions


@dataclass(frozen=True)
class Outcome:
    kills: int
    sent: int
    acknowledged: int
    unknown: int
    sent_again: int
    found: list[str]

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.sent} wishes, {self.acknowledged} acknowledged, {self.unknown} never answered, "
            f"{self.sent_again} sent again after a kill; {len(self.found)} faults"
        )


def kill_and_check(url: str, folder: Path, kills: int, *, seed: int = 1) -> Outcome:
    chance = random.Random(seed)
    files: list[Path] = []
    with nursery(url) as workers:
        while len(files) < kills:
            again = _some_unanswered(files[-2:], chance)
            living = []
            for _ in range(min(2, kills - len(files))):
                files.append(folder / f"history-{len(files)}.ndjson")
                living.append(workers.worker(files[-1], seed=seed * 10_000 + len(files), again=again))
            for worker in living:
                time.sleep(chance.random() * LONGEST_LIFE)
                if chance.random() < 0.2:  # sometimes it stands still first, perhaps with the write lock in its hand
                    os.kill(worker, signal.SIGSTOP)
                    time.sleep(chance.random() * LONGEST_LIFE)
                    os.kill(worker, signal.SIGCONT)
                    time.sleep(0.02)
                os.kill(worker, signal.SIGKILL)
    told = wishes(file for file in files if file.exists())
    answered = [wish for wish in told if wish.is_acknowledged]
    unknown = [wish for wish in told if not wish.is_acknowledged and not wish.refusals]
    return Outcome(kills, len(told), len(answered), len(unknown), sum(wish.sent > 1 for wish in told), check(url, told))


def check(url: str, told: list[Wish], *, at: datetime | None = None) -> list[str]:
    """Open the database as a restarted portal does, and judge."""
    app = make_app(url)
    try:
        with app.app_context():
            return faults(told, standing(at=at or datetime.now(UTC)))
    finally:
        dispose(app)


def _some_unanswered(files: list[Path], chance: random.Random) -> list[Wanted]:
    """What a client would send again: half of what the last workers died over."""
    dead = [wish for wish in wishes(file for file in files if file.exists()) if not wish.is_acknowledged]
    return [Wanted(wish.key, wish.kind, wish.content, wish.of) for wish in dead if chance.random() < 0.5]
