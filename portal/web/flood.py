"""Against floods: one anonymous sender, or one account, asks so often a minute and no more (R32).

Counted in the memory of this process: `portal serve` has one, and whoever runs several lets each take that many. A
minute is one of the process's own clock, so that nobody's clock change opens or shuts the door.
"""

from __future__ import annotations

import time
from collections import Counter
from threading import Lock

from flask import Flask, abort, current_app, g

from portal.basis import sender_of
from portal.web.unproxied import this_request

MINUTE = 60.0
MOST_KEYS = 100_000  # parameter of ours: more callers a minute than that are counted together


class Minute:
    """Counts callers until the minute is over, then begins anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._began = 0.0
        self._counts: Counter[str] = Counter()

    def count(self, caller: str, *, at: float) -> int:
        """How often the caller has come in this minute, with this time; ``at`` in seconds."""
        with self._lock:
            if at - self._began >= MINUTE:
                self._began, self._counts = at, Counter()
            if caller not in self._counts and len(self._counts) >= MOST_KEYS:
                caller = "everybody else"
            self._counts[caller] += 1
            return self._counts[caller]


def install(app: Flask) -> None:
    app.extensions["minute"] = Minute()
    app.before_request(hold_back_floods)


def hold_back_floods() -> None:
    most, asked = current_app.config["REQUESTS_PER_MINUTE"], this_request()
    if not most or asked.endpoint == "static":
        return
    account = g.get("account")
    caller = f"address {sender_of(asked.remote_addr or '')}" if account is None else f"account {account.id}"
    if current_app.extensions["minute"].count(caller, at=time.monotonic()) > most:
        abort(429)
