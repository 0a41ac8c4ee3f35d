"""R03 in the hall: no number and no slot is given twice, no person called twice, from several processes at once."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from portal.hall import operations
from portal.store import transaction
from tests.databases import dispose, make_app
from tests.hall import crowd
from tests.hall.hall_city import HALL, MANAGER, TEN
from tests.hall.standing_checks import faults

KINDS = ("sqlite_url", "postgres_url")
SHARES = ("comprehensive-1,comprehensive-2", "social-insurance-1,social-insurance-2")
LONGEST = 180.0  # seconds until everybody must have an answer; not a promise of speed


def checked(url: str, files: list[Path]) -> list[str]:
    app = make_app(url)
    with app.app_context():
        found = faults(crowd.told(files))
    dispose(app)
    return found


def cycles_at_once(url: str, folder: Path, cycles: int, *, within: float = LONGEST) -> Counter[str]:
    files = [folder / f"process-{nth}.ndjson" for nth in range(len(SHARES))]
    running = [crowd.start(url, file, nth, SHARES[nth], cycles) for nth, file in enumerate(files)]
    try:
        assert [process.wait(timeout=within) for process in running] == [0, 0]
    finally:
        for process in running:
            process.kill()
    assert checked(url, files) == []
    return Counter(line["what"] for line in crowd.told(files))


@pytest.mark.parametrize("kind", KINDS)
def test_four_windows_in_two_processes_share_no_number_and_call_nobody_twice(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    counted = cycles_at_once(request.getfixturevalue(kind), tmp_path, 15)
    assert counted["issued"] == 60
    assert counted["called"] == counted["served"] == 60


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_thousand_cycles(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    begin = time.monotonic()
    counted = cycles_at_once(request.getfixturevalue(kind), tmp_path, 5000, within=3600)
    assert counted["issued"] == 20_000
    seconds = time.monotonic() - begin
    print(f"\n{kind.removesuffix('_url')}: 20,000 cycles of two processes in {seconds:.0f} s, none shared, none lost")


def slots_at_once(url: str, folder: Path, run: int) -> None:
    files = [folder / f"rush-{run}-{nth}.ndjson" for nth in range(2)]
    app = make_app(url)
    with app.app_context(), transaction():
        for window, spans in crowd.FIFTY.items():
            operations.set_shift(HALL, window, crowd.MORNING.date(), spans, by=MANAGER, at=TEN)
    dispose(app)
    running = [crowd.start(url, file, f"r{run}-{nth}", "slots:100", 0) for nth, file in enumerate(files)]
    assert [process.wait(timeout=LONGEST) for process in running] == [0, 0]
    counted = Counter(line["what"] for line in crowd.told(files))
    assert counted == {"booked": 50, "told": 150}
    assert all(int(line["free"]) > 0 for line in crowd.told(files) if line["what"] == "told")
    numbers = [line["number"] for line in crowd.told(files) if line["what"] == "booked"]
    assert len(set(numbers)) == 50


@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_people_rush_for_fifty_slots(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    slots_at_once(request.getfixturevalue(kind), tmp_path, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_in_the_middle_of_calls_loses_nothing(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    killed(request.getfixturevalue(kind), tmp_path, kills=2, seed=7)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_kills_in_the_middle_of_calls(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    killed(request.getfixturevalue(kind), tmp_path, kills=100, seed=11)


def killed(url: str, folder: Path, *, kills: int, seed: int) -> None:
    """One process is killed at a random point while another works on; the next one sits down at its windows."""
    chance, files = random.Random(seed), []
    steady = folder / "steady.ndjson"
    files.append(steady)
    other = crowd.start(url, steady, "steady", SHARES[1], 1_000_000)
    try:
        for nth in range(kills):
            file = folder / f"killed-{nth}.ndjson"
            files.append(file)
            victim = crowd.start(url, file, f"killed-{nth}", SHARES[0], 1_000_000)
            deadline = time.monotonic() + 60
            while not file.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(chance.uniform(0.05, 0.6))
            victim.send_signal(signal.SIGKILL)
            victim.wait(timeout=30)
    finally:
        other.kill()
        other.wait(timeout=30)
    counted = Counter(line["what"] for line in crowd.told(files))
    assert counted["called"] > kills
    assert checked(url, files) == []
