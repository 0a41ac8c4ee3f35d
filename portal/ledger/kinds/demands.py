"""What somebody in office asked of a citizen or a firm: a material, an approval, money.

The subject is one matter in which something was asked (``demand/<number>``). No operation of the portal writes these
yet: reports of demands are a module to come, and the steps are those that it will have. Until then they are imported,
in the ledger's form or through a mapping. Whoever reports one names the office that asked.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("material-demanded", Sort.DEMAND, "demand_material", N_("Material asked for"), ("V28",), {
    "asking_office": text("vocabulary"),  # none: the office that wrote it down
    "item": text("V28"),  # item/<this>
    "list": text("V28"),  # the register of proofs: list/<this>
    "material": text("V28"),  # its code
    "wording": text("V28"),  # as it was asked
    "is_proof": flag("V28"),
})
coming("material-held", Sort.DEMAND, "note_held_material", N_("The office had it, or could have it"), ("V28",), {
    "material": text("V28"),
    "ground": text("V28"),  # submitted, shared, e-licence
    "held_office": text("V28"),  # to which it was submitted
    "since_on": day("V28"),
})
coming("sharing-failed", Sort.DEMAND, "note_failed_sharing", N_("The shared source could not be asked"), ("V28",), {
    "failed_on": day("V28"),
})
coming("demand-refused", Sort.DEMAND, "refuse_over_demand", N_("Refused for lack of it"), ("V28",), {
    "asking_office": text("vocabulary"),
})
coming("act-demanded", Sort.DEMAND, "demand_act", N_("Approval, filing, certificate or check demanded"), ("V26",), {
    "asking_office": text("vocabulary"),
    "act": text("V26"),  # approval, filing, certificate, check
    "item": text("V26"),
    "list": text("V26"),  # the register of powers: list/<this>
})
coming("payment-demanded", Sort.DEMAND, "demand_payment", N_("Payment demanded"), ("V30",), {
    "asking_office": text("vocabulary"),
    "payment_sort": text("V30"),  # fee, intermediary, training, donation
    "fee": text("V30"),
    "list": text("V30"),  # the register of fees: list/<this>
    "units": integer("V30"),
    "amount_fen": integer("V30"),
})
coming("service-chosen", Sort.DEMAND, "choose_service", N_("The payer chose the service himself"), ("V30",), {
    "receipt_no": text("V30"),
})
coming("payment-made", Sort.DEMAND, "make_payment", N_("Paid"), ("V30",), {
    "amount_fen": integer("V30"),
})
coming("payment-returned", Sort.DEMAND, "return_payment", N_("Paid back"), ("V30",), {
    "amount_fen": integer("V30"),
    "interest_fen": integer("V30"),
})
coming("demand-withdrawn", Sort.DEMAND, "withdraw_demand", N_("Demand withdrawn"), ("vocabulary",))
