"""A portal that really runs: the `portal serve` of some environment, on a free port, in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_LIMIT = 240.0  # seconds; a busy machine that may load the demo city first, not the promise of five seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(instance: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YINUO_", "PYTHON", "FLASK_"))}
    return {
        **kept,
        "YINUO_INSTANCE": str(instance),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "YINUO_REQUESTS_PER_MINUTE": "0",
    }


@dataclass
class RunningPortal:
    """``seconds`` passed until it listened; after the stop ``output`` tells what it said."""

    process: subprocess.Popen[str]
    address: str
    said: IO[str]  # a file: a pipe that nobody reads would hold the portal up
    seconds: float = 0.0
    output: str = ""

    def get(self, path: str, **headers: str) -> str:
        wish = urllib.request.Request(self.address + path, headers=headers)
        with urllib.request.urlopen(wish, timeout=10) as answer:
            return str(answer.read().decode())

    def kill(self) -> None:
        """Without a word, with every process that it has started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._ended()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self._ended(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the portal did not stop within 15 seconds\n{self.output}") from None

    def _ended(self, timeout: float | None = None) -> int:
        status = self.process.wait(timeout)
        self.said.seek(0)
        self.output = self.said.read()
        return status


def load_small_city(command: Path, instance: Path, *, cwd: Path, **settings: str) -> None:
    """The demo city with the fewest cases there may be; ``serve --demo`` would load seven times as many first."""
    subprocess.run(
        [str(command), "demo", "load", "--instance", str(instance), "--cases", "40"],
        cwd=cwd,
        env={**environment(instance, 0), **settings},
        capture_output=True,
        check=True,
    )


@contextmanager
def running(command: Path, instance: Path, *words: str, cwd: Path, **settings: str) -> Iterator[RunningPortal]:
    """``settings`` are words of its environment besides those that every portal of the tests gets."""
    port = free_port()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [str(command), "serve", *words],
            cwd=cwd,
            env={**environment(instance, port), **settings},
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        portal = RunningPortal(process, f"http://127.0.0.1:{port}", said)
        try:
            portal.seconds = _wait(portal)
            yield portal
        finally:
            portal.stop()


def _wait(portal: RunningPortal) -> float:
    begin = time.monotonic()
    while (waited := time.monotonic() - begin) < START_LIMIT:
        if portal.process.poll() is not None:
            portal.stop()
            raise AssertionError(f"the portal ended before it listened\n{portal.output}")
        try:
            portal.get("/")
        except urllib.error.HTTPError as error:  # it listens, and waiting will not mend what it answers
            portal.stop()
            raise AssertionError(f"the first page answered {error.code}\n{portal.output}") from None
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return waited
    raise AssertionError(f"the portal did not listen within {START_LIMIT:.0f} seconds")
