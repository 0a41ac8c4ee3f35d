"""R03: two hundred people at once get two hundred numbers, each once, none left out, from two processes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portal.store import DatabaseBusy
from tests.faults.history import wishes
from tests.faults.kills import check
from tests.faults.worker import crowd

LONGEST = 120.0  # seconds until everybody must have an answer; not a promise of speed


def hand_in_at_once(url: str, folder: Path, runs: int, people: int = 200) -> int:
    """How often somebody was told to come again; nobody is told anything else than that or a number."""
    files: list[Path] = []
    for run in range(runs):
        rush = [folder / f"run-{run}-{process}.ndjson" for process in range(2)]
        crowd(url, rush, people=people, seed=run, within=LONGEST)
        told = wishes(rush)
        assert len({wish.answers for wish in told}) == people, [wish for wish in told if not wish.answers]
        assert {words for wish in told for words in wish.refusals} <= {str(DatabaseBusy())}
        files += rush
    everybody = wishes(files)
    assert check(url, everybody) == []
    return sum(len(wish.refusals) for wish in everybody)


@pytest.mark.parametrize(("kind", "runs"), [("sqlite_url", 1), ("postgres_url", 1)])
def test_two_hundred_at_once_get_numbers_without_gaps(
    kind: str, runs: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    hand_in_at_once(request.getfixturevalue(kind), tmp_path, runs)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_two_hundred_at_once_twenty_times(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    begin = time.monotonic()
    busy = hand_in_at_once(request.getfixturevalue(kind), tmp_path, 20)
    took = f"{time.monotonic() - begin:.0f} s, {busy} times told to come again"
    print(f"\n{kind.removesuffix('_url')}: 20 × 200 hand-ins in {took}, no gap, none doubled")
