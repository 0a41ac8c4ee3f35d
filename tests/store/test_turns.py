"""Writers of one file stand in line: nobody is passed over, nobody waits for ever, nothing rests on the line alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask

from portal.store import DatabaseBusy, turns
from portal.store.turns import Turns
from tests.store.counting import counted

CHECKOUT = Path(__file__).parents[2]
# Writes as often as it can, each unit as long as a slow commit, until its input ends; says how often.
GREEDY = """
import select, sys, time
from portal.store.turns import Turns
from contextlib import nullcontext
from pathlib import Path
line, count = Turns(Path(sys.argv[1])), 0
print("ready", flush=True)
sys.stdin.readline()
while not select.select([sys.stdin], [], [], 0)[0]:
    with line.taken():
        time.sleep(0.005)
        count += 1
print(count)
"""

HOLDER = """
import sys
from portal.store.turns import Turns
from pathlib import Path
with Turns(Path(sys.argv[1])).taken():
    print("held", flush=True)
    sys.stdin.read()
"""


def greedy(file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", GREEDY, str(file)]
    return subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say(one: subprocess.Popen[str]) -> None:
    assert one.stdin is not None
    one.stdin.write("next\n")
    one.stdin.flush()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Turns]:
    line = Turns(tmp_path / "line")
    yield line
    line.leave()


def test_two_greedy_processes_take_turns(tmp_path: Path) -> None:
    """Where each looks when it happens to wake, the one that has just written goes first nearly always."""
    both = [greedy(tmp_path / "line") for _ in range(2)]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        say(one)
    time.sleep(1.5)
    for one in both:
        say(one)
    counts = [int(one.communicate()[0]) for one in both]
    assert min(counts) > 20
    assert max(counts) <= 1.5 * min(counts), counts


def test_a_process_that_is_killed_gives_up_its_turn(line: Turns, tmp_path: Path) -> None:
    holder = greedy(tmp_path / "line")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    say(holder)
    time.sleep(0.1)
    holder.kill()
    holder.communicate()
    begin = time.monotonic()
    with line.taken():
        assert time.monotonic() - begin < 1


def test_whoever_waits_too_long_for_another_thread_is_told(line: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)
    with line.taken(), pytest.raises(DatabaseBusy), line.taken():
        pass
    with line.taken():  # and the line goes on
        pass


def test_whoever_waits_too_long_for_another_process_is_told(
    line: Turns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "line")]
    holder = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)
    with pytest.raises(DatabaseBusy), line.taken():
        pass
    holder.communicate("")
    with line.taken():
        pass


def test_a_line_that_cannot_be_used_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    line = Turns(tmp_path / "nowhere" / "line")
    for _ in range(2):
        with line.taken():
            pass
    assert [record.levelname for record in caplog.records] == ["WARNING"]  # told once


def test_writers_are_kept_apart_by_the_database_and_not_by_the_line(
    sqlite_database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turns, "taken", lambda _: nullcontext())
    assert counted(sqlite_database, threads=3, times=20) == 60
