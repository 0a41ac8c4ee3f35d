"""What an office promised or contracted, who held its office since, and what was said of it (新官不理旧账).

No operation of the portal writes these yet: the register of commitments is a module to come, and the steps are those
that it will have. Until then they are imported, in the ledger's form or through a mapping. People are pseudonymous ids.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("commitment-made", Sort.OBLIGATION, "make_commitment", N_("Commitment made or contract signed"), ("V33",), {
    "owing_office": text("V33"),
    "signed_on": day("V33"),
    "due_on": day("V33"),
})
coming("commitment-holder-began", Sort.OBLIGATION, "begin_holding", N_("A new holder took office"), ("V33",), {
    "holder": text("V33"),
    "held_post": text("V33"),  # secretary, county-head …
    "from_on": day("V33"),
})
coming("commitment-handed-on", Sort.OBLIGATION, "hand_on_commitment", N_("Commitment handed on, signed by both"),
       ("V33",), {
    "from_holder": text("V33"),
    "to_holder": text("V33"),
})
coming("commitment-position-taken", Sort.OBLIGATION, "take_position", N_("Position taken"), ("V33",), {
    "stance": text("V33"),  # accept, plan, refuse; anything else is none
    "planned_on": day("V33"),  # by when, for accept and plan
    # boundary-change, change-of-term, reorganisation, change-of-functions, change-of-person, other
    "reason": text("V33"),
    "is_written": flag("V33"),
})
coming("commitment-fulfilled", Sort.OBLIGATION, "fulfil_commitment", N_("Fulfilled"), ("V33",), {
    "fulfilled_on": day("V33"),
})
coming("commitment-in-court", Sort.OBLIGATION, "go_to_court", N_("A court has it"), ("V33",))
coming("commitment-out-of-court", Sort.OBLIGATION, "leave_court", N_("The court is done with it"), ("V33",))
coming("commitment-changed", Sort.OBLIGATION, "change_commitment", N_("Changed by law"), ("V33",), {
    "is_compensated": flag("V33"),
})
