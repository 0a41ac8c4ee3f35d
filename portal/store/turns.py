"""Writers of one SQLite file queue for their turn.

SQLite has no queue: who finds the file taken sleeps and looks again, ever more rarely, up to a tenth of a second apart,
while whoever comes later and happens to look at the right moment goes first. So our own writers stand in line before
they ask SQLite: first the threads of one process, then one thread of each process. Two bytes of a file beside the
database are the line: byte 0 is the turn, byte 1 the place next to it, which is given up only for the turn, so that a
process that has just written cannot go before one that waits. The lock of the database remains what keeps writers
apart; without the file, or beside another program that writes, everything is as safe, only slower.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from sqlalchemy import Engine

from portal.store.faults import DatabaseBusy

SUFFIX: Final = "-turns"  # of the database's own name
LONGEST_WAIT = 15.0  # seconds, as long as SQLite itself would wait; a writer on PostgreSQL waits no longer
_TURN, _NEXT = 0, 1  # bytes
_FIRST_LOOK, _LAST_LOOK = 0.0002, 0.002  # seconds between two looks of the one thread that waits, at first and later

log = logging.getLogger(__name__)


class Turns:
    """The line before one file. Locks are those of a process: they end with it, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.Lock()
        self._file: IO[bytes] | None = None  # never a bare number, which may be another file's after a while
        self._is_told = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """:raises DatabaseBusy: no turn came within 15 seconds."""
        until = time.monotonic() + LONGEST_WAIT
        if not self._own.acquire(timeout=LONGEST_WAIT):
            raise DatabaseBusy
        try:
            file = self._open()
            if file is None:
                yield
                return
            try:
                self._wait(file, until)
                yield
            finally:
                fcntl.lockf(file, fcntl.LOCK_UN)  # both bytes
        finally:
            self._own.release()

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def leave(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._own.acquire(blocking=False):
            if self._file is not None:
                self._file.close()
            self._file = None
            self._own.release()

    def _wait(self, file: IO[bytes], until: float) -> None:
        if _is_locked(file, _TURN) and _is_locked(file, _NEXT):
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _NEXT)  # nobody stands there
            return
        fcntl.lockf(file, fcntl.LOCK_UN)
        for place in (_NEXT, _TURN):
            pause = _FIRST_LOOK
            while not _is_locked(file, place):
                if time.monotonic() > until:
                    raise DatabaseBusy
                time.sleep(pause)
                pause = min(2 * pause, _LAST_LOOK)
        fcntl.lockf(file, fcntl.LOCK_UN, 1, _NEXT)

    def _open(self) -> IO[bytes] | None:
        if self._file is None:
            try:
                self._file = self._path.open("ab")
                fcntl.lockf(self._file, fcntl.LOCK_UN)  # not every file system can
            except OSError as error:
                if not self._is_told:
                    log.warning("%s cannot be used (%s): writers wait as SQLite has them wait", self._path, error)
                self._is_told, self._file = True, None
        return self._file


def _is_locked(file: IO[bytes], place: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except OSError:
        return False
    return True


# One line for all engines of a process on one file, as a lock of the file is the whole process's; it goes with them.
_OF_FILE: Final[WeakValueDictionary[str, Turns]] = WeakValueDictionary()
_OF_ENGINE: Final[WeakKeyDictionary[Engine, Turns]] = WeakKeyDictionary()
_looking = threading.Lock()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """This writer's turn on a SQLite file; on another database, which has its own queue, at once."""
    line = _line(engine)
    if line is None:
        yield
        return
    with line.taken():
        yield


def leave(engine: Engine) -> None:
    """The engine has let go of its connections."""
    if (line := _line(engine)) is not None:
        line.leave()


def _line(engine: Engine) -> Turns | None:
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if not path or path == ":memory:":
        return None
    if (line := _OF_ENGINE.get(engine)) is None:
        with _looking:
            line = _OF_ENGINE[engine] = _OF_FILE.setdefault(path, Turns(Path(path + SUFFIX)))
    return line
