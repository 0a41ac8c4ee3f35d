"""Somebody asked; no case is needed."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, flag, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- inquiries: somebody asked; no case is needed -------------------------------------------------------------------
kind("inquired", Sort.INQUIRY, "inquire", N_("Asked"), ("V01", "V02", "fold"), {
    "applicant": text("vocabulary"),
    "matter": text("vocabulary"),
    "is_self_reported": flag("fold"),  # the citizen's own "I asked and was sent away"
})
kind("inquiry-answered", Sort.INQUIRY, "answer", N_("Answered"), ("V01", "V02", "V03", "fold"), {
    "outcome": text("V01", "V02", "V03", "fold"),  # answered, accepted, told-elsewhere, refused, no-reply
    "right_authority": text("vocabulary"),  # the competent office named in writing
    "is_written": flag("vocabulary"),
    "covers": texts("V03"),  # of: item, conditions, materials, limit, place
    "cited_version": text("V03"),  # the item version that the answer links
    "is_chat": flag("V03"),  # nothing about an item was asked
})
kind("inquiry-marked-unclear", Sort.INQUIRY, "mark_unclear", N_("The applicant found the answer unclear"),
      ("V03", "fold"))
kind("inquiry-handed-over", Sort.INQUIRY, "hand_over_inquiry", N_("Inquiry handed over"),
      ("vocabulary", "V07", "fold"), {
    "to_office": text("vocabulary", "fold"),
    "reason": text("fold"),
    "summary": text("fold"),
})
kind("inquiry-acknowledged", Sort.INQUIRY, "acknowledge_inquiry", N_("Inquiry taken over"),
      ("vocabulary", "V02", "fold"))
kind("inquiry-told", Sort.INQUIRY, "tell_inquirer", N_("The applicant was told who answers now"), ("fold",))
kind("inquiry-chased", Sort.INQUIRY, "chase_inquiry", N_("The applicant asked again"), ("fold",))
