"""A clock that never goes back while the process runs: a machine set back must not move a record before another."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

ALLOWED = timedelta(seconds=1)  # a smaller step back is the fine adjustment of a time service (V48)


class Watch:
    """Follows the wall clock forwards; when that steps back, time goes on by the machine's uninterrupted counter.

    ``behind`` is by how much the wall clock is too early, zero while it can be trusted.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        counter: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._counter = wall, counter
        self._lock = Lock()
        self._told, self._counted = wall(), counter()
        self.behind = timedelta()

    def now(self) -> datetime:
        with self._lock:
            wall, counted = self._wall(), self._counter()
            expected = self._told + timedelta(seconds=max(counted - self._counted, 0.0))
            lag = expected - wall
            self.behind = lag if lag > ALLOWED else timedelta()
            self._told, self._counted = (expected if self.behind else max(wall, self._told)), counted
            return self._told


WATCH = Watch()
