"""Why a paper is not taken, each time with what its sender can do; ``%(name)s`` is the name of the file."""

from __future__ import annotations

from portal.basis import N_

DAMAGED = N_("“%(name)s” is damaged and cannot be read to its end; open it, save it anew, and choose it again")
LOCKED = N_("“%(name)s” is locked with a password; save it without the password and choose it again")
ACTIVE = N_("“%(name)s” holds a program, a macro or another file; print it to a PDF file and choose that")
LINKED = N_("“%(name)s” fetches parts from another place; print it to a PDF file and choose that")
MANY_PIXELS = N_("“%(name)s” has more than %(most)s million pixels; scan it again at 300 dpi, or make it smaller")
MANY_PAGES = N_("“%(name)s” has more than %(most)s pages; split it into several files")
SLOW = N_("“%(name)s” takes too long to check; print it to a new PDF file and choose that")
BULKY = N_("“%(name)s” unpacks to far more than it seems to hold; save it anew as PDF and choose that")


class PaperUnfit(Exception):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values
