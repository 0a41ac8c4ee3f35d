"""What else is noted on a case: deferral withheld, and what was done to somebody who complained or rated.

Nothing writes these yet: the rooms to come will, and logs may be imported today.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, flag, kind, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("deferral-refused", Sort.CASE, "refuse_deferral", N_("Not let to bring a material later"), ("V38",), {
    "lacking": texts("V38"),  # codes of the materials that were missing
    "deferrable": texts("V38"),  # codes of those that the item version lets one bring later
    "is_main_complete": flag("V38"),  # every main material was there
})
coming("bad-credit-found", Sort.CASE, "find_bad_credit", N_("Bad credit record found"), ("V38",))
