"""What is published of an item: its materials, limits and the elements that it must have.

The subject is the item (``item/<code>``). The portal's own catalogue is checked before it is published; what others
publish is imported, in the ledger's form or through a mapping. No operation of the portal writes these.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, integer, kind, text, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("elements-published", Sort.ITEM, "publish_elements", N_("Elements of the item published"), ("V28", "V29"), {
    "from_on": day("V28", "V29"),  # none: a draft
    "until_on": day("V28", "V29"),
    "materials": texts("V28"),  # codes of what may be asked
    "elements": texts("V29"),  # names of the elements that are filled in
    "promised_n": integer("V29"),
    "promised_unit": text("V29"),  # working-day, calendar-day
    "statutory_n": integer("V29"),
    "statutory_unit": text("V29"),
    "explained_n": integer("V29"),  # the number that the explanation of the promise says
    "explained_unit": text("V29"),
    "basis_until_on": day("V29"),  # the first day on which its basis no longer holds
})
coming("elements-withdrawn", Sort.ITEM, "withdraw_elements", N_("Elements withdrawn"), ("V29",))
