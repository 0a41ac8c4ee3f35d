"""A credit record put right: the decision, its passing on to others, its removal, and where it still stands.

Nothing writes these yet: the credit room to come will, and logs may be imported today. The subject is
``credit/<number>`` of one entry; whose it is does not stand here.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("credit-repair-decided", Sort.CREDIT, "decide_credit_repair", N_("Credit record is to be put right"), ("V49",), {
    "owner_office": text("V49"),  # which keeps the list
})
coming("credit-entry-removed", Sort.CREDIT, "remove_credit_entry", N_("Taken off the list and passed on"), ("V49",))
coming("credit-entry-seen", Sort.CREDIT, "see_credit_entry", N_("Still shown somewhere"), ("V49",), {
    "page": text("V49"),  # the address of the page, without what it shows
})
coming("credit-repair-revoked", Sort.CREDIT, "revoke_credit_repair", N_("Decision to put right revoked"), ("V49",))
