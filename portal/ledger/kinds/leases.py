"""Relief of rent, from the landlord to the head tenant and on to whoever uses the rooms (房租减免).

No operation of the portal writes these yet: the watch over relief is a module to come, and the steps are those that it
will have. Until then they are imported, in the ledger's form or through a mapping. Parties are pseudonymous ids.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("relief-owed", Sort.LEASE, "owe_relief", N_("Relief that a state landlord must grant"), ("V37",), {
    "landlord": text("V37"),
    "relief_fen": integer("V37"),
})
coming("relief-granted", Sort.LEASE, "grant_relief", N_("Relief granted to the head tenant"), ("V37",), {
    "head_tenant": text("V37"),
    "relief_fen": integer("V37"),
    "granted_on": day("V37"),
})
coming("own-use-found", Sort.LEASE, "find_own_use", N_("Share that the head tenant uses himself"), ("V37",), {
    "own_per_mille": integer("V37"),
})
coming("user-share-found", Sort.LEASE, "find_user_share", N_("Share that a user rents"), ("V37",), {
    "user": text("V37"),
    "share_per_mille": integer("V37"),
})
coming("relief-received", Sort.LEASE, "receive_relief", N_("Relief received by the user"), ("V37",), {
    "user": text("V37"),
    "amount_fen": integer("V37"),
})
