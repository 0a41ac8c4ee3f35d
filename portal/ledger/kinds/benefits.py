"""What a firm is due of a policy by the data, and whether it got it (惠企政策、免申即享).

No operation of the portal writes these yet: benefits are a module to come, and the steps are those that it will have.
Until then they are imported, in the ledger's form or through a mapping.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("eligibility-found", Sort.ENTITLEMENT, "find_eligibility", N_("Eligible by the data"), ("V35",), {
    "policy_office": text("V35"),
    "amount_fen": integer("V35"),
    "within_days": integer("V35"),  # working days that the policy promises
    "is_instant": flag("V35"),  # paid without an application
})
coming("beneficiary-contacted", Sort.ENTITLEMENT, "contact_beneficiary", N_("The firm was told"), ("V35",), {
    "is_reached": flag("V35"),
})
coming("benefit-paid", Sort.ENTITLEMENT, "pay_benefit", N_("Paid to the firm"), ("V35",), {
    "amount_fen": integer("V35"),
})
coming("entitlement-declined", Sort.ENTITLEMENT, "decline_entitlement", N_("The firm does not want it"), ("V35",))
coming("budget-exhausted", Sort.ENTITLEMENT, "announce_exhaustion", N_("Budget used up, as announced"), ("V35",), {
    "announced_on": day("V35"),
})
