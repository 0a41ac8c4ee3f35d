"""R25: two schedulers, killed in the middle of their work: every deadline brings about what it must, once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from portal.ledger import queries as ledger
from portal.scheduler.jobs import tick
from portal.store import reading, transaction
from tests.cases.city import applicant, at, hand_in
from tests.databases import dispose, make_app
from tests.faults.kills import check
from tests.faults.worker import CHECKOUT

HANDED_IN, LATER = at("Monday 2020-09-14 10:00"), at("Monday 2020-10-19 10:00")
ITEMS = ("unemployment-subsidy", "food-licence", "information-disclosure")
Brought = Counter[tuple[str, str, str]]


def promise(url: str, cases: int = 45) -> None:
    """Cases that nobody touches, so that every clock of theirs runs out."""
    app = make_app(url)
    with app.app_context():
        for person in range(cases):
            with transaction():
                moment = HANDED_IN + timedelta(hours=person)
                item = ITEMS[person % len(ITEMS)]
                hand_in(item, moment=moment, by=applicant(person))
    dispose(app)


def brought_about(url: str) -> Brought:
    """What the clocks and the rules wrote; a finding is known by what it says, its number follows the looks."""
    app = make_app(url)
    with app.app_context(), reading():
        written = [event for batch in ledger.stream() for event in batch if event.kind not in ("submitted", "received")]
        found = Counter(
            ("finding" if event.subject.startswith("finding/") else event.subject, event.kind, str(event.payload))
            for event in written
        )
    dispose(app)
    return found


def look_quietly(url: str) -> Brought:
    app = make_app(url)
    with app.app_context():
        while tick(lambda: LATER):
            pass
    dispose(app)
    return brought_about(url)


def look_under_fire(url: str, folder: Path, kills: int, moment: datetime, *words: str) -> None:
    chance = random.Random(kills)
    command = [sys.executable, "-m", "tests.faults.ticker", url, str(folder), moment.isoformat(), *words]
    living: list[subprocess.Popen[str]] = []
    for _ in range(kills):
        while len(living) < 2:
            living.append(subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True))
        victim = living.pop(chance.randrange(2))
        assert victim.stdout is not None
        victim.stdout.readline()
        time.sleep(chance.random() * 0.6)
        victim.kill()
        victim.communicate()
    for one in living:
        one.communicate(timeout=120)
    assert subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, timeout=120).returncode == 0


@pytest.fixture
def quiet(sqlite_template: Path, tmp_path: Path) -> Brought:
    """What one undisturbed scheduler brings about."""
    file = tmp_path / "quiet.sqlite"
    file.write_bytes(sqlite_template.read_bytes())
    promise(f"sqlite:///{file}")
    return look_quietly(f"sqlite:///{file}")


@pytest.mark.parametrize("words", [(), ("no-lease",)], ids=["with the lease", "without any lease"])
def test_two_schedulers_killed_at_work_bring_everything_about_once(
    database_url: str, tmp_path: Path, quiet: Brought, words: tuple[str, ...]
) -> None:
    promise(database_url)
    look_under_fire(database_url, tmp_path, 3, LATER, *words)
    found = brought_about(database_url)
    assert found == quiet
    assert {kind for _, kind, _ in found} >= {"finding-raised", "calendar-amended"}
    assert [fault for fault in check(database_url, [], at=LATER) if "nobody wished for" not in fault] == []


@pytest.mark.soak
def test_fifty_kills_bring_everything_about_once(database_url: str, tmp_path: Path, quiet: Brought) -> None:
    promise(database_url)
    look_under_fire(database_url, tmp_path, 50, LATER)
    assert brought_about(database_url) == quiet
