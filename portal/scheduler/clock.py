"""The clock that the jobs read, and the day it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.basis.watch import WATCH

ZONE = ZoneInfo("Asia/Shanghai")
Clock = Callable[[], datetime]
log = logging.getLogger(__package__)


def now() -> datetime:
    """Never earlier than before; says so, loudly, while the machine's clock is behind."""
    moment = WATCH.now()
    if WATCH.behind:
        log.critical("the clock of this machine went back by %s; set it right", WATCH.behind)
    return moment


def day_of(at: datetime) -> date:
    return at.astimezone(ZONE).date()
