"""Findings, calendars, what an office declares, and the ledger itself."""

from __future__ import annotations

from collections.abc import Mapping

from portal.basis import N_
from portal.ledger.kinds.listing import Key, Sort, day, flag, instant, integer, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- findings, calendars, offices -----------------------------------------------------------------------------------
_FINDING_KEYS: Mapping[str, Key] = {
    "rule": text("register"),
    "rule_version": text("register"),
    "calendar": text("register"),
    "about": text("register"),  # the subject judged
    "first_seq": integer("register"),
    "last_seq": integer("register"),
    "severity": text("register"),
    "began_on": day("register"),  # the day on which the conduct began; its law judges
    "responsible_office": text("register"),
    "responsible_post": text("register"),
    "accused": text("register"),
    "numbers": text("register"),  # canonical JSON of what the rule computed
    "variant": text("register"),  # which of the rule's sentences explains it
    "is_open": flag("register"),  # what it accuses goes on
}
kind("finding-raised", Sort.FINDING, "raise_finding", N_("Suspected"), ("register",), _FINDING_KEYS)
kind("finding-changed", Sort.FINDING, "change_finding", N_("Judged again"), ("register",), _FINDING_KEYS)
kind("finding-cleared", Sort.FINDING, "clear_finding", N_("No longer found"), ("register",), _FINDING_KEYS)
kind("calendar-amended", Sort.CALENDAR, "amend_calendar", N_("Calendar amended"), ("clocks",), {
    "calendar": text("clocks"),
    "notice": text("page"),
})
kind("sync-batch-declared", Sort.OFFICE, "declare_sync_batch", N_("Work without the network declared"), ("V16",), {
    "batch": text("V16"),  # what the acts then name as their sync_batch
    "from_at": instant("V16"),
    "until_at": instant("V16"),
    "cause": text("page"),
})
kind("outage-declared", Sort.OFFICE, "declare_outage", N_("Outage declared"), ("page",), {
    "outage": text("page"),
    "from_on": day("page"),
    "until_on": day("page"),
    "channels": texts("page"),  # none means all
    "cause": text("page"),
    "evidence": text("page"),  # where it can be checked: number of a report, of a probe's record
})
kind("emergency-declared", Sort.LEDGER, "declare_emergency", N_("Work goes on although nothing is sealed"),
      ("page",), {
    "until_at": instant("page"),
    "reason": text("page"),
    "approved_by": text("page"),  # a second person, always
})
kind("ledger-doubted", Sort.LEDGER, "doubt_ledger", N_("The ledger is not as it was sealed"), ("V48",), {
    "fault_seq": integer("V48"),  # of the first event at fault; none where no single one can be named
    "fault": text("page"),
})
kind("clock-set-back", Sort.LEDGER, "note_clock", N_("The machine's clock went back"), ("V48",), {
    "seconds": integer("V48"),
})
