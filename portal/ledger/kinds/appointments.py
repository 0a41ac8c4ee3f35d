"""An appointment: booked, moved, cancelled, kept or missed."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, instant, integer, kind, text

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("appointment-booked", Sort.APPOINTMENT, "book_appointment", N_("Appointment booked"), ("V50", "fold"), {
    "hall": text("V50", "fold"),
    "day": day("fold"),
    "item": text("fold"),
    "situation": text("fold"),  # of the item, as whoever booked said; none: he does not know
    "slot_at": instant("V50", "fold"),
    "until_at": instant("fold"),
    "at_window": text("fold"),  # whose time it takes; another window may call it
    "holder": text("fold"),  # pseudonymous account id, where there is one
    "matters": integer("fold"),
})
kind("appointment-moved", Sort.APPOINTMENT, "move_appointment", N_("Appointment moved"), ("V50", "fold"), {
    "day": day("fold"),
    "slot_at": instant("V50", "fold"),
    "until_at": instant("fold"),
    "at_window": text("fold"),
    "reason": text("fold"),
})
kind("appointment-cancelled", Sort.APPOINTMENT, "cancel_appointment", N_("Appointment cancelled"), ("V50", "fold"), {
    "reason": text("fold"),
    "closure": text("V50", "fold"),  # the announced closure that hit it
})
kind("appointment-reminded", Sort.APPOINTMENT, "remind_appointment", N_("Holder reminded"), ("fold",))
kind("appointment-checked-in", Sort.APPOINTMENT, "check_in_appointment", N_("Checked in"), ("fold",), {
    "ticket": text("fold"),
})
kind("appointment-renumbered", Sort.APPOINTMENT, "renumber_appointment", N_("Its number was issued anew"), ("fold",), {
    "ticket": text("fold"),  # in the place of one that was not printed
})
kind("appointment-missed", Sort.APPOINTMENT, "miss_appointment", N_("Nobody came to the appointment"), ("fold",))
