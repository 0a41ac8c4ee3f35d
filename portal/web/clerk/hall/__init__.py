"""The hall manager's pages and the staff's list: who waits, what is promised, and every act that changes it."""

from __future__ import annotations

from portal.web.clerk.hall import closures, day, issuing, numbers, overview, paper, report, shifts, windows
from portal.web.clerk.hall.common import hall

__all__ = ["hall"]
_ROOMS = (closures, day, issuing, numbers, overview, paper, report, shifts, windows)  # each adds its views to the hall
