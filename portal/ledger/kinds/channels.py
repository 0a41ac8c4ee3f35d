"""The ways by which one item can be had: put on trial, live, down or stopped, and what probes and people saw of them.

The subject is ``channel/<item>:<way>``; ``channel/platform:web`` is the whole online portal, on which every item's
online ways stand.
"""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, instant, integer, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("channel-changed", Sort.CHANNEL, "change_channel", N_("State of the channel changed"),
     ("V19", "V20", "V21", "V22", "vocabulary", "fold"), {
    "item": text("vocabulary", "fold"),
    "way": text("vocabulary", "V20", "V21", "fold"),
    "halls": texts("vocabulary", "fold"),  # where it can be had at a window
    "state": text("vocabulary", "V20", "V21", "fold"),  # pilot, live, maintenance, down, stopped
    "from_at": instant("vocabulary", "fold"),  # of a maintenance, announced at the event's moment; of an outage
    "until_at": instant("vocabulary", "fold"),
    "reason": text("fold"),
    "basis": text("V20", "fold"),  # the law on which a way is stopped
    "evidence": text("page"),  # number of the probe's event, of a report
})
kind("probe-failed", Sort.CHANNEL, "fail_probe", N_("Probes fail"), ("V18", "V19", "vocabulary", "fold"), {
    "vantage": text("vocabulary", "fold"),  # from where it was asked
    "function": text("vocabulary", "fold"),  # sign-in, submit, refresh, query
    "since_at": instant("vocabulary", "fold"),  # of the first failure in the row
    "failures": integer("vocabulary"),  # in a row when it was written
    "fault": text("page"),
})
kind("probe-recovered", Sort.CHANNEL, "recover_probe", N_("Probes succeed again"), ("vocabulary", "fold"), {
    "vantage": text("vocabulary", "fold"),
    "function": text("vocabulary", "fold"),
})
kind("probes-counted", Sort.CHANNEL, "count_probes", N_("Probes of the day counted"), ("V18", "V21"), {
    "function": text("page"),
    "counted_on": day("V18", "V21"),
    "probes": integer("V18", "V21", "page"),  # in service hours, announced maintenance left out
    "failures": integer("V18", "V21", "page"),
})
kind("golive-signed", Sort.CHANNEL, "sign_golive", N_("Checklist before going live signed"), ("V21", "fold"), {
    "functions": flag("V21", "fold"),  # every function was tried
    "load_test": flag("V21", "fold"),
    "rollback": flag("V21", "fold"),  # going back was rehearsed
    "offline_days": integer("V21", "fold"),  # so long the counter stays open beside it
})
kind("channel-refused", Sort.CHANNEL, "refuse_channel", N_("Sent to one way only"), ("V20",), {
    "reason": text("V20"),  # only-online, only-window
    "offered": texts("V20"),  # the ways that the item listed then
    "way": text("V20"),  # by which the person came
    "evidence": text("page"),
})
kind("element-snapshot", Sort.CHANNEL, "note_element", N_("What was shown or asked there"), ("V22",), {
    "element": text("V22"),  # materials, limits, fees, conditions
    "shown": text("V22"),  # digest of what was shown or asked
    "in_force": text("V22"),  # digest of the same element of the version in force then
    "switched_at": instant("V22"),  # when that version came into force
})
