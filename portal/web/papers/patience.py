"""How long one paper may keep the portal busy.

What its own thread computes counts, so that a busy machine refuses nobody. No thread is stopped from outside: the time
is looked at wherever a paper is read on from another place.
"""

from __future__ import annotations

import io
import time

LONGEST = 6.0  # seconds of computing; parameter of ours: the largest PDF within the other bounds takes four
_EVERY = 256  # steps between two looks at the time


class OutOfPatience(BaseException):
    """No ``Exception``, which a library would take for one more damage to get over."""


class Patience:
    """Begins when it is made, and is of the thread that made it."""

    def __init__(self) -> None:
        self._until, self._steps = time.thread_time() + LONGEST, 0

    def look(self) -> None:
        """:raises OutOfPatience: it has taken longer than a paper may."""
        if time.thread_time() > self._until:
            raise OutOfPatience

    def step(self) -> None:
        """Of many: a look at the time now and then."""
        self._steps += 1
        if self._steps % _EVERY == 0:
            self.look()


class Watched(io.BytesIO):
    """Bytes whose reader is stopped when it takes too long: whoever jumps about in a file does it by ``seek``."""

    def __init__(self, content: bytes, patience: Patience) -> None:
        super().__init__(content)
        self._patience = patience

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._patience.step()
        return super().seek(offset, whence)
