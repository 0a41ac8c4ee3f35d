"""A rectification order: what an office must put right, by when, and whether somebody else saw that it was done.

The subject is ``order/<number>``, of ours the number of its finding; the office of the first event is the one that
gave the order. Logs of other systems may be imported.
"""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, kind, text

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("rectification-ordered", Sort.ORDER, "order_rectification", N_("Rectification ordered"), ("V46", "fold"), {
    "rule": text("V46"),  # of what kind the violation is
    "to_office": text("V46"),
    "to_post": text("V46"),
    "due_on": day("V46", "fold"),  # the last day
})
kind("rectification-extended", Sort.ORDER, "extend_rectification", N_("More time for the rectification"),
     ("V46", "fold"), {
    "until_on": day("V46", "fold"),
})
kind("rectification-reported", Sort.ORDER, "report_rectification", N_("Reported as put right"), ("V46", "fold"), {
    "due_on": day("fold"),  # last day for somebody else to look
})
kind("rectification-rechecked", Sort.ORDER, "recheck_rectification", N_("Checked whether it was put right"),
     ("V46", "fold"), {
    "conclusion": text("V46", "fold"),  # passed or failed
})
kind("rectification-withdrawn", Sort.ORDER, "withdraw_rectification", N_("Order taken back"), ("V46", "fold"))
