"""A queue number, from the moment it is issued to its end; nothing personal stands in it."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, instant, integer, kind, text

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("ticket-issued", Sort.TICKET, "issue_ticket", N_("Number issued"), ("vocabulary", "fold"), {
    "hall": text("vocabulary", "fold"),
    "day": day("vocabulary", "fold"),  # local date to whose series the number belongs
    "series": text("fold"),
    "number": integer("fold"),  # from 1 in each series and day
    "source": text("fold"),  # walk-in, remote, appointment, paper, carried-over
    "item": text("V51", "fold"),
    "situation": text("fold"),  # of the item, as whoever took the number said; none: he does not know
    "matters": integer("fold"),  # how many matters it stands for
    "is_for_others": flag("fold"),  # an agent's, or that of who comes for a group
    "rank": text("V51", "fold"),  # normal, appointment, carried-over, priority
    "ground": text("V51", "fold"),  # why it goes before others
    "turn_at": instant("V51", "fold"),  # the calling order: its arrival, less what its rank is credited with
    "holder": text("fold"),  # pseudonymous account id, where there is one
    "ahead": integer("fold"),  # who was before it when it was issued
    "low_at": instant("fold"),  # the band it was told, in clock time
    "high_at": instant("fold"),
    "closes_at": instant("V23", "fold"),  # until then it was promised to be called
    "is_guaranteed": flag("V23", "fold"),
    "override": text("V23", "fold"),  # why it was issued although it could not be guaranteed
    "manager_office": text("V23"),  # which answers for it then: the hall manager's
    "from_ticket": text("V51", "fold"),  # carried over from that one, or issued in its place
    "appointment": text("V51", "fold"),
})
kind("ticket-called", Sort.TICKET, "call_ticket", N_("Called"), ("V23", "V25", "V51", "fold"), {
    "nth": integer("V25", "fold"),  # 1, then the recalls
    "waited": integer("V25", "fold"),  # open minutes since it was issued
    "ground": text("V51", "fold"),  # why it was called before its turn
})
kind("ticket-started", Sort.TICKET, "start_ticket", N_("Service began"), ("V51", "fold"))
kind("ticket-parked", Sort.TICKET, "park_ticket", N_("Parked, its place kept"), ("V51", "fold"), {
    "reason": text("fold"),
})
kind("ticket-resumed", Sort.TICKET, "resume_ticket", N_("Taken up again"), ("V51", "fold"))
kind("ticket-transferred", Sort.TICKET, "transfer_ticket", N_("Passed to another window, its place kept"),
      ("V51", "fold"), {
    "to_item": text("V51", "fold"),
    "to_window": text("V51", "fold"),
    "reason": text("fold"),
})
kind("ticket-absent", Sort.TICKET, "mark_absent", N_("Nobody came to three calls"), ("V23", "V51", "fold"))
kind("ticket-returned", Sort.TICKET, "return_ticket", N_("Came back, its place kept"), ("V23", "V51", "fold"))
kind("ticket-served", Sort.TICKET, "serve_ticket", N_("Served"), ("V23", "V51", "V52", "fold"), {
    "outcome": text("V52", "fold"),  # case, inquiry, written-refusal, information
    "reference": text("V52", "fold"),  # number of the case, the inquiry or the written refusal
    "is_confirmed": flag("V52", "fold"),  # the holder said himself that information was all he came for
})
kind("ticket-released", Sort.TICKET, "release_ticket", N_("Given up by its holder"), ("V23", "V51", "fold"))
kind("ticket-carried-over", Sort.TICKET, "carry_over_ticket", N_("Carried over to another day"),
      ("V23", "V51", "fold"), {
    "to_ticket": text("fold"),
    "consent": text("V23"),  # code: the holder's own; signature: on paper
})
kind("ticket-voided", Sort.TICKET, "void_ticket", N_("Void; its place is kept"), ("V23", "V51", "fold"), {
    "reason": text("V23", "fold"),
})
kind("ticket-closed-unserved", Sort.TICKET, "close_unserved", N_("The hall closed and the number was not called"),
      ("V23", "V51", "fold"), {
    "cause": text("V23", "fold"),  # window-withdrawn, over-capacity, closure, longer-service
    "fault_office": text("V23"),  # which withdrew its window, or issued beyond capacity
    "fault_window": text("V23"),
})
