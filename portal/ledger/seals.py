"""How fresh the newest checkpoint is, and from when on a ledger that nobody seals takes in nothing new.

A portal whose ledger is no longer sealed could be rewritten unnoticed. It says so after fifteen minutes; after a day it
takes no new matter, but for hours that two people answer for (as X-Road stops when its time-stamps are too old).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_, Refusal

SEALS: Final = "ledger/seals"  # the subject of events about the sealing itself
CLOCK: Final = "ledger/clock"  # the subject of events about the machine's clock
SEAL_AGAIN: Final = timedelta(minutes=1)  # a ledger in which nothing happens is signed anew so often: parameter of ours
LATE_AFTER: Final = timedelta(minutes=15)  # parameter of ours
STOP_AFTER: Final = timedelta(hours=24)  # parameter of ours
LONGEST_EMERGENCY: Final = timedelta(hours=72)  # parameter of ours


class LedgerNotSealed(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing new can be taken in at the moment: the ledger that protects your request has not been sealed "
                "for a day. Come to a window or call 12345; nothing that was handed in before is lost."
            )
        )


class EmergencyUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("An emergency needs two different people, a reason and at most 72 hours; correct what is missing.")
        )


class Freshness(StrEnum):
    NEVER = "never"  # nothing was ever sealed: the scheduler has not run yet
    FRESH = "fresh"
    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Seal:
    size: int
    root: bytes
    sealed_at: datetime


def freshness(seal: Seal | None, at: datetime) -> Freshness:
    if seal is None:
        return Freshness.NEVER
    age = at - seal.sealed_at
    if age <= LATE_AFTER:
        return Freshness.FRESH
    return Freshness.LATE if age <= STOP_AFTER else Freshness.STOPPED
