"""What happens to a hall and its windows: hours, closures, shifts, refusals of a number."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, instant, integer, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("ticket-refused", Sort.HALL, "refuse_ticket", N_("No number issued"), ("V24", "fold"), {
    "day": day("fold"),
    "item": text("fold"),
    "reason": text("fold"),  # full, closed, stopped, unmanned
    "ahead": integer("fold"),
    "needed_minutes": integer("fold"),  # what it would have taken to guarantee it
    "left_minutes": integer("fold"),
    "empty_windows": texts("V24"),  # rostered windows that could serve it and stood empty
})
kind("issuing-stopped", Sort.HALL, "stop_issuing", N_("Issuing of numbers stopped"), ("V24", "fold"), {
    "day": day("fold"),
    "closes_at": instant("V24"),
    "backlog_minutes": integer("V24"),  # of work that waited
    "is_computed": flag("V24"),  # the guarantee stopped it, nobody's wish
    "reason": text("fold"),
})
kind("issuing-resumed", Sort.HALL, "resume_issuing", N_("Numbers are issued again"), ("V24", "fold"), {
    "day": day("fold"),
})
kind("window-opened", Sort.HALL, "open_window", N_("Window opened"), ("V24", "fold"), {
    "at_window": text("V24", "fold"),
})
kind("window-paused", Sort.HALL, "pause_window", N_("Window paused"), ("fold",), {
    "at_window": text("fold"),
    "reason": text("fold"),
    "broken": integer("fold"),  # promises that no longer held after it
})
kind("window-closed", Sort.HALL, "close_window", N_("Window closed"), ("fold",), {
    "at_window": text("fold"),
    "reason": text("fold"),
    "broken": integer("fold"),
})
kind("window-passed", Sort.HALL, "pass_window", N_("Window handed over at the end of a shift"), ("fold",), {
    "at_window": text("fold"),
    "to_actor": text("fold"),
})
kind("windows-merged", Sort.HALL, "merge_windows", N_("Window merged into another for the day"), ("fold",), {
    "at_window": text("fold"),  # which ends for the day
    "into_window": text("fold"),  # which takes what it took, for the day
    "day": day("fold"),
    "left_spans": texts("fold"),  # what remains of its shift: the time that has passed
    "spans": texts("fold"),  # the shift of the other: its own, and what was still to come of the first
    "reason": text("fold"),
    "broken": integer("fold"),  # promises that no longer held after it
})
kind("window-left-empty", Sort.HALL, "note_empty_window", N_("Nobody at a rostered window"), ("V24",), {
    "at_window": text("V24"),
    "from_at": instant("V24"),
    "until_at": instant("V24"),  # none while it goes on
})
kind("shift-set", Sort.HALL, "set_shift", N_("Shift planned"), ("fold",), {
    "at_window": text("fold"),
    "day": day("fold"),
    "spans": texts("fold"),  # 09:00-12:00, in local time; none: the window is not staffed that day
    "who": text("fold"),  # account id
    "reason": text("page"),  # where promises would break
    "broken": integer("page"),  # promises that no longer held after it
})
kind("closure-declared", Sort.HALL, "declare_closure", N_("Closure declared"), ("vocabulary", "fold"), {
    "closure": text("vocabulary", "fold"),
    "cause": text("vocabulary", "fold"),  # announced, emergency, drill
    "from_at": instant("vocabulary", "fold"),
    "until_at": instant("vocabulary", "fold"),
    "windows": texts("vocabulary", "fold"),  # none: the whole hall
    "reason": text("fold"),
    "hit": integer("fold"),  # appointments and numbers that it hit
})
kind("closure-withdrawn", Sort.HALL, "withdraw_closure", N_("Closure withdrawn"), ("vocabulary", "fold"), {
    "closure": text("vocabulary", "fold"),
})
kind("surge-declared", Sort.HALL, "declare_surge", N_("More people than any plan declared"), ("vocabulary", "page"), {
    "day": day("vocabulary"),
    "reason": text("page"),
})
kind("hall-closed", Sort.HALL, "close_hall", N_("The hall's day ended"), ("V24", "V25", "fold"), {
    "day": day("V25", "fold"),
    "issued": integer("page"),
    "served": integer("page"),
    "refused": integer("page"),
    "unserved": integer("page"),
})
