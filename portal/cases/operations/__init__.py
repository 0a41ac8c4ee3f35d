"""Writes of cases. None commits, none reads the clock: an edge opens the transaction and says ``at`` and ``by``."""

from portal.cases.operations.calendars import amended, keep_calendars, recompute
from portal.cases.operations.outages import declare_outage, link_outage
from portal.cases.operations.outcomes import remind, run_due, settle
from portal.cases.operations.projection import rebuild
from portal.cases.operations.proposals import approve, needs_consent, propose, reject
from portal.cases.operations.recording import record
from portal.cases.operations.submission import submit

__all__ = [
    "amended",
    "approve",
    "declare_outage",
    "keep_calendars",
    "link_outage",
    "needs_consent",
    "propose",
    "rebuild",
    "recompute",
    "record",
    "reject",
    "remind",
    "run_due",
    "settle",
    "submit",
]
