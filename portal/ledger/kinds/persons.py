"""Agents and whom they act for, and what becomes of a person's data."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, integer, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- agents: who lets whom act, on what, from when until when -------------------------------------------------------
kind("authorised", Sort.AUTHORISATION, "authorise", N_("Authorised an agent"), ("fold",), {
    "principal": text("fold"),
    "agent": text("fold"),
    "agent_sort": text("fold"),  # village-agent, family, firm-clerk
    "items": texts("fold"),  # none means every service
    "from_on": day("fold"),
    "until_on": day("fold"),  # the last day
    "confirmed_by": text("page"),  # what the principal showed: password, or password and second factor
})
kind("authorisation-revoked", Sort.AUTHORISATION, "revoke_authorisation", N_("Authorisation revoked"), ("fold",))

# --- personal data: what a person asks about them, and what becomes of them -----------------------------------------
kind("data-requested", Sort.DATA, "request_data", N_("Asked about personal data"), ("page",), {
    "applicant": text("page"),
    "wish": text("page"),  # correct or erase
    "due_on": day("page"),
})
kind("data-request-answered", Sort.DATA, "answer_data_request", N_("Answered about personal data"), ("page",), {
    "request": integer("page"),  # seq of the wish
    "outcome": text("page"),
})
kind("data-corrected", Sort.DATA, "correct_data", N_("Personal data corrected"), ("page",), {
    "fields": texts("page"),
})
kind("data-copied", Sort.DATA, "copy_data", N_("A copy was taken"), ("page",), {
    "form": text("page"),  # page or file
})
kind("data-locked", Sort.DATA, "lock_data", N_("Personal data locked"), ("page",), {
    "why": text("page"),
})
kind("data-erased", Sort.DATA, "erase_data", N_("Personal data erased"), ("page",), {
    "why": text("page"),  # asked, kept-long-enough
})
