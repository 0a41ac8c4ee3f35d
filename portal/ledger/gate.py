"""The gate before every new matter: shut when the ledger has not been sealed for too long."""

from __future__ import annotations

from datetime import datetime

from portal.ledger.queries import emergency_until, seal
from portal.ledger.seals import Freshness, LedgerNotSealed, freshness


def require_sealed(at: datetime) -> None:
    """To be asked before something new is taken in. What is under way goes on: its clocks do.

    A ledger that was never sealed passes: sealing begins with `portal serve`, or with the first scheduler.

    :raises LedgerNotSealed: there was no checkpoint for a day, and no emergency was declared.
    """
    if freshness(seal(), at) is not Freshness.STOPPED:
        return
    until = emergency_until()
    if until is None or until < at:
        raise LedgerNotSealed
