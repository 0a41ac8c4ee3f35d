"""What authorities do to a firm: visits and their yearly cap, offences, fines, and the lists of what is not fined.

Nothing writes these yet: the inspections to come will, and logs may be imported today. A firm is
``entity/<pseudonym>``; a list of what is not fined is ``leniency/<name>``, with an event for each of its versions.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, integer, kind, text, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- visits ---------------------------------------------------------------------------------------------------------
coming("inspection-planned", Sort.ENTITY, "plan_inspection", N_("Visit planned"), ("V39",), {
    "plan": text("V39"),  # number of the plan
    "is_mergeable": flag("V39"),  # 0: it cannot be made together with another
    "coordinator": text("V39"),  # the office that merges visits
})
coming("inspection-warranted", Sort.ENTITY, "warrant_inspection", N_("Ground for a visit outside of the plan"),
       ("V39",), {
    "warrant": text("V39"),  # number of the complaint, the alarm, the order to look again
    "ground": text("V39"),  # complaint, safety, re-check
})
coming("inspection-cap-set", Sort.ENTITY, "cap_inspections", N_("Most visits of a year set"), ("V39",), {
    "cap": integer("V39"),
    "from_on": day("V39"),
    "until_on": day("V39"),
})
coming("inspected", Sort.ENTITY, "inspect", N_("Visited"), ("V39",), {
    "plan": text("V39"),
    "warrant": text("V39"),
    "joint": text("V39"),  # number that all offices of one joint visit name
})
# --- offences, and what is done about them --------------------------------------------------------------------------
coming("leniency-listed", Sort.LENIENCY, "list_leniency", N_("List of what is not fined published"), ("V40",), {
    "area": text("V40"),  # division code, whole or its first digits; none: the whole country
    "acts": texts("V40"),  # codes of all acts that this version names
    "from_on": day("V40"),
})
coming("offence-found", Sort.ENTITY, "find_offence", N_("Offence found"), ("V40",), {
    "offence": text("V40"),  # its number
    "act": text("V40"),  # its code in the lists
    "correct_by_on": day("V40"),
})
coming("offence-corrected", Sort.ENTITY, "correct_offence", N_("Offence put right"), ("V40",), {
    "offence": text("V40"),
})
coming("harm-noted", Sort.ENTITY, "note_harm", N_("Harm done by the offence"), ("V40",), {
    "offence": text("V40"),
})
coming("penalised", Sort.ENTITY, "penalise", N_("Penalty decided"), ("V40",), {
    "offence": text("V40"),
    "measure": text("V40"),  # education, warning, fine, confiscation, suspension, revocation
})
coming("measure-reviewed", Sort.ENTITY, "review_measure", N_("Mildest adequate measure named"), ("V40",), {
    "offence": text("V40"),
    "mildest": text("V40"),
})
coming("penalty-revoked", Sort.ENTITY, "revoke_penalty", N_("Penalty revoked"), ("V40",), {
    "offence": text("V40"),
})
