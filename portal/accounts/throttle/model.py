"""Lanes of guessing and their delays: pure. A lane is what failures are counted by; an address counts by its sender."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.basis import sender_of


class Kind(StrEnum):
    PAIR = "pair"  # one name, tried from one address
    BROWSER = "browser"  # one name, tried from a browser that has signed in to it before
    ADDRESS = "address"  # any names, tried from one address
    CODE = "code"  # the second factor of one account
    REQUEST = "request"  # the query code of one number, tried from one address
    REQUESTS = "requests"  # the query codes of any numbers, tried from one address
    DOCUMENTS = "documents"  # identity documents with which one tries to register, from one address
    NUMBERS = "numbers"  # numbers of halls that were asked for without an account, from one address within an hour
    SLOTS = "slots"  # appointments that were booked so
    FILES = "files"  # files that were refused or were long to check, from one address within ten minutes


@dataclass(frozen=True, slots=True)
class Pace:
    """``free`` failures cost nothing, then each doubles the wait from a second on; from ``most`` it is ``pause``."""

    free: int
    most: int
    pause: timedelta

    def wait(self, failures: int) -> timedelta:
        if failures >= self.most:
            return self.pause
        return timedelta(seconds=2 ** (failures - self.free - 1)) if failures > self.free else timedelta(0)


# Parameters of ours (R10): ten failures, then ten minutes. An address may be that of a whole office.
_PAUSE = timedelta(minutes=10)
PACES = {
    Kind.PAIR: Pace(free=4, most=10, pause=_PAUSE),
    Kind.BROWSER: Pace(free=4, most=10, pause=_PAUSE),
    Kind.ADDRESS: Pace(free=100, most=100, pause=_PAUSE),
    Kind.CODE: Pace(free=4, most=10, pause=_PAUSE),
    Kind.REQUEST: Pace(free=4, most=10, pause=_PAUSE),
    Kind.REQUESTS: Pace(free=100, most=100, pause=_PAUSE),
    Kind.DOCUMENTS: Pace(free=20, most=20, pause=_PAUSE),
}
SPAN_OF_FILES = timedelta(minutes=10)  # parameter of ours
PACES[Kind.FILES] = Pace(free=60, most=60, pause=SPAN_OF_FILES)  # parameter of ours
SPAN_OF_HOLDS = timedelta(hours=1)  # parameters of ours: behind one address may be the whole hall's own network
PACES[Kind.NUMBERS] = Pace(free=40, most=40, pause=SPAN_OF_HOLDS)
PACES[Kind.SLOTS] = Pace(free=10, most=10, pause=SPAN_OF_HOLDS)
FORGOTTEN = timedelta(hours=1)  # parameter of ours: after an hour without a failure the count begins anew


@dataclass(frozen=True, slots=True)
class Lane:
    kind: Kind
    subject: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names and addresses that were tried are nobody's to read."""
        return f"{self.kind}:{hashlib.sha256(chr(0).join(self.subject).encode()).hexdigest()}"


def lanes_of_request(number: str, address: str) -> tuple[Lane, ...]:
    """No lane is the number's alone: strangers elsewhere cannot keep its owner out."""
    sender = sender_of(address)
    return Lane(Kind.REQUEST, (number, sender)), Lane(Kind.REQUESTS, (sender,))


def lane_of_documents(address: str) -> Lane:
    return Lane(Kind.DOCUMENTS, (sender_of(address),))


def lane_of_holds(kind: Kind, address: str, at: datetime) -> tuple[Lane, timedelta]:
    """The lane of this hour and what is left of it: places that nobody answers for are not hoarded (V50)."""
    since = datetime.min.replace(tzinfo=at.tzinfo)
    number, gone = divmod(at - since, SPAN_OF_HOLDS)
    return Lane(kind, (sender_of(address), str(number))), SPAN_OF_HOLDS - gone


def lane_of_files(address: str, at: datetime) -> tuple[Lane, timedelta]:
    """The lane of these ten minutes and what is left of them: the next begin anew.

    Behind one address many honest people may sit: what they choose wrongly in a day never adds up.
    """
    since = datetime.min.replace(tzinfo=at.tzinfo)
    number, gone = divmod(at - since, SPAN_OF_FILES)
    return Lane(Kind.FILES, (sender_of(address), str(number))), SPAN_OF_FILES - gone


def lanes(name: str, address: str, browser: str | None) -> tuple[Lane, ...]:
    """``browser`` is the token of a browser that the account knows: no stranger can shut its lane."""
    if browser is not None:
        return (Lane(Kind.BROWSER, (name, browser)),)
    sender = sender_of(address)
    return Lane(Kind.PAIR, (name, sender)), Lane(Kind.ADDRESS, (sender,))
