"""A rectification order: what an office must put right, by when, and whether somebody else saw that it was done.

Nothing writes these yet: the room of findings to come will, and logs may be imported today. The subject is
``order/<number>``; the office of the first event is the one that gave the order.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("rectification-ordered", Sort.ORDER, "order_rectification", N_("Rectification ordered"), ("V46",), {
    "rule": text("V46"),  # of what kind the violation is
    "to_office": text("V46"),
    "to_post": text("V46"),
    "due_on": day("V46"),  # the last day
})
coming("rectification-extended", Sort.ORDER, "extend_rectification", N_("More time for the rectification"), ("V46",), {
    "until_on": day("V46"),
})
coming("rectification-reported", Sort.ORDER, "report_rectification", N_("Reported as put right"), ("V46",))
coming("rectification-rechecked", Sort.ORDER, "recheck_rectification", N_("Checked whether it was put right"),
       ("V46",), {
    "conclusion": text("V46"),  # passed or failed
})
coming("rectification-withdrawn", Sort.ORDER, "withdraw_rectification", N_("Order taken back"), ("V46",))
